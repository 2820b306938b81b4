//! What becomes of a form that was drawn for other cookies. Sent twice, it did its work the first time, and its person is led on to
//! where the browser stands. One that changes something else is told to be too old: else its person would think it done. Nothing
//! of it is taken, and nothing is shown that its cookies would not show anyway.

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
/// So soon after it the same form comes once more. Later it is another tab's, with another password.
const TAPPED_TWICE_US: i64 = 30 * SECOND_US;

/// What a post to `path` gets.
///
/// # Errors
/// The store's, and a request's that is over.
pub(super) async fn from(state: &State, visitor: &Visitor, path: &str) -> Result<PageFault, PageFault> {
    let session = visitor.session(state).await?;
    if let Some(session) = &session
        && SETS_PASSWORD.contains(&path)
        && began_with_password(state, session).await?
    {
        return Ok(PageFault::go(&visitor.way(CHANGED)));
    }
    if path == "/undo" {
        return Ok(PageFault::not_taken_back());
    }
    if session.is_some()
        && let Some(back) = changed_on(path)
    {
        // Tapped twice, it is on, and its page says so.
        let is_on = path == "/account/two-step/new";
        return Ok(if is_on { PageFault::go(back) } else { PageFault::not_taken(back) });
    }
    let to = stands(state, visitor, session.is_some()).await?;
    Ok(to.map_or_else(PageFault::too_old, |to| PageFault::go(&to)))
}

/// The page whose forms, as this one, change something of who is signed in.
fn changed_on(path: &str) -> Option<&'static str> {
    match path {
        "/logout" => Some("/signed-in"),
        // What lists the phones to sign out: they are on that page, too.
        CHANGED => Some(Next::Devices.path()),
        _ => Next::of_form(path).map(Next::path),
    }
}

/// Where the browser stands. None: nowhere.
async fn stands(state: &State, visitor: &Visitor, is_in: bool) -> Result<Option<String>, PageFault> {
    let request = visitor.request(state).await?;
    if pending(state, visitor).await?.is_some() {
        return Ok(Some(visitor.way("/login/totp")));
    }
    if is_in {
        return Ok(Some(visitor.after_sign_in()));
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
    if !(0..TAPPED_TWICE_US).contains(&(state.clock.now_us() - began)) {
        return Ok(false);
    }
    let with_it = move |set_at: &i64| (0..WITH_IT_US).contains(&(began - set_at));
    let read = state.store.account_read(move |tx| {
        let Some(set_at) = users::password_set_at(tx, user)?.filter(with_it) else { return Ok(false) };
        // The first one of a new account changed nothing.
        Ok(audit::happened(tx, user, Event::PasswordReset, set_at)?
            || audit::happened(tx, user, Event::PasswordChanged, set_at)?)
    });
    read.await
}
