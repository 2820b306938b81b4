//! How long things stay in the trash: one setting of the whole family.

use crate::context::Edit;
use crate::error::Result;
use crate::records::Value;
use crate::records::fields::setting as field;
use crate::settings;
use crate::shelf::{choice, chosen};
use crate::storage::Transaction;

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
    Ok(settings::record(tx)?.and_then(|doc| chosen(&doc, field::TRASH)).unwrap_or_default())
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
    let choice = Value::Int(u8::from(keep).into());
    settings::change(tx, |doc, stamper| Ok(doc.set(field::TRASH, choice, stamper))).map(drop)
}
