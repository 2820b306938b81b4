//! docs/asvs.md: which tests prove which promise of sign-in, read from the names that they bear. `KINFOLIO_WRITE_DOCS=1`
//! writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Result, ensure};

use super::asvs_words::{GROUPS, IDS, Standing};
use super::engines::Tests;
use super::sources::{self, Source};
use super::{MEMBERS, root};
use crate::sign_in::planted::SWITCHES;

/// Tests by what their names say that they prove, as `file`: `name`.
#[derive(Default)]
struct Proofs {
    groups: BTreeMap<u32, BTreeSet<(String, String)>>,
    ids: BTreeMap<String, BTreeSet<(String, String)>>,
    unknown: Vec<String>,
}

/// `rfc_9700_17_19_asvs_10_4_9_revoking…` -> (groups 17 and 19, id 10.4.9).
fn numbers_of(name: &str) -> (Vec<u32>, Vec<String>) {
    let (mut groups, mut ids) = (Vec::new(), Vec::new());
    let mut words = name.split('_').peekable();
    if name.starts_with("rfc_9700_") {
        words.nth(1);
        while let Some(number) = words.peek().and_then(|word| word.parse().ok()) {
            groups.push(number);
            words.next();
        }
    }
    if words.next_if_eq(&"asvs").is_some() {
        let mut numbers = Vec::new();
        while let Some(number) = words.peek().and_then(|word| word.parse::<u32>().ok()) {
            numbers.push(number.to_string());
            words.next();
        }
        ids.extend(numbers.chunks(3).map(|id| id.join(".")));
    }
    (groups, ids)
}

fn proofs(files: &[Source]) -> Result<Proofs> {
    let mut found = Proofs::default();
    for file in files.iter().filter(|file| file.text.contains("rfc_9700_") || file.text.contains("asvs_")) {
        let Tests { plain, on_each, .. } = Tests::of(file)?;
        for name in plain.into_iter().chain(on_each) {
            let (groups, ids) = numbers_of(&name);
            let proof = (file.path.clone(), name.clone());
            for group in groups {
                if !(1..=GROUPS.len()).contains(&(group as usize)) {
                    found.unknown.push(format!("{name}: there is no group {group}"));
                }
                found.groups.entry(group).or_default().insert(proof.clone());
            }
            for id in ids {
                if !IDS.iter().any(|(known, ..)| *known == id) {
                    found.unknown.push(format!("{name}: {id} stands in no table"));
                }
                found.ids.entry(id).or_default().insert(proof.clone());
            }
        }
    }
    Ok(found)
}

/// What names and tables say against each other.
fn contradictions(found: &Proofs) -> Vec<String> {
    let mut faults = found.unknown.clone();
    for group in 1..=u32::try_from(GROUPS.len()).unwrap_or_default() {
        let bears = |test: &str| {
            let name = test.rsplit("::").next().unwrap_or_default();
            numbers_of(name).0.contains(&group)
        };
        let switched = SWITCHES.iter().any(|switch| switch.tests.iter().any(|test| bears(test)));
        if !found.groups.contains_key(&group) {
            faults.push(format!("group {group} has no test"));
        } else if !switched {
            faults.push(format!("no switch turns a test of group {group} red"));
        }
    }
    for (id, _, standing) in IDS {
        if matches!(standing, Standing::Tested) && !found.ids.contains_key(*id) {
            faults.push(format!("{id} has no test"));
        }
    }
    faults
}

fn listed(proofs: Option<&BTreeSet<(String, String)>>) -> String {
    let lines = proofs.into_iter().flatten().map(|(file, name)| {
        let unit = if file.starts_with("tests/") { "" } else { " (unit)" };
        format!("[{}](../{file}){unit}", numbers_taken_off(name))
    });
    lines.collect::<Vec<_>>().join("<br>")
}

/// The promise in a name, in words.
fn numbers_taken_off(name: &str) -> String {
    let words =
        name.split('_').skip_while(|word| matches!(*word, "rfc" | "asvs") || word.parse::<u32>().is_ok());
    words.collect::<Vec<_>>().join(" ")
}

