//! Step 7: everything that must stay secret is searched for in every byte that the server holds or was sent.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::database::Database;
use crate::phone::keystore;
use crate::search::{Hit, Needle, Search, places};
use crate::world::World;

/// In the planted row of the self-test.
const CANARY: &str = "a canary in plain words 48151623";

/// What is found in the phones' own stores goes onto the list: tokens and keys.
pub fn remember_keys(world: &mut World, phones: &[&str]) -> Result<()> {
    let mut count = 0;
    for phone in phones {
        let folder = world.folders.path(phone);
        let secrets = keystore(&folder).all()?;
        for (name, secret) in &secrets {
            if secret.len() >= 16 {
                world.secret(format!("{phone}: {name}"), secret.clone());
            }
        }
        let key = secrets.get("store-key").context("the phone's store key")?;
        for (what, bytes) in keys_in(&folder.join("kinfolio.db"), key)? {
            world.secret(format!("{phone}: {what}"), bytes);
            count += 1;
        }
    }
    world.story.check(count >= 12, format!("{count} keys and tokens are read out of the phones' own stores"))
}

/// Photo bytes: of the photographs as taken, and of the copies that phone two shows.
pub fn remember_photos(world: &mut World) -> Result<()> {
    for folder in ["camera", "phone-2-photos"] {
        for path in places::files(&world.folders.path(folder)) {
            let bytes = fs::read(&path)?;
            for part in 1..8 {
                let at = bytes.len() * part / 8;
                if let Some(piece) = bytes.get(at..at + 24) {
                    world.secret("photo bytes", piece);
                }
            }
        }
    }
    Ok(())
}

pub fn run(world: &mut World, database: &Database) -> Result<usize> {
    let needles: Vec<Needle> =
        world.needles.iter().filter(|needle| needle.bytes.len() >= 5).cloned().collect();
    let search = Search::new(needles)?;
    world.story.say(format!(
        "{} secrets (nicknames, notes, lines, captions, photo bytes, passwords, tokens, keys, the real name), {} patterns: raw, base64, hex, percent-encoded, UTF-16",
        search.needles(),
        search.patterns()
    ));
    let mut hits = Vec::new();
    let mut bytes = 0;
    for (what, mail, files) in [
        ("every file of the server's folder", false, places::files(&world.folders.path("server"))),
        ("its log", false, vec![world.folders.path("server.log")]),
        ("its mail", true, places::files(&world.folders.path("mail"))),
        (
            "every body of the family plane that phones sent and got",
            false,
            places::files(&world.folders.path("captured")),
        ),
    ] {
        let (found, size) = in_files(&search, mail, &files)?;
        ensure!(size > 0, "nothing was there to search: {what}");
        bytes += size;
        world.story.check(found.is_empty(), format!("{what}: {size} bytes, 0 hits{}", list(&found)))?;
        hits.extend(found);
    }
    let rows = database.rows(&world.folders.path("server"))?;
    let count: usize = rows.iter().map(|rows| rows.rows).sum();
    let found: Vec<Hit> = rows.iter().flat_map(|rows| search.hits(&rows.place, false, &rows.bytes)).collect();
    bytes += rows.iter().map(|rows| rows.bytes.len()).sum::<usize>();
    world.story.check(
        found.is_empty() && count > 100,
        format!("every row of its database, {}: {count} rows, 0 hits{}", database.opened_how(), list(&found)),
    )?;
    self_test(world, database)?;
    Ok(bytes)
}

/// A search that finds nothing proves nothing until it finds something.
fn self_test(world: &mut World, database: &Database) -> Result<()> {
    let copy = world.folders.path("self-test");
    if matches!(database, Database::Embedded) {
        places::copy(&world.folders.path("server"), &copy)?;
    }
    database.plant(&copy, CANARY)?;
    let search = Search::new(vec![Needle::new("the canary", CANARY)])?;
    let hits: Vec<Hit> =
        database.rows(&copy)?.iter().flat_map(|rows| search.hits(&rows.place, false, &rows.bytes)).collect();
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    world.story.check(hits.len() == 1, "self-test: one plain text planted in one row is found")
}

fn in_files(search: &Search, mail: bool, files: &[PathBuf]) -> Result<(Vec<Hit>, usize)> {
    let mut hits = Vec::new();
    let mut size = 0;
    for path in files {
        let bytes = fs::read(path)?;
        size += bytes.len();
        hits.extend(search.hits(&path.display().to_string(), mail, &bytes));
        // A name may be in a name, too.
        hits.extend(search.hits(
            "a file name",
            mail,
            path.file_name().unwrap_or_default().as_encoded_bytes(),
        ));
    }
    Ok((hits, size))
}

fn list(hits: &[Hit]) -> String {
    hits.iter()
        .take(5)
        .map(|hit| format!("\n     FOUND {} as {} in {} at {}", hit.what, hit.encoding, hit.place, hit.at))
        .collect()
}

/// Keys and tokens of a phone's store: every column that is named like one.
fn keys_in(path: &Path, key: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))?;
    let mut columns = connection.prepare(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
          WHERE m.type = 'table' AND m.sql NOT LIKE '%VIRTUAL%'
            AND (c.name LIKE '%key' OR c.name LIKE '%secret%' OR c.name LIKE '%seed%' OR c.name LIKE '%token'
                 OR c.name LIKE '%entropy%' OR c.name LIKE '%verifier%')",
    )?;
    let columns: Vec<(String, String)> =
        columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (table, column) in columns {
        let mut statement = connection.prepare(&format!("SELECT \"{column}\" FROM \"{table}\""))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let ValueRef::Blob(bytes) | ValueRef::Text(bytes) = row.get_ref(0)?
                && bytes.len() >= 16
            {
                found.push((format!("{table}.{column}"), bytes.to_vec()));
            }
        }
    }
    Ok(found)
}
