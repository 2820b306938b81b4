//! SQL of the keys room.

use super::grant::Seen;
use super::keyring::SpaceKeys;
use super::own::Own;
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::crypto::{Secret32, SpaceKey};
use crate::error::{Error, Result};
use kinfolio_protocol::family::Notices;
use kinfolio_protocol::log::{Entry, Log};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, MemberId, SpaceId, decode, encode};
use rusqlite::{OptionalExtension, Row, Transaction};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Which request is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The whole log goes to a server for the first time.
    Found,
    /// One entry.
    Append,
    /// The whole log goes again to the family's server, which has lost it.
    FoundAgain,
}

/// The request that was begun and not yet answered.
pub(super) struct Outgoing {
    pub purpose: Purpose,
    pub link: Option<LinkId>,
    pub request: Vec<u8>,
}

pub(super) fn own(tx: &Transaction<'_>) -> Result<Option<Own>> {
    let row = tx
        .query_row(
            "SELECT family, space, device, device_no, member, name, kem_secret, sign_seed, issuer, bound,
                    history_differs
               FROM family_self",
            [],
            |row| {
                Ok(Own {
                    family: FamilyId(row.get(0)?),
                    space: SpaceId(row.get(1)?),
                    device: DeviceId(row.get(2)?),
                    device_no: row.get(3)?,
                    member: MemberId(row.get(4)?),
                    name: row.get(5)?,
                    kem: KemKey::from_secret(secret(row, 6)?),
                    sign: SignKey::from_seed(&secret(row, 7)?),
                    issuer: row.get(8)?,
                    bound: row.get(9)?,
                    history_differs: row.get(10)?,
                })
            },
        )
        .optional()?;
    Ok(row)
}

/// A secret column of exactly 32 bytes.
pub(super) fn secret(row: &Row<'_>, column: usize) -> rusqlite::Result<Secret32> {
    row.get::<_, [u8; 32]>(column).map(Secret32::from_bytes)
}

pub(super) fn save_own(tx: &Transaction<'_>, own: &Own) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO family_self
            (one, family, space, device, device_no, member, name, kem_secret, sign_seed, issuer, bound,
             history_differs)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        rusqlite::params![
            own.family.as_bytes(),
            own.space.as_bytes(),
            own.device.as_bytes(),
            own.device_no,
            own.member.as_bytes(),
            own.name,
            own.kem.secret().bytes(),
            own.sign.seed().bytes(),
            own.issuer,
            own.bound,
            own.history_differs,
        ],
    )?;
    Ok(())
}

/// What the server of this family told last, and until when a recovery grant that was read is put away.
pub(super) fn notices(tx: &Transaction<'_>, family: FamilyId) -> Result<Option<(Notices, i64)>> {
    let sql = "SELECT told, away_ms FROM notice WHERE family = ?1";
    let row = tx.query_row(sql, [family.as_bytes()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)));
    row.optional()?
        .map(|(told, away_ms)| {
            let told = decode(&told).map_err(|_| Error::StoreDamaged("what the server told".into()))?;
            Ok((told, away_ms))
        })
        .transpose()
}

pub(super) fn save_notices(tx: &Transaction<'_>, family: FamilyId, told: &Notices) -> Result<()> {
    tx.execute(
        "INSERT INTO notice (one, family, told) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET
           away_ms = CASE WHEN family = excluded.family THEN away_ms ELSE 0 END,
           family = excluded.family, told = excluded.told",
        (family.as_bytes(), encode(told)),
    )?;
    Ok(())
}

pub(super) fn put_away(tx: &Transaction<'_>, until_ms: i64) -> Result<()> {
    tx.execute("UPDATE notice SET away_ms = ?1", [until_ms])?;
    Ok(())
}

/// The journal, verified anew from entry 1: what the store says is believed no more than what a server says.
pub(super) fn log(tx: &Transaction<'_>) -> Result<Log> {
    let entries = entries(tx)?;
    Log::replay(&entries).map_err(|_| Error::StoreDamaged("membership log".into()))
}

pub(super) fn entries(tx: &Transaction<'_>) -> Result<Vec<Entry>> {
    let mut statement = tx.prepare_cached("SELECT entry FROM log_entry ORDER BY number")?;
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let mut entries = Vec::new();
    for row in rows {
        entries.push(decode(&row?).map_err(|_| Error::StoreDamaged("membership log".into()))?);
    }
    Ok(entries)
}

pub(super) fn add_entry(tx: &Transaction<'_>, entry: &Entry, keyring: Option<&[u8]>) -> Result<()> {
    let number = i64::try_from(entry.body().number).map_err(|_| Error::internal("entry number"))?;
    tx.execute(
        "INSERT INTO log_entry (number, entry, keyring) VALUES (?1, ?2, ?3)",
        (number, encode(entry), keyring),
    )?;
    Ok(())
}

