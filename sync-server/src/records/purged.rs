//! What purges replaced, while it can still be brought back: for parents' phones, which alone can open it.

use kinfolio_protocol::purge::{PurgedItem, PurgedResponse};
use kinfolio_protocol::{RecordId, SpaceId, limits};
use serde::Deserialize;

use crate::body::{Asked, Params, Reply};
use crate::families::{space_of, unsigned};
use crate::member::{Enrolled, Member};
use crate::store::{Result, Row, Tx, Value};

/// Where a page begins.
#[derive(Deserialize)]
pub struct Page {
    after: Option<u64>,
}

/// `GET …/spaces/{space}/purged`: versions of purged records, by their numbers.
///
/// # Errors
/// 404 for a space that this device does not read, and for a share's device; 429 for too many records a minute; a member's
/// ([`crate::member`]).
pub async fn purged(
    member: Member,
    params: Params,
    Asked(page): Asked<Page>,
) -> Result<Reply<PurgedResponse>> {
    let space: SpaceId = params.id("space")?;
    let after = i64::try_from(page.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let now_us = member.state().clock.now_us();
    let reply = member
        .read(move |tx, device| {
            device.parent()?;
            space_of(tx, device, space)?;
            read(tx, device, space, after, now_us)
        })
        .await?;
    member.spend(reply.versions.len())?;
    Ok(Reply::ok(reply))
}

/// One page, cut where it grows over a MiB. What is due and not swept yet is over.
fn read(
    tx: &mut Tx<'_>,
    device: &Enrolled,
    space: SpaceId,
    after: i64,
    now_us: i64,
) -> Result<PurgedResponse> {
    let place: [Value; 5] =
        [device.family.0.into(), space.0.into(), true.into(), now_us.into(), after.into()];
    let limit = limits::PULL_RECORDS as i64;
    let sizes = tx.query(
        "SELECT seq, CAST(length(ct) AS BIGINT) FROM record_old
          WHERE family_id = $1 AND space_id = $2 AND purge_pending = $3 AND expires_at >= $4 AND seq > $5
          ORDER BY seq LIMIT $6",
        &[&place[..], &[Value::Int(limit + 1)]].concat(),
    )?;
    let (mut count, mut bytes, mut last) = (0, 0, after);
    for row in sizes.iter().take(limits::PULL_RECORDS) {
        bytes += row.int(1)?;
        if count > 0 && bytes > limits::PUSH_BYTES as i64 {
            break;
        }
        count += 1;
        last = row.int(0)?;
    }
    let rows = tx.query(
        "SELECT record_id, seq, format, epoch, expires_at, ct FROM record_old
          WHERE family_id = $1 AND space_id = $2 AND purge_pending = $3 AND expires_at >= $4 AND seq > $5
            AND seq <= $6 ORDER BY seq",
        &[&place[..], &[Value::Int(last)]].concat(),
    )?;
    let versions = rows.iter().map(item).collect::<Result<_>>()?;
    Ok(PurgedResponse { more: sizes.len() > count, versions })
}

fn item(row: &Row) -> Result<PurgedItem> {
    Ok(PurgedItem {
        record: RecordId(row.id(0)?),
        seq: unsigned(row.int(1)?),
        format: u16::try_from(row.int(2)?).unwrap_or(u16::MAX),
        epoch: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
        ends_ms: unsigned(row.int(4)?) / 1_000,
        ciphertext: row.bytes(5)?,
    })
}
