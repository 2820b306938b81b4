//! Signing in to a sync server, and the session that follows. Local data never depends on it.

mod online;
mod queries;
pub mod session;
pub mod sign_in;

#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::error::Result;
use crate::http::{Door, Prover, Transport};
use session::Session;
use std::fmt;
use std::sync::Arc;

pub use online::AccountSignIn;
pub use sign_in::{CLIENT_APP, CLIENT_DESKTOP};

/// A sign-in's end is told so long before.
const WARNED_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How this phone stands to a sync server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Never signed in, or signed out on purpose.
    None,
    /// Signed in.
    SignedIn(SignIn),
    /// The server ended the sign-in. Everything local stays usable; sync waits for a new one.
    SignedOut(SignIn),
}

/// Which account of which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The server's issuer address.
    pub server: String,
    /// The account's e-mail address; `None` until the server could be asked.
    pub email: Option<String>,
}

/// The account room.
#[derive(Clone)]
pub struct AccountClient {
    context: Arc<Context>,
    session: Arc<Session>,
}

impl fmt::Debug for AccountClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountClient")
    }
}

impl AccountClient {
    /// The room over a store and a transport. `prover` signs for the device once this sign-in is bound to it.
    pub fn new(context: Arc<Context>, transport: Arc<dyn Transport>, prover: Arc<dyn Prover>) -> Self {
        let session = Arc::new(Session::new(Arc::clone(&context), transport, prover));
        Self { context, session }
    }

    /// The signed-in door to the server, for keys and sync.
    pub fn door(&self) -> Arc<dyn Door> {
        Arc::clone(&self.session) as Arc<dyn Door>
    }

    /// Begins a sign-in: gives the address to open in the browser. What is needed to finish it survives the
    /// death of this process; a second `begin` replaces the first. While a sign-in is live the person is asked to show once
    /// more that they are there: that is what [`TwoFactorRequired`](crate::Error::TwoFactorRequired) wants.
    ///
    /// `server` is the server's address, `redirect_uri` where the browser comes back to, `client_id` one of
    /// [`CLIENT_APP`] and [`CLIENT_DESKTOP`].
    ///
    /// # Errors
    /// [`InvalidInput`](crate::Error::InvalidInput) for an address that is not https (or this machine),
    /// [`Offline`](crate::Error::Offline), [`UpdateApp`](crate::Error::UpdateApp) when the server speaks no
    /// dialect of OAuth that this app knows.
    pub async fn begin(&self, server: &str, redirect_uri: &str, client_id: &str) -> Result<String> {
        sign_in::begin(&self.context, &*self.session.transport, server, redirect_uri, client_id).await
    }

    /// Finishes the sign-in with the address that the browser came back to. One that this phone had before ends.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::Error::InvalidInput) when the callback belongs to no sign-in begun here,
    /// [`Cancelled`](crate::Error::Cancelled) when the person said no on the page,
    /// [`Offline`](crate::Error::Offline): try the same callback again, within the minute that its code lives;
    /// [`SignedOut`](crate::Error::SignedOut): begin again, the code is too old or used up, as after an earlier try whose
    /// answer was lost on its way here; [`Refused`](crate::Error::Refused).
    pub async fn finish(&self, callback: &str) -> Result<SignIn> {
        sign_in::finish(&self.context, &*self.session.transport, callback).await?;
        // The tokens are kept. Not learning the address now is no failure: it is asked again later.
        let me = self.session.me().await;
        tracing::info!(known = me.is_ok(), "signed in");
        self.session.end_replaced().await?;
        self.state().map(|state| match state {
            AccountState::SignedIn(sign_in) | AccountState::SignedOut(sign_in) => sign_in,
            AccountState::None => SignIn { server: String::new(), email: None },
        })
    }

    /// Signs out of the server and forgets the tokens. Entries, keys and the device's place in the family stay.
    ///
    /// # Errors
    /// Those of the store. That the server could not be told is no error: the tokens are gone with this phone's
    /// copy, and the sign-in can be ended from any other phone.
    pub async fn sign_out(&self) -> Result<()> {
        self.session.sign_out().await
    }

    /// How this phone stands to a sync server; asks nobody.
    ///
    /// # Errors
    /// Those of the store.
    pub fn state(&self) -> Result<AccountState> {
        Ok(match self.context.storage.read(queries::sign_in)? {
            None => AccountState::None,
            Some(row) => {
                let sign_in = SignIn { server: row.issuer, email: row.email };
                match row.refresh_token {
                    Some(_) => AccountState::SignedIn(sign_in),
                    None => AccountState::SignedOut(sign_in),
                }
            }
        })
    }

    /// The day on which this sign-in ends, milliseconds since 1970, in the last 30 days before it; `None` before, and when
    /// nobody is signed in. Using it moves the day, up to 400 days after it was made: then only signing in once more does.
    /// Local data stays usable either way. Asks nobody.
    ///
    /// # Errors
    /// Those of the store.
    pub fn sign_in_ends_soon(&self) -> Result<Option<i64>> {
        let ends_ms = self.context.storage.read(queries::ends_ms)?;
        let now_ms = self.context.clock.now_ms();
        Ok(ends_ms.filter(|ends_ms| ends_ms.saturating_sub(now_ms) <= WARNED_MS))
    }

    /// The account's e-mail address and sign-in, from the server.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Error::SignedOut), [`Offline`](crate::Error::Offline).
    pub async fn refresh_me(&self) -> Result<()> {
        self.session.me().await.map(|_| ())
    }

    /// The account's live sign-ins, newest first, from the server.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Error::SignedOut), [`Offline`](crate::Error::Offline),
    /// [`UpdateApp`](crate::Error::UpdateApp).
    pub async fn sign_ins(&self) -> Result<Vec<AccountSignIn>> {
        online::sign_ins(&self.session).await
    }

    /// Ends one of the account's sign-ins (another phone's, say) on the server. `sign_in` is its id in hex.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound), [`TwoFactorRequired`](crate::Error::TwoFactorRequired) from a phone outside the
    /// family whose own sign-in is older than ten minutes, [`SignedOut`](crate::Error::SignedOut),
    /// [`Offline`](crate::Error::Offline).
    pub async fn end_sign_in(&self, sign_in: &str) -> Result<()> {
        online::end_sign_in(&self.session, sign_in).await
    }

    /// When the account is to be deleted, milliseconds since 1970, from the server. `None`: it is not.
    ///
    /// # Errors
    /// [`SignedOut`](crate::Error::SignedOut), [`Offline`](crate::Error::Offline).
    pub async fn deletion(&self) -> Result<Option<i64>> {
        self.session.me().await
    }

    /// Keeps an account that is to be deleted.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound) when it is not to be deleted,
    /// [`TwoFactorRequired`](crate::Error::TwoFactorRequired) from a phone outside the family whose own sign-in is older than
    /// ten minutes, [`SignedOut`](crate::Error::SignedOut), [`Offline`](crate::Error::Offline).
    pub async fn keep_account(&self) -> Result<()> {
        online::keep_account(&self.session).await
    }
}
