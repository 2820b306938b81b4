-- Files that no record names any more since a purge: they wait, and are destroyed unless a phone takes them back.
CREATE TABLE purge_pending (
    family_id BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    space_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    ending INTEGER NOT NULL,            -- its rows are gone and its bytes are going: it can't be taken back
    PRIMARY KEY (family_id, blob_id),
    FOREIGN KEY (family_id, space_id) REFERENCES space (family_id, space_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX purge_pending_expiry ON purge_pending (family_id, expires_at);
CREATE INDEX purge_pending_space ON purge_pending (family_id, space_id);
