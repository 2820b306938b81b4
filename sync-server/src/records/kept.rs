//! Replaced versions: how long they are kept, and that they count until they leave.

use std::collections::BTreeMap;

use kinfolio_protocol::FamilyId;

use crate::clock::DAY_US;
use crate::store::{Result, Tx};

/// How long a replaced version is kept, for undo and against a device gone bad.
pub(super) const OLD_LIFE_US: i64 = 30 * DAY_US;

/// Destroys the versions of a family whose time is over; its spaces count without them from then on.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn sweep(tx: &mut Tx<'_>, family: FamilyId, now_us: i64) -> Result<()> {
    let gone = tx.query(
        "DELETE FROM record_old WHERE family_id = $1 AND expires_at < $2
         RETURNING space_id, CAST(length(ct) AS BIGINT)",
        &[family.0.into(), now_us.into()],
    )?;
    let mut freed: BTreeMap<[u8; 16], i64> = BTreeMap::new();
    for row in gone {
        *freed.entry(row.id(0)?).or_default() += row.int(1)?;
    }
    for (space, bytes) in freed {
        tx.execute(
            "UPDATE space SET bytes = bytes - $1 WHERE family_id = $2 AND space_id = $3",
            &[bytes.into(), family.0.into(), space.into()],
        )?;
    }
    Ok(())
}
