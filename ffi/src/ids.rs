//! Ids cross the border as 32 lower-case hex digits, so that every language can compare, print and keep them.
use crate::error::KinfolioError;
use kinfolio_core::Error;
use kinfolio_core::ids::{
    AssessmentId, AttachmentId, DayMarkId, EntryId, GoalId, LearnerId, LetterId, NeedsNoteId, PlanId,
    ProviderId, QualificationId, ReadingId, RecordId, ReminderId, ReportId, SavedFilterId, SkillId,
    SubjectId, TargetId, TemplateId, TripId,
};

/// Devices, families, spaces and links: sixteen bytes that have no type of their own in the core's answers.
pub type Id = [u8; 16];

uniffi::custom_type!(Id, String, { remote, lower: |id| hex(&id), try_lift: |text| Ok(unhex(&text)?) });
uniffi::custom_type!(LearnerId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(LearnerId(unhex(&text)?)) });
uniffi::custom_type!(EntryId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(EntryId(unhex(&text)?)) });
uniffi::custom_type!(SubjectId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(SubjectId(unhex(&text)?)) });
uniffi::custom_type!(AttachmentId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(AttachmentId(unhex(&text)?)) });
uniffi::custom_type!(ReadingId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(ReadingId(unhex(&text)?)) });
uniffi::custom_type!(GoalId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(GoalId(unhex(&text)?)) });
uniffi::custom_type!(PlanId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(PlanId(unhex(&text)?)) });
uniffi::custom_type!(DayMarkId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(DayMarkId(unhex(&text)?)) });
uniffi::custom_type!(ProviderId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(ProviderId(unhex(&text)?)) });
uniffi::custom_type!(TripId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(TripId(unhex(&text)?)) });
uniffi::custom_type!(QualificationId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(QualificationId(unhex(&text)?)) });
uniffi::custom_type!(LetterId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(LetterId(unhex(&text)?)) });
uniffi::custom_type!(ReportId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(ReportId(unhex(&text)?)) });
uniffi::custom_type!(TemplateId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(TemplateId(unhex(&text)?)) });
uniffi::custom_type!(SavedFilterId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(SavedFilterId(unhex(&text)?)) });
uniffi::custom_type!(NeedsNoteId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(NeedsNoteId(unhex(&text)?)) });
uniffi::custom_type!(AssessmentId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(AssessmentId(unhex(&text)?)) });
uniffi::custom_type!(TargetId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(TargetId(unhex(&text)?)) });
uniffi::custom_type!(SkillId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(SkillId(unhex(&text)?)) });
uniffi::custom_type!(ReminderId, String, { remote, lower: |id| hex(&id.0), try_lift: |text| Ok(ReminderId(unhex(&text)?)) });

/// Sixteen bytes as 32 lower-case digits.
fn hex(bytes: &Id) -> String {
    RecordId(*bytes).to_string()
}

/// Sixteen bytes from 32 lower-case digits: one id has one spelling. The error is the border's own, so that UniFFI
/// hands it on as it is.
fn unhex(text: &str) -> Result<Id, KinfolioError> {
    let bad = |_| Error::invalid("an id is 32 hex digits long, letters in lower case");
    Ok(text.parse::<RecordId>().map_err(bad)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_border_in_one_spelling_and_nonsense_does_not_pass() {
        let id: [u8; 16] = std::array::from_fn(|i| u8::try_from(i * 16 + 1).unwrap());
        assert_eq!(unhex(&hex(&id)), Ok(id));
        for nonsense in [
            "",
            "0",
            "zz112233445566778899aabbccddeeff",
            "00112233445566778899AABBCCDDEEFF",
            "é",
            &"0".repeat(33),
            "+1112233445566778899aabbccddeeff",
        ] {
            assert!(unhex(nonsense).is_err(), "{nonsense}");
        }
    }
}
