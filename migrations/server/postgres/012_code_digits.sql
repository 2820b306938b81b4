-- How many digits the mailed code has: more after many mails to one address in a day.

ALTER TABLE accounts.email_codes ADD COLUMN digits BIGINT NOT NULL DEFAULT 8;
