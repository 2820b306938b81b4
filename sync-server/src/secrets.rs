//! The server's secrets file: made on the first start, readable by its owner alone, never in a backup of
//! the store.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::clock::Randomness;
use crate::config::{Environment, StartError};
use crate::error::ApiError;

/// What only this server knows. Losing the file makes its store unreadable and its passwords void.
pub struct Secrets {
    store_key: Zeroizing<[u8; 32]>,
    mac_key: Zeroizing<[u8; 32]>,
    pepper: Zeroizing<[u8; 32]>,
    pepper_id: String,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

/// The one format of the file there has been.
const FORMAT: u64 = 1;

/// What every format of the file begins with.
#[derive(Deserialize)]
struct Format {
    format: u64,
}

/// The file's form: JSON, keys in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretsFile {
    format: u64,
    environment: Environment,
    store_key: String,
    mac_key: String,
    pepper: String,
    pepper_id: String,
}

impl Drop for SecretsFile {
    fn drop(&mut self) {
        self.store_key.zeroize();
        self.mac_key.zeroize();
        self.pepper.zeroize();
    }
}

impl Secrets {
    /// Reads the file at `path`, or makes it (mode 0600) when there is none. A file that others may read,
    /// or that belongs to the other environment, stops the start.
    ///
    /// # Errors
    /// [`StartError::Config`] says what is wrong with the file, and never what is in it.
    pub fn open(path: &Path, environment: Environment, random: &dyn Randomness) -> Result<Self, StartError> {
        if !path.exists() {
            write_new(path, environment, random)
                .map_err(|error| StartError::Config(format!("the secrets file cannot be made: {error}")))?;
        }
        let unreadable = |error| StartError::Config(format!("the secrets file cannot be read: {error}"));
        let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(StartError::Config("the secrets file is open to others: chmod 600 it".into()));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(unreadable)?);
        let damaged = |_| StartError::Config("the secrets file is damaged: restore it from its copy".into());
        // Before its other fields, which may be others by then.
        let Format { format } = serde_json::from_str(&text).map_err(damaged)?;
        if format != FORMAT {
            return Err(StartError::Config(format!(
                "the secrets file has format {format}, this server reads format {FORMAT}: install the one that made it"
            )));
        }
        let file: SecretsFile = serde_json::from_str(&text).map_err(damaged)?;
        if file.environment != environment {
            return Err(StartError::Config(format!(
                "the secrets file belongs to {}, this server runs as {environment}",
                file.environment
            )));
        }
        Ok(Self {
            store_key: decode_key(&file.store_key)?,
            mac_key: decode_key(&file.mac_key)?,
            pepper: decode_key(&file.pepper)?,
            pepper_id: file.pepper_id.clone(),
        })
    }

    pub(crate) fn accounts_file_key(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.store_key, b"kinfolio/server/accounts-file")
    }

    pub(crate) fn family_key_wrap(&self) -> FamilyKeyWrap {
        FamilyKeyWrap(Wrap(derive(&self.store_key, b"kinfolio/server/family-key-wrap")))
    }

    /// What seals the secrets of authenticator apps.
    pub(crate) fn totp_wrap(&self) -> Wrap {
        Wrap(derive(&self.store_key, b"kinfolio/server/totp"))
    }

    /// The pepper of password hashes, and the id by which a hash names it.
    pub(crate) fn pepper(&self) -> (&[u8], &str) {
        (self.pepper.as_slice(), &self.pepper_id)
    }

    /// By what a store knows these secrets again; it tells nothing about them.
    pub(crate) fn mark(&self) -> [u8; 32] {
        self.mac("store-mark", &[])
    }

    /// HMAC-SHA256 under a key of its own for each `purpose`.
    pub(crate) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let key = derive(&self.mac_key, purpose.as_bytes());
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_slice()) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn derive(key: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes is always a valid length for HKDF-SHA256.
    let _ = Hkdf::<Sha256>::new(None, key).expand(info, out.as_mut_slice());
    out
}

fn decode_key(text: &str) -> Result<Zeroizing<[u8; 32]>, StartError> {
    let bytes = Zeroizing::new(BASE64.decode(text).unwrap_or_default());
    let key = <[u8; 32]>::try_from(bytes.as_slice())
        .map_err(|_| StartError::Config("a key in the secrets file is damaged".into()))?;
    Ok(Zeroizing::new(key))
}

fn write_new(path: &Path, environment: Environment, random: &dyn Randomness) -> std::io::Result<()> {
    let key = || {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random.make());
        BASE64.encode(bytes.as_slice())
    };
    let file = SecretsFile {
        format: FORMAT,
        environment,
        store_key: key(),
        mac_key: key(),
        pepper: key(),
        pepper_id: "1".into(),
    };
    let text = Zeroizing::new(serde_json::to_string_pretty(&file)?);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Whole or not at all: a torn secrets file would lock everybody out.
    let fresh = path.with_extension("new");
    let _ = fs::remove_file(&fresh);
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    fs::rename(&fresh, path)?;
    fs::File::open(folder)?.sync_all()
}

/// Seals small secrets of the store: `nonce 24 | XChaCha20-Poly1305`, bound to what they belong to.
pub(crate) struct Wrap(Zeroizing<[u8; 32]>);

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
pub(crate) struct FamilyKeyWrap(Wrap);

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
    use crate::clock::OsRandomness;

    #[test]
    fn the_secrets_file_is_made_once_and_only_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.json");
        let first = Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        let again = Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        assert_eq!(first.mac("x", &[b"a"]), again.mac("x", &[b"a"]));
        assert_ne!(first.mac("x", &[b"a"]), first.mac("y", &[b"a"]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Secrets::open(&path, Environment::Development, &OsRandomness).is_err());
    }

    #[test]
    fn the_other_environments_secrets_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.json");
        Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        assert!(Secrets::open(&path, Environment::Production, &OsRandomness).is_err());
    }

    #[test]
    fn a_secrets_file_of_another_format_is_refused_by_its_number() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.json");
        Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (format, more) in [("2", ""), ("0", ""), ("300", r#""later":1,"#)] {
            let other = text.replacen("\"format\": 1,", &format!("\"format\": {format},{more}"), 1);
            assert_ne!(text, other);
            fs::write(&path, other).unwrap();
            let refused =
                Secrets::open(&path, Environment::Development, &OsRandomness).unwrap_err().to_string();
            assert!(refused.contains(&format!("has format {format},")), "{refused}");
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
