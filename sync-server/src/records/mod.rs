//! Records: ciphertext by space, with a sequence number that counts up in the same transaction as the rows.

mod digest;
mod kept;
mod pull;
mod push;

pub use digest::{bucket, digest};
pub use kept::sweep;
pub use pull::pull;
pub use push::push;

use kinfolio_protocol::SpaceId;
use kinfolio_protocol::sync::HeadReply;

use crate::body::{Params, Reply};
use crate::families::{space_of, unsigned};
use crate::member::Member;
use crate::store::Result;

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
