//! Signed in without an app waiting, and signing this browser out.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::cookies::set_cookie;
use super::form::Posted;
use super::render::{Frame, page};
use super::{PageFault, Visitor, redirect};
use crate::accounts::sessions;
use crate::audit::{self, Event};
use crate::error::ApiError;
use crate::state::State;

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage {
    frame: Frame,
    email: String,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutPage {
    frame: Frame,
}

/// `GET /signed-in`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let Some(session) = visitor.session(&state).await? else { return Ok(redirect("/login")) };
    let template = SignedInPage { frame: Frame::form(&state, &visitor, None), email: session.email };
    visitor.draw(&state, StatusCode::OK, &template)
}

/// `POST /logout`: the session is dead here, not only forgotten there.
pub(crate) async fn log_out(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let response = page(StatusCode::OK, &SignedOutPage { frame: Frame::of(&state) })?;
    Ok(end_session(&state, &posted.visitor, response).await?)
}

/// Ends this browser's session, and takes its cookie away with the answer.
pub(super) async fn end_session(
    state: &State,
    visitor: &Visitor,
    mut response: Response,
) -> Result<Response, ApiError> {
    let (now, renewal) = (state.clock.now_us(), visitor.renewal());
    if let Some(sid) = visitor.sid() {
        state
            .store
            .account(move |tx| {
                renewal.leave(tx)?;
                match sessions::end(tx, &sid)? {
                    Some(user) => audit::record(tx, now, Event::LoggedOut, Some(user), None),
                    None => Ok(()),
                }
            })
            .await?;
        response = visitor.renew(state, response);
    }
    set_cookie(state, &mut response, "sid", "", 0);
    Ok(response)
}
