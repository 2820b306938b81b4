//! A new password ends what stood on the old one, and its person is told (sign-in.md 2.8).

use super::{deletion, email_codes, second_step, settled, sign_ins, two_step_removal, users};
use crate::audit::{self, Event};
use crate::mail::{self, texts};
use crate::secrets::Secrets;
use crate::store::{Result, Tx};

/// What sets a new password, and what is told of it.
pub(crate) struct Change<'a> {
    pub(crate) event: Event,
    pub(crate) host: &'a str,
    pub(crate) mail_id: [u8; 16],
    pub(crate) now_us: i64,
}

/// What a new password has stopped, which a thief may have begun: who meant it begins it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// The account was to be deleted.
    pub(crate) deletion: bool,
    /// Two-step sign-in was to come off.
    pub(crate) removal: bool,
}

/// What the password has stopped that was set at this moment.
pub(crate) fn stopped_at(tx: &mut Tx<'_>, user: [u8; 16], set_at_us: i64) -> Result<Stopped> {
    Ok(Stopped {
        deletion: audit::happened(tx, user, Event::DeletionStopped, set_at_us)?,
        removal: audit::happened(tx, user, Event::RemovalStopped, set_at_us)?,
    })
}

/// Sets the password, and ends every browser session, every wait for a second step, and every sign-in that has not
/// proved to be a family's device. Enrolled phones stay: a forgotten password must not stop a family's sync. Wrong codes that were
/// typed behind the old one are forgotten, and two-step sign-in stays where somebody behind it asked for its removal. But a reset
/// answers one who may have been in the account: of phones it leaves those of families in which the account is at home, it makes
/// every browser a stranger, and it stops the account's deletion. Codes that the address was sent open nothing any more, typed or
/// not. A mail, under this id, tells it.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    phc: &str,
    by: &Change<'_>,
) -> Result<()> {
    let Change { event, host, mail_id, now_us } = *by;
    users::set_password(tx, user, phc, now_us)?;
    sign_ins::end_outside(tx, user, "password_changed", now_us)?;
    let removal = two_step_removal::stop(tx, user, now_us)?;
    let mut deletion = false;
    if event == Event::PasswordReset {
        settled::end_others(tx, user, now_us)?;
        users::count_reset(tx, user)?;
        deletion = deletion::stop(tx, user, now_us)?;
    }
    audit::record(tx, now_us, event, Some(user), None)?;
    match users::email_of(tx, user)? {
        Some(to) => {
            // Who typed one before, in another browser, would else reset the password once more.
            let email_ci = users::fold(&to);
            email_codes::forget(tx, &email_ci)?;
            second_step::clear(tx, secrets, &email_ci)?;
            let phones = settled::phones(tx, user, now_us, now_us)?;
            let text = texts::password_changed(host, phones.stay, phones.ended, deletion, removal, now_us);
            mail::enqueue(tx, mail_id, &to, &text, now_us)
        }
        None => Ok(()),
    }
}
