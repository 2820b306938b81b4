//! A space's row: its newest epoch, its head, whether it has ended.

use kinfolio_protocol::SpaceId;

use crate::error::ApiError;
use crate::member::Enrolled;
use crate::store::{Result, Tx};

/// A space as its row has it.
pub struct SpaceRow {
    /// The only epoch that a push may use.
    pub epoch: i64,
    /// Whether the share has ended.
    pub ended: bool,
    /// New after a restore.
    pub incarnation: [u8; 16],
    /// The newest sequence number.
    pub head: i64,
}

/// A space that this device may read, or 404.
///
/// # Errors
/// 404 as said; the store's ([`crate::store`]).
pub fn space_of(tx: &mut Tx<'_>, device: &Enrolled, space: SpaceId) -> Result<SpaceRow> {
    let row = tx.query_one(
        "SELECT epoch, ended, incarnation, head FROM space WHERE family_id = $1 AND space_id = $2",
        &[device.family.0.into(), space.0.into()],
    )?;
    let row = row.filter(|_| device.reads(space)).ok_or_else(ApiError::not_found)?;
    Ok(SpaceRow {
        epoch: row.int(0)?,
        ended: row.opt_int(1)?.is_some(),
        incarnation: row.id(2)?,
        head: row.int(3)?,
    })
}

/// Sequence numbers are never negative.
pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
