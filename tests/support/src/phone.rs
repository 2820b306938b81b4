//! A phone: the real core on a folder of its own, signed in through the real pages, joined by the real codes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kinfolio_core::account::CLIENT_DESKTOP;
use kinfolio_core::clock::{Clock, FixedClock, OsRandomness, SystemClock};
use kinfolio_core::entries::{Entry, TimelineQuery};
use kinfolio_core::error::Result;
use kinfolio_core::host::{MemorySecretStore, STORE_KEY, SecretStore};
use kinfolio_core::http::Transport;
use kinfolio_core::keys::{JoinState, Scanned, TakeOver};
use kinfolio_core::learners::Learner;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::storage::{Storage, StoreKey};
use kinfolio_core::sync::Report;
use kinfolio_core::{Client, ClientConfig};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::keystore::FileSecretStore;

/// Where the browser leads back to. Nothing listens there: the test hands the address on.
pub const REDIRECT: &str = "http://127.0.0.1:5005/callback";
/// Long enough, and in no list.
pub const PASSWORD: &str = "lecture throw pole artwork proof";

/// A phone with its store, keystore and clock; what is not the store survives [`Phone::reopen`].
pub struct Phone {
    client: Option<Client>,
    name: String,
    transport: Arc<dyn Transport>,
    secrets: Arc<dyn SecretStore>,
    clock: Arc<FixedClock>,
    dir: Arc<TempDir>,
}

/// Everything that a person could read on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Entries by id, drafts and trash included.
    pub entries: BTreeMap<[u8; 16], Entry>,
    /// Learners by id.
    pub learners: BTreeMap<[u8; 16], Learner>,
}

impl Phone {
    /// A new phone that reaches its server through `transport`. Its clock stands at the machine's time.
    pub fn new(name: &str, transport: Arc<dyn Transport>) -> Self {
        Self::with(name, transport, Arc::new(MemorySecretStore::default()), scratch())
    }

    /// A new phone whose keystore lies in its folder too, so that the program `phone` can go on with it.
    pub fn in_files(name: &str, transport: Arc<dyn Transport>) -> Self {
        let dir = scratch();
        let secrets = FileSecretStore::in_folder(dir.path().join("keys"));
        Self::with(name, transport, Arc::new(secrets), dir)
    }

    fn with(name: &str, transport: Arc<dyn Transport>, secrets: Arc<dyn SecretStore>, dir: TempDir) -> Self {
        let mut phone = Self {
            client: None,
            name: name.to_owned(),
            transport,
            secrets,
            clock: Arc::new(FixedClock::at(SystemClock.now_ms())),
            dir: Arc::new(dir),
        };
        phone.open();
        phone
    }

    fn open(&mut self) {
        let config = ClientConfig { dir: self.dir.path().join("phone"), device_name: self.name.clone() };
        let client = Client::open(
            config,
            self.secrets.clone(),
            None,
            Some(self.transport.clone()),
            self.clock.clone(),
            Arc::new(OsRandomness),
        );
        self.client = Some(client.expect("the store opens"));
    }

    /// The app is closed and opened again.
    pub fn reopen(&mut self) {
        self.close();
        self.open();
    }

    /// The app is closed; what it left lies in [`Phone::folder`]. A process that is gone writes nothing any more: a
    /// step on the store that was under way is waited for, or it would write under the next one's hands.
    pub fn close(&mut self) {
        if self.client.take().is_none() {
            return;
        }
        let began = Instant::now();
        while Arc::strong_count(&self.clock) > 1 {
            assert!(began.elapsed() < Duration::from_secs(30), "{} is closed and still at work", self.name);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The core.
    pub fn client(&self) -> &Client {
        self.client.as_ref().expect("an open store")
    }

    /// This phone's clock.
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// A second look into the store, beside the running app.
    pub fn store(&self) -> Storage {
        let key = self.secrets.load(STORE_KEY).expect("a keystore").expect("a key");
        let key = StoreKey::from_slice(&key).expect("32 bytes");
        Storage::open(&self.dir.path().join("phone/kinfolio.db"), &key).expect("a store")
    }

    /// Creates an account through the pages, signs in with it and turns sync on: the family's first phone.
    pub async fn found_family(&self, browser: &mut Browser, server: &str, email: &str, mail: &Path) {
        browser.register(email, PASSWORD, mail).await;
        self.authorize(browser, server).await;
        self.client().keys().turn_on_sync().await.expect("sync is turned on");
    }

    /// Signs in through the pages, in a browser that knows the account.
    pub async fn authorize(&self, browser: &mut Browser, server: &str) {
        let account = self.client().account();
        let url = account.begin(server, REDIRECT, CLIENT_DESKTOP).await.expect("a sign-in begins");
        let callback = browser.authorize(&url).await;
        account.finish(&callback).await.expect("a sign-in ends well");
    }

    /// Joins the family of `host` by its invite, signed in already. Takes nothing along.
    pub async fn join(&self, host: &Self) -> TakeOver {
        let link = self.answer_invite(host).await;
        host.approve(link, "Dad").await;
        let keys = self.client().keys();
        assert_eq!(keys.join_state().await, Ok(JoinState::Ready));
        keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.expect("joined")
    }

    /// Scans an invite of `host` and answers it, signed in already; gives the link between the two.
    pub async fn answer_invite(&self, host: &Self) -> [u8; 16] {
        let invite = host.client().keys().invite(false).await.expect("an invite");
        let keys = self.client().keys();
        let scanned = keys.scan(&invite.payload).expect("a readable code");
        assert!(matches!(scanned, Scanned::Invite { .. }));
        assert_eq!(keys.join_state().await, Ok(JoinState::Waiting));
        invite.link
    }

    /// Lets in who answered this link, under this name.
    pub async fn approve(&self, link: [u8; 16], name: &str) {
        let keys = self.client().keys();
        let asks = keys.pending(link).await.expect("a look").expect("somebody asks");
        keys.approve(&asks, name).await.expect("approved");
    }

    /// Syncs once.
    pub async fn try_sync(&self) -> Result<Report> {
        self.client().sync().run(Cancel::new(), Arc::new(NoProgress)).await
    }

    /// Syncs once; it must work.
    pub async fn sync(&self) -> Report {
        self.try_sync().await.expect("a sync")
    }

    /// Everything on it.
    pub fn content(&self) -> Content {
        let client = self.client();
        let mut entries = client.entries().trashed().expect("the trash");
        let mut query = TimelineQuery { include_drafts: true, limit: 500, ..TimelineQuery::default() };
        loop {
            let page = client.entries().timeline(&query).expect("a page");
            entries.extend(page.entries);
            query.before = page.next;
            if query.before.is_none() {
                break;
            }
        }
        Content {
            entries: entries.into_iter().map(|entry| (entry.id.0, entry)).collect(),
            learners: client
                .learners()
                .list()
                .expect("learners")
                .into_iter()
                .map(|learner| (learner.id.0, learner))
                .collect(),
        }
    }
}

/// A folder in memory where there is one: what these tests measure is not the disk.
fn scratch() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a scratch folder")
}
