//! A test that starts a server runs on both engines (`support::on_each_engine!`); those that cannot are named here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use syn::visit::Visit;

use super::sources::{self, Source};

/// Rooms of tests that this rule looks into.
const ROOMS: &[&str] = &["tests/it/keys", "tests/it/plane", "tests/it/sign_in", "tests/it/tenancy"];

/// What stands for a server on the one engine or the other, whoever calls it.
const ONE_ENGINE: &[&str] = &["InProcess::start", "Listening::start"];

/// What starts a server on the engine that its caller says.
const STARTS: &[&str] = &[
    "Process::",
    "State::start",
    "plane::Server::",
    "Server::",
    "server::binary",
    "web::run",
    "ScratchPostgres::",
];

/// Tests of one engine or of none, and files of such tests; and why.
const ALONE: &[(&str, &str)] = &[
    (
        "tests/it/keys/schedules.rs",
        "is about phones; what they ask of the server is held on both by its neighbours",
    ),
    ("tests/it/plane/full.rs", "a disk is full in another way on each engine: one test of each"),
    ("tests/it/plane/row_security.rs", "row security is Postgres's"),
    ("tests/it/sign_in/planted.rs", "runs the negatives again, on both"),
    (
        "tests/it/sign_in/refresh_tree.rs",
        "puts the rows of the store back; the sample beside it is Postgres's",
    ),
    ("tests/it/tenancy/catalogue.rs", "the catalogue is Postgres's"),
    ("tests/it/tenancy/commits.rs", "a commit without an answer is Postgres's"),
    ("tests/it/tenancy/registry.rs", "shows every statement to row security, which is Postgres's"),
    ("tests/it/tenancy/storm.rs", "connections that several families use are Postgres's"),
    ("the_same_random_script_gets_the_same_answers_from_both_engines", "holds the one against the other"),
    (
        "one_familys_file_is_noise_under_another_familys_key_and_a_moved_one_does_not_open",
        "a file to a family is the embedded store's",
    ),
    (
        "a_family_file_that_is_gone_is_an_error_and_none_is_made_in_its_place",
        "a file to a family is the embedded store's",
    ),
    (
        "a_damaged_family_keeps_no_account_and_one_that_fails_keeps_no_other_waiting",
        "damages the embedded store's own files",
    ),
    (
        "two_thousand_schedules_on_postgres_keep_honest_phones_signed_in_and_thieves_out",
        "the model beside the rule walks all schedules on the embedded store",
    ),
    (
        "every_alert_and_fault_is_looked_at_in_a_real_browser_and_fits_a_narrow_phone_and_twice_the_text",
        "how words look is no matter of the store",
    ),
    (
        "every_page_is_looked_at_in_a_real_browser_and_fits_a_narrow_phone_and_twice_the_text",
        "how a page looks is no matter of the store; the walk through them runs on both",
    ),
    (
        "of_fifty_mails_two_servers_on_one_postgres_send_each_once",
        "two servers never share the embedded store's folder",
    ),
    ("a_second_server_on_the_same_folder_does_not_start", "several servers may use one database"),
    (
        "a_first_start_that_stops_at_a_full_disk_leaves_a_store_that_starts_when_there_is_room",
        "limits the embedded store's own files",
    ),
    (
        "families_without_their_accounts_stop_the_start_and_a_damaged_file_is_named",
        "damages the embedded store's own files",
    ),
    ("a_role_that_could_bypass_row_security_stops_the_start", "roles are Postgres's"),
    ("an_empty_database_is_not_touched_by_the_servers_own_role", "roles are Postgres's"),
    ("a_database_on_another_machine_needs_verify_full", "the line to a database is Postgres's"),
    ("a_limit_of_nothing_and_another_kind_of_database_are_refused_by_name", BEFORE),
    ("a_planted_fault_is_refused_beyond_this_machine", BEFORE),
    ("weak_hashes_are_refused_beyond_this_machine", BEFORE),
    ("a_mistyped_mail_address_stops_the_start_and_shows_no_password", BEFORE),
    ("a_certificate_that_cannot_be_served_stops_the_start", BEFORE),
    ("a_provider_without_its_secret_or_beyond_https_stops_the_start_and_shows_nothing", BEFORE),
];

const BEFORE: &str = "the start is refused before any store is opened";

