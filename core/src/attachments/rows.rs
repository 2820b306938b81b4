//! Keeps this room's rows level with the entries' records, wherever a record was changed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::storage::Transaction;

use super::element::Element;
use super::queries::{self, Coming};
use crate::changes::{Change, ChangeKind};
use crate::clock::Clock;
use crate::error::Result;
use crate::ids::{AttachmentId, RecordId};
use crate::records::fields::entry::{ATTACHMENTS, RECORDED_AT};
use crate::records::{Document, Key, Kind, Synced};

/// The rows of attachments and their files, by entry.
#[derive(Clone)]
pub struct AttachmentRows {
    blobs: PathBuf,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for AttachmentRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentRows")
    }
}

impl AttachmentRows {
    /// The rows of the store whose sealed files lie in this folder.
    pub const fn new(blobs: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { blobs, clock }
    }
}

impl Synced for AttachmentRows {
    fn kind(&self) -> u16 {
        Kind::Entry.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, document: &Document) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let mut gone: BTreeSet<AttachmentId> = queries::ids_of_entry(tx, rid)?;
        if !document.is_purged() {
            let coming = Coming {
                blobs: &self.blobs,
                written_at: document.int(RECORDED_AT).unwrap_or_default(),
                now_ms: self.clock.now_ms(),
            };
            // An element that this version can't read keeps no row here; its bytes stay in the record.
            for (id, element) in document.elements(ATTACHMENTS).filter_map(known) {
                gone.remove(&id);
                if queries::put(tx, rid, id, &element, &coming)? {
                    changes.push(Change::of(ChangeKind::Attachment, id));
                }
            }
        }
        for id in gone {
            // Nothing brings these back, whatever another phone writes: nobody needs their files.
            let for_good = document.is_purged() || document.is_gone(ATTACHMENTS, &Key::id(id));
            queries::take_out(tx, id, for_good.then_some(rid))?;
            changes.push(Change::of(ChangeKind::Attachment, id));
        }
        Ok(changes)
    }
}

fn known((key, value): (&Key, &crate::records::Value)) -> Option<(AttachmentId, Element)> {
    let Key::Bytes(id) = key else { return None };
    Some((AttachmentId::from_slice(id).ok()?, Element::from_value(value)?))
}
