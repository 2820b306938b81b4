-- An account that its person wants deleted, until the day it is.

CREATE TABLE account_deletions (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
    asked_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,             -- what the mails and pages say
    mails_sent INTEGER NOT NULL,
    next_at INTEGER NOT NULL             -- of the next mail, or after the second of the deletion itself
) STRICT;
CREATE INDEX account_deletions_next ON account_deletions (next_at);

-- Families whose copy goes with an account; a row stays until all of it is gone.
CREATE TABLE erasures (
    family_id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (user_id)
) STRICT;

-- The link in those mails keeps the account. SQLite changes no constraint in place.
ALTER TABLE undo_links RENAME TO undo_links_before;
CREATE TABLE undo_links (
    link_hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the link's secret
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('address', 'two-step', 'deletion')),
    email TEXT,                        -- the address to go back to
    expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO undo_links SELECT link_hash, user_id, purpose, email, expires_at FROM undo_links_before;
DROP TABLE undo_links_before;
CREATE INDEX undo_links_user ON undo_links (user_id);
