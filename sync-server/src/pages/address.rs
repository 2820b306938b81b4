//! Creating an account, setting a new password and changing the address begin with an address: the answer is the same
//! whether it has an account or not.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::code::{admit, waits_for_code, ways};
use super::fault::waiting;
use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, code_mail, redirect, upstream};
use crate::accounts::email_codes::Purpose;
use crate::accounts::users;
use crate::state::State;

#[derive(Template)]
#[template(path = "address.html")]
struct AddressPage {
    frame: Frame,
    words: Words,
    action: String,
    back: String,
    /// Where the code is typed that came before, if one did.
    typed: Option<String>,
    email: String,
    /// The address cannot be used, and was not only too often asked with.
    wrong: bool,
}

/// What the page says, by what the address is for.
struct Words {
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    /// What browsers and password managers may fill in.
    autocomplete: &'static str,
    /// Where the other way leads.
    back: &'static str,
    back_text: &'static str,
    /// It stands behind a sign-in.
    is_in: bool,
}

const fn words(purpose: Purpose) -> Words {
    let (title, lead) = match purpose {
        Purpose::Register | Purpose::Linked => ("Create an account", "We send a code to your address first."),
        Purpose::Address => ("Change your address", "We send a code to the new address first."),
        Purpose::Reset | Purpose::SignIn | Purpose::Again => {
            ("Set a new password", "We send a code to your address first.")
        }
    };
    let (label, autocomplete, back, back_text) = match purpose {
        Purpose::Address => ("New e-mail address", "email", "/account", "Back to your account"),
        Purpose::Register | Purpose::Linked => {
            ("E-mail address", "username", "/login", "Have an account? Sign in")
        }
        Purpose::Reset | Purpose::SignIn | Purpose::Again => {
            ("E-mail address", "username", "/login", "Back to signing in")
        }
    };
    Words { title, lead, label, autocomplete, back, back_text, is_in: matches!(purpose, Purpose::Address) }
}

/// `GET /register`, `/register/linked`, `/reset` and `/account/email`.
pub(crate) async fn show(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    admit(purpose, &state, &visitor).await?;
    let said = match purpose {
        // What the other service says is worth typing less, and nothing more: the code asks the address itself.
        Purpose::Linked => upstream::newcomer(&state, &visitor).await?.identity.email,
        _ => None,
    };
    draw(purpose, &state, &visitor, StatusCode::OK, &said.unwrap_or_default(), None)
}

/// `POST /register`, `/register/linked`, `/reset` and `/account/email`.
pub(crate) async fn ask(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    let session = admit(purpose, &state, &visitor).await?;
    let email = form.field("email").trim().to_owned();
    if !users::plausible(&email) {
        let alert = Alert::new("Check the address", "Type an e-mail address such as maya@example.org.");
        return draw(purpose, &state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &email, Some(alert));
    }
    if session.is_some_and(|session| users::fold(&session.email) == users::fold(&email)) {
        let alert = Alert::new("That is your address now", "Type the one that it should be from now on.");
        return draw(purpose, &state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &email, Some(alert));
    }
    let Some(seconds) = code_mail::send(&state, &visitor, purpose, address, email.clone()).await? else {
        return Ok(redirect(&visitor.way(ways(purpose).code)));
    };
    let text = "Too many were asked for. If one came, type it; if not, ask again after that.";
    let alert = Alert::no_more_codes(seconds, text);
    let typed = waits_for_code(purpose, &state, &visitor).await?.then(|| visitor.way(ways(purpose).code));
    let page = AddressPage { typed, wrong: false, ..page(purpose, &state, &visitor, &email, Some(alert)) };
    Ok(waiting(visitor.draw(&state, StatusCode::TOO_MANY_REQUESTS, &page)?, seconds))
}

/// The address was given to another account while its code was typed.
pub(super) fn taken(state: &State, visitor: &Visitor) -> Result<Response, PageFault> {
    let alert =
        Alert::new("This address is taken", "It has an account of its own by now. Nothing has changed.");
    draw(Purpose::Address, state, visitor, StatusCode::CONFLICT, "", Some(alert))
}

fn draw(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    email: &str,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    visitor.draw(state, status, &page(purpose, state, visitor, email, alert))
}

fn page(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
    email: &str,
    alert: Option<Alert>,
) -> AddressPage {
    let words = words(purpose);
    AddressPage {
        wrong: alert.is_some(),
        frame: Frame::form(state, visitor, alert),
        action: visitor.way(ways(purpose).ask),
        back: visitor.way(words.back),
        typed: None,
        words,
        email: email.chars().take(254).collect(),
    }
}
