//! `GET /oauth/authorize`: keeps a checked request for the browser that brought it, and leads to the pages.

use axum::extract::{RawQuery, State as AxumState};
use axum::response::Response;

use super::{PageFault, Visitor, link, redirect};
use crate::limits::{Action, ClientAddress};
use crate::oauth::authorize::{self, Refusal};
use crate::oauth::transactions;
use crate::state::State;

/// Nothing is asked here: the pages do that, with the request's id in their addresses.
pub(crate) async fn authorize(
    AxumState(state): AxumState<State>,
    ClientAddress(address): ClientAddress,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageFault> {
    state.limits.take(Action::Authorize, address)?;
    let query = query.unwrap_or_default();
    let (id, now) = (state.random.make(), state.clock.now_us());
    let request = match authorize::read(&query, state.desktop_client(), &state.origin, id, now) {
        Ok(request) => request,
        Err(Refusal::Untold) => return Err(PageFault::unknown_app()),
        Err(Refusal::Told(url)) => return Ok(redirect(&url)),
    };
    let browser = visitor.browser_hash();
    state.store.account(move |tx| transactions::begin(tx, &request, browser)).await?;
    Ok(visitor.keep_cookie(&state, redirect(&link("/login", Some(id)))))
}
