//! The statement registry and its mutation (tenancy.md 4.2 and 4.3): each statement of the server's rooms, prepared on a
//! real Postgres and run as one of 50 families, first as it is and then with its family forgotten.
//!
//! All families hold the same rows under the same ids, so a statement that forgets its family finds them all.

use std::fmt::Write as _;

use support::postgres::{Database, ScratchPostgres};

use super::statements;

const FAMILIES: u32 = 50;
/// The family that asks, and the one that a wrong insert aims at.
const MINE: u32 = 25;
const THEIRS: u32 = 7;

/// Every id in every family's rows, apart from its own.
const ID: &str = "aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaaaaaa";
const NEW_ID: &str = "bbbbbbbb-bbbb-4bbb-bbbb-bbbbbbbbbbbb";

fn family(number: u32) -> String {
    format!("{number:08}-0000-4000-8000-000000000000")
}

/// A statement of the family plane, and the types of its parameters.
struct Statement {
    sql: String,
    types: Vec<String>,
}

impl Statement {
    /// The parameter that is the family's id.
    fn family_parameter(&self) -> Option<usize> {
        let number = |text: &str| -> Option<usize> {
            let digits = text.strip_prefix('$')?;
            digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())].parse().ok()
        };
        if let Some(insert) = self.sql.strip_prefix("INSERT INTO ") {
            let columns = insert.split_once('(')?.1.split_once(')')?;
            let at = columns.0.split(',').position(|column| column.trim() == "family_id")?;
            let values = columns.1.split_once("VALUES (")?.1.split_once(')')?.0;
            return number(values.split(',').nth(at)?.trim());
        }
        // A many-row question joins its rows by the family's id.
        let joined = self.sql.strip_prefix("WITH want (f, ").is_some() && self.sql.contains("family_id = f ");
        if joined { Some(1) } else { number(self.sql.split_once("family_id = ")?.1) }
    }

    fn is_insert(&self) -> bool {
        self.sql.starts_with("INSERT")
    }

    /// The same without a word about the family.
    fn forgetful(&self) -> String {
        let (before, rest) = self.sql.split_once("family_id = ").expect("a family");
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '$')).unwrap_or(rest.len());
        let (parameter, after) = rest.split_at(end);
        let cast = if parameter.starts_with('$') { "::uuid" } else { "" };
        format!("{before}{parameter}{cast} IS NOT NULL{after}")
    }

    /// Parameters with which the statement finds the planted rows, or writes beside them.
    fn values(&self, family: &str) -> Vec<String> {
        let sets = self.sql.find(" WHERE ").filter(|_| self.sql.starts_with("UPDATE"));
        let replaces = self.sql.contains("ON CONFLICT");
        let value = |(at, kind): (usize, &String)| {
            let name = format!("${}", at + 1);
            if self.family_parameter() == Some(at + 1) {
                return format!("'{family}'");
            }
            let uses: Vec<usize> = self
                .sql
                .match_indices(&name)
                .map(|(found, _)| found)
                .filter(|found| {
                    !self.sql[found + name.len()..].starts_with(|next: char| next.is_ascii_digit())
                })
                .collect();
            let follows =
                |words: &[&str]| uses.iter().any(|at| words.iter().any(|w| self.sql[..*at].ends_with(w)));
            let written =
                self.is_insert() || sets.is_some_and(|end| uses.first().is_some_and(|at| *at < end));
            match kind.as_str() {
                "uuid" if self.is_insert() && !replaces => format!("'{NEW_ID}'"),
                "uuid" => format!("'{ID}'"),
                "boolean" => written.to_string(),
                "text" => "'x'".to_owned(),
                "bytea" if written => r"'\x06'".to_owned(),
                "bytea" => r"'\x05'".to_owned(),
                _ if follows(&["< ", "<= ", "LIMIT "]) => "1000".to_owned(),
                _ if follows(&["> ", ">= "]) => "0".to_owned(),
                _ if written => "6".to_owned(),
                _ => "5".to_owned(),
            }
        };
        self.types.iter().enumerate().map(value).collect()
    }
}

/// One row a table and family, the same in all but the family's own id and what no statement looks for.
fn plant(database: &Database) {
    let columns = database.psql(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), EXISTS (SELECT 1 FROM pg_index i
             WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey::int2[]))
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE c.relnamespace = 'family'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum",
    );
    let mut tables: Vec<(&str, Vec<String>)> = Vec::new();
    for line in columns.lines() {
        let [table, column, kind, key] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let value = match (column, kind, key) {
            ("family_id", ..) => "f.id".to_owned(),
            ("removed" | "ended", ..) => "NULL".to_owned(),
            (_, "uuid", _) => format!("'{ID}'"),
            (_, "bytea", "t") => r"'\x05'".to_owned(),
            (_, "bytea", _) => "decode(md5(f.id::text), 'hex')".to_owned(),
            (_, "bigint", _) => "5".to_owned(),
            (_, "boolean", _) => "false".to_owned(),
            _ => panic!("plant a value for {line}"),
        };
        if tables.last().is_none_or(|(last, _)| *last != table) {
            tables.push((table, Vec::new()));
        }
        tables.last_mut().expect("a table").1.push(value);
    }
    let families: Vec<String> = (0..FAMILIES).map(|number| format!("('{}'::uuid)", family(number))).collect();
    let mut sql = "SET session_replication_role = replica;".to_owned();
    for (table, values) in &tables {
        let (values, families) = (values.join(", "), families.join(", "));
        write!(sql, "INSERT INTO family.{table} SELECT {values} FROM (VALUES {families}) f (id);")
            .expect("text");
    }
    database.psql(&sql);
}

