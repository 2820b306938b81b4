//! What the family's server tells every phone, kept for reading without a network: that its copy is to be erased, and that
//! somebody without an enrolled phone asked for what the 12 words open.

use super::own::Own;
use super::server::Server;
use super::{KeysClient, queries};
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::storage::Transaction;
use kinfolio_protocol::family::{EndedBy, ErasureItem, Notices};

/// By whom the end of the server's copy was ordered. Names are empty when the keyring does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderedBy {
    /// A parent's phone.
    Phone {
        /// What it calls itself.
        name: String,
        /// Whose it is.
        member: String,
    },
    /// The family's 12 words.
    Words,
    /// Nobody's order: the accounts of all its parents are to be deleted.
    Accounts,
}

/// The end of the server's copy of this family. What is on the phones stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// When, milliseconds since 1970.
    pub due_ms: i64,
    /// By whom.
    pub by: OrderedBy,
}

/// Somebody signed in without an enrolled phone and fetched what the 12 words open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryRead {
    /// When it last happened, milliseconds since 1970.
    pub at_ms: i64,
    /// Whose account it was; empty when the keyring does not say.
    pub member: String,
}

/// What there is to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FamilyNotices {
    /// The server's copy is to be erased; any parent's phone calls it off.
    pub erasure: Option<Erasure>,
    /// For parents' phones, until it is put away.
    pub recovery_read: Option<RecoveryRead>,
}

/// When the server's copy of the family is to be erased, as the last sync was told; inside a caller's transaction.
///
/// # Errors
/// Those of the store.
pub fn erasure_ms(tx: &Transaction<'_>) -> Result<Option<i64>> {
    let Some(own) = queries::own(tx)? else { return Ok(None) };
    let told = queries::notices(tx, own.family)?;
    Ok(told.and_then(|(told, _)| told.erasure).map(|erasure| signed(erasure.due_ms)))
}

impl KeysClient {
    /// What the family's server told last; asks nobody. Every sync is told anew.
    ///
    /// # Errors
    /// Those of the store.
    pub fn notices(&self) -> Result<FamilyNotices> {
        let (log, told) = self.context.storage.read(|tx| {
            let own = Own::load(tx)?;
            Ok((queries::log(tx)?, queries::notices(tx, own.family)?))
        })?;
        let Some((told, away_ms)) = told else { return Ok(FamilyNotices::default()) };
        let keyring = self.opened_keyring(&log).unwrap_or_default();
        let member = |id| keyring.members.get(&id).cloned().unwrap_or_default();
        let by = |erasure: &ErasureItem| match (erasure.by, erasure.device) {
            (EndedBy::Device, device) => OrderedBy::Phone {
                name: device
                    .and_then(|id| keyring.devices.get(&id))
                    .map(|note| note.name.clone())
                    .unwrap_or_default(),
                member: device
                    .and_then(|id| log.devices().get(&id))
                    .map(|listed| member(listed.member))
                    .unwrap_or_default(),
            },
            (EndedBy::Recovery, _) => OrderedBy::Words,
            (EndedBy::Accounts, _) => OrderedBy::Accounts,
        };
        let erasure = told.erasure.map(|item| Erasure { due_ms: signed(item.due_ms), by: by(&item) });
        let read = told.recovery_read.filter(|read| signed(read.at_ms) > away_ms);
        let recovery_read =
            read.map(|read| RecoveryRead { at_ms: signed(read.at_ms), member: member(read.member) });
        Ok(FamilyNotices { erasure, recovery_read })
    }

    /// Puts away what [`Self::notices`] tells of a recovery grant that was read, on this phone. A later reading is told anew.
    ///
    /// # Errors
    /// Those of the store.
    pub fn put_away_recovery_read(&self) -> Result<()> {
        self.context.storage.write(|tx| {
            let told = queries::notices(tx, Own::load(tx)?.family)?;
            match told.and_then(|(told, _)| told.recovery_read) {
                Some(read) => queries::put_away(tx, signed(read.at_ms)),
                None => Ok(()),
            }
        })?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys)]);
        Ok(())
    }

    /// Keeps what a sync was told; tells listeners when it is new.
    pub(crate) fn keep_told(&self, told: &Notices) -> Result<()> {
        self.keep_notices(&self.context.storage.read(Own::load)?, told)
    }

    /// Asks the family's server and keeps the answer.
    pub(super) async fn read_notices(&self) -> Result<()> {
        let own = self.context.storage.read(Own::load)?;
        let told = self.server(&own)?.notices(own.family).await?;
        self.keep_notices(&own, &told)
    }

    pub(super) fn keep_notices(&self, own: &Own, told: &Notices) -> Result<()> {
        // A phone with nothing to do writes nothing.
        let known = self.context.storage.read(|tx| queries::notices(tx, own.family))?;
        if known.map(|(known, _)| known).unwrap_or_default() == *told {
            return Ok(());
        }
        self.context.storage.write(|tx| queries::save_notices(tx, own.family, told))?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys), Change::all(ChangeKind::Sync)]);
        Ok(())
    }
}

impl Server<'_> {
    /// What every phone of the family is told.
    pub async fn notices(&self, family: kinfolio_protocol::FamilyId) -> Result<Notices> {
        self.get(format!("/api/v1/families/{family}/notices")).await
    }
}

pub(super) fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