pub(super) fn length(tx: &Transaction<'_>) -> Result<u64> {
    Ok(tx.query_row("SELECT COALESCE(MAX(number), 0) FROM log_entry", [], |row| row.get(0))?)
}

pub(super) fn save_keyring(tx: &Transaction<'_>, number: u64, sealed: &[u8]) -> Result<()> {
    let number = i64::try_from(number).map_err(|_| Error::internal("entry number"))?;
    tx.execute("UPDATE log_entry SET keyring = ?2 WHERE number = ?1", (number, sealed))?;
    Ok(())
}

pub(super) fn keyring(tx: &Transaction<'_>, number: u64) -> Result<Option<Vec<u8>>> {
    let number = i64::try_from(number).map_err(|_| Error::internal("entry number"))?;
    let row = tx
        .query_row("SELECT keyring FROM log_entry WHERE number = ?1", [number], |row| row.get(0))
        .optional()?;
    Ok(row.flatten())
}

pub(super) fn clear_log(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM log_entry", [])?;
    Ok(())
}

pub(super) fn add_keys(tx: &Transaction<'_>, keys: &SpaceKeys) -> Result<()> {
    let mut statement =
        tx.prepare_cached("INSERT OR IGNORE INTO space_key (space, epoch, key) VALUES (?1, ?2, ?3)")?;
    for (space, epochs) in keys {
        for (epoch, key) in epochs {
            statement.execute((space.as_bytes(), epoch, key.bytes()))?;
        }
    }
    Ok(())
}

pub(super) fn key(tx: &Transaction<'_>, space: SpaceId, epoch: u32) -> Result<Option<SpaceKey>> {
    let row = tx
        .prepare_cached("SELECT key FROM space_key WHERE space = ?1 AND epoch = ?2")?
        .query_row((space.as_bytes(), epoch), |row| secret(row, 0))
        .optional()?;
    Ok(row)
}

pub(super) fn seen(tx: &Transaction<'_>) -> Result<BTreeMap<SpaceId, Seen>> {
    let mut statement = tx.prepare_cached("SELECT space, at_seq, root, incarnation FROM space_seen")?;
    let rows = statement.query_map([], |row| {
        Ok((SpaceId(row.get(0)?), Seen { at_seq: row.get(1)?, root: row.get(2)?, incarnation: row.get(3)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn add_seen(tx: &Transaction<'_>, seen: &BTreeMap<SpaceId, Seen>) -> Result<()> {
    for (space, seen) in seen {
        tx.execute(
            "INSERT INTO space_seen (space, at_seq, root, incarnation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (space) DO UPDATE SET at_seq = ?2, root = ?3, incarnation = ?4 WHERE at_seq < ?2",
            (space.as_bytes(), seen.at_seq, seen.root, seen.incarnation),
        )?;
    }
    Ok(())
}

pub(super) fn outgoing(tx: &Transaction<'_>) -> Result<Option<Outgoing>> {
    let row = tx
        .query_row("SELECT purpose, link, request FROM outgoing", [], |row| {
            let purpose = match row.get::<_, i64>(0)? {
                0 => Purpose::Found,
                2 => Purpose::FoundAgain,
                _ => Purpose::Append,
            };
            Ok(Outgoing { purpose, link: row.get::<_, Option<_>>(1)?.map(LinkId), request: row.get(2)? })
        })
        .optional()?;
    Ok(row)
}

pub(super) fn save_outgoing(tx: &Transaction<'_>, outgoing: &Outgoing) -> Result<()> {
    let purpose = match outgoing.purpose {
        Purpose::Found => 0,
        Purpose::Append => 1,
        Purpose::FoundAgain => 2,
    };
    // No REPLACE: a second request while one is unanswered would lose the first one's keys.
    tx.execute(
        "INSERT INTO outgoing (one, purpose, link, request) VALUES (1, ?1, ?2, ?3)",
        (purpose, outgoing.link.map(|link| link.0), &outgoing.request),
    )?;
    Ok(())
}

pub(super) fn drop_outgoing(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM outgoing", [])?;
    Ok(())
}

/// The entropy of a recovery key not yet in force, and whether the words were confirmed.
pub(super) fn draft(tx: &Transaction<'_>) -> Result<Option<(Zeroizing<[u8; 16]>, bool)>> {
    let row = tx
        .query_row("SELECT entropy, confirmed FROM recovery_draft", [], |row| {
            Ok((Zeroizing::new(row.get(0)?), row.get(1)?))
        })
        .optional()?;
    Ok(row)
}

pub(super) fn save_draft(tx: &Transaction<'_>, entropy: &[u8; 16], confirmed: bool) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO recovery_draft (one, entropy, confirmed) VALUES (1, ?1, ?2)",
        (entropy, confirmed),
    )?;
    Ok(())
}

pub(super) fn drop_draft(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM recovery_draft", [])?;
    Ok(())
}
