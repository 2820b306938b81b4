-- Signing in with another service.

-- Who somebody is there: (issuer, subject), never an e-mail address. No token of theirs is kept.
CREATE TABLE accounts.upstream_links (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    link_id UUID NOT NULL UNIQUE,      -- its name in addresses
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (user_id, issuer)
);

-- A browser on its way there and back: ten minutes, one use.
CREATE TABLE accounts.upstream_tx (
    state_hash BYTEA NOT NULL PRIMARY KEY,  -- SHA-256 of the state; nonce and verifier are made from it
    browser_hash BYTEA NOT NULL,       -- SHA-256 of the tx cookie
    provider TEXT NOT NULL,
    goal TEXT NOT NULL CHECK (goal IN ('sign-in', 'again', 'link')),
    request_id UUID,                   -- the authorization request to go on with
    next TEXT,                         -- or the page of the account
    expires_at BIGINT NOT NULL
);

-- Who came back in a browser and belongs to no account yet.
CREATE TABLE accounts.upstream_arrivals (
    browser_hash BYTEA NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT,                        -- what the service says
    email_trusted BIGINT NOT NULL CHECK (email_trusted IN (0, 1)),  -- whether that needs no code of ours
    user_id UUID REFERENCES accounts.users (user_id) ON DELETE CASCADE,  -- the account to be linked to; NULL: a new one
    expires_at BIGINT NOT NULL
);
CREATE INDEX upstream_arrivals_user ON accounts.upstream_arrivals (user_id);

-- How the first step was taken, before the code of the second.
ALTER TABLE accounts.second_steps ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';
