-- What a mail lets its reader take back, and the removal of two-step sign-in that somebody waits for who lost
-- authenticator app and backup codes.

CREATE TABLE accounts.undo_links (
    link_hash BYTEA NOT NULL PRIMARY KEY,  -- SHA-256 of the link's secret
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('address', 'two-step')),
    email TEXT,                        -- the address to go back to
    expires_at BIGINT NOT NULL
);
CREATE INDEX undo_links_user ON accounts.undo_links (user_id);

CREATE TABLE accounts.two_step_removals (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    mails_sent BIGINT NOT NULL,
    next_at BIGINT NOT NULL             -- of the next mail, or after the third of the removal itself
);
