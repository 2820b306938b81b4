//! What the app gives to the core: a place for secrets and, where the platform has one, a picture decoder.

use crate::error::Result;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// Name of the secret that opens the store: 32 bytes, the raw key of the SQLCipher file.
pub const STORE_KEY: &str = "store-key";
/// Name of the secret that tells this installation's typing apart: 8 bytes, a 53-bit number. It lives here and
/// not in the store, so that a store restored on another phone gets a new one.
pub const TEXT_CLIENT: &str = "yrs-client";

/// The platform's keystore (Keychain, Android Keystore): this device only, outside cloud backup and transfer.
pub trait SecretStore: Send + Sync {
    /// The secret of that name, `None` when there is none.
    ///
    /// # Errors
    /// When the keystore can't be read now, such as before the first unlock. Never a stand-in value.
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>>;
    /// Keeps a secret, replacing one of the same name. It must be durable when this returns.
    ///
    /// # Errors
    /// When it could not be kept.
    fn save(&self, name: &str, secret: &[u8]) -> Result<()>;
}

/// Decodes pictures that the core can't, such as HEIC.
pub trait ImageDecoder: Send + Sync {
    /// Decodes a whole file.
    ///
    /// # Errors
    /// [`Error::Image`](crate::error::Error::Image) when this is not a picture that the platform knows.
    fn decode(&self, bytes: &[u8]) -> Result<DecodedImage>;
}

/// Opens photos that have no path, such as those behind Android's content addresses.
pub trait PhotoOpener: Send + Sync {
    /// Opens one for reading, from its beginning.
    ///
    /// # Errors
    /// [`Error::Image`](crate::error::Error::Image) when it is not there any more or may not be read; it says what to do.
    fn open(&self, reference: &str) -> Result<Box<dyn Read + Send>>;
}

/// The phone's own question who is there: a fingerprint, a face, a PIN.
pub trait Presence: Send + Sync {
    /// Asks; false when the person did not show it.
    ///
    /// # Errors
    /// When the phone can't ask now.
    fn confirm(&self) -> Result<bool>;
}

/// A picture in memory, not yet turned upright.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodedImage {
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// `width * height * 4` bytes: red, green, blue, alpha, not premultiplied, sRGB.
    pub rgba: Vec<u8>,
    /// EXIF orientation, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// When the picture was taken, camera's local time, as in `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
}

impl fmt::Debug for DecodedImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodedImage({}x{}, orientation {})", self.width, self.height, self.orientation)
    }
}

/// A keystore in memory, for tests.
#[derive(Default)]
pub struct MemorySecretStore(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl fmt::Debug for MemorySecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemorySecretStore(redacted)")
    }
}

impl SecretStore for MemorySecretStore {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).map(|secret| secret.to_vec()))
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<()> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        Ok(())
    }
}
