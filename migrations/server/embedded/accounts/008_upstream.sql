-- Signing in with another service.

-- Who somebody is there: (issuer, subject), never an e-mail address. No token of theirs is kept.
CREATE TABLE upstream_links (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    link_id BLOB NOT NULL UNIQUE,      -- its name in addresses
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (user_id, issuer)
) STRICT;

-- A browser on its way there and back: ten minutes, one use.
CREATE TABLE upstream_tx (
    state_hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the state; nonce and verifier are made from it
    browser_hash BLOB NOT NULL,       -- SHA-256 of the tx cookie
    provider TEXT NOT NULL,
    goal TEXT NOT NULL CHECK (goal IN ('sign-in', 'again', 'link')),
    request_id BLOB,                   -- the authorization request to go on with
    next TEXT,                         -- or the page of the account
    expires_at INTEGER NOT NULL
) STRICT;

-- Who came back in a browser and belongs to no account yet.
CREATE TABLE upstream_arrivals (
    browser_hash BLOB NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT,                        -- what the service says
    email_trusted INTEGER NOT NULL CHECK (email_trusted IN (0, 1)),  -- whether that needs no code of ours
    user_id BLOB REFERENCES users (user_id) ON DELETE CASCADE,  -- the account to be linked to; NULL: a new one
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upstream_arrivals_user ON upstream_arrivals (user_id);

-- How the first step was taken, before the code of the second.
ALTER TABLE second_steps ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';
