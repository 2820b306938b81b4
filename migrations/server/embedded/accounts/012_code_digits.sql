-- How many digits the mailed code has: more after many mails to one address in a day.

ALTER TABLE email_codes ADD COLUMN digits INTEGER NOT NULL DEFAULT 8;
