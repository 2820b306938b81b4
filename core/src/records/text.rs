//! Text that merges: a yrs document whose full state is the cell's bytes.
//!
//! yrs has no checksum and takes one damaged state in four, so it is fed only bytes that were authenticated, and a
//! panic inside it becomes an error. Its bytes are not canonical: two phones with the same text may hold different
//! bytes, so "does the other side lack something?" compares snapshots.

use super::diff;
use crate::error::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use unicode_normalization::UnicodeNormalization;
use yrs::updates::decoder::Decode;
use yrs::{Doc, GetString, ReadTxn, Snapshot, StateVector, Text, Transact, Update};

/// The longest text that is saved, in bytes: twice this, merged, still fits a sealed record.
pub const MAX_BYTES: usize = 64 << 10;
/// Name of the text inside the yrs document.
const ROOT: &str = "t";
/// Who a document belongs to that is only read or merged, never typed in.
const READER: u64 = 0;

/// Text as it is kept: NFC, with `\n` for a line's end and without NUL.
///
/// # Errors
/// [`Error::InvalidInput`] beyond [`MAX_BYTES`]; `item` names what is too long.
pub fn normalised(text: &str, item: &str) -> Result<String> {
    replacing(0, text, item)
}

/// Text in the form in which it is kept, however long it is.
pub fn as_kept(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| *c != '\0').nfc().collect()
}

/// As [`normalised`], in the place of a text of `length` bytes. A merge may have made that longer than anybody may
/// type: leaving it so, or shortening it in steps, is not refused.
///
/// # Errors
/// [`Error::InvalidInput`] beyond [`MAX_BYTES`] and `length`.
pub fn replacing(length: usize, text: &str, item: &str) -> Result<String> {
    let text = as_kept(text);
    if text.len() > MAX_BYTES.max(length) {
        return Err(Error::invalid(format!("{item} is longer than 64 KiB, some 60,000 letters: shorten it")));
    }
    Ok(text)
}

/// The text of a state.
///
/// # Errors
/// [`Error::StoreDamaged`] when these bytes are no state.
pub fn read(state: &[u8]) -> Result<String> {
    guarded(|| Ok(content(&loaded(state, READER)?)))
}

/// The state after an editor turned `base` into `new`, typed by `client` (53 bits, one per installation). `base` is
/// what the editor began with, `None` for what the state holds now; what came in since then stays.
///
/// # Errors
/// [`Error::StoreDamaged`] when `state` is none.
pub fn edit(state: Option<&[u8]>, base: Option<&str>, new: &str, client: u64) -> Result<Vec<u8>> {
    guarded(|| {
        let doc = state.map_or_else(|| Ok(Doc::with_client_id(client)), |state| loaded(state, client))?;
        let current = content(&doc);
        let hunks = diff::rebased(base.unwrap_or(&current), new, &current);
        let text = doc.get_or_insert_text(ROOT);
        let mut tx = doc.transact_mut();
        for hunk in hunks.iter().rev() {
            let (at, length) = (offset(hunk.at.start)?, offset(hunk.at.len())?);
            if length > 0 {
                text.remove_range(&mut tx, at, length);
            }
            if !hunk.text.is_empty() {
                text.insert(&mut tx, at, &hunk.text);
            }
        }
        drop(tx);
        Ok(encoded(&doc))
    })
}

/// The state that holds both.
///
/// # Errors
/// [`Error::StoreDamaged`] when either is none.
pub fn merge(mine: &[u8], theirs: &[u8]) -> Result<Vec<u8>> {
    guarded(|| {
        let doc = loaded(mine, READER)?;
        let before = doc.transact().snapshot();
        apply(&doc, theirs)?;
        // What I hold already stays as it is, byte by byte.
        if doc.transact().snapshot() == before { Ok(mine.to_vec()) } else { Ok(encoded(&doc)) }
    })
}

/// Whether `state` has every insertion and deletion of `part`.
///
/// # Errors
/// [`Error::StoreDamaged`] when either is no state.
pub fn contains(state: &[u8], part: &[u8]) -> Result<bool> {
    if state == part {
        return Ok(true);
    }
    guarded(|| {
        let whole = loaded(state, READER)?.transact().snapshot();
        let part = loaded(part, READER)?.transact().snapshot();
        Ok(covers(&whole, &part))
    })
}

fn covers(whole: &Snapshot, part: &Snapshot) -> bool {
    part.state_map.iter().all(|(client, clock)| whole.state_map.get(client) >= *clock)
        && part.delete_set.diff(&whole.delete_set).is_empty()
}

