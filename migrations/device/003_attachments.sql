-- Attachments: what the entries of this phone hold, and the sealed files that belong to it.

-- One row per attachment of an entry, kept level with field 10 of the entry's document.
CREATE TABLE attachment (
    attachment   BLOB    NOT NULL PRIMARY KEY CHECK (length(attachment) = 16),
    entry        BLOB    NOT NULL CHECK (length(entry) = 16),  -- record id of the entry
    position     INTEGER NOT NULL,                             -- place among the entry's attachments, ascending
    display      BLOB    NOT NULL,                             -- blob id of the 2048 px copy
    display_key  BLOB    NOT NULL,                             -- its key, 32 bytes, used for nothing else ever
    display_size INTEGER NOT NULL,                             -- bytes of the plain file
    display_hash BLOB    NOT NULL,                             -- SHA-256 of the plain file
    thumb        BLOB    NOT NULL,                             -- the same four of the 512 px copy
    thumb_key    BLOB    NOT NULL,
    thumb_size   INTEGER NOT NULL,
    thumb_hash   BLOB    NOT NULL,
    width        INTEGER NOT NULL,                             -- pixels of the 2048 px copy, upright
    height       INTEGER NOT NULL,
    blurhash     TEXT    NOT NULL,
    captured_at  TEXT,                                         -- camera's local time, 2026-05-03T10:20:30
    mime         TEXT    NOT NULL,
    caption      TEXT    NOT NULL,
    alt          TEXT    NOT NULL
) STRICT;

CREATE INDEX attachment_of_entry ON attachment (entry, position);

-- One row per sealed file that an entry names; the file is DIR/blobs/<blob id in hex>. Its space is that of its
-- entry's record.
CREATE TABLE blob (
    blob       BLOB    NOT NULL PRIMARY KEY CHECK (length(blob) = 16),
    entry      BLOB    NOT NULL CHECK (length(entry) = 16),    -- record id of the entry that names it
    preview    INTEGER NOT NULL CHECK (preview IN (0, 1)),     -- 1: the 512 px copy, which is moved first
    size       INTEGER NOT NULL,                               -- bytes of the sealed file, padding and tags included
    state      INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
                                                               -- 0 local: on this phone, nothing asked of it yet
                                                               -- 1 waiting to be sent; 2 being sent
                                                               -- 3 stored: complete on the server, and on this phone
                                                               -- 4 remote: not on this phone
    parts_done INTEGER NOT NULL DEFAULT 0,                     -- parts of 1 MiB that have arrived, in either direction
    tries      INTEGER NOT NULL DEFAULT 0,                     -- failures in a row
    parked     TEXT                                            -- why it is no longer tried
) STRICT;

CREATE INDEX blob_to_move ON blob (state, preview) WHERE state <> 3;
CREATE INDEX blob_of_entry ON blob (entry);

-- Sealed files that may lie in DIR/blobs and that no entry names: an import under way, or an attachment taken out.
-- What is still listed when the store is opened is deleted then.
CREATE TABLE blob_unused (
    blob BLOB NOT NULL PRIMARY KEY CHECK (length(blob) = 16)
) STRICT;
