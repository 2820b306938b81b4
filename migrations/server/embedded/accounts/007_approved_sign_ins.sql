-- A second step that a device of the family or the recovery key stands in for, once.

ALTER TABLE second_steps ADD COLUMN approval_mac BLOB;  -- of the code that the page shows
ALTER TABLE second_steps ADD COLUMN approved_at INTEGER;
CREATE INDEX second_steps_approval ON second_steps (approval_mac);

-- When the file of a family was there whole: from then on a missing one is a loss, not a founding that broke off.
ALTER TABLE family_keys ADD COLUMN made_at INTEGER;
