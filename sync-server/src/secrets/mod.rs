//! The server's secrets file: made on the first start, readable by its owner alone, never in a backup of
//! the store.

mod file;
mod wrap;

use std::fmt;
use std::path::Path;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::clock::Randomness;
use crate::config::{Environment, StartError};
pub(crate) use file::Pepper;
use file::SecretsFile;
pub(crate) use wrap::{FamilyKeyWrap, MailSeal, Wrap};

/// What only this server knows. Losing the file makes its store unreadable and its passwords void.
pub struct Secrets {
    store_key: Zeroizing<[u8; 32]>,
    mac_key: Zeroizing<[u8; 32]>,
    peppers: Vec<Pepper>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

impl Secrets {
    /// Reads the file at `path`, or makes it (mode 0600) when there is none; true: it was made by this call. Of two servers that
    /// start at once one makes it, and both read that one. A file that others may read, or that belongs to the other
    /// environment, stops the start.
    ///
    /// # Errors
    /// [`StartError::Config`] says what is wrong with the file, and never what is in it.
    pub fn open(
        path: &Path,
        environment: Environment,
        random: &dyn Randomness,
    ) -> Result<(Self, bool), StartError> {
        let made = !path.exists()
            && SecretsFile::new(environment, random)
                .make(path)
                .map_err(|error| StartError::Config(format!("the secrets file cannot be made: {error}")))?;
        let file = SecretsFile::read(path)?;
        if file.environment != environment {
            return Err(StartError::Config(format!(
                "the secrets file belongs to {}, this server runs as {environment}: look at the public URL, or use another data folder",
                file.environment
            )));
        }
        let secrets =
            Self { store_key: file.store_key()?, mac_key: file.mac_key()?, peppers: file.peppers()? };
        Ok((secrets, made))
    }

    /// Puts a new pepper into the file at `path` and keeps the ones before it: a password that was hashed with one of
    /// those is hashed anew when its person signs in. Returns the new one's id.
    ///
    /// # Errors
    /// [`StartError::Config`]: the file is not there, or cannot be read or written. It is then as it was.
    pub fn renew_pepper(path: &Path, random: &dyn Randomness) -> Result<String, StartError> {
        let mut file = SecretsFile::read(path)?;
        let id = file.renew_pepper(random)?;
        file.write(path)
            .map_err(|error| StartError::Config(format!("the secrets file cannot be written: {error}")))?;
        Ok(id)
    }

    pub(crate) fn accounts_file_key(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.store_key, b"kinfolio/server/accounts-file")
    }

    pub(crate) fn family_key_wrap(&self) -> FamilyKeyWrap {
        FamilyKeyWrap(Wrap(derive(&self.store_key, b"kinfolio/server/family-key-wrap")))
    }

    /// What seals the words of mails that wait.
    pub(crate) fn mail_seal(&self) -> MailSeal {
        MailSeal::of(&self.store_key)
    }

    /// What seals the secrets of authenticator apps.
    pub(crate) fn totp_wrap(&self) -> Wrap {
        Wrap(derive(&self.store_key, b"kinfolio/server/totp"))
    }

    /// The peppers of password hashes: today's, then those that older hashes name.
    pub(crate) fn peppers(&self) -> &[Pepper] {
        &self.peppers
    }

    /// By what a store knows these secrets again; it tells nothing about them.
    pub(crate) fn mark(&self) -> [u8; 32] {
        self.mac("store-mark", &[])
    }

    /// HMAC-SHA256 under a key of its own for each `purpose`.
    pub(crate) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        mac(&derive(&self.mac_key, purpose.as_bytes()), parts)
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_slice()) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn derive(key: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes is always a valid length for HKDF-SHA256.
    let _ = Hkdf::<Sha256>::new(None, key).expand(info, out.as_mut_slice());
    out
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::clock::OsRandomness;

    #[test]
    fn the_secrets_file_is_made_once_and_only_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.json");
        let (first, _) = Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
        let (again, _) = Secrets::open(&path, Environment::Development, &OsRandomness).unwrap();
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
        for (format, more) in [("3", ""), ("0", ""), ("300", r#""later":1,"#)] {
            let other = text.replacen("\"format\": 1,", &format!("\"format\": {format},{more}"), 1);
            assert_ne!(text, other);
            fs::write(&path, other).unwrap();
            let refused =
                Secrets::open(&path, Environment::Development, &OsRandomness).unwrap_err().to_string();
            assert!(refused.contains(&format!("has format {format},")), "{refused}");
        }
    }
}
