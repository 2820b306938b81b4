//! Room on this phone: files that nobody looked at for long go, once the server has them, and come back when looked at.
//! Small copies always stay. What stays is this phone's own choice, and synced nowhere.

use super::queries::kept;
use super::{AttachmentsClient, tidy};
use crate::changes::{Change, ChangeKind};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{BlobId, EntryId, LearnerId, RecordId};
use crate::progress::{Cancel, Progress};
use crate::records::{self, Names, What};

/// The most days that a setting may name: a hundred years.
const MAX_DAYS: u32 = 36_500;
/// Files that go in one transaction.
const BATCH: u32 = 32;

/// Something whose files always stay on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pin {
    /// One entry's.
    Entry(EntryId),
    /// Those of every entry of a learner.
    Learner(LearnerId),
}

impl Pin {
    const fn row(self) -> ([u8; 16], u8) {
        match self {
            Self::Entry(id) => (id.0, 1),
            Self::Learner(id) => (id.0, 2),
        }
    }
}

/// Files, and the room that they take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// How many.
    pub files: u64,
    /// Their bytes on this phone's disk.
    pub bytes: u64,
}

/// What the sealed files of this phone take, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Small copies, which always stay.
    pub thumbs: u64,
    /// Larger copies, PDFs, recordings, videos.
    pub others: u64,
    /// What would be here too had it not been let go.
    pub let_go: u64,
}

impl AttachmentsClient {
    /// For how many days files stay on this phone after they were taken in or last looked at; `None` keeps all.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn keep_days(&self) -> Result<Option<u32>> {
        self.context.storage.read(kept::days)
    }

    /// Sets for how many days files stay. Nothing goes before [`AttachmentsClient::free_space`]; what is to come stays on
    /// the server if it is older, and comes by itself again when more is kept.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for 0 days or more than a hundred years.
    pub fn set_keep_days(&self, days: Option<u32>) -> Result<()> {
        if days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            return Err(Error::invalid("files can be kept for 1 to 36500 days, or all of them"));
        }
        self.change(|tx| kept::keep_days(tx, days))
    }

    /// Keeps all files of an entry or a learner on this phone; those that were let go come back with the next sync.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn pin(&self, pin: Pin) -> Result<()> {
        let (rid, kind) = pin.row();
        self.change(|tx| {
            let What { kind: of, name } = match pin {
                Pin::Entry(_) => EntryId::WHAT,
                Pin::Learner(_) => LearnerId::WHAT,
            };
            let stored = records::load(tx, RecordId(rid))?;
            stored.filter(|one| one.doc.kind() == u16::from(of) && one.doc.is_shown()).or_not_found(name)?;
            kept::pin(tx, rid, kind)
        })
    }

    /// Takes a pin out; the files may go with the next [`AttachmentsClient::free_space`].
    ///
    /// # Errors
    /// [`Error::StorageFull`].
    pub fn unpin(&self, pin: Pin) -> Result<()> {
        self.change(|tx| kept::unpin(tx, pin.row().0))
    }

    /// What is pinned.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn pins(&self) -> Result<Vec<Pin>> {
        let rows = self.context.storage.read(kept::pins)?;
        let pin = |(id, kind)| if kind == 2 { Pin::Learner(LearnerId(id)) } else { Pin::Entry(EntryId(id)) };
        Ok(rows.into_iter().map(pin).collect())
    }

    /// What files take on this phone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn held(&self) -> Result<Held> {
        let (thumbs, others, let_go) = self.context.storage.read(kept::sums)?;
        Ok(Held { thumbs, others, let_go })
    }

    /// What [`AttachmentsClient::free_space`] would free now if files were kept for so many days; `None` asks for the days
    /// that are set.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn would_free(&self, days: Option<u32>) -> Result<Room> {
        let now_ms = self.context.clock.now_ms();
        self.context.storage.read(|tx| {
            let since = match days {
                Some(days) => Some(kept::before(now_ms, days)),
                None => kept::since(tx, now_ms)?,
            };
            let Some(since) = since else { return Ok(Room::default()) };
            let (files, bytes) = kept::sum_going(tx, since)?;
            Ok(Room { files, bytes })
        })
    }

    /// Lets files go that nobody looked at for the days that are set, the longest unseen first: never one that is not
    /// complete on the server, a small copy, or one that is pinned. `progress` counts bytes. Cancelled, what went is gone
    /// and counted.
    ///
    /// # Errors
    /// When the store can't be written; what went before is gone.
    pub fn free_space(&self, cancel: &Cancel, progress: &dyn Progress) -> Result<Room> {
        let total = self.would_free(None)?.bytes;
        let mut freed = Room::default();
        while !cancel.is_cancelled() {
            let now_ms = self.context.clock.now_ms();
            let gone = self.context.storage.write(|tx| {
                let Some(since) = kept::since(tx, now_ms)? else { return Ok(Vec::new()) };
                let going = kept::going(tx, since, BATCH)?;
                going.iter().try_for_each(|file| kept::let_go(tx, file.blob))?;
                Ok(going)
            })?;
            if gone.is_empty() {
                break;
            }
            let blobs: Vec<BlobId> = gone.iter().map(|file| file.blob).collect();
            tidy::some(&self.context, &blobs)?;
            freed.files = freed.files.saturating_add(gone.len() as u64);
            freed.bytes = gone.iter().fold(freed.bytes, |sum, file| sum.saturating_add(file.size));
            progress.progress(freed.bytes, total.max(freed.bytes));
        }
        if freed.files > 0 {
            self.context.changes.tell(vec![Change::all(ChangeKind::Attachment)]);
        }
        Ok(freed)
    }

    /// Changes what is kept, and says anew what is to come.
    fn change(&self, change: impl FnOnce(&crate::storage::Transaction<'_>) -> Result<()>) -> Result<()> {
        let now_ms = self.context.clock.now_ms();
        self.context.storage.write(|tx| {
            change(tx)?;
            kept::settle(tx, now_ms, None)
        })?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Attachment)]);
        Ok(())
    }
}
