//! The mail with a code, and what goes out in its place. Every answer costs the same and looks the same.

use std::net::IpAddr;

use super::Visitor;
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::{throttle, users};
use crate::error::ApiError;
use crate::limits::Action;
use crate::mail::{self, Text, texts};
use crate::planted;
use crate::state::State;
use crate::store::{self, Tx};

/// Where a mail goes and what it says. `opens`: it brings the code.
struct Letter {
    to: String,
    text: Text,
    opens: bool,
}

/// Sends a code to `email`, or what is said to an address that gets none. The browser's earlier codes are over.
pub(super) async fn send(
    state: &State,
    visitor: &Visitor,
    purpose: Purpose,
    address: IpAddr,
    email: String,
) -> Result<(), ApiError> {
    state.limits.take(Action::Register, address)?;
    let key = throttle::key(&state.secrets, purpose.bucket(), &users::fold(&email), None);
    let code = email_codes::make(state.random.as_ref());
    let (code_id, mail_id) = (state.random.make(), state.random.make());
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let free = state.config.limits.account_failures;
    let this = state.clone();
    let waiting = state
        .store
        .account(move |tx| {
            if let Some(seconds) = throttle::begin_try(tx, key, free, now)? {
                return Ok(Some(seconds));
            }
            let letter = letter(tx, purpose, &email, this.origin.host(), &code)?;
            let sent = letter.as_ref().is_some_and(|letter| letter.opens).then_some(code.as_str());
            if planted::off("same-answer") && sent.is_none() {
                return Ok(Some(1));
            }
            email_codes::begin(tx, &this.secrets, purpose, code_id, &email, sent, browser, now)?;
            if let Some(Letter { to, text, .. }) = letter {
                mail::enqueue(tx, mail_id, &to, &text, now)?;
            }
            Ok(None)
        })
        .await?;
    state.mail.wake();
    waiting.map_or(Ok(()), |seconds| Err(ApiError::too_many(seconds)))
}

/// The code for a new account or a new address goes to it as it was typed, every other to the address as the account has it: a
/// look-alike in other letters gets nothing.
fn letter(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    email: &str,
    host: &str,
    code: &str,
) -> store::Result<Option<Letter>> {
    let email_ci = users::fold(email);
    let typed = |text, opens| Some(Letter { to: email.to_owned(), text, opens });
    if matches!(purpose, Purpose::Register | Purpose::Linked | Purpose::Address) {
        return Ok(match (users::exists(tx, &email_ci)?, purpose) {
            (false, _) => typed(texts::code(host, code), true),
            (true, Purpose::Register) => typed(texts::has_account(host), false),
            (true, Purpose::Linked) => typed(texts::has_account_to_link(host), false),
            (true, _) => typed(texts::address_in_use(host), false),
        });
    }
    let to = match users::by_email(tx, &email_ci)? {
        Some(user) => users::email_of(tx, user.id)?,
        None => None,
    };
    Ok(match (purpose, to) {
        (Purpose::SignIn, Some(to)) => {
            Some(Letter { to, text: texts::sign_in_code(host, code), opens: true })
        }
        (Purpose::SignIn, None) => None,
        (_, Some(to)) => Some(Letter { to, text: texts::code(host, code), opens: true }),
        (_, None) => typed(texts::no_account(host), false),
    })
}
