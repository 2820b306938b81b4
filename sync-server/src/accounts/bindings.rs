//! Which enrolled device a sign-in is: the proof lasts until the device is removed (keys.md 3).

use kinfolio_protocol::{AccountId, DeviceId, FamilyId, SignInId};

use crate::audit::{self, Event};
use crate::store::{Result, Tx, Value};

/// A proven device of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The family whose log lists the device.
    pub family: FamilyId,
    /// The device.
    pub device: DeviceId,
    /// Its Ed25519 key, as the log lists it.
    pub sign_pk: [u8; 32],
}

/// Binds a sign-in of `user` to a device, after its proof was verified. A later proof of another device replaces it; one
/// of the same device changes nothing.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn bind(
    tx: &mut Tx<'_>,
    sign_in: SignInId,
    user: [u8; 16],
    binding: &Binding,
    now_us: i64,
) -> Result<()> {
    let bound = tx.execute(
        "INSERT INTO bindings (signin_id, family_id, device_id, sign_pk, bound_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (signin_id, family_id) DO UPDATE
            SET device_id = excluded.device_id, sign_pk = excluded.sign_pk, bound_at = excluded.bound_at
          WHERE bindings.device_id <> excluded.device_id OR bindings.sign_pk <> excluded.sign_pk",
        &[
            sign_in.0.into(),
            binding.family.0.into(),
            binding.device.0.into(),
            binding.sign_pk.into(),
            Value::Int(now_us),
        ],
    )?;
    match bound {
        0 => Ok(()),
        _ => audit::record(tx, now_us, Event::DeviceBound, Some(user), Some(sign_in.0)),
    }
}

/// The device of a sign-in in one family.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn of_family(tx: &mut Tx<'_>, sign_in: SignInId, family: FamilyId) -> Result<Option<DeviceId>> {
    tx.query_one(
        "SELECT device_id FROM bindings WHERE signin_id = $1 AND family_id = $2",
        &[sign_in.0.into(), family.0.into()],
    )?
    .map(|row| Ok(DeviceId(row.id(0)?)))
    .transpose()
}

/// Every device of a sign-in, one per family.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn of_sign_in(tx: &mut Tx<'_>, sign_in: SignInId) -> Result<Vec<Binding>> {
    tx.query("SELECT family_id, device_id, sign_pk FROM bindings WHERE signin_id = $1", &[sign_in.0.into()])?
        .iter()
        .map(|row| {
            Ok(Binding { family: row.id(0)?.into(), device: row.id(1)?.into(), sign_pk: row.hash(2)? })
        })
        .collect()
}

/// Ends what a sign-in was bound to but this family: only there did the device of a refresh prove itself. Whoever
/// has stolen the tokens could bind them to a family of their own, and would else keep them alive in this one too.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn keep_only(
    tx: &mut Tx<'_>,
    sign_in: SignInId,
    user: [u8; 16],
    family: FamilyId,
    now_us: i64,
) -> Result<()> {
    let ended = tx.execute(
        "DELETE FROM bindings WHERE signin_id = $1 AND family_id <> $2",
        &[sign_in.0.into(), family.0.into()],
    )?;
    match ended {
        0 => Ok(()),
        _ => audit::record(tx, now_us, Event::DeviceUnbound, Some(user), Some(sign_in.0)),
    }
}

/// Ends every binding of a removed device.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn unbind(tx: &mut Tx<'_>, family: FamilyId, device: DeviceId, now_us: i64) -> Result<()> {
    let ended = tx.query(
        "DELETE FROM bindings WHERE family_id = $1 AND device_id = $2
          RETURNING signin_id, (SELECT s.user_id FROM signins s WHERE s.signin_id = bindings.signin_id)",
        &[family.0.into(), device.0.into()],
    )?;
    for row in ended {
        audit::record(tx, now_us, Event::DeviceUnbound, row.opt_id(1)?, Some(row.id(0)?))?;
    }
    Ok(())
}

/// Writes down that a device of the account gave its family new keys.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn rotated(tx: &mut Tx<'_>, account: AccountId, sign_in: SignInId, now_us: i64) -> Result<()> {
    audit::record(tx, now_us, Event::KeysRotated, Some(account.0), Some(sign_in.0))
}

/// The devices of a family as which an account is signed in now.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn live_in(tx: &mut Tx<'_>, user: [u8; 16], family: FamilyId, now_us: i64) -> Result<Vec<DeviceId>> {
    tx.query(
        "SELECT b.device_id FROM bindings b JOIN signins s ON s.signin_id = b.signin_id
          WHERE s.user_id = $1 AND b.family_id = $2 AND s.revoked_at IS NULL
            AND s.idle_expires_at > $3 AND s.expires_at > $3",
        &[user.into(), family.0.into(), Value::Int(now_us)],
    )?
    .iter()
    .map(|row| row.id(0).map(DeviceId))
    .collect()
}
