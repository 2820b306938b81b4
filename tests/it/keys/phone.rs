//! A phone without its domain rooms: account and keys over a real encrypted store, and a line to a server.

use std::path::Path;
use std::sync::Arc;

use kinfolio_core::account::{AccountClient, CLIENT_DESKTOP};
use kinfolio_core::changes::Changes;
use kinfolio_core::clock::{OsRandomness, Randomness, SystemClock};
use kinfolio_core::context::Context;
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::http::Transport;
use kinfolio_core::keys::{DeviceProver, JoinState, KeysClient, TakeOver, found};
use kinfolio_core::storage::{Storage, StoreKey};
use tempfile::TempDir;

use super::wire::Wire;
use support::server::InProcess;

/// Where the browser comes back to.
pub const CALLBACK: &str = "http://127.0.0.1:5005/callback";
/// Long enough, and in no list.
pub const PASSWORD: &str = "gravel otter teapot ninety";

/// One phone with its folder. Dropping `account` and `keys` is the death of its process.
pub struct Phone {
    /// What every room is given.
    pub context: Arc<Context>,
    /// The account room.
    pub account: AccountClient,
    /// The keys room.
    pub keys: KeysClient,
    /// Its line to the server.
    pub wire: Wire,
    name: String,
    key: [u8; 32],
    folder: TempDir,
}

impl Phone {
    /// A phone at its first run.
    pub fn new(name: &str, server: &InProcess) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut key = [0; 32];
        OsRandomness.fill(&mut key);
        Self::open(name.to_owned(), key, folder, Wire::new(server))
    }

    /// The process dies, wherever it is, and starts anew on the same store.
    pub fn restart(self) -> Self {
        let Self { context, account, keys, wire, name, key, folder } = self;
        drop((context, account, keys));
        Self::open(name, key, folder, wire)
    }

    fn open(name: String, key: [u8; 32], folder: TempDir, wire: Wire) -> Self {
        let context = Arc::new(context(folder.path(), &name, key));
        let prover = Arc::new(DeviceProver::new(Arc::clone(&context)));
        let transport: Arc<dyn Transport> = wire.transport();
        let account = AccountClient::new(Arc::clone(&context), transport, prover);
        let keys = KeysClient::new(Arc::clone(&context), account.door());
        Self { context, account, keys, wire, name, key, folder }
    }

    /// Creates an account through the pages and signs in.
    pub async fn sign_up(&self, server: &InProcess, email: &str) {
        let mut browser = server.browser();
        browser.register(email, PASSWORD, &server.mail()).await;
        let url = self.account.begin(server.base(), CALLBACK, CLIENT_DESKTOP).await.expect("an address");
        let callback = browser.authorize(&url).await;
        self.account.finish(&callback).await.expect("signed in");
    }

    /// Signs in to an account that is there.
    pub async fn sign_in(&self, server: &InProcess, email: &str) {
        let url = self.account.begin(server.base(), CALLBACK, CLIENT_DESKTOP).await.expect("an address");
        let callback = server.browser().sign_in(&url, email, PASSWORD).await;
        self.account.finish(&callback).await.expect("signed in");
    }

    /// Joins the family of `parent` by an invite, signed in already; nothing is on this phone.
    pub async fn join(&self, parent: &Self) -> TakeOver {
        let code = parent.keys.invite(false).await.expect("a code");
        self.keys.scan(&code.payload).expect("an invite");
        assert_eq!(self.keys.join_state().await, Ok(JoinState::Waiting));
        let details = parent.keys.pending(code.link).await.expect("a look").expect("an answer");
        parent.keys.approve(&details, "Dad").await.expect("approved");
        assert_eq!(self.keys.join_state().await, Ok(JoinState::Ready));
        self.keys.complete_join(&[]).await.expect("joined")
    }
}

fn context(folder: &Path, name: &str, key: [u8; 32]) -> Context {
    let key = StoreKey::from_slice(&key).expect("32 bytes");
    let storage = Storage::open(&folder.join("kinfolio.db"), &key).expect("a store");
    storage.write(|tx| found(tx, &OsRandomness, 1_790_000_000_000, name)).expect("a family");
    Context {
        storage,
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandomness),
        changes: Changes::default(),
        secrets: Arc::new(MemorySecretStore::default()),
        images: None,
        dir: folder.to_path_buf(),
        rooms: vec![],
        text_client: 7,
    }
}
