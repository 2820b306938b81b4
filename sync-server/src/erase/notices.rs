//! What every phone of a family is told: that its copy here is about to go, and that somebody asked for its recovery grant.

use kinfolio_protocol::family::{EndedBy, ErasureItem, Notices};
use kinfolio_protocol::{AccountId, FamilyId};

use super::family::accounts_of_parents;
use crate::accounts::family_erasures::{self, Ordered};
use crate::accounts::{deletion, users};
use crate::body::Reply;
use crate::keyring;
use crate::member::Member;
use crate::state::Parts;
use crate::store::{Result, Tx};

/// `GET /families/{family}/notices`: for every enrolled device; who asked for the recovery grant is the parents' business.
/// The last page of a pull carries the same, so that a phone with nothing to do asks once.
///
/// # Errors
/// A member's ([`crate::member`]).
pub async fn notices(member: Member) -> Result<Reply<Notices>> {
    let parent = member.read(|_, device| Ok(device.parent().is_ok())).await?;
    told(member.state(), member.family(), parent).await.map(Reply::ok)
}

/// What a device of the family is told; `parent`: it is a parent's. One read of the account plane, mostly.
///
/// # Errors
/// What the store answers.
pub(crate) async fn told(parts: &Parts, family: FamilyId, parent: bool) -> Result<Notices> {
    let now = parts.clock.now_us();
    let look = move |tx: &mut Tx<'_>| {
        let read = if parent { keyring::last_recovery_read(tx, family, now)? } else { None };
        Ok((family_erasures::find(tx, family)?, deletion::touches(tx, family)?, read))
    };
    let (ordered, leaving, recovery_read) = parts.store.account_read(look).await?;
    let erasure = match ordered {
        Some(ordered) => Some(item(ordered)),
        None if leaving => with_accounts(parts, family).await?,
        None => None,
    };
    Ok(Notices { erasure, recovery_read })
}

/// The end of a family's copy: the one that was ordered, else the one that comes with the accounts of all its parents.
pub(super) async fn erasure(parts: &Parts, family: FamilyId) -> Result<Option<ErasureItem>> {
    told(parts, family, false).await.map(|told| told.erasure)
}

fn item(ordered: Ordered) -> ErasureItem {
    let by = if ordered.device.is_some() { EndedBy::Device } else { EndedBy::Recovery };
    ErasureItem { due_ms: ms(ordered.due_us), by, device: ordered.device }
}

async fn with_accounts(parts: &Parts, family: FamilyId) -> Result<Option<ErasureItem>> {
    let parents = accounts_of_parents(parts, family).await?;
    let due_us = parts.store.account_read(move |tx| last_end(tx, &parents)).await?;
    Ok(due_us.map(|due_us| ErasureItem { due_ms: ms(due_us), by: EndedBy::Accounts, device: None }))
}

/// When the last of these accounts ends, if all of them are to end. One that is disabled keeps no family.
fn last_end(tx: &mut Tx<'_>, accounts: &[AccountId]) -> Result<Option<i64>> {
    let mut last = None;
    for account in accounts {
        if users::enabled_email_of(tx, account.0)?.is_none() {
            continue;
        }
        let Some(due_us) = deletion::due_at(tx, account.0)? else { return Ok(None) };
        last = last.max(Some(due_us));
    }
    Ok(last)
}

fn ms(at_us: i64) -> u64 {
    u64::try_from(at_us / 1000).unwrap_or_default()
}
