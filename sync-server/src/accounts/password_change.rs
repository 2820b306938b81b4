//! A new password ends what stood on the old one, and its person is told (sign-in.md 2.8).

use super::{email_codes, second_step, settled, sign_ins, users};
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

/// Sets the password, and ends every browser session, every wait for a second step, and every sign-in that has not
/// proved to be a family's device. Enrolled phones stay: a forgotten password must not stop a family's sync. But a reset answers
/// one who may have been in the account: of phones it leaves those of families in which the account is at home, and it makes
/// every browser a stranger; wrong codes that were typed behind the old one are forgotten. Codes that the address was sent open nothing any more, typed or not. A mail, under this id, tells it.
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
    if event == Event::PasswordReset {
        settled::end_others(tx, user, now_us)?;
        users::count_reset(tx, user)?;
    }
    audit::record(tx, now_us, event, Some(user), None)?;
    match users::email_of(tx, user)? {
        Some(to) => {
            // Who typed one before, in another browser, would else reset the password once more.
            let email_ci = users::fold(&to);
            email_codes::forget(tx, &email_ci)?;
            if event == Event::PasswordReset {
                second_step::clear(tx, secrets, &email_ci)?;
            }
            let phones = settled::phones(tx, user, now_us, now_us)?;
            let text = texts::password_changed(host, phones.stay, phones.ended, now_us);
            mail::enqueue(tx, mail_id, &to, &text, now_us)
        }
        None => Ok(()),
    }
}
