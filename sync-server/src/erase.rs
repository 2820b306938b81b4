//! The end of an account, and of every family that would have no parent left: rows, keys, files, blobs. Each step may be
//! taken again: an end that is broken off goes on at the next round.

use axum::http::StatusCode;
use kinfolio_protocol::{AccountId, FamilyId};

use crate::accounts::deletion::{self, Due, FAMILY_WAIT_US, Step};
use crate::accounts::undo_links;
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
        let parents = match parts.store.family_read(family, move |tx| families::parents(tx, family)).await {
            Err(error) if error.status() == StatusCode::NOT_FOUND => continue,
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

/// Does what is due for accounts that are to be deleted, one after the other.
///
/// # Errors
/// What the store or the blob store answers: what is left is done by the next call.
pub async fn round(parts: &Parts) -> Result<()> {
    loop {
        let now = parts.clock.now_us();
        let Some(due) = parts.store.account_read(move |tx| deletion::next_due(tx, now)).await? else {
            return Ok(());
        };
        if due.mail_first {
            remind(parts, due, now).await?;
        } else {
            end(parts, due, now).await?;
        }
        parts.mail.wake();
    }
}

async fn remind(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let (mail_id, link) = (parts.random.make(), undo_links::make(parts.random.as_ref()));
    let origin = parts.origin.clone();
    let remind = move |tx: &mut Tx<'_>| {
        deletion::remind(tx, due.user, &Step { origin: &origin, mail_id, link: &link, now_us })
    };
    parts.store.account(remind).await
}

async fn end(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let last = families_of_last_parent(parts, due.user.into()).await?;
    let soonest = due.asked_us + FAMILY_WAIT_US;
    if !last.is_empty() && now_us < soonest {
        return parts.store.account(move |tx| deletion::put_off(tx, due.user, soonest)).await;
    }
    if !parts.store.account(move |tx| deletion::close(tx, due.user, now_us)).await? {
        return Ok(());
    }
    for family in last {
        parts.store.erase_family(family).await?;
        blobs::erase(parts, family).await?;
        parts.store.account(move |tx| members::forget(tx, family)).await?;
        tracing::info!(%family, "erased");
    }
    let (mail_id, origin) = (parts.random.make(), parts.origin.clone());
    parts.store.account(move |tx| deletion::finish(tx, due.user, origin.host(), mail_id, now_us)).await
}
