//! A test that starts a server runs on both engines (`support::on_each_engine!`); those that cannot are named here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use syn::visit::Visit;

use super::sources::{self, Source};

/// Rooms of tests that this rule looks into.
const ROOMS: &[&str] = &["tests/it/sign_in"];

/// What stands for a server on the one engine or the other, whoever calls it.
const ONE_ENGINE: &[&str] = &["InProcess::start", "Listening::start"];

/// What starts a server on the engine that its caller says.
const STARTS: &[&str] = &["Process::", "State::start", "server::binary", "web::run"];

/// Tests of one engine or of none, and why.
const ALONE: &[(&str, &str)] = &[
    (
        "two_thousand_schedules_on_postgres_keep_honest_phones_signed_in_and_thieves_out",
        "the model beside the rule walks all schedules on the embedded store",
    ),
    (
        "a_first_start_that_stops_at_a_full_disk_leaves_a_store_that_starts_when_there_is_room",
        "limits the embedded store's own files",
    ),
    (
        "of_fifty_mails_two_servers_on_one_postgres_send_each_once",
        "two servers never share the embedded store's folder",
    ),
    ("a_second_server_on_the_same_folder_does_not_start", "several servers may use one database"),
    (
        "every_page_is_looked_at_in_a_real_browser_and_fits_a_narrow_phone_and_twice_the_text",
        "how a page looks is no matter of the store; the walk through them runs on both",
    ),
    (
        "families_without_their_accounts_stop_the_start_and_a_damaged_file_is_named",
        "takes away and damages the embedded store's own files",
    ),
    ("a_role_that_could_bypass_row_security_stops_the_start", "roles are Postgres's"),
    ("an_empty_database_is_not_touched_by_the_servers_own_role", "roles are Postgres's"),
    ("a_database_on_another_machine_needs_verify_full", "the line to a database is Postgres's"),
    (
        "a_limit_of_nothing_and_another_kind_of_database_are_refused_by_name",
        "refused before any store is opened",
    ),
    ("a_planted_fault_is_refused_beyond_this_machine", "refused before any store is opened"),
    ("weak_hashes_are_refused_beyond_this_machine", "refused before any store is opened"),
    ("a_mistyped_mail_address_stops_the_start_and_shows_no_password", "refused before any store is opened"),
    ("a_certificate_that_cannot_be_served_stops_the_start", "refused before any store is opened"),
    (
        "a_provider_without_its_secret_or_beyond_https_stops_the_start_and_shows_nothing",
        "refused before any store is opened",
    ),
];

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
    let (mut faults, mut unused) = (Vec::new(), alone.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>());
    for file in files {
        let tests = Tests::of(file)?;
        for test in &tests.plain {
            let starts = tests.reaches(test, STARTS) || tests.reaches(test, ONE_ENGINE);
            if starts && !unused.remove(test.as_str()) {
                faults.push(format!("{}: {test} starts a server on one engine only", file.path));
            }
        }
        for test in tests.on_each.iter().filter(|test| tests.reaches(test, ONE_ENGINE)) {
            faults.push(format!("{}: {test} starts a server that does not ask for its engine", file.path));
        }
    }
    faults.extend(unused.into_iter().map(|name| format!("{name} needs no excuse, or is no test")));
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
        "#[test] fn a() { assert_eq!(Process::start(1).id(), 2); }",
        "on_each_engine!(a,); async fn a(_: &Engine) { Listening::start_with(|_| {}).await; }",
    ];
    for text in planted {
        assert_eq!(found(text, &[])?.len(), 1, "{text}");
    }
    assert_eq!(found(planted[0], &[("a", "why")])?, Vec::<String>::new());
    for pure in [
        "#[test] fn a() { let p = pure::process(); }",
        "on_each_engine!(a); async fn a(engine: &Engine) { engine.server().await; Process::start(1); }",
    ] {
        assert_eq!(found(pure, &[])?, Vec::<String>::new(), "{pure}");
    }
    assert_eq!(found("fn a() {}", &[("a", "why")])?.len(), 1);
    Ok(())
}
