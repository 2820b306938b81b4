//! Records: ciphertext by space, with a sequence number that counts up in the same transaction as the rows.

mod digest;
mod kept;
mod pull;
mod purged;
mod push;
mod push_rows;

pub use digest::{bucket, digest};
pub use kept::sweep;
pub use pull::pull;
pub use purged::purged;
pub use push::push;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kinfolio_protocol::SpaceId;
use kinfolio_protocol::sync::HeadResponse;

use crate::body::{Params, Reply};
use crate::families::{space_of, unsigned};
use crate::hex::hex;
use crate::member::Member;
use crate::store::Result;

/// `GET …/spaces/{space}/head`: 304 for a phone that names the tag of the head it has.
///
/// # Errors
/// 404 for a space that this device does not read; a member's ([`crate::member`]).
pub async fn head(member: Member, params: Params, headers: HeaderMap) -> Result<Response> {
    let space: SpaceId = params.id("space")?;
    let head = member
        .read(move |tx, device| {
            let row = space_of(tx, device, space)?;
            Ok(HeadResponse { incarnation: row.incarnation, head: unsigned(row.head) })
        })
        .await?;
    let tag = format!("\"{}-{}\"", hex(&head.incarnation), head.head);
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let answer =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Reply::ok(head).into_response() };
    Ok(([(header::ETAG, tag)], answer).into_response())
}
