-- An account that its person wants deleted, until the day it is.

CREATE TABLE accounts.account_deletions (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES accounts.users (user_id) ON DELETE CASCADE,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,             -- what the mails and pages say
    mails_sent BIGINT NOT NULL,
    next_at BIGINT NOT NULL             -- of the next mail, or after the second of the deletion itself
);
CREATE INDEX account_deletions_next ON accounts.account_deletions (next_at);

-- Families whose copy goes with an account; a row stays until all of it is gone.
CREATE TABLE accounts.erasures (
    family_id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES accounts.users (user_id)
);

-- The link in those mails keeps the account.
ALTER TABLE accounts.undo_links DROP CONSTRAINT undo_links_purpose_check;
ALTER TABLE accounts.undo_links
    ADD CONSTRAINT undo_links_purpose_check CHECK (purpose IN ('address', 'two-step', 'deletion'));
