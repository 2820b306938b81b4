//! What drafting once more keeps, brings and leaves out, over any run of edits and of changes to the record.

use super::*;
use proptest::prelude::*;

fn plain(text: &str) -> Vec<Line> {
    text.lines().map(|line| Line { text: line.into(), of: String::new() }).collect()
}

#[test]
fn a_new_line_comes_where_it_belongs_and_edits_stay() {
    let first = "Read a book.\nWent to the sea.\nBuilt a dam.";
    let mine = "Read a long book.\nWent to the sea.\nOur own words.";
    let now = "Read a book.\nWent to the sea.\nSaw a seal.\nBuilt a dam.";
    let (text, was) = again(mine, &drafted(first), &plain(now));
    assert_eq!(text, "Read a long book.\nWent to the sea.\nSaw a seal.\nOur own words.");
    assert_eq!(changed(&text, &was), [true, false, false, true]);
}

#[test]
fn what_left_the_record_goes_unless_the_parent_changed_it() {
    let was = drafted("One.\nTwo.");
    assert_eq!(again("One.\nTwo.", &was, &plain("Two.")).0, "Two.");
    assert_eq!(again("One, at length.\nTwo.", &was, &plain("Two.")).0, "One, at length.\nTwo.");
}

#[test]
fn what_an_older_version_remembers_is_read_and_it_passes_over_what_this_one_adds() {
    let line = Line { text: "Days noted: 4".into(), of: "days".into() };
    let (text, was) = again("", "", std::slice::from_ref(&line));
    assert_eq!(was.split(' ').next(), Some(drafted("Days noted: 4").as_str()));
    let older = drafted(&text);
    assert_eq!(again(&text, &older, std::slice::from_ref(&line)), (text, was));
    assert_eq!(again("", &older, &[line]).0, "");
}

/// What happens to a section.
#[derive(Debug, Clone)]
enum Step {
    /// The record tells of these, each in the words of its version.
    Draft(Vec<(u8, u8)>),
    Remove(usize),
    Edit(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::btree_map(0_u8..6, 0_u8..3, 0..6)
            .prop_map(|of| Step::Draft(of.into_iter().collect())),
        (0_usize..6).prop_map(Step::Remove),
        (0_usize..6).prop_map(Step::Edit),
    ]
}

fn of(line: &str) -> Option<u8> {
    line.strip_prefix("thing ")?.split(' ').next()?.parse().ok()
}

proptest! {
    #[test]
    fn over_any_run_of_edits_the_parents_lines_stay_and_nothing_comes_back_or_doubles(
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let (mut text, mut was) = (String::new(), String::new());
        // What the parent changed or took out, and wrote.
        let (mut touched, mut own) = (BTreeSet::new(), Vec::new());
        for (number, step) in steps.into_iter().enumerate() {
            let mut mine: Vec<String> = text.lines().map(str::to_owned).collect();
            match step {
                Step::Remove(at) if at < mine.len() => {
                    let line = mine.remove(at);
                    touched.extend(of(&line));
                    own.retain(|one| *one != line);
                    text = mine.join("\n");
                }
                Step::Edit(at) if at < mine.len() => {
                    touched.extend(of(&mine[at]));
                    let before = std::mem::replace(&mut mine[at], format!("own {number}"));
                    own.retain(|one| *one != before);
                    own.push(mine[at].clone());
                    text = mine.join("\n");
                }
                Step::Remove(_) | Step::Edit(_) => {}
                Step::Draft(things) => {
                    let now: Vec<Line> = things
                        .iter()
                        .map(|(id, words)| Line { text: format!("thing {id} {words}"), of: id.to_string() })
                        .collect();
                    let order: Vec<String> = mine.iter().filter(|line| own.contains(line)).cloned().collect();
                    (text, was) = again(&text, &was, &now);
                    let left: Vec<&str> = text.lines().filter(|line| of(line).is_none()).collect();
                    prop_assert_eq!(left, order, "the parent's lines");
                    let mut told: Vec<&str> = text.lines().filter(|line| of(line).is_some()).collect();
                    told.sort_unstable();
                    let wanted: Vec<&str> = now
                        .iter()
                        .map(|line| line.text.as_str())
                        .filter(|line| of(line).is_some_and(|id| !touched.contains(&id)))
                        .collect();
                    prop_assert_eq!(told, wanted, "what the record tells");
                    prop_assert_eq!(again(&text, &was, &now), (text.clone(), was.clone()), "drafted twice");
                }
            }
        }
    }
}
