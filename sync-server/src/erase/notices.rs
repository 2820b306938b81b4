//! What every phone of a family is told: that its copy here is about to go, and that somebody asked for its recovery grant.

use kinfolio_protocol::family::{EndedBy, ErasureItem, Notices};
use kinfolio_protocol::{AccountId, FamilyId};

use super::family::accounts_of_parents;
use crate::accounts::{deletion, family_erasures, users};
use crate::body::Reply;
use crate::keyring;
use crate::member::Member;
use crate::state::Parts;
use crate::store::{Result, Tx};

/// `GET /families/{family}/notices`: for every enrolled device; who asked for the recovery grant is the parents' business.
///
/// # Errors
/// A member's ([`crate::member`]).
pub async fn notices(member: Member) -> Result<Reply<Notices>> {
    let parent = member.read(|_, device| Ok(device.parent().is_ok())).await?;
    let (state, family) = (member.state(), member.family());
    let erasure = erasure(state, family).await?;
    let now = state.clock.now_us();
    let recovery_read = match parent {
        true => state.store.account_read(move |tx| keyring::last_recovery_read(tx, family, now)).await?,
        false => None,
    };
    Ok(Reply::ok(Notices { erasure, recovery_read }))
}

/// The end of a family's copy: the one that was ordered, else the one that comes with the accounts of all its parents.
pub(super) async fn erasure(parts: &Parts, family: FamilyId) -> Result<Option<ErasureItem>> {
    let ordered = parts.store.account_read(move |tx| family_erasures::find(tx, family)).await?;
    if let Some(ordered) = ordered {
        let by = if ordered.device.is_some() { EndedBy::Device } else { EndedBy::Recovery };
        return Ok(Some(ErasureItem { due_ms: ms(ordered.due_us), by, device: ordered.device }));
    }
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
