-- A family's copy on this server that a parent's device or the recovery key ordered to go, until the day it does.

CREATE TABLE accounts.family_erasures (
    family_id UUID NOT NULL PRIMARY KEY,
    device_id UUID,                    -- the parent's device that signed; NULL: the recovery key
    ordered_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,           -- what mails and phones say
    mails_sent BIGINT NOT NULL,
    next_at BIGINT NOT NULL,          -- of the next mail, or after the second of the erasing itself
    begun_at BIGINT                   -- from then on nothing calls it off
);
CREATE INDEX family_erasures_next ON accounts.family_erasures (next_at);

-- Which devices an erased family had at its end: one of its parents' founds it again, and nobody else does.
CREATE TABLE accounts.erased_devices (
    family_id UUID NOT NULL,
    sign_pk BYTEA NOT NULL,             -- the device's Ed25519 key, as the membership log listed it
    parent BOOLEAN NOT NULL,
    log_length BIGINT NOT NULL,       -- of the membership log at the end
    PRIMARY KEY (family_id, sign_pk)
);

-- When a sign-in that is no enrolled device last fetched the grant to the recovery key. Phones are told.
CREATE TABLE accounts.recovery_reads (
    family_id UUID NOT NULL PRIMARY KEY,
    member_id UUID NOT NULL,           -- whose account it was
    at BIGINT NOT NULL
);

-- The family for which a device of the last parent signed the end of the account: it waits for 14 days, not 30.
ALTER TABLE accounts.account_deletions ADD COLUMN signed_family UUID;
