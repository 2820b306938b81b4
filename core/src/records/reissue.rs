//! Stamps that a wrong clock gave before any server was heard, put right before anybody else sees them.

use super::document::{Cell, Document};
use super::{Sealer, Stamp, keep, load};
use crate::error::Result;
use crate::ids::RecordId;
use rusqlite::Transaction;

/// Moves every stamp of the records that no server has yet by `offset_ms`; gives the records.
///
/// Only for the first time that the clock's offset is learnt: until then every stamp here came from this phone's
/// uncorrected clock. All of them move alike, so that their order stays.
///
/// # Errors
/// When the store can't be read or written.
pub fn reissue(
    tx: &Transaction<'_>,
    sealer: &Sealer<'_>,
    offset_ms: i64,
) -> Result<Vec<(RecordId, Document)>> {
    let mut select = tx.prepare(
        "SELECT rid FROM record WHERE dirty = 1 AND base_seq = 0 AND local_only = 0 AND space = ?1",
    )?;
    let rids = select.query_map([sealer.space().as_bytes()], |row| row.get(0).map(RecordId))?;
    let mut moved = Vec::new();
    for rid in rids.collect::<Result<Vec<_>, _>>()? {
        let Some(mut stored) = load(tx, rid)? else { continue };
        stored.doc.move_stamps(offset_ms);
        keep(tx, sealer, rid, &stored.doc)?;
        moved.push((rid, stored.doc));
    }
    Ok(moved)
}

impl Document {
    fn move_stamps(&mut self, offset_ms: i64) {
        for cell in self.fields.values_mut() {
            match cell {
                Cell::Register(stamp, _) | Cell::Text(stamp, _) => stamp.shift(offset_ms),
                Cell::Map(map) => map.values_mut().for_each(|(stamp, _)| stamp.shift(offset_ms)),
            }
        }
        if let Some((stamp, _)) = &mut self.trash {
            stamp.shift(offset_ms);
        }
        if let Some(stamp) = &mut self.purge {
            stamp.shift(offset_ms);
        }
    }
}

impl Stamp {
    fn shift(&mut self, offset_ms: i64) {
        self.time = self.time.saturating_add_signed(offset_ms.saturating_mul(1 << 16));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Kind, Stamper, Value};
    use super::*;

    #[test]
    fn every_stamp_moves_alike() {
        let written = |now_ms| {
            let stamper = Stamper { now_ms, device_no: 1, text_client: 1 };
            let later = Stamper { now_ms: now_ms + 7, ..stamper };
            let mut doc = Document::new(Kind::Entry);
            doc.set(2, Value::Text("Frogs".into()), &stamper);
            doc.put(9, Key::text("pond"), Value::Bool(true), &stamper);
            doc.edit_text(1, None, "We saw frogs.", &later).unwrap();
            doc.set_trashed(true, &later);
            doc
        };
        let mut doc = written(4_000_000);
        doc.move_stamps(-3_600_000);
        assert_eq!(doc, written(400_000));
        let mut tombstone = written(4_000_000);
        let mut expected = written(400_000);
        tombstone.purge(&Stamper { now_ms: 5_000_000, device_no: 1, text_client: 1 });
        expected.purge(&Stamper { now_ms: 1_400_000, device_no: 1, text_client: 1 });
        tombstone.move_stamps(-3_600_000);
        assert_eq!(tombstone, expected);
    }

    #[test]
    fn no_stamp_falls_below_1970() {
        let mut stamp = Stamp { time: 5 << 16, device_no: 1 };
        stamp.shift(-6);
        assert_eq!(stamp.time, 0);
    }
}
