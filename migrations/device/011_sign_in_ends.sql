-- When this sign-in ends, as the server said with its newest tokens, by this phone's clock. NULL: it did not say.
ALTER TABLE sign_in ADD COLUMN ends_ms INTEGER;
