//! Between a right password, or a linked sign-in, and a session: an account with two-step sign-in still owes a code. The
//! wait is bound to the browser that took the first step, lasts 10 minutes and has 5 tries.

use super::throttle::{self, Hourly};
use super::totp::{self, Checked};
use super::users::fold;
use super::{approval, backup_codes, password_change, sessions, two_step_removal};
use crate::audit::{self, Event};
use crate::clock::MINUTE_US;
use crate::mail::{self, texts};
use crate::secrets::Secrets;
use crate::store::{Result, Tx, Value};

const LIFETIME_US: i64 = 10 * MINUTE_US;
const TRIES: i64 = 5;
/// The buckets of wrong codes: behind a password or a linked sign-in, and behind a mailed code.
const BEHIND_PASSWORD: &str = "second-step";
const AFTER_RESET: &str = "second-step-reset";
/// The half of the first for browsers that the account knows, all of them: each sign-in makes one, and whoever kept many of their
/// cookies would guess faster with each.
const KNOWN: Option<&str> = Some("known");
/// Wrong codes behind a right password, after which its person is told.
const TELLING: i64 = 5;

/// What a browser waits for.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) user: [u8; 16],
    pub(crate) email: String,
    pub(crate) expires_us: i64,
    /// How the first step was taken.
    pub(crate) amr: String,
    /// The first step was a mailed code, and a new password waits.
    pub(crate) resets: bool,
}

/// Which kind of code was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Six digits from the authenticator app.
    Totp,
    /// One of the eight on paper.
    Backup,
}

/// What came of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Signed in.
    Right,
    /// Signed in, and the new password of a reset counts from now on.
    Reset,
    /// Wrong; so many tries are left.
    Wrong(i64),
    /// Too many for now: seconds to wait.
    Wait(u64),
    /// Its tries or its ten minutes are over: the password again.
    Over,
}

/// One try, and what it needs besides.
pub(crate) struct Try<'a> {
    pub(crate) browser: [u8; 32],
    pub(crate) kind: Kind,
    pub(crate) typed: &'a str,
    /// The [`bucket`].
    pub(crate) throttle: [u8; 32],
    pub(crate) per_hour: u32,
    pub(crate) host: &'a str,
    /// One for the code, one for the password.
    pub(crate) mail_ids: [[u8; 16]; 2],
    pub(crate) now_us: i64,
}

/// Begins the wait after a first step, or after the new password of a reset (`new_phc`), which counts only once the
/// second step is right. A browser waits for one account at a time.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    browser: [u8; 32],
    user: [u8; 16],
    amr: &'static str,
    new_phc: Option<&str>,
    now_us: i64,
) -> Result<()> {
    let expires_us = now_us + LIFETIME_US;
    let approval = approval::mac(secrets, &approval::code(secrets, browser, expires_us));
    tx.execute(
        "INSERT INTO second_steps (browser_hash, user_id, amr, new_phc, tries_left, expires_at, approval_mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (browser_hash) DO UPDATE
            SET user_id = excluded.user_id, amr = excluded.amr, new_phc = excluded.new_phc,
                tries_left = excluded.tries_left, expires_at = excluded.expires_at,
                approval_mac = excluded.approval_mac, approved_at = NULL",
        &[
            browser.into(),
            user.into(),
            amr.into(),
            new_phc.into(),
            Value::Int(TRIES),
            Value::Int(expires_us),
            approval.into(),
        ],
    )?;
    Ok(())
}

/// What this browser waits for, while it may still try.
pub(crate) fn find(tx: &mut Tx<'_>, browser: [u8; 32], now_us: i64) -> Result<Option<Pending>> {
    tx.query_one(
        "SELECT s.user_id, u.email, s.expires_at, s.amr, s.new_phc IS NOT NULL FROM second_steps s JOIN users u ON u.user_id = s.user_id
          WHERE s.browser_hash = $1 AND s.tries_left > 0 AND s.expires_at > $2 AND u.disabled_at IS NULL",
        &[browser.into(), Value::Int(now_us)],
    )?
    .map(|row| {
        Ok(Pending {
            user: row.id(0)?,
            email: row.text(1)?,
            expires_us: row.int(2)?,
            amr: row.text(3)?,
            resets: row.bool(4)?,
        })
    })
    .transpose()
}

/// Where the tries of a wait are counted; `known`: in a browser that the account knows. Whoever types wrong codes behind a stolen
/// password keeps nobody waiting who comes by the mailbox with a new one; these have a count of their own, over all browsers, so
/// that a stolen mailbox guesses no faster.
pub(crate) fn bucket(secrets: &Secrets, pending: &Pending, known: bool) -> [u8; 32] {
    let email_ci = fold(&pending.email);
    match (pending.resets, known) {
        (true, _) => throttle::key(secrets, AFTER_RESET, &email_ci, None),
        (false, true) => throttle::key(secrets, BEHIND_PASSWORD, &email_ci, KNOWN),
        (false, false) => throttle::key(secrets, BEHIND_PASSWORD, &email_ci, None),
    }
}

