//! Privacy and terms: the operator's own words, as text files in the data folder's `pages/`.

use std::fs;
use std::path::Path;

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::PageFault;
use super::render::{Frame, page};
use crate::error::ApiError;
use crate::state::State;

/// The operator's texts, read at start. A page that is not there is not linked either.
#[derive(Debug, Default)]
pub struct Legal {
    pub(crate) privacy: Option<Vec<String>>,
    pub(crate) terms: Option<Vec<String>>,
}

impl Legal {
    /// Reads `privacy.txt` and `terms.txt` from `folder`. Paragraphs stand apart by an empty line.
    pub(crate) fn read(folder: &Path) -> Self {
        let paragraphs = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).ok()?;
            let parts: Vec<String> = text
                .split("\n\n")
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then_some(parts)
        };
        Self { privacy: paragraphs("privacy.txt"), terms: paragraphs("terms.txt") }
    }
}

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
