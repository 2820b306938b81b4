-- The roles of the Postgres engine (tenancy.md 3). Run once, as a superuser, in the server's database:
--   psql -v ON_ERROR_STOP=1 -d kinfolio -f migrations/server/postgres/roles.sql
-- then give the three LOGIN roles a way in (a password, a certificate, or pg_hba.conf).
DO $$
BEGIN
    -- Owns every table and never logs in.
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kinfolio_owner') THEN
        CREATE ROLE kinfolio_owner NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    -- Runs migrations, and nothing else.
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kinfolio_migrator') THEN
        CREATE ROLE kinfolio_migrator LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    GRANT kinfolio_owner TO kinfolio_migrator;
    -- The two roles of the running server: they own nothing and are members of nothing.
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kinfolio_accounts') THEN
        CREATE ROLE kinfolio_accounts LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'kinfolio_app') THEN
        CREATE ROLE kinfolio_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO kinfolio_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO kinfolio_migrator, kinfolio_accounts, kinfolio_app',
                   current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
END $$;
