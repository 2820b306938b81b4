//! On Postgres the database keeps families apart whatever the server forgets: an audit of its catalogue, a self-test
//! of the audit with every fault planted, and statements without any family in them.

use support::plane::{Family, Phone, Server, record};
use support::postgres::{Database, ScratchPostgres};

/// What one finding of the audit is about, and the SQL that lists the faults, one a row.
const AUDIT: &[(&str, &str)] = &[
    (
        "row security is enabled and forced on every family table",
        "SELECT relname FROM pg_class WHERE relnamespace = 'family'::regnamespace AND relkind IN ('r', 'p')
            AND NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    (
        "every family table has one policy of exactly this shape",
        "SELECT c.relname FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
          WHERE c.relnamespace = 'family'::regnamespace AND c.relkind IN ('r', 'p')
          GROUP BY c.relname HAVING count(p.oid) <> 1 OR bool_or(
            pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM
              '(family_id = (NULLIF(current_setting(''app.family_id''::text, true), ''''::text))::uuid)'
            OR pg_get_expr(p.polwithcheck, p.polrelid) IS DISTINCT FROM pg_get_expr(p.polqual, p.polrelid)
            OR p.polcmd <> '*' OR NOT p.polpermissive OR p.polroles <> ARRAY[0::oid])",
    ),
    (
        "family_id is NOT NULL in every family table",
        "SELECT c.relname FROM pg_class c LEFT JOIN pg_attribute a
             ON a.attrelid = c.oid AND a.attname = 'family_id' AND a.attnotnull AND a.atttypid = 'uuid'::regtype
          WHERE c.relnamespace = 'family'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname IS NULL",
    ),
    (
        "family_id leads every index",
        "SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
          WHERE c.relnamespace = 'family'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'family_id' AND a.attnum = i.indkey[0])",
    ),
    (
        "family_id leads every foreign key, on both sides",
        "SELECT k.conname FROM pg_constraint k
          WHERE k.contype = 'f' AND k.connamespace = 'family'::regnamespace AND NOT (
            EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'family_id'
                    AND a.attnum = k.conkey[1])
            AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'family_id'
                    AND a.attnum = k.confkey[1]))",
    ),
    (
        "no view runs with its owner's rights, and nothing is materialised",
        "SELECT relname FROM pg_class
          WHERE relnamespace IN ('family'::regnamespace, 'accounts'::regnamespace)
            AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)))",
    ),
    (
        "no function runs with its owner's rights",
        "SELECT proname FROM pg_proc WHERE prosecdef
            AND pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
    ),
    (
        "the server's roles bypass nothing, own nothing and are members of nothing",
        "SELECT rolname FROM pg_roles r WHERE rolname IN ('kinfolio_app', 'kinfolio_accounts') AND (
            rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
            OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid)
            OR EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid))",
    ),
    (
        "nothing is granted to everybody, nor across the planes, nor TRUNCATE",
        "SELECT table_schema || '.' || table_name || ' ' || grantee || ' ' || privilege_type
           FROM information_schema.role_table_grants WHERE
            (table_schema IN ('family', 'accounts') AND grantee = 'PUBLIC')
            OR (table_schema = 'accounts' AND grantee = 'kinfolio_app')
            OR (table_schema = 'family' AND grantee = 'kinfolio_accounts')
            OR (table_schema IN ('family', 'accounts') AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')
                AND grantee IN ('kinfolio_app', 'kinfolio_accounts'))",
    ),
];

/// A fault for each question of the audit, in the same order.
const FAULTS: &[&[&str]] = &[
    &[
        "ALTER TABLE family.record NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE family.blob DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE family.forgotten (family_id uuid NOT NULL PRIMARY KEY)",
    ],
    &[
        "DROP POLICY one_family ON family.record",
        "CREATE POLICY second ON family.record USING (true)",
        "ALTER POLICY one_family ON family.record WITH CHECK (true)",
        "ALTER POLICY one_family ON family.device USING (family_id = current_setting('app.family_id')::uuid)",
    ],
    &["CREATE TABLE family.shared (id uuid NOT NULL PRIMARY KEY)"],
    &[
        "CREATE INDEX oracle ON family.record (record_id)",
        "CREATE UNIQUE INDEX oracle ON family.blob (blob_id)",
    ],
    &["ALTER TABLE family.record ADD CONSTRAINT loose FOREIGN KEY (space_id, family_id)
         REFERENCES family.space (space_id, family_id)"],
    &[
        "CREATE VIEW family.everything AS SELECT * FROM family.record",
        "CREATE MATERIALIZED VIEW family.all_blobs AS SELECT * FROM family.blob",
    ],
    &[
        "CREATE FUNCTION family.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM family.record'",
    ],
    &["GRANT kinfolio_owner TO kinfolio_app", "ALTER TABLE accounts.links OWNER TO kinfolio_accounts"],
    &[
        "GRANT SELECT ON family.record TO PUBLIC",
        "GRANT SELECT ON accounts.users TO kinfolio_app",
        "GRANT SELECT ON family.record TO kinfolio_accounts",
        "GRANT TRUNCATE ON family.record TO kinfolio_app",
    ],
];

async fn migrated() -> Database {
    let database = tokio::task::spawn_blocking(|| ScratchPostgres::shared().database()).await.unwrap();
    database.migrate().await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_keeps_families_apart() {
    let database = migrated().await;
    for (promise, faults) in AUDIT {
        assert_eq!(database.psql(faults), "", "{promise}");
    }
    assert_eq!(database.psql("SELECT count(*) >= 11 FROM pg_policy"), "t");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_finds_every_planted_fault() {
    let database = migrated().await;
    assert_eq!(AUDIT.len(), FAULTS.len());
    for ((promise, question), faults) in AUDIT.iter().zip(FAULTS) {
        for fault in *faults {
            // A foreign key needs something unique to point to.
            let ground = if fault.contains("loose") {
                "CREATE UNIQUE INDEX odd ON family.space (space_id, family_id);"
            } else {
                ""
            };
            let found = database.psql(&format!("BEGIN; {ground} {fault}; {question}; ROLLBACK;"));
            assert_ne!(found, "", "{promise}: not found: {fault}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_without_any_family_in_it_sees_one_family() {
    let database = migrated().await;
    let server = Server::on(&database).await;
    let mut families = Vec::new();
    for name in ["ann", "falcon"] {
        let phone = Phone::new(server.account(&format!("{name}@example.org")).await);
        let family = Family::founded(&server, &phone).await;
        family.stored(&server, &phone, vec![record(), record(), record()]).await;
        families.push(family);
    }
    let app = |sql: &str| database.try_psql(&database.app_url(), sql);
    let within = |family: &Family, sql: &str| {
        app(&format!("BEGIN; SET LOCAL app.family_id = '{}'; {sql}; COMMIT;", family.id))
    };
    let tables = database
        .psql("SELECT relname FROM pg_class WHERE relnamespace = 'family'::regnamespace AND relkind = 'r'");
    let mut filled = 0;
    for table in tables.lines() {
        let all = database.psql(&format!("SELECT count(DISTINCT family_id) FROM family.{table}"));
        for family in &families {
            let sql = format!("SELECT count(*) FROM family.{table} WHERE family_id <> '{}'", family.id);
            assert_eq!(within(family, &sql).unwrap(), "0", "{table}: another family's rows");
        }
        assert_eq!(
            app(&format!("SELECT count(*) FROM family.{table}")).unwrap(),
            "0",
            "{table}: no family set"
        );
        filled += usize::from(all == "2");
    }
    assert!(filled >= 7, "{filled} tables hold rows of both families, so there was something to see");
    let [ann, falcon] = families.as_slice() else { panic!("two families") };
    // Nor does it write into another family, by inserting, moving or deleting.
    let insert = format!(
        "INSERT INTO family.member (family_id, member_id) VALUES ('{}', gen_random_uuid())",
        falcon.id
    );
    assert!(within(ann, &insert).unwrap_err().contains("row-level security"));
    let moved = format!(
        "UPDATE family.key_grant SET family_id = '{}'; UPDATE family.keyring SET family_id = '{0}'",
        falcon.id
    );
    assert!(within(ann, &moved).unwrap_err().contains("row-level security"));
    within(ann, "DELETE FROM family.record").unwrap();
    let left = "SELECT family_id || ' ' || count(*) FROM family.record GROUP BY family_id";
    assert_eq!(database.psql(left).replace('-', ""), format!("{} 3", falcon.id));
    assert!(app("SELECT count(*) FROM accounts.users").unwrap_err().contains("permission denied"));
    let accounts = database.try_psql(&database.accounts_url(), "SELECT count(*) FROM family.record");
    assert!(accounts.unwrap_err().contains("permission denied"));
}
