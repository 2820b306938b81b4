-- No event ever had more to say than its kind.
ALTER TABLE accounts.audit DROP COLUMN detail;
