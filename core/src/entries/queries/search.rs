//! Full-text search: words as they are typed, accents folded, newest first.

use super::{Filtered, page_size};
use crate::entries::TimelineQuery;
use crate::error::Result;
use crate::ids::EntryId;
use rusqlite::Transaction;
use unicode_normalization::char::is_combining_mark;

/// Words beyond this many are not looked at.
const MAX_WORDS: usize = 16;
const COLUMNS: &str = "e.rid, e.title, e.learned_on, snippet(entry_text, -1, '', '', '…', 16)";

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: EntryId,
    /// Its title, may be empty.
    pub title: String,
    /// The day of the learning, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Some words around the first place, on one line.
    pub snippet: String,
}

pub(in crate::entries) fn search(
    tx: &Transaction<'_>,
    text: &str,
    query: &TimelineQuery,
) -> Result<Vec<Hit>> {
    let Some(question) = question(text) else { return Ok(Vec::new()) };
    // It stops at the limit: a word that every entry has costs no more than a rare one.
    Filtered::of(tx, query, Some(question))?.rows(tx, COLUMNS, page_size(query), |row| {
        Ok(Hit {
            entry: EntryId(row.get(0)?),
            title: row.get(1)?,
            learned_on: row.get(2)?,
            snippet: row.get::<_, String>(3)?.replace('\n', " "),
        })
    })
}

/// Every word in quotes, so that none is an operator; the last one also as a beginning while it is being typed.
fn question(text: &str) -> Option<String> {
    let letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut words: Vec<String> = text
        .split(|c| !letter(c))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .map(|word| format!("\"{word}\""))
        .collect();
    if text.ends_with(letter)
        && let Some(last) = words.last_mut()
    {
        last.push('*');
    }
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_an_operator() {
        assert_eq!(question("river wal").unwrap(), "\"river\" \"wal\"*");
        assert_eq!(question("river ").unwrap(), "\"river\"");
        assert_eq!(
            question("a AND b\" OR NEAR(c d) ^x title:y*").unwrap(),
            "\"a\" \"AND\" \"b\" \"OR\" \"NEAR\" \"c\" \"d\" \"x\" \"title\" \"y\""
        );
        assert_eq!(question("\"*-()^:"), None);
        assert_eq!(question(""), None);
    }
}
