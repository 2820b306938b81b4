//! Records: ciphertext by space, with a sequence number that counts up in the same transaction as the rows.

mod digest;
mod pull;
mod push;

pub use digest::{bucket, digest};
pub use pull::pull;
pub use push::push;

use kinfolio_protocol::SpaceId;
use kinfolio_protocol::sync::HeadReply;

use crate::body::{Params, Reply};
use crate::error::ApiError;
use crate::member::{Enrolled, Member};
use crate::store::{Result, Tx};

/// A space as its row has it.
pub(crate) struct SpaceRow {
    pub epoch: i64,
    pub ended: bool,
    pub incarnation: [u8; 16],
    pub head: i64,
}

/// A space that this device may read, or 404.
pub(crate) fn space_of(tx: &mut Tx<'_>, device: &Enrolled, space: SpaceId) -> Result<SpaceRow> {
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

/// `GET …/spaces/{space}/head`.
pub async fn head(member: Member, params: Params) -> Result<Reply<HeadReply>> {
    let space: SpaceId = params.id("space")?;
    let head = member
        .read(move |tx, device| {
            let row = space_of(tx, device, space)?;
            Ok(HeadReply { incarnation: row.incarnation, head: unsigned(row.head) })
        })
        .await?;
    Ok(Reply::ok(head))
}

/// Sequence numbers are never negative.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
