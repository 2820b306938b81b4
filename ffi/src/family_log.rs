//! Who did what, when, on which device.
use crate::border::{Result, call};
use crate::ids::Id;
use kinfolio_core::changes::ChangeKind;
use kinfolio_core::family_log;
use kinfolio_core::ids::RecordId;

type Act = family_log::Act;

/// What was done.
#[uniffi::remote(Enum)]
pub enum Act {
    Added,
    Changed,
    Trashed,
    Restored,
    Purged,
    Exported,
    Merged,
}

/// A place in the log.
#[derive(uniffi::Record)]
pub struct LogCursor {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// The record of the log that holds the event.
    pub record: Id,
    /// The event's number there.
    pub number: u64,
}

/// One event.
#[derive(uniffi::Record)]
pub struct Event {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// What was done.
    pub act: Act,
    /// The room of what it was done to; none for a private note, of which the log says no more.
    pub kind: Option<ChangeKind>,
    /// The ids of what it was done to; of what was merged, the other one's too. What was destroyed since has no other trace.
    pub things: Vec<Id>,
    /// The number of the device: its name and whose it is stand in the list of devices.
    pub device_no: u32,
    /// Its place in the log.
    pub place: LogCursor,
}

/// Which events. All that is given must hold at once.
#[derive(uniffi::Record)]
pub struct LogQuery {
    /// What was done to this.
    #[uniffi(default)]
    pub thing: Option<Id>,
    /// What this device did, by its number.
    #[uniffi(default)]
    pub device_no: Option<u32>,
    /// Only what comes after the page that ended here.
    #[uniffi(default)]
    pub before: Option<LogCursor>,
    /// Events in the page, at most 500; 0 means 50.
    #[uniffi(default = 0)]
    pub limit: u32,
}

impl From<LogQuery> for family_log::LogQuery {
    fn from(query: LogQuery) -> Self {
        let place = |place: LogCursor| family_log::LogCursor {
            at: place.at,
            record: RecordId(place.record),
            number: place.number,
        };
        Self {
            thing: query.thing.map(RecordId),
            device_no: query.device_no,
            before: query.before.map(place),
            limit: query.limit,
        }
    }
}

impl From<family_log::Event> for Event {
    fn from(event: family_log::Event) -> Self {
        let family_log::LogCursor { at, record, number } = event.place;
        Self {
            at: event.at,
            act: event.act,
            kind: event.kind,
            things: event.things.into_iter().map(|thing| thing.0).collect(),
            device_no: event.device_no,
            place: LogCursor { at, record: record.0, number },
        }
    }
}

/// The room of the family log.
#[derive(uniffi::Object)]
pub struct FamilyLogClient {
    pub(crate) room: family_log::FamilyLogClient,
}

#[uniffi::export]
impl FamilyLogClient {
    /// A page of the log, the newest event first.
    ///
    /// # Errors
    /// As [`family_log::FamilyLogClient::page`].
    pub fn page(&self, query: LogQuery) -> Result<Vec<Event>> {
        call(|| Ok(self.room.page(&query.into())?.into_iter().map(Event::from).collect()))
    }
}
