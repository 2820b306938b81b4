//! Looking at photos: when each was taken, and whether it is there already. Nothing is decoded.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::grouping::{self, Dated};
use super::queries::{self, Stored};
use super::{CatchUpClient, DatedBy, Overview, Settings, source};
use crate::attachments::picture;
use crate::calendar;
use crate::error::{Error, OrNotFound, Result};
use crate::host::PhotoOpener;
use crate::progress::{Cancel, Progress};
use crate::storage::Transaction;

/// Photos that are looked at between two writes: what a kill costs to look at again.
const AT_ONCE: u32 = 16;

/// What a look at a photo told.
pub(super) struct Seen {
    pub size: u64,
    pub hash: [u8; 32],
    pub taken_at: Option<String>,
    pub dated_by: DatedBy,
    /// It is a photo of the record.
    pub kept: bool,
}

impl CatchUpClient {
    /// Looks at the photos that were not looked at yet, one at a time, and makes groups of them. Broken off, it goes on where
    /// it was when it is called again. `opener` opens what has no path.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is under way; [`Error::InvalidInput`] when somebody is at it; [`Error::Cancelled`];
    /// [`Error::StorageFull`]. A photo that can't be read is none: it is named in the overview.
    pub fn scan(
        &self,
        opener: Option<&dyn PhotoOpener>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Overview> {
        let _work = self.work()?;
        let context = &self.context;
        let settings = context.storage.read(queries::settings)?.or_not_found("catch-up")?;
        let zone = source::zone(settings.zone.as_deref())?;
        let known = self.attachments.hashes()?;
        let before = self.overview()?.unwrap_or_default();
        let (mut done, total) = (u64::from(before.looked_at), u64::from(before.given));
        loop {
            let next = context.storage.read(|tx| queries::unseen(tx, AT_ONCE))?;
            if next.is_empty() {
                break;
            }
            let mut looks = Vec::with_capacity(next.len());
            for photo in &next {
                if cancel.is_cancelled() {
                    break;
                }
                looks.push((photo.photo.number, self.look(photo, opener, &zone, &known)?));
                done += 1;
                progress.progress(done, total);
            }
            context.storage.write(|tx| {
                looks.iter().try_for_each(|(number, look)| match look {
                    Ok(seen) => queries::seen(tx, *number, seen),
                    Err(why) => queries::unreadable(tx, *number, why),
                })
            })?;
            cancel.check()?;
        }
        context.storage.write(|tx| group(tx, &settings))?;
        self.overview()?.or_not_found("catch-up")
    }

    /// What a photo tells, or why it can't be taken in.
    fn look(
        &self,
        stored: &Stored,
        opener: Option<&dyn PhotoOpener>,
        zone: &TimeZone,
        known: &HashSet<[u8; 32]>,
    ) -> Result<Result<Seen, String>> {
        let read = stored.source.read(opener).and_then(|(bytes, modified_ms)| {
            let by_camera = picture::glance(&bytes, self.context.images.is_some())?;
            Ok((bytes, by_camera, modified_ms))
        });
        let (bytes, by_camera, modified_ms) = match read {
            Ok(read) => read,
            Err(Error::Image(why)) => return Ok(Err(why)),
            Err(error) => return Err(error),
        };
        let kept_day = |time: &String| time.get(..10).is_some_and(|day| calendar::parse(day).is_some());
        let by_camera = by_camera.filter(kept_day);
        let by_file = modified_ms.and_then(|ms| source::local_time(ms, zone));
        let dated_by = match (&by_camera, &by_file) {
            (Some(_), _) => DatedBy::Camera,
            (None, Some(_)) => DatedBy::File,
            (None, None) => DatedBy::Nothing,
        };
        let hash = Sha256::digest(&bytes).into();
        let taken_at = by_camera.or(by_file);
        Ok(Ok(Seen { size: bytes.len() as u64, hash, taken_at, dated_by, kept: known.contains(&hash) }))
    }
}

/// Makes groups of the photos that are in none.
pub(super) fn group(tx: &Transaction<'_>, settings: &Settings) -> Result<()> {
    let dated = queries::ungrouped(tx)?.into_iter().map(|stored| Dated {
        number: stored.photo.number,
        at: stored.photo.taken_at.and_then(|time| time.parse().ok()),
    });
    for photos in grouping::groups(dated.collect(), settings.gap_hours) {
        let group = queries::new_group(tx, None, settings.on_record)?;
        photos.into_iter().try_for_each(|photo| queries::put_into(tx, photo, Some(group)))?;
    }
    Ok(())
}
