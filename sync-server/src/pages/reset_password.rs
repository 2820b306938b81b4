//! The last step of a reset: a new password. An account with two-step sign-in still owes its code.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::account::CHANGED;
use super::code::verified;
use super::code_mail::turns;
use super::entering::enter_to;
use super::form::Posted;
use super::new_password::judge;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, redirect};
use crate::accounts::email_codes::{self, Pending, Purpose};
use crate::accounts::password_change::{self, Change};
use crate::accounts::{second_step, sessions, tokens, totp, users};
use crate::audit::Event;
use crate::planted;
use crate::state::State;

#[derive(Template)]
#[template(path = "reset_password.html")]
struct ResetPasswordPage {
    frame: Frame,
    action: String,
    email: String,
}

/// What a new password led to.
enum Reset {
    /// The account is gone.
    NoAccount,
    /// The password counts once the second step is right.
    OwesCode,
    /// It is set, and this browser is signed in.
    Done,
}

/// `GET /reset/password`: only for a browser whose code was right.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    match verified(Purpose::Reset, &state, &visitor).await? {
        Some(pending) => draw(&state, &visitor, StatusCode::OK, pending, None),
        None => Ok(redirect(&visitor.way("/reset"))),
    }
}

/// `POST /reset/password`.
pub(crate) async fn set(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let Some(pending) = verified(Purpose::Reset, &state, &visitor).await? else {
        return Ok(redirect(&visitor.way("/reset")));
    };
    let password = Zeroizing::new(form.field("password").to_owned());
    drop(form);
    let back = |error| PageFault::from(error).back(visitor.way("/reset/password"));
    if let Err(alert) = judge(&state, address, &password, &pending.email).await.map_err(back)? {
        return draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, pending, Some(alert));
    }
    let phc = state.hasher.hash(password).await?;
    let email_ci = users::fold(&pending.email);
    let turns = turns(&state, &visitor, Purpose::Reset, address, &email_ci).await?;
    let secret = tokens::secret(state.random.as_ref());
    let before = visitor.sid();
    let (cookie, lookup, renewal) = (secret.clone(), email_ci.clone(), visitor.renewal());
    let (mail_id, now, this) = (state.random.make(), state.clock.now_us(), state.clone());
    let reset = state
        .store
        .account(move |tx| {
            let user = users::by_email(tx, &lookup)?.map(|user| user.id);
            if let Some(user) = user {
                tx.lock(&user)?;
                // The address may have been put back to its old one meanwhile.
                if users::by_email(tx, &lookup)?.map(|found| found.id) != Some(user) {
                    return Ok(Reset::NoAccount);
                }
            }
            // One use: another tab may have been faster.
            if !email_codes::finish(tx, pending.id)? {
                return Ok(Reset::NoAccount);
            }
            turns.clear(tx)?;
            let Some(user) = user else { return Ok(Reset::NoAccount) };
            renewal.carry(tx)?;
            if totp::is_on(tx, user)? && !planted::off("reset-second-step") {
                second_step::begin(tx, &this.secrets, renewal.to, user, sessions::PASSWORD, Some(&phc), now)?;
                return Ok(Reset::OwesCode);
            }
            let by = Change { event: Event::PasswordReset, host: this.origin.host(), mail_id, now_us: now };
            password_change::set(tx, &this.secrets, user, &phc, &by)?;
            sessions::begin(tx, &secret, before.as_ref(), user, sessions::PASSWORD, now)?;
            Ok(Reset::Done)
        })
        .await?;
    state.mail.wake();
    Ok(match reset {
        Reset::NoAccount => redirect(&visitor.way("/login")),
        Reset::OwesCode => visitor.renew(&state, redirect(&visitor.way("/login/totp"))),
        Reset::Done => enter_to(&state, &visitor, &email_ci, &cookie, &visitor.way(CHANGED)).await?,
    })
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let frame = Frame::form(state, visitor, alert);
    let action = visitor.way("/reset/password");
    visitor.draw(state, status, &ResetPasswordPage { frame, action, email: pending.email })
}
