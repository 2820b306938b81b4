//! Telling the parents that somebody without an enrolled phone fetched the recovery grant (keys.md 3).

use std::collections::BTreeSet;

use kinfolio_protocol::{FamilyId, MemberId};

use crate::accounts::{Bearer, once_a_day, users};
use crate::audit::{self, Event};
use crate::log::members;
use crate::mail::{self, texts};
use crate::state::State;
use crate::store::Result;

/// Puts a mail to every parent's account into the outbox, once a day and sign-in.
pub async fn recovery_read(
    state: &State,
    bearer: Bearer,
    family: FamilyId,
    parents: BTreeSet<MemberId>,
) -> Result<()> {
    let now = state.clock.now_us();
    let key = state.secrets.mac("recovery-read", &[&bearer.sign_in.0, &family.0]);
    let letters: Vec<(MemberId, [u8; 16])> =
        parents.into_iter().map(|parent| (parent, state.random.make())).collect();
    let host = state.origin.host().to_owned();
    state
        .store
        .account(move |tx| {
            if !once_a_day(tx, key, now)? {
                return Ok(());
            }
            audit::record(tx, now, Event::RecoveryRead, Some(bearer.account.0), Some(bearer.sign_in.0))?;
            for (parent, id) in &letters {
                let Some(account) = members::account_of(tx, family, *parent)? else { continue };
                let Some(email) = users::enabled_email_of(tx, account.0)? else { continue };
                let text = texts::recovery_read(&host, account == bearer.account, now);
                mail::enqueue(tx, *id, &email, &text, now)?;
            }
            Ok(())
        })
        .await?;
    state.mail.wake();
    Ok(())
}
