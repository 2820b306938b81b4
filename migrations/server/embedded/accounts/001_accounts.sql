-- The account plane: people, passwords, sign-ins, tokens, mail. No family content.
-- Times are microseconds since 1970, UTC. Tokens, codes and cookies are kept as SHA-256 only.

-- Which environment this store belongs to: development or production, never both.
CREATE TABLE server_stamp (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    environment TEXT NOT NULL CHECK (environment IN ('development', 'production')),
    created_at INTEGER NOT NULL
) STRICT;

-- A person who can sign in. No name: display names live sealed in the family's keyring.
CREATE TABLE users (
    user_id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,               -- as typed, for mails and pages
    email_ci TEXT NOT NULL UNIQUE,     -- lower case, for looking up
    email_verified_at INTEGER NOT NULL,
    adult_at INTEGER NOT NULL,            -- when "I am 18 or over" was ticked
    adult_text TEXT NOT NULL,          -- version of the text that was ticked
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE passwords (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (user_id) ON DELETE CASCADE,
    phc TEXT NOT NULL,                 -- Argon2id, its parameters and the pepper's id
    set_at INTEGER NOT NULL
) STRICT;

-- A signed-in browser. The cookie's value is kept as SHA-256 only.
CREATE TABLE browser_sessions (
    session_hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    auth_time INTEGER NOT NULL,
    amr TEXT NOT NULL,                 -- how: 'pwd'
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX browser_sessions_user ON browser_sessions (user_id);

-- An authorization request on its way through the pages, bound to one browser.
CREATE TABLE auth_tx (
    tx_id BLOB NOT NULL PRIMARY KEY,
    browser_hash BLOB NOT NULL,         -- SHA-256 of the tx cookie
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,        -- exactly as sent
    state TEXT,
    code_challenge TEXT NOT NULL,      -- S256; a request without one cannot exist
    scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- One-time codes sent by mail, bound to the browser that asked.
CREATE TABLE email_codes (
    code_id BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,             -- 'register'
    email TEXT NOT NULL,
    email_ci TEXT NOT NULL,
    code_mac BLOB,                      -- NULL: no code was sent (the address has an account)
    tries_left INTEGER NOT NULL,
    browser_hash BLOB NOT NULL,
    verified_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX email_codes_browser ON email_codes (browser_hash);

-- A sign-in is one signed-in device.
CREATE TABLE signins (
    signin_id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    device_name TEXT,                  -- what the app calls itself, if it says so
    scope TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,        -- coarse: at refresh
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT,
    cnf_jkt TEXT                       -- room for DPoP
) STRICT;
CREATE INDEX signins_user ON signins (user_id);

-- Authorization codes, as SHA-256, kept after use so that a second use is seen.
CREATE TABLE codes (
    code_hash BLOB NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    session_hash BLOB NOT NULL,
    auth_time INTEGER NOT NULL,
    amr TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    signin_id BLOB REFERENCES signins (signin_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE access_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    signin_id BLOB NOT NULL REFERENCES signins (signin_id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    first_used_at INTEGER,                -- the acknowledgement of sign-in.md 2.6
    superseded_at INTEGER
) STRICT;
CREATE INDEX access_tokens_signin ON access_tokens (signin_id);

CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    signin_id BLOB NOT NULL REFERENCES signins (signin_id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('live', 'used', 'superseded')),
    next_hash BLOB,                     -- the successor, once used
    access_hash BLOB NOT NULL,          -- the access token minted beside it
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refresh_tokens_signin ON refresh_tokens (signin_id);

-- A sign-in that proved which enrolled device it is (keys.md 3). The proof lasts until the device is removed.
CREATE TABLE bindings (
    signin_id BLOB NOT NULL REFERENCES signins (signin_id) ON DELETE CASCADE,
    family_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    sign_pk BLOB NOT NULL,              -- the device's Ed25519 key, as the membership log lists it
    bound_at INTEGER NOT NULL,
    PRIMARY KEY (signin_id, family_id)
) STRICT;
CREATE INDEX bindings_device ON bindings (family_id, device_id);

-- Failures by account, known browser or address hash. Keys are HMACs: no address is readable here.
CREATE TABLE throttles (
    throttle_key BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    next_at INTEGER NOT NULL
) STRICT;

-- Mail waiting to be handed over; a row leaves when it was.
CREATE TABLE outbox (
    mail_id BLOB NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;

-- What happened to accounts, append-only: no secrets, tokens by hash at most.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB,
    signin_id BLOB,
    detail TEXT
) STRICT;
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- The raw key of each family's file, wrapped by the server's key and bound to the family's id.
CREATE TABLE family_keys (
    family_id BLOB NOT NULL PRIMARY KEY,
    wrapped_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
