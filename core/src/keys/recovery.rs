//! The recovery words: twelve BIP39 words that open the family's record when every phone is lost.

use super::append::Plan;
use super::own::Own;
use super::{KeysClient, queries};
use crate::changes::{Change, ChangeKind};
use crate::crypto::hpke::KemKey;
use crate::crypto::kdf;
use crate::crypto::sign::SignKey;
use crate::error::{Error, Result};
use bip39::{Language, Mnemonic};
use kinfolio_protocol::labels;
use zeroize::Zeroizing;

/// How the family stands to recovery words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryState {
    /// There is no paper.
    None,
    /// New words were made and not yet confirmed; an older paper stays valid until they are.
    Unconfirmed,
    /// Confirmed; the server has not answered yet. An older paper stays valid until it does.
    Waiting,
    /// The newest words made by anybody in the family are in force.
    Set,
}

/// Both pairs of a recovery key.
#[derive(Clone, Debug)]
pub(crate) struct RecoveryKey {
    pub kem: KemKey,
    pub sign: SignKey,
}

impl RecoveryKey {
    /// From the 16 bytes behind the words, not from the BIP39 seed.
    pub fn derive(entropy: &[u8; 16]) -> Self {
        Self {
            kem: KemKey::from_secret(kdf::derive(entropy, labels::RECOVERY_KEM, &[])),
            sign: SignKey::from_seed(&kdf::derive(entropy, labels::RECOVERY_SIGN, &[])),
        }
    }
}

/// The twelve English words of these 16 bytes.
pub(crate) fn words_of(entropy: &[u8; 16]) -> Result<Vec<String>> {
    let mnemonic = Mnemonic::from_entropy_in(Language::English, entropy)
        .map_err(|_| Error::internal("recovery words"))?;
    Ok(mnemonic.words().map(str::to_owned).collect())
}

/// The 16 bytes behind twelve words, typed in any case and spacing.
pub(crate) fn entropy_of(words: &str) -> Result<Zeroizing<[u8; 16]>> {
    let lower = Zeroizing::new(words.to_lowercase());
    let plain = Zeroizing::new(lower.split_whitespace().collect::<Vec<_>>().join(" "));
    let mnemonic = Mnemonic::parse_in_normalized(Language::English, &plain)
        .map_err(|_| Error::invalid("these are not twelve recovery words: check each one"))?;
    let entropy = Zeroizing::new(mnemonic.to_entropy());
    let entropy = entropy.as_slice().try_into().map(Zeroizing::new);
    entropy.map_err(|_| Error::invalid("there are twelve recovery words"))
}

impl KeysClient {
    /// Makes new words and gives them to be shown once. Nothing changes until [`Self::confirm_recovery`]: the old
    /// paper stays valid.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] while confirmed words still wait for the server's answer.
    pub fn make_recovery_words(&self) -> Result<Vec<String>> {
        let mut entropy = Zeroizing::new([0; 16]);
        self.context.random.fill(&mut *entropy);
        self.context.storage.write(|tx| match queries::draft(tx)? {
            Some((_, true)) => Err(Error::invalid("the words confirmed before still wait for the server")),
            _ => queries::save_draft(tx, &entropy, false),
        })?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys)]);
        words_of(&entropy)
    }

    /// Puts the words in force, once the person typed them in again. Their private key is wiped from this phone as
    /// soon as the entry stands.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for other words than the ones that were made; [`Error::Offline`] keeps the
    /// confirmation, [`Self::resume_pending`] finishes it; [`Error::HistoryDiffers`].
    pub async fn confirm_recovery(&self, words: &str) -> Result<()> {
        let typed = entropy_of(words)?;
        self.context.storage.write(|tx| {
            let (made, _) = queries::draft(tx)?.ok_or(Error::NotFound("recovery words"))?;
            if *made != *typed {
                return Err(Error::invalid("these are not the words that were shown"));
            }
            queries::save_draft(tx, &made, true)
        })?;
        let _one = self.busy.lock().await;
        self.set_recovery().await
    }

    /// Appends the entry for words that were confirmed and are not in force yet.
    pub(super) async fn set_recovery(&self) -> Result<()> {
        // A request of an earlier try may have carried it already: that is settled first.
        self.settle().await?;
        let draft = self.context.storage.read(queries::draft)?;
        match draft {
            Some((entropy, true)) => {
                let key = RecoveryKey::derive(&entropy);
                let log = self.step().await?;
                if log.recovery().is_some_and(|recovery| recovery.sign_pk == key.sign.public()) {
                    return self.context.storage.write(queries::drop_draft);
                }
                self.append(&Plan::Recovery(&key)).await
            }
            _ => Ok(()),
        }
    }

    /// Whether there is a recovery paper; asks nobody.
    ///
    /// # Errors
    /// Those of the store.
    pub fn recovery_state(&self) -> Result<RecoveryState> {
        self.context.storage.read(|tx| {
            Own::load(tx)?;
            Ok(match queries::draft(tx)? {
                Some((_, false)) => RecoveryState::Unconfirmed,
                Some((_, true)) => RecoveryState::Waiting,
                None if queries::log(tx)?.recovery().is_some() => RecoveryState::Set,
                None => RecoveryState::None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bip39_and_forgive_case_and_spacing() {
        let words = words_of(&[0x7f; 16]).unwrap().join(" ");
        // BIP39's own vector for 0x7f repeated.
        assert_eq!(words, "legal winner thank year wave sausage worth useful legal winner thank yellow");
        let messy = format!("  {} ", words.to_uppercase().replace(' ', "  \n"));
        assert_eq!(*entropy_of(&messy).unwrap(), [0x7f; 16]);
    }

    #[test]
    fn a_mistyped_word_is_noticed() {
        for wrong in [
            "",
            "legal winner thank year wave sausage worth useful legal winner thank thank",
            "legal winner thank year wave sausage worth useful legal winner thank yelow",
            "legal winner thank year wave sausage worth useful legal winner thank",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic \
             avoid letter always",
        ] {
            assert!(matches!(entropy_of(wrong), Err(Error::InvalidInput(_))), "{wrong}");
        }
    }
}
