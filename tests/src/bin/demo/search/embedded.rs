//! Opens the embedded store with the server's own keys, as docs/formats.md describes them, and reads every row.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;

/// Every row of one database, and where it was.
pub struct Rows {
    pub place: String,
    pub rows: usize,
    pub bytes: Vec<u8>,
}

/// All databases under the server's data folder, opened.
pub fn rows(data: &Path) -> Result<Vec<Rows>> {
    let store_key = store_key(data)?;
    let accounts = open(&data.join("accounts.db"), &derive(&store_key, b"kinfolio/server/accounts-file")?)?;
    let wrapping = derive(&store_key, b"kinfolio/server/family-key-wrap")?;
    let mut all = vec![every_row("accounts", &accounts)?];
    let mut families = accounts.prepare("SELECT family_id, wrapped_key FROM family_keys")?;
    let keys = families.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    for key in keys {
        let (family, wrapped) = key?;
        let name: String = family.iter().map(|byte| format!("{byte:02x}")).collect();
        let file = family_file(data, &name).with_context(|| format!("the file of family {name}"))?;
        let connection = open(&file, &unwrap(&wrapping, &family, &wrapped)?)?;
        all.push(every_row(&format!("family {name}"), &connection)?);
    }
    Ok(all)
}

/// Puts a plain text into a table of its own of the accounts database, to see whether the search finds it.
pub fn plant(data: &Path, text: &str) -> Result<()> {
    let key = derive(&store_key(data)?, b"kinfolio/server/accounts-file")?;
    let accounts = open(&data.join("accounts.db"), &key)?;
    accounts.execute_batch("CREATE TABLE planted (words TEXT NOT NULL) STRICT")?;
    accounts.execute("INSERT INTO planted (words) VALUES (?1)", [text])?;
    Ok(())
}

fn store_key(data: &Path) -> Result<Vec<u8>> {
    let file: serde_json::Value = serde_json::from_slice(&fs::read(data.join("secrets.json"))?)?;
    Ok(STANDARD.decode(file["store_key"].as_str().context("store_key in secrets.json")?)?)
}

fn derive(key: &[u8], label: &[u8]) -> Result<[u8; 32]> {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, key).expand(label, &mut out).map_err(|_| anyhow::anyhow!("HKDF"))?;
    Ok(out)
}

/// `nonce 24 | XChaCha20-Poly1305`, bound to the family's id.
fn unwrap(key: &[u8; 32], family: &[u8], wrapped: &[u8]) -> Result<[u8; 32]> {
    let (nonce, sealed) = wrapped.split_at_checked(24).context("a wrapped key is too short")?;
    let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| anyhow::anyhow!("key length"))?;
    let nonce = XNonce::from(<[u8; 24]>::try_from(nonce)?);
    let plain = cipher
        .decrypt(&nonce, Payload { msg: sealed, aad: family })
        .map_err(|_| anyhow::anyhow!("a wrapped family key does not open"))?;
    Ok(plain.as_slice().try_into()?)
}

fn open(path: &Path, key: &[u8; 32]) -> Result<Connection> {
    ensure!(path.is_file(), "{} is missing", path.display());
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))?;
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .context("the key does not open it")?;
    Ok(connection)
}

fn family_file(data: &Path, name: &str) -> Option<PathBuf> {
    super::places::files(data).into_iter().find(|path| {
        path.extension().is_some_and(|extension| extension == "db") && path.to_string_lossy().contains(name)
    })
}

fn every_row(place: &str, connection: &Connection) -> Result<Rows> {
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut all = Rows { place: place.to_owned(), rows: 0, bytes: Vec::new() };
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all.rows += 1;
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => {}
                    ValueRef::Integer(number) => all.bytes.extend(number.to_string().into_bytes()),
                    ValueRef::Real(number) => all.bytes.extend(number.to_string().into_bytes()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => all.bytes.extend(bytes),
                }
                // Between values, so that two of them never look like one.
                all.bytes.extend(b"\0|\0");
            }
        }
    }
    Ok(all)
}
