//! What seals the small secrets of the store, bound to what they belong to.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_key_opens_only_for_its_own_family() {
        let wrap = FamilyKeyWrap(Wrap(Zeroizing::new([7; 32])));
        let wrapped = wrap.wrap([1; 16], &[9; 32], [2; 24]).unwrap();
        assert_eq!(*wrap.unwrap([1; 16], &wrapped).unwrap(), [9; 32]);
        assert!(wrap.unwrap([2; 16], &wrapped).is_err());
        assert!(FamilyKeyWrap(Wrap(Zeroizing::new([8; 32]))).unwrap([1; 16], &wrapped).is_err());
    }
}
