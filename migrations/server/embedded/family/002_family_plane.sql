-- The family plane: what the membership log says, and ciphertext. Times are microseconds since 1970, UTC.

-- The membership log as it came, for ever.
CREATE TABLE log_entry (
    family_id BLOB NOT NULL REFERENCES family (family_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    entry BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (family_id, number)
) STRICT;

-- What the log leads to, one row each, written with every entry.
CREATE TABLE member (
    family_id BLOB NOT NULL REFERENCES family (family_id) ON DELETE CASCADE,
    member_id BLOB NOT NULL,
    removed INTEGER,                    -- number of the entry that removed them
    PRIMARY KEY (family_id, member_id)
) STRICT;

CREATE TABLE space (
    family_id BLOB NOT NULL REFERENCES family (family_id) ON DELETE CASCADE,
    space_id BLOB NOT NULL,
    epoch INTEGER NOT NULL,             -- the only one that a push may use
    ended INTEGER,                      -- number of the entry that ended the share
    incarnation BLOB NOT NULL,          -- new after a restore
    head INTEGER NOT NULL,              -- counts up in the same transaction as the rows
    bytes INTEGER NOT NULL,             -- ciphertext of records and announced blobs
    PRIMARY KEY (family_id, space_id)
) STRICT;

CREATE TABLE device (
    family_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    share_id BLOB,                      -- NULL: a parent's device
    sign_pk BLOB NOT NULL,
    removed INTEGER,                    -- number of the entry that removed it
    push_no INTEGER NOT NULL,           -- the newest push that it counted
    PRIMARY KEY (family_id, device_id),
    FOREIGN KEY (family_id, member_id) REFERENCES member (family_id, member_id),
    FOREIGN KEY (family_id, share_id) REFERENCES space (family_id, space_id)
) STRICT;
CREATE INDEX device_member ON device (family_id, member_id);
CREATE INDEX device_share ON device (family_id, share_id);

-- The sealed keyring that the newest entry pins.
CREATE TABLE keyring (
    family_id BLOB NOT NULL PRIMARY KEY REFERENCES family (family_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- Sealed keys on their way to a device (until it acknowledges) or to the recovery key (until it is replaced).
CREATE TABLE key_grant (
    family_id BLOB NOT NULL REFERENCES family (family_id) ON DELETE CASCADE,
    recipient BLOB NOT NULL,            -- device id, or the recovery key's public signing key
    number INTEGER NOT NULL,            -- the entry that it goes with
    sealed BLOB NOT NULL,               -- the grant, CBOR
    PRIMARY KEY (family_id, recipient, number)
) STRICT;

-- The newest ciphertext of each record.
CREATE TABLE record (
    family_id BLOB NOT NULL,
    space_id BLOB NOT NULL,
    record_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    format INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    ct_hash BLOB NOT NULL,              -- SHA-256 of the ciphertext
    device_id BLOB NOT NULL,            -- who pushed this version
    maker_id BLOB NOT NULL,             -- the member who pushed the first one: a share's may change only their own
    at INTEGER NOT NULL,
    ct BLOB NOT NULL,
    PRIMARY KEY (family_id, space_id, record_id),
    FOREIGN KEY (family_id, space_id) REFERENCES space (family_id, space_id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX record_seq ON record (family_id, space_id, seq);

-- Versions that were replaced: 30 days, or 14 once a purge asked for their end.
CREATE TABLE record_old (
    family_id BLOB NOT NULL,
    space_id BLOB NOT NULL,
    record_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    format INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    device_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    ct BLOB NOT NULL,
    purge_pending INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (family_id, space_id, record_id, seq),
    FOREIGN KEY (family_id, space_id) REFERENCES space (family_id, space_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX record_old_expiry ON record_old (family_id, expires_at);

-- A sealed attachment; its parts lie in the blob store.
CREATE TABLE blob (
    family_id BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    space_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    root BLOB NOT NULL,
    complete INTEGER NOT NULL,
    device_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (family_id, blob_id),
    FOREIGN KEY (family_id, space_id) REFERENCES space (family_id, space_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX blob_space ON blob (family_id, space_id);

-- The parts that are stored, by hash: the object's name holds it too.
CREATE TABLE blob_part (
    family_id BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (family_id, blob_id, number),
    FOREIGN KEY (family_id, blob_id) REFERENCES blob (family_id, blob_id) ON DELETE CASCADE
) STRICT;
