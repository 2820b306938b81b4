-- When the other service last made sure of its person, if it says so.
ALTER TABLE accounts.upstream_arrivals ADD COLUMN auth_time BIGINT;
