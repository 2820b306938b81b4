//! A phone for the keys tests: the real core, a line whose replies can be lost or forged, a look into its store.

use std::sync::Arc;

use kinfolio_core::account::{AccountClient, CLIENT_DESKTOP};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::host::{MemorySecretStore, STORE_KEY, SecretStore};
use kinfolio_core::keys::{JoinState, KeysClient, TakeOver};
use kinfolio_core::storage::{Storage, StoreKey};
use kinfolio_core::{Client, ClientConfig};
use kinfolio_protocol::log::Entry;
use kinfolio_protocol::{Hash32, decode};
use tempfile::TempDir;

use super::wire::Wire;
use support::server::InProcess;

/// Where the browser comes back to.
pub const CALLBACK: &str = "http://127.0.0.1:5005/callback";
/// Long enough, and in no list.
pub const PASSWORD: &str = "gravel otter teapot ninety";

/// One phone with its folder.
pub struct Phone {
    /// The running process.
    pub client: Client,
    /// Its account room.
    pub account: AccountClient,
    /// Its keys room.
    pub keys: KeysClient,
    /// Its line to the server.
    pub wire: Wire,
    name: String,
    secrets: Arc<MemorySecretStore>,
    folder: TempDir,
}

impl Phone {
    /// A phone at its first run.
    pub fn new(name: &str, server: &InProcess) -> Self {
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a temporary folder");
        Self::open(name.to_owned(), Arc::default(), folder, Wire::new(server))
    }

    /// The process dies, wherever it is, and starts anew on the same store.
    pub fn restart(self) -> Self {
        let Self { client, account, keys, wire, name, secrets, folder } = self;
        drop((client, account, keys));
        Self::open(name, secrets, folder, wire)
    }

    fn open(name: String, secrets: Arc<MemorySecretStore>, folder: TempDir, wire: Wire) -> Self {
        let client = Client::open(
            ClientConfig { dir: folder.path().to_path_buf(), device_name: name.clone() },
            secrets.clone(),
            None,
            Some(wire.transport()),
            Arc::new(SystemClock),
            Arc::new(OsRandomness),
        )
        .expect("the store opens");
        let (account, keys) = (client.account().clone(), client.keys().clone());
        Self { client, account, keys, wire, name, secrets, folder }
    }

    /// A second look into the store, beside the running process.
    pub fn store(&self) -> Storage {
        let key = self.secrets.load(STORE_KEY).expect("a keystore").expect("a key");
        let key = StoreKey::from_slice(&key).expect("32 bytes");
        Storage::open(&self.folder.path().join("kinfolio.db"), &key).expect("a store")
    }

    /// Whether a request of its keys room was begun and not answered.
    pub fn has_unanswered(&self) -> bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM outgoing)";
        self.store().read(|tx| Ok(tx.query_row(sql, [], |row| row.get(0))?)).expect("a store")
    }

    /// Number and hash of the newest log entry on it.
    pub fn log_head(&self) -> (u64, Hash32) {
        let sql = "SELECT entry FROM log_entry ORDER BY number DESC LIMIT 1";
        let entry = self.store().read(|tx| Ok(tx.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0))?));
        let entry: Entry = decode(&entry.expect("an entry")).expect("an entry");
        (entry.body().number, entry.hash())
    }

    /// Its folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Epoch and bytes of the newest key of its family's space.
    pub fn newest_key(&self) -> (u32, [u8; 32]) {
        let space = self.keys.place().expect("a place").space;
        let newest = self.store().read(|tx| kinfolio_core::keys::newest_key(tx, space)).expect("a key");
        (newest.0, *newest.1.bytes())
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
