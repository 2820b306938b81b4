//! The mail with a code, and what goes out in its place. Every answer costs the same and looks the same.

use std::net::IpAddr;

use super::Visitor;
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::mail_turns::Turns;
use crate::accounts::users;
use crate::error::ApiError;
use crate::limits::{Action, neighbourhood, network};
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

/// The turns of whoever asks for a code to an address.
pub(super) async fn turns(
    state: &State,
    visitor: &Visitor,
    purpose: Purpose,
    address: IpAddr,
    email_ci: &str,
) -> Result<Turns, ApiError> {
    let known = visitor.known_to(state, email_ci).await?;
    let free = state.config.limits.account_failures;
    let places = (network(address), neighbourhood(address));
    Ok(Turns::of(&state.secrets, purpose, email_ci, known.as_deref(), places, free))
}

/// Sends a code to `email`, or what is said to an address that gets none. The browser's earlier codes are over. Some(seconds):
/// nothing was sent, as there are no more codes for so long; the one from before still works.
pub(super) async fn send(
    state: &State,
    visitor: &Visitor,
    purpose: Purpose,
    address: IpAddr,
    email: String,
) -> Result<Option<u64>, ApiError> {
    let turns = turns(state, visitor, purpose, address, &users::fold(&email)).await?;
    let asked = turns.clone();
    let now = state.clock.now_us();
    // What is refused here must not use up what its network has for other addresses.
    if let Some(seconds) = state.store.account_read(move |tx| asked.wait(tx, now)).await? {
        return Ok(Some(seconds));
    }
    if !turns.are_its_own()
        && let Err(error) = state.limits.take(Action::Register, address)
    {
        return error.retry_after_s().map(Some).ok_or(error);
    }
    let (code_id, mail_id) = (state.random.make(), state.random.make());
    let browser = visitor.browser_hash();
    let this = state.clone();
    let waiting = state
        .store
        .account(move |tx| {
            if let Some(seconds) = turns.take(tx, now)? {
                return Ok(Some(seconds));
            }
            // Alike for an address without an account: the page says how long the code is.
            let digits = turns.digits(tx, now)?;
            let code = email_codes::make(this.random.as_ref(), digits);
            let letter = letter(tx, purpose, &email, this.origin.host(), &code)?;
            let sent = letter.opens.then_some(code.as_str());
            if planted::off("same-answer") && sent.is_none() {
                return Ok(Some(1));
            }
            email_codes::begin(tx, &this.secrets, purpose, code_id, &email, digits, sent, browser, now)?;
            // What is said in a code's place answers the same page: it comes as late as a code at most, too.
            let over = if purpose == Purpose::SignIn && !letter.opens {
                now
            } else {
                now + email_codes::LIFETIME_US
            };
            mail::enqueue_until(tx, mail_id, &letter.to, &letter.text, now, over)?;
            Ok(None)
        })
        .await?;
    state.mail.wake();
    Ok(waiting)
}

/// The code for a new account or a new address goes to it as it was typed, every other to the address as the account has it: a
/// look-alike in other letters gets nothing.
fn letter(tx: &mut Tx<'_>, purpose: Purpose, email: &str, host: &str, code: &str) -> store::Result<Letter> {
    let email_ci = users::fold(email);
    let typed = |text, opens| Letter { to: email.to_owned(), text, opens };
    if matches!(purpose, Purpose::Register | Purpose::Linked | Purpose::Address) {
        return Ok(match (users::exists(tx, &email_ci)?, purpose) {
            (false, _) => typed(texts::code(host, code), true),
            (true, Purpose::Register) => typed(texts::has_account(host), false),
            (true, Purpose::Linked) => typed(texts::has_account_to_link(host), false),
            (true, _) => typed(texts::address_in_use(host), false),
        });
    }
    let to = users::by_email(tx, &email_ci)?.map(|user| user.email);
    Ok(match (purpose, to) {
        (Purpose::SignIn, Some(to)) => Letter { to, text: texts::sign_in_code(host, code), opens: true },
        // As much work as a code, and never sent.
        (Purpose::SignIn, None) => typed(texts::sign_in_code(host, code), false),
        (_, Some(to)) => Letter { to, text: texts::code(host, code), opens: true },
        (_, None) => typed(texts::no_account(host), false),
    })
}
