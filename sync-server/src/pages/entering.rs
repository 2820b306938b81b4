//! A browser that has shown who it is: the cookies that it goes on with, and where it is led.

use axum::response::Response;

use super::cookies::set_cookie;
use super::visitor::{KNOWN_SECONDS, known_cookie};
use super::{Visitor, redirect};
use crate::error::ApiError;
use crate::state::State;

/// A session cookie lives no longer than the longest session.
const SID_SECONDS: u32 = 12 * 3600;

/// Hands a new session to the browser, and the new secret to which the caller carried what it has ([`Visitor::renewal`]); makes the
/// browser known to the account, and leads on.
pub(super) async fn enter(
    state: &State,
    visitor: &Visitor,
    email_ci: &str,
    cookie: &str,
) -> Result<Response, ApiError> {
    enter_to(state, visitor, email_ci, cookie, &visitor.after_sign_in()).await
}

/// As [`enter`], leading to a page of the caller's.
pub(super) async fn enter_to(
    state: &State,
    visitor: &Visitor,
    email_ci: &str,
    cookie: &str,
    to: &str,
) -> Result<Response, ApiError> {
    let mut response = visitor.renew(state, redirect(to));
    set_session(state, &mut response, cookie);
    make_known(state, &mut response, email_ci).await?;
    Ok(response)
}

/// Makes the browser known to the account of an address, from now on for as long as that lasts.
pub(super) async fn make_known(
    state: &State,
    response: &mut Response,
    email_ci: &str,
) -> Result<(), ApiError> {
    set_cookie(state, response, "known", &known_cookie(state, email_ci).await?, KNOWN_SECONDS);
    Ok(())
}

/// Hands a session's cookie to the browser.
pub(super) fn set_session(state: &State, response: &mut Response, cookie: &str) {
    set_cookie(state, response, "sid", cookie, SID_SECONDS);
}
