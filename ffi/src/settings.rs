//! Settings: what the whole family shares, and what this phone keeps for itself.
use crate::border::{Result, call};
use kinfolio_core::settings;

type Days = settings::Days;
type FamilySettings = settings::FamilySettings;
type PhoneSettings = settings::PhoneSettings;
type Term = settings::Term;
type WeekStart = settings::WeekStart;

/// On which day a week begins.
#[uniffi::remote(Enum)]
pub enum WeekStart {
    /// On Monday.
    Monday,
    /// On Sunday.
    Sunday,
    /// On Saturday.
    Saturday,
}

/// A term of the family's own.
#[uniffi::remote(Record)]
pub struct Term {
    /// What it is called, up to 80 characters; may be empty.
    pub name: String,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day, at most a year later.
    pub last_day: String,
}

/// What the family shares.
#[uniffi::remote(Record)]
pub struct FamilySettings {
    /// The day on which a year begins, `MM-DD`; 1 September unless it is set.
    pub year_start: String,
    /// On which day a week begins.
    pub week_start: WeekStart,
    /// Minutes that a week is meant to hold, 1 to 10,080; none unless somebody sets them.
    pub weekly_minutes: Option<i64>,
    /// Year groups are shown.
    pub year_groups: bool,
    /// Terms by their first day, none overlapping another, at most 100.
    pub terms: Vec<Term>,
}

/// What this phone keeps for itself.
#[uniffi::remote(Record)]
pub struct PhoneSettings {
    /// Reminders are told on this phone.
    pub reminders: bool,
    /// From this minute of the day on nothing is told, 0 to 1,439.
    pub quiet_start: i64,
    /// Until this minute. Where both are equal, no hours are quiet.
    pub quiet_end: i64,
    /// The weekday of a nudge to jot something down, 1 Monday to 7 Sunday; none unless somebody wants it.
    pub weekly_jot: Option<i64>,
    /// Photos and other files may move over mobile data.
    pub files_on_mobile_data: bool,
}

/// Some days in a row; both are in it.
#[uniffi::remote(Record)]
pub struct Days {
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
}

/// The settings' room.
#[derive(uniffi::Object)]
pub struct SettingsClient {
    pub(crate) room: settings::SettingsClient,
}

#[uniffi::export]
impl SettingsClient {
    /// What the family shares.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::family`].
    pub fn family(&self) -> Result<FamilySettings> {
        call(|| self.room.family())
    }

    /// Makes the family's settings read `now`. `base` is what the editor began with: what others set since then stays.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::save_family`].
    pub fn save_family(&self, base: FamilySettings, now: FamilySettings) -> Result<FamilySettings> {
        call(|| self.room.save_family(&base, &now))
    }

    /// The family's year that a day lies in.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::year_of`].
    pub fn year_of(&self, day: String) -> Result<Days> {
        call(|| self.room.year_of(&day))
    }

    /// The family's week that a day lies in.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::week_of`].
    pub fn week_of(&self, day: String) -> Result<Days> {
        call(|| self.room.week_of(&day))
    }

    /// What this phone keeps for itself.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::phone`].
    pub fn phone(&self) -> Result<PhoneSettings> {
        call(|| self.room.phone())
    }

    /// Keeps this phone's own settings.
    ///
    /// # Errors
    /// As [`settings::SettingsClient::save_phone`].
    pub fn save_phone(&self, settings: PhoneSettings) -> Result<()> {
        call(|| self.room.save_phone(&settings))
    }
}
