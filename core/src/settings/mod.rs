//! Settings: what the whole family shares, and what this phone keeps for itself. Each has a default; nobody has to set
//! any.

mod family;
mod phone;
mod queries;

#[cfg(test)]
mod tests;

pub use family::{FamilySettings, SettingRows, Term, WeekStart, change, of_family, record};
pub use phone::{PhoneSettings, of_phone};

use crate::calendar;
use crate::context::Context;
use crate::error::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use std::sync::Arc;

/// Some days in a row; both are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
}

/// The settings' room.
#[derive(Debug, Clone)]
pub struct SettingsClient {
    context: Arc<Context>,
}

impl SettingsClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// What the family shares.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn family(&self) -> Result<FamilySettings> {
        self.context.storage.read(of_family)
    }

    /// Makes the family's settings read `now`. `base` is what the editor began with: what others set since then stays.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) names what can't be kept.
    pub fn save_family(&self, base: &FamilySettings, now: &FamilySettings) -> Result<FamilySettings> {
        self.context.edit(|tx| family::save(base, now, tx))
    }

    /// The family's year that a day lies in.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is none.
    pub fn year_of(&self, day: &str) -> Result<Days> {
        let (day, family) = (calendar::date_of(day, "the day")?, self.family()?);
        let turn = family.turn();
        let first = calendar::year_start(day, turn);
        // A year and some days on lies in the next year, whatever its length.
        let next =
            first.checked_add(370.days()).map_or(calendar::LAST_DAY, |next| calendar::year_start(next, turn));
        Ok(days(first, next.yesterday().unwrap_or(next)))
    }

    /// The family's week that a day lies in.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is none.
    pub fn week_of(&self, day: &str) -> Result<Days> {
        let day = calendar::date_of(day, "the day")?;
        let (first, last) = calendar::week(day, self.family()?.week_start.weekday());
        Ok(days(first, last))
    }

    /// What this phone keeps for itself: no other phone and no server ever sees it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn phone(&self) -> Result<PhoneSettings> {
        self.context.storage.read(of_phone)
    }

    /// Keeps this phone's own settings.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) names what can't be kept.
    pub fn save_phone(&self, settings: &PhoneSettings) -> Result<()> {
        settings.check()?;
        self.context.storage.write(|tx| phone::save(settings, tx))
    }
}

fn days(first: Date, last: Date) -> Days {
    Days { first_day: first.to_string(), last_day: last.to_string() }
}
