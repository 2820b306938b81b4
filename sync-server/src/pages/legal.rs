//! The pages of privacy and terms: the operator's own words.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::PageFault;
use super::render::{Frame, page};
use crate::error::ApiError;
use crate::state::State;

#[derive(Template)]
#[template(path = "legal.html")]
struct LegalPage<'a> {
    frame: Frame,
    head: &'a str,
    paragraphs: &'a [String],
}

/// `GET /privacy`.
pub(crate) async fn privacy(AxumState(state): AxumState<State>) -> Result<Response, PageFault> {
    show(&state, "Privacy", state.legal.privacy.as_deref())
}

/// `GET /terms`.
pub(crate) async fn terms(AxumState(state): AxumState<State>) -> Result<Response, PageFault> {
    show(&state, "Terms", state.legal.terms.as_deref())
}

fn show(state: &State, head: &str, paragraphs: Option<&[String]>) -> Result<Response, PageFault> {
    let paragraphs = paragraphs.ok_or_else(ApiError::not_found)?;
    page(StatusCode::OK, &LegalPage { frame: Frame::of(state), head, paragraphs })
}
