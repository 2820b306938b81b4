//! Opens the store and hands out the rooms.

use crate::account::AccountClient;
use crate::attachments::{AttachmentRows, AttachmentsClient};
use crate::capture::CaptureClient;
use crate::catch_up::CatchUpClient;
use crate::changes::{ChangeListener, Changes, Subscription};
use crate::clock::{Clock, Randomness};
use crate::context::{Context, blob_folder};
use crate::coverage::CoverageClient;
use crate::due::DueClient;
use crate::entries::EntriesClient;
use crate::error::{Error, Result};
use crate::export::ExportClient;
use crate::family_log::{FamilyLogClient, Logger};
use crate::finding::FindClient;
use crate::host::{ImageDecoder, Presence, STORE_KEY, SecretStore, TEXT_CLIENT};
use crate::http::{Reqwest, Transport};
use crate::imports::ImportsClient;
use crate::intake::{InboxKey, IntakeClient};
use crate::keys::{self, DeviceProver, KeysClient};
use crate::learners::LearnersClient;
use crate::memories::MemoriesClient;
use crate::parts::{Chores, Log, rooms};
use crate::private::PrivateClient;
use crate::settings::SettingsClient;
use crate::shelf::{Item, Shelf};
use crate::showing;
use crate::steps::Steps;
use crate::storage::{Storage, StoreKey};
use crate::subjects::SubjectsClient;
use crate::sync::SyncClient;
use crate::timer::TimerClient;
use crate::trash::TrashClient;
use crate::undo::UndoClient;
use crate::versions::{Keeper, VersionsClient};
use std::fmt;
use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Name of the store's file inside its folder.
pub const STORE: &str = "kinfolio.db";

/// Where the store is, and what this phone calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    /// A folder of this app alone, outside cloud backup. It is made when it isn't there.
    pub dir: PathBuf,
    /// What the family's other phones show for this one, such as "Mum's phone".
    pub device_name: String,
}

/// An open store. Dropping it closes the store.
pub struct Client {
    context: Arc<Context>,
    attachments: Arc<AttachmentsClient>,
    catch_up: CatchUpClient,
    inbox: InboxKey,
    account: AccountClient,
    keys: KeysClient,
    sync: SyncClient,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// Opens the store, or makes it on first run: with a fresh key in the keystore, and a family of its own, so that
    /// no record ever exists without a key. Makes no request.
    ///
    /// `transport` is how requests go out, `None` for the real one.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when the keystore has no key or another one for a store that is there: it is left as it
    /// is. [`Error::StoreTooNew`], [`Error::StoreDamaged`], [`Error::StorageFull`]; [`Error::InvalidInput`] for a folder
    /// that this app may not write; what the keystore answers.
    pub fn open(
        config: ClientConfig,
        secrets: Arc<dyn SecretStore>,
        images: Option<Arc<dyn ImageDecoder>>,
        transport: Option<Arc<dyn Transport>>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
    ) -> Result<Self> {
        make_folder(&config.dir)?;
        let path = config.dir.join(STORE);
        // An empty record in the place of one that is gone would be taken for a loss.
        if InboxKey::is_published(&config.dir) && !holds_bytes(&path) {
            return Err(with_advice(Error::StoreDamaged("its file is gone or empty".into())));
        }
        let key = store_key(&path, &*secrets, &*random)?;
        let storage = Storage::open(&path, &key).map_err(with_advice)?;
        let inbox = InboxKey::publish(&config.dir, &key)?;
        let text_client = text_client(&*secrets, &*random)?;
        let now_ms = clock.now_ms();
        storage.write(|tx| keys::found(tx, &*random, now_ms, &config.device_name))?;
        let photos = AttachmentRows::new(blob_folder(&config.dir), Arc::clone(&clock));
        let context = Arc::new(Context {
            storage,
            clock,
            random,
            changes: Changes::default(),
            images,
            dir: config.dir,
            rooms: rooms(photos),
            text_client,
            steps: Steps::default(),
            beside: vec![Arc::new(Keeper), Arc::new(Logger)],
        });
        showing::bring_up(&context)?;
        let transport = transport.unwrap_or_else(|| Arc::new(Reqwest::default()));
        let prover = Arc::new(DeviceProver::new(Arc::clone(&context)));
        let account = AccountClient::new(Arc::clone(&context), transport, prover);
        let keys = KeysClient::new(Arc::clone(&context), account.door());
        let attachments = Arc::new(AttachmentsClient::open(Arc::clone(&context))?);
        let chores = Arc::new(Chores {
            trash: TrashClient::new(Arc::clone(&context), Arc::clone(&attachments)),
            learners: LearnersClient::new(Arc::clone(&context)),
            versions: VersionsClient::new(Arc::clone(&context)),
        });
        if let Err(error) = chores.tend_alone(&context) {
            // A full disk must not keep the record shut.
            tracing::warn!(%error, "the trash waits for another day");
        }
        let log = Arc::new(Log(keys.clone()));
        let sync = SyncClient::new(Arc::clone(&context), account.door(), log, chores);
        let catch_up = CatchUpClient::new(Arc::clone(&context), Arc::clone(&attachments));
        Ok(Self { context, attachments, catch_up, inbox, account, keys, sync })
    }

    /// Learners.
    pub fn learners(&self) -> LearnersClient {
        LearnersClient::new(Arc::clone(&self.context))
    }

    /// Subjects.
    pub fn subjects(&self) -> SubjectsClient {
        SubjectsClient::new(Arc::clone(&self.context))
    }

    /// Entries.
    pub fn entries(&self) -> EntriesClient {
        EntriesClient::new(Arc::clone(&self.context))
    }

