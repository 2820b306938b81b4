-- A family's copy on this server that a parent's device or the recovery key ordered to go, until the day it does.

CREATE TABLE family_erasures (
    family_id BLOB NOT NULL PRIMARY KEY,
    device_id BLOB,                    -- the parent's device that signed; NULL: the recovery key
    ordered_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,           -- what mails and phones say
    mails_sent INTEGER NOT NULL,
    next_at INTEGER NOT NULL,          -- of the next mail, or after the second of the erasing itself
    begun_at INTEGER                   -- from then on nothing calls it off
) STRICT;
CREATE INDEX family_erasures_next ON family_erasures (next_at);

-- Which devices an erased family had at its end: one of its parents' founds it again, and nobody else does.
CREATE TABLE erased_devices (
    family_id BLOB NOT NULL,
    sign_pk BLOB NOT NULL,             -- the device's Ed25519 key, as the membership log listed it
    parent INTEGER NOT NULL CHECK (parent IN (0, 1)),
    log_length INTEGER NOT NULL,       -- of the membership log at the end
    PRIMARY KEY (family_id, sign_pk)
) STRICT;

-- When a sign-in that is no enrolled device last fetched the grant to the recovery key. Phones are told.
CREATE TABLE recovery_reads (
    family_id BLOB NOT NULL PRIMARY KEY,
    member_id BLOB NOT NULL,           -- whose account it was
    at INTEGER NOT NULL
) STRICT;

-- The family for which a device of the last parent signed the end of the account: it waits for 14 days, not 30.
ALTER TABLE account_deletions ADD COLUMN signed_family BLOB;
