//! All that the server knows about an account, as one file for its person.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::accounts::own_data;
use crate::audit::{self, Event};
use crate::error::ApiError;
use crate::pages::next::Next;
use crate::pages::render::Frame;
use crate::pages::{PageFault, Visitor};
use crate::state::State;
use crate::store::Tx;

#[derive(Template)]
#[template(path = "account/data.html")]
struct DataPage {
    frame: Frame,
}

/// `GET /account/data`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.fresh(&state, Next::Data).await?;
    visitor.draw(&state, StatusCode::OK, &DataPage { frame: Frame::form(&state, &visitor, None) })
}

/// `GET /account/data/kinfolio-account.json`.
pub(crate) async fn file(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Data).await?;
    let (user, now, this) = (session.user, state.clock.now_us(), state.clone());
    let told = move |tx: &mut Tx<'_>| audit::record(tx, now, Event::DataDownloaded, Some(user), None);
    state.store.account(told).await?;
    // Years of lines: beside the account plane's one writer.
    let read = move |tx: &mut Tx<'_>| own_data::of(tx, user, this.origin.host(), now);
    let data = state.store.account_read(read).await?;
    let text = serde_json::to_string_pretty(&data)
        .map_err(|error| ApiError::internal("account data were not written").with_source(error))?;
    let kind = HeaderValue::from_static("application/json");
    let name = HeaderValue::from_static("attachment; filename=\"kinfolio-account.json\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}
