//! Every URL of the server, in one table that tests walk.

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodRouter, get};
use axum::{Json, Router};
use serde_json::json;

use crate::error::{self, ApiError};
use crate::state::State;

/// What a URL belongs to, and so what must hold for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Anybody: health and metadata.
    Open,
    /// HTML pages and what they load.
    Page,
    /// The token endpoints.
    OAuth,
    /// JSON about the own account, by bearer token.
    Account,
    /// Ciphertext of a family, by bearer token, membership and device.
    Family,
}

/// One row of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{…}` for ids.
    pub path: &'static str,
    /// What it belongs to.
    pub plane: Plane,
    handler: MethodRouter<State>,
}

impl Route {
    /// A row. `body` is the most bytes that a request may carry.
    pub(crate) fn new(
        method: Method,
        path: &'static str,
        plane: Plane,
        body: usize,
        handler: MethodRouter<State>,
    ) -> Self {
        Self { method, path, plane, handler: handler.layer(DefaultBodyLimit::max(body)) }
    }
}

/// The table.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::new(Method::GET, "/healthz", Plane::Open, 0, get(healthz))]
}

/// The whole server as a service: give it to `axum::serve` or call it in process.
pub fn app(state: State) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || {
            ApiError::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this address does not take that method",
            )
        })
        .layer(middleware::from_fn_with_state(state.clone(), error::report))
        .with_state(state)
}

/// 200 when the store answers.
async fn healthz(
    axum::extract::State(state): axum::extract::State<State>,
) -> Result<Json<serde_json::Value>, ApiError> {
    state.store.account_read(|tx| tx.query_one("SELECT 1 FROM server_stamp", &[])).await?;
    Ok(Json(json!({ "status": "ok" })))
}
