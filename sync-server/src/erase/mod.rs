//! The end of an account, and of every family that would have no parent left or was ordered to go: rows, keys, files,
//! blobs. Each step may be taken again: an end that is broken off goes on at the next round.

mod family;
mod notices;
mod orders;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kinfolio_protocol::{AccountId, FamilyId, MemberId};

use crate::accounts::deletion::{self, Due};
use crate::accounts::ends::{End, Turn};
use crate::accounts::family_erasures;
use crate::accounts::throttle;
use crate::accounts::undo_links::{self, LinkMail};
use crate::accounts::users;
use crate::families;
use crate::hex::hex;
use crate::log::members;
use crate::state::Parts;
use crate::store::{Result, Tx};

pub use notices::notices;
pub(crate) use notices::told;
pub use orders::{cancel, end_account, order};

/// A family, and the members with a parent's device in it.
type Parents = (FamilyId, Vec<MemberId>);

/// The families in which this account is the last parent who can sign in.
///
/// # Errors
/// What the store answers.
pub(crate) async fn families_of_last_parent(parts: &Parts, account: AccountId) -> Result<Vec<FamilyId>> {
    let families = families_of_parent(parts, account).await?;
    parts.store.account_read(move |tx| without_another(tx, account, &families)).await
}

/// The families in which this account is a parent, in the order of their ids.
async fn families_of_parent(parts: &Parts, account: AccountId) -> Result<Vec<Parents>> {
    let mut found: BTreeMap<FamilyId, Vec<MemberId>> = BTreeMap::new();
    for (family, member) in parts.store.account_read(move |tx| members::everywhere(tx, account)).await? {
        let parents = match parts
            .store
            .family_read(family, move |tx| families::with_parents_device(tx, family))
            .await
        {
            Err(error) if error.status() == StatusCode::NOT_FOUND => continue,
            // Its file is lost or damaged: everybody who was ever a member counts.
            Err(error) if error.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                parts.store.account_read(move |tx| members::of_family(tx, family)).await?
            }
            parents => parents?,
        };
        if parents.contains(&member) {
            found.insert(family, parents);
        }
    }
    Ok(found.into_iter().collect())
}

/// Those of them that no other account is left to. One that is disabled, by its own end or by the operator, does not count:
/// nobody would ever sign in to the family by it.
fn without_another(tx: &mut Tx<'_>, account: AccountId, families: &[Parents]) -> Result<Vec<FamilyId>> {
    let mut last = Vec::new();
    for (family, parents) in families {
        let mut others = false;
        for parent in parents {
            let other = members::account_of(tx, *family, *parent)?.filter(|other| *other != account);
            others |= match other {
                Some(other) => users::enabled_email_of(tx, other.0)?.is_some(),
                None => false,
            };
        }
        if !others {
            last.push(*family);
        }
    }
    Ok(last)
}

/// Asks for an account's end: the wait begins with a first mail, where `may` says so in the same step. `signed`: the family
/// for which a device of it signed.
///
/// # Errors
/// 429 `slow_down` when it was begun and called off five times in a day; what the store answers, and `may`.
pub(crate) async fn begin_account_end(
    parts: &Parts,
    user: [u8; 16],
    signed: Option<FamilyId>,
    may: impl Fn(&mut Tx<'_>) -> Result<bool> + Send + 'static,
) -> Result<()> {
    let families = families_of_last_parent(parts, user.into()).await?;
    let wait_us = deletion::wait_us(&families, signed);
    let (now_us, mail_id, origin) = (parts.clock.now_us(), parts.random.make(), parts.origin.clone());
    let link = undo_links::make(parts.random.as_ref());
    let asked = throttle::key(&parts.secrets, "deletion-asked", &hex(&user), None);
    let begin = move |tx: &mut Tx<'_>| {
        // A reset in this very moment ends what it is asked by: `may` sees that.
        tx.lock(&user)?;
        if !may(tx)? {
            return Ok(());
        }
        if deletion::due_at(tx, user)?.is_none() {
            throttle::begin_anew(tx, asked, now_us)?;
        }
        let step = LinkMail { origin: &origin, mail_id, link: &link, now_us };
        deletion::begin(tx, user, wait_us, signed, !families.is_empty(), &step)
    };
    parts.store.account(begin).await?;
    parts.mail.wake();
    Ok(())
}

