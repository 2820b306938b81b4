//! An account on its way out: asked for by its person, told by mail, stopped by any of its phones, its pages or the link
//! in a mail. What its end takes with it is in `erase`.

use kinfolio_protocol::FamilyId;

use super::ends::{self, End, MAILS, REMINDER_US};
use super::undo_links::{self, LinkMail, Undo};
use super::{email_codes, family_erasures, sessions, users};
use crate::audit::{self, Event};
use crate::clock::DAY_US;
use crate::mail::{self, texts};
use crate::store::{Result, Tx, Value};

/// How long an account waits, and one that takes a family's copy with it without a device's signature (keys.md 3).
pub(crate) const WAIT_US: i64 = 7 * DAY_US;
pub(crate) const FAMILY_WAIT_US: i64 = 30 * DAY_US;

/// A deletion that is on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    pub(crate) user: [u8; 16],
    pub(crate) asked_us: i64,
    /// The family for which a device of this account signed.
    pub(crate) signed: Option<FamilyId>,
    /// A mail is still to come first.
    pub(crate) mail_first: bool,
}

/// How long an account waits that takes these families' copies with it. A signature shortens it for its own family.
pub(crate) fn wait_us(families: &[FamilyId], signed: Option<FamilyId>) -> i64 {
    let wait = |family: &FamilyId| match signed {
        Some(signed) if signed == *family => family_erasures::SIGNED_WAIT_US,
        _ => FAMILY_WAIT_US,
    };
    families.iter().map(wait).max().unwrap_or(WAIT_US)
}

/// Begins the wait, and sends the first mail. One that is on its way goes on as it is. `families`: it takes a family's copy
/// with it.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    wait_us: i64,
    signed: Option<FamilyId>,
    families: bool,
    step: &LinkMail<'_>,
) -> Result<()> {
    tx.lock(&user)?;
    let due_us = step.now_us + wait_us;
    let begun = tx.execute(
        "INSERT INTO account_deletions (user_id, asked_at, due_at, mails_sent, next_at, signed_family)
         VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (user_id) DO NOTHING",
        &[
            user.into(),
            Value::Int(step.now_us),
            Value::Int(due_us),
            Value::Int(due_us - REMINDER_US),
            signed.map(|family| family.0).into(),
        ],
    )?;
    if begun == 0 {
        return Ok(());
    }
    audit::record(tx, step.now_us, Event::DeletionAsked, Some(user), None)?;
    tell(tx, user, due_us, (families, false), step)
}