    /// Attachments.
    pub fn attachments(&self) -> &AttachmentsClient {
        &self.attachments
    }

    /// Catching up with photographs.
    pub const fn catch_up(&self) -> &CatchUpClient {
        &self.catch_up
    }

    /// Documents.
    pub fn export(&self) -> ExportClient {
        ExportClient::new(Arc::clone(&self.context), Arc::clone(&self.attachments))
    }

    /// What other apps share into this one.
    pub fn intake(&self) -> IntakeClient {
        IntakeClient::new(Arc::clone(&self.context), Arc::clone(&self.attachments), self.inbox.clone())
    }

    /// The way in: an own ZIP, a diary, a table.
    pub fn imports(&self) -> ImportsClient {
        ImportsClient::new(Arc::clone(&self.context), Arc::clone(&self.attachments))
    }

    /// Sums by subject and term.
    pub fn coverage(&self) -> CoverageClient {
        CoverageClient::new(Arc::clone(&self.context))
    }

    /// Capture helpers.
    pub fn capture(&self) -> CaptureClient {
        CaptureClient::new(Arc::clone(&self.context))
    }

    /// The timer.
    pub fn timer(&self) -> TimerClient {
        TimerClient::new(Arc::clone(&self.context))
    }

    /// Finding.
    pub fn find(&self) -> FindClient {
        FindClient::new(Arc::clone(&self.context))
    }

    /// Settings.
    pub fn settings(&self) -> SettingsClient {
        SettingsClient::new(Arc::clone(&self.context))
    }

    /// What is due.
    pub fn due(&self) -> DueClient {
        DueClient::new(Arc::clone(&self.context))
    }

    /// Looking back.
    pub fn memories(&self) -> MemoriesClient {
        MemoriesClient::new(Arc::clone(&self.context))
    }

    /// The shelf of one small kind of record; needs notes and assessments are [`Client::private`].
    pub fn shelf<T: Item>(&self) -> Shelf<T> {
        Shelf::new(Arc::clone(&self.context))
    }

    /// Needs notes and assessments, for who shows that it is them.
    ///
    /// # Errors
    /// As [`PrivateClient::unlock`].
    pub fn private(&self, presence: &dyn Presence) -> Result<PrivateClient> {
        PrivateClient::unlock(Arc::clone(&self.context), presence)
    }

    /// The trash.
    pub fn trash(&self) -> TrashClient {
        TrashClient::new(Arc::clone(&self.context), Arc::clone(&self.attachments))
    }

    /// Earlier versions of entries.
    pub fn versions(&self) -> VersionsClient {
        VersionsClient::new(Arc::clone(&self.context))
    }

    /// The family log.
    pub fn family_log(&self) -> FamilyLogClient {
        FamilyLogClient::new(Arc::clone(&self.context))
    }

    /// Undo.
    pub fn undo(&self) -> UndoClient {
        UndoClient::new(Arc::clone(&self.context))
    }

    /// Signing in.
    pub const fn account(&self) -> &AccountClient {
        &self.account
    }

    /// This device, the family's members and keys.
    pub const fn keys(&self) -> &KeysClient {
        &self.keys
    }

    /// Syncing with the family's server.
    pub const fn sync(&self) -> &SyncClient {
        &self.sync
    }

    /// Tells `listener` of every change, until the subscription is dropped.
    pub fn on_change(&self, listener: Arc<dyn ChangeListener>) -> Subscription {
        self.context.changes.subscribe(listener)
    }

    /// Moves everything from the store's log into its file, as before the system suspends the app.
    ///
    /// # Errors
    /// [`Error::StorageFull`]; nothing is lost.
    pub fn checkpoint(&self) -> Result<()> {
        self.context.storage.checkpoint()
    }
}

fn make_folder(dir: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => Error::StorageFull,
        kind if Error::is_of_the_place(kind) => {
            Error::invalid("the store's folder can't be made: name a folder that this app may write")
        }
        _ => Error::internal("the store's folder can't be made"),
    })
}

/// What to do about a record that can't be opened.
fn with_advice(error: Error) -> Error {
    match error {
        Error::StoreDamaged(what) => Error::StoreDamaged(format!(
            "{what}; keep its folder, and bring the record back from another phone or a copy"
        )),
        other => other,
    }
}

/// Whether a file is there with something in it, or in the log beside it.
fn holds_bytes(path: &Path) -> bool {
    let log = path.with_extension("db-wal");
    [path, &log].into_iter().any(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0))
}

/// The key out of the keystore; a fresh one only where no store is, or an old store would be lost in silence.
fn store_key(path: &Path, secrets: &dyn SecretStore, random: &dyn Randomness) -> Result<StoreKey> {
    if let Some(bytes) = secrets.load(STORE_KEY)?.map(Zeroizing::new) {
        return StoreKey::from_slice(&bytes);
    }
    if path.exists() {
        return Err(Error::WrongKey);
    }
    let key = StoreKey::make(random);
    secrets.save(STORE_KEY, key.bytes())?;
    Ok(key)
}

/// 53 random bits of this installation. Kept outside the store: one restored on another phone must not type as this.
fn text_client(secrets: &dyn SecretStore, random: &dyn Randomness) -> Result<u64> {
    if let Some(bytes) = secrets.load(TEXT_CLIENT)?.and_then(|bytes| bytes.try_into().ok()) {
        return Ok(u64::from_be_bytes(bytes));
    }
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    let client = u64::from_be_bytes(bytes) >> 11;
    secrets.save(TEXT_CLIENT, &client.to_be_bytes())?;
    Ok(client)
}

#[cfg(test)]
mod tests;
