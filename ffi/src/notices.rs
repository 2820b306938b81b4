//! What the family's server tells every phone, and orders about its copy of the family.
use crate::border::{Result, call, wait};
use crate::ids::Id;
use crate::keys::KeysClient;
use kinfolio_core::keys;

type OrderedBy = keys::OrderedBy;
type Erasure = keys::Erasure;
type RecoveryRead = keys::RecoveryRead;
type FamilyNotices = keys::FamilyNotices;

/// By whom the end of the server's copy was ordered. Names are empty when they are unknown here.
#[uniffi::remote(Enum)]
pub enum OrderedBy {
    /// A parent's phone.
    Phone { name: String, member: String },
    /// The family's 12 words.
    Words,
    /// Nobody's order: the accounts of all its parents are to be deleted.
    Accounts,
}

/// The end of the server's copy of this family. What is on the phones stays.
#[uniffi::remote(Record)]
pub struct Erasure {
    /// When, milliseconds since 1970.
    pub due_ms: i64,
    /// By whom.
    pub by: OrderedBy,
}

/// Somebody signed in without an enrolled phone and fetched what the 12 words open.
#[uniffi::remote(Record)]
pub struct RecoveryRead {
    /// When it last happened, milliseconds since 1970.
    pub at_ms: i64,
    /// Whose account it was; empty when that is unknown here.
    pub member: String,
}

/// What there is to tell.
#[uniffi::remote(Record)]
pub struct FamilyNotices {
    /// The server's copy is to be erased; any parent's phone calls it off.
    pub erasure: Option<Erasure>,
    /// For parents' phones, until it is put away.
    pub recovery_read: Option<RecoveryRead>,
}

#[uniffi::export]
impl KeysClient {
    /// What the family's server told at the last sync; asks nobody.
    ///
    /// # Errors
    /// As [`keys::KeysClient::notices`].
    pub fn notices(&self) -> Result<FamilyNotices> {
        call(|| self.room.notices())
    }

    /// Puts away on this phone that a recovery grant was read.
    ///
    /// # Errors
    /// As [`keys::KeysClient::put_away_recovery_read`].
    pub fn put_away_recovery_read(&self) -> Result<()> {
        call(|| self.room.put_away_recovery_read())
    }

    /// Orders that the server's copy of the family is erased; gives the day, milliseconds since 1970.
    ///
    /// # Errors
    /// As [`keys::KeysClient::order_erasure`].
    pub async fn order_erasure(&self) -> Result<i64> {
        let room = self.room.clone();
        wait(async move { room.order_erasure().await }).await
    }

    /// The same by the family's 12 words, from a phone outside the family.
    ///
    /// # Errors
    /// As [`keys::KeysClient::order_erasure_by_words`].
    pub async fn order_erasure_by_words(&self, family: Id, words: String) -> Result<i64> {
        let room = self.room.clone();
        wait(async move { room.order_erasure_by_words(family, &words).await }).await
    }

    /// Calls the erasing off.
    ///
    /// # Errors
    /// As [`keys::KeysClient::cancel_erasure`].
    pub async fn cancel_erasure(&self) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.cancel_erasure().await }).await
    }
}
