-- No event ever had more to say than its kind.
ALTER TABLE audit DROP COLUMN detail;
