-- One family's file. It holds one family, and every table leads with family_id all the same: the statements are
-- the ones of Postgres.
CREATE TABLE family (
    family_id BLOB NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;
