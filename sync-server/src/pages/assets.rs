//! What pages load from us: one style sheet, four fonts.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::body::Params;
use crate::error::ApiError;

const STYLES: &str = include_str!("../../assets/pages.css");
const FONTS: [(&str, &[u8]); 4] = [
    ("atkinson.woff2", include_bytes!("../../assets/fonts/atkinson.woff2")),
    ("atkinson-ext.woff2", include_bytes!("../../assets/fonts/atkinson-ext.woff2")),
    ("literata.woff2", include_bytes!("../../assets/fonts/literata.woff2")),
    ("literata-ext.woff2", include_bytes!("../../assets/fonts/literata-ext.woff2")),
];

/// `GET /assets/pages.css`. Fetched anew with each visit: it changes with the server.
pub(crate) async fn stylesheet() -> Response {
    asset("text/css; charset=utf-8", "no-cache", STYLES.as_bytes())
}

/// `GET /assets/fonts/{name}`.
pub(crate) async fn font(params: Params) -> Result<Response, ApiError> {
    let name: String = params.id("name")?;
    let font = FONTS.iter().find(|(known, _)| *known == name).ok_or_else(ApiError::not_found)?;
    Ok(asset("font/woff2", "public, max-age=86400", font.1))
}

fn asset(kind: &'static str, cache: &'static str, bytes: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, bytes).into_response()
}
