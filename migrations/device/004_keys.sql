-- This phone's device, its family's membership log and keys. All of it is made at first run, before any account.

CREATE TABLE family_self (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    family          BLOB    NOT NULL CHECK (length(family) = 16),
    space           BLOB    NOT NULL CHECK (length(space) = 16),       -- the family space
    device          BLOB    NOT NULL CHECK (length(device) = 16),
    device_no       INTEGER NOT NULL,               -- number of the log entry that added this device
    member          BLOB    NOT NULL CHECK (length(member) = 16),
    name            TEXT    NOT NULL,               -- what this phone calls itself
    kem_secret      BLOB    NOT NULL CHECK (length(kem_secret) = 32),  -- X25519
    sign_seed       BLOB    NOT NULL CHECK (length(sign_seed) = 32),   -- Ed25519
    issuer          TEXT,                           -- the server that holds this log; NULL: none yet
    bound           BLOB    CHECK (length(bound) = 16), -- sign-in that this device bound itself to, or tried to
    history_differs INTEGER NOT NULL DEFAULT 0 CHECK (history_differs IN (0, 1))
) STRICT;

-- Every space key ever held; none is ever dropped.
CREATE TABLE space_key (
    space BLOB    NOT NULL CHECK (length(space) = 16),
    epoch INTEGER NOT NULL,
    key   BLOB    NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (space, epoch)
) STRICT, WITHOUT ROWID;

-- The journal: every verified entry of the membership log, with the sealed keyring that it pins where this phone
-- has seen it (the newest one always).
CREATE TABLE log_entry (
    number  INTEGER PRIMARY KEY,
    entry   BLOB NOT NULL,
    keyring BLOB
) STRICT;

-- The one request that was begun and not yet answered: its exact bytes, sent again until they are.
CREATE TABLE outgoing (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    purpose INTEGER NOT NULL,                       -- 0 found, 1 append
    link    BLOB    CHECK (length(link) = 16),      -- the link that it answers
    request BLOB    NOT NULL
) STRICT;

-- A recovery key that is not yet in force. The row goes when the entry that sets it is acknowledged.
CREATE TABLE recovery_draft (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    entropy   BLOB    NOT NULL CHECK (length(entropy) = 16),
    confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1))
) STRICT;

-- QR codes shown or scanned by this phone.
CREATE TABLE link (
    link       BLOB    PRIMARY KEY NOT NULL CHECK (length(link) = 16),
    kind       INTEGER NOT NULL,                    -- 0 invite, 1 ask
    joining    INTEGER NOT NULL CHECK (joining IN (0, 1)), -- 1: this phone is the new one
    secret     BLOB    NOT NULL CHECK (length(secret) = 32),
    issuer     TEXT    NOT NULL,
    family     BLOB    CHECK (length(family) = 16), -- unknown to an ask and to a typed code until the server says
    expires_ms INTEGER NOT NULL,
    stage      INTEGER NOT NULL,                    -- keys::Stage
    post       BLOB,                                -- the new device's post: mine, or the one that was looked at
    device     BLOB    CHECK (length(device) = 16), -- joining: the device that this phone becomes
    kem_secret BLOB    CHECK (length(kem_secret) = 32),
    sign_seed  BLOB    CHECK (length(sign_seed) = 32),
    bound      BLOB    CHECK (length(bound) = 16)
) STRICT, WITHOUT ROWID;

-- What this phone last saw of each space on the server, told to new devices in their grants. Written by sync.
CREATE TABLE space_seen (
    space       BLOB    PRIMARY KEY NOT NULL CHECK (length(space) = 16),
    at_seq      INTEGER NOT NULL,
    root        BLOB    NOT NULL CHECK (length(root) = 32),
    incarnation BLOB    NOT NULL CHECK (length(incarnation) = 16)
) STRICT, WITHOUT ROWID;
