//! A rule that finds nothing might not be looking: every kind of violation is planted once, and found.
use super::rules::{self, Declared, Row};
use super::sources::{Named, Source, names_of};
use super::tables;
use anyhow::Result;
use std::collections::BTreeMap;

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn named(path: &str, text: &str) -> Result<Vec<Named>> {
    names_of(&[source(path, text)])
}

fn pair(from: &str, to: &str) -> (String, String) {
    (from.to_owned(), to.to_owned())
}

fn core_faults(path: &str, text: &str) -> Result<Vec<String>> {
    Ok(rules::room_arrows("core", tables::CORE, tables::CORE_GROUND, &named(path, text)?))
}

#[test]
fn an_arrow_against_the_rules_is_found() {
    assert!(rules::crate_arrows(&[pair("kinfolio-ffi", "kinfolio-core")]).is_empty());
    for (from, to) in [
        ("kinfolio-server", "kinfolio-core"),
        ("kinfolio-core", "kinfolio-ffi"),
        ("kinfolio-protocol", "kinfolio-core"),
        ("kinfolio-core", "kinfolio-tests"),
    ] {
        assert_eq!(rules::crate_arrows(&[pair(from, to)]).len(), 1, "{from} -> {to}");
    }
}

#[test]
fn a_room_that_uses_its_neighbour_is_found_however_it_is_written() -> Result<()> {
    let neighbour = [
        "use crate::learners::Learner;",
        "use crate::{error::Result, learners::{Learner, self}};",
        "use crate::learners as people;",
        "use super::super::learners::Learner;",
        "fn f() { crate::learners::list(); }",
        "fn f(l: &crate::learners::Learner) {}",
        "fn f() { println!(\"{}\", crate::learners::count()); }",
        "#[derive(crate::learners::Magic)] struct S;",
        "mod inner { use super::super::super::learners::Learner; }",
        "impl crate::learners::Trait for u8 {}",
    ];
    for text in neighbour {
        assert!(!core_faults("core/src/entries/queries.rs", text)?.is_empty(), "{text}");
    }
    assert!(core_faults("core/src/export/mod.rs", "use crate::learners::Learner;")?.is_empty());
    assert!(
        core_faults("core/src/entries/mod.rs", "use crate::entries::queries; use super::storage::Storage;")?
            .is_empty()
    );
    assert_eq!(core_faults("core/src/storage/mod.rs", "use crate::entries::Entry;")?.len(), 1, "upwards");
    assert_eq!(
        core_faults("core/src/sync/pull.rs", "use crate::account::sign_in::begin;")?.len(),
        1,
        "not the account"
    );
    assert_eq!(
        core_faults("core/src/sync/pull.rs", "use crate::account::session::Session;")?.len(),
        1,
        "not even its session: the door is in http"
    );
    assert_eq!(core_faults("core/src/cellar/mod.rs", "fn f() {}")?.len(), 1, "a room nobody planned");
    Ok(())
}

#[test]
fn tests_of_a_room_may_use_its_neighbours() -> Result<()> {
    let inline = "#[cfg(test)] mod tests { use crate::learners::Learner; }";
    assert!(core_faults("core/src/entries/mod.rs", inline)?.is_empty());
    let files = [
        source("core/src/entries/mod.rs", "#[cfg(test)] mod laws; mod rows;"),
        source("core/src/entries/edit.rs", "#[cfg(test)] #[path = \"edit_laws.rs\"] mod laws;"),
        source("core/src/entries/edit_laws.rs", "use crate::learners::Learner;"),
        source("core/src/entries/laws.rs", "use crate::learners::Learner;"),
        source("core/src/entries/rows.rs", "use crate::learners::Learner;"),
    ];
    let faults = rules::room_arrows("core", tables::CORE, tables::CORE_GROUND, &names_of(&files)?);
    assert_eq!(faults.len(), 1, "{faults:?}");
    Ok(())
}

