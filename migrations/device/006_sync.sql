-- Sync: where this phone stands against the server (sync.md 2.5).

-- One row per space that has ever been pulled from this server.
CREATE TABLE sync_space (
  space       BLOB    NOT NULL PRIMARY KEY,          -- 16 bytes
  incarnation BLOB    NOT NULL,                      -- 16 bytes: which life of the server's store the numbers belong to
  cursor      INTEGER NOT NULL,                      -- every row up to this number has been taken in, but for `backfill`
  backfill    INTEGER,                               -- new phone, newest first: rows below this number are still to come
  push_no     INTEGER NOT NULL DEFAULT 0,            -- number of the last push request, counted before it is sent
  checked_at  INTEGER                                -- ms: when the digests last agreed
) STRICT;

-- Rows that could not be opened yet. The cursor has passed them; they wait here for a key or a newer app.
CREATE TABLE quarantine (
  space  BLOB    NOT NULL,
  rid    BLOB    NOT NULL,
  seq    INTEGER NOT NULL,
  fmt    INTEGER NOT NULL,
  epoch  INTEGER NOT NULL,
  ct     BLOB    NOT NULL,
  cause  INTEGER NOT NULL,                           -- 1 no key of that epoch, 2 newer app needed, 3 damaged
  reader INTEGER NOT NULL,                           -- the newest document version this app read when it gave up
  PRIMARY KEY (space, rid)
) STRICT;
