-- Catching up: photographs on their way to become entries. Of this phone only; gone when the work is done.

-- One row while photos are under way.
CREATE TABLE catch_up (
    one       INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    gap_hours INTEGER NOT NULL,             -- more hours than this between two photos begin another group
    on_record INTEGER NOT NULL CHECK (on_record IN (0, 1)),
    zone      TEXT,                         -- of the files' own times; NULL: this phone's
    begun_at  INTEGER NOT NULL              -- ms since 1970
) STRICT;

CREATE TABLE catch_up_group (
    number    INTEGER NOT NULL PRIMARY KEY,
    day       TEXT,                         -- YYYY-MM-DD, as it was chosen; NULL: that of the first photo
    title     TEXT    NOT NULL DEFAULT '',
    note      TEXT    NOT NULL DEFAULT '',
    learners  BLOB    NOT NULL DEFAULT x'', -- their ids, one after the other
    subjects  BLOB    NOT NULL DEFAULT x'',
    tags      TEXT    NOT NULL DEFAULT '',  -- one a line
    on_record INTEGER NOT NULL CHECK (on_record IN (0, 1)),
    ticked    INTEGER NOT NULL DEFAULT 1 CHECK (ticked IN (0, 1)),
    entry     BLOB CHECK (length(entry) = 16), -- what it became; NULL: nothing yet
    why       TEXT                          -- why it did not become one when it was its turn
) STRICT;

CREATE TABLE catch_up_photo (
    number      INTEGER NOT NULL PRIMARY KEY, -- in the order in which they were given
    place       TEXT    NOT NULL,           -- a path, or what the app finds the photo by
    by_path     INTEGER NOT NULL CHECK (by_path IN (0, 1)),
    name        TEXT    NOT NULL,           -- the file's
    modified_ms INTEGER,                    -- when the file was last written, ms since 1970, if that was told
    stage       INTEGER NOT NULL DEFAULT 0, -- 0 not looked at, 1 looked at, 2 unreadable, 3 in an entry
    size        INTEGER NOT NULL DEFAULT 0,
    hash        BLOB,                       -- SHA-256 of the file; NULL: not looked at, or unreadable
    taken_at    TEXT,                       -- 2026-05-03T10:20:30, local time
    dated_by    INTEGER NOT NULL DEFAULT 0, -- 0 nothing, 1 the camera, 2 the file
    twin        INTEGER,                    -- an earlier photo with the same bytes
    kept        INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1)), -- 1: it is a photo of the record
    choice      INTEGER CHECK (choice IN (0, 1)), -- NULL: duplicates are left out; 0 left out, 1 asked for
    in_group    INTEGER,
    why         TEXT                        -- why it is unreadable
) STRICT;

CREATE INDEX catch_up_photo_hash ON catch_up_photo (hash) WHERE hash IS NOT NULL;
CREATE INDEX catch_up_photo_grouped ON catch_up_photo (in_group) WHERE in_group IS NOT NULL;
