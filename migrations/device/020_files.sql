-- Attachments that are files: a PDF, a recording, a video. They have no copies, and photos have no such file. SQLite takes
-- a NOT NULL off only by making the table anew.

CREATE TABLE attachment_new (
    attachment   BLOB    NOT NULL PRIMARY KEY CHECK (length(attachment) = 16),
    entry        BLOB    NOT NULL CHECK (length(entry) = 16),  -- record id of the entry
    position     INTEGER NOT NULL,                             -- place among the entry's attachments, ascending
    display      BLOB,                                         -- blob id of the 2048 px copy; NULL: there is no picture
    display_key  BLOB,                                         -- its key, 32 bytes, used for nothing else ever
    display_size INTEGER,                                      -- bytes of the plain file
    display_hash BLOB,                                         -- SHA-256 of the plain file
    thumb        BLOB,                                         -- the same four of the 512 px copy
    thumb_key    BLOB,
    thumb_size   INTEGER,
    thumb_hash   BLOB,
    width        INTEGER,                                      -- pixels of the 2048 px copy, upright
    height       INTEGER,
    blurhash     TEXT,
    mime         TEXT,                                         -- of the copies
    file         BLOB,                                         -- the same four of a whole file; NULL: it is a photo
    file_key     BLOB,
    file_size    INTEGER,
    file_hash    BLOB,
    file_mime    TEXT,
    file_name    TEXT,
    file_length  INTEGER,                                      -- pages, or milliseconds; NULL: nobody counted
    captured_at  TEXT,                                         -- camera's local time, 2026-05-03T10:20:30
    caption      TEXT    NOT NULL,
    alt          TEXT    NOT NULL,
    original     BLOB                                          -- SHA-256 of what it was made from; NULL: nobody kept it
) STRICT;

INSERT INTO attachment_new (attachment, entry, position, display, display_key, display_size, display_hash,
                            thumb, thumb_key, thumb_size, thumb_hash, width, height, blurhash, mime, captured_at,
                            caption, alt, original)
SELECT attachment, entry, position, display, display_key, display_size, display_hash,
       thumb, thumb_key, thumb_size, thumb_hash, width, height, blurhash, mime, captured_at, caption, alt, original
  FROM attachment;
DROP TABLE attachment;
ALTER TABLE attachment_new RENAME TO attachment;
CREATE INDEX attachment_of_entry ON attachment (entry, position);
CREATE INDEX attachment_display ON attachment (display);
CREATE INDEX attachment_thumb ON attachment (thumb);
CREATE INDEX attachment_file ON attachment (file);

-- Whole files are moved after all pictures.
ALTER TABLE blob ADD COLUMN whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1));
DROP INDEX blob_to_move;
CREATE INDEX blob_to_move ON blob (state, preview DESC, whole) WHERE state <> 3;
