//! The mailed code that a browser needs before the password, once too many wrong ones were typed for an address in
//! browsers that it does not know (sign-in.md 2.10). An address without an account is treated alike.

use std::net::IpAddr;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::code::{CodePage, try_typed};
use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor};
use crate::accounts::email_codes::{self, Pending, Purpose};
use crate::accounts::{throttle, users};
use crate::error::{ApiError, hex};
use crate::limits::Action;
use crate::mail;
use crate::oauth::authorize::redirect;
use crate::state::State;

/// Where a browser stands that an account does not know.
pub(super) enum Standing {
    /// It may try a password.
    Free,
    /// It typed a mailed code: it has tries of its own, under this name.
    Proven(String),
    /// It needs a mailed code first.
    Owes,
}

/// Looks up where this browser stands; `shared` is the bucket of all unknown browsers.
pub(super) async fn standing(
    state: &State,
    visitor: &Visitor,
    email_ci: &str,
    shared: [u8; 32],
) -> Result<Standing, ApiError> {
    let (browser, now, email_ci) = (visitor.browser_hash(), state.clock.now_us(), email_ci.to_owned());
    let most = i64::from(state.config.limits.account_code_failures);
    state
        .store
        .account_read(move |tx| {
            let proven = email_codes::verified(tx, Purpose::SignIn, browser, now)?;
            if proven.is_some_and(|pending| users::fold(&pending.email) == email_ci) {
                return Ok(Standing::Proven(format!("code {}", hex(&browser))));
            }
            Ok(if throttle::failures(tx, shared)? >= most { Standing::Owes } else { Standing::Free })
        })
        .await
}

/// Sends a code, unless the browser has one that works, and leads to the page where it is typed.
pub(super) async fn ask(
    state: &State,
    visitor: &Visitor,
    address: IpAddr,
    email: String,
) -> Result<Response, PageFault> {
    let (browser, now, email_ci) = (visitor.browser_hash(), state.clock.now_us(), users::fold(&email));
    let live = state
        .store
        .account_read(move |tx| email_codes::is_live(tx, Purpose::SignIn, browser, &email_ci, now))
        .await?;
    if !live {
        send_code(state, visitor, address, email).await?;
    }
    Ok(redirect(&visitor.way("/login/code")))
}

/// `GET /login/code`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    match pending(&state, &visitor).await? {
        Some(pending) => draw(&state, &visitor, StatusCode::OK, &pending, None),
        None => Ok(redirect(&visitor.way("/login"))),
    }
}

/// `POST /login/code`: the right one leads back to the password.
pub(crate) async fn enter(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    visitor.request(&state).await?;
    let back = redirect(&visitor.way("/login"));
    let Some(pending) = pending(&state, &visitor).await? else { return Ok(back) };
    match try_typed(&state, &visitor, Purpose::SignIn, form.field("code")).await? {
        None => Ok(back),
        Some(alert) => draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &pending, Some(alert)),
    }
}

/// `POST /login/code/new`: another code to the same address.
pub(crate) async fn again(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address } = posted;
    visitor.request(&state).await?;
    if let Some(pending) = pending(&state, &visitor).await? {
        send_code(&state, &visitor, address, pending.email).await?;
    }
    Ok(redirect(&visitor.way("/login/code")))
}

async fn pending(state: &State, visitor: &Visitor) -> Result<Option<Pending>, ApiError> {
    let browser = visitor.browser_hash();
    state.store.account_read(move |tx| email_codes::pending(tx, Purpose::SignIn, browser)).await
}

/// Only who has an account here gets a mail; the page is the same for everybody.
async fn send_code(state: &State, visitor: &Visitor, address: IpAddr, email: String) -> Result<(), ApiError> {
    state.limits.take(Action::Register, address)?;
    let email_ci = users::fold(&email);
    let key = throttle::key(&state.secrets, "sign-in-code", &email_ci, None);
    let code = email_codes::make(state.random.as_ref());
    let (code_id, mail_id) = (state.random.make(), state.random.make());
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let free = state.config.limits.account_failures;
    let this = state.clone();
    let waiting = state
        .store
        .account(move |tx| {
            if let Some(seconds) = throttle::begin_try(tx, key, free, now)? {
                return Ok(Some(seconds));
            }
            let user = users::by_email(tx, &email_ci)?;
            let to = match &user {
                Some(user) => users::email_of(tx, user.id)?,
                None => None,
            };
            let sent = to.is_some().then_some(code.as_str());
            email_codes::begin(tx, &this.secrets, Purpose::SignIn, code_id, &email, sent, browser, now)?;
            if let Some(to) = to {
                let text = mail::texts::sign_in_code(this.origin.host(), &code);
                mail::enqueue(tx, mail_id, &to, &text, now)?;
            }
            Ok(None)
        })
        .await?;
    state.mail.wake();
    waiting.map_or(Ok(()), |seconds| Err(ApiError::too_many(seconds)))
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: &Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let template = CodePage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/login/code"),
        again: visitor.way("/login/code/new"),
        other: visitor.way("/login"),
        email: pending.email.clone(),
        to_sign_in: true,
    };
    visitor.draw(state, status, &template)
}
