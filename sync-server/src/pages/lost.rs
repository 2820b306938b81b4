//! Authenticator app and backup codes both lost: a phone of the family or the 12 words stand in, once; or two-step sign-in
//! is removed, after 72 hours and three mails that say how to stop it.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::account::CHANGED;
use super::form::Posted;
use super::login::{enter, enter_to, start_again};
use super::render::{Alert, Frame};
use super::second_step::pending;
use super::{PageFault, Visitor, redirect};
use crate::accounts::second_step::{self, Outcome, Passed, Pending};
use crate::accounts::undo_links::{self, LinkMail};
use crate::accounts::{approval, sessions, tokens, two_step_removal, users};
use crate::clock;
use crate::state::State;

#[derive(Template)]
#[template(path = "lost.html")]
struct LostPage {
    frame: Frame,
    action: String,
    approved: String,
    totp: String,
    /// What a phone types to let this browser through.
    digits: String,
    /// When it comes off, once that was asked for.
    due: Option<String>,
}

/// `GET /login/lost`: only behind a right password, or a mailed code for a new one.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else { return Ok(redirect(&visitor.way("/login"))) };
    draw(&state, &visitor, StatusCode::OK, &pending, None).await
}

/// `POST /login/approved`: somebody let this browser through, or has not yet.
pub(crate) async fn enter_approved(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address: _ } = posted;
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else { return start_again(&state, &visitor) };
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, before) = (secret.clone(), visitor.sid().map(str::to_owned));
    let (browser, mail_id, now_us) = (visitor.browser_hash(), state.random.make(), state.clock.now_us());
    let (user, amr, this) = (pending.user, sessions::with_code(&pending.amr), state.clone());
    let renewal = visitor.renewal();
    let email_ci = users::fold(&pending.email);
    let lookup = email_ci.clone();
    let outcome = state
        .store
        .account(move |tx| {
            tx.lock(&user)?;
            let way = Passed { browser, host: this.origin.host(), mail_id, now_us };
            let outcome = second_step::pass_approved(tx, user, &way)?;
            if outcome == Some(Outcome::Reset) {
                second_step::clear(tx, &this.secrets, &lookup)?;
            }
            if outcome.is_some() {
                renewal.carry(tx)?;
                sessions::begin(tx, &secret, before.as_deref(), user, &amr, now_us)?;
            }
            Ok(outcome)
        })
        .await?;
    state.mail.wake();
    match outcome {
        Some(Outcome::Reset) => {
            Ok(enter_to(&state, &visitor, &email_ci, &cookie, &visitor.way(CHANGED)).await?)
        }
        Some(_) => Ok(enter(&state, &visitor, &email_ci, &cookie).await?),
        None => {
            let text = "Type the digits on the phone first. They are good for ten minutes.";
            let alert = Alert::new("Nobody has let this sign-in through yet", text);
            draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &pending, Some(alert)).await
        }
    }
}

async fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: &Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let user = pending.user;
    let due = state.store.account_read(move |tx| two_step_removal::due_at(tx, user)).await?;
    let digits = approval::code(&state.secrets, visitor.browser_hash(), pending.expires_us);
    let (one, other) = digits.split_at(digits.len() / 2);
    let template = LostPage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/login/lost"),
        approved: visitor.way("/login/approved"),
        totp: visitor.way("/login/totp"),
        digits: format!("{one} {other}"),
        due: due.map(clock::utc),
    };
    visitor.draw(state, status, &template)
}

/// `POST /login/lost`.
pub(crate) async fn ask(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address: _ } = posted;
    visitor.request(&state).await?;
    let Some(pending) = pending(&state, &visitor).await? else { return start_again(&state, &visitor) };
    let (mail_id, link) = (state.random.make(), undo_links::make(state.random.as_ref()));
    let (now_us, this) = (state.clock.now_us(), state.clone());
    state
        .store
        .account(move |tx| {
            let step = LinkMail { origin: &this.origin, mail_id, link: &link, now_us };
            two_step_removal::begin(tx, pending.user, &step)
        })
        .await?;
    state.mail.wake();
    Ok(redirect(&visitor.way("/login/lost")))
}
