-- The account plane: people, passwords, sign-ins, tokens, mail. No family content.
-- Times are microseconds since 1970, UTC. Tokens, codes and cookies are kept as SHA-256 only.
CREATE SCHEMA accounts;
CREATE SCHEMA family;

-- Which environment this store belongs to: development or production, never both.
CREATE TABLE accounts.server_stamp (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    environment TEXT NOT NULL CHECK (environment IN ('development', 'production')),
    created_at BIGINT NOT NULL
);

-- A person who can sign in. No name: display names live sealed in the family's keyring.
CREATE TABLE accounts.users (
    user_id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,               -- as typed, for mails and pages
    email_ci TEXT NOT NULL UNIQUE,     -- lower case, for looking up
    email_verified_at BIGINT NOT NULL,
    adult_at BIGINT NOT NULL,            -- when "I am 18 or over" was ticked
    adult_text TEXT NOT NULL,          -- version of the text that was ticked
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE accounts.passwords (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    phc TEXT NOT NULL,                 -- Argon2id, its parameters and the pepper's id
    set_at BIGINT NOT NULL
);

-- A signed-in browser. The cookie's value is kept as SHA-256 only.
CREATE TABLE accounts.browser_sessions (
    session_hash BYTEA NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    auth_time BIGINT NOT NULL,
    amr TEXT NOT NULL,                 -- how: 'pwd'
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX browser_sessions_user ON accounts.browser_sessions (user_id);

-- An authorization request on its way through the pages, bound to one browser.
CREATE TABLE accounts.auth_tx (
    tx_id UUID NOT NULL PRIMARY KEY,
    browser_hash BYTEA NOT NULL,         -- SHA-256 of the tx cookie
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,        -- exactly as sent
    state TEXT,
    code_challenge TEXT NOT NULL,      -- S256; a request without one cannot exist
    scope TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- One-time codes sent by mail, bound to the browser that asked.
CREATE TABLE accounts.email_codes (
    code_id UUID NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,             -- 'register'
    email TEXT NOT NULL,
    email_ci TEXT NOT NULL,
    code_mac BYTEA,                      -- NULL: no code was sent (the address has an account)
    tries_left BIGINT NOT NULL,
    browser_hash BYTEA NOT NULL,
    verified_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX email_codes_browser ON accounts.email_codes (browser_hash);

-- A sign-in is one signed-in device.
CREATE TABLE accounts.signins (
    signin_id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    device_name TEXT,                  -- what the app calls itself, if it says so
    scope TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,        -- coarse: at refresh
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT,
    cnf_jkt TEXT                       -- room for DPoP
);
CREATE INDEX signins_user ON accounts.signins (user_id);

-- Authorization codes, as SHA-256, kept after use so that a second use is seen.
CREATE TABLE accounts.codes (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    session_hash BYTEA NOT NULL,
    auth_time BIGINT NOT NULL,
    amr TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    signin_id UUID REFERENCES accounts.signins (signin_id) ON DELETE CASCADE
);

CREATE TABLE accounts.access_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    signin_id UUID NOT NULL REFERENCES accounts.signins (signin_id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    first_used_at BIGINT,                -- the acknowledgement of sign-in.md 2.6
    superseded_at BIGINT
);
CREATE INDEX access_tokens_signin ON accounts.access_tokens (signin_id);

CREATE TABLE accounts.refresh_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    signin_id UUID NOT NULL REFERENCES accounts.signins (signin_id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('live', 'used', 'superseded')),
    next_hash BYTEA,                     -- the successor, once used
    access_hash BYTEA NOT NULL,          -- the access token minted beside it
    created_at BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_signin ON accounts.refresh_tokens (signin_id);

-- A sign-in that proved which enrolled device it is (keys.md 3). The proof lasts until the device is removed.
CREATE TABLE accounts.bindings (
    signin_id UUID NOT NULL REFERENCES accounts.signins (signin_id) ON DELETE CASCADE,
    family_id UUID NOT NULL,
    device_id UUID NOT NULL,
    sign_pk BYTEA NOT NULL,              -- the device's Ed25519 key, as the membership log lists it
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (signin_id, family_id)
);
CREATE INDEX bindings_device ON accounts.bindings (family_id, device_id);

-- Failures by account, known browser or address hash. Keys are HMACs: no address is readable here.
CREATE TABLE accounts.throttles (
    throttle_key BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);

-- Mail waiting to be handed over; a row leaves when it was.
CREATE TABLE accounts.outbox (
    mail_id UUID NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    tries BIGINT NOT NULL
);

-- What happened to accounts, append-only: the server's role may add and read, never change.
CREATE TABLE accounts.audit (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id UUID,
    signin_id UUID,
    detail TEXT
);

GRANT USAGE ON SCHEMA accounts TO kinfolio_accounts;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA accounts TO kinfolio_accounts;
REVOKE UPDATE, DELETE ON accounts.audit FROM kinfolio_accounts;
-- Later tables of this schema get the same, without a word in their migration.
ALTER DEFAULT PRIVILEGES IN SCHEMA accounts GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kinfolio_accounts;

-- The family plane. Every table leads with family_id, and row security is forced on each of them.
CREATE TABLE family.family (
    family_id UUID NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);
ALTER TABLE family.family ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.family FORCE ROW LEVEL SECURITY;
-- nullif: the setting is '' after the first SET LOCAL of a connection, and ''::uuid raises.
CREATE POLICY one_family ON family.family
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);

GRANT USAGE ON SCHEMA family TO kinfolio_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA family TO kinfolio_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA family GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kinfolio_app;
