-- Which account is which member of a family. The membership log says what a member may do; this only says who.
CREATE TABLE memberships (
    family_id BLOB NOT NULL,
    member_id BLOB NOT NULL,            -- the log's word for a person
    user_id BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (family_id, member_id)  -- a member is one account
) STRICT;
CREATE INDEX memberships_user ON memberships (user_id, family_id);

-- Where an invite and an ask meet, outside any family. One use.
CREATE TABLE links (
    link_id BLOB NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,              -- 0 invite, 1 ask
    family_id BLOB,                     -- an invite's from the start, an ask's once joined
    opener_user BLOB NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    opener_device BLOB,                 -- the enrolled device that shows an invite; the link dies with it
    request_hash BLOB NOT NULL,         -- SHA-256 of the opening request: the same again is the same
    post BLOB,                          -- the new device's post, CBOR
    poster_user BLOB REFERENCES users (user_id) ON DELETE CASCADE,
    number INTEGER,                     -- the log entry that answered
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_device ON links (family_id, opener_device);
CREATE INDEX links_expiry ON links (expires_at);

-- What a sign-in has to sign to prove its device. One use, two minutes.
CREATE TABLE proof_nonces (
    nonce_hash BLOB NOT NULL PRIMARY KEY,
    signin_id BLOB NOT NULL REFERENCES signins (signin_id) ON DELETE CASCADE,
    used_hash BLOB,                     -- SHA-256 of the proof that used it
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX proof_nonces_expiry ON proof_nonces (expires_at);