fn written(found: &Proofs) -> Result<String> {
    let mut text = String::from(
        "# Sign-in against OWASP ASVS 5.0 and RFC 9700\n\n\
         Written by `tests/it/house/asvs.rs` from the names of the tests (`KINFOLIO_WRITE_DOCS=1 cargo test --workspace \
         --test it -- house::asvs`); a test fails while it differs from them. `./dev test` runs every test that is named \
         here. Those marked (unit) try one part of the code by itself, and no defence is taken away from them.\n\n\
         ## Where Kinfolio deviates\n\n",
    );
    for (id, words, standing) in IDS {
        if let Standing::Deviates(why) = standing {
            writeln!(text, "- **{id}** ({words}): {why}.")?;
        }
    }
    text.push_str(
        "\n## What must not work\n\n\
         Negative tests after RFC 9700, 8252 and 7636. The last column names the switches of the feature \
         `planted-faults` that take a defence away: `tests/it/sign_in/planted.rs` shows that a test of the group turns \
         red with each.\n\n\
         | | what | tests | planted |\n|---|---|---|---|\n",
    );
    for (group, words) in (1..).zip(GROUPS) {
        let bears = |test: &&str| numbers_of(test.rsplit("::").next().unwrap_or_default()).0.contains(&group);
        let switches = SWITCHES.iter().filter(|switch| switch.tests.iter().any(bears));
        let switches: Vec<_> = switches.map(|switch| format!("`{}`", switch.name)).collect();
        let tests = listed(found.groups.get(&group));
        writeln!(text, "| {group} | {words} | {tests} | {} |", switches.join(" "))?;
    }
    text.push_str("\n## What ASVS asks for\n\n| id | what | tests |\n|---|---|---|\n");
    for (id, words, standing) in IDS {
        let tests = match (standing, found.ids.get(*id)) {
            (Standing::Deviates(_), None) => "deviates, see above".to_owned(),
            (Standing::Deviates(_), proofs) => format!("deviates, see above<br>{}", listed(proofs)),
            (Standing::Tested, proofs) => listed(proofs),
        };
        writeln!(text, "| {id} | {words} | {tests} |")?;
    }
    Ok(text)
}

#[test]
fn docs_asvs_md_says_what_the_names_of_the_tests_say() -> Result<()> {
    let found = proofs(&sources::read_all(&root(), MEMBERS, ".rs")?)?;
    super::no_faults(&contradictions(&found))?;
    let (path, text) = (root().join("docs/asvs.md"), written(&found)?);
    if std::env::var_os("KINFOLIO_WRITE_DOCS").is_some() {
        std::fs::write(&path, &text)?;
    }
    let same = std::fs::read_to_string(&path).unwrap_or_default() == text;
    ensure!(same, "docs/asvs.md is not what the names say: run this test with KINFOLIO_WRITE_DOCS=1");
    Ok(())
}

#[test]
fn a_name_without_its_test_and_a_test_without_its_entry_are_found() -> Result<()> {
    assert_eq!(
        numbers_of("rfc_9700_17_19_asvs_10_4_9_7_5_2_of_20_phones"),
        (vec![17, 19], vec!["10.4.9".to_owned(), "7.5.2".to_owned()])
    );
    assert_eq!(numbers_of("twenty_at_once"), (vec![], vec![]));
    let file = |text: &str| Source { path: "tests/it/x.rs".into(), text: text.into() };
    let found = proofs(&[file("on_each_engine!(rfc_9700_33_asvs_1_2_3_x); fn rfc_9700_1_no_test() {}")])?;
    let faults = contradictions(&found);
    for fault in
        ["there is no group 33", "1.2.3 stands in no table", "group 1 has no test", "6.2.1 has no test"]
    {
        assert!(faults.iter().any(|line| line.ends_with(fault)), "{fault}: {faults:?}");
    }
    Ok(())
}