/// Forgets the wrong codes that were typed behind a password which is no longer one.
pub(crate) fn clear(tx: &mut Tx<'_>, secrets: &Secrets, email_ci: &str) -> Result<()> {
    let mut halves = [None, KNOWN].into_iter();
    halves.try_for_each(|known| throttle::clear(tx, throttle::key(secrets, BEHIND_PASSWORD, email_ci, known)))
}

/// Takes a try and judges it. Counting comes before judging, and both are kept whatever the outcome.
pub(crate) fn judge(tx: &mut Tx<'_>, secrets: &Secrets, pending: &Pending, of: &Try<'_>) -> Result<Outcome> {
    let failures = match throttle::begin_hourly(tx, of.throttle, of.per_hour, of.now_us)? {
        Hourly::Try(failures) => failures,
        Hourly::Wait(seconds) => return Ok(Outcome::Wait(seconds)),
    };
    let row = tx.query_one(
        "UPDATE second_steps SET tries_left = tries_left - 1
          WHERE browser_hash = $1 AND user_id = $2 AND tries_left > 0 AND expires_at > $3
          RETURNING tries_left, new_phc",
        &[of.browser.into(), pending.user.into(), Value::Int(of.now_us)],
    )?;
    let Some(row) = row else { return Ok(Outcome::Over) };
    let (left, new_phc) = (row.int(0)?, row.opt_text(1)?);
    let (user, [mail_id, password_mail]) = (pending.user, of.mail_ids);
    let event = match of.kind {
        Kind::Totp => match totp::check(tx, secrets, user, of.typed, of.now_us)? {
            Checked::Right => Event::SecondStepOk,
            Checked::Wrong => Event::SecondStepFailed,
            Checked::UsedAgain => Event::CodeUsedAgain,
        },
        Kind::Backup => match backup_codes::spend(tx, user, of.typed, of.now_us)? {
            Some(left) => {
                let text = texts::backup_code_used(of.host, left, of.now_us);
                mail::enqueue(tx, mail_id, &pending.email, &text, of.now_us)?;
                Event::BackupCodeUsed
            }
            None => Event::SecondStepFailed,
        },
    };
    audit::record(tx, of.now_us, event, Some(user), None)?;
    if matches!(event, Event::SecondStepOk | Event::BackupCodeUsed) {
        throttle::clear(tx, of.throttle)?;
        if new_phc.is_some() {
            clear(tx, secrets, &fold(&pending.email))?;
        }
        let way = Passed { browser: of.browser, host: of.host, mail_id: password_mail, now_us: of.now_us };
        return pass(tx, user, new_phc, &way);
    }
    // Behind a reset the mailbox is what somebody has, and not the password: that is told by itself.
    let telling = if pending.resets { "second-step-told-of-reset" } else { "second-step-told" };
    let told = throttle::key(secrets, telling, &fold(&pending.email), None);
    if failures >= TELLING && throttle::once_a_day(tx, told, of.now_us)? {
        let text = match pending.resets {
            true => texts::mailbox_known(of.host, of.now_us),
            false => texts::first_step_known(of.host, pending.amr == sessions::LINKED, of.now_us),
        };
        mail::enqueue(tx, mail_id, &pending.email, &text, of.now_us)?;
    }
    Ok(if left > 0 { Outcome::Wrong(left) } else { Outcome::Over })
}

/// What a second step needs that is right.
pub(crate) struct Passed<'a> {
    pub(crate) browser: [u8; 32],
    pub(crate) host: &'a str,
    pub(crate) mail_id: [u8; 16],
    pub(crate) now_us: i64,
}

/// As [`judge`] of a right code, for a browser that somebody let through. None: nobody has, or it is over.
pub(crate) fn pass_approved(tx: &mut Tx<'_>, user: [u8; 16], way: &Passed<'_>) -> Result<Option<Outcome>> {
    let row = tx.query_one(
        "SELECT new_phc FROM second_steps
          WHERE browser_hash = $1 AND user_id = $2 AND expires_at > $3 AND approved_at IS NOT NULL",
        &[way.browser.into(), user.into(), Value::Int(way.now_us)],
    )?;
    row.map(|row| pass(tx, user, row.opt_text(0)?, way)).transpose()
}

/// Ends the wait: a session follows, and the new password of a reset counts.
fn pass(tx: &mut Tx<'_>, user: [u8; 16], new_phc: Option<String>, way: &Passed<'_>) -> Result<Outcome> {
    forget_browser(tx, way.browser)?;
    // Nothing is lost, then.
    two_step_removal::stop(tx, user, way.now_us)?;
    let Some(phc) = new_phc else { return Ok(Outcome::Right) };
    password_change::set(tx, user, &phc, Event::PasswordReset, way.host, way.mail_id, way.now_us)?;
    Ok(Outcome::Reset)
}

/// Ends every wait for an account.
pub(crate) fn forget(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("DELETE FROM second_steps WHERE user_id = $1", &[user.into()])?;
    Ok(())
}

/// Ends the wait of one browser.
pub(crate) fn forget_browser(tx: &mut Tx<'_>, browser: [u8; 32]) -> Result<()> {
    tx.execute("DELETE FROM second_steps WHERE browser_hash = $1", &[browser.into()])?;
    Ok(())
}
