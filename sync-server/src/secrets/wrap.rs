//! What seals the small secrets of the store, bound to what they belong to.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{derive, mac};
use crate::error::ApiError;

/// Seals small secrets of the store: `nonce 24 | XChaCha20-Poly1305`, bound to what they belong to.
pub(crate) struct Wrap(pub(super) Zeroizing<[u8; 32]>);

impl Wrap {
    pub(crate) fn seal(&self, belongs_to: &[u8], plain: &[u8], nonce: [u8; 24]) -> Result<Vec<u8>, ApiError> {
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: belongs_to })
            .map_err(|_| ApiError::internal("a secret cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(crate) fn open(&self, belongs_to: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let damaged = || ApiError::internal("a sealed secret does not open");
        let (nonce, sealed) = sealed.split_at_checked(24).ok_or_else(damaged)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| damaged())?;
        self.cipher()?
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: belongs_to })
            .map(Zeroizing::new)
            .map_err(|_| damaged())
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305, ApiError> {
        XChaCha20Poly1305::new_from_slice(self.0.as_slice())
            .map_err(|_| ApiError::internal("the wrapping key has a wrong length"))
    }
}

/// Wraps the raw keys of family files, bound to the family's id.
pub(crate) struct FamilyKeyWrap(pub(super) Wrap);

impl FamilyKeyWrap {
    pub(crate) fn wrap(
        &self,
        family: [u8; 16],
        key: &[u8; 32],
        nonce: [u8; 24],
    ) -> Result<Vec<u8>, ApiError> {
        self.0.seal(&family, key, nonce)
    }

    pub(crate) fn unwrap(&self, family: [u8; 16], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, ApiError> {
        let plain = self.0.open(&family, wrapped)?;
        let key = plain.as_slice().try_into();
        Ok(Zeroizing::new(key.map_err(|_| ApiError::internal("a wrapped family key does not open"))?))
    }
}

/// Seals what a mail says while it waits, bound to the mail's id. The nonce comes from the words, under a key of its own: a
/// transaction that runs again with other words of the same mail never uses one twice.
pub(crate) struct MailSeal {
    words: Wrap,
    nonces: Zeroizing<[u8; 32]>,
}

impl MailSeal {
    pub(crate) fn of(store_key: &[u8; 32]) -> Self {
        Self {
            words: Wrap(derive(store_key, b"kinfolio/server/mail-words")),
            nonces: derive(store_key, b"kinfolio/server/mail-nonces"),
        }
    }

    pub(crate) fn seal(&self, mail: [u8; 16], words: &str) -> Result<Vec<u8>, ApiError> {
        let [nonce @ .., _, _, _, _, _, _, _, _] = mac(&self.nonces, &[&mail, words.as_bytes()]);
        self.words.seal(&mail, words.as_bytes(), nonce)
    }

    pub(crate) fn open(&self, mail: [u8; 16], sealed: &[u8]) -> Result<Zeroizing<String>, ApiError> {
        let words = self.words.open(&mail, sealed)?;
        let words =
            std::str::from_utf8(&words).map_err(|_| ApiError::internal("a sealed mail is no text"))?;
        Ok(Zeroizing::new(words.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_mail_opens_as_itself_only_and_never_has_another_ones_nonce() {
        let seal = MailSeal::of(&[7; 32]);
        let sealed = seal.seal([1; 16], "4827 1936").unwrap();
        assert_eq!(*seal.open([1; 16], &sealed).unwrap(), "4827 1936");
        assert!(seal.open([2; 16], &sealed).is_err());
        assert!(MailSeal::of(&[8; 32]).open([1; 16], &sealed).is_err());
        assert_eq!(sealed, seal.seal([1; 16], "4827 1936").unwrap());
        for other in [seal.seal([1; 16], "0000 0000").unwrap(), seal.seal([2; 16], "4827 1936").unwrap()] {
            assert_ne!(sealed[..24], other[..24]);
        }
    }

    #[test]
    fn a_family_key_opens_only_for_its_own_family() {
        let wrap = FamilyKeyWrap(Wrap(Zeroizing::new([7; 32])));
        let wrapped = wrap.wrap([1; 16], &[9; 32], [2; 24]).unwrap();
        assert_eq!(*wrap.unwrap([1; 16], &wrapped).unwrap(), [9; 32]);
        assert!(wrap.unwrap([2; 16], &wrapped).is_err());
        assert!(FamilyKeyWrap(Wrap(Zeroizing::new([8; 32]))).unwrap([1; 16], &wrapped).is_err());
    }
}
