//! The last step of creating an account: a password, and "I am 18 or over".

use std::net::IpAddr;

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::code::verified;
use super::code_mail::turns;
use super::entering::enter;
use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, redirect};
use crate::accounts::email_codes::{self, Pending, Purpose};
use crate::accounts::password::Password;
use crate::accounts::policy::{self, Fault};
use crate::accounts::{sessions, tokens, users};
use crate::error::ApiError;
use crate::limits::Action;
use crate::state::State;

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPasswordPage {
    frame: Frame,
    action: String,
    email: String,
    adult: bool,
    wrong: bool,
}

/// `GET /register/password`: only for a browser whose code was right.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    match verified(Purpose::Register, &state, &visitor).await? {
        Some(pending) => draw(&state, &visitor, StatusCode::OK, &pending, None, false, false),
        None => Ok(redirect(&visitor.way("/register"))),
    }
}

/// `POST /register/password`: makes the account and signs the browser in.
pub(crate) async fn set(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let Some(pending) = verified(Purpose::Register, &state, &visitor).await? else {
        return Ok(redirect(&visitor.way("/register")));
    };
    let adult = form.field("adult") == "yes";
    let password = Zeroizing::new(form.field("password").to_owned());
    let back = |error| PageFault::from(error).back(visitor.way("/register/password"));
    let verdict = judge(&state, address, &password, &pending.email).await.map_err(back)?;
    let wrong = verdict.is_err();
    let alert = match verdict {
        Err(alert) => Some(alert),
        Ok(()) if !adult => Some(Alert::new(
            "One tick is missing",
            "Kinfolio accounts are for adults. Type the password again.",
        )),
        Ok(()) => None,
    };
    if let Some(alert) = alert {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&state, &visitor, status, &pending, Some(alert), adult, wrong);
    }
    let phc = state.hasher.hash(password).await?;
    let (user, now) = (state.random.make::<16>(), state.clock.now_us());
    let email_ci = users::fold(&pending.email);
    let turns = turns(&state, &visitor, Purpose::Register, address, &email_ci).await?;
    let verified_at = pending.verified_at_us.unwrap_or(now);
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid());
    let renewal = visitor.renewal();
    let made = state
        .store
        .account(move |tx| {
            email_codes::finish(tx, pending.id)?;
            turns.clear(tx)?;
            if !users::create(tx, user, &pending.email, Some(&phc), verified_at, now)? {
                return Ok(false);
            }
            renewal.carry(tx)?;
            sessions::begin(tx, &secret, before.as_ref(), user, sessions::PASSWORD, now)?;
            Ok(true)
        })
        .await?;
    if made {
        Ok(enter(&state, &visitor, &email_ci, &cookie).await?)
    } else {
        // Another tab was faster: the account is there, sign in.
        Ok(redirect(&visitor.way("/login")))
    }
}

/// Whether a new password is good enough for the account of `email`, or what to say. Judging takes the hasher's turns: an address
/// has as many tries of it as at signing in.
pub(super) async fn judge(
    state: &State,
    address: IpAddr,
    password: &Password,
    email: &str,
) -> Result<Result<(), Alert>, ApiError> {
    state.limits.take(Action::NewPassword, address)?;
    let (judged, email, host) = (password.clone(), email.to_owned(), state.origin.host().to_owned());
    // What is too long is not even looked at.
    let verdict = if policy::fits(password) {
        let stolen = state.breached.clone();
        let judging = state.hasher.in_turn(move || {
            let held = stolen.map_or(Ok(false), |list| list.holds(&judged));
            held.map(|held| policy::judge(&judged, &email, &host, held))
        });
        let unread =
            |error| ApiError::internal(format!("the list of stolen passwords cannot be read: {error}"));
        judging.await?.map_err(unread)?
    } else {
        Err(Fault::Long)
    };
    Ok(verdict.map_err(|fault| match fault {
        Fault::Short => Alert::new("That is too short", "Use at least 15 characters."),
        Fault::Long => Alert::new("That is too long", "Use at most 256 characters."),
        Fault::Easy => {
            Alert::new("That is easy to guess", "Try a few words that do not belong together, and no names.")
        }
        Fault::Stolen => Alert::new(
            "That one was stolen elsewhere",
            "It stands in a list of passwords that were taken from other sites. Choose another one, and change it wherever \
             you use it.",
        ),
    }))
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: &Pending,
    alert: Option<Alert>,
    adult: bool,
    wrong: bool,
) -> Result<Response, PageFault> {
    let template = NewPasswordPage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/register/password"),
        email: pending.email.clone(),
        adult,
        wrong,
    };
    visitor.draw(state, status, &template)
}
