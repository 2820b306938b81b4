//! Creating an account and setting a new password begin with an address: the answer is the same whether it has an
//! account or not.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::code::ways;
use super::code_mail;
use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor};
use crate::accounts::email_codes::Purpose;
use crate::accounts::users;
use crate::oauth::authorize::redirect;
use crate::state::State;

#[derive(Template)]
#[template(path = "address.html")]
struct AddressPage {
    frame: Frame,
    title: &'static str,
    action: String,
    login: String,
    email: String,
}

/// `GET /register` and `/reset`.
pub(crate) async fn show(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    draw(purpose, &state, &visitor, StatusCode::OK, "", None)
}

/// `POST /register` and `/reset`.
pub(crate) async fn ask(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let email = form.field("email").trim().to_owned();
    if !users::plausible(&email) {
        let alert = Alert::new("Check the address", "Type an e-mail address such as maya@example.org.");
        return draw(purpose, &state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &email, Some(alert));
    }
    code_mail::send(&state, &visitor, purpose, address, email).await?;
    Ok(redirect(&visitor.way(ways(purpose).code)))
}

fn draw(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    email: &str,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let title = if purpose == Purpose::Register { "Create an account" } else { "Set a new password" };
    let template = AddressPage {
        frame: Frame::form(state, visitor, alert),
        title,
        action: visitor.way(ways(purpose).ask),
        login: visitor.way("/login"),
        email: email.chars().take(254).collect(),
    };
    visitor.draw(state, status, &template)
}
