-- How long ago, in seconds, its person may have signed in; NULL where an authorization request did not say.

ALTER TABLE auth_tx ADD COLUMN max_age INTEGER;
