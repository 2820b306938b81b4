//! Typing the code from the mail, in the browser that asked for it.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::Posted;
use super::register::send_code;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, link};
use crate::accounts::email_codes::{self, Pending, Purpose, Typed};
use crate::error::ApiError;
use crate::limits::Action;
use crate::oauth::authorize::redirect;
use crate::state::State;

#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct CodePage {
    pub(super) frame: Frame,
    pub(super) action: String,
    pub(super) again: String,
    /// Where another address is typed.
    pub(super) other: String,
    pub(super) email: String,
    /// Whether it comes before a password, and so needs a word why.
    pub(super) to_sign_in: bool,
}

/// `GET /register/code`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else {
        return Ok(redirect(&link("/register", visitor.request_id())));
    };
    draw(&state, &visitor, StatusCode::OK, &pending, None)
}

/// `POST /register/code`: spaces are welcome.
pub(crate) async fn enter(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else {
        return Ok(redirect(&link("/register", visitor.request_id())));
    };
    match try_typed(&state, &visitor, Purpose::Register, form.field("code")).await? {
        None => Ok(redirect(&link("/register/password", visitor.request_id()))),
        Some(alert) => draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &pending, Some(alert)),
    }
}

/// Takes one try with what was typed. None: it was right.
pub(super) async fn try_typed(
    state: &State,
    visitor: &Visitor,
    purpose: Purpose,
    typed: &str,
) -> Result<Option<Alert>, ApiError> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).collect();
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let this = state.clone();
    let outcome = state
        .store
        .account(move |tx| email_codes::try_code(tx, &this.secrets, purpose, browser, &typed, now))
        .await?;
    Ok(match outcome {
        Typed::Right => None,
        Typed::Wrong(1) => Some(Alert::new("That code did not match", "You have 1 try left.")),
        Typed::Wrong(left) => {
            Some(Alert::new("That code did not match", &format!("You have {left} tries left.")))
        }
        Typed::Over => Some(Alert::new(
            "This code is too old",
            "Codes work for 10 minutes. Choose “Send a new code” and use the newest mail.",
        )),
    })
}

/// `POST /register/code/new`: another code to the same address.
pub(crate) async fn again(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address } = posted;
    visitor.request(&state).await?;
    if let Some(pending) = pending(&state, &visitor).await? {
        state.limits.take(Action::Register, address)?;
        send_code(&state, &visitor, pending.email).await?;
    }
    Ok(redirect(&link("/register/code", visitor.request_id())))
}

async fn pending(state: &State, visitor: &Visitor) -> Result<Option<Pending>, PageFault> {
    let browser = visitor.browser_hash();
    Ok(state.store.account_read(move |tx| email_codes::pending(tx, Purpose::Register, browser)).await?)
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: &Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let request = visitor.request_id();
    let template = CodePage {
        frame: Frame::form(state, visitor, alert),
        action: link("/register/code", request),
        again: link("/register/code/new", request),
        other: link("/register", request),
        email: pending.email.clone(),
        to_sign_in: false,
    };
    visitor.draw(state, status, &template)
}