/// When an account is to be deleted, if it is.
pub(crate) fn due_at(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<i64>> {
    tx.query_one("SELECT due_at FROM account_deletions WHERE user_id = $1", &[user.into()])?
        .map(|row| row.int(0))
        .transpose()
}

/// Whether somebody who is or was in a family wants their account deleted.
pub(crate) fn touches(tx: &mut Tx<'_>, family: FamilyId) -> Result<bool> {
    let sql = "SELECT 1 FROM account_deletions d JOIN memberships m ON m.user_id = d.user_id
                WHERE m.family_id = $1 LIMIT 1";
    Ok(tx.query_one(sql, &[family.0.into()])?.is_some())
}

/// Keeps the account. False: it was not to be deleted, or its end has begun.
pub(crate) fn stop(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<bool> {
    // Or `close`, in the same moment, would not see it.
    tx.lock(&user)?;
    let stopped = tx.execute(
        "DELETE FROM account_deletions WHERE user_id = $1
            AND EXISTS (SELECT 1 FROM users WHERE user_id = $1 AND disabled_at IS NULL)",
        &[user.into()],
    )?;
    if stopped == 0 {
        return Ok(false);
    }
    undo_links::forget(tx, user, Undo::Deletion)?;
    audit::record(tx, now_us, Event::DeletionStopped, Some(user), None)?;
    Ok(true)
}

/// The first account by id after `last` whose next mail or end is due.
pub(crate) fn next_due(tx: &mut Tx<'_>, last: [u8; 16], now_us: i64) -> Result<Option<Due>> {
    tx.query_one(
        "SELECT user_id, asked_at, mails_sent, signed_family FROM account_deletions
          WHERE user_id > $1 AND next_at <= $2 ORDER BY user_id LIMIT 1",
        &[last.into(), Value::Int(now_us)],
    )?
    .map(|row| {
        let signed = row.opt_id(3)?.map(FamilyId);
        Ok(Due { user: row.id(0)?, asked_us: row.int(1)?, signed, mail_first: row.int(2)? < MAILS })
    })
    .transpose()
}

/// Sends the second mail.
pub(crate) fn remind(tx: &mut Tx<'_>, user: [u8; 16], families: bool, step: &LinkMail<'_>) -> Result<()> {
    let due_us = ends::remind(tx, End::Account(user), step.now_us)?;
    due_us.map_or(Ok(()), |due_us| tell(tx, user, due_us, (families, false), step))
}

/// Puts the end off: by now it would take a family's copy with it. A mail says so, and the second one comes again. The caller
/// has the turn ([`ends::Turn`]), or two servers would each put it off. An account that was closed already, by an end that was
/// broken off, opens again: nothing of it is gone yet, and the mail offers a way back.
pub(crate) fn put_off(tx: &mut Tx<'_>, user: [u8; 16], due_us: i64, step: &LinkMail<'_>) -> Result<()> {
    tx.execute(
        "UPDATE users SET disabled_at = NULL
          WHERE user_id = $1 AND disabled_at >= (SELECT due_at FROM account_deletions WHERE user_id = $1)",
        &[user.into()],
    )?;
    let put_off = tx.execute(
        "UPDATE account_deletions SET mails_sent = mails_sent - 1, due_at = $1, next_at = $2 WHERE user_id = $3",
        &[Value::Int(due_us), Value::Int(due_us - REMINDER_US), user.into()],
    )?;
    if put_off == 0 { Ok(()) } else { tell(tx, user, due_us, (true, true), step) }
}

/// From here on nobody signs in and nothing stops it. False: it was stopped in this very moment.
pub(crate) fn close(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<bool> {
    tx.lock(&user)?;
    let closed = tx.execute(
        "UPDATE users SET disabled_at = COALESCE(disabled_at, $1)
          WHERE user_id = $2 AND EXISTS (SELECT 1 FROM account_deletions WHERE user_id = $2)",
        &[Value::Int(now_us), user.into()],
    )?;
    if closed > 0 {
        sessions::end_all(tx, user)?;
    }
    Ok(closed > 0)
}

/// Notes that a family's copy goes, before anything of it does: an end that is broken off knows where it was.
pub(crate) fn note_erasure(tx: &mut Tx<'_>, user: [u8; 16], family: FamilyId) -> Result<()> {
    tx.execute(
        "INSERT INTO erasures (family_id, user_id) VALUES ($1, $2) ON CONFLICT (family_id) DO NOTHING",
        &[family.0.into(), user.into()],
    )?;
    Ok(())
}

/// Whether a family is going just now: whoever founds it again waits until nothing of the old one is left.
pub(crate) fn is_erasing(tx: &mut Tx<'_>, family: FamilyId) -> Result<bool> {
    let by_account = tx.query_one("SELECT 1 FROM erasures WHERE family_id = $1", &[family.0.into()])?;
    Ok(by_account.is_some() || family_erasures::has_begun(tx, family)?)
}

/// A family of which something may be left.
pub(crate) fn next_erasure(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Option<FamilyId>> {
    tx.query_one("SELECT family_id FROM erasures WHERE user_id = $1 LIMIT 1", &[user.into()])?
        .map(|row| row.id(0).map(FamilyId))
        .transpose()
}

/// Nothing of it is left.
pub(crate) fn forget_erasure(tx: &mut Tx<'_>, family: FamilyId) -> Result<()> {
    tx.execute("DELETE FROM erasures WHERE family_id = $1", &[family.0.into()])?;
    Ok(())
}

/// Deletes everything that is kept about an account but the lines of its log, which hold no address, and sends a last
/// mail.
pub(crate) fn finish(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<()> {
    let Some(email) = users::email_of(tx, user)? else { return Ok(()) };
    email_codes::forget(tx, &users::fold(&email))?;
    tx.execute("DELETE FROM users WHERE user_id = $1", &[user.into()])?;
    audit::record(tx, now_us, Event::AccountDeleted, Some(user), None)?;
    mail::enqueue(tx, mail_id, &email, &texts::account_deleted(host, now_us), now_us)
}

/// `families`: a family's copy goes, too; `put_off`: later than was said.
fn tell(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    due_us: i64,
    (families, put_off): (bool, bool),
    step: &LinkMail<'_>,
) -> Result<()> {
    let Some(email) = users::email_of(tx, user)? else { return Ok(()) };
    undo_links::keep(tx, step.link, user, Undo::Deletion, None, due_us + DAY_US)?;
    let link = undo_links::address(step.origin, step.link);
    mail::enqueue(
        tx,
        step.mail_id,
        &email,
        &texts::deletion_asked(step.origin.host(), families, put_off, &link, due_us),
        step.now_us,
    )
}
