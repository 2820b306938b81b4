//! Opens the store and hands out the rooms.
use crate::account::AccountClient;
use crate::attachments::AttachmentsClient;
use crate::border::{Result, call};
use crate::capture::CaptureClient;
use crate::catch_up::CatchUpClient;
use crate::changes::{ChangeListener, Subscription};
use crate::coverage::CoverageClient;
use crate::days::DaysClient;
use crate::due::DueClient;
use crate::entries::EntriesClient;
use crate::export::ExportClient;
use crate::family_log::FamilyLogClient;
use crate::filters::FiltersClient;
use crate::finding::FindClient;
use crate::goals::GoalsClient;
use crate::host::{Clock, Foreign, ImageDecoder, Presence, SecretStore};
use crate::imports::ImportsClient;
use crate::intake::IntakeClient;
use crate::keys::KeysClient;
use crate::learners::LearnersClient;
use crate::letters::LettersClient;
use crate::memories::MemoriesClient;
use crate::plans::PlansClient;
use crate::private::PrivateClient;
use crate::providers::ProvidersClient;
use crate::qualifications::QualificationsClient;
use crate::reading::ReadingClient;
use crate::reminders::RemindersClient;
use crate::reports::ReportsClient;
use crate::settings::SettingsClient;
use crate::skills::SkillsClient;
use crate::subjects::SubjectsClient;
use crate::sync::SyncClient;
use crate::targets::TargetsClient;
use crate::templates::TemplatesClient;
use crate::timer::TimerClient;
use crate::trash::TrashClient;
use crate::trips::TripsClient;
use crate::undo::UndoClient;
use crate::versions::VersionsClient;
use kinfolio_core::client::{self, ClientConfig};
use kinfolio_core::clock::{self, OsRandomness, SystemClock};
use std::sync::Arc;

/// An open store. Letting go of it and of all its rooms closes the store.
#[derive(uniffi::Object)]
pub struct Client {
    client: Arc<client::Client>,
}

#[uniffi::export]
impl Client {
    /// Opens the store in `folder`, or makes it on first run. Makes no request. `folder` belongs to this app alone,
    /// outside cloud backup; `device_name` is what the family's other phones show for this one.
    ///
    /// # Errors
    /// As [`client::Client::open`].
    #[uniffi::constructor(default(images = None, clock = None))]
    pub fn open(
        folder: String,
        device_name: String,
        secrets: Arc<dyn SecretStore>,
        images: Option<Arc<dyn ImageDecoder>>,
        clock: Option<Arc<dyn Clock>>,
    ) -> Result<Arc<Self>> {
        let config = ClientConfig { dir: folder.into(), device_name };
        call(|| {
            client::Client::open(
                config,
                secret_store(secrets),
                decoder(images),
                None,
                clock_or_phone(clock),
                Arc::new(OsRandomness),
            )
        })
        .map(|client| Arc::new(Self { client: Arc::new(client) }))
    }

    /// Learners.
    pub fn learners(&self) -> Arc<LearnersClient> {
        Arc::new(LearnersClient { room: self.client.learners() })
    }

    /// Subjects.
    pub fn subjects(&self) -> Arc<SubjectsClient> {
        Arc::new(SubjectsClient { room: self.client.subjects() })
    }

    /// Entries.
    pub fn entries(&self) -> Arc<EntriesClient> {
        Arc::new(EntriesClient { room: self.client.entries() })
    }

    /// Sums by subject and term.
    pub fn coverage(&self) -> Arc<CoverageClient> {
        Arc::new(CoverageClient { room: self.client.coverage() })
    }

    /// Books and other materials.
    pub fn reading(&self) -> Arc<ReadingClient> {
        Arc::new(ReadingClient { room: self.client.shelf() })
    }

    /// Goals.
    pub fn goals(&self) -> Arc<GoalsClient> {
        Arc::new(GoalsClient { room: self.client.shelf() })
    }

    /// What a week is meant to hold.
    pub fn plans(&self) -> Arc<PlansClient> {
        Arc::new(PlansClient { room: self.client.shelf() })
    }

    /// Days that were taught, or on which somebody was away.
    pub fn days(&self) -> Arc<DaysClient> {
        Arc::new(DaysClient { room: self.client.shelf() })
    }

    /// Other people who teach.
    pub fn providers(&self) -> Arc<ProvidersClient> {
        Arc::new(ProvidersClient { room: self.client.shelf() })
    }

    /// Trips.
    pub fn trips(&self) -> Arc<TripsClient> {
        Arc::new(TripsClient { room: self.client.shelf() })
    }

    /// Qualifications.
    pub fn qualifications(&self) -> Arc<QualificationsClient> {
        Arc::new(QualificationsClient { room: self.client.shelf() })
    }

    /// Letters from and to authorities.
    pub fn letters(&self) -> Arc<LettersClient> {
        Arc::new(LettersClient { room: self.client.shelf() })
    }

    /// Reports for an authority or an evaluator.
    pub fn reports(&self) -> Arc<ReportsClient> {
        Arc::new(ReportsClient { room: self.client.export().reports() })
    }

    /// Entries' beginnings, and what comes back every week.
    pub fn templates(&self) -> Arc<TemplatesClient> {
        Arc::new(TemplatesClient { room: self.client.shelf() })
    }

