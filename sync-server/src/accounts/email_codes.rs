//! One-time codes by mail: 8 digits (16 for an address that many are asked for), 10 minutes, 5 tries, bound to the browser that asked.

use std::fmt;

use subtle::ConstantTimeEq;

use super::users::fold;
use crate::clock::{MINUTE_US, Randomness, latest_us};
use crate::planted;
use crate::secrets::Secrets;
use crate::store::{Result, Row, Tx, Value};

/// So long a code can be typed.
pub(crate) const LIFETIME_US: i64 = 10 * MINUTE_US;
const TRIES: i64 = 5;

/// What a code opens. One for another purpose opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An account for the address.
    Register,
    /// The same, for somebody who came from another service.
    Linked,
    /// The password form, for a browser that the account does not know, after many wrong passwords.
    SignIn,
    /// A new password for the account of the address.
    Reset,
    /// This address in the place of the one that the account has.
    Address,
    /// A change of an account without a password: its person is still there.
    Again,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Linked => "linked",
            Self::SignIn => "sign-in",
            Self::Reset => "reset",
            Self::Address => "address",
            Self::Again => "again",
        }
    }

    /// The throttle bucket in which the mails of this purpose are counted.
    pub(crate) fn bucket(self) -> &'static str {
        match self {
            Self::Register | Self::Linked => "register",
            Self::SignIn => "sign-in-code",
            Self::Reset => "reset",
            Self::Address => "address",
            Self::Again => "again",
        }
    }
}

/// A code's row, as the pages need it.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) id: [u8; 16],
    pub(crate) email: String,
    pub(crate) verified_at_us: Option<i64>,
    pub(crate) digits: i64,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("verified_at_us", &self.verified_at_us).finish_non_exhaustive()
    }
}

/// What came of typing a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The right one.
    Right,
    /// A wrong one, and how many tries are left.
    Wrong(i64),
    /// Its time or its tries are over, or there is none.
    Over,
}

/// How long a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    /// As people type it.
    Eight = 8,
    /// For an address at whose codes many tries are possible, from many places.
    Sixteen = 16,
}

fn latest(now_us: i64) -> Value {
    Value::Int(latest_us(now_us, LIFETIME_US))
}

/// Random digits, every code equally likely.
pub(crate) fn make(random: &dyn Randomness, digits: Digits) -> String {
    let mut code = String::new();
    while code.len() < digits as usize {
        let number = u32::from_be_bytes(random.make::<4>());
        // 42 whole ranges of 100,000,000 fit; the rest would favour small numbers.
        if number < 4_200_000_000 {
            code.push_str(&format!("{:08}", number % 100_000_000));
        }
    }
    code
}

/// Puts a code in the place of the browser's earlier ones. `code` is None when none was sent because the
/// address has an account (or, to sign in, none): the pages behave the same, and no code will match.
#[expect(clippy::too_many_arguments, reason = "one row, column by column")]
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    purpose: Purpose,
    id: [u8; 16],
    email: &str,
    digits: Digits,
    code: Option<&str>,
    browser: [u8; 32],
    now_us: i64,
) -> Result<()> {
    tx.execute("DELETE FROM email_codes WHERE browser_hash = $1", &[browser.into()])?;
    tx.execute(
        "INSERT INTO email_codes
            (code_id, purpose, email, email_ci, code_mac, tries_left, browser_hash, expires_at, digits)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            id.into(),
            purpose.word().into(),
            email.into(),
            fold(email).into(),
            code.map(|code| mac(secrets, id, code)).into(),
            Value::Int(if planted::off("code-tries") { 1_000 } else { TRIES }),
            browser.into(),
            Value::Int(now_us + LIFETIME_US),
            Value::Int(digits as i64),
        ],
    )?;
    Ok(())
}

/// The browser's code, live or not.
pub(crate) fn pending(tx: &mut Tx<'_>, purpose: Purpose, browser: [u8; 32]) -> Result<Option<Pending>> {
    tx.query_one(
        "SELECT code_id, email, verified_at, digits FROM email_codes WHERE purpose = $1 AND browser_hash = $2",
        &[purpose.word().into(), browser.into()],
    )?
    .map(pending_of)
    .transpose()
}

fn pending_of(row: Row) -> Result<Pending> {
    Ok(Pending { id: row.id(0)?, email: row.text(1)?, verified_at_us: row.opt_int(2)?, digits: row.int(3)? })
}

