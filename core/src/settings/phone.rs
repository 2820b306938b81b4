//! This phone's own settings: in a table of their own, which nothing syncs, exports or backs up.

use super::queries;
use crate::error::{Error, Result};
use crate::storage::Transaction;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// What this phone keeps for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSettings {
    /// Reminders are told on this phone.
    pub reminders: bool,
    /// From this minute of the day on nothing is told, 0 to 1,439; 20:00 unless it is set.
    pub quiet_start: i64,
    /// Until this minute; 08:00 unless it is set. Where both are equal, no hours are quiet.
    pub quiet_end: i64,
    /// The weekday of a nudge to jot something down, 1 Monday to 7 Sunday; none unless somebody wants it.
    pub weekly_jot: Option<i64>,
    /// Photos and other files may move over mobile data; only over Wi-Fi unless it is set.
    pub files_on_mobile_data: bool,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self {
            reminders: true,
            quiet_start: 20 * 60,
            quiet_end: 8 * 60,
            weekly_jot: None,
            files_on_mobile_data: false,
        }
    }
}

impl PhoneSettings {
    /// Whether nothing is told in this minute of the day; quiet hours may go over midnight.
    #[must_use]
    pub const fn is_quiet(&self, minute: i64) -> bool {
        if self.quiet_start <= self.quiet_end {
            self.quiet_start <= minute && minute < self.quiet_end
        } else {
            self.quiet_start <= minute || minute < self.quiet_end
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        if [self.quiet_start, self.quiet_end].iter().any(|minute| !(0..DAY).contains(minute)) {
            return Err(Error::invalid("quiet hours must begin and end between 00:00 and 23:59"));
        }
        if self.weekly_jot.is_some_and(|weekday| !(1..=7).contains(&weekday)) {
            return Err(Error::invalid(
                "the day of the weekly nudge must be between 1, Monday, and 7, Sunday",
            ));
        }
        Ok(())
    }
}

const REMINDERS: &str = "reminders";
const QUIET_START: &str = "quiet-start";
const QUIET_END: &str = "quiet-end";
const WEEKLY_JOT: &str = "weekly-jot";
const FILES_ON_MOBILE_DATA: &str = "files-on-mobile-data";

/// This phone's settings.
///
/// # Errors
/// When the store can't be read.
pub fn of_phone(tx: &Transaction<'_>) -> Result<PhoneSettings> {
    let standard = PhoneSettings::default();
    let number = |name| queries::number(tx, name);
    Ok(PhoneSettings {
        reminders: number(REMINDERS)?.map_or(standard.reminders, |on| on != 0),
        quiet_start: number(QUIET_START)?.unwrap_or(standard.quiet_start),
        quiet_end: number(QUIET_END)?.unwrap_or(standard.quiet_end),
        weekly_jot: number(WEEKLY_JOT)?,
        files_on_mobile_data: number(FILES_ON_MOBILE_DATA)?
            .map_or(standard.files_on_mobile_data, |on| on != 0),
    })
}

pub(super) fn save(settings: &PhoneSettings, tx: &Transaction<'_>) -> Result<()> {
    for (name, value) in [
        (REMINDERS, Some(i64::from(settings.reminders))),
        (QUIET_START, Some(settings.quiet_start)),
        (QUIET_END, Some(settings.quiet_end)),
        (WEEKLY_JOT, settings.weekly_jot),
        (FILES_ON_MOBILE_DATA, Some(i64::from(settings.files_on_mobile_data))),
    ] {
        queries::keep(tx, name, value)?;
    }
    Ok(())
}
