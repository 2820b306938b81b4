//! Two that turned out to be one: learners, and subjects that became part of another.

use super::fields::learner::MERGED_INTO;
use super::{Document, Kind, load};
use crate::error::Result;
use crate::ids::LearnerId;
use rusqlite::Transaction;

/// Where a way of merges ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<I> {
    /// What all of it is now.
    pub end: I,
    /// The start is on a ring: two phones made each part of the other.
    pub ring: bool,
}

/// Follows merges from a start, one after the other. Of a ring, all phones choose the smallest id.
///
/// # Errors
/// What `next` returns.
pub fn way<I: Copy + Ord>(start: I, mut next: impl FnMut(I) -> Result<Option<I>>) -> Result<Way<I>> {
    let mut way = vec![start];
    let mut at = start;
    while let Some(into) = next(at)? {
        if let Some(ring) = way.iter().position(|seen| *seen == into) {
            let end = way.iter().skip(ring).min().copied().unwrap_or(at);
            return Ok(Way { end, ring: ring == 0 });
        }
        way.push(into);
        at = into;
    }
    Ok(Way { end: at, ring: false })
}

/// Who a learner turned out to be, if so.
pub fn merged_into(doc: &Document) -> Option<LearnerId> {
    doc.register(MERGED_INTO)?.as_bytes()?.try_into().ok().map(LearnerId)
}

/// Who a learner is by now; none where they are gone.
///
/// # Errors
/// When the store can't be read.
pub fn who_it_is(tx: &Transaction<'_>, id: LearnerId) -> Result<Option<LearnerId>> {
    let learner = |id| -> Result<Option<Document>> {
        let found = load(tx, id)?.map(|stored| stored.doc);
        Ok(found.filter(|doc| doc.kind() == u16::from(Kind::Learner)))
    };
    let gone_into = |id| Ok(learner(id)?.filter(|doc| !doc.is_shown()).as_ref().and_then(merged_into));
    let end = way(id, gone_into)?.end;
    Ok(learner(end)?.filter(Document::is_shown).map(|_| end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_ring_all_phones_choose_the_smallest() {
        let end = |start: u8, pairs: &[(u8, u8)]| {
            let next = |id| Ok(pairs.iter().find(|(from, _)| *from == id).map(|(_, into)| *into));
            let way = way(start, next).unwrap();
            (way.end, way.ring)
        };
        assert_eq!([1, 2, 3].map(|start| end(start, &[(1, 2), (2, 3)])), [(3, false); 3]);
        assert_eq!([1, 2].map(|start| end(start, &[(1, 2), (2, 1)])), [(1, true); 2]);
        let tail = [(9, 4), (4, 7), (7, 5), (5, 4)];
        assert_eq!(
            [9, 4, 7, 5].map(|start| end(start, &tail)),
            [(4, false), (4, true), (4, true), (4, true)]
        );
    }
}
