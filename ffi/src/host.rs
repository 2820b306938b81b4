//! What the app gives to the core across the border: keystore, picture decoder, clock.
use crate::error::KinfolioError;
use kinfolio_core::clock::SystemClock;
use kinfolio_core::{Error, clock, host};
use std::sync::Arc;

type DecodedImage = host::DecodedImage;

/// A picture in memory, not yet turned upright.
#[uniffi::remote(Record)]
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

/// The platform's keystore: this device only, outside cloud backup and device transfer.
#[uniffi::export(with_foreign)]
pub trait SecretStore: Send + Sync {
    /// The secret of that name, none when there is none. Throw when the keystore can't be read now.
    ///
    /// # Errors
    /// Whatever is thrown ends [`Client::open`](crate::Client::open) with `Unexpected`; no secret is made up instead.
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, KinfolioError>;
    /// Keeps a secret, replacing one of the same name; durable when it returns.
    ///
    /// # Errors
    /// Whatever is thrown ends [`Client::open`](crate::Client::open) with `Unexpected`.
    fn save(&self, name: String, secret: Vec<u8>) -> Result<(), KinfolioError>;
}

/// Decodes pictures that the core can't, such as HEIC.
#[uniffi::export(with_foreign)]
pub trait ImageDecoder: Send + Sync {
    /// Decodes a whole file; throws `InvalidInput` when it isn't a picture that the platform knows.
    ///
    /// # Errors
    /// Whatever is thrown: the person is told to save the picture as JPEG.
    fn decode(&self, bytes: Vec<u8>) -> Result<DecodedImage, KinfolioError>;
}

/// The phone's own question who is there: a fingerprint, a face, a PIN.
#[uniffi::export(with_foreign)]
pub trait Presence: Send + Sync {
    /// Asks; false when the person did not show it.
    ///
    /// # Errors
    /// Whatever is thrown: the private rooms stay closed.
    fn confirm(&self) -> Result<bool, KinfolioError>;
}

/// What the time is; none given means the phone's own clock.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// Whatever is thrown: the phone's own clock is asked instead.
    fn now_ms(&self) -> Result<i64, KinfolioError>;
}

/// One of the app's objects, as the core sees it.
pub(crate) struct Foreign<T: ?Sized>(pub(crate) Arc<T>);

impl host::SecretStore for Foreign<dyn SecretStore> {
    fn load(&self, name: &str) -> kinfolio_core::Result<Option<Vec<u8>>> {
        self.0.load(name.to_owned()).map_err(|_| keystore("read"))
    }

    fn save(&self, name: &str, secret: &[u8]) -> kinfolio_core::Result<()> {
        self.0.save(name.to_owned(), secret.to_vec()).map_err(|_| keystore("written"))
    }
}

/// The keystore's own message may name what it keeps, so it isn't passed on.
fn keystore(verb: &str) -> Error {
    Error::Internal(format!("the phone's keystore can't be {verb} now: unlock the phone and try again"))
}

impl host::ImageDecoder for Foreign<dyn ImageDecoder> {
    fn decode(&self, bytes: &[u8]) -> kinfolio_core::Result<DecodedImage> {
        let not_known =
            |_| Error::Image("the phone can't read this picture: save it as JPEG and try again".to_owned());
        self.0.decode(bytes.to_vec()).map_err(not_known)
    }
}

impl host::Presence for Foreign<dyn Presence> {
    fn confirm(&self) -> kinfolio_core::Result<bool> {
        let cannot = |_| Error::Internal("the phone can't ask who is there now: try again".to_owned());
        self.0.confirm().map_err(cannot)
    }
}

impl clock::Clock for Foreign<dyn Clock> {
    fn now_ms(&self) -> i64 {
        self.0.now_ms().unwrap_or_else(|_| SystemClock.now_ms())
    }
}
