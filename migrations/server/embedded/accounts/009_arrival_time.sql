-- When the other service last made sure of its person, if it says so.
ALTER TABLE upstream_arrivals ADD COLUMN auth_time INTEGER;
