//! The table of URLs as a service: what stands in front of every route, and what answers where there is none.

use axum::Router;
use axum::extract::{Request, State as AxumState};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::{self, ApiError};
use crate::limits::ClientAddress;
use crate::pages;
use crate::router::routes;
use crate::state::State;

/// The whole server as a service: `serve` listens for it, tests call it in process.
pub fn app(state: State) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler);
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn_with_state(state.clone(), under_way))
        .layer(CatchPanicLayer::custom(|_| ApiError::internal("a handler panicked").into_response()))
        .layer(middleware::from_fn_with_state(state.clone(), error::report))
        .layer(middleware::from_fn_with_state(state.clone(), pages::frame))
        .with_state(state)
}

async fn under_way(
    AxumState(state): AxumState<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match state.limits.under_way(address, body) {
        Ok(body) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => page_or(&parts.headers, refused),
    }
}

async fn nothing_here(headers: HeaderMap) -> Response {
    page_or(&headers, ApiError::not_found())
}

/// Such as a form's address typed into a browser.
async fn other_method(headers: HeaderMap) -> Response {
    let code = kinfolio_protocol::json::code::METHOD_NOT_ALLOWED;
    let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, code, "this address does not take that method");
    page_or(&headers, error)
}

/// A person gets a page, a program the envelope.
fn page_or(headers: &HeaderMap, error: ApiError) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        pages::PageFault::from(error).into_response()
    } else {
        error.into_response()
    }
}
