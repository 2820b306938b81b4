-- Who is signed in, and the sign-in that is under way in the browser. One row each, or none.

CREATE TABLE pending_sign_in (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    issuer       TEXT    NOT NULL,                -- exactly as configured, no trailing slash
    client_id    TEXT    NOT NULL,
    redirect_uri TEXT    NOT NULL,
    state        TEXT    NOT NULL,                -- 256 random bits that the callback must bring back
    verifier     TEXT    NOT NULL,                -- PKCE
    token_url    TEXT    NOT NULL,
    revoke_url   TEXT    NOT NULL,
    begun_ms     INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_in (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    issuer          TEXT    NOT NULL,
    client_id       TEXT    NOT NULL,
    token_url       TEXT    NOT NULL,
    revoke_url      TEXT    NOT NULL,
    sign_in         BLOB    CHECK (length(sign_in) = 16), -- its id on the server, once that was asked
    email           TEXT,                         -- likewise
    access_token    TEXT,
    access_until_ms INTEGER NOT NULL DEFAULT 0,   -- by this phone's clock
    refresh_token   TEXT                          -- NULL: signed out of sync, local data stays usable
) STRICT;
