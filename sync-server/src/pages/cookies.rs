//! The cookies of the pages: this host's alone, and no script's (sign-in.md 2.5).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::state::State;

/// `__Host-` and Secure behind https; script clients refuse Secure cookies over plain http.
fn cookie_name(state: &State, name: &str) -> String {
    if state.origin.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

/// Sets a cookie for `seconds`; 0 takes it away.
pub(super) fn set_cookie(state: &State, response: &mut Response, name: &str, value: &str, seconds: u32) {
    let secure = if state.origin.is_https() { "; Secure" } else { "" };
    let name = cookie_name(state, name);
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(mut header_value) = HeaderValue::from_str(&text) {
        header_value.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, header_value);
    }
}

/// The value of a cookie that the browser brought.
pub(super) fn cookie(state: &State, headers: &HeaderMap, name: &str) -> Option<String> {
    let wanted = cookie_name(state, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == wanted)
        .map(|(_, value)| value.to_owned())
}
