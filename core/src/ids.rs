//! Ids of the rooms' things: sixteen random bytes, never derived from a name.

use crate::clock::Randomness;
use crate::error::{Error, Result};
use std::fmt;

pub use kinfolio_protocol::ids::{BlobId, DeviceId, FamilyId, MemberId, RecordId, SpaceId};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// A fresh random id.
            pub fn make(random: &dyn Randomness) -> Self {
                Self(make(random))
            }

            /// The bytes themselves.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Reads an id out of a column or a wire field.
            ///
            /// # Errors
            /// [`Error::InvalidInput`] unless there are exactly 16 bytes.
            pub fn from_slice(bytes: &[u8]) -> Result<Self> {
                bytes.try_into().map(Self).map_err(|_| Error::invalid("an id is 16 bytes long"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl From<RecordId> for $name {
            fn from(id: RecordId) -> Self {
                Self(id.0)
            }
        }

        impl From<$name> for RecordId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }

        impl From<[u8; 16]> for $name {
            fn from(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl From<$name> for [u8; 16] {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

id! {
    /// One learner.
    LearnerId
    /// One entry of the record.
    EntryId
    /// One subject.
    SubjectId
    /// One attachment of an entry.
    AttachmentId
    /// One book or other material.
    ReadingId
    /// One goal.
    GoalId
    /// One planned thing.
    PlanId
    /// One marked day.
    DayMarkId
    /// One provider.
    ProviderId
    /// One trip.
    TripId
    /// One qualification.
    QualificationId
    /// One letter.
    LetterId
    /// One report.
    ReportId
    /// One template.
    TemplateId
    /// One saved filter.
    SavedFilterId
    /// One target.
    TargetId
    /// One skill.
    SkillId
    /// One reminder.
    ReminderId
    /// One needs note.
    NeedsNoteId
    /// One assessment.
    AssessmentId
}

/// Sixteen fresh random bytes.
pub fn make(random: &dyn Randomness) -> [u8; 16] {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;

    #[test]
    fn an_id_prints_as_32_lower_case_digits_and_two_are_never_equal() {
        let random = SeededRandomness::new(1);
        let (one, two) = (EntryId::make(&random), EntryId::make(&random));
        assert_ne!(one, two);
        assert_eq!(EntryId([0xA7; 16]).to_string(), "a7".repeat(16));
        assert_eq!(EntryId::from_slice(one.as_bytes()).unwrap(), one);
        assert!(EntryId::from_slice(&[0; 15]).is_err());
    }
}
