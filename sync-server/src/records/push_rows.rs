//! The rows of a push: what is there, what stays of it for a while, what is new, and how much it all counts.

use std::collections::BTreeMap;

use kinfolio_protocol::sync::PushItem;
use kinfolio_protocol::{Hash32, RecordId};

use super::kept::{self, OLD_LIFE_US};
use super::push::Push;
use crate::families::{PURGE_WAIT_US, SpaceRow, Want, check_quota, unsigned};
use crate::log::int;
use crate::store::{Result, Tx, Value};

/// What the server has of a record.
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) format: i64,
    pub(super) epoch: i64,
    pub(super) ct_hash: Hash32,
    pub(super) device: [u8; 16],
    pub(super) maker: [u8; 16],
    pub(super) at: i64,
    pub(super) ct: Vec<u8>,
}

impl Push<'_> {
    fn key(&self, record: RecordId) -> [Value; 3] {
        [self.device.family.0.into(), self.space.0.into(), record.0.into()]
    }

    /// What the server has of the records in this push.
    pub(super) fn stored(&self, tx: &mut Tx<'_>) -> Result<BTreeMap<RecordId, Stored>> {
        let keys: Vec<Value> = self.request.records.iter().flat_map(|item| self.key(item.record)).collect();
        let rows = tx.query_many(
            // A join, not `IN (VALUES …)`: for that SQLite reads the whole table.
            "WITH want (f, s, r) AS (VALUES",
            3,
            &keys,
            ") SELECT record_id, seq, format, epoch, ct_hash, device_id, maker_id, at, ct
                 FROM want JOIN record ON family_id = f AND space_id = s AND record_id = r",
        )?;
        rows.iter()
            .map(|row| {
                let stored = Stored {
                    seq: row.int(1)?,
                    format: row.int(2)?,
                    epoch: row.int(3)?,
                    ct_hash: Hash32(row.hash(4)?),
                    device: row.id(5)?,
                    maker: row.id(6)?,
                    at: row.int(7)?,
                    ct: row.bytes(8)?,
                };
                Ok((RecordId(row.id(0)?), stored))
            })
            .collect()
    }

    /// The versions that are replaced stay a while, and longer-kept ones of a purged record end with it.
    pub(super) fn keep_old(
        &self,
        tx: &mut Tx<'_>,
        stored: &BTreeMap<RecordId, Stored>,
        fresh: &[(&PushItem, Hash32)],
    ) -> Result<()> {
        kept::sweep(tx, self.device.family, self.now)?;
        let mut values = Vec::new();
        for (item, _) in fresh {
            let Some(old) = stored.get(&item.record) else { continue };
            values.extend(self.key(item.record));
            values.extend([old.seq.into(), old.format.into(), old.epoch.into(), old.device.into()]);
            values.extend([old.at.into(), old.ct.clone().into(), false.into()]);
            values.push((self.now + OLD_LIFE_US).into());
        }
        tx.execute_many(
            "INSERT INTO record_old (family_id, space_id, record_id, seq, format, epoch, device_id, at, ct,
                                     purge_pending, expires_at) VALUES",
            11,
            &values,
            "",
        )?;
        for (item, _) in fresh.iter().filter(|(item, _)| item.purge) {
            tx.execute(
                "UPDATE record_old SET purge_pending = $1, expires_at = $2
                  WHERE family_id = $3 AND space_id = $4 AND record_id = $5 AND purge_pending = $6",
                &[
                    true.into(),
                    (self.now + PURGE_WAIT_US).into(),
                    self.device.family.0.into(),
                    self.space.0.into(),
                    item.record.0.into(),
                    false.into(),
                ],
            )?;
        }
        Ok(())
    }

    /// The records themselves, under numbers that go on from the head.
    pub(super) fn write(
        &self,
        tx: &mut Tx<'_>,
        space: &SpaceRow,
        stored: &BTreeMap<RecordId, Stored>,
        fresh: &[(&PushItem, Hash32)],
    ) -> Result<()> {
        let mut values = Vec::with_capacity(fresh.len() * 11);
        for (seq, (item, hash)) in (space.head + 1..).zip(fresh) {
            let maker = stored.get(&item.record).map_or(self.device.member.0, |old| old.maker);
            values.extend(self.key(item.record));
            values.extend([seq.into(), i64::from(item.format).into(), i64::from(item.epoch).into()]);
            values.extend([hash.0.into(), self.device.device.0.into(), maker.into(), self.now.into()]);
            values.push(item.ciphertext.as_slice().into());
        }
        tx.execute_many(
            "INSERT INTO record (family_id, space_id, record_id, seq, format, epoch, ct_hash, device_id,
                                 maker_id, at, ct) VALUES",
            11,
            &values,
            "ON CONFLICT (family_id, space_id, record_id) DO UPDATE SET
                 seq = excluded.seq, format = excluded.format, epoch = excluded.epoch,
                 ct_hash = excluded.ct_hash, device_id = excluded.device_id, at = excluded.at, ct = excluded.ct",
        )?;
        Ok(())
    }

    /// The head, the space's size, the device's count of pushes: all in the same transaction as the rows. What is
    /// replaced goes on counting until it leaves.
    pub(super) fn count(&self, tx: &mut Tx<'_>, fresh: &[(&PushItem, Hash32)]) -> Result<()> {
        let more: i64 = fresh.iter().map(|(item, _)| item.ciphertext.len() as i64).sum();
        if !fresh.is_empty() {
            let want = if fresh.iter().all(|(item, _)| item.purge) { Want::Purges } else { Want::Records };
            check_quota(tx, self.device.family, want, unsigned(more), self.quota)?;
            tx.execute(
                "UPDATE space SET head = head + $1, bytes = bytes + $2 WHERE family_id = $3 AND space_id = $4",
                &[(fresh.len() as i64).into(), more.into(), self.device.family.0.into(), self.space.0.into()],
            )?;
        }
        tx.execute(
            "UPDATE device SET push_no = $1 WHERE family_id = $2 AND device_id = $3 AND push_no < $1",
            &[int(self.request.push_no)?, self.device.family.0.into(), self.device.device.0.into()],
        )?;
        Ok(())
    }
}
