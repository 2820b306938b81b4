//! Authenticator app and backup codes both lost: a phone of the family or the 12 words stand in, once; or two-step sign-in
//! is removed, after 72 hours and three mails that say how to stop it.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::Posted;
use super::login::start_again;
use super::render::{Alert, Frame};
use super::second_step::{pending, take};
use super::{PageFault, Visitor, redirect};
use crate::accounts::second_step::{self, Pending, Way};
use crate::accounts::undo_links::{self, LinkMail};
use crate::accounts::{approval, throttle, two_step_removal};
use crate::clock;
use crate::hex::hex;
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
    let (browser, mail_id, now_us) = (visitor.browser_hash(), state.random.make(), state.clock.now_us());
    let (user, this) = (pending.user, state.clone());
    let taken = take(&state, &visitor, &pending, move |tx| {
        let way = Way { browser, host: this.origin.host(), mail_id, now_us };
        Ok(second_step::pass_approved(tx, &this.secrets, user, &way)?.ok_or(NotYet))
    });
    match taken.await? {
        Ok(signed_in) => Ok(signed_in),
        Err(NotYet) => {
            let text = "Type the digits on the phone first. They are good for ten minutes.";
            let alert = Alert::new("Nobody has let this sign-in through yet", text);
            draw(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &pending, Some(alert)).await
        }
    }
}

/// Nobody has let this browser through.
struct NotYet;

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
    let (browser, now_us, this) = (visitor.browser_hash(), state.clock.now_us(), state.clone());
    let asked = throttle::key(&state.secrets, "removal-asked", &hex(&pending.user), None);
    state
        .store
        .account(move |tx| {
            tx.lock(&pending.user)?;
            // A reset may have ended this wait since: what it stopped does not begin again.
            if second_step::find(tx, browser, now_us)?.is_none_or(|now| now.user != pending.user) {
                return Ok(());
            }
            if two_step_removal::due_at(tx, pending.user)?.is_none() {
                throttle::begin_anew(tx, asked, now_us)?;
            }
            let step = LinkMail { origin: &this.origin, mail_id, link: &link, now_us };
            two_step_removal::begin(tx, pending.user, &step)
        })
        .await?;
    state.mail.wake();
    Ok(redirect(&visitor.way("/login/lost")))
}
