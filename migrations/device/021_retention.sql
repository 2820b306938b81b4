-- Which files stay on this phone. That is this phone's own choice: nothing of it is synced.

ALTER TABLE blob ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;   -- ms since 1970: taken in, written down, or last looked at
ALTER TABLE blob ADD COLUMN let_go INTEGER NOT NULL DEFAULT 0 CHECK (let_go IN (0, 1));
                                                                  -- 1, with state 4: it stays on the server until somebody looks
UPDATE blob SET used_at = coalesce((SELECT recorded_at FROM entry WHERE entry.rid = blob.entry), 0);

DROP INDEX blob_to_move;
CREATE INDEX blob_to_move ON blob (state, let_go, preview DESC, whole);

-- Entries and learners whose files always stay.
CREATE TABLE pinned (
    rid  BLOB    NOT NULL PRIMARY KEY CHECK (length(rid) = 16),
    kind INTEGER NOT NULL                                         -- 1 an entry, 2 a learner
) STRICT, WITHOUT ROWID;
