//! A new password ends what stood on the old one, and its person is told (sign-in.md 2.8).

use super::{sign_ins, users};
use crate::audit::{self, Event};
use crate::mail::{self, texts};
use crate::store::{Result, Tx};

/// Sets the password, and ends every browser session, every wait for a second step, and every sign-in that has not
/// proved to be a family's device. Enrolled phones stay: a forgotten password must not stop a family's sync. A mail, under
/// this id, tells the account's address.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    phc: &str,
    event: Event,
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<()> {
    users::set_password(tx, user, phc, now_us)?;
    sign_ins::end_outside(tx, user, "password_changed", now_us)?;
    audit::record(tx, now_us, event, Some(user), None)?;
    match users::email_of(tx, user)? {
        Some(to) => mail::enqueue(tx, mail_id, &to, &texts::password_changed(host, now_us), now_us),
        None => Ok(()),
    }
}