#[test]
fn a_room_of_sign_in_that_reaches_up_is_found() -> Result<()> {
    let faults = |path: &str, text: &str| {
        let files = named(path, text)?;
        Ok::<_, anyhow::Error>(rules::room_arrows(
            "sync-server",
            tables::SERVER,
            tables::SERVER_GROUND,
            &files,
        ))
    };
    for (path, up, down) in [
        ("sync-server/src/mail/worker.rs", "use crate::accounts::users;", "use crate::clock::DAY_US;"),
        ("sync-server/src/audit.rs", "use crate::accounts::users;", "use crate::store::Tx;"),
        ("sync-server/src/accounts/bearer.rs", "use crate::oauth::codes;", "use crate::mail::texts;"),
        ("sync-server/src/oauth/authorize.rs", "use crate::pages::PageFault;", "use crate::accounts::users;"),
        ("sync-server/src/state.rs", "use crate::accounts::users;", "use crate::accounts::password::Hasher;"),
    ] {
        assert_eq!(faults(path, up)?.len(), 1, "{path}: {up}");
        assert!(faults(path, down)?.is_empty(), "{path}: {down}");
    }
    assert!(faults("sync-server/src/pages/login.rs", "use crate::oauth::codes;")?.is_empty());
    Ok(())
}

#[test]
fn a_server_room_that_reaches_into_another_plane_is_found() -> Result<()> {
    let files = named("sync-server/src/records/mod.rs", "use crate::pages::login;")?;
    assert_eq!(rules::room_arrows("sync-server", tables::SERVER, tables::SERVER_GROUND, &files).len(), 1);
    let files = named("sync-server/src/store/mod.rs", "use crate::families::Family;")?;
    assert_eq!(rules::room_arrows("sync-server", tables::SERVER, tables::SERVER_GROUND, &files).len(), 1);
    Ok(())
}

#[test]
fn a_dependency_in_the_wrong_room_is_found() -> Result<()> {
    let text = "\n## Dependencies\n\n| crate | where | why |\n|---|---|---|\n| `rusqlite` | `core/src/storage`, `core/src/*/queries.rs` | store |\n\n## Next\n| `x` | `y` |\n";
    let table = rules::dependency_table(text);
    assert_eq!(table.len(), 1);
    let names = BTreeMap::from([pair("rusqlite", "rusqlite")]);
    let faults = |path: &str, text: &str| {
        let needed = ["core/src/storage/key.rs", "core/src/learners/queries.rs"]
            .map(|path| source(path, "use rusqlite::Row;"))
            .into_iter();
        let files: Vec<Source> = needed.chain([source(path, text)]).collect();
        Ok::<_, anyhow::Error>(rules::dependency_places(&table, &names, &names_of(&files)?))
    };
    assert!(faults("core/src/entries/queries.rs", "use rusqlite::Row;")?.is_empty());
    assert!(faults("core/src/storage/open.rs", "use rusqlite::Row;")?.is_empty());
    assert_eq!(faults("core/src/entries/mod.rs", "use rusqlite::Row;")?.len(), 1);
    assert_eq!(faults("core/src/entries/mod.rs", "fn f() -> rusqlite::Result<()> { Ok(()) }")?.len(), 1);
    assert_eq!(faults("core/src/entries/mod.rs", "fn f() { g(rusqlite::params![1]); }")?.len(), 1);
    assert_eq!(faults("ffi/src/lib.rs", "use ::rusqlite::Row;")?.len(), 1);
    for own in [
        "use crate::storage::rusqlite; fn f() { rusqlite::open(); }",
        "use crate::storage::{rusqlite::{self, Row}}; fn f() { g(rusqlite::open()); }",
        "mod rusqlite; pub use rusqlite::Row;",
        "use crate::storage as rusqlite; fn f() { println!(\"{}\", rusqlite::count()); }",
        "fn f() { use super::storage::rusqlite; rusqlite::open(); }",
    ] {
        assert!(faults("core/src/entries/mod.rs", own)?.is_empty(), "a module of the same name: {own}");
    }
    for both in [
        "use crate::storage::rusqlite; use ::rusqlite::Row;",
        "use crate::storage::rusqlite; fn f() { ::rusqlite::open(); }",
        "use crate::storage::rusqlite; fn f() { g!(::rusqlite::params![1]); }",
        "use crate::storage::rusqlite; mod inner { use rusqlite::Row; }",
        "fn f() { use crate::storage::rusqlite; rusqlite::open(); } fn g() { rusqlite::open(); }",
        "fn f() { crate::storage::rusqlite(); rusqlite::open(); }",
        "use crate::storage::rusqlite as ours; fn f() { rusqlite::open(); }",
        "use rusqlite as sql; fn f() { sql::open(); }",
    ] {
        assert_eq!(
            faults("core/src/entries/mod.rs", both)?.len(),
            1,
            "a module of the same name beside: {both}"
        );
    }
    Ok(())
}

