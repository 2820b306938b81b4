//! A family's copy on its way out by a signed order (keys.md 3): told by mail, called off by any parent's device, and what
//! is remembered of a family that is gone.

use kinfolio_protocol::{AccountId, DeviceId, FamilyId};

use super::ends::{MAILS, REMINDER_US};
use super::users;
use crate::clock::{DAY_US, Randomness};
use crate::mail::{self, Text};
use crate::store::{Result, Tx, Value};

/// How long a family waits that a device's or the recovery key's signature ends.
pub(crate) const SIGNED_WAIT_US: i64 = 14 * DAY_US;

/// An order that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) due_us: i64,
    /// None: the recovery key.
    pub(crate) device: Option<DeviceId>,
}

/// An order whose next step is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    pub(crate) family: FamilyId,
    /// A mail is still to come first.
    pub(crate) mail_first: bool,
}

/// The order for a family, if there is one.
pub(crate) fn find(tx: &mut Tx<'_>, family: FamilyId) -> Result<Option<Ordered>> {
    tx.query_one("SELECT due_at, device_id FROM family_erasures WHERE family_id = $1", &[family.0.into()])?
        .map(|row| Ok(Ordered { due_us: row.int(0)?, device: row.opt_id(1)?.map(DeviceId) }))
        .transpose()
}

/// Begins the wait. False: an order is on its way, and goes on as it is.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    family: FamilyId,
    device: Option<DeviceId>,
    now_us: i64,
) -> Result<bool> {
    let due_us = now_us + SIGNED_WAIT_US;
    let begun = tx.execute(
        "INSERT INTO family_erasures (family_id, device_id, ordered_at, due_at, mails_sent, next_at)
         VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (family_id) DO NOTHING",
        &[
            family.0.into(),
            device.map(|device| device.0).into(),
            Value::Int(now_us),
            Value::Int(due_us),
            Value::Int(due_us - REMINDER_US),
        ],
    )?;
    Ok(begun > 0)
}

/// Calls it off. False: nothing was ordered, or the end has begun.
pub(crate) fn stop(tx: &mut Tx<'_>, family: FamilyId) -> Result<bool> {
    let sql = "DELETE FROM family_erasures WHERE family_id = $1 AND begun_at IS NULL";
    Ok(tx.execute(sql, &[family.0.into()])? > 0)
}

/// The first family by id after `last` whose next mail or end is due.
pub(crate) fn next_due(tx: &mut Tx<'_>, last: FamilyId, now_us: i64) -> Result<Option<Due>> {
    tx.query_one(
        "SELECT family_id, mails_sent FROM family_erasures
          WHERE family_id > $1 AND next_at <= $2 ORDER BY family_id LIMIT 1",
        &[last.0.into(), Value::Int(now_us)],
    )?
    .map(|row| Ok(Due { family: FamilyId(row.id(0)?), mail_first: row.int(1)? < MAILS }))
    .transpose()
}

/// From here on nothing calls it off. False: it had begun before, and was broken off.
pub(crate) fn close(tx: &mut Tx<'_>, family: FamilyId, now_us: i64) -> Result<bool> {
    let begin = "UPDATE family_erasures SET begun_at = $1 WHERE family_id = $2 AND begun_at IS NULL";
    Ok(tx.execute(begin, &[Value::Int(now_us), family.0.into()])? > 0)
}

/// Whether an ordered end has begun.
pub(crate) fn has_begun(tx: &mut Tx<'_>, family: FamilyId) -> Result<bool> {
    let sql = "SELECT 1 FROM family_erasures WHERE family_id = $1 AND begun_at IS NOT NULL";
    Ok(tx.query_one(sql, &[family.0.into()])?.is_some())
}

/// Nothing of the family is left.
pub(crate) fn forget(tx: &mut Tx<'_>, family: FamilyId) -> Result<()> {
    tx.execute("DELETE FROM family_erasures WHERE family_id = $1", &[family.0.into()])?;
    Ok(())
}

/// Puts a mail to each of these accounts into the outbox.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    accounts: &[AccountId],
    text: &Text,
    random: &dyn Randomness,
    now_us: i64,
) -> Result<()> {
    for account in accounts {
        if let Some(email) = users::enabled_email_of(tx, account.0)? {
            mail::enqueue(tx, random.make(), &email, text, now_us)?;
        }
    }
    Ok(())
}

/// A device of a family that is gone, as its log listed it at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErasedDevice {
    pub(crate) sign_pk: [u8; 32],
    pub(crate) parent: bool,
    /// Of the log at the end.
    pub(crate) log_length: i64,
}

/// Remembers which devices a family had at its end, in place of what an earlier end left.
pub(crate) fn remember(tx: &mut Tx<'_>, family: FamilyId, devices: &[ErasedDevice]) -> Result<()> {
    tx.execute("DELETE FROM erased_devices WHERE family_id = $1", &[family.0.into()])?;
    for device in devices {
        tx.execute(
            "INSERT INTO erased_devices (family_id, sign_pk, parent, log_length) VALUES ($1, $2, $3, $4)",
            &[family.0.into(), device.sign_pk.into(), device.parent.into(), Value::Int(device.log_length)],
        )?;
    }
    Ok(())
}

/// The devices of a family that was erased here; none for every other family.
pub(crate) fn remembered(tx: &mut Tx<'_>, family: FamilyId) -> Result<Vec<ErasedDevice>> {
    tx.query(
        "SELECT sign_pk, parent, log_length FROM erased_devices WHERE family_id = $1",
        &[family.0.into()],
    )?
    .iter()
    .map(|row| Ok(ErasedDevice { sign_pk: row.hash(0)?, parent: row.bool(1)?, log_length: row.int(2)? }))
    .collect()
}
