//! Decisions (docs/adr) are called by their numbers: each has one of its own.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::sources::{self, Source};
use super::{no_faults, root};

/// Decisions that share a number, or whose title has another than their file.
fn misnumbered(decisions: &[Source]) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let mut faults = Vec::new();
    for decision in decisions {
        let name = decision.path.rsplit('/').next().unwrap_or_default();
        let number = name.split('-').next().unwrap_or_default();
        if let Some(other) = seen.insert(number, &decision.path) {
            faults.push(format!("{} and {other} have one number", decision.path));
        }
        if !decision.text.starts_with(&format!("# {}. ", number.trim_start_matches('0'))) {
            faults.push(format!("{}: its title has another number", decision.path));
        }
    }
    faults
}

#[test]
fn a_decision_has_a_number_of_its_own() -> Result<()> {
    let decisions = sources::read_all(&root(), &["docs/adr"], ".md")?;
    ensure!(decisions.len() > 20, "only {} decisions were read", decisions.len());
    no_faults(&misnumbered(&decisions))
}

#[test]
fn two_decisions_of_one_number_are_found() {
    let decision = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let planted = [
        decision("docs/adr/0007-a.md", "# 7. A"),
        decision("docs/adr/0007-b.md", "# 7. B"),
        decision("docs/adr/0008-c.md", "# 7. C"),
    ];
    assert_eq!(misnumbered(&planted[..1]), Vec::<String>::new());
    assert_eq!(misnumbered(&planted).len(), 2);
}
