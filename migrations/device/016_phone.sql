-- What this phone keeps for itself: no record, never synced, exported or backed up.

CREATE TABLE phone_setting (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The timer: there is one, or none.
CREATE TABLE timer (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    entry      BLOB    CHECK (length(entry) = 16),             -- record id of the entry that its minutes go to
    kept_ms    INTEGER NOT NULL CHECK (kept_ms >= 0),          -- what earlier stretches took
    since_ms   INTEGER,                                        -- ms since 1970 when this stretch began; NULL: paused
    since_boot INTEGER,                                        -- the same by the clock that nobody can set, ms
    doubtful   INTEGER NOT NULL CHECK (doubtful IN (0, 1))     -- a clock was changed in an earlier stretch
) STRICT;
