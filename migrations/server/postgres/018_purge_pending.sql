-- Files that no record names any more since a purge: they wait, and are destroyed unless a phone takes them back.
CREATE TABLE family.purge_pending (
    family_id UUID NOT NULL,
    blob_id UUID NOT NULL,
    space_id UUID NOT NULL,
    expires_at BIGINT NOT NULL,
    ending BOOLEAN NOT NULL,            -- its rows are gone and its bytes are going: it can't be taken back
    PRIMARY KEY (family_id, blob_id),
    FOREIGN KEY (family_id, space_id) REFERENCES family.space (family_id, space_id) ON DELETE CASCADE
);
CREATE INDEX purge_pending_expiry ON family.purge_pending (family_id, expires_at);
CREATE INDEX purge_pending_space ON family.purge_pending (family_id, space_id);

ALTER TABLE family.purge_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.purge_pending FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.purge_pending
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
