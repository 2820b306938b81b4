//! Signing in to a sync server. Local data never depends on it.
use crate::border::{Result, call, wait};
use crate::ids::Id;
use kinfolio_core::account;
use kinfolio_core::keys::KeysClient;

type AccountState = account::AccountState;
type AccountSignIn = account::AccountSignIn;
type SignIn = account::SignIn;

/// How this phone stands to a sync server.
#[uniffi::remote(Enum)]
pub enum AccountState {
    None,
    SignedIn(SignIn),
    SignedOut(SignIn),
}

/// Which account of which server.
#[uniffi::remote(Record)]
pub struct SignIn {
    /// The server's issuer address.
    pub server: String,
    /// The account's e-mail address; none until the server could be asked.
    pub email: Option<String>,
}

/// One place where the account is signed in.
#[uniffi::remote(Record)]
pub struct AccountSignIn {
    /// Its id, hex.
    pub id: String,
    /// What its person called it on the account page. Names of the family's devices are sealed: find them by `device`.
    pub name: Option<String>,
    /// Whether it is this phone.
    pub current: bool,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// The day (UTC) on which it was last used: its begin, milliseconds since 1970.
    pub last_used_ms: i64,
    /// When it ends unless it is used before, milliseconds since 1970.
    pub ends_ms: i64,
    /// `android`, `ios`, `linux`, `macos` or `windows`, if the app said so.
    pub platform: Option<String>,
    /// The app's version, likewise.
    pub app_version: Option<String>,
    /// The coarse network that it last came from, such as `203.0.113.0/24`.
    pub network: Option<String>,
    /// Which device of a family it has proved to be.
    pub device: Option<Id>,
}

/// The client id of the phone apps: comes back by app link or `app.kinfolio:/oauth2redirect`.
#[uniffi::export]
pub fn client_app() -> String {
    account::CLIENT_APP.to_owned()
}

/// The client id of desktop programs: comes back to a loopback address.
#[uniffi::export]
pub fn client_desktop() -> String {
    account::CLIENT_DESKTOP.to_owned()
}

/// The account's room.
#[derive(uniffi::Object)]
pub struct AccountClient {
    pub(crate) room: account::AccountClient,
    /// An account's end is signed by this phone's device.
    pub(crate) keys: KeysClient,
}

#[uniffi::export]
impl AccountClient {
    /// Begins a sign-in: gives the address to open in the browser. It survives the death of this process.
    ///
    /// # Errors
    /// As [`account::AccountClient::begin`].
    pub async fn begin(&self, server: String, redirect_uri: String, client_id: String) -> Result<String> {
        let room = self.room.clone();
        wait(async move { room.begin(&server, &redirect_uri, &client_id).await }).await
    }

    /// Finishes the sign-in with the address that the browser came back to.
    ///
    /// # Errors
    /// As [`account::AccountClient::finish`].
    pub async fn finish(&self, callback: String) -> Result<SignIn> {
        let room = self.room.clone();
        wait(async move { room.finish(&callback).await }).await
    }

    /// How this phone stands to a sync server; asks nobody.
    ///
    /// # Errors
    /// As [`account::AccountClient::state`].
    pub fn state(&self) -> Result<AccountState> {
        call(|| self.room.state())
    }

    /// The day on which this sign-in ends, milliseconds since 1970, in the 30 days before it; none before. Asks nobody.
    ///
    /// # Errors
    /// As [`account::AccountClient::sign_in_ends_soon`].
    pub fn sign_in_ends_soon(&self) -> Result<Option<i64>> {
        call(|| self.room.sign_in_ends_soon())
    }

    /// Signs out of the server and forgets the tokens. Entries and keys stay.
    ///
    /// # Errors
    /// As [`account::AccountClient::sign_out`].
    pub async fn sign_out(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.sign_out().await }).await
    }

    /// Asks the server for the account's e-mail address.
    ///
    /// # Errors
    /// As [`account::AccountClient::refresh_me`].
    pub async fn refresh_me(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.refresh_me().await }).await
    }

    /// The account's live sign-ins, newest first, from the server.
    ///
    /// # Errors
    /// As [`account::AccountClient::sign_ins`].
    pub async fn sign_ins(&self) -> Result<Vec<AccountSignIn>> {
        let room = self.room.clone();
        wait(async move { room.sign_ins().await }).await
    }

    /// Begins the account's end; gives the day, milliseconds since 1970. `TwoFactorRequired`: sign in once more, then call
    /// this again.
    ///
    /// # Errors
    /// As [`KeysClient::delete_account`].
    pub async fn delete_account(&self) -> Result<i64> {
        let keys = self.keys.clone();
        wait(async move { keys.delete_account().await }).await
    }

    /// When the account is to be deleted, milliseconds since 1970, from the server; none: it is not.
    ///
    /// # Errors
    /// As [`account::AccountClient::deletion`].
    pub async fn deletion(&self) -> Result<Option<i64>> {
        let room = self.room.clone();
        wait(async move { room.deletion().await }).await
    }

    /// Keeps an account that is to be deleted.
    ///
    /// # Errors
    /// As [`account::AccountClient::keep_account`].
    pub async fn keep_account(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.keep_account().await }).await
    }

    /// Ends one of the account's sign-ins on the server, by its id.
    ///
    /// # Errors
    /// As [`account::AccountClient::end_sign_in`].
    pub async fn end_sign_in(&self, sign_in: String) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.end_sign_in(&sign_in).await }).await
    }
}
