//! Which chain is the true one: my copy against the server's, and the anchor of an empty phone.

use super::entry::Entry;
use super::state::Log;
use crate::ids::Hash32;
use crate::{Error, Result};

/// How a served log stands to mine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The same entries.
    Same,
    /// It goes on where mine ends: take the rest.
    Longer,
    /// A proper prefix of mine: put mine back, never use it.
    Shorter,
    /// It departs from mine: the alarm "server history differs".
    Departs,
}

/// Compares two logs by the hashes of their entries.
pub fn compare(mine: &[Hash32], served: &[Hash32]) -> Standing {
    if mine.iter().zip(served).any(|(mine, served)| mine != served) {
        return Standing::Departs;
    }
    match mine.len().cmp(&served.len()) {
        std::cmp::Ordering::Equal => Standing::Same,
        std::cmp::Ordering::Less => Standing::Longer,
        std::cmp::Ordering::Greater => Standing::Shorter,
    }
}

/// A log that an empty phone may trust.
#[derive(Debug, Clone)]
pub struct Anchored {
    /// The whole log, verified from entry 1.
    pub log: Log,
    /// Number of the entry that my recovery key signed: it authenticates all before it.
    pub number: u64,
    /// Whether my key is still the one in force; otherwise the words were replaced or cleared since.
    pub current: bool,
}

/// Verifies a served log for a phone that has only the recovery words.
///
/// Anyone can make a chain that is valid in itself. The true one holds an entry that sets *my* recovery key and
/// is signed by it; that signature authenticates all before it by the chain of hashes. Its absence is an error.
///
/// # Errors
/// Those of [`Log::replay`]; [`Error::Log`] when no entry was signed by this key.
pub fn anchor(entries: &[Entry], sign_pk: &[u8; 32]) -> Result<Anchored> {
    let log = Log::replay(entries)?;
    let mine = log.recoveries().iter().rfind(|key| key.sign_pk == *sign_pk);
    let Some((number, current)) = mine.map(|key| (key.set, key.cleared.is_none())) else {
        return Err(Error::Log("no entry carries the signature of these recovery words"));
    };
    Ok(Anchored { log, number, current })
}
