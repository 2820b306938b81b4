//! The last step of creating an account for somebody from another service: an address that is theirs, and "I am 18 or
//! over". No password.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::callback::has_account;
use super::newcomer;
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::tokens;
use crate::accounts::{linked, sessions, users};
use crate::pages::code::verified;
use crate::pages::code_mail::turns;
use crate::pages::entering::enter;
use crate::pages::form::Posted;
use crate::pages::render::{Alert, Frame};
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;
use crate::upstream::arrivals::{self, Arrival};

#[derive(Template)]
#[template(path = "register_linked.html")]
struct CreatePage {
    frame: Frame,
    action: String,
    login: String,
    label: String,
    email: String,
}

/// An address whose mailbox the newcomer has.
struct Proven {
    email: String,
    at_us: i64,
    /// The code that showed it, where the other service's word is not enough.
    code: Option<[u8; 16]>,
}

/// `GET /register/linked/account`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    let arrival = newcomer(&state, &visitor).await?;
    let proven = proven(&state, &visitor, &arrival).await?;
    draw(&state, &visitor, StatusCode::OK, &arrival, &proven, None)
}

/// `POST /register/linked/account`: makes the account, links it, and signs the browser in.
pub(crate) async fn create(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let arrival = newcomer(&state, &visitor).await?;
    let proven = proven(&state, &visitor, &arrival).await?;
    if form.field("adult") != "yes" {
        let alert = Alert::new("One tick is missing", "Kinfolio accounts are for adults.");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&state, &visitor, status, &arrival, &proven, Some(alert));
    }
    let email_ci = users::fold(&proven.email);
    let turns = turns(&state, &visitor, Purpose::Linked, address, &email_ci).await?;
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid());
    let (user, link, renewal) = (state.random.make(), state.random.make(), visitor.renewal());
    let (email, label) = (proven.email.clone(), label(&state, &arrival));
    let now = state.clock.now_us();
    let made = state
        .store
        .account(move |tx| {
            // One use: another tab may have been faster, here or at the other service.
            let identity = &arrival.identity;
            let ours = arrivals::forget(tx, renewal.from)?;
            if !ours || linked::owner(tx, &identity.issuer, &identity.subject)?.is_some() {
                return Ok(Made::Elsewhere);
            }
            if let Some(code) = proven.code {
                email_codes::finish(tx, code)?;
                turns.clear(tx)?;
            }
            if !users::create(tx, user, &proven.email, None, proven.at_us, now)? {
                return Ok(Made::Taken);
            }
            if !linked::link(tx, link, user, &identity.issuer, &identity.subject, now)? {
                // Nothing of this is kept, then.
                return Err(crate::error::ApiError::internal("an identity was linked in this very moment"));
            }
            let before = before.as_ref();
            // A code of ours that they typed says it, too.
            let seen = proven.code.map(|_| proven.at_us).max(identity.auth_time_us);
            renewal.carry(tx)?;
            sessions::begin_linked(tx, &secret, before, user, seen.map(|at| at.min(now)), now)?;
            Ok(Made::Account)
        })
        .await?;
    match made {
        Made::Account => Ok(enter(&state, &visitor, &email_ci, &cookie).await?),
        Made::Taken => has_account(&state, &visitor, &label, &email),
        Made::Elsewhere => Ok(redirect(&visitor.way("/login"))),
    }
}

/// What became of the newcomer.
enum Made {
    /// An account.
    Account,
    /// The address was given to another account meanwhile.
    Taken,
    /// Another tab was faster.
    Elsewhere,
}

/// The address of the account to be: the service's word where that is trusted, else one that took a code of ours.
async fn proven(state: &State, visitor: &Visitor, arrival: &Arrival) -> Result<Proven, PageFault> {
    let said = arrival.identity.email.clone().filter(|_| arrival.identity.trusted);
    if let Some(email) = said {
        return Ok(Proven { email, at_us: state.clock.now_us(), code: None });
    }
    let pending = verified(Purpose::Linked, state, visitor).await?;
    let pending = pending.ok_or_else(|| PageFault::go(&visitor.way("/register/linked")))?;
    let at_us = pending.verified_at_us.unwrap_or_else(|| state.clock.now_us());
    Ok(Proven { email: pending.email, at_us, code: Some(pending.id) })
}

fn label(state: &State, arrival: &Arrival) -> String {
    let provider = state.upstream.by_issuer(&arrival.identity.issuer);
    provider.map_or_else(|| "the other service".to_owned(), |provider| provider.label().to_owned())
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    arrival: &Arrival,
    proven: &Proven,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let template = CreatePage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/register/linked/account"),
        login: visitor.way("/login"),
        label: label(state, arrival),
        email: proven.email.clone(),
    };
    visitor.draw(state, status, &template)
}
