-- How often the password was set by a mailed code: a browser that was known before such a reset is not after it.
ALTER TABLE users ADD COLUMN resets INTEGER NOT NULL DEFAULT 0;