/// Takes one try. Counting and comparing are one step: five tries at once are five tries.
pub(crate) fn try_code(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    purpose: Purpose,
    browser: [u8; 32],
    typed: &str,
    now_us: i64,
) -> Result<Typed> {
    let row = tx.query_one(
        "UPDATE email_codes SET tries_left = tries_left - 1
          WHERE purpose = $1 AND browser_hash = $2
            AND tries_left > 0 AND expires_at > $3 AND expires_at <= $4 AND verified_at IS NULL
          RETURNING code_id, code_mac, tries_left",
        &[purpose.word().into(), browser.into(), Value::Int(now_us), latest(now_us)],
    )?;
    let Some(row) = row else { return Ok(Typed::Over) };
    let (id, stored, left) = (row.id(0)?, row.opt_bytes(1)?, row.int(2)?);
    let given = mac(secrets, id, typed);
    let matches = stored.is_some_and(|stored| bool::from(stored.ct_eq(&given)));
    if !matches {
        return Ok(if left > 0 { Typed::Wrong(left) } else { Typed::Over });
    }
    tx.execute(
        "UPDATE email_codes SET verified_at = $1 WHERE code_id = $2",
        &[Value::Int(now_us), id.into()],
    )?;
    Ok(Typed::Right)
}

/// The verified address of a browser, for ten minutes more than its code could be typed.
pub(crate) fn verified(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    browser: [u8; 32],
    now_us: i64,
) -> Result<Option<Pending>> {
    tx.query_one(
        "SELECT code_id, email, verified_at, digits FROM email_codes
          WHERE purpose = $1 AND browser_hash = $2 AND verified_at IS NOT NULL AND expires_at > $3
            AND expires_at <= $4",
        &[purpose.word().into(), browser.into(), Value::Int(now_us - LIFETIME_US), latest(now_us)],
    )?
    .map(pending_of)
    .transpose()
}

/// Whether the browser has a code for this address that can still be typed: then none is sent anew.
pub(crate) fn is_live(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    browser: [u8; 32],
    email_ci: &str,
    now_us: i64,
) -> Result<bool> {
    let row = tx.query_one(
        "SELECT 1 FROM email_codes
          WHERE purpose = $1 AND browser_hash = $2 AND email_ci = $3 AND tries_left > 0 AND expires_at > $4
            AND expires_at <= $5",
        &[purpose.word().into(), browser.into(), email_ci.into(), Value::Int(now_us), latest(now_us)],
    )?;
    Ok(row.is_some())
}

/// Uses a verified address up. False: it was used up already.
pub(crate) fn finish(tx: &mut Tx<'_>, id: [u8; 16]) -> Result<bool> {
    Ok(tx.execute("DELETE FROM email_codes WHERE code_id = $1", &[id.into()])? == 1)
}

/// Uses up what a browser proved for one purpose.
pub(crate) fn finish_for(tx: &mut Tx<'_>, purpose: Purpose, browser: [u8; 32]) -> Result<()> {
    tx.execute(
        "DELETE FROM email_codes WHERE purpose = $1 AND browser_hash = $2",
        &[purpose.word().into(), browser.into()],
    )?;
    Ok(())
}

fn mac(secrets: &Secrets, id: [u8; 16], code: &str) -> [u8; 32] {
    secrets.mac("email-code", &[&id, code.as_bytes()])
}

/// Forgets every code that an address was sent.
pub(crate) fn forget(tx: &mut Tx<'_>, email_ci: &str) -> Result<()> {
    tx.execute("DELETE FROM email_codes WHERE email_ci = $1", &[email_ci.into()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;

    #[test]
    fn a_waiting_address_is_not_shown() {
        let email = "canary@example.org".into();
        let pending = Pending { id: [7; 16], email, verified_at_us: Some(3), digits: 8 };
        assert_eq!(format!("{pending:?}"), "Pending { verified_at_us: Some(3), .. }");
    }

    #[test]
    fn asvs_6_5_4_a_code_is_eight_digits_or_sixteen() {
        for digits in [Digits::Eight, Digits::Sixteen].into_iter().cycle().take(1000) {
            let code = make(&OsRandomness, digits);
            assert!(
                code.len() == digits as usize && code.bytes().all(|byte| byte.is_ascii_digit()),
                "{code}"
            );
        }
    }
}