#[test]
fn a_place_that_no_file_needs_and_a_dependency_that_no_file_names_are_found() -> Result<()> {
    let table = [Row { crates: vec!["hmac".into()], places: vec!["core/src/keys".into(), "tests".into()] }];
    let names = BTreeMap::from([pair("hmac", "hmac"), pair("futures", "futures")]);
    for (text, left_over) in [
        ("use hmac::Mac;", 0),
        ("fn f() {}", 1),
        ("use crate::crypto::hmac; fn f() { hmac::of(); }", 1),
        ("#[cfg(test)] mod tests { use hmac::Mac; }", 1),
    ] {
        let files = named("core/src/keys/code.rs", text)?;
        assert_eq!(rules::dependency_places(&table, &names, &files).len(), left_over, "{text}");
    }
    let dependency =
        |package: &str, normal| Declared { folder: "core".into(), package: package.into(), normal };
    let declared = [dependency("hmac", true), dependency("futures", false)];
    let files = |test: &str| {
        [
            source("core/src/ids.rs", "use hmac::Mac;"),
            source("core/src/tests.rs", test),
            source("ffi/src/lib.rs", "use futures::join;"),
        ]
    };
    assert!(rules::unused_dependencies(&declared, &names, &files("fn f() { futures::join!(); }")).is_empty());
    assert_eq!(rules::unused_dependencies(&declared, &names, &files("use my_futures::join;")).len(), 1);
    Ok(())
}

#[test]
fn a_dependency_that_nobody_entered_and_a_place_that_nobody_needs_are_found() {
    let faults_in = |places: &[&str], declared: &[(&str, &str, bool)]| {
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        let table = [Row { crates: vec!["axum".to_owned()], places }];
        let declared: Vec<Declared> = declared
            .iter()
            .map(|(folder, package, normal)| Declared {
                folder: (*folder).to_owned(),
                package: (*package).to_owned(),
                normal: *normal,
            })
            .collect();
        rules::dependency_declarations(&table, &declared).len()
    };
    let faults = |declared: &[(&str, &str, bool)]| faults_in(&["sync-server"], declared);
    assert_eq!(faults(&[("sync-server", "axum", true), ("tests", "axum", true), ("core", "axum", false)]), 0);
    assert_eq!(faults(&[("sync-server", "axum", true), ("core", "axum", true)]), 1, "a member that may not");
    assert_eq!(
        faults(&[("sync-server", "axum", true), ("core", "left-pad", true)]),
        1,
        "a package nobody entered"
    );
    assert_eq!(faults(&[]), 1, "a row nobody needs");
    assert_eq!(faults(&[("sync-server", "axum", false)]), 1, "a place whose tests alone need it");
    let both = &["sync-server/src/serve.rs", "core"][..];
    assert_eq!(faults_in(both, &[("sync-server", "axum", true)]), 1, "a place nobody needs");
    assert_eq!(faults_in(both, &[("sync-server", "axum", true), ("core", "axum", true)]), 0);
    assert_eq!(faults_in(&["tests"], &[("core", "axum", false)]), 0, "a package for tests");
}

#[test]
fn input_and_output_in_a_pure_file_is_found() -> Result<()> {
    assert_eq!(rules::purity(&named("core/src/crypto/envelope.rs", "use std::fs::File;")?).len(), 1);
    assert_eq!(
        rules::purity(&named("protocol/src/log/mod.rs", "fn f() { std::env::var(\"X\"); }")?).len(),
        1
    );
    assert!(rules::purity(&named("core/src/export/html.rs", "use std::fs::File;")?).is_empty());
    Ok(())
}