/// Does what is due for families and accounts that are to go, one after the other. One that fails keeps no other waiting.
///
/// # Errors
/// The first failure, of the store or the blob store, after each had its turn: what is left is done by the next call.
pub async fn round(parts: &Parts) -> Result<()> {
    let (now, mut last, mut outcome) = (parts.clock.now_us(), [0; 16], family::round(parts).await);
    while let Some(due) = parts.store.account_read(move |tx| deletion::next_due(tx, last, now)).await? {
        last = due.user;
        let done = if due.mail_first { remind(parts, due.user).await } else { end(parts, due).await };
        parts.mail.wake();
        outcome = outcome.and(done);
    }
    outcome
}

async fn remind(parts: &Parts, user: [u8; 16]) -> Result<()> {
    let (mail_id, link) = (parts.random.make(), undo_links::make(parts.random.as_ref()));
    let (origin, now_us) = (parts.origin.clone(), parts.clock.now_us());
    let last = !families_of_last_parent(parts, user.into()).await?.is_empty();
    let remind = move |tx: &mut Tx<'_>| {
        deletion::remind(tx, user, last, &LinkMail { origin: &origin, mail_id, link: &link, now_us })
    };
    parts.store.account(remind).await
}

async fn end(parts: &Parts, due: Due) -> Result<()> {
    let (user, origin, mail_id) = (due.user, parts.origin.clone(), parts.random.make());
    let (link, now_us) = (undo_links::make(parts.random.as_ref()), parts.clock.now_us());
    // Also asked when it would make no difference: what cannot be answered now must fail before the account is closed.
    let families = families_of_parent(parts, user.into()).await?;
    let leave = move |tx: &mut Tx<'_>| {
        leave(tx, due, &families, &LinkMail { origin: &origin, mail_id, link: &link, now_us })
    };
    let Some((mut turn, last)) = parts.store.account(leave).await? else { return Ok(()) };
    if let Err(error) = take_along(parts, user, &last, &mut turn).await {
        turn.give_back(parts).await?;
        return Err(error);
    }
    Ok(())
}

/// Destroys a closed account, and the families that it leaves without a parent before it.
async fn take_along(parts: &Parts, user: [u8; 16], last: &[FamilyId], turn: &mut Turn) -> Result<()> {
    // Asked once more: until the account was closed, another parent could still join.
    for family in families_of_last_parent(parts, user.into()).await? {
        if last.contains(&family) {
            let devices = family::devices(parts, family).await?;
            let note = move |tx: &mut Tx<'_>| {
                if let Some(devices) = &devices {
                    family_erasures::remember(tx, family, devices)?;
                }
                deletion::note_erasure(tx, user, family)
            };
            parts.store.account(note).await?;
        }
    }
    while let Some(family) = parts.store.account_read(move |tx| deletion::next_erasure(tx, user)).await? {
        if !family::erase(parts, family, turn).await? {
            return Ok(());
        }
    }
    let (held, origin, mail_id, now_us) =
        (*turn, parts.origin.clone(), parts.random.make(), parts.clock.now_us());
    let finish = move |tx: &mut Tx<'_>| {
        let mut held = held;
        match held.renew(tx, now_us)? {
            true => deletion::finish(tx, user, origin.host(), mail_id, now_us),
            false => Ok(()),
        }
    };
    parts.store.account(finish).await
}

