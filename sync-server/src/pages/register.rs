//! Creating an account begins with an address: the answer is the same whether it has an account or not.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, link};
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::{throttle, users};
use crate::error::ApiError;
use crate::limits::Action;
use crate::mail;
use crate::oauth::authorize::redirect;
use crate::state::State;

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    frame: Frame,
    action: String,
    login: String,
    email: String,
}

/// `GET /register`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    draw(&state, &visitor, StatusCode::OK, "", None)
}

/// `POST /register`.
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
    Ok(redirect(&link("/register/code", visitor.request_id())))
}

/// Sends a code, or the word that there is an account already. Both cost the same and look the same.
pub(super) async fn send_code(state: &State, visitor: &Visitor, email: String) -> Result<(), ApiError> {
    let email_ci = users::fold(&email);
    let key = throttle::key(&state.secrets, "register", &email_ci, None);
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
            let taken = users::exists(tx, &email_ci)?;
            let sent = (!taken).then_some(code.as_str());
            email_codes::begin(tx, &this.secrets, Purpose::Register, code_id, &email, sent, browser, now)?;
            let host = this.origin.host();
            let text = if taken { mail::texts::has_account(host) } else { mail::texts::code(host, &code) };
            mail::enqueue(tx, mail_id, &email, &text, now)?;
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
    let request = visitor.request_id();
    let template = RegisterPage {
        frame: Frame::form(state, visitor, alert),
        action: link("/register", request),
        login: link("/login", request),
        email: email.chars().take(254).collect(),
    };
    visitor.draw(state, status, &template)
}
