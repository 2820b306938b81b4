-- When the digests last agreed was never written here. What 004 says of `space_seen` is not so either: keys writes it,
-- from what grants tell this phone, and tells it on in the grants that this phone makes.

ALTER TABLE sync_space DROP COLUMN checked_at;
