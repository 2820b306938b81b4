//! The truth about safety: where each entry is, and since when everything is.

use super::deletions;
use super::queries::{self, Cause};
use super::run::SyncClient;
use crate::error::{OrNotFound, Result};
use crate::ids::{EntryId, RecordId};
use crate::keys;
use crate::records;

/// Where one entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryState {
    /// Nowhere else, and nothing is under way: no family server is used, or it stays here by choice.
    OnThisPhone,
    /// On its way.
    Waiting(Reason),
    /// The server confirmed the entry and every photo of it, and all of it is on this phone, but for what was let go to make
    /// room.
    Stored,
}

/// What an entry waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The next sync.
    Sync,
    /// This many photo files of it are still on their way: not yet on the server, or not yet here.
    Photos(u32),
    /// It is no longer tried: it is too large, the server keeps refusing it, or a photo file of it can't be sent or
    /// fetched; says why. An edit makes the entry tried again, a check its photo files.
    Refused(String),
    /// Somebody's newer version of it needs a newer app. It can be edited: what is written here waits on this phone
    /// until the app is updated.
    UpdateApp,
    /// Somebody's newer version of it can't be opened yet.
    Key,
    /// The server's version of it is damaged; a phone that has it whole puts it right when it syncs.
    Damaged,
    /// A phone deleted it for good, with many others: it stays here until somebody looks at what was deleted.
    Review,
    /// The server shows another history than this phone knows: nothing is sent there until that is cleared up.
    HistoryDiffers,
}

/// The state of the whole phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// Whether a server has ever been used from this phone's store.
    pub on: bool,
    /// Records that the server has not confirmed.
    pub waiting_records: u64,
    /// Photo files of this phone that the server has not confirmed.
    pub waiting_photos: u64,
    /// Records that can't be sent as they are, also counted as waiting, and photo files that are no longer tried.
    pub refused: u64,
    /// Rows that can't be opened yet.
    pub quarantined: u64,
    /// Things that another phone deleted for good, so many at once that they wait here for a person's word
    /// ([`SyncClient::deletions`]).
    pub deletions: u64,
    /// Everything on this phone was stored at this time, in ms since 1970; `None` if that was never so.
    pub safe_at: Option<i64>,
    /// Server time minus phone time in ms, when it is large enough to be told. Beyond a day it is not applied: one
    /// of the two clocks is wrong.
    pub clock_off_ms: i64,
    /// The alarm: the server shows another history than this phone knows. Everything here stays usable.
    pub history_differs: bool,
    /// The server's copy of the family is to be erased at this time, in ms since 1970; by whom, and calling it off, is
    /// with [`KeysClient::notices`](keys::KeysClient::notices).
    pub erasure_ms: Option<i64>,
}

/// From here on a clock's difference is told, in ms.
pub(super) const CLOCK_TOLD_MS: i64 = 5 * 60 * 1000;

impl SyncClient {
    /// Where one entry is.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an entry that is not on this phone.
    pub fn state(&self, entry: EntryId) -> Result<EntryState> {
        self.context.storage.read(|tx| {
            let rid = RecordId(entry.0);
            let row = queries::row_state(tx, rid)?.or_not_found("entry")?;
            if row.local_only || !queries::ever_connected(tx)? {
                return Ok(EntryState::OnThisPhone);
            }
            if let Some(cause) = queries::cause(tx, rid)? {
                return Ok(EntryState::Waiting(match cause {
                    Cause::NoKey => Reason::Key,
                    Cause::TooNew => Reason::UpdateApp,
                    Cause::Damaged => Reason::Damaged,
                    Cause::Deleted | Cause::ToReview => Reason::Review,
                }));
            }
            if let Some(refusal) = row.parked {
                return Ok(EntryState::Waiting(Reason::Refused(refusal)));
            }
            let (files, refusal) = queries::photos_waiting(tx, entry)?;
            if let Some(refusal) = refusal {
                return Ok(EntryState::Waiting(Reason::Refused(refusal)));
            }
            Ok(match (row.dirty || row.base_seq == 0, files) {
                (false, 0) => EntryState::Stored,
                _ if keys::place(tx)?.history_differs => EntryState::Waiting(Reason::HistoryDiffers),
                (true, _) => EntryState::Waiting(Reason::Sync),
                (false, files) => EntryState::Waiting(Reason::Photos(files)),
            })
        })
    }

    /// The state of the whole phone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn overview(&self) -> Result<Overview> {
        self.context.storage.read(|tx| {
            let (waiting_records, refused) = queries::waiting_records(tx)?;
            let clock_off_ms = records::seen_clock_offset(tx)?.unwrap_or(0);
            Ok(Overview {
                on: queries::ever_connected(tx)?,
                waiting_records,
                refused: refused.saturating_add(queries::blobs_parked(tx)?),
                waiting_photos: queries::blobs_waiting(tx)?,
                quarantined: queries::quarantined(tx)?,
                deletions: deletions::waiting_for_a_person(tx)?,
                safe_at: queries::safe_at(tx)?,
                clock_off_ms: if clock_off_ms.abs() < CLOCK_TOLD_MS { 0 } else { clock_off_ms },
                history_differs: keys::place(tx)?.history_differs,
                erasure_ms: keys::erasure_ms(tx)?,
            })
        })
    }
}
