//! Pull: a page of a space after or before a sequence number, and the head of the same moment.

use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kinfolio_protocol::family::{NOTICES_HEADER, Notices};
use kinfolio_protocol::json::code;
use kinfolio_protocol::sync::{PullItem, PullResponse};
use kinfolio_protocol::{DeviceId, RecordId, SpaceId, encode, limits};
use serde::Deserialize;

use crate::body::{Asked, Params, Reply};
use crate::erase;
use crate::error::ApiError;
use crate::families::{space_of, unsigned};
use crate::member::{Enrolled, Member};
use crate::store::{Result, Row, Tx, Value};

/// `?after=N` ascending, `?before=N` descending; `limit` records at most.
#[derive(Deserialize)]
pub struct Page {
    after: Option<u64>,
    before: Option<u64>,
    limit: Option<u64>,
}

/// `GET …/spaces/{space}/pull`. The last page carries what every phone of the family is told, if there is anything.
///
/// # Errors
/// 400 `malformed` for both directions at once; 404 for a space that this device does not read; 429 for too many
/// records a minute; a member's ([`crate::member`]).
pub async fn pull(member: Member, params: Params, Asked(page): Asked<Page>) -> Result<Response> {
    let space: SpaceId = params.id("space")?;
    if page.after.is_some() && page.before.is_some() {
        return Err(ApiError::bad_request(code::MALFORMED, "ask for after or before, not both"));
    }
    let limit = page.limit.unwrap_or(u64::MAX).clamp(1, limits::PULL_RECORDS as u64) as i64;
    let (reply, parent) = member
        .read(move |tx, device| {
            let row = space_of(tx, device, space)?;
            let (records, more) = match page.before {
                Some(before) => read(tx, device, space, Order::Descending, signed(before), limit)?,
                None => {
                    let after = page.after.unwrap_or(0);
                    read(tx, device, space, Order::Ascending, signed(after), limit)?
                }
            };
            let reply =
                PullResponse { incarnation: row.incarnation, head: unsigned(row.head), more, records };
            Ok((reply, device.parent().is_ok()))
        })
        .await?;
    // Known only now; the page is read again when it is asked for later.
    member.spend(reply.records.len())?;
    if reply.more {
        return Ok(Reply::ok(reply).into_response());
    }
    let told = erase::told(member.state(), member.family(), parent).await?;
    if told == Notices::default() {
        return Ok(Reply::ok(reply).into_response());
    }
    Ok(([(NOTICES_HEADER, BASE64URL.encode(encode(&told)))], Reply::ok(reply)).into_response())
}

#[derive(Clone, Copy)]
enum Order {
    Ascending,
    Descending,
}

/// Beyond every sequence number there is.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// One page, cut where it grows over a MiB; a larger record still makes a page of its own. Sizes are read first, so
/// that no more ciphertext is fetched than is sent.
fn read(
    tx: &mut Tx<'_>,
    device: &Enrolled,
    space: SpaceId,
    order: Order,
    from: i64,
    limit: i64,
) -> Result<(Vec<PullItem>, bool)> {
    let place = [device.family.0.into(), space.0.into(), Value::Int(from)];
    let sizes = match order {
        Order::Ascending => tx.query(
            "SELECT seq, CAST(length(ct) AS BIGINT) FROM record
              WHERE family_id = $1 AND space_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
            &[&place[..], &[Value::Int(limit + 1)]].concat(),
        )?,
        Order::Descending => tx.query(
            "SELECT seq, CAST(length(ct) AS BIGINT) FROM record
              WHERE family_id = $1 AND space_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
            &[&place[..], &[Value::Int(limit + 1)]].concat(),
        )?,
    };
    let (mut count, mut bytes, mut last) = (0, 0, from);
    for row in sizes.iter().take(limit as usize) {
        bytes += row.int(1)?;
        if count > 0 && bytes > limits::PUSH_BYTES as i64 {
            break;
        }
        count += 1;
        last = row.int(0)?;
    }
    let until = [&place[..], &[Value::Int(last)]].concat();
    let rows = match order {
        Order::Ascending => tx.query(
            "SELECT record_id, seq, format, epoch, ct, device_id FROM record
              WHERE family_id = $1 AND space_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq",
            &until,
        )?,
        Order::Descending => tx.query(
            "SELECT record_id, seq, format, epoch, ct, device_id FROM record
              WHERE family_id = $1 AND space_id = $2 AND seq < $3 AND seq >= $4 ORDER BY seq DESC",
            &until,
        )?,
    };
    let records = rows.iter().map(item).collect::<Result<_>>()?;
    Ok((records, sizes.len() > count))
}

fn item(row: &Row) -> Result<PullItem> {
    Ok(PullItem {
        record: RecordId(row.id(0)?),
        seq: unsigned(row.int(1)?),
        format: u16::try_from(row.int(2)?).unwrap_or(u16::MAX),
        epoch: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
        ciphertext: row.bytes(4)?,
        device: DeviceId(row.id(5)?),
    })
}
