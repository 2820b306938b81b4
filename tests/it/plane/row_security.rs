//! On Postgres the database keeps families apart whatever the server forgets: statements without any family in them.

use support::plane::{Family, Phone, Server, record};
use support::postgres::ScratchPostgres;

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_without_any_family_in_it_sees_one_family() {
    let database = ScratchPostgres::shared().database();
    database.migrate().await;
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
