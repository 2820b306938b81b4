-- Two-step sign-in: an authenticator app, backup codes, and the wait between the password and the second step.

CREATE TABLE totp (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
    secret_enc BLOB NOT NULL,          -- nonce 24 | XChaCha20-Poly1305, bound to the account and key_id
    key_id TEXT NOT NULL,
    last_step INTEGER NOT NULL,        -- the newest 30 seconds whose code was used: none works twice
    offered_at INTEGER NOT NULL,
    confirmed_at INTEGER               -- NULL: offered, and not yet shown to work
) STRICT;

-- Eight at a time, 120 random bits each, so a plain SHA-256 keeps them.
CREATE TABLE backup_codes (
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (user_id, code_hash)
) STRICT;

-- A browser whose password was right, and whose second step is still to come.
CREATE TABLE second_steps (
    browser_hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the tx cookie
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    new_phc TEXT,                      -- of a reset: the password that counts once the second step is right
    tries_left INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX second_steps_user ON second_steps (user_id);
CREATE INDEX audit_user ON audit (user_id, number);
