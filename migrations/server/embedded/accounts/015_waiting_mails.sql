-- What a mail says waits sealed, and until when at most: a code is over sooner than a mail is given up.
ALTER TABLE outbox ADD COLUMN sealed BLOB;      -- NULL: its words are in `body`, from before
ALTER TABLE outbox ADD COLUMN over_at INTEGER;  -- not worth sending from then on; NULL: as long as any mail
