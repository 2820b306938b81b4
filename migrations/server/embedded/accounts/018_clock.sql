-- What the clock showed when it was last believed, and since when one that leapt ahead has stood.
ALTER TABLE server_stamp ADD COLUMN clock_at INTEGER;
ALTER TABLE server_stamp ADD COLUMN leapt_at INTEGER;
