//! Two-step sign-in by an authenticator app: six digits every 30 seconds, each worth one sign-in (sign-in.md 3).

use std::fmt;

use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::clock::{DAY_US, MINUTE_US, SECOND_US, latest_us};
use crate::error::ApiError;
use crate::planted;
use crate::secrets::Secrets;
use crate::store::{Result, Row, Tx, Value};

/// How long an offered secret may wait for its first code.
const OFFER_US: i64 = 10 * MINUTE_US;
/// How many steps a used code may be ahead of the clock and still count as used: a day of them.
const AHEAD_STEPS: i64 = DAY_US / SECOND_US / 30;
/// Which of the server's keys seals a secret; a later one gets another id.
const KEY_ID: &str = "1";

/// A secret on its way into an authenticator app.
pub(crate) struct Offer {
    /// For typing: base32.
    pub(crate) text: Zeroizing<String>,
    /// For tapping, and inside the picture: `otpauth://…`.
    pub(crate) link: Zeroizing<String>,
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Offer(redacted)")
    }
}

/// What a typed code was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// Right, and used up now.
    Right,
    /// Wrong, or of another time.
    Wrong,
    /// Right, but it or a later one was used before.
    UsedAgain,
}

/// Keeps a new secret for an account whose two-step sign-in is off. False: it is on.
pub(crate) fn offer(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    secret: &[u8; 20],
    nonce: [u8; 24],
    now_us: i64,
) -> Result<bool> {
    let sealed = secrets.totp_wrap().seal(&belongs_to(user, KEY_ID), secret, nonce)?;
    let changed = tx.execute(
        "INSERT INTO totp (user_id, secret_enc, key_id, last_step, offered_at) VALUES ($1, $2, $3, 0, $4)
         ON CONFLICT (user_id) DO UPDATE
            SET secret_enc = excluded.secret_enc, key_id = excluded.key_id, offered_at = excluded.offered_at
          WHERE totp.confirmed_at IS NULL",
        &[user.into(), sealed.into(), KEY_ID.into(), Value::Int(now_us)],
    )?;
    Ok(changed == 1)
}

/// The secret that waits for its first code, as the account's person takes it over.
pub(crate) fn offered(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    email: &str,
    now_us: i64,
) -> Result<Option<Offer>> {
    let Some(row) = offered_row(tx, user, now_us)? else { return Ok(None) };
    let totp = open(secrets, user, &row, email)?;
    let link = totp.to_url().map_err(|_| ApiError::internal("an otpauth link cannot be made"))?;
    Ok(Some(Offer { text: Zeroizing::new(totp.secret().to_base32()), link: Zeroizing::new(link) }))
}

/// Switches on with the first right code. None: nothing waits for one any more.
pub(crate) fn confirm(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    typed: &str,
    now_us: i64,
) -> Result<Option<Checked>> {
    let Some(row) = offered_row(tx, user, now_us)? else { return Ok(None) };
    let Some(step) = step_of(&open(secrets, user, &row, "")?, typed, now_us) else {
        return Ok(Some(Checked::Wrong));
    };
    let changed = tx.execute(
        "UPDATE totp SET confirmed_at = $1, last_step = $2 WHERE user_id = $3 AND confirmed_at IS NULL
            AND secret_enc = $4",
        &[Value::Int(now_us), Value::Int(step), user.into(), row.bytes(0)?.into()],
    )?;
    Ok((changed == 1).then_some(Checked::Right))
}

/// Checks a code and uses it up in one step: of twenty at once, one is right.
pub(crate) fn check(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    typed: &str,
    now_us: i64,
) -> Result<Checked> {
    let row = tx.query_one(
        "SELECT secret_enc, key_id FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL",
        &[user.into()],
    )?;
    let Some(row) = row else { return Ok(Checked::Wrong) };
    let Some(step) = step_of(&open(secrets, user, &row, "")?, typed, now_us) else {
        return Ok(Checked::Wrong);
    };
    if planted::off("totp-once") {
        tx.execute("UPDATE totp SET last_step = 0 WHERE user_id = $1", &[user.into()])?;
    }
    // A last step far ahead is of a clock that was put right since: no code would work until it is reached, so it counts as none.
    let accepted = tx.execute(
        "UPDATE totp SET last_step = $1
          WHERE user_id = $2 AND (last_step < $1 OR last_step > $3) AND confirmed_at IS NOT NULL",
        &[Value::Int(step), user.into(), Value::Int(step + AHEAD_STEPS)],
    )?;
    Ok(if accepted == 1 { Checked::Right } else { Checked::UsedAgain })
}

