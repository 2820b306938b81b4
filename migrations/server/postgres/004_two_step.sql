-- Two-step sign-in: an authenticator app, backup codes, and the wait between the password and the second step.

CREATE TABLE accounts.totp (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    secret_enc BYTEA NOT NULL,          -- nonce 24 | XChaCha20-Poly1305, bound to the account and key_id
    key_id TEXT NOT NULL,
    last_step BIGINT NOT NULL,        -- the newest 30 seconds whose code was used: none works twice
    offered_at BIGINT NOT NULL,
    confirmed_at BIGINT               -- NULL: offered, and not yet shown to work
);

-- Eight at a time, 120 random bits each, so a plain SHA-256 keeps them.
CREATE TABLE accounts.backup_codes (
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, code_hash)
);

-- A browser whose password was right, and whose second step is still to come.
CREATE TABLE accounts.second_steps (
    browser_hash BYTEA NOT NULL PRIMARY KEY,  -- SHA-256 of the tx cookie
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    new_phc TEXT,                      -- of a reset: the password that counts once the second step is right
    tries_left BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX second_steps_user ON accounts.second_steps (user_id);
CREATE INDEX audit_user ON accounts.audit (user_id, number);
