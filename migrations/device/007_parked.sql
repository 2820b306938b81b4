-- A merge of two versions may be larger than a server takes. Such a record is kept, dirty and parked, without a
-- ciphertext until an edit makes it smaller. SQLite changes a CHECK only by making the table anew.

CREATE TABLE record_new (
    id         INTEGER PRIMARY KEY,
    rid        BLOB    NOT NULL UNIQUE CHECK (length(rid) = 16),
    space      BLOB    NOT NULL CHECK (length(space) = 16),
    kind       INTEGER NOT NULL,                -- records::Kind
    cells      BLOB    NOT NULL,                -- the document, packed (docs/formats.md 7)
    sealed     BLOB,                            -- ciphertext of these cells, kept while dirty; NULL: clean, or too large
    epoch      INTEGER NOT NULL DEFAULT 0,      -- of the newest ciphertext
    fmt        INTEGER NOT NULL DEFAULT 1,      -- record format of the newest ciphertext
    ct_hash    BLOB,                            -- SHA-256 of the ciphertext that the server holds at base_seq
    base_seq   INTEGER NOT NULL DEFAULT 0,      -- the server's number that these cells build on, 0 = never stored
    dirty      INTEGER NOT NULL DEFAULT 0 CHECK (dirty IN (0, 1)),
    purge      INTEGER NOT NULL DEFAULT 0 CHECK (purge IN (0, 1)),      -- it is a tombstone
    local_only INTEGER NOT NULL DEFAULT 0 CHECK (local_only IN (0, 1)), -- never pushed
    tries      INTEGER NOT NULL DEFAULT 0,      -- refused pushes in a row
    parked     TEXT,                            -- why it is no longer tried
    CHECK (dirty = 0 OR sealed IS NOT NULL OR parked IS NOT NULL)
) STRICT;

INSERT INTO record_new SELECT * FROM record;
DROP TABLE record;
ALTER TABLE record_new RENAME TO record;

CREATE INDEX record_dirty ON record (id) WHERE dirty = 1;
CREATE INDEX record_kind ON record (kind);
