//! Where a browser stands whose form does not fit any more: a form that was sent twice did its work the first time, and so its
//! person is led on. Nothing of the form is taken, and nothing is shown that its cookies would not show anyway.

use super::account::CHANGED;
use super::code::{verified, ways};
use super::next::Next;
use super::second_step::pending;
use super::{PageFault, Visitor};
use crate::accounts::email_codes::Purpose;
use crate::accounts::sessions::Session;
use crate::accounts::users;
use crate::audit::{self, Event};
use crate::clock::SECOND_US;
use crate::error::ApiError;
use crate::state::State;

/// The forms whose right answer may be a new password and a session.
const SETS_PASSWORD: [&str; 5] =
    ["/reset/password", "/account/password", "/login/totp", "/login/backup-code", "/login/approved"];
/// A session that began so shortly after a new password was set began with it.
const WITH_IT_US: i64 = 5 * SECOND_US;

/// The page to which a post to `path` leads on. None: these cookies stand nowhere.
pub(super) async fn from(state: &State, visitor: &Visitor, path: &str) -> Result<Option<String>, PageFault> {
    let request = visitor.request(state).await?;
    if pending(state, visitor).await?.is_some() {
        return Ok(Some(visitor.way("/login/totp")));
    }
    if let Some(session) = visitor.session(state).await? {
        let new_password = SETS_PASSWORD.contains(&path) && began_with_password(state, &session).await?;
        return Ok(Some(match path {
            _ if new_password => visitor.way(CHANGED),
            _ if path.starts_with("/account") => Next::Account.path().to_owned(),
            _ => visitor.after_sign_in(),
        }));
    }
    for purpose in [Purpose::Register, Purpose::Linked, Purpose::SignIn, Purpose::Reset] {
        if verified(purpose, state, visitor).await?.is_some() {
            return Ok(Some(visitor.way(ways(purpose).then)));
        }
    }
    Ok(request.map(|_| visitor.way("/login")))
}

async fn began_with_password(state: &State, session: &Session) -> Result<bool, ApiError> {
    let (user, began) = (session.user, session.begun_us);
    let with_it = move |set_at: &i64| (0..WITH_IT_US).contains(&(began - set_at));
    let read = state.store.account_read(move |tx| {
        let Some(set_at) = users::password_set_at(tx, user)?.filter(with_it) else { return Ok(false) };
        // The first one of a new account changed nothing.
        Ok(audit::happened(tx, user, Event::PasswordReset, set_at)?
            || audit::happened(tx, user, Event::PasswordChanged, set_at)?)
    });
    read.await
}
