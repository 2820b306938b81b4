//! Ed25519 signing keys; verification is protocol's, strict: weak keys and malleable signatures are refused.

use super::Secret32;
use crate::clock::Randomness;
use crate::error::{Error, Result};
use kinfolio_protocol::sign::{self, SigningKey};
use std::fmt;

/// A device's or the recovery key's signing pair.
#[derive(Clone)]
pub struct SignKey(SigningKey);

impl SignKey {
    /// A new pair.
    pub fn make(random: &dyn Randomness) -> Self {
        Self::from_seed(&Secret32::make(random))
    }

    /// The pair that belongs to a stored or derived seed.
    pub fn from_seed(seed: &Secret32) -> Self {
        Self(SigningKey::from_bytes(seed.bytes()))
    }

    /// The seed, for the encrypted store.
    pub fn seed(&self) -> Secret32 {
        Secret32::from_bytes(self.0.to_bytes())
    }

    /// The public half, 32 bytes.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The pair in the shape that protocol's builders take.
    pub const fn pair(&self) -> &SigningKey {
        &self.0
    }

    /// Signs `message`: 64 bytes, the same ones each time.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        sign::sign(&self.0, message)
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignKey(redacted)")
    }
}

/// Verifies strictly (protocol's rule, in core's error).
///
/// # Errors
/// [`Error::Sealed`] when the key is no point, or weak, or the signature is not over `message` by this key.
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
    sign::verify(public, message, signature).map_err(|_| Error::Sealed("signature does not hold"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;

    #[test]
    fn a_changed_message_or_signature_is_refused() {
        let key = SignKey::make(&SeededRandomness::new(3));
        let signature = key.sign(b"message");
        verify(&key.public(), b"message", &signature).unwrap();
        assert!(verify(&key.public(), b"messagf", &signature).is_err());
        for bit in 0..512 {
            let mut bad = signature;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(verify(&key.public(), b"message", &bad).is_err());
        }
    }

    #[test]
    fn a_weak_public_key_is_refused() {
        // The identity point: under lax rules R = identity, s = 0 verifies for every message.
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(verify(&identity, b"anything", &signature).is_err());
    }

    #[test]
    fn a_seed_gives_the_same_pair_again() {
        let key = SignKey::make(&SeededRandomness::new(3));
        assert_eq!(SignKey::from_seed(&key.seed()).public(), key.public());
    }
}
