//! Another e-mail address for an account, and the way back that only the mailbox of the old one has.

use super::undo_links::{self, Found, LinkMail, Undo};
use super::{deletion, email_codes, sign_ins, two_step_removal, users};
use crate::audit::{self, Event};
use crate::clock::DAY_US;
use crate::mail::{self, texts};
use crate::store::{Result, Tx};

/// How long the old mailbox can take the change back.
const BACK_US: i64 = 7 * DAY_US;

/// Gives the account the address whose code this browser typed. None: there is no such code any more, or somebody
/// made an account with the address meanwhile.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    browser: [u8; 32],
    with: &LinkMail<'_>,
) -> Result<Option<String>> {
    let LinkMail { origin, mail_id, link, now_us } = *with;
    let purpose = email_codes::Purpose::Address;
    let Some(typed) = email_codes::verified(tx, purpose, browser, now_us)? else { return Ok(None) };
    let before = users::email_of(tx, user)?;
    email_codes::finish(tx, typed.id)?;
    if !users::set_email(tx, user, &typed.email, now_us)? {
        return Ok(None);
    }
    audit::record(tx, now_us, Event::AddressChanged, Some(user), None)?;
    if let Some(before) = before {
        undo_links::keep(tx, link, user, Undo::Address, Some(&before), now_us + BACK_US)?;
        let way = undo_links::address(origin, link);
        let text = texts::address_changed(origin.host(), &typed.email, &way, now_us);
        mail::enqueue(tx, mail_id, &before, &text, now_us)?;
    }
    Ok(Some(typed.email))
}

/// Puts the address of a link back, and ends what the other one may have opened: browsers, phones outside the family, the
/// password, linked sign-ins, and the links that later changes sent, which may lie in a thief's mailbox. False:
/// another account has it by now.
pub(crate) fn put_back(
    tx: &mut Tx<'_>,
    found: &Found,
    before: &str,
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<bool> {
    if !users::set_email(tx, found.user, before, now_us)? {
        return Ok(false);
    }
    undo_links::forget_later(tx, found)?;
    // What a thief began meanwhile. Who meant it begins it anew.
    deletion::stop(tx, found.user, now_us)?;
    two_step_removal::stop(tx, found.user, now_us)?;
    two_step_removal::take_off_newer(tx, found.user, found.expires_at_us - BACK_US, now_us)?;
    two_step_removal::close_ways_in(tx, found.user)?;
    sign_ins::end_outside(tx, found.user, "address_put_back", now_us)?;
    audit::record(tx, now_us, Event::AddressPutBack, Some(found.user), None)?;
    mail::enqueue(tx, mail_id, &found.email, &texts::address_put_back(host), now_us)?;
    Ok(true)
}
