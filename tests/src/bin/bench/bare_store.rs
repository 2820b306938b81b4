//! The bare store: one SQLCipher file with the rows that an entry has in ours and the same full-text index, written by
//! hand: no rooms, no documents, no sealing.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::{Connection, ToSql, params};
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
            "CREATE TABLE record (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, cells BLOB NOT NULL, sealed BLOB);
             CREATE TABLE entry (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, day TEXT NOT NULL,
                                 title TEXT NOT NULL, note TEXT NOT NULL, lines TEXT NOT NULL, tags TEXT NOT NULL);
             CREATE INDEX by_day ON entry (day, id);
             CREATE TABLE learner (entry INTEGER NOT NULL, who INTEGER NOT NULL, line TEXT NOT NULL,
                                   PRIMARY KEY (entry, who)) WITHOUT ROWID;
             CREATE INDEX by_learner ON learner (who, entry);
             CREATE TABLE subject (entry INTEGER NOT NULL, which INTEGER NOT NULL,
                                   PRIMARY KEY (entry, which)) WITHOUT ROWID;
             CREATE INDEX by_subject ON subject (which, entry);
             CREATE TABLE tag (entry INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (entry, tag)) WITHOUT ROWID;
             CREATE INDEX by_tag ON tag (tag, entry);
             CREATE TABLE minutes (who INTEGER NOT NULL, entry INTEGER NOT NULL, which INTEGER NOT NULL,
                                   minutes INTEGER, PRIMARY KEY (who, entry, which)) WITHOUT ROWID;
             CREATE VIRTUAL TABLE words USING fts5 (
                 title, note, lines, tags, content = 'entry', content_rowid = 'id', detail = 'column',
                 tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co M*'\", prefix = '2 3');",
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
    let run = |sql: &str, values: &[&dyn ToSql]| connection.prepare_cached(sql)?.execute(values);
    run(
        "INSERT INTO record (rid, cells, sealed) VALUES (?1, ?2, ?3)",
        params![rid, vec![7u8; CELLS], vec![9u8; SEALED]],
    )?;
    let lines = entry.learners.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
    let tags = entry.tags.join("\n");
    run(
        "INSERT INTO entry (rid, day, title, note, lines, tags) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![rid, entry.learned_on, entry.title, entry.note, lines, tags],
    )?;
    let id = connection.last_insert_rowid();
    for (who, line) in &entry.learners {
        run("INSERT INTO learner (entry, who, line) VALUES (?1, ?2, ?3)", params![id, who, line])?;
        for which in &entry.subjects {
            run(
                "INSERT INTO minutes (who, entry, which, minutes) VALUES (?1, ?2, ?3, ?4)",
                params![who, id, which, entry.minutes],
            )?;
        }
    }
    for which in &entry.subjects {
        run("INSERT INTO subject (entry, which) VALUES (?1, ?2)", params![id, which])?;
    }
    for tag in &entry.tags {
        run("INSERT INTO tag (entry, tag) VALUES (?1, ?2)", params![id, tag])?;
    }
    run(
        "INSERT INTO words (rowid, title, note, lines, tags) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, entry.title, entry.note, lines, tags],
    )?;
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