fn loaded(state: &[u8], client: u64) -> Result<Doc> {
    let doc = Doc::with_client_id(client);
    apply(&doc, state)?;
    Ok(doc)
}

fn apply(doc: &Doc, state: &[u8]) -> Result<()> {
    // The root must exist before, or its type would be unknown while the update is integrated.
    doc.get_or_insert_text(ROOT);
    let update = Update::decode_v1(state).map_err(|_| damaged())?;
    doc.transact_mut().apply_update(update).map_err(|_| damaged())
}

fn content(doc: &Doc) -> String {
    let text = doc.get_or_insert_text(ROOT);
    text.get_string(&doc.transact())
}

fn encoded(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

fn offset(bytes: usize) -> Result<u32> {
    u32::try_from(bytes).map_err(|_| Error::invalid("the note is too long"))
}

fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged()))
}

fn damaged() -> Error {
    Error::StoreDamaged("a text cell".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(state: Option<&[u8]>, text: &str, client: u64) -> Vec<u8> {
        edit(state, None, text, client).unwrap()
    }

    #[test]
    fn both_sides_of_a_conflict_keep_what_they_typed() {
        let start = typed(None, "We went to the museum.", 1);
        let mum = typed(Some(&start), "On Monday we went to the museum.", 2);
        let dad = typed(Some(&start), "We went to the museum and drew a dinosaur.", 3);
        let merged = read(&merge(&mum, &dad).unwrap()).unwrap();
        assert_eq!(merged, read(&merge(&dad, &mum).unwrap()).unwrap());
        assert_eq!(merged, "On Monday we went to the museum and drew a dinosaur.");
    }

    #[test]
    fn a_deleted_sentence_is_gone_from_the_bytes() {
        let start = typed(None, "Kept. SECRETSENTENCE Kept too.", 1);
        let state = typed(Some(&start), "Kept. Kept too.", 1);
        assert!(!state.windows(14).any(|window| window == b"SECRETSENTENCE"));
        let merged = merge(&start, &state).unwrap();
        assert!(!merged.windows(14).any(|window| window == b"SECRETSENTENCE"));
        assert_eq!(read(&merged).unwrap(), "Kept. Kept too.");
    }

    #[test]
    fn a_state_knows_what_it_lacks() {
        let start = typed(None, "One.", 1);
        let more = typed(Some(&start), "One. Two.", 2);
        let less = typed(Some(&more), "One.", 2);
        for (whole, part, expected) in
            [(&more, &start, true), (&start, &more, false), (&less, &more, true), (&more, &less, false)]
        {
            assert_eq!(contains(whole, part).unwrap(), expected);
        }
    }

    #[test]
    fn text_is_kept_in_one_form_and_within_its_limit() {
        assert_eq!(normalised("Zoe\u{308}\r\nx\ry\0", "the note").unwrap(), "Zoë\nx\ny");
        assert!(normalised(&"x".repeat(MAX_BYTES), "the note").is_ok());
        let refused = normalised(&"x".repeat(MAX_BYTES + 1), "the note").unwrap_err();
        assert!(refused.to_string().starts_with("the note is longer than 64 KiB"));
    }

    #[test]
    fn damaged_states_are_errors_and_never_panics() {
        let state = typed(None, "Some text that is long enough to be cut.", 1);
        for length in 0..state.len() {
            let _ = read(&state[..length]);
        }
        for bit in 0..state.len() * 8 {
            let mut bytes = state.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = read(&bytes);
            let _ = merge(&state, &bytes);
            let _ = contains(&bytes, &state);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn merging_is_commutative_associative_and_idempotent(texts in proptest::collection::vec("[ab é]{0,12}", 4)) {
            let start = typed(None, &texts[0], 1);
            let [a, b, c] = [2, 3, 4].map(|client| typed(Some(&start), &texts[client as usize - 1], client));
            let text = |state: &[u8]| read(state).unwrap();
            let ab = merge(&a, &b).unwrap();
            let ba = merge(&b, &a).unwrap();
            prop_assert_eq!(text(&ab), text(&ba));
            prop_assert!(contains(&ab, &ba).unwrap() && contains(&ba, &ab).unwrap());
            let left = merge(&ab, &c).unwrap();
            let right = merge(&a, &merge(&b, &c).unwrap()).unwrap();
            prop_assert_eq!(text(&left), text(&right));
            prop_assert!(contains(&left, &right).unwrap() && contains(&right, &left).unwrap());
            prop_assert_eq!(merge(&ab, &a).unwrap(), ab.clone());
            prop_assert_eq!(merge(&ab, &ab).unwrap(), ab);
        }
    }
}
