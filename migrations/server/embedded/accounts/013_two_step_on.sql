-- The mail that two-step sign-in is on has a link that takes it off again. SQLite changes no constraint in place.
ALTER TABLE undo_links RENAME TO undo_links_before;
CREATE TABLE undo_links (
    link_hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the link's secret
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('address', 'two-step', 'two-step-on', 'deletion')),
    email TEXT,                        -- the address to go back to
    expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO undo_links SELECT link_hash, user_id, purpose, email, expires_at FROM undo_links_before;
DROP TABLE undo_links_before;
CREATE INDEX undo_links_user ON undo_links (user_id);