/// When it was switched on; none when it is not.
pub(crate) fn on_since(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<i64>> {
    let sql = "SELECT confirmed_at FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL";
    tx.query_one(sql, &[user.into()])?.map(|row| row.int(0)).transpose()
}

/// Whether an account asks for a second step.
pub(crate) fn is_on(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<bool> {
    let sql = "SELECT 1 FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL";
    Ok(tx.query_one(sql, &[user.into()])?.is_some())
}

/// Switches off and forgets the secret. False: it was off.
pub(crate) fn switch_off(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<bool> {
    let sql = "DELETE FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL";
    Ok(tx.execute(sql, &[user.into()])? == 1)
}

fn offered_row(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<Option<Row>> {
    tx.query_one(
        "SELECT secret_enc, key_id FROM totp WHERE user_id = $1 AND confirmed_at IS NULL AND offered_at > $2
            AND offered_at <= $3",
        &[user.into(), Value::Int(now_us - OFFER_US), Value::Int(latest_us(now_us, 0))],
    )
}

fn belongs_to(user: [u8; 16], key_id: &str) -> Vec<u8> {
    [user.as_slice(), key_id.as_bytes()].concat()
}

fn open(secrets: &Secrets, user: [u8; 16], row: &Row, email: &str) -> Result<Totp> {
    let secret = secrets.totp_wrap().open(&belongs_to(user, &row.text(1)?), &row.bytes(0)?)?;
    totp(&secret, email)
}

/// SHA-1, six digits, 30 seconds: what every authenticator app understands; one step early or late counts.
fn totp(secret: &[u8], email: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_issuer(Some("Kinfolio"))
        // A colon stands between the issuer and the account in the link.
        .with_account_name(email.replace(':', ""))
        .build()
        .map_err(|_| ApiError::internal("a secret of two-step sign-in is unusable"))
}

/// The 30 seconds to which a code belongs. People type the space that their app shows.
fn step_of(totp: &Totp, typed: &str, now_us: i64) -> Option<i64> {
    let digits: Zeroizing<String> = Zeroizing::new(typed.chars().filter(|c| !c.is_whitespace()).collect());
    let now_s = u64::try_from(now_us / SECOND_US).ok()?;
    let early = || totp.check(&digits, now_s.saturating_sub(30)).filter(|_| planted::off("totp-window"));
    totp.check(&digits, now_s).or_else(early).and_then(|step| i64::try_from(step).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;
    use crate::config::Environment;
    use crate::store::memory;

    const USER: [u8; 16] = [7; 16];
    /// The secret and a time of RFC 6238, appendix B; its eight digits end in these six.
    const SECRET: &[u8; 20] = b"12345678901234567890";
    const AT: i64 = 1_111_111_109 * SECOND_US;
    const CODE: &str = "081804";

    fn store() -> (rusqlite::Connection, Secrets) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.json");
        let (secrets, _) = Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        let connection = memory::accounts();
        connection
            .execute_batch(
                "INSERT INTO users (user_id, email, email_ci, email_verified_at, adult_at, adult_text, created_at)
                 VALUES (x'07070707070707070707070707070707', 'a@b.c', 'a@b.c', 0, 0, '', 0)",
            )
            .unwrap();
        (connection, secrets)
    }

    /// A code of this secret `steps` of 30 seconds after [`AT`].
    fn code(steps: i64) -> String {
        let at = u64::try_from(AT / SECOND_US + 30 * steps).unwrap();
        totp(SECRET, "").unwrap().generate(at).to_string()
    }

    fn switched_on() -> (rusqlite::Connection, Secrets) {
        let (connection, secrets) = store();
        let mut tx = memory::tx(&connection);
        let early = AT - 90 * SECOND_US;
        assert!(offer(&mut tx, &secrets, USER, SECRET, [1; 24], early).unwrap());
        let first = confirm(&mut tx, &secrets, USER, &code(-3), early).unwrap();
        assert_eq!(first, Some(Checked::Right));
        (connection, secrets)
    }

    #[test]
    fn the_code_is_rfc_6238s_and_a_space_in_it_is_welcome() {
        assert_eq!(code(0), CODE);
        let (connection, secrets) = switched_on();
        let mut tx = memory::tx(&connection);
        assert_eq!(check(&mut tx, &secrets, USER, "081 804", AT).unwrap(), Checked::Right);
    }

    #[test]
    fn rfc_9700_25_asvs_6_5_1_6_5_8_one_step_early_or_late_counts_two_do_not_and_none_counts_twice() {
        for (steps, expected) in [
            (-2, Checked::Wrong),
            (-1, Checked::Right),
            (0, Checked::Right),
            (1, Checked::Right),
            (2, Checked::Wrong),
        ] {
            let (connection, secrets) = switched_on();
            let mut tx = memory::tx(&connection);
            let typed = code(steps);
            assert_eq!(check(&mut tx, &secrets, USER, &typed, AT).unwrap(), expected, "{steps}");
            if expected == Checked::Right {
                assert_eq!(
                    check(&mut tx, &secrets, USER, &typed, AT).unwrap(),
                    Checked::UsedAgain,
                    "{steps}"
                );
                let earlier = check(&mut tx, &secrets, USER, &code(steps - 1), AT).unwrap();
                assert_ne!(earlier, Checked::Right, "an earlier one is over too");
            }
        }
    }

    #[test]
    fn what_is_no_code_is_wrong() {
        let (connection, secrets) = switched_on();
        let mut tx = memory::tx(&connection);
        for typed in ["", "08180", "0818044", "+81804", "O81804", "٠٨١٨٠٤", "081804\0"] {
            assert_eq!(check(&mut tx, &secrets, USER, typed, AT).unwrap(), Checked::Wrong, "{typed}");
        }
        assert_eq!(check(&mut tx, &secrets, [8; 16], CODE, AT).unwrap(), Checked::Wrong, "another account");
    }

    #[test]
    fn a_secret_is_sealed_for_its_own_account_and_cannot_be_replaced_while_it_is_on() {
        let (connection, secrets) = switched_on();
        let mut tx = memory::tx(&connection);
        let stored: Vec<u8> =
            connection.query_row("SELECT secret_enc FROM totp", [], |row| row.get(0)).unwrap();
        assert!(!stored.windows(8).any(|part| SECRET.windows(8).any(|secret| secret == part)));
        assert!(secrets.totp_wrap().open(&belongs_to([8; 16], KEY_ID), &stored).is_err());
        assert!(secrets.totp_wrap().open(&belongs_to(USER, "2"), &stored).is_err());
        assert!(!offer(&mut tx, &secrets, USER, &[9; 20], [2; 24], AT).unwrap());
        assert!(switch_off(&mut tx, USER).unwrap() && !is_on(&mut tx, USER).unwrap());
    }

    #[test]
    fn an_offer_lasts_ten_minutes_and_shows_nothing_in_logs() {
        let (connection, secrets) = store();
        let mut tx = memory::tx(&connection);
        offer(&mut tx, &secrets, USER, SECRET, [1; 24], AT).unwrap();
        assert!(!is_on(&mut tx, USER).unwrap(), "an offer asks for nothing yet");
        let shown = offered(&mut tx, &secrets, USER, "m:aya@example.org", AT).unwrap().unwrap();
        assert_eq!(*shown.text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            *shown.link,
            "otpauth://totp/Kinfolio:maya%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kinfolio"
        );
        assert_eq!(format!("{shown:?}"), "Offer(redacted)");
        let late = AT + OFFER_US;
        assert!(offered(&mut tx, &secrets, USER, "a@b.c", late).unwrap().is_none());
        assert_eq!(confirm(&mut tx, &secrets, USER, &code(20), late).unwrap(), None);
    }
}
