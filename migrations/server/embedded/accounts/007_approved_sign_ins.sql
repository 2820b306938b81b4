-- A second step that a device of the family or the recovery key stands in for, once.

ALTER TABLE second_steps ADD COLUMN approval_mac BLOB;  -- of the code that the page shows
ALTER TABLE second_steps ADD COLUMN approved_at INTEGER;
CREATE INDEX second_steps_approval ON second_steps (approval_mac);
