//! The end of one family's copy, and the round of those whose end was ordered by a signature.

use axum::http::StatusCode;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::{AccountId, FamilyId};

use crate::accounts::deletion;
use crate::accounts::ends::{self, End, Turn};
use crate::accounts::family_erasures::{self, ErasedDevice};
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
        let done =
            if due.mail_first { remind(parts, due.family).await } else { end(parts, due.family).await };
        parts.mail.wake();
        outcome = outcome.and(done);
    }
    outcome
}

async fn remind(parts: &Parts, family: FamilyId) -> Result<()> {
    let parents = accounts_of_parents(parts, family).await?;
    let (host, random, now_us) = (parts.origin.host().to_owned(), parts.random.clone(), parts.clock.now_us());
    let remind = move |tx: &mut Tx<'_>| {
        let Some(due_us) = ends::remind(tx, End::Family(family), now_us)? else { return Ok(()) };
        let text = texts::erasure_ordered(&host, due_us);
        family_erasures::tell(tx, &parents, &text, random.as_ref(), now_us)
    };
    parts.store.account(remind).await
}

async fn end(parts: &Parts, family: FamilyId) -> Result<()> {
    let (parents, devices) = (accounts_of_parents(parts, family).await?, devices(parts, family).await?);
    let (host, random, now_us) = (parts.origin.host().to_owned(), parts.random.clone(), parts.clock.now_us());
    let close = move |tx: &mut Tx<'_>| {
        let Some(turn) = Turn::take(tx, End::Family(family), now_us)? else { return Ok(None) };
        if let Some(devices) = &devices {
            family_erasures::remember(tx, family, devices)?;
        }
        if family_erasures::close(tx, family, now_us)? {
            let text = texts::family_erased(&host, now_us);
            family_erasures::tell(tx, &parents, &text, random.as_ref(), now_us)?;
        }
        Ok(Some(turn))
    };
    let Some(mut turn) = parts.store.account(close).await? else { return Ok(()) };
    if let Err(error) = erase(parts, family, &mut turn).await {
        turn.give_back(parts).await?;
        return Err(error);
    }
    Ok(())
}

/// Which devices the family has: when it goes they are remembered, and only a parent's of them founds it again. None of a
/// family that cannot be read any more: what an earlier look left stays.
pub(super) async fn devices(parts: &Parts, family: FamilyId) -> Result<Option<Vec<ErasedDevice>>> {
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
        Err(error) if is_unreadable(error.status()) => Ok(None),
        devices => devices.map(Some),
    }
}

/// Destroys all that the server has of a family: first the key of its file, then the file, the blobs and the rows that name
/// it. False: the turn was lost on the way, and another server goes on.
pub(super) async fn erase(parts: &Parts, family: FamilyId, turn: &mut Turn) -> Result<bool> {
    if !turn.holds(parts).await? {
        return Ok(false);
    }
    parts.store.erase_family(family).await?;
    if !blobs::erase(parts, family, turn).await? {
        return Ok(false);
    }
    let (held, now_us) = (*turn, parts.clock.now_us());
    let forget = move |tx: &mut Tx<'_>| {
        let mut held = held;
        if !held.renew(tx, now_us)? {
            return Ok(None);
        }
        members::forget(tx, family)?;
        family_erasures::forget(tx, family)?;
        // An order leaves what an account's end noted: that one may still be at work here.
        if matches!(held.end(), End::Account(_)) {
            deletion::forget_erasure(tx, family)?;
        }
        Ok(Some(held))
    };
    let Some(held) = parts.store.account(forget).await? else { return Ok(false) };
    *turn = held;
    tracing::info!(%family, "erased");
    Ok(true)
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
