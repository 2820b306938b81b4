//! The mailed code that a browser needs before the password, once too many wrong ones were typed for an address in
//! browsers that it does not know (sign-in.md 2.10). An address without an account is treated alike.

use std::net::IpAddr;

use axum::response::Response;

use super::code::ways;
use super::login::no_more_codes;
use super::{PageFault, Visitor, code_mail, redirect};
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::{throttle, users};
use crate::error::ApiError;
use crate::hex::hex;
use crate::state::State;

/// Where a browser stands that an account does not know.
pub(super) enum Standing {
    /// It may try a password.
    Free,
    /// It typed a mailed code: it has tries of its own, under this name.
    Proven(String),
    /// It needs a mailed code first.
    Owes,
}

/// Looks up where this browser stands; `shared` is the bucket of all unknown browsers. While that one waits, a browser that asks for
/// a code gets one: whoever types wrong passwords there must not keep it waiting.
pub(super) async fn standing(
    state: &State,
    visitor: &Visitor,
    email_ci: &str,
    shared: [u8; 32],
    asks_for_code: bool,
) -> Result<Standing, ApiError> {
    let (browser, now, email_ci) = (visitor.browser_hash(), state.clock.now_us(), email_ci.to_owned());
    let most = i64::from(state.config.limits.account_code_failures);
    state
        .store
        .account_read(move |tx| {
            let proven = email_codes::verified(tx, Purpose::SignIn, browser, now)?;
            if proven.is_some_and(|pending| users::fold(&pending.email) == email_ci) {
                return Ok(Standing::Proven(format!("code {}", hex(&browser))));
            }
            let owes = throttle::failures(tx, shared)? >= most
                || asks_for_code && throttle::wait(tx, shared, now)?.is_some();
            Ok(if owes { Standing::Owes } else { Standing::Free })
        })
        .await
}

/// Sends a code, unless the browser has one that works, and leads to the page where it is typed.
pub(super) async fn ask(
    state: &State,
    visitor: &Visitor,
    address: IpAddr,
    email: String,
) -> Result<Response, PageFault> {
    let (browser, now, email_ci) = (visitor.browser_hash(), state.clock.now_us(), users::fold(&email));
    let live = state
        .store
        .account_read(move |tx| email_codes::is_live(tx, Purpose::SignIn, browser, &email_ci, now))
        .await?;
    if !live
        && let Some(seconds) =
            code_mail::send(state, visitor, Purpose::SignIn, address, email.clone()).await?
    {
        return no_more_codes(state, visitor, &email, seconds).await;
    }
    Ok(redirect(&visitor.way(ways(Purpose::SignIn).code)))
}
