//! Trips: where the family went, with the entries that tell of it.
use crate::shelf::shelf;
use kinfolio_core::{ids, trips};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type TripId = ids::TripId;
type Trip = trips::Trip;

/// A trip.
#[uniffi::remote(Record)]
pub struct Trip {
    /// 1 to 200 characters.
    pub title: String,
    /// Where, up to 200 characters.
    #[uniffi(default)]
    pub place: String,
    /// The first day, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is another one.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// Who went; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Entries that tell of it.
    #[uniffi(default)]
    pub entries: Vec<EntryId>,
}

shelf! {
    /// The trips' room.
    TripsClient of Trip by TripId,
    /// A trip, as it is kept.
    KeptTrip
}
