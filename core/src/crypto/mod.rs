//! Sealing, opening, deriving and signing: pure functions without I/O (every byte: docs/formats.md).

pub mod envelope;
pub mod hpke;
pub mod kdf;
pub mod padme;
pub mod sign;
pub mod spoken;
pub mod stream;

use crate::clock::Randomness;
use crate::error::{Error, Result};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::ZeroizeOnDrop;

/// 32 secret bytes: a space key, a private key, the secret inside a QR code. Wiped when dropped, compared in
/// constant time, never printed.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret32([u8; 32]);

impl Secret32 {
    /// 32 fresh random bytes.
    pub fn make(random: &dyn Randomness) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// Takes bytes that are already secret, such as a key out of the store.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// # Errors
    /// [`Error::Sealed`] when there are not exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| Error::Sealed("key is not 32 bytes long"))
    }

    /// The bytes, for a cipher, a derivation or a column of the encrypted store; nowhere else.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Secret32 {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret32 {}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret32(redacted)")
    }
}

/// The key of one space at one epoch: 32 bytes that are only ever derived from, never used raw.
pub type SpaceKey = Secret32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let text = format!("{:?}", Secret32::from_bytes([0xAB; 32]));
        assert_eq!(text, "Secret32(redacted)");
    }
}
