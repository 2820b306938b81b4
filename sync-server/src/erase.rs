//! The end of an account, and of every family that would have no parent left: rows, keys, files, blobs. Each step may be
//! taken again: an end that is broken off goes on at the next round.

use axum::http::StatusCode;
use kinfolio_protocol::{AccountId, FamilyId};

use crate::accounts::deletion::{self, Due, FAMILY_WAIT_US};
use crate::accounts::undo_links::{self, LinkMail};
use crate::log::members;
use crate::state::Parts;
use crate::store::{Result, Tx};
use crate::{blobs, families};

/// The families in which this account is the last parent who could sign in.
///
/// # Errors
/// What the store answers.
pub(crate) async fn families_of_last_parent(parts: &Parts, account: AccountId) -> Result<Vec<FamilyId>> {
    let mut last = Vec::new();
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
        if !parents.contains(&member) || last.contains(&family) {
            continue;
        }
        let others = parts.store.account_read(move |tx| {
            let accounts = parents.iter().map(|parent| members::account_of(tx, family, *parent));
            accounts.collect::<Result<Vec<_>>>()
        });
        if others.await?.into_iter().flatten().all(|parent| parent == account) {
            last.push(family);
        }
    }
    Ok(last)
}

/// Does what is due for accounts that are to be deleted, one after the other. One that fails keeps no other waiting.
///
/// # Errors
/// The first failure, of the store or the blob store, after every account had its turn: what is left is done by the next
/// call.
pub async fn round(parts: &Parts) -> Result<()> {
    let (now, mut last, mut outcome) = (parts.clock.now_us(), [0; 16], Ok(()));
    while let Some(due) = parts.store.account_read(move |tx| deletion::next_due(tx, last, now)).await? {
        last = due.user;
        let done = if due.mail_first { remind(parts, due, now).await } else { end(parts, due, now).await };
        parts.mail.wake();
        outcome = outcome.and(done);
    }
    outcome
}

async fn remind(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let (mail_id, link) = (parts.random.make(), undo_links::make(parts.random.as_ref()));
    let origin = parts.origin.clone();
    let remind = move |tx: &mut Tx<'_>| {
        deletion::remind(tx, due.user, &LinkMail { origin: &origin, mail_id, link: &link, now_us })
    };
    parts.store.account(remind).await
}

async fn end(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let (user, origin, mail_id) = (due.user, parts.origin.clone(), parts.random.make());
    let soonest = due.asked_us + FAMILY_WAIT_US;
    // Also asked when it would make no difference: what cannot be answered now must fail before the account is closed.
    if !families_of_last_parent(parts, user.into()).await?.is_empty() && now_us < soonest {
        let link = undo_links::make(parts.random.as_ref());
        let put_off = move |tx: &mut Tx<'_>| {
            let step = LinkMail { origin: &origin, mail_id, link: &link, now_us };
            deletion::put_off(tx, user, soonest, &step)
        };
        return parts.store.account(put_off).await;
    }
    if !parts.store.account(move |tx| deletion::close(tx, user, now_us)).await? {
        return Ok(());
    }
    // Asked only now: until the account was closed, another parent could still join.
    for family in families_of_last_parent(parts, user.into()).await? {
        parts.store.account(move |tx| deletion::note_erasure(tx, user, family)).await?;
    }
    while let Some(family) = parts.store.account_read(move |tx| deletion::next_erasure(tx, user)).await? {
        parts.store.erase_family(family).await?;
        blobs::erase(parts, family).await?;
        let forget = move |tx: &mut Tx<'_>| {
            members::forget(tx, family)?;
            deletion::forget_erasure(tx, family)
        };
        parts.store.account(forget).await?;
        tracing::info!(%family, "erased");
    }
    parts.store.account(move |tx| deletion::finish(tx, user, origin.host(), mail_id, now_us)).await
}
