//! The key of the store.

use crate::clock::Randomness;
use crate::error::{Error, Result};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 32 random bytes, the raw key of the SQLCipher file. Never derived from a passphrase: stretching one costs
/// 0.2 s at every start, and this key lives in the platform's keystore anyway.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// A fresh key.
    pub fn make(random: &dyn Randomness) -> Self {
        let mut key = Self([0; 32]);
        random.fill(&mut key.0);
        key
    }

    /// A key out of the keystore.
    ///
    /// # Errors
    /// [`Error::WrongKey`] unless there are exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| Error::WrongKey)
    }

    /// The bytes, for the keystore.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The statement that gives SQLCipher a raw key.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        // Reserved in full: growing would leave copies of the key behind.
        let mut sql = Zeroizing::new(String::with_capacity(96));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                sql.push(char::from(DIGITS.get(usize::from(digit)).copied().unwrap_or_default()));
            }
        }
        sql.push_str("'\"");
        sql
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_given_raw_and_never_printed() {
        let key = StoreKey::from_slice(&[0xA7; 32]).unwrap();
        assert_eq!(*key.pragma(), format!("PRAGMA key = \"x'{}'\"", "a7".repeat(32)));
        assert_eq!(format!("{key:?}"), "StoreKey(redacted)");
        assert_eq!(StoreKey::from_slice(b"short").unwrap_err(), Error::WrongKey);
    }
}
