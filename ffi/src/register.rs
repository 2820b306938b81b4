//! Answers for the register of children not in school: what the record can answer, and the page.
use crate::border::{Result, call, work};
use crate::details::ReportDetails;
use crate::export::{PrintedName, renaming};
use crate::progress::{Cancel, token};
use crate::reports::ReportsClient;
use kinfolio_core::export::{self, Format, Paper};
use kinfolio_core::ids;
use kinfolio_core::providers::ProviderForm;
use std::path::Path;
use std::sync::Arc;

type LearnerId = ids::LearnerId;
type RegisterAnswers = export::RegisterAnswers;
type RegisterRequest = export::RegisterRequest;
type ProviderAnswer = export::ProviderAnswer;

/// One provider, as the register asks for it.
#[uniffi::remote(Record)]
pub struct ProviderAnswer {
    /// The name.
    pub name: String,
    /// What they are.
    pub form: ProviderForm,
    /// Where, or the address where one was written down.
    pub place: String,
    /// The website or mail address, where it is online.
    pub online: String,
    /// An estimate of minutes in a week.
    pub minutes_a_week: i64,
}

/// What the record answers of the register's questions.
#[uniffi::remote(Record)]
pub struct RegisterAnswers {
    /// Minutes in a week taught by parents, an estimate.
    pub by_parents: i64,
    /// Minutes in a week taught by others, an estimate.
    pub by_others: i64,
    /// Those others.
    pub providers: Vec<ProviderAnswer>,
}

/// Which answers, and as what file.
#[uniffi::remote(Record)]
pub struct RegisterRequest {
    /// Whom they are about.
    pub learner: LearnerId,
    /// The first day from which the estimate is made, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// The date at the top; none is today.
    #[uniffi(default)]
    pub dated: Option<String>,
    /// What kind of file.
    pub format: Format,
    /// No rename bar and no script in the file.
    #[uniffi(default)]
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means `en-GB`.
    #[uniffi(default)]
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    #[uniffi(default)]
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points.
    #[uniffi(default)]
    pub comfort: bool,
}

#[uniffi::export]
impl ReportsClient {
    /// What the record answers of the register's questions.
    ///
    /// # Errors
    /// As [`export::ReportsClient::register`].
    pub fn register(
        &self,
        learner: LearnerId,
        first_day: String,
        last_day: String,
    ) -> Result<RegisterAnswers> {
        call(|| self.room.register(learner, &first_day, &last_day))
    }

    /// Writes them as a page and returns its length in bytes. Failed or cancelled, nothing stands at `path` that was not
    /// there before.
    ///
    /// # Errors
    /// As [`export::ReportsClient::write_register`], and as [`export::Renaming::set`] for the names.
    #[uniffi::method(default(cancel = None))]
    pub async fn write_register(
        &self,
        request: RegisterRequest,
        details: ReportDetails,
        names: Vec<PrintedName>,
        path: String,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<u64> {
        let (room, cancel) = (self.room.clone(), token(cancel));
        let write =
            move |names| room.write_register(&request, details.into(), &names, Path::new(&path), &cancel);
        work(move || renaming(names).and_then(write)).await
    }
}
