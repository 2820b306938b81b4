//! Authenticator app and backup codes both lost: asking to have two-step sign-in removed, after 72 hours and three mails
//! that say how to stop it.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::Posted;
use super::login::start_again;
use super::render::Frame;
use super::second_step::pending;
use super::{PageFault, Visitor, redirect};
use crate::accounts::two_step_removal::{self, Step};
use crate::accounts::undo_links;
use crate::clock;
use crate::state::State;

#[derive(Template)]
#[template(path = "lost.html")]
struct LostPage {
    frame: Frame,
    action: String,
    totp: String,
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
    let due = state.store.account_read(move |tx| two_step_removal::due_at(tx, pending.user)).await?;
    let template = LostPage {
        frame: Frame::form(&state, &visitor, None),
        action: visitor.way("/login/lost"),
        totp: visitor.way("/login/totp"),
        due: due.map(clock::utc),
    };
    visitor.draw(&state, StatusCode::OK, &template)
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
            let step = Step { origin: &this.origin, mail_id, link: &link, now_us };
            two_step_removal::begin(tx, pending.user, &step)
        })
        .await?;
    state.mail.wake();
    Ok(redirect(&visitor.way("/login/lost")))
}
