//! Digests: what the server holds, in 256 buckets, so that a phone finds a difference without pulling it all.

use std::collections::{BTreeMap, BTreeSet};

use kinfolio_protocol::sign::Checkpoint;
use kinfolio_protocol::sync::{self, BucketItem, DigestResponse};
use kinfolio_protocol::{DeviceId, FamilyId, Hash32, RecordId, SpaceId};

use crate::body::{Params, Reply};
use crate::families::{space_of, unsigned};
use crate::member::{Enrolled, Member};
use crate::store::{Result, Row, Tx};

/// `GET …/spaces/{space}/digest`.
///
/// # Errors
/// 404 for a space that this device does not read; a member's ([`crate::member`]).
pub async fn digest(member: Member, params: Params) -> Result<Reply<DigestResponse>> {
    let space: SpaceId = params.id("space")?;
    let (row, rows) = member
        .read(move |tx, device| {
            let row = space_of(tx, device, space)?;
            let checkpoints = checkpoints(tx, device.family, space)?;
            let rows = tx.query(
                "SELECT record_id, seq, ct_hash FROM record WHERE family_id = $1 AND space_id = $2
                  ORDER BY record_id",
                &[device.family.0.into(), space.0.into()],
            )?;
            Ok((row, without(&rows, &checkpoints)?))
        })
        .await?;
    let mut by_byte: BTreeMap<u8, Vec<(RecordId, Hash32)>> = BTreeMap::new();
    for row in rows {
        let RecordId([first, ..]) = row.record;
        by_byte.entry(first).or_default().push((row.record, row.ct_hash));
    }
    let buckets = (0..=u8::MAX).map(|byte| sync::bucket(by_byte.remove(&byte).unwrap_or_default())).collect();
    Ok(Reply::ok(DigestResponse { incarnation: row.incarnation, head: unsigned(row.head), buckets }))
}

/// `GET …/spaces/{space}/bucket/{bucket}`: the records whose id begins with this byte, 0 to 255.
///
/// # Errors
/// 404 for a space that this device does not read, and for a bucket that is no byte; a member's ([`crate::member`]).
pub async fn bucket(member: Member, params: Params) -> Result<Reply<Vec<BucketItem>>> {
    let space: SpaceId = params.id("space")?;
    let byte: u8 = params.id("bucket")?;
    let rows = member.read(move |tx, device| rows_of(tx, device, space, byte)).await?;
    Ok(Reply::ok(rows))
}

fn rows_of(tx: &mut Tx<'_>, device: &Enrolled, space: SpaceId, byte: u8) -> Result<Vec<BucketItem>> {
    space_of(tx, device, space)?;
    let (mut first, mut last) = ([0; 16], [u8::MAX; 16]);
    if let (Some(low), Some(high)) = (first.first_mut(), last.first_mut()) {
        (*low, *high) = (byte, byte);
    }
    let checkpoints = checkpoints(tx, device.family, space)?;
    let rows = tx.query(
        "SELECT record_id, seq, ct_hash FROM record
          WHERE family_id = $1 AND space_id = $2 AND record_id >= $3 AND record_id <= $4 ORDER BY record_id",
        &[device.family.0.into(), space.0.into(), first.into(), last.into()],
    )?;
    without(&rows, &checkpoints)
}

/// The ids under which devices keep their checkpoints of a space: digests leave those out.
fn checkpoints(tx: &mut Tx<'_>, family: FamilyId, space: SpaceId) -> Result<BTreeSet<RecordId>> {
    tx.query("SELECT device_id FROM device WHERE family_id = $1", &[family.0.into()])?
        .iter()
        .map(|row| Ok(Checkpoint::record_id(DeviceId(row.id(0)?), space)))
        .collect()
}

fn without(rows: &[Row], checkpoints: &BTreeSet<RecordId>) -> Result<Vec<BucketItem>> {
    let rows = rows.iter().map(|row| {
        Ok(BucketItem {
            record: RecordId(row.id(0)?),
            seq: unsigned(row.int(1)?),
            ct_hash: Hash32(row.hash(2)?),
        })
    });
    rows.filter(|row| row.as_ref().map_or(true, |row| !checkpoints.contains(&row.record))).collect()
}
