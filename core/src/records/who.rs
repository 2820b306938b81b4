//! Who a learner is by now: two may turn out to be one.

use super::fields::learner::MERGED_INTO;
use super::{Kind, Value, load};
use crate::error::Result;
use crate::ids::LearnerId;
use rusqlite::Transaction;

/// How many merges of learners are followed, one after the other: two phones can make two part of each other.
const MOST_MERGES: usize = 16;

/// Who a learner is by now; none where they are gone.
///
/// # Errors
/// When the store can't be read.
pub fn who_it_is(tx: &Transaction<'_>, mut id: LearnerId) -> Result<Option<LearnerId>> {
    for _ in 0..MOST_MERGES {
        let learner = load(tx, id)?.filter(|stored| stored.doc.kind() == u16::from(Kind::Learner));
        let Some(stored) = learner else { return Ok(None) };
        if stored.doc.is_shown() {
            return Ok(Some(id));
        }
        match stored.doc.register(MERGED_INTO).and_then(Value::as_bytes).and_then(|id| id.try_into().ok()) {
            Some(into) => id = LearnerId(into),
            None => return Ok(None),
        }
    }
    Ok(None)
}
