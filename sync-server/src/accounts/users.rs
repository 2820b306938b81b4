//! Accounts: an address, a password, and the tick of "I am 18 or over".

use std::fmt;
use std::net::IpAddr;

use crate::audit::{self, Event};
use crate::store::{Result, Tx, Value};

/// Version of the text "I am 18 or over" that is ticked on the password page.
pub(crate) const ADULT_TEXT: &str = "18-or-over/1";

/// A person who can sign in.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: [u8; 16],
    /// The address, as it was typed.
    pub(crate) email: String,
    pub(crate) phc: Option<String>,
    /// When the password was set; microseconds.
    pub(crate) password_set_at: Option<i64>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(redacted)")
    }
}

/// How an address is looked up: upper and lower case are one.
pub(crate) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether mail could be sent there. Length and shape only: the code proves the rest.
pub(crate) fn plausible(email: &str) -> bool {
    let email = email.trim();
    email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        // The last one: a local part in quotes may hold more.
        && email.rsplit_once('@').is_some_and(|(_, host)| {
            host.contains('.') && !host.ends_with('.') && !host.starts_with('[') && host.parse::<IpAddr>().is_err()
        })
        && email.parse().is_ok_and(can_be_mailed)
}

/// Not every address that can be read can be written into a mail.
fn can_be_mailed(to: lettre::Address) -> bool {
    let to = lettre::message::Mailbox::new(None, to);
    lettre::Message::builder().from(to.clone()).to(to).body(String::new()).is_ok()
}

/// The enabled account of an address.
pub(crate) fn by_email(tx: &mut Tx<'_>, email_ci: &str) -> Result<Option<User>> {
    tx.query_one(
        "SELECT u.user_id, u.email, p.phc, p.set_at FROM users u LEFT JOIN passwords p ON p.user_id = u.user_id
          WHERE u.email_ci = $1 AND u.disabled_at IS NULL",
        &[email_ci.into()],
    )?
    .map(|row| {
        Ok(User {
            id: row.id(0)?,
            email: row.text(1)?,
            phc: row.opt_text(2)?,
            password_set_at: row.opt_int(3)?,
        })
    })
    .transpose()
}

/// Whether an address has an account, disabled ones included.
pub(crate) fn exists(tx: &mut Tx<'_>, email_ci: &str) -> Result<bool> {
    Ok(tx.query_one("SELECT 1 FROM users WHERE email_ci = $1", &[email_ci.into()])?.is_some())
}

/// How often the password of an address's account was set by a mailed code; never, for an address without an account.
pub(crate) fn resets(tx: &mut Tx<'_>, email_ci: &str) -> Result<i64> {
    let row = tx.query_one("SELECT resets FROM users WHERE email_ci = $1", &[email_ci.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Counts such a reset.
pub(crate) fn count_reset(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("UPDATE users SET resets = resets + 1 WHERE user_id = $1", &[user.into()]).map(drop)
}

/// The address of an account, as it was typed.
pub(crate) fn email_of(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<String>> {
    tx.query_one("SELECT email FROM users WHERE user_id = $1", &[user.into()])?
        .map(|row| row.text(0))
        .transpose()
}

/// The same, of an account that is not disabled.
pub(crate) fn enabled_email_of(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<String>> {
    tx.query_one("SELECT email FROM users WHERE user_id = $1 AND disabled_at IS NULL", &[user.into()])?
        .map(|row| row.text(0))
        .transpose()
}

/// When the password was set, if there is one.
pub(crate) fn password_set_at(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<i64>> {
    tx.query_one("SELECT set_at FROM passwords WHERE user_id = $1", &[user.into()])?
        .map(|row| row.int(0))
        .transpose()
}

/// Makes the account of a verified address, without a password for who signs in elsewhere. False: somebody was faster.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    id: [u8; 16],
    email: &str,
    phc: Option<&str>,
    verified_at_us: i64,
    now_us: i64,
) -> Result<bool> {
    let email_ci = fold(email);
    tx.lock(email_ci.as_bytes())?;
    let made = tx.execute(
        "INSERT INTO users (user_id, email, email_ci, email_verified_at, adult_at, adult_text, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_ci) DO NOTHING",
        &[
            id.into(),
            email.into(),
            email_ci.into(),
            Value::Int(verified_at_us),
            Value::Int(now_us),
            ADULT_TEXT.into(),
            Value::Int(now_us),
        ],
    )?;
    if made == 0 {
        return Ok(false);
    }
    if let Some(phc) = phc {
        set_password(tx, id, phc, now_us)?;
    }
    audit::record(tx, now_us, Event::Registered, Some(id), None)?;
    Ok(true)
}

/// Gives an account another verified address. False: another account has it.
pub(crate) fn set_email(tx: &mut Tx<'_>, user: [u8; 16], email: &str, now_us: i64) -> Result<bool> {
    let email_ci = fold(email);
    // Nobody makes an account with it in this very moment.
    tx.lock(email_ci.as_bytes())?;
    let set = tx.execute(
        "UPDATE users SET email = $1, email_ci = $2, email_verified_at = $3
          WHERE user_id = $4 AND NOT EXISTS (SELECT 1 FROM users WHERE email_ci = $2 AND user_id <> $4)",
        &[email.into(), email_ci.into(), Value::Int(now_us), user.into()],
    )?;
    Ok(set == 1)
}

/// Takes the password away: who knew it signs in by it no more, and a reset sets a new one.
pub(crate) fn forget_password(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("DELETE FROM passwords WHERE user_id = $1", &[user.into()])?;
    Ok(())
}

/// Puts another hash of the same password in the place of its old one: nobody has set it anew.
pub(crate) fn rehash_password(tx: &mut Tx<'_>, user: [u8; 16], phc: &str) -> Result<()> {
    tx.execute("UPDATE passwords SET phc = $1 WHERE user_id = $2", &[phc.into(), user.into()])?;
    Ok(())
}

/// Sets or replaces a password's hash.
pub(crate) fn set_password(tx: &mut Tx<'_>, user: [u8; 16], phc: &str, now_us: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO passwords (user_id, phc, set_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET phc = excluded.phc, set_at = excluded.set_at",
        &[user.into(), phc.into(), Value::Int(now_us)],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_shows_no_hash() {
        let user = User {
            id: [7; 16],
            email: "ann@canary.example".into(),
            phc: Some("$argon2id$canary".into()),
            password_set_at: None,
        };
        assert_eq!(format!("{user:?}"), "User(redacted)");
    }

    #[test]
    fn an_address_needs_the_shape_of_one() {
        for good in ["maya@example.org", "Maya.Hill+kin@mail.example.co.uk", " a@b.de "] {
            assert!(plausible(good), "{good}");
        }
        for bad in [
            "",
            "maya",
            "maya@",
            "@example.org",
            "a b@example.org",
            "a@localhost",
            "a@b.",
            "a@[10.1.2.3]",
            "a@10.1.2.3",
            "\"a@b.c\"@[10.1.2.3]",
            "\"a@b.c\"@localhost",
            "a@b@c.de",
            "a\r\nBcc: x@y.z@b.de",
            // No mail can be made out to it.
            "\"x\\\"z\"@c.org",
        ] {
            assert!(!plausible(bad), "{bad}");
        }
        assert!(!plausible(&format!("{}@example.org", "x".repeat(250))));
    }
}
