//! Showing once more that it is you, where there is no password to type and the other service does not say when it saw its
//! person: a code goes to the account's own address. It opens what a new password by mail would, and asks for the second step
//! as that does.

use std::net::IpAddr;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::code::ways;
use super::entering::enter;
use super::fault::waiting;
use super::form::Posted;
use super::login::once_more;
use super::next::Next;
use super::render::Alert;
use super::{PageFault, Visitor, code_mail, redirect};
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::sessions::{self, Session};
use crate::accounts::{second_step, tokens, totp, users};
use crate::audit::{self, Event};
use crate::error::ApiError;
use crate::state::State;

/// Whether the account has no password, so that a mailed code stands in.
pub(super) async fn by_mail(state: &State, session: &Session) -> Result<bool, ApiError> {
    let user = session.user;
    Ok(state.store.account_read(move |tx| users::password_set_at(tx, user)).await?.is_none())
}

/// The session of an account without a password, or the way to showing it otherwise.
pub(super) async fn admit(state: &State, visitor: &Visitor) -> Result<Session, PageFault> {
    let session = match visitor.request_id() {
        Some(_) => visitor.session(state).await?.ok_or_else(|| PageFault::go(&visitor.way("/login")))?,
        None => visitor.signed_in(state, visitor.next().unwrap_or(Next::Account)).await?,
    };
    if by_mail(state, &session).await? { Ok(session) } else { Err(PageFault::go(&visitor.way("/login"))) }
}

/// `POST /login/again`: sends the code.
pub(crate) async fn ask(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address } = posted;
    visitor.request(&state).await?;
    let session = admit(&state, &visitor).await?;
    match code_mail::send(&state, &visitor, Purpose::Again, address, session.email.clone()).await? {
        None => Ok(redirect(&visitor.way(ways(Purpose::Again).code))),
        Some(seconds) => {
            let text = "Too many were asked for. If one came, type it; if not, ask again after that.";
            let alert = Alert::no_more_codes(seconds, text);
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(waiting(once_more(&state, &visitor, status, &session, Some(alert)).await?, seconds))
        }
    }
}

/// What a right code led to.
enum Shown {
    /// It was for another account that this browser was signed in to, or was used up.
    Nothing,
    /// The page that asks for the second step.
    OwesCode,
    /// A fresh session.
    Fresh,
}

/// The code was right: the session begins anew, with the second step where the account has one.
pub(super) async fn enter_shown(
    state: &State,
    visitor: &Visitor,
    session: Session,
    address: IpAddr,
) -> Result<Response, PageFault> {
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid());
    let (renewal, now, this) = (visitor.renewal(), state.clock.now_us(), state.clone());
    let email_ci = users::fold(&session.email);
    let turns = code_mail::turns(state, visitor, Purpose::Again, address, &email_ci).await?;
    let wanted = email_ci.clone();
    let shown = state
        .store
        .account(move |tx| {
            if !sessions::hold(tx, &session, now)? {
                return Ok(Shown::Nothing);
            }
            let Some(code) = email_codes::verified(tx, Purpose::Again, renewal.from, now)? else {
                return Ok(Shown::Nothing);
            };
            if !email_codes::finish(tx, code.id)? || users::fold(&code.email) != wanted {
                return Ok(Shown::Nothing);
            }
            turns.clear(tx)?;
            renewal.carry(tx)?;
            audit::record(tx, now, Event::MailedCodeOk, Some(session.user), None)?;
            if totp::is_on(tx, session.user)? {
                let first = sessions::LINKED;
                second_step::begin(tx, &this.secrets, renewal.to, session.user, first, None, now)?;
                return Ok(Shown::OwesCode);
            }
            sessions::begin(tx, &secret, before.as_ref(), session.user, sessions::LINKED, now)?;
            Ok(Shown::Fresh)
        })
        .await?;
    Ok(match shown {
        Shown::Nothing => redirect(&visitor.way("/login")),
        Shown::OwesCode => visitor.renew(state, redirect(&visitor.way("/login/totp"))),
        Shown::Fresh => enter(state, visitor, &email_ci, &cookie).await?,
    })
}