#[test]
fn a_file_without_manners_is_found() {
    let fine = "//! One thing.\nfn f() {}\n";
    assert!(rules::file_manners(&[source("core/src/ids.rs", fine)]).is_empty());
    assert_eq!(
        rules::file_manners(&[source("core/src/ids.rs", "fn f() {}\n")]).len(),
        1,
        "no sentence of purpose"
    );
    assert_eq!(
        rules::file_manners(&[source("core/src/ids.rs", &format!("//! Long.\n{}", "\n".repeat(400)))]).len(),
        1
    );
    assert_eq!(
        rules::file_manners(&[source("core/src/utils.rs", fine)]).len(),
        1,
        "a name that says nothing"
    );
    for root in [
        "core/src/lib.rs",
        "sync-server/src/main.rs",
        "tests/support/src/lib.rs",
        "tests/it/main.rs",
        "tests/src/bin/demo.rs",
        "tests/src/bin/demo/main.rs",
        "sync-server/examples/engines.rs",
        "sync-server/examples/engines/main.rs",
    ] {
        assert_eq!(rules::file_manners(&[source(root, fine)]).len(), 1, "unsafe code not forbidden: {root}");
        let safe = source(root, &fine.replace("fn f", "#![forbid(unsafe_code)]\nfn f"));
        assert!(rules::file_manners(&[safe]).is_empty(), "{root}");
    }
}

#[test]
fn sql_in_the_wrong_file_is_found_however_it_is_written() -> Result<()> {
    let faults =
        |path: &str, text: &str| Ok::<_, anyhow::Error>(rules::sql_places(&named(path, text)?).len());
    let statements = [
        "fn f() { tx.execute(\"UPDATE record SET dirty = 1\", []); }",
        "const SQL: &str = \"\n    SELECT id\n      FROM record\";",
        "fn f() { let sql = format!(\"DELETE FROM {table}\"); }",
        "fn f() { let sql = format!(\"{select} {}\", \"WHERE rid = ?1\"); }",
        "fn f() { tx.query(r#\"PRAGMA page_count\"#); }",
        "fn f() { let sql = concat!(\"INSERT INTO record \", \"VALUES (?1)\"); }",
    ];
    for text in statements {
        assert_eq!(faults("core/src/keys/join.rs", text)?, 1, "{text}");
        for path in [
            "core/src/keys/queries.rs",
            "core/src/keys/link_queries.rs",
            "core/src/entries/queries/search.rs",
            "core/src/records/store.rs",
            "core/src/storage/mod.rs",
        ] {
            assert_eq!(faults(path, text)?, 0, "{path}: {text}");
        }
    }
    for text in [
        "/// SELECT is spoken of.\nfn f() { send(\"DELETE\"); say(\"Update the app\"); }",
        "#[cfg(test)] mod tests { const SQL: &str = \"SELECT 1\"; }",
    ] {
        assert_eq!(faults("core/src/http.rs", text)?, 0, "{text}");
    }
    Ok(())
}

#[test]
fn a_legal_name_is_found_in_a_struct_and_in_a_table() -> Result<()> {
    let learner =
        named("core/src/learners/mod.rs", "struct Learner { nickname: String, legal_name: String }")?;
    let fields: Vec<_> = learner[0].fields.iter().map(|field| pair("x", field)).collect();
    assert_eq!(rules::forbidden_fields(&fields).len(), 1);
    let sql = source(
        "migrations/device/001.sql",
        "CREATE TABLE learner (\n  nickname TEXT NOT NULL,\n  birth_date TEXT\n) STRICT;",
    );
    assert_eq!(rules::forbidden_fields(&rules::columns(&sql)).len(), 1);
    Ok(())
}

#[test]
fn a_facade_method_with_rules_in_it_is_found() {
    let thin = "#[uniffi::export] impl C { fn f(&self) -> R { Ok(self.inner.f()?) } }";
    let thick = "#[uniffi::export] impl C { fn f(&self) { a(); b(); c(); d(); } }";
    assert!(rules::thin_methods(&[source("ffi/src/c.rs", thin)]).is_empty());
    assert_eq!(rules::thin_methods(&[source("ffi/src/c.rs", thick)]).len(), 1);
}

#[test]
fn a_banned_crate_and_a_second_http_client_are_found() {
    let good = "name = \"reqwest\"\nname = \"libsqlite3-sys\"\nname = \"rustls\"\nname = \"ring\"\n";
    assert!(rules::lock_file(good).is_empty());
    assert_eq!(rules::lock_file(&format!("{good}name = \"reqwest\"\n")).len(), 1);
    assert_eq!(rules::lock_file(&format!("{good}name = \"sqlx-sqlite\"\n")).len(), 1);
    assert_eq!(rules::lock_file(&format!("{good}name = \"aws-lc-rs\"\n")).len(), 1);
}