    /// Saved filters.
    pub fn filters(&self) -> Arc<FiltersClient> {
        Arc::new(FiltersClient { room: self.client.shelf() })
    }

    /// What years are meant to hold.
    pub fn targets(&self) -> Arc<TargetsClient> {
        Arc::new(TargetsClient { room: self.client.shelf() })
    }

    /// Lists of skills.
    pub fn skills(&self) -> Arc<SkillsClient> {
        Arc::new(SkillsClient { room: self.client.shelf() })
    }

    /// Reminders.
    pub fn reminders(&self) -> Arc<RemindersClient> {
        Arc::new(RemindersClient { room: self.client.shelf() })
    }

    /// Capture helpers.
    pub fn capture(&self) -> Arc<CaptureClient> {
        Arc::new(CaptureClient { room: self.client.capture() })
    }

    /// The timer of this phone.
    pub fn timer(&self) -> Arc<TimerClient> {
        Arc::new(TimerClient { room: self.client.timer() })
    }

    /// Finding, in entries and small things at once.
    pub fn find(&self) -> Arc<FindClient> {
        Arc::new(FindClient { room: self.client.find() })
    }

    /// Settings of the family, and of this phone.
    pub fn settings(&self) -> Arc<SettingsClient> {
        Arc::new(SettingsClient { room: self.client.settings() })
    }

    /// What is due.
    pub fn due(&self) -> Arc<DueClient> {
        Arc::new(DueClient { room: self.client.due() })
    }

    /// Needs notes and assessments, for who shows that it is them.
    ///
    /// # Errors
    /// As [`client::Client::private`].
    pub fn private(&self, presence: Arc<dyn Presence>) -> Result<Arc<PrivateClient>> {
        let room = call(|| self.client.private(&Foreign(presence)))?;
        Ok(Arc::new(PrivateClient { room, trash: self.client.trash() }))
    }

    /// Looking back.
    pub fn memories(&self) -> Arc<MemoriesClient> {
        Arc::new(MemoriesClient { room: self.client.memories() })
    }

    /// Catching up with photographs.
    pub fn catch_up(&self) -> Arc<CatchUpClient> {
        Arc::new(CatchUpClient { client: Arc::clone(&self.client) })
    }

    /// Attachments.
    pub fn attachments(&self) -> Arc<AttachmentsClient> {
        Arc::new(AttachmentsClient { client: Arc::clone(&self.client) })
    }

    /// The trash.
    pub fn trash(&self) -> Arc<TrashClient> {
        Arc::new(TrashClient { room: self.client.trash() })
    }

    /// Earlier versions of entries.
    pub fn versions(&self) -> Arc<VersionsClient> {
        Arc::new(VersionsClient { room: self.client.versions() })
    }

    /// Who did what, when, on which device.
    pub fn family_log(&self) -> Arc<FamilyLogClient> {
        Arc::new(FamilyLogClient { room: self.client.family_log() })
    }

    /// Taking back the last step.
    pub fn undo(&self) -> Arc<UndoClient> {
        Arc::new(UndoClient { room: self.client.undo() })
    }

    /// What other apps share into this one.
    pub fn intake(&self) -> Arc<IntakeClient> {
        Arc::new(IntakeClient { room: self.client.intake() })
    }

    /// Signing in.
    pub fn account(&self) -> Arc<AccountClient> {
        Arc::new(AccountClient { room: self.client.account().clone(), keys: self.client.keys().clone() })
    }

    /// This device, the family's members and keys.
    pub fn keys(&self) -> Arc<KeysClient> {
        Arc::new(KeysClient { room: self.client.keys().clone() })
    }

    /// Syncing with the family's server.
    pub fn sync(&self) -> Arc<SyncClient> {
        Arc::new(SyncClient { room: self.client.sync().clone() })
    }

    /// Documents.
    pub fn export(&self) -> Arc<ExportClient> {
        Arc::new(ExportClient { room: self.client.export() })
    }

    /// The way in: an own ZIP, a diary, a table.
    pub fn imports(&self) -> Arc<ImportsClient> {
        Arc::new(ImportsClient { room: self.client.imports() })
    }

    /// Tells `listener` of every change, until the subscription is stopped or let go of.
    pub fn on_change(&self, listener: Arc<dyn ChangeListener>) -> Arc<Subscription> {
        Arc::new(Subscription::holding(self.client.on_change(Arc::new(Foreign(listener)))))
    }

    /// Moves everything from the store's log into its file, as before the system suspends the app.
    ///
    /// # Errors
    /// As [`client::Client::checkpoint`].
    pub fn checkpoint(&self) -> Result<()> {
        call(|| self.client.checkpoint())
    }
}

fn secret_store(secrets: Arc<dyn SecretStore>) -> Arc<dyn kinfolio_core::host::SecretStore> {
    Arc::new(Foreign(secrets))
}

fn decoder(images: Option<Arc<dyn ImageDecoder>>) -> Option<Arc<dyn kinfolio_core::host::ImageDecoder>> {
    images.map(|images| -> Arc<dyn kinfolio_core::host::ImageDecoder> { Arc::new(Foreign(images)) })
}

fn clock_or_phone(clock: Option<Arc<dyn Clock>>) -> Arc<dyn clock::Clock> {
    match clock {
        Some(clock) => Arc::new(Foreign(clock)),
        None => Arc::new(SystemClock),
    }
}