/// A question that digests everybody else's rows, table by table.
fn digest_of_others(database: &Database) -> String {
    let tables = database
        .psql("SELECT relname FROM pg_class WHERE relnamespace = 'family'::regnamespace AND relkind = 'r'");
    let mine = family(MINE);
    let digests = tables.lines().map(|table| {
        format!(
            "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t WHERE family_id <> '{mine}'"
        )
    });
    digests.collect::<Vec<_>>().join(" UNION ALL ")
}

/// A migrated and planted database, and how to look at the others in it.
struct Ground {
    database: Database,
    others: String,
}

impl Ground {
    /// What a statement answers to my family, and a digest of everybody else's rows afterwards. Nothing stays.
    fn run(&self, secured: bool, sql: &str, statement: &Statement, named: u32) -> Result<String, String> {
        let mine = family(MINE);
        let role = if secured { "SET LOCAL ROLE kinfolio_app;" } else { "" };
        let types = statement.types.join(", ");
        let values = statement.values(&family(named)).join(", ");
        let script = format!(
            "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL search_path = family;
             SET LOCAL app.family_id = '{mine}'; {role} PREPARE s ({types}) AS {sql}; EXECUTE s ({values});
             RESET ROLE; {}; ROLLBACK;",
            self.others
        );
        self.database.try_psql(&self.database.superuser_url(), &script)
    }

    fn must_run(&self, secured: bool, sql: &str, statement: &Statement, named: u32) -> String {
        self.run(secured, sql, statement, named).unwrap_or_else(|error| panic!("{error}: {sql}"))
    }
}

/// Prepares each statement on both planes, as the role that runs it; gives those of the family plane.
fn family_plane(database: &Database, texts: impl IntoIterator<Item = String>) -> (Vec<Statement>, usize) {
    let mut family = Vec::new();
    let mut accounts = 0;
    for sql in texts {
        // Rows that are no INSERT's have no column to take a type from; they are ids.
        let given = if sql.starts_with("WITH want (f, s, r) AS (VALUES") { "(uuid, uuid, uuid)" } else { "" };
        let prepare = |url: &str, plane: &str| {
            let types = "SELECT array_to_string(parameter_types::text[], ',') FROM pg_prepared_statements";
            database.try_psql(url, &format!("SET search_path = {plane}; PREPARE s {given} AS {sql}; {types}"))
        };
        let on_family = prepare(&database.app_url(), "family");
        let on_accounts = prepare(&database.accounts_url(), "accounts");
        match (on_family, on_accounts) {
            (Ok(types), Err(_)) => {
                let types = types.split(',').filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
                family.push(Statement { sql, types });
            }
            (Err(_), Ok(_)) => accounts += 1,
            (Ok(_), Ok(_)) => panic!("both planes would run it: {sql}"),
            (Err(one), Err(other)) => panic!("neither plane runs it: {sql}\n{one}\n{other}"),
        }
    }
    (family, accounts)
}

#[tokio::test]
async fn every_statement_names_its_family_and_reaches_no_other_even_when_it_forgets_to() {
    let registry = statements::of_the_server();
    assert_eq!(registry.unread, Vec::<String>::new(), "a statement that the registry cannot read");
    let database = ScratchPostgres::shared().database();
    database.migrate().await;
    let (statements, accounts) = family_plane(&database, registry.texts);
    println!(
        "{} calls, {} statements of the family plane, {accounts} of accounts",
        registry.calls,
        statements.len()
    );
    assert!(statements.len() >= 35 && accounts >= 40, "the registry found too little");
    plant(&database);
    let ground = Ground { others: digest_of_others(&database), database };
    for statement in &statements {
        let sql = &statement.sql;
        assert!(statement.family_parameter().is_some(), "it names no family: {sql}");
        let as_it_is = ground.must_run(true, sql, statement, MINE);
        let unsecured = ground.must_run(false, sql, statement, MINE);
        assert_eq!(as_it_is, unsecured, "its own words keep to one family, row security aside: {sql}");
        let (secured, bare) = if statement.is_insert() {
            // The family is what it writes: it aims at somebody else's.
            let refused = ground.run(true, sql, statement, THEIRS).expect_err(sql);
            assert!(refused.contains("row-level security"), "{refused}: {sql}");
            (as_it_is.clone(), ground.must_run(false, sql, statement, THEIRS))
        } else {
            let sql = statement.forgetful();
            (ground.must_run(true, &sql, statement, MINE), ground.must_run(false, &sql, statement, MINE))
        };
        assert_eq!(secured, as_it_is, "row security keeps to one family: {sql}");
        assert_ne!(bare, as_it_is, "without row security this should have shown: {sql}");
    }
}
