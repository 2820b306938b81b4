//! Telling the parents, by mail and on their phones, that somebody without an enrolled phone fetched the recovery grant
//! (keys.md 3).

use std::collections::BTreeSet;

use kinfolio_protocol::family::RecoveryRead;
use kinfolio_protocol::{FamilyId, MemberId};

use crate::accounts::{Bearer, once_a_day, users};
use crate::audit::{self, Event};
use crate::clock::DAY_US;
use crate::log::members;
use crate::mail::{self, texts};
use crate::state::State;
use crate::store::{Result, Tx, Value};

/// How long phones are told.
const TOLD_US: i64 = 90 * DAY_US;

/// Puts a mail to every parent's account into the outbox and a notice for their phones, once a day and sign-in.
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
            if let Some(member) = members::of_account(tx, bearer.account, family)?.first() {
                tx.execute(
                    "INSERT INTO recovery_reads (family_id, member_id, at) VALUES ($1, $2, $3)
                     ON CONFLICT (family_id) DO UPDATE SET member_id = excluded.member_id, at = excluded.at",
                    &[family.0.into(), member.0.into(), Value::Int(now)],
                )?;
            }
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

/// The last time, if that is not long ago.
pub(crate) fn last_recovery_read(
    tx: &mut Tx<'_>,
    family: FamilyId,
    now_us: i64,
) -> Result<Option<RecoveryRead>> {
    tx.query_one(
        "SELECT at, member_id FROM recovery_reads WHERE family_id = $1 AND at > $2",
        &[family.0.into(), Value::Int(now_us - TOLD_US)],
    )?
    .map(|row| {
        let at_ms = u64::try_from(row.int(0)? / 1000).unwrap_or_default();
        Ok(RecoveryRead { at_ms, member: MemberId(row.id(1)?) })
    })
    .transpose()
}
