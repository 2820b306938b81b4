//! The end of one family's copy, and the round of those whose end was ordered by a signature.

use axum::http::StatusCode;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::{AccountId, FamilyId};

use crate::accounts::family_erasures::{self, Closed, Due, ErasedDevice};
use crate::log::{self, members};
use crate::mail::texts;
use crate::state::Parts;
use crate::store::{Result, Tx};
use crate::{blobs, families};

/// Does what is due for families whose end was ordered, one after the other. One that fails keeps no other waiting.
pub(super) async fn round(parts: &Parts) -> Result<()> {
    let (now, mut last, mut outcome) = (parts.clock.now_us(), FamilyId([0; 16]), Ok(()));
    while let Some(due) = parts.store.account_read(move |tx| family_erasures::next_due(tx, last, now)).await?
    {
        last = due.family;
        let done = if due.mail_first { remind(parts, due, now).await } else { end(parts, due, now).await };
        parts.mail.wake();
        outcome = outcome.and(done);
    }
    outcome
}

async fn remind(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let parents = accounts_of_parents(parts, due.family).await?;
    let (host, random) = (parts.origin.host().to_owned(), parts.random.clone());
    let remind = move |tx: &mut Tx<'_>| {
        let Some(due_us) = family_erasures::remind(tx, due.family, now_us)? else { return Ok(()) };
        let text = texts::erasure_ordered(&host, due_us);
        family_erasures::tell(tx, &parents, &text, random.as_ref(), now_us)
    };
    parts.store.account(remind).await
}

async fn end(parts: &Parts, due: Due, now_us: i64) -> Result<()> {
    let family = due.family;
    let parents = accounts_of_parents(parts, family).await?;
    let (host, random) = (parts.origin.host().to_owned(), parts.random.clone());
    remember(parts, family).await?;
    let close = move |tx: &mut Tx<'_>| {
        let closed = family_erasures::close(tx, family, now_us)?;
        if closed == Closed::Now {
            let text = texts::family_erased(&host, now_us);
            family_erasures::tell(tx, &parents, &text, random.as_ref(), now_us)?;
        }
        Ok(closed)
    };
    if parts.store.account(close).await? == Closed::Stopped {
        return Ok(());
    }
    erase(parts, family).await
}

/// Remembers which devices the family has now that it goes: only a parent's of them founds it again. A family that cannot be
/// read any more leaves what an earlier look left.
pub(super) async fn remember(parts: &Parts, family: FamilyId) -> Result<()> {
    let listed = parts.store.family_read(family, move |tx| {
        let log = log::load(tx, family)?;
        let log_length = i64::try_from(log.length()).unwrap_or(i64::MAX);
        let device = |device: &kinfolio_protocol::log::Device| ErasedDevice {
            sign_pk: device.sign_pk,
            parent: device.role == Role::Parent,
            log_length,
        };
        Ok(log.enrolled().map(|(_, listed)| device(listed)).collect::<Vec<_>>())
    });
    match listed.await {
        Ok(devices) => parts.store.account(move |tx| family_erasures::remember(tx, family, &devices)).await,
        Err(error) if is_unreadable(error.status()) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Destroys all that the server has of a family: first the key of its file, then the file, the blobs and the rows that name
/// it.
pub(super) async fn erase(parts: &Parts, family: FamilyId) -> Result<()> {
    parts.store.erase_family(family).await?;
    blobs::erase(parts, family).await?;
    let forget = move |tx: &mut Tx<'_>| {
        members::forget(tx, family)?;
        family_erasures::forget(tx, family)
    };
    parts.store.account(forget).await?;
    tracing::info!(%family, "erased");
    Ok(())
}

/// The accounts of everybody with a parent's device in the family; of a family that cannot be read, everybody's.
pub(super) async fn accounts_of_parents(parts: &Parts, family: FamilyId) -> Result<Vec<AccountId>> {
    let read = parts.store.family_read(family, move |tx| families::with_parents_device(tx, family)).await;
    let parents = match read {
        Err(error) if is_unreadable(error.status()) => None,
        parents => Some(parents?),
    };
    let find = move |tx: &mut Tx<'_>| {
        let members = match &parents {
            Some(parents) => parents.clone(),
            None => members::of_family(tx, family)?,
        };
        let mut accounts = Vec::new();
        for member in members {
            let account = members::account_of(tx, family, member)?;
            accounts.extend(account.filter(|account| !accounts.contains(account)));
        }
        Ok(accounts)
    };
    parts.store.account_read(find).await
}

/// Gone already, lost or damaged.
fn is_unreadable(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::INTERNAL_SERVER_ERROR)
}
