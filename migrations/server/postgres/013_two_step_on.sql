-- The mail that two-step sign-in is on has a link that takes it off again.
ALTER TABLE accounts.undo_links DROP CONSTRAINT undo_links_purpose_check;
ALTER TABLE accounts.undo_links
    ADD CONSTRAINT undo_links_purpose_check CHECK (purpose IN ('address', 'two-step', 'two-step-on', 'deletion'));
