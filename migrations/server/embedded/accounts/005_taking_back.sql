-- What a mail lets its reader take back, and the removal of two-step sign-in that somebody waits for who lost
-- authenticator app and backup codes.

CREATE TABLE undo_links (
    link_hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the link's secret
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('address', 'two-step')),
    email TEXT,                        -- the address to go back to
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX undo_links_user ON undo_links (user_id);

CREATE TABLE two_step_removals (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
    mails_sent INTEGER NOT NULL,
    next_at INTEGER NOT NULL             -- of the next mail, or after the third of the removal itself
) STRICT;
