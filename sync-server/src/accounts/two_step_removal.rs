//! Two-step sign-in comes off 72 hours after somebody behind the password says that app and backup codes are lost,
//! unless the account's person stops it: mails go out at 0, 24 and 48 hours, each with a link that does.

use super::undo_links::{self, LinkMail, Undo};
use super::{backup_codes, linked, sessions, sign_ins, totp, users};
use crate::audit::{self, Event};
use crate::clock::{DAY_US, latest_us};
use crate::mail::{self, texts};
use crate::state::Parts;
use crate::store::{Result, Tx, Value};

/// One each day; a day after the last, two-step sign-in comes off.
const MAILS: i64 = 3;

/// Begins the wait, and sends the first mail. One that is on its way goes on as it is; where two-step sign-in is off by
/// now, there is nothing to remove.
pub(crate) fn begin(tx: &mut Tx<'_>, user: [u8; 16], step: &LinkMail<'_>) -> Result<()> {
    tx.lock(&user)?;
    if !totp::is_on(tx, user)? {
        return Ok(());
    }
    let begun = tx.execute(
        "INSERT INTO two_step_removals (user_id, mails_sent, next_at) VALUES ($1, 0, $2)
         ON CONFLICT (user_id) DO NOTHING",
        &[user.into(), Value::Int(step.now_us)],
    )?;
    if begun == 0 {
        return Ok(());
    }
    audit::record(tx, step.now_us, Event::RemovalAsked, Some(user), None)?;
    advance(tx, user, step)
}

/// When the removal of an account is due, if one is on its way.
pub(crate) fn due_at(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<i64>> {
    let sql = "SELECT next_at, mails_sent FROM two_step_removals WHERE user_id = $1";
    tx.query_one(sql, &[user.into()])?
        .map(|row| Ok(row.int(0)? + (MAILS - row.int(1)?).max(0) * DAY_US))
        .transpose()
}

/// Stops it. False: there was none.
pub(crate) fn stop(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<bool> {
    let stopped = tx.execute("DELETE FROM two_step_removals WHERE user_id = $1", &[user.into()])? == 1;
    if stopped {
        undo_links::forget(tx, user, Undo::TwoStep)?;
        audit::record(tx, now_us, Event::RemovalStopped, Some(user), None)?;
    }
    Ok(stopped)
}

/// The next step is a day away at most: one that is further was set by a clock that ran ahead, and is due.
fn latest(now_us: i64) -> Value {
    Value::Int(latest_us(now_us, DAY_US))
}

/// The first account by id after `last` whose next mail or removal is due.
pub(crate) fn next_due(tx: &mut Tx<'_>, last: [u8; 16], now_us: i64) -> Result<Option<[u8; 16]>> {
    tx.query_one(
        "SELECT user_id FROM two_step_removals
          WHERE user_id > $1 AND (next_at <= $2 OR next_at > $3) ORDER BY user_id LIMIT 1",
        &[last.into(), Value::Int(now_us), latest(now_us)],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// Does what is due for one account: the next mail, or the removal. However late it comes, no mail is left out, and
/// the removal waits for a day after the last one.
pub(crate) fn advance(tx: &mut Tx<'_>, user: [u8; 16], step: &LinkMail<'_>) -> Result<()> {
    let now = step.now_us;
    let row = tx.query_one(
        "UPDATE two_step_removals SET mails_sent = mails_sent + 1, next_at = $1
          WHERE user_id = $2 AND (next_at <= $3 OR next_at > $4) RETURNING mails_sent",
        &[Value::Int(now + DAY_US), user.into(), Value::Int(now), latest(now)],
    )?;
    let Some(row) = row else { return Ok(()) };
    let number = row.int(0)?;
    let Some(email) = users::email_of(tx, user)? else { return Ok(()) };
    let host = step.origin.host();
    if number <= MAILS {
        let due_at = now + (MAILS + 1 - number) * DAY_US;
        undo_links::keep(tx, step.link, user, Undo::TwoStep, None, due_at + DAY_US)?;
        let link = undo_links::address(step.origin, step.link);
        return mail::enqueue(tx, step.mail_id, &email, &texts::removal_asked(host, &link, due_at), now);
    }
    tx.execute("DELETE FROM two_step_removals WHERE user_id = $1", &[user.into()])?;
    undo_links::forget(tx, user, Undo::TwoStep)?;
    if take_off(tx, user, now)? {
        sessions::end_all(tx, user)?;
        mail::enqueue(tx, step.mail_id, &email, &texts::two_step_off(host, now), now)?;
    }
    Ok(())
}

/// Takes two-step sign-in off, with its backup codes. False: it was not on.
pub(crate) fn take_off(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<bool> {
    if !totp::switch_off(tx, user)? {
        return Ok(false);
    }
    backup_codes::forget(tx, user)?;
    undo_links::forget(tx, user, Undo::TwoStepOn)?;
    audit::record(tx, now_us, Event::TwoStepOff, Some(user), None)?;
    Ok(true)
}

/// Keeps the link that takes off what was just switched on: a thief who knows the password would else keep its person
/// out with an authenticator app of their own.
pub(crate) fn offer_undo(tx: &mut Tx<'_>, user: [u8; 16], link: &str, now_us: i64) -> Result<()> {
    undo_links::forget(tx, user, Undo::TwoStepOn)?;
    undo_links::keep(tx, link, user, Undo::TwoStepOn, None, now_us + MAILS * DAY_US)
}

/// Takes it off by that link, and ends what a thief may have opened meanwhile, the ways in included: until its person has set
/// a new password, nobody signs in and switches it on once more. False: it was off already.
pub(crate) fn undo(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<bool> {
    stop(tx, user, now_us)?;
    if !take_off(tx, user, now_us)? {
        return Ok(false);
    }
    close_ways_in(tx, user)?;
    sign_ins::end_outside(tx, user, "two_step_undone", now_us)?;
    Ok(true)
}

/// Ends the password and the linked sign-ins, which somebody else may know or have added: the mailbox sets a new one.
pub(crate) fn close_ways_in(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    users::forget_password(tx, user)?;
    linked::unlink_all(tx, user)
}

/// Takes off what was switched on after `since_us`, or so shortly before it that its own mail could have taken it off then: that
/// way ended with what happened at `since_us`.
pub(crate) fn take_off_newer(tx: &mut Tx<'_>, user: [u8; 16], since_us: i64, now_us: i64) -> Result<()> {
    if totp::on_since(tx, user)?.is_some_and(|on| on > since_us - MAILS * DAY_US) {
        take_off(tx, user, now_us)?;
    }
    Ok(())
}

/// Does what is due for who waits for two-step sign-in to be removed, one account after the other. One that fails keeps no
/// other waiting.
///
/// # Errors
/// The store's first ([`crate::store`]), after every account had its turn: what is left is done by the next call.
pub async fn round(parts: &Parts) -> Result<()> {
    let (now_us, mut last, mut outcome) = (parts.clock.now_us(), [0; 16], Ok(()));
    while let Some(user) = parts.store.account_read(move |tx| next_due(tx, last, now_us)).await? {
        last = user;
        let (mail_id, link) = (parts.random.make(), undo_links::make(parts.random.as_ref()));
        let origin = parts.origin.clone();
        let done = parts.store.account(move |tx| {
            advance(tx, user, &LinkMail { origin: &origin, mail_id, link: &link, now_us })
        });
        outcome = outcome.and(done.await);
        parts.mail.wake();
    }
    outcome
}
