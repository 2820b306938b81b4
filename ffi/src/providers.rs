//! Providers: other people who teach. A name and a place; an address only where somebody asks for it.
use crate::shelf::shelf;
use kinfolio_core::{ids, providers};

type LearnerId = ids::LearnerId;
type ProviderId = ids::ProviderId;
type SubjectId = ids::SubjectId;
type ProviderForm = providers::ProviderForm;
type Provider = providers::Provider;

/// What they are.
#[uniffi::remote(Enum)]
pub enum ProviderForm {
    /// A person who teaches one learner or a few.
    Tutor,
    /// A club or group.
    Club,
    /// A class or course.
    Class,
    /// Families who teach together.
    CoOp,
    /// A school or college, for some hours.
    School,
    /// Anything else.
    Other,
}

/// Somebody else who teaches.
#[uniffi::remote(Record)]
pub struct Provider {
    /// 1 to 200 characters.
    pub name: String,
    /// What they are.
    pub form: ProviderForm,
    /// Where, up to 200 characters.
    #[uniffi(default)]
    pub place: String,
    /// Up to 400 characters; left empty unless it is asked for.
    #[uniffi(default)]
    pub address: String,
    /// Up to 400 characters.
    #[uniffi(default)]
    pub website: String,
    /// It happens online.
    #[uniffi(default)]
    pub online: bool,
    /// An estimate: minutes in a week, up to 10,080.
    #[uniffi(default)]
    pub minutes_a_week: Option<i64>,
    /// The first day, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub since: Option<String>,
    /// The last day.
    #[uniffi(default)]
    pub until: Option<String>,
    /// Its subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
    /// Whose it is; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
}

shelf! {
    /// The providers' room.
    ProvidersClient of Provider by ProviderId,
    /// A provider, as it is kept.
    KeptProvider
}
