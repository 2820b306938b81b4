//! How long things stay in the trash: one setting of the whole family.

use crate::context::Edit;
use crate::error::Result;
use crate::ids::RecordId;
use crate::records::fields::setting as field;
use crate::records::{self, Document, Kind, Value};
use crate::shelf::{choice, chosen};
use crate::storage::Transaction;

/// The record of the family's settings, whose other fields the settings' room keeps.
const SETTINGS: RecordId = RecordId(*b"kinfolio-setting");

choice! {
    /// How long things stay in the trash.
    KeepFor {
        /// 30 days.
        Days30 = 1,
        /// 90 days.
        Days90 = 2,
        /// Until somebody deletes them for good.
        Ever = 3,
    }
}

/// What was chosen.
pub(super) fn keep_for(tx: &Transaction<'_>) -> Result<KeepFor> {
    let stored = records::load(tx, SETTINGS)?;
    Ok(stored.and_then(|stored| chosen(&stored.doc, field::TRASH)).unwrap_or_default())
}

/// After how many days things go by themselves; none when they don't.
pub(super) fn for_days(tx: &Transaction<'_>) -> Result<Option<i64>> {
    Ok(match keep_for(tx)? {
        KeepFor::Days30 => Some(30),
        KeepFor::Days90 => Some(90),
        KeepFor::Ever => None,
    })
}

pub(super) fn set(keep: KeepFor, tx: &mut Edit<'_>) -> Result<()> {
    tx.is_no_step();
    let stored = records::load(tx.tx, SETTINGS)?;
    let mut doc = stored.map_or_else(|| Document::new(Kind::Setting), |stored| stored.doc);
    if doc.set(field::TRASH, Value::Int(u8::from(keep).into()), &tx.stamper) {
        tx.save(SETTINGS, &doc)?;
    }
    Ok(())
}
