-- Which secrets file this store belongs to: a MAC under its key. NULL until the first start that writes it.
ALTER TABLE accounts.server_stamp ADD COLUMN secrets_mark BYTEA;

-- From here on `space.bytes` counts the replaced versions that are still kept. Row security would hide every family
-- from the owner too: it is lifted for this one statement, inside the migration's transaction.
ALTER TABLE family.space NO FORCE ROW LEVEL SECURITY;
ALTER TABLE family.record_old NO FORCE ROW LEVEL SECURITY;
UPDATE family.space SET bytes = bytes + (
    SELECT COALESCE(sum(length(ct)), 0) FROM family.record_old AS old
     WHERE old.family_id = space.family_id AND old.space_id = space.space_id);
ALTER TABLE family.space FORCE ROW LEVEL SECURITY;
ALTER TABLE family.record_old FORCE ROW LEVEL SECURITY;
