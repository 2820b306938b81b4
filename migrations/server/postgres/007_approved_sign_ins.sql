-- A second step that a device of the family or the recovery key stands in for, once.

ALTER TABLE accounts.second_steps ADD COLUMN approval_mac BYTEA;  -- of the code that the page shows
ALTER TABLE accounts.second_steps ADD COLUMN approved_at BIGINT;
CREATE INDEX second_steps_approval ON accounts.second_steps (approval_mac);