/// Closes the account and tells which families it leaves without a parent, or puts its end off: None. Both are one step, or
/// two parents who go at the same time would each count on the other.
fn leave(
    tx: &mut Tx<'_>,
    due: Due,
    families: &[Parents],
    step: &LinkMail<'_>,
) -> Result<Option<(Turn, Vec<FamilyId>)>> {
    for (family, _) in families {
        tx.lock(&family.0)?;
    }
    // Before its row, as `deletion::stop` does.
    tx.lock(&due.user)?;
    let Some(turn) = Turn::take(tx, End::Account(due.user), step.now_us)? else { return Ok(None) };
    let last = without_another(tx, due.user.into(), families)?;
    let soonest = due.asked_us + deletion::wait_us(&last, due.signed);
    if !last.is_empty() && step.now_us < soonest {
        deletion::put_off(tx, due.user, soonest, step)?;
        return Ok(None);
    }
    Ok(deletion::close(tx, due.user, step.now_us)?.then_some((turn, last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::ends;
    use crate::origin::Origin;
    use crate::store::{Value, memory};

    #[test]
    fn of_two_parents_who_go_at_once_the_second_waits_as_the_last_one() {
        let connection = memory::accounts();
        let mut tx = memory::tx(&connection);
        let (family, asked_us) = (FamilyId([9; 16]), 1_789_394_520_000_000);
        let now_us = asked_us + deletion::WAIT_US;
        for number in [1, 2] {
            let (id, email) = ([number; 16], format!("{number}@example.org"));
            assert!(users::create(&mut tx, id, &email, None, asked_us, asked_us).unwrap());
            members::claim(&mut tx, id.into(), family, MemberId(id), asked_us).unwrap();
            tx.execute(
                "INSERT INTO account_deletions (user_id, asked_at, due_at, mails_sent, next_at)
                 VALUES ($1, $2, $3, 2, $4)",
                &[id.into(), Value::Int(asked_us), Value::Int(now_us), Value::Int(now_us)],
            )
            .unwrap();
        }
        // What both found in the family before either went.
        let families = [(family, vec![MemberId([1; 16]), MemberId([2; 16])])];
        let origin = Origin::parse("https://sync.example.org").unwrap();
        let leave = |tx: &mut Tx<'_>, number: u8, now_us: i64| {
            let link = undo_links::make(&crate::clock::OsRandomness);
            let step = LinkMail { origin: &origin, mail_id: [number; 16], link: &link, now_us };
            let due = Due { user: [number; 16], asked_us, signed: None, mail_first: false };
            leave(tx, due, &families, &step).unwrap().map(|(_, last)| last)
        };
        assert_eq!(leave(&mut tx, 1, now_us), Some(vec![]), "another parent is left");
        assert_eq!(leave(&mut tx, 1, now_us), None, "one server is at it");
        // An end of the second that was broken off when the first was still there.
        assert!(deletion::close(&mut tx, [2; 16], now_us).unwrap());
        assert_eq!(leave(&mut tx, 2, now_us), None, "none is, and the family has thirty days");
        assert!(
            users::enabled_email_of(&mut tx, [2; 16]).unwrap().is_some(),
            "who is told of a way back can sign in"
        );
        let mails = "SELECT count(*) FROM outbox";
        let count = |tx: &mut Tx<'_>| tx.query_one(mails, &[]).unwrap().unwrap().int(0).unwrap();
        assert_eq!(leave(&mut tx, 2, now_us), None, "another server had looked, too");
        assert_eq!(count(&mut tx), 1, "it is told once");
        let end_us = asked_us + deletion::FAMILY_WAIT_US;
        let reminded_us = end_us - ends::REMINDER_US;
        assert_eq!(ends::remind(&mut tx, End::Account([2; 16]), reminded_us).unwrap(), Some(end_us));
        assert_eq!(
            ends::remind(&mut tx, End::Account([2; 16]), end_us).unwrap(),
            None,
            "and reminded of once"
        );
        assert_eq!(leave(&mut tx, 2, end_us), Some(vec![family]));
    }
}
