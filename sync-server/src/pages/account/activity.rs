//! What happened to the account, newest first.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use crate::audit;
use crate::clock;
use crate::pages::next::Next;
use crate::pages::render::Frame;
use crate::pages::{PageFault, Visitor};
use crate::state::State;

/// Lines on the page.
const LINES: i64 = 100;

struct Line {
    when: String,
    /// Where it happened more than once: how often, and when first.
    first: Option<(i64, String)>,
    what: &'static str,
    device: Option<String>,
}

#[derive(Template)]
#[template(path = "account/activity.html")]
struct ActivityPage {
    frame: Frame,
    lines: Vec<Line>,
}

/// `GET /account/activity`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(&state, Next::Activity).await?;
    let entries = state.store.account_read(move |tx| audit::of_user(tx, session.user, LINES)).await?;
    let lines = entries
        .into_iter()
        .map(|entry| Line {
            when: clock::utc(entry.at_us),
            first: (entry.times > 1).then(|| (entry.times, clock::utc(entry.first_us))),
            what: entry.told,
            device: entry.device,
        })
        .collect();
    visitor.draw(&state, StatusCode::OK, &ActivityPage { frame: Frame::form(&state, &visitor, None), lines })
}