/// The tests of a file: those of one engine or of none, and the promises that are held on each.
#[derive(Default)]
pub struct Tests {
    /// Functions under `#[test]` or `#[tokio::test]`.
    pub plain: Vec<String>,
    /// Functions that `on_each_engine!` names.
    pub on_each: Vec<String>,
    /// What each function of the file names.
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Tests {
    /// Reads them.
    pub fn of(file: &Source) -> Result<Self> {
        let mut tests = Self::default();
        tests.visit_file(&syn::parse_file(&file.text).with_context(|| format!("parse {}", file.path))?);
        Ok(tests)
    }

    /// Whether a function names one of these, or calls one of the same file that does.
    fn reaches(&self, function: &str, wanted: &[&str]) -> bool {
        let (mut seen, mut ahead) = (BTreeSet::new(), vec![function]);
        while let Some(function) = ahead.pop() {
            let Some(names) = self.names.get(function).filter(|_| seen.insert(function)) else { continue };
            if names.iter().any(|name| wanted.iter().any(|wanted| is(name, wanted))) {
                return true;
            }
            ahead.extend(names.iter().map(String::as_str));
        }
        false
    }
}

/// The path ends so, or goes on behind it: `server::Process::try_start` is `Process::`, and `InProcess::` is not.
fn is(path: &str, wanted: &str) -> bool {
    path == wanted || path.starts_with(wanted) || path.contains(&format!("::{wanted}"))
}

/// What a function names: its paths, those in the arguments of macros among them.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.0.insert(segments.join("::"));
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let text = call.tokens.to_string().replace(" :: ", "::");
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        self.0.extend(words.map(str::to_owned));
    }
}

impl<'ast> Visit<'ast> for Tests {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "test")
        };
        let name = item.sig.ident.to_string();
        let mut names = Names::default();
        names.visit_block(&item.block);
        self.names.insert(name.clone(), names.0);
        if item.attrs.iter().any(is_test) {
            self.plain.push(name);
        }
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.mac.path.segments.last().is_some_and(|last| last.ident == "on_each_engine") {
            let names = item.mac.tokens.to_string();
            self.on_each
                .extend(names.split(',').map(|name| name.trim().to_owned()).filter(|n| !n.is_empty()));
        }
    }
}

/// What breaks the rule, and what is excused for nothing.
fn faults(files: &[Source], alone: &[(&str, &str)]) -> Result<Vec<String>> {
    let (mut faults, mut used) = (Vec::new(), BTreeSet::new());
    for file in files {
        let tests = Tests::of(file)?;
        for test in &tests.plain {
            let starts = tests.reaches(test, STARTS) || tests.reaches(test, ONE_ENGINE);
            let excuse = alone.iter().find(|(name, _)| name == test || *name == file.path);
            match excuse.filter(|_| starts) {
                Some((name, _)) => drop(used.insert(*name)),
                None if starts => {
                    faults.push(format!("{}: {test} starts a server on one engine only", file.path));
                }
                None => {}
            }
        }
        for test in tests.on_each.iter().filter(|test| tests.reaches(test, ONE_ENGINE)) {
            faults.push(format!("{}: {test} starts a server that does not ask for its engine", file.path));
        }
    }
    let unused = alone.iter().filter(|(name, _)| !used.contains(name));
    faults.extend(unused.map(|(name, _)| format!("{name} needs no excuse, or is not there")));
    Ok(faults)
}

#[test]
fn a_test_that_starts_a_server_runs_on_both_engines() -> Result<()> {
    super::no_faults(&faults(&sources::read_all(&super::root(), ROOMS, ".rs")?, ALONE)?)
}

#[test]
fn a_test_on_one_engine_is_found() -> Result<()> {
    let found = |text: &str, alone: &[(&str, &str)]| {
        faults(&[Source { path: "tests/it/x.rs".into(), text: text.into() }], alone)
    };
    let planted = [
        "#[tokio::test] async fn a() { let s = InProcess::start().await; }",
        "#[tokio::test] async fn a() { assert!(begin(1).await) } async fn begin(n: u8) -> bool { State::start_with(n).await }",
        "#[test] fn a() { let p = support::server::Process::try_start(\"x\"); }",
        "#[tokio::test] async fn a() { plane::Server::with(|config| config).await; }",
        "#[test] fn a() { assert_eq!(Process::start(1).id(), 2); }",
        "on_each_engine!(a,); async fn a(_: &Engine) { Listening::start_with(|_| {}).await; }",
    ];
    for text in planted {
        assert_eq!(found(text, &[])?.len(), 1, "{text}");
    }
    for alone in ["a", "tests/it/x.rs"] {
        assert_eq!(found(planted[0], &[(alone, "why")])?, Vec::<String>::new());
    }
    for pure in [
        "#[test] fn a() { let p = pure::process(); }",
        "on_each_engine!(a); async fn a(engine: &Engine) { engine.server().await; Process::start(1); }",
    ] {
        assert_eq!(found(pure, &[])?, Vec::<String>::new(), "{pure}");
    }
    assert_eq!(found("fn a() {}", &[("a", "why")])?.len(), 1);
    Ok(())
}
