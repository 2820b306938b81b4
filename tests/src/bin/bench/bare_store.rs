//! The bare store: one SQLCipher file with the same notes, an index on the day and a full-text index, no rooms.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::{Connection, params};
use support::family::Entry;

const KEY: &str = "PRAGMA key = \"x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b'\"";
/// Bytes of a record's cells and of its envelope, as ours have on average.
const CELLS: usize = 1_130;
const SEALED: usize = 1_070;

/// A file and its open connection.
pub struct Bare {
    file: PathBuf,
    connection: Connection,
}

impl Bare {
    /// Makes a file with these entries in one transaction.
    pub fn make(file: &Path, entries: &[Entry]) -> Result<Self> {
        let mut connection = connect(file)?;
        connection.execute_batch(
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, day TEXT NOT NULL,
                                 title TEXT NOT NULL, note TEXT NOT NULL, cells BLOB NOT NULL, sealed BLOB);
             CREATE INDEX by_day ON entry (day, id);
             CREATE VIRTUAL TABLE words USING fts5 (title, note, content = 'entry', content_rowid = 'id',
                                                    tokenize = 'unicode61 remove_diacritics 2');",
        )?;
        let tx = connection.transaction()?;
        for entry in entries {
            insert(&tx, entry)?;
        }
        tx.commit()?;
        Ok(Self { file: file.to_owned(), connection })
    }

    /// Opens it anew.
    pub fn reopen(&mut self) -> Result<()> {
        self.connection = connect(&self.file)?;
        Ok(())
    }

    /// The newest 50, whole.
    pub fn page(&self) -> Result<usize> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, rid, day, title, note FROM entry ORDER BY day DESC, id DESC LIMIT 50",
        )?;
        count(&mut select, [])
    }

    /// The newest 50 hits.
    pub fn search(&self, words: &str) -> Result<usize> {
        let mut select = self.connection.prepare_cached(
            "SELECT e.id, e.rid, e.day, e.title, e.note FROM words w JOIN entry e ON e.id = w.rowid
              WHERE words MATCH ?1 ORDER BY w.rowid DESC LIMIT 50",
        )?;
        count(&mut select, [words])
    }

    /// One durable transaction.
    pub fn save(&mut self, entry: &Entry) -> Result<()> {
        let tx = self.connection.transaction()?;
        insert(&tx, entry)?;
        Ok(tx.commit()?)
    }
}

fn connect(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    for pragma in
        [KEY, "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -16000"]
    {
        let mut statement = connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    Ok(connection)
}

fn insert(connection: &Connection, entry: &Entry) -> Result<()> {
    let rid: [u8; 16] = rand::random();
    connection
        .prepare_cached(
            "INSERT INTO entry (rid, day, title, note, cells, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            rid,
            entry.learned_on,
            entry.title,
            entry.note,
            vec![7u8; CELLS],
            vec![9u8; SEALED]
        ])?;
    connection
        .prepare_cached("INSERT INTO words (rowid, title, note) VALUES (?1, ?2, ?3)")?
        .execute(params![connection.last_insert_rowid(), entry.title, entry.note])?;
    Ok(())
}

fn count<P: rusqlite::Params>(select: &mut rusqlite::CachedStatement<'_>, values: P) -> Result<usize> {
    let mut rows = select.query(values)?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(4)?.as_str()?.len();
    }
    Ok(bytes)
}
