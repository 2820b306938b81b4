//! A phone for the keys tests: the one that all tests have, its line at hand, and a look into what it knows.

use std::ops::Deref;
use std::sync::Arc;

use kinfolio_core::account::{AccountClient, CLIENT_DESKTOP};
use kinfolio_core::keys::KeysClient;
use kinfolio_protocol::log::Entry;
use kinfolio_protocol::{Hash32, decode};
use rusqlite::Row;
use support::line::Line;
use support::phone::{PASSWORD, REDIRECT};
use support::server::InProcess;

/// One phone with its line to the server.
pub struct Phone {
    phone: support::phone::Phone,
    /// Its account room.
    pub account: AccountClient,
    /// Its keys room.
    pub keys: KeysClient,
    /// Its line to the server.
    pub line: Arc<Line>,
}

impl Phone {
    /// A phone at its first run.
    pub fn new(name: &str, server: &InProcess) -> Self {
        let line = Line::to(server.router());
        Self::running(support::phone::Phone::new(name, line.clone()), line)
    }

    fn running(phone: support::phone::Phone, line: Arc<Line>) -> Self {
        let (account, keys) = (phone.client().account().clone(), phone.client().keys().clone());
        Self { phone, account, keys, line }
    }

    /// The process dies, wherever it is, and starts anew on the same store.
    pub fn restart(self) -> Self {
        let Self { mut phone, account, keys, line } = self;
        drop((account, keys));
        phone.reopen();
        Self::running(phone, line)
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

    /// Epoch and bytes of the newest key of its family's space.
    pub fn newest_key(&self) -> (u32, [u8; 32]) {
        let space = self.keys.place().expect("a place").space;
        let sql = "SELECT epoch, key FROM space_key WHERE space = ?1 ORDER BY epoch DESC LIMIT 1";
        let newest = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.store().read(|tx| Ok(tx.query_row(sql, [space], newest)?)).expect("a key")
    }

    /// Creates an account through the pages and signs in.
    pub async fn sign_up(&self, server: &InProcess, email: &str) {
        let mut browser = server.browser();
        browser.register(email, PASSWORD, &server.mail()).await;
        self.authorize(&mut browser, server.base()).await;
    }

    /// Signs in to an account that is there.
    pub async fn sign_in(&self, server: &InProcess, email: &str) {
        let url = self.account.begin(server.base(), REDIRECT, CLIENT_DESKTOP).await.expect("an address");
        let callback = server.browser().sign_in(&url, email, PASSWORD).await;
        self.account.finish(&callback).await.expect("signed in");
    }
}

impl Deref for Phone {
    type Target = support::phone::Phone;

    fn deref(&self) -> &Self::Target {
        &self.phone
    }
}
