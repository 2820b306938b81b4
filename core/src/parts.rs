//! What an open store is put together from: the rooms that show records, what sync asks of the keys, and chores.

use crate::attachments::AttachmentRows;
use crate::calendar::DAY_MS;
use crate::context::Context;
use crate::days::DayMark;
use crate::entries::EntryRows;
use crate::error::Result;
use crate::family_log::LogRows;
use crate::filters::SavedFilter;
use crate::goals::Goal;
use crate::ids::SpaceId;
use crate::keys::{self, KeysClient};
use crate::learners::{LearnerRows, LearnersClient};
use crate::letters::Letter;
use crate::plans::Plan;
use crate::private::{Assessment, NeedsNote};
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::records::Synced;
use crate::reminders::Reminder;
use crate::reports::Report;
use crate::settings::SettingRows;
use crate::shelf::ShelfRows;
use crate::skills::Skill;
use crate::storage;
use crate::subjects::SubjectRows;
use crate::sync::{AfterPull, LogReader};
use crate::targets::Target;
use crate::templates::Template;
use crate::trash::TrashClient;
use crate::trips::Trip;
use crate::versions::{VersionRows, VersionsClient};
use futures::future::BoxFuture;
use kinfolio_protocol::family::Notices;
use kinfolio_protocol::purge::BlobsRequest;
use kinfolio_protocol::sync::PushRequest;
use std::sync::Arc;

/// Every room that shows records.
pub fn rooms(photos: AttachmentRows) -> Vec<Arc<dyn Synced>> {
    vec![
        Arc::new(LearnerRows),
        Arc::new(SubjectRows),
        Arc::new(VersionRows),
        Arc::new(LogRows),
        Arc::new(EntryRows),
        Arc::new(photos),
        Arc::new(ShelfRows::<Reading>::default()),
        Arc::new(ShelfRows::<Goal>::default()),
        Arc::new(ShelfRows::<Plan>::default()),
        Arc::new(ShelfRows::<DayMark>::default()),
        Arc::new(ShelfRows::<Provider>::default()),
        Arc::new(ShelfRows::<Trip>::default()),
        Arc::new(ShelfRows::<Qualification>::default()),
        Arc::new(ShelfRows::<Letter>::default()),
        Arc::new(ShelfRows::<Report>::default()),
        Arc::new(ShelfRows::<Template>::default()),
        Arc::new(ShelfRows::<SavedFilter>::default()),
        Arc::new(ShelfRows::<Target>::default()),
        Arc::new(ShelfRows::<Skill>::default()),
        Arc::new(ShelfRows::<Reminder>::default()),
        Arc::new(ShelfRows::<NeedsNote>::default()),
        Arc::new(ShelfRows::<Assessment>::default()),
        Arc::new(SettingRows),
    ]
}

/// Sync reads the membership log through the keys room, which it doesn't know.
pub struct Log(pub KeysClient);

impl LogReader for Log {
    fn read_log(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.0.update())
    }

    fn keep_notices(&self, told: &Notices) -> Result<()> {
        self.0.keep_told(told)
    }

    fn sign_purge(&self, space: SpaceId, push: &PushRequest) -> Result<Option<[u8; 64]>> {
        self.0.sign_purge(space, push)
    }

    fn sign_left(&self, space: SpaceId, left: &BlobsRequest) -> Result<[u8; 64]> {
        self.0.sign_left(space, left)
    }

    fn announces(&self, space: SpaceId, epoch: u32) -> Result<bool> {
        self.0.announces(space, epoch)
    }

    fn alarm(&self) -> Result<()> {
        self.0.alarm()
    }
}

/// What is done whenever a sync has heard the server's time.
pub struct Chores {
    pub trash: TrashClient,
    pub learners: LearnersClient,
    pub versions: VersionsClient,
}

/// The day on which a phone without a server last did its chores, counted from 1970.
const TENDED_ON: &str = "tended-on";
/// On how many days in a row it was opened by a clock that did not leap.
const TENDED_DAYS: &str = "tended-days";
/// Days between two openings that are no leap of the clock.
const LEAP_DAYS: i64 = 60;
/// Days on which the app was opened before a clock that leapt, or a new one, is believed.
const BELIEVED_DAYS: i64 = 5;

impl Chores {
    /// The same once a day where no server tells its time: by this phone's clock, unless it leapt lately. A wrong clock
    /// empties no trash.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn tend_alone(&self, context: &Context) -> Result<()> {
        let today = context.clock.now_ms().div_euclid(DAY_MS);
        let (has_server, last) = context
            .storage
            .read(|tx| Ok((keys::place(tx)?.server.is_some(), storage::number(tx, TENDED_ON)?)))?;
        if has_server || last == Some(today) {
            return Ok(());
        }
        let leapt = last.is_none_or(|last| !(last..=last.saturating_add(LEAP_DAYS)).contains(&today));
        let days = context.storage.write(|tx| {
            let before = if leapt { None } else { storage::number(tx, TENDED_DAYS)? };
            let days = before.unwrap_or_default().saturating_add(1);
            storage::keep_number(tx, TENDED_ON, today)?;
            storage::keep_number(tx, TENDED_DAYS, days)?;
            Ok(days)
        })?;
        if days >= BELIEVED_DAYS {
            self.tend(0)?;
        }
        Ok(())
    }
}

impl AfterPull for Chores {
    fn tend(&self, offset_ms: i64) -> Result<u64> {
        Ok(self.trash.tend(offset_ms)? + self.learners.settle()? + self.versions.tend(offset_ms)?)
    }
}
