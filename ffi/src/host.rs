//! What the app gives to the core across the border: keystore, picture decoder, clock.
use crate::error::KinfolioError;
use kinfolio_core::clock::SystemClock;
use kinfolio_core::{Error, clock, host};
use std::fs::File;
use std::io::{Cursor, Read};
use std::os::fd::{FromRawFd, OwnedFd};
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

/// A photo that the app opened.
#[derive(uniffi::Enum)]
pub enum OpenedPhoto {
    /// An open file descriptor, which is the core's from now on: detach it first. It is read from where it stands.
    Descriptor {
        /// Its number.
        fd: i32,
    },
    /// The path of a file.
    Path {
        /// Where it is.
        path: String,
    },
    /// All bytes of it.
    Bytes {
        /// They are read once.
        bytes: Vec<u8>,
    },
}

/// Opens photos that have no path, such as those behind Android's content addresses.
#[uniffi::export(with_foreign)]
pub trait PhotoOpener: Send + Sync {
    /// Opens the photo that was given under this reference.
    ///
    /// # Errors
    /// Whatever is thrown: the photo is named as one that can't be opened, and the others go on.
    fn open(&self, reference: String) -> Result<OpenedPhoto, KinfolioError>;
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

impl host::PhotoOpener for Foreign<dyn PhotoOpener> {
    fn open(&self, reference: &str) -> kinfolio_core::Result<Box<dyn Read + Send>> {
        let gone = || Error::Image("the phone can't open this photo any more: choose it again".to_owned());
        match self.0.open(reference.to_owned()).map_err(|_| gone())? {
            OpenedPhoto::Bytes { bytes } => Ok(Box::new(Cursor::new(bytes))),
            OpenedPhoto::Path { path } => Ok(Box::new(File::open(path).map_err(|_| gone())?)),
            OpenedPhoto::Descriptor { fd } if fd >= 0 => Ok(Box::new(owned(fd))),
            OpenedPhoto::Descriptor { .. } => Err(gone()),
        }
    }
}

#[expect(unsafe_code, reason = "a number becomes a file; the app hands it over for good, as it is told to")]
fn owned(fd: i32) -> File {
    // SAFETY: the app detached the descriptor, so nobody else closes it, and it is not negative.
    File::from(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// The app's opener, or nobody.
pub(crate) fn opened_by(opener: Option<Arc<dyn PhotoOpener>>) -> Option<Box<dyn host::PhotoOpener>> {
    opener.map(|opener| Box::new(Foreign(opener)) as Box<dyn host::PhotoOpener>)
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
