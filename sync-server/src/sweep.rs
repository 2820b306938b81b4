//! What is due: rows whose time is over leave, the account plane's every ten minutes and each family's once a day, and
//! so do two-step sign-in and accounts that somebody has asked to have removed.

use std::sync::Weak;
use std::time::Duration;

use axum::http::StatusCode;
use kinfolio_protocol::FamilyId;

use crate::accounts;
use crate::clock::{DAY_US, MINUTE_US};
use crate::log::members;
use crate::state::Parts;
use crate::store::{Result, Tx};
use crate::{blobs, erase, families, leap, links, records};

const ROUND: Duration = Duration::from_secs(60);
const ACCOUNTS_EVERY_US: i64 = 10 * MINUTE_US;
const FAMILIES_EVERY_US: i64 = DAY_US;
/// Families that are looked up at a time.
const PAGE: i64 = 100;

/// Runs until the server's state is gone. The state is held for one step only, so that a stop waits for no sweep; the end of an account is one step.
pub(crate) async fn work(parts: Weak<Parts>) {
    let Some(mut accounts_at) = parts.upgrade().map(|parts| parts.clock.now_us()) else { return };
    let mut families_at = accounts_at + ACCOUNTS_EVERY_US;
    loop {
        // A server that has just started has enough to do.
        tokio::time::sleep(ROUND).await;
        let Some(now) = believed(&parts).await else { return };
        let Some(now) = now else { continue };
        if is_due(accounts_at, now, ACCOUNTS_EVERY_US) {
            accounts_at = now + ACCOUNTS_EVERY_US;
            let Some(parts) = parts.upgrade() else { return };
            if let Err(error) = account_plane(&parts).await {
                tracing::warn!(cause = %error, "sweeping the account plane failed");
            }
            if let Err(error) = accounts::remove_two_step(&parts).await {
                tracing::warn!(cause = %error, "removing two-step sign-in failed");
            }
            if let Err(error) = erase::round(&parts).await {
                tracing::warn!(cause = %error, "deleting an account failed");
            }
        }
        if is_due(families_at, now, FAMILIES_EVERY_US) {
            families_at = now + FAMILIES_EVERY_US;
            if let Err(error) = every_family(&parts).await {
                tracing::warn!(cause = %error, "sweeping the families failed");
            }
        }
    }
}

/// The time, where it may destroy what is due by it. None: the server's state is gone.
async fn believed(parts: &Weak<Parts>) -> Option<Option<i64>> {
    let parts = parts.upgrade()?;
    let now = parts.clock.now_us();
    let believed = leap::is_believed(&parts.store, now).await.unwrap_or_else(|error| {
        tracing::warn!(cause = %error, "the clock cannot be looked at");
        false
    });
    Some(believed.then_some(now))
}

/// Whether the time of a round has come, or a clock that ran ahead when it was set was put right since.
fn is_due(at_us: i64, now_us: i64, every_us: i64) -> bool {
    now_us >= at_us || at_us - now_us > every_us
}

/// What the account plane holds for a while only.
///
/// # Errors
/// What the store answers.
pub async fn account_plane(parts: &Parts) -> Result<()> {
    let now = parts.clock.now_us();
    let sweep = move |tx: &mut Tx<'_>| {
        accounts::sweep::sweep(tx, now)?;
        families::sweep(tx, now)?;
        links::sweep(tx, now)
    };
    parts.store.account(sweep).await
}

/// One round over every family, one after the other. A family that fails is said in the log and passed over.
///
/// # Errors
/// What the store answers when it is asked which families there are.
pub async fn every_family(parts: &Weak<Parts>) -> Result<()> {
    let mut last = FamilyId([0; 16]);
    loop {
        let page = {
            let Some(parts) = parts.upgrade() else { return Ok(()) };
            parts.store.account_read(move |tx| members::families(tx, last, PAGE)).await?
        };
        let Some(end) = page.last().copied() else { return Ok(()) };
        for family in page {
            match one_family(parts, family).await {
                Err(error) if error.status() != StatusCode::NOT_FOUND => {
                    tracing::warn!(%family, cause = %error, "sweeping a family failed");
                }
                _ => {}
            }
        }
        last = end;
    }
}

/// Versions first, then files, some at a time.
async fn one_family(parts: &Weak<Parts>, family: FamilyId) -> Result<()> {
    let Some(held) = parts.upgrade() else { return Ok(()) };
    let now = held.clock.now_us();
    held.store.family(family, move |tx| records::sweep(tx, family, now)).await?;
    drop(held);
    while let Some(held) = parts.upgrade()
        && blobs::sweep(&held, family).await?
    {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_due_at_its_time_and_when_a_clock_that_ran_ahead_was_put_right() {
        let (now, every) = (1_789_394_520_000_000, ACCOUNTS_EVERY_US);
        assert!(is_due(now, now, every) && is_due(now - 1, now, every));
        assert!(!is_due(now + every, now, every) && !is_due(now + 1, now, every));
        assert!(is_due(now + 365 * DAY_US, now, every));
    }
}
