-- What the clock showed when it was last believed, and since when one that leapt ahead has stood.
ALTER TABLE accounts.server_stamp ADD COLUMN clock_at BIGINT;
ALTER TABLE accounts.server_stamp ADD COLUMN leapt_at BIGINT;
