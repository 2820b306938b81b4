//! SQL of QR codes shown or scanned by this phone.

use super::queries::secret;
use crate::calendar::DAY_MS;
use crate::crypto::Secret32;
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::error::{Error, Result};
use kinfolio_protocol::link::{LinkKind, LinkPost};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, decode, encode};
use rusqlite::{OptionalExtension, Row, Transaction};
use std::fmt;

/// How far a link has come on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Shown, or scanned and not yet posted.
    Begun,
    /// Joining: the post was sent, or is about to be.
    Posted,
    /// Answered: the device is in the log.
    Done,
}

/// The new device's keys, while this phone is the new one.
#[derive(Clone)]
pub(super) struct Joining {
    pub device: DeviceId,
    pub kem: KemKey,
    pub sign: SignKey,
}

/// One code.
#[derive(Clone)]
pub(super) struct LinkRow {
    pub link: LinkId,
    pub kind: LinkKind,
    pub secret: Secret32,
    pub issuer: String,
    pub family: Option<FamilyId>,
    pub expires_ms: i64,
    pub stage: Stage,
    /// Joining: what I posted. Approving: what the person looked at; for an ask, what its code said.
    pub post: Option<LinkPost>,
    pub joining: Option<Joining>,
}

impl fmt::Debug for LinkRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkRow({}, {:?})", self.link, self.stage)
    }
}

const COLUMNS: &str = "link, kind, secret, issuer, family, expires_ms, stage, post, joining, device, kem_secret, \
                       sign_seed";

fn read(row: &Row<'_>) -> rusqlite::Result<(LinkRow, Option<Vec<u8>>)> {
    let joining = match row.get::<_, bool>(8)? {
        true => Some(Joining {
            device: DeviceId(row.get(9)?),
            kem: KemKey::from_secret(secret(row, 10)?),
            sign: SignKey::from_seed(&secret(row, 11)?),
        }),
        false => None,
    };
    let link = LinkRow {
        link: LinkId(row.get(0)?),
        kind: if row.get::<_, i64>(1)? == 0 { LinkKind::Invite } else { LinkKind::Ask },
        secret: secret(row, 2)?,
        issuer: row.get(3)?,
        family: row.get::<_, Option<_>>(4)?.map(FamilyId),
        expires_ms: row.get(5)?,
        stage: match row.get::<_, i64>(6)? {
            0 => Stage::Begun,
            1 => Stage::Posted,
            _ => Stage::Done,
        },
        post: None,
        joining,
    };
    Ok((link, row.get(7)?))
}

fn with_post((link, post): (LinkRow, Option<Vec<u8>>)) -> Result<LinkRow> {
    let post = post.map(|bytes| decode(&bytes)).transpose();
    Ok(LinkRow { post: post.map_err(|_| Error::StoreDamaged("link".into()))?, ..link })
}

pub(super) fn link(tx: &Transaction<'_>, link: LinkId) -> Result<LinkRow> {
    let sql = format!("SELECT {COLUMNS} FROM link WHERE link = ?1");
    let row = tx.query_row(&sql, [link.as_bytes()], read).optional()?;
    with_post(row.ok_or(Error::NotFound("code"))?)
}

/// The code with which this phone is joining.
pub(super) fn joining(tx: &Transaction<'_>) -> Result<Option<LinkRow>> {
    let sql = format!("SELECT {COLUMNS} FROM link WHERE joining = 1 AND stage < 2 LIMIT 1");
    tx.query_row(&sql, [], read).optional()?.map(with_post).transpose()
}

pub(super) fn save(tx: &Transaction<'_>, row: &LinkRow) -> Result<()> {
    let joining = row.joining.as_ref();
    let seed = joining.map(|joining| joining.sign.seed());
    tx.execute(
        "INSERT INTO link (link, kind, secret, issuer, family, expires_ms, stage, post, joining, device, kem_secret,
                           sign_seed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (link) DO UPDATE SET family = ?5, stage = ?7, post = ?8",
        rusqlite::params![
            row.link.as_bytes(),
            match row.kind {
                LinkKind::Invite => 0,
                LinkKind::Ask => 1,
            },
            row.secret.bytes(),
            row.issuer,
            row.family.map(|family| family.0),
            row.expires_ms,
            stage_number(row.stage),
            row.post.as_ref().map(encode),
            joining.is_some(),
            joining.map(|joining| joining.device.0),
            joining.map(|joining| joining.kem.secret().bytes()),
            seed.as_ref().map(|seed| seed.bytes()),
        ],
    )?;
    Ok(())
}

const fn stage_number(stage: Stage) -> i64 {
    match stage {
        Stage::Begun => 0,
        Stage::Posted => 1,
        Stage::Done => 2,
    }
}

pub(super) fn set_stage(tx: &Transaction<'_>, link: LinkId, stage: Stage) -> Result<()> {
    tx.execute("UPDATE link SET stage = ?2 WHERE link = ?1", (link.as_bytes(), stage_number(stage)))?;
    Ok(())
}

pub(super) fn set_bound(tx: &Transaction<'_>, link: LinkId, sign_in: &[u8; 16]) -> Result<()> {
    tx.execute("UPDATE link SET bound = ?2 WHERE link = ?1", (link.as_bytes(), sign_in))?;
    Ok(())
}

/// The sign-in that was bound while joining.
pub(super) fn bound_sign_in(tx: &Transaction<'_>, link: LinkId) -> Result<Option<[u8; 16]>> {
    let sql = "SELECT bound FROM link WHERE link = ?1";
    Ok(tx.query_row(sql, [link.as_bytes()], |row| row.get(0)).optional()?.flatten())
}

/// The device as which a phone in the middle of joining has bound this sign-in.
pub(super) fn bound(
    tx: &Transaction<'_>,
    sign_in: &[u8; 16],
) -> Result<Option<(FamilyId, DeviceId, SignKey)>> {
    let row = tx
        .query_row(
            "SELECT family, device, sign_seed FROM link WHERE joining = 1 AND bound = ?1 AND family IS NOT NULL",
            [sign_in],
            |row| Ok((FamilyId(row.get(0)?), DeviceId(row.get(1)?), SignKey::from_seed(&secret(row, 2)?))),
        )
        .optional()?;
    Ok(row)
}

/// Forgets codes that are over: answered ones, and those that ended two days before `now_ms`.
pub(super) fn sweep(tx: &Transaction<'_>, now_ms: i64) -> Result<()> {
    tx.execute(
        "DELETE FROM link WHERE bound IS NULL AND ((stage = 2 AND joining = 0) OR expires_ms < ?1)",
        [now_ms - 2 * DAY_MS],
    )?;
    Ok(())
}

/// The code did what it was for, and its keys are this phone's own now.
pub(super) fn delete(tx: &Transaction<'_>, link: LinkId) -> Result<()> {
    tx.execute("DELETE FROM link WHERE link = ?1", [link.as_bytes()])?;
    Ok(())
}

/// Joining is over, one way or the other. A device that a sign-in was bound to is kept: only its signature can
/// refresh that sign-in.
pub(super) fn forget_joining(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM link WHERE joining = 1 AND bound IS NULL", [])?;
    tx.execute("UPDATE link SET stage = 2 WHERE joining = 1", [])?;
    Ok(())
}
