//! A forgotten password begins with an address: the answer is the same whether it has an account or not.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::code::{CodePage, try_typed};
use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor};
use crate::accounts::email_codes::{self, Pending, Purpose};
use crate::accounts::{throttle, users};
use crate::error::ApiError;
use crate::limits::Action;
use crate::mail;
use crate::oauth::authorize::redirect;
use crate::state::State;

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    frame: Frame,
    action: String,
    login: String,
    email: String,
}

/// `GET /reset`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    draw(&state, &visitor, StatusCode::OK, "", None)
}

/// `POST /reset`.
pub(crate) async fn ask(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let email = form.field("email").trim().to_owned();
    if !users::plausible(&email) {
        let alert = Alert::new("Check the address", "Type an e-mail address such as maya@example.org.");
        return draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &email, Some(alert));
    }
    state.limits.take(Action::Register, address)?;
    send_code(&state, &visitor, email).await?;
    Ok(redirect(&visitor.way("/reset/code")))
}

/// `GET /reset/code`.
pub(crate) async fn show_code(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    match pending(&state, &visitor).await? {
        Some(pending) => draw_code(&state, &visitor, StatusCode::OK, pending, None),
        None => Ok(redirect(&visitor.way("/reset"))),
    }
}

/// `POST /reset/code`.
pub(crate) async fn enter(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else { return Ok(redirect(&visitor.way("/reset"))) };
    match try_typed(&state, &visitor, Purpose::Reset, form.field("code")).await? {
        None => Ok(redirect(&visitor.way("/reset/password"))),
        Some(alert) => draw_code(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, pending, Some(alert)),
    }
}

/// `POST /reset/code/new`: another code to the same address.
pub(crate) async fn again(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address } = posted;
    visitor.request(&state).await?;
    if let Some(pending) = pending(&state, &visitor).await? {
        state.limits.take(Action::Register, address)?;
        send_code(&state, &visitor, pending.email).await?;
    }
    Ok(redirect(&visitor.way("/reset/code")))
}

async fn pending(state: &State, visitor: &Visitor) -> Result<Option<Pending>, ApiError> {
    let browser = visitor.browser_hash();
    state.store.account_read(move |tx| email_codes::pending(tx, Purpose::Reset, browser)).await
}

/// Sends a code, or the word that there is no account. Both cost the same and look the same.
async fn send_code(state: &State, visitor: &Visitor, email: String) -> Result<(), ApiError> {
    let email_ci = users::fold(&email);
    let key = throttle::key(&state.secrets, "reset", &email_ci, None);
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
            let host = this.origin.host();
            // To the address as the account has it: a look-alike in other letters gets nothing.
            let to = match users::by_email(tx, &email_ci)? {
                Some(user) => users::email_of(tx, user.id)?,
                None => None,
            };
            let sent = to.is_some().then_some(code.as_str());
            email_codes::begin(tx, &this.secrets, Purpose::Reset, code_id, &email, sent, browser, now)?;
            let text = match &to {
                Some(_) => mail::texts::code(host, &code),
                None => mail::texts::no_account(host),
            };
            mail::enqueue(tx, mail_id, to.as_deref().unwrap_or(&email), &text, now)?;
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
    email: &str,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let template = ResetPage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/reset"),
        login: visitor.way("/login"),
        email: email.chars().take(254).collect(),
    };
    visitor.draw(state, status, &template)
}

fn draw_code(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let template = CodePage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/reset/code"),
        again: visitor.way("/reset/code/new"),
        other: visitor.way("/reset"),
        email: pending.email,
        to_sign_in: false,
    };
    visitor.draw(state, status, &template)
}
