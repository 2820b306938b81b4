//! Between a right password, or a linked sign-in, and a session: an account with two-step sign-in still owes a code. The
//! wait is bound to the browser that took the first step, lasts 10 minutes and has 5 tries.

use super::password_change::{self, Change};
use super::throttle::{self, Hourly};
use super::totp::{self, Checked};
use super::users::fold;
use super::{approval, backup_codes, sessions, two_step_removal};
use crate::audit::{self, Event};
use crate::clock::{MINUTE_US, latest_us};
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

/// A second step that was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// Signed in.
    SignIn,
    /// Signed in, and the new password of a reset counts from now on.
    Reset,
}

/// A code that was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Wrong; so many tries are left.
    Wrong(i64),
    /// Too many for now: seconds to wait.
    Wait(u64),
    /// Its tries or its ten minutes are over: the password again.
    Over,
}

/// What a right second step needs.
pub(crate) struct Way<'a> {
    pub(crate) browser: [u8; 32],
    pub(crate) host: &'a str,
    /// For the mail that tells of a new password.
    pub(crate) mail_id: [u8; 16],
    pub(crate) now_us: i64,
}

/// One try of a code, and what it needs besides.
pub(crate) struct Try<'a> {
    pub(crate) way: Way<'a>,
    pub(crate) kind: Kind,
    pub(crate) typed: &'a str,
    /// The [`bucket`].
    pub(crate) throttle: [u8; 32],
    pub(crate) per_hour: u32,
    /// For the mail that tells of the code.
    pub(crate) mail_id: [u8; 16],
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

/// When a wait ends at the latest that has begun by now.
pub(super) fn latest(now_us: i64) -> Value {
    Value::Int(latest_us(now_us, LIFETIME_US))
}

/// What this browser waits for, while it may still try.
pub(crate) fn find(tx: &mut Tx<'_>, browser: [u8; 32], now_us: i64) -> Result<Option<Pending>> {
    tx.query_one(
        "SELECT s.user_id, u.email, s.expires_at, s.amr, s.new_phc IS NOT NULL FROM second_steps s JOIN users u ON u.user_id = s.user_id
          WHERE s.browser_hash = $1 AND s.tries_left > 0 AND s.expires_at > $2 AND s.expires_at <= $3
            AND u.disabled_at IS NULL",
        &[browser.into(), Value::Int(now_us), latest(now_us)],
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

/// Forgets the wrong codes that were typed behind a password which is no longer one, and behind mailed codes before its
/// person came through.
pub(crate) fn clear(tx: &mut Tx<'_>, secrets: &Secrets, email_ci: &str) -> Result<()> {
    let mut buckets = [(BEHIND_PASSWORD, None), (BEHIND_PASSWORD, KNOWN), (AFTER_RESET, None)].into_iter();
    buckets.try_for_each(|(what, known)| throttle::clear(tx, throttle::key(secrets, what, email_ci, known)))
}

/// Takes a try and judges it. Counting comes before judging, and both are kept whatever the outcome. But a right backup code,
/// which nobody guesses, waits behind no wrong ones.
pub(crate) fn judge(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    pending: &Pending,
    of: &Try<'_>,
) -> Result<std::result::Result<Passed, Refused>> {
    let Way { browser, host, now_us, .. } = of.way;
    let spent = spend(tx, pending, of)?;
    let failures = if spent.is_some() {
        0
    } else {
        match throttle::begin_hourly(tx, of.throttle, of.per_hour, now_us)? {
            Hourly::Try(failures) => failures,
            Hourly::Wait(seconds) => return Ok(Err(Refused::Wait(seconds))),
        }
    };
    let row = tx.query_one(
        "UPDATE second_steps SET tries_left = tries_left - 1
          WHERE browser_hash = $1 AND user_id = $2 AND tries_left > 0 AND expires_at > $3 AND expires_at <= $4
          RETURNING tries_left, new_phc",
        &[browser.into(), pending.user.into(), Value::Int(now_us), latest(now_us)],
    )?;
    let Some(row) = row else { return Ok(Err(Refused::Over)) };
    let (left, new_phc) = (row.int(0)?, row.opt_text(1)?);
    let (user, mail_id) = (pending.user, of.mail_id);
    let event = match (of.kind, spent) {
        (Kind::Totp, _) => match totp::check(tx, secrets, user, of.typed, now_us)? {
            Checked::Right => Event::SecondStepOk,
            Checked::Wrong => Event::SecondStepFailed,
            Checked::UsedAgain => Event::CodeUsedAgain,
        },
        (Kind::Backup, Some(left)) => {
            let text = texts::backup_code_used(host, left, now_us);
            mail::enqueue(tx, mail_id, &pending.email, &text, now_us)?;
            Event::BackupCodeUsed
        }
        (Kind::Backup, None) => Event::SecondStepFailed,
    };
    audit::record(tx, now_us, event, Some(user), None)?;
    if matches!(event, Event::SecondStepOk | Event::BackupCodeUsed) {
        throttle::clear(tx, of.throttle)?;
        return pass(tx, secrets, user, new_phc, &of.way).map(Ok);
    }
    // Behind a reset the mailbox is what somebody has, and not the password: that is told by itself.
    let telling = if pending.resets { "second-step-told-of-reset" } else { "second-step-told" };
    let told = throttle::key(secrets, telling, &fold(&pending.email), None);
    if failures >= TELLING && throttle::once_a_day(tx, told, now_us)? {
        let text = match pending.resets {
            true => texts::mailbox_known(host, now_us),
            false => texts::first_step_known(host, pending.amr == sessions::LINKED, now_us),
        };
        mail::enqueue(tx, mail_id, &pending.email, &text, now_us)?;
    }
    Ok(Err(if left > 0 { Refused::Wrong(left) } else { Refused::Over }))
}

/// Uses up the backup code that was typed, in a browser that may still try. Some(left): it was right.
fn spend(tx: &mut Tx<'_>, pending: &Pending, of: &Try<'_>) -> Result<Option<i64>> {
    let Way { browser, now_us, .. } = of.way;
    let may_try =
        of.kind == Kind::Backup && find(tx, browser, now_us)?.is_some_and(|now| now.user == pending.user);
    if may_try { backup_codes::spend(tx, pending.user, of.typed, now_us) } else { Ok(None) }
}

/// As [`judge`] of a right code, for a browser that somebody let through. None: nobody has, or it is over.
pub(crate) fn pass_approved(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    way: &Way<'_>,
) -> Result<Option<Passed>> {
    let row = tx.query_one(
        "SELECT new_phc FROM second_steps
          WHERE browser_hash = $1 AND user_id = $2 AND expires_at > $3 AND expires_at <= $4
            AND approved_at IS NOT NULL",
        &[way.browser.into(), user.into(), Value::Int(way.now_us), latest(way.now_us)],
    )?;
    row.map(|row| pass(tx, secrets, user, row.opt_text(0)?, way)).transpose()
}

/// Ends the wait: a session follows, and the new password of a reset counts.
fn pass(
    tx: &mut Tx<'_>,
    secrets: &Secrets,
    user: [u8; 16],
    new_phc: Option<String>,
    way: &Way<'_>,
) -> Result<Passed> {
    forget_browser(tx, way.browser)?;
    let Some(phc) = new_phc else {
        // Nothing is lost, then.
        two_step_removal::stop(tx, user, way.now_us)?;
        return Ok(Passed::SignIn);
    };
    let by = Change { event: Event::PasswordReset, host: way.host, mail_id: way.mail_id, now_us: way.now_us };
    password_change::set(tx, secrets, user, &phc, &by)?;
    Ok(Passed::Reset)
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
