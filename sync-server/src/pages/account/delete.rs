//! Deleting the account: what goes and what stays, a wait, and the way back.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::{deletion, sessions};
use crate::clock::{self, DAY_US};
use crate::erase;
use crate::pages::form::Posted;
use crate::pages::next::Next;
use crate::pages::render::Frame;
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;

#[derive(Template)]
#[template(path = "account/delete.html")]
struct DeletePage {
    frame: Frame,
    day: String,
    days: i64,
    /// Families whose copy on the server goes with the account.
    families: usize,
}

/// `GET /account/delete`: asks.
pub(crate) async fn ask(AxumState(state): AxumState<State>, visitor: Visitor) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Delete).await?;
    let user = session.user;
    if state.store.account_read(move |tx| deletion::due_at(tx, user)).await?.is_some() {
        return Ok(redirect(Next::Account.path()));
    }
    let families = erase::families_of_last_parent(&state, user.into()).await?;
    // A page has no device's key to sign with.
    let wait_us = deletion::wait_us(&families, None);
    let template = DeletePage {
        frame: Frame::form(&state, &visitor, None),
        day: clock::day(state.clock.now_us() + wait_us),
        days: wait_us / DAY_US,
        families: families.len(),
    };
    visitor.draw(&state, StatusCode::OK, &template)
}

/// `POST /account/delete`.
pub(crate) async fn begin(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Delete).await?;
    let (user, now) = (session.user, state.clock.now_us());
    erase::begin_account_end(&state, user, None, move |tx| sessions::hold(tx, &session, now)).await?;
    Ok(redirect(Next::Account.path()))
}

/// `POST /account/delete/stop`: the account's page, which says so.
pub(crate) async fn keep(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Delete).await?;
    let (now, shown) = (state.clock.now_us(), session.clone());
    super::change(&state, session, Next::Delete, move |tx, of| deletion::stop(tx, of.user, now)).await?;
    super::draw(&state, &posted.visitor, shown, true).await
}
