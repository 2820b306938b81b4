-- What a mail says waits sealed, and until when at most: a code is over sooner than a mail is given up.

ALTER TABLE accounts.outbox ADD COLUMN sealed BYTEA;    -- NULL: its words are in `body`, from before
ALTER TABLE accounts.outbox ADD COLUMN over_at BIGINT;  -- not worth sending from then on; NULL: as long as any mail
