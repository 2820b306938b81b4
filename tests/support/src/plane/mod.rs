//! The family plane by hand: a server in this process, accounts made by SQL, phones that are keys and nothing else.
//!
//! It speaks the wire types only, so that what a test shows is the server's doing and not the core's.

mod call;
mod phone;

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use kinfolio_protocol::{AccountId, SignInId, labels::sha256};
use kinfolio_server::clock::{Clock as _, FixedClock, OsRandomness, Randomness};
use kinfolio_server::store::Value;
use kinfolio_server::{Config, State, app};
use tempfile::TempDir;

use crate::engine::Engine;
use crate::postgres::Database;

pub use call::{Answer, Body};
pub use phone::{Family, Order, Phone, add, epoch, key_of, order, post_of, random, record, recovery, sealed};

/// The instant at which these servers stand: 2026-06-01, in microseconds.
pub const NOW_US: i64 = 1_780_272_000_000_000;

/// A server without a listener.
pub struct Server {
    /// Its state, for a look into the store.
    pub state: State,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    router: Router,
    folder: TempDir,
}

/// One sign-in of an account.
#[derive(Clone)]
pub struct SignIn {
    /// The account.
    pub account: AccountId,
    /// The sign-in.
    pub id: SignInId,
    /// Its access token.
    pub token: String,
}

impl Server {
    /// On the embedded engine, in a folder of its own.
    pub async fn embedded() -> Self {
        Self::with(|config| config).await
    }

    /// On an engine, with a configuration that `change` adjusts.
    pub async fn started_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let place = engine.place().await;
        Self::with(|mut config| {
            change(place.written_to(&mut config));
            config
        })
        .await
    }

    /// On a database that the test looks into as well.
    pub async fn on(database: &Database) -> Self {
        Self::with(|mut config| {
            config.database_url = Some(database.app_url());
            config.accounts_database_url = Some(database.accounts_url());
            config.migrator_database_url = Some(database.migrator_url());
            config.database_connections = NonZeroU32::MIN.saturating_add(5);
            config
        })
        .await
    }

    /// On the engine that `engine` writes into the configuration.
    pub async fn with(engine: impl FnOnce(Config) -> Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOW_US));
        let config = engine(Config::in_folder(folder.path().join("data"), folder.path().join("mail")));
        let state = State::start_with(config, clock.clone(), Arc::new(OsRandomness)).await.unwrap();
        Self { router: app(state.clone()), state, clock, folder }
    }

    /// A new account, signed in once.
    pub async fn account(&self, email: &str) -> SignIn {
        let account = AccountId(random());
        let (email, now) = (email.to_owned(), self.clock.now_us());
        self.state
            .store
            .account(move |tx| {
                tx.execute(
                    "INSERT INTO users (user_id, email, email_ci, email_verified_at, adult_at, adult_text, created_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &[
                        account.0.into(),
                        email.as_str().into(),
                        email.to_lowercase().into(),
                        now.into(),
                        now.into(),
                        "test".into(),
                        now.into(),
                    ],
                )
            })
            .await
            .unwrap();
        self.sign_in(account).await
    }

    /// One more sign-in of an account, its token good for a year: [`Server::call`] moves its end on.
    pub async fn sign_in(&self, account: AccountId) -> SignIn {
        let id = SignInId(random());
        let secret: String = random::<43>().iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        let token = format!("hat_dev_{secret}");
        let hash = sha256(token.as_bytes());
        let (now, later) = (self.clock.now_us(), self.clock.now_us() + 365 * 86_400_000_000);
        self.state
            .store
            .account(move |tx| {
                tx.execute(
                    "INSERT INTO signins (signin_id, user_id, client_id, scope, amr, auth_time, created_at,
                                          last_used_at, idle_expires_at, expires_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    &[
                        id.0.into(),
                        account.0.into(),
                        "test".into(),
                        "sync".into(),
                        "pwd".into(),
                        now.into(),
                        now.into(),
                        now.into(),
                        later.into(),
                        later.into(),
                    ],
                )?;
                tx.execute(
                    "INSERT INTO access_tokens (token_hash, signin_id, expires_at, first_used_at)
                     VALUES ($1, $2, $3, $4)",
                    &[hash.0.into(), id.0.into(), later.into(), Value::Int(now)],
                )
            })
            .await
            .unwrap();
        SignIn { account, id, token }
    }
}

impl Server {
    /// The address that the server knows itself by.
    pub fn issuer(&self) -> &str {
        self.state.origin.url()
    }
}

impl Server {
    /// Where its mail goes.
    pub fn mail(&self) -> std::path::PathBuf {
        self.folder.path().join("mail")
    }

    /// Where its store and its blobs lie.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }
}

/// Fills an array with random bytes.
fn os_random<const N: usize>() -> [u8; N] {
    let source: &dyn Randomness = &OsRandomness;
    source.make()
}
