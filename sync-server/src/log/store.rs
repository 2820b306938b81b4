//! The membership log in the store: read and replayed, and written with the rows that it leads to.

use kinfolio_protocol::json::code;
use kinfolio_protocol::log::{Entry, Log, Role};
use kinfolio_protocol::{FamilyId, decode, encode};

use crate::error::ApiError;
use crate::store::{Result, Tx, Value};

/// Every entry as it came, in order.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn entries(tx: &mut Tx<'_>, family: FamilyId) -> Result<Vec<Vec<u8>>> {
    tx.query("SELECT entry FROM log_entry WHERE family_id = $1 ORDER BY number", &[family.0.into()])?
        .iter()
        .map(|row| row.bytes(0))
        .collect()
}

/// The verified log of a family that has one.
///
/// # Errors
/// [`replay`]'s and the store's ([`crate::store`]).
pub fn load(tx: &mut Tx<'_>, family: FamilyId) -> Result<Log> {
    let entries = entries(tx, family)?;
    replay(&entries)
}

/// Replays stored entries; they were verified when they came, so a failure is ours.
///
/// # Errors
/// 500 for entries that do not decode or verify.
pub fn replay(entries: &[Vec<u8>]) -> Result<Log> {
    let damaged = |error| ApiError::internal("the stored log does not replay").with_source(error);
    let entries: Vec<Entry> =
        entries.iter().map(|entry| decode(entry)).collect::<Result<_, _>>().map_err(damaged)?;
    Log::replay(&entries).map_err(damaged)
}

/// Writes new entries and every row that changed from `before` to `after`. `incarnation` makes one for a new space.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn store(
    tx: &mut Tx<'_>,
    before: Option<&Log>,
    after: &Log,
    new: &[Entry],
    now_us: i64,
    incarnation: &dyn Fn() -> [u8; 16],
) -> Result<()> {
    let family = Value::from(after.family().0);
    for entry in new {
        tx.execute(
            "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, $4)",
            &[family.clone(), int(entry.body().number)?, encode(entry).into(), now_us.into()],
        )?;
    }
    for (id, member) in after.members() {
        if before.and_then(|log| log.members().get(id)) != Some(member) {
            tx.execute(
                "INSERT INTO member (family_id, member_id, removed) VALUES ($1, $2, $3)
                 ON CONFLICT (family_id, member_id) DO UPDATE SET removed = excluded.removed",
                &[family.clone(), id.0.into(), opt_int(member.removed)?],
            )?;
        }
    }
    store_spaces(tx, before, after, incarnation)?;
    store_devices(tx, before, after)?;
    let paper = |log: &Log| log.recovery().map(|key| key.sign_pk);
    if let Some(old) = before.and_then(paper).filter(|old| paper(after) != Some(*old)) {
        tx.execute("DELETE FROM key_grant WHERE family_id = $1 AND recipient = $2", &[family, old.into()])?;
    }
    Ok(())
}

fn store_spaces(
    tx: &mut Tx<'_>,
    before: Option<&Log>,
    after: &Log,
    incarnation: &dyn Fn() -> [u8; 16],
) -> Result<()> {
    for (id, space) in after.spaces() {
        if before.and_then(|log| log.spaces().get(id)) == Some(space) {
            continue;
        }
        let epoch = space.newest().map_or(0, |epoch| epoch.epoch);
        // A log that comes from another server names heads of that one: counting goes on above them.
        let head = space.epochs.iter().map(|(_, epoch)| epoch.head_seq).max().unwrap_or(0);
        tx.execute(
            "INSERT INTO space (family_id, space_id, epoch, ended, incarnation, head, bytes)
             VALUES ($1, $2, $3, $4, $5, $6, 0)
             ON CONFLICT (family_id, space_id) DO UPDATE SET epoch = excluded.epoch, ended = excluded.ended",
            &[
                after.family().0.into(),
                id.0.into(),
                i64::from(epoch).into(),
                opt_int(space.ended)?,
                incarnation().into(),
                int(head)?,
            ],
        )?;
    }
    Ok(())
}

fn store_devices(tx: &mut Tx<'_>, before: Option<&Log>, after: &Log) -> Result<()> {
    for (id, device) in after.devices() {
        if before.and_then(|log| log.devices().get(id)) == Some(device) {
            continue;
        }
        let share = match device.role {
            Role::Parent => None,
            Role::Share(space) => Some(space.0),
        };
        tx.execute(
            "INSERT INTO device (family_id, device_id, member_id, share_id, sign_pk, removed, push_no)
             VALUES ($1, $2, $3, $4, $5, $6, 0)
             ON CONFLICT (family_id, device_id) DO UPDATE SET removed = excluded.removed",
            &[
                after.family().0.into(),
                id.0.into(),
                device.member.0.into(),
                share.into(),
                device.sign_pk.into(),
                opt_int(device.removed)?,
            ],
        )?;
        if device.removed.is_some() {
            tx.execute(
                "DELETE FROM key_grant WHERE family_id = $1 AND recipient = $2",
                &[after.family().0.into(), id.0.as_slice().into()],
            )?;
        }
    }
    Ok(())
}

/// Sequence numbers and entry numbers fit the store's signed integers; the log's limits see to it.
///
/// # Errors
/// 400 `malformed` for a number that does not fit all the same.
pub fn int(number: u64) -> Result<Value> {
    i64::try_from(number)
        .map(Value::Int)
        .map_err(|_| ApiError::bad_request(code::MALFORMED, "a number is too large"))
}

fn opt_int(number: Option<u64>) -> Result<Value> {
    number.map_or(Ok(Value::Null), int)
}
