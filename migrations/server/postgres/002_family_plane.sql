-- Which account is which member of a family. The membership log says what a member may do; this only says who.
CREATE TABLE accounts.memberships (
    family_id UUID NOT NULL,
    member_id UUID NOT NULL,            -- the log's word for a person
    user_id UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (family_id, member_id)  -- a member is one account
);
CREATE INDEX memberships_user ON accounts.memberships (user_id, family_id);

-- Where an invite and an ask meet, outside any family. One use.
CREATE TABLE accounts.links (
    link_id UUID NOT NULL PRIMARY KEY,
    kind BIGINT NOT NULL,              -- 0 invite, 1 ask
    family_id UUID,                     -- an invite's from the start, an ask's once joined
    opener_user UUID NOT NULL REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    opener_device UUID,                 -- the enrolled device that shows an invite; the link dies with it
    request_hash BYTEA NOT NULL,         -- SHA-256 of the opening request: the same again is the same
    post BYTEA,                          -- the new device's post, CBOR
    poster_user UUID REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    number BIGINT,                     -- the log entry that answered
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_device ON accounts.links (family_id, opener_device);
CREATE INDEX links_expiry ON accounts.links (expires_at);

-- What a sign-in has to sign to prove its device. One use, two minutes.
CREATE TABLE accounts.proof_nonces (
    nonce_hash BYTEA NOT NULL PRIMARY KEY,
    signin_id UUID NOT NULL REFERENCES accounts.signins (signin_id) ON DELETE CASCADE,
    used_hash BYTEA,                     -- SHA-256 of the proof that used it
    expires_at BIGINT NOT NULL
);
CREATE INDEX proof_nonces_expiry ON accounts.proof_nonces (expires_at);

-- The family plane: what the membership log says, and ciphertext. Times are microseconds since 1970, UTC.

-- The membership log as it came, for ever.
CREATE TABLE family.log_entry (
    family_id UUID NOT NULL REFERENCES family.family (family_id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    entry BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (family_id, number)
);

-- What the log leads to, one row each, written with every entry.
CREATE TABLE family.member (
    family_id UUID NOT NULL REFERENCES family.family (family_id) ON DELETE CASCADE,
    member_id UUID NOT NULL,
    removed BIGINT,                    -- number of the entry that removed them
    PRIMARY KEY (family_id, member_id)
);

CREATE TABLE family.space (
    family_id UUID NOT NULL REFERENCES family.family (family_id) ON DELETE CASCADE,
    space_id UUID NOT NULL,
    epoch BIGINT NOT NULL,             -- the only one that a push may use
    ended BIGINT,                      -- number of the entry that ended the share
    incarnation UUID NOT NULL,          -- new after a restore
    head BIGINT NOT NULL,              -- counts up in the same transaction as the rows
    bytes BIGINT NOT NULL,             -- ciphertext of records and announced blobs
    PRIMARY KEY (family_id, space_id)
);

CREATE TABLE family.device (
    family_id UUID NOT NULL,
    device_id UUID NOT NULL,
    member_id UUID NOT NULL,
    share_id UUID,                      -- NULL: a parent's device
    sign_pk BYTEA NOT NULL,
    removed BIGINT,                    -- number of the entry that removed it
    push_no BIGINT NOT NULL,           -- the newest push that it counted
    PRIMARY KEY (family_id, device_id),
    FOREIGN KEY (family_id, member_id) REFERENCES family.member (family_id, member_id),
    FOREIGN KEY (family_id, share_id) REFERENCES family.space (family_id, space_id)
);
CREATE INDEX device_member ON family.device (family_id, member_id);
CREATE INDEX device_share ON family.device (family_id, share_id);

-- The sealed keyring that the newest entry pins.
CREATE TABLE family.keyring (
    family_id UUID NOT NULL PRIMARY KEY REFERENCES family.family (family_id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

-- Sealed keys on their way to a device (until it acknowledges) or to the recovery key (until it is replaced).
CREATE TABLE family.key_grant (
    family_id UUID NOT NULL REFERENCES family.family (family_id) ON DELETE CASCADE,
    recipient BYTEA NOT NULL,            -- device id, or the recovery key's public signing key
    number BIGINT NOT NULL,            -- the entry that it goes with
    sealed BYTEA NOT NULL,               -- the grant, CBOR
    PRIMARY KEY (family_id, recipient, number)
);

-- The newest ciphertext of each record.
CREATE TABLE family.record (
    family_id UUID NOT NULL,
    space_id UUID NOT NULL,
    record_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    format BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    ct_hash BYTEA NOT NULL,              -- SHA-256 of the ciphertext
    device_id UUID NOT NULL,            -- who pushed this version
    maker_id UUID NOT NULL,             -- the member who pushed the first one: a share's may change only their own
    at BIGINT NOT NULL,
    ct BYTEA NOT NULL,
    PRIMARY KEY (family_id, space_id, record_id),
    FOREIGN KEY (family_id, space_id) REFERENCES family.space (family_id, space_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX record_seq ON family.record (family_id, space_id, seq);

-- Versions that were replaced: 30 days, or 14 once a purge asked for their end.
CREATE TABLE family.record_old (
    family_id UUID NOT NULL,
    space_id UUID NOT NULL,
    record_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    format BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    device_id UUID NOT NULL,
    at BIGINT NOT NULL,
    ct BYTEA NOT NULL,
    purge_pending BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (family_id, space_id, record_id, seq),
    FOREIGN KEY (family_id, space_id) REFERENCES family.space (family_id, space_id) ON DELETE CASCADE
);
CREATE INDEX record_old_expiry ON family.record_old (family_id, expires_at);

-- A sealed attachment; its parts lie in the blob store.
CREATE TABLE family.blob (
    family_id UUID NOT NULL,
    blob_id UUID NOT NULL,
    space_id UUID NOT NULL,
    size BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    root BYTEA NOT NULL,
    complete BOOLEAN NOT NULL,
    device_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (family_id, blob_id),
    FOREIGN KEY (family_id, space_id) REFERENCES family.space (family_id, space_id) ON DELETE CASCADE
);
CREATE INDEX blob_space ON family.blob (family_id, space_id);

-- The parts that are stored, by hash: the object's name holds it too.
CREATE TABLE family.blob_part (
    family_id UUID NOT NULL,
    blob_id UUID NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (family_id, blob_id, number),
    FOREIGN KEY (family_id, blob_id) REFERENCES family.blob (family_id, blob_id) ON DELETE CASCADE
);

-- Row security, the same on every family table. nullif: the setting is '' after a connection's first SET LOCAL.
ALTER TABLE family.log_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.log_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.log_entry
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.member FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.member
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.space ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.space FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.space
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.device ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.device FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.device
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.keyring ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.keyring FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.keyring
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.key_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.key_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.key_grant
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.record ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.record FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.record
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.record_old ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.record_old FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.record_old
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.blob FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.blob
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
ALTER TABLE family.blob_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE family.blob_part FORCE ROW LEVEL SECURITY;
CREATE POLICY one_family ON family.blob_part
    USING (family_id = nullif(current_setting('app.family_id', true), '')::uuid)
    WITH CHECK (family_id = nullif(current_setting('app.family_id', true), '')::uuid);
