//! The timer: one on each phone. `steady_ms` is the platform's clock that nobody can set, in milliseconds since the phone
//! was started: `elapsedRealtime` on Android, `mach_continuous_time` on iOS.
use crate::border::{Result, call};
use kinfolio_core::{entries, ids, timer};

type Entry = entries::Entry;
type EntryId = ids::EntryId;
type Stopped = timer::Stopped;
type Timed = timer::Timed;

/// How the timer stands.
#[uniffi::remote(Record)]
pub struct Timed {
    /// It is running; else paused.
    pub running: bool,
    /// Milliseconds that are sure.
    pub ms: i64,
    /// A clock was changed, the phone was started anew, or a day went by: it may have been longer. Ask the person.
    pub doubtful: bool,
    /// The entry that its minutes go to; none when a draft is made.
    pub entry: Option<EntryId>,
}

/// What was timed, and where the minutes are now.
#[uniffi::remote(Record)]
pub struct Stopped {
    /// The entry, or the draft that was made.
    pub entry: Entry,
    /// Whole minutes that were added, rounded to the nearest.
    pub minutes: i64,
    /// It may have been longer: ask the person.
    pub doubtful: bool,
}

/// The timer's room.
#[derive(uniffi::Object)]
pub struct TimerClient {
    pub(crate) room: timer::TimerClient,
}

#[uniffi::export]
impl TimerClient {
    /// How the timer stands; none when there is none.
    ///
    /// # Errors
    /// As [`timer::TimerClient::state`].
    #[uniffi::method(default(steady_ms = None))]
    pub fn state(&self, steady_ms: Option<i64>) -> Result<Option<Timed>> {
        call(|| self.room.state(steady_ms))
    }

    /// Starts the timer, for an entry or for a draft to be made.
    ///
    /// # Errors
    /// As [`timer::TimerClient::start`].
    #[uniffi::method(default(entry = None, steady_ms = None))]
    pub fn start(&self, entry: Option<EntryId>, steady_ms: Option<i64>) -> Result<()> {
        call(|| self.room.start(entry, steady_ms))
    }

    /// Holds the timer.
    ///
    /// # Errors
    /// As [`timer::TimerClient::pause`].
    #[uniffi::method(default(steady_ms = None))]
    pub fn pause(&self, steady_ms: Option<i64>) -> Result<Timed> {
        call(|| self.room.pause(steady_ms))
    }

    /// Goes on after a pause.
    ///
    /// # Errors
    /// As [`timer::TimerClient::resume`].
    #[uniffi::method(default(steady_ms = None))]
    pub fn resume(&self, steady_ms: Option<i64>) -> Result<Timed> {
        call(|| self.room.resume(steady_ms))
    }

    /// Stops the timer: its minutes are added to its entry, or go into a new draft of `day`.
    ///
    /// # Errors
    /// As [`timer::TimerClient::stop`].
    #[uniffi::method(default(steady_ms = None))]
    pub fn stop(&self, day: String, steady_ms: Option<i64>) -> Result<Stopped> {
        call(|| self.room.stop(&day, steady_ms))
    }

    /// Throws the timer away.
    ///
    /// # Errors
    /// As [`timer::TimerClient::discard`].
    pub fn discard(&self) -> Result<()> {
        call(|| self.room.discard())
    }
}
