//! The catalogue audit (tenancy.md 4.1): what Postgres itself says about its tables, policies and roles. A
//! fault of each kind is planted and found.

use support::postgres::{Database, ScratchPostgres};

/// One row per finding: what, and where.
const AUDIT: &str = r#"
WITH tables AS (
    SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'family' AND c.relkind IN ('r', 'p', 'f')
), ours AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relacl, c.reloptions, c.relowner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('family', 'accounts', 'migrations')
), family_column AS (
    SELECT a.attrelid, a.attnum, a.atttypid, a.attnotnull FROM pg_attribute a WHERE a.attname = 'family_id'
)
SELECT 'row security is not forced', relname::text FROM tables
 WHERE NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
SELECT 'not exactly one policy of the one shape', t.relname FROM tables t
 WHERE (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) <> 1
    OR NOT EXISTS (
        SELECT 1 FROM pg_policy p
         WHERE p.polrelid = t.oid AND p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
           AND pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)
           AND pg_get_expr(p.polqual, p.polrelid)
             = '(family_id = (NULLIF(current_setting(''app.family_id''::text, true), ''''::text))::uuid)')
UNION ALL
SELECT 'no family_id uuid NOT NULL', t.relname FROM tables t
 WHERE NOT EXISTS (SELECT 1 FROM family_column f
                    WHERE f.attrelid = t.oid AND f.atttypid = 'uuid'::regtype AND f.attnotnull)
UNION ALL
SELECT 'no primary key', t.relname FROM tables t
 WHERE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
UNION ALL
SELECT 'family_id does not lead the index', i.indexrelid::regclass::text FROM pg_index i
  JOIN tables t ON t.oid = i.indrelid LEFT JOIN family_column f ON f.attrelid = t.oid
 WHERE i.indkey[0] IS DISTINCT FROM f.attnum
UNION ALL
SELECT 'family_id does not lead the foreign key', k.conname FROM pg_constraint k
  JOIN tables t ON t.oid = k.conrelid
  LEFT JOIN family_column f ON f.attrelid = k.conrelid LEFT JOIN family_column g ON g.attrelid = k.confrelid
 WHERE k.contype = 'f' AND (k.conkey[1] IS DISTINCT FROM f.attnum OR k.confkey[1] IS DISTINCT FROM g.attnum)
UNION ALL
SELECT 'a foreign key leaves the family plane', k.conname FROM pg_constraint k
  JOIN tables t ON t.oid = k.conrelid
 WHERE k.contype = 'f' AND k.confrelid NOT IN (SELECT oid FROM tables)
UNION ALL
SELECT 'a foreign key enters the family plane', k.conname FROM pg_constraint k
  JOIN tables t ON t.oid = k.confrelid
 WHERE k.contype = 'f' AND k.conrelid NOT IN (SELECT oid FROM tables)
UNION ALL
SELECT 'a view without security_invoker', o.relname FROM ours o
 WHERE o.relkind = 'v' AND NOT coalesce(o.reloptions @> '{security_invoker=true}', false)
UNION ALL
SELECT 'a materialised view', o.relname FROM ours o WHERE o.relkind = 'm'
UNION ALL
SELECT 'a SECURITY DEFINER function', p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'a role that can bypass row security', r.rolname FROM pg_roles r
 WHERE r.rolname LIKE 'kinfolio%' AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb
    OR r.rolreplication)
UNION ALL
SELECT 'a server role is a member of a role', m.member::regrole::text FROM pg_auth_members m
 WHERE m.member IN ('kinfolio_app'::regrole, 'kinfolio_accounts'::regrole)
UNION ALL
SELECT 'not owned by kinfolio_owner', o.relname FROM ours o WHERE o.relowner <> 'kinfolio_owner'::regrole
UNION ALL
SELECT 'granted to PUBLIC', o.relname FROM ours o, aclexplode(o.relacl) a WHERE a.grantee = 0
UNION ALL
SELECT 'granted to PUBLIC', n.nspname FROM pg_namespace n, aclexplode(n.nspacl) a
 WHERE n.nspname IN ('family', 'accounts', 'migrations', 'public') AND a.grantee = 0
UNION ALL
SELECT 'a grant that row security does not see', o.relname || ' ' || a.privilege_type
  FROM ours o, aclexplode(o.relacl) a
 WHERE a.grantee IN ('kinfolio_app'::regrole, 'kinfolio_accounts'::regrole)
   AND a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')
UNION ALL
SELECT 'a role reaches the other plane', o.nspname || '.' || o.relname || ' ' || a.grantee::regrole
  FROM ours o, aclexplode(o.relacl) a
 WHERE (o.nspname = 'accounts' AND a.grantee = 'kinfolio_app'::regrole)
    OR (o.nspname = 'family' AND a.grantee = 'kinfolio_accounts'::regrole)
UNION ALL
SELECT 'a role reaches the other plane', n.nspname || ' ' || a.grantee::regrole
  FROM pg_namespace n, aclexplode(n.nspacl) a
 WHERE (n.nspname = 'accounts' AND a.grantee = 'kinfolio_app'::regrole)
    OR (n.nspname = 'family' AND a.grantee = 'kinfolio_accounts'::regrole)
UNION ALL
SELECT 'the audit log can be changed', a.privilege_type FROM ours o, aclexplode(o.relacl) a
 WHERE o.relname = 'audit' AND a.grantee = 'kinfolio_accounts'::regrole
   AND a.privilege_type NOT IN ('SELECT', 'INSERT');
"#;

fn findings(database: &Database) -> Vec<String> {
    database.psql(AUDIT).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_catalogue_has_no_way_around_row_security() {
    let database = ScratchPostgres::shared().database();
    database.migrate().await;
    assert_eq!(findings(&database), Vec::<String>::new());
    let tables = database.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'family'");
    assert!(tables.parse::<u32>().unwrap() >= 11, "the audit saw {tables} tables");
}

#[tokio::test]
async fn a_planted_fault_of_every_kind_is_found() {
    // A cluster of its own: some faults are roles, which all databases share.
    let postgres = ScratchPostgres::start(&[]);
    let database = postgres.database();
    database.migrate().await;
    let policy = "family_id = nullif(current_setting('app.family_id', true), '')::uuid";
    let good_table = |name: &str| {
        format!(
            "SET ROLE kinfolio_owner; CREATE TABLE family.{name} (family_id UUID NOT NULL PRIMARY KEY, a BIGINT);
             ALTER TABLE family.{name} ENABLE ROW LEVEL SECURITY; ALTER TABLE family.{name} FORCE ROW LEVEL SECURITY;
             CREATE POLICY one_family ON family.{name} USING ({policy}) WITH CHECK ({policy}); RESET ROLE;"
        )
    };
    database.psql(&good_table("fresh"));
    assert_eq!(findings(&database), Vec::<String>::new(), "a table made by the rules is fine");
    let owner = "SET ROLE kinfolio_owner;";
    let faults: Vec<(&str, String, &str)> = vec![
        ("row security is not forced", "ALTER TABLE family.fresh NO FORCE ROW LEVEL SECURITY".into(), ""),
        ("row security is not forced", "ALTER TABLE family.fresh DISABLE ROW LEVEL SECURITY".into(), ""),
        ("not exactly one policy", "DROP POLICY one_family ON family.fresh".into(), ""),
        ("not exactly one policy", "CREATE POLICY more ON family.fresh USING (true)".into(), ""),
        (
            "not exactly one policy",
            "ALTER POLICY one_family ON family.fresh
                USING (family_id = current_setting('app.family_id', true)::uuid)"
                .into(),
            "",
        ),
        (
            "not exactly one policy",
            format!("ALTER POLICY one_family ON family.fresh WITH CHECK ({policy} OR a = 1)"),
            "",
        ),
        ("not exactly one policy", "ALTER POLICY one_family ON family.fresh TO kinfolio_app".into(), ""),
        ("no family_id uuid NOT NULL", format!("{owner} CREATE TABLE family.bare (a BIGINT PRIMARY KEY)"), ""),
        ("no primary key", "ALTER TABLE family.fresh DROP CONSTRAINT fresh_pkey".into(), ""),
        ("does not lead the index", "CREATE UNIQUE INDEX oracle ON family.fresh (a)".into(), ""),
        ("does not lead the index", "CREATE INDEX wrong ON family.fresh (a, family_id)".into(), ""),
        (
            "does not lead the foreign key",
            format!(
                "{owner} ALTER TABLE family.record ADD COLUMN x BIGINT; CREATE UNIQUE INDEX u ON family.fresh (a);
                 ALTER TABLE family.record ADD CONSTRAINT bad FOREIGN KEY (x) REFERENCES family.fresh (a)"
            ),
            "",
        ),
        (
            "leaves the family plane",
            "ALTER TABLE family.fresh ADD COLUMN u UUID REFERENCES accounts.users (user_id)".into(),
            "",
        ),
        (
            "enters the family plane",
            "ALTER TABLE accounts.users ADD COLUMN f UUID REFERENCES family.family (family_id)".into(),
            "",
        ),
        (
            "a view without security_invoker",
            format!("{owner} CREATE VIEW family.everything AS SELECT * FROM family.record"),
            "",
        ),
        (
            "a materialised view",
            format!("{owner} CREATE MATERIALIZED VIEW family.copy AS SELECT * FROM family.record"),
            "",
        ),
        (
            "a SECURITY DEFINER function",
            "CREATE FUNCTION family.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER
                AS 'SELECT count(*) FROM family.record'"
                .into(),
            "",
        ),
        ("can bypass row security", "ALTER ROLE kinfolio_app BYPASSRLS".into(), "ALTER ROLE kinfolio_app NOBYPASSRLS"),
        (
            "can bypass row security",
            "ALTER ROLE kinfolio_owner SUPERUSER".into(),
            "ALTER ROLE kinfolio_owner NOSUPERUSER",
        ),
        ("can bypass row security", "ALTER ROLE kinfolio_app CREATEDB".into(), "ALTER ROLE kinfolio_app NOCREATEDB"),
        (
            "is a member of a role",
            "GRANT kinfolio_owner TO kinfolio_app".into(),
            "REVOKE kinfolio_owner FROM kinfolio_app",
        ),
        ("not owned by kinfolio_owner", "ALTER TABLE family.fresh OWNER TO kinfolio_app".into(), ""),
        ("granted to PUBLIC", "GRANT SELECT ON family.fresh TO PUBLIC".into(), ""),
        ("granted to PUBLIC", "GRANT USAGE ON SCHEMA family TO PUBLIC".into(), ""),
        ("row security does not see", "GRANT TRUNCATE ON family.fresh TO kinfolio_app".into(), ""),
        ("row security does not see", "GRANT TRIGGER ON family.fresh TO kinfolio_app".into(), ""),
        ("reaches the other plane", "GRANT SELECT ON accounts.users TO kinfolio_app".into(), ""),
        ("reaches the other plane", "GRANT USAGE ON SCHEMA family TO kinfolio_accounts".into(), ""),
        ("the audit log can be changed", "GRANT DELETE ON accounts.audit TO kinfolio_accounts".into(), ""),
    ];
    for (wanted, fault, mend) in faults {
        // A fresh database each time, so that every fault stands alone.
        let database = postgres.database();
        database.migrate().await;
        database.psql(&good_table("fresh"));
        database.psql(&fault);
        let found = findings(&database);
        assert!(found.iter().any(|finding| finding.contains(wanted)), "{fault}: {found:?}");
        if !mend.is_empty() {
            database.psql(mend);
        }
    }
}

#[tokio::test]
async fn the_servers_roles_see_one_family_or_nothing() {
    let database = ScratchPostgres::shared().database();
    database.migrate().await;
    let (one, two) = ("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222");
    let app = database.app_url();
    for family in [one, two] {
        let sql = format!(
            "BEGIN; SET LOCAL app.family_id = '{family}'; INSERT INTO family.family VALUES ('{family}', 1); COMMIT"
        );
        database.try_psql(&app, &sql).unwrap();
    }
    let seen = |setting: &str| {
        database
            .try_psql(&app, &format!("BEGIN; {setting} SELECT family_id FROM family.family; COMMIT"))
            .unwrap()
    };
    assert_eq!(seen(""), "");
    assert_eq!(seen(&format!("SET LOCAL app.family_id = '{one}';")), one);
    assert_eq!(seen("SET LOCAL app.family_id = '33333333-3333-3333-3333-333333333333';"), "");
    // What the role must not do at all.
    for sql in [
        format!("BEGIN; SET LOCAL app.family_id = '{one}'; INSERT INTO family.family VALUES ('{two}', 1)"),
        format!("BEGIN; SET LOCAL app.family_id = '{one}'; UPDATE family.family SET family_id = '{two}'"),
        "TRUNCATE family.family".to_owned(),
        "ALTER TABLE family.family DISABLE ROW LEVEL SECURITY".to_owned(),
        "DROP POLICY one_family ON family.family".to_owned(),
        "SET ROLE kinfolio_owner".to_owned(),
        "SELECT * FROM accounts.users".to_owned(),
        "CREATE TABLE family.mine (a BIGINT)".to_owned(),
    ] {
        assert!(database.try_psql(&app, &sql).is_err(), "{sql}");
    }
    for sql in
        ["SELECT * FROM family.family", "UPDATE accounts.audit SET kind = 'x'", "DELETE FROM accounts.audit"]
    {
        assert!(database.try_psql(&database.accounts_url(), sql).is_err(), "{sql}");
    }
}
