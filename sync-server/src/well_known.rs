//! What others look up under `/.well-known/`: whom to tell of a weakness, and which phone apps open this server's links.

use axum::Json;
use axum::extract::State as AxumState;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::state::State;

/// RFC 9116 recommends less than a year. The server renews it with every answer: while it runs, somebody reads.
const VALID_S: i64 = 180 * 24 * 3600;
/// Where a sign-in comes back to the app.
const CALLBACK: &str = "/app/callback";

/// `GET /.well-known/security.txt` (RFC 9116).
pub(crate) async fn security(AxumState(state): AxumState<State>) -> Result<Response, ApiError> {
    let contacts = &state.config.apps.security_contact;
    if contacts.is_empty() {
        return Err(ApiError::not_found());
    }
    let now_s = state.clock.now_us().div_euclid(1_000_000);
    let expires = Timestamp::from_second(now_s + VALID_S)
        .map_err(|error| ApiError::internal("no time for security.txt").with_source(error))?;
    let mut text: String = contacts.iter().map(|contact| format!("Contact: {}\n", contact.0)).collect();
    text.push_str(&format!("Expires: {expires}\n"));
    text.push_str(&format!("Canonical: {}/.well-known/security.txt\n", state.origin.url()));
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// `GET /.well-known/apple-app-site-association`. A sign-in that ends at an https address of ours needs `webcredentials`.
pub(crate) async fn apple(AxumState(state): AxumState<State>) -> Result<Json<Value>, ApiError> {
    let ids: Vec<&str> = state.config.apps.apple_app.iter().map(|app| app.0.as_str()).collect();
    if ids.is_empty() {
        return Err(ApiError::not_found());
    }
    Ok(Json(json!({
        "applinks": { "details": [{ "appIDs": ids, "components": [{ "/": CALLBACK }] }] },
        "webcredentials": { "apps": ids },
    })))
}

/// `GET /.well-known/assetlinks.json`.
pub(crate) async fn android(AxumState(state): AxumState<State>) -> Result<Json<Value>, ApiError> {
    let apps = &state.config.apps.android_app;
    if apps.is_empty() {
        return Err(ApiError::not_found());
    }
    let statements = apps.iter().map(|app| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": app.package,
                "sha256_cert_fingerprints": [app.fingerprint],
            },
        })
    });
    Ok(Json(Value::Array(statements.collect())))
}
