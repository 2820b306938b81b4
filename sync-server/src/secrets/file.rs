//! The secrets file: JSON with keys in base64, made and changed whole or not at all, readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::clock::Randomness;
use crate::config::{Environment, StartError};

/// The newest format that this server reads. 2 may hold former peppers.
const FORMAT: u64 = 2;
/// What every file begins as.
const FIRST_FORMAT: u64 = 1;

/// What every format of the file begins with.
#[derive(Deserialize)]
struct Format {
    format: u64,
}

/// The file as it lies there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretsFile {
    format: u64,
    pub(super) environment: Environment,
    store_key: String,
    mac_key: String,
    pepper: String,
    pepper_id: String,
    /// Newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former_peppers: Vec<FormerPepper>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerPepper {
    id: String,
    pepper: String,
}

impl Drop for SecretsFile {
    fn drop(&mut self) {
        self.store_key.zeroize();
        self.mac_key.zeroize();
        self.pepper.zeroize();
        self.former_peppers.iter_mut().for_each(|former| former.pepper.zeroize());
    }
}

/// The pepper of password hashes, and the id by which a hash names it.
pub(crate) struct Pepper {
    pub(crate) id: String,
    pub(crate) secret: Zeroizing<[u8; 32]>,
}

impl SecretsFile {
    pub(super) fn new(environment: Environment, random: &dyn Randomness) -> Self {
        Self {
            format: FIRST_FORMAT,
            environment,
            store_key: new_key(random),
            mac_key: new_key(random),
            pepper: new_key(random),
            pepper_id: "1".into(),
            former_peppers: Vec::new(),
        }
    }

    pub(super) fn read(path: &Path) -> Result<Self, StartError> {
        let unreadable = |error| StartError::Config(format!("the secrets file cannot be read: {error}"));
        let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(StartError::Config("the secrets file is open to others: chmod 600 it".into()));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(unreadable)?);
        let damaged = |_| StartError::Config("the secrets file is damaged: restore it from its copy".into());
        // Before its other fields, which may be others by then.
        let Format { format } = serde_json::from_str(&text).map_err(damaged)?;
        if !(FIRST_FORMAT..=FORMAT).contains(&format) {
            return Err(StartError::Config(format!(
                "the secrets file has format {format}, this server reads up to {FORMAT}: install the one that made it"
            )));
        }
        serde_json::from_str(&text).map_err(damaged)
    }

    pub(super) fn store_key(&self) -> Result<Zeroizing<[u8; 32]>, StartError> {
        decode_key(&self.store_key)
    }

    pub(super) fn mac_key(&self) -> Result<Zeroizing<[u8; 32]>, StartError> {
        decode_key(&self.mac_key)
    }

    /// Today's pepper, then those that older hashes name.
    pub(super) fn peppers(&self) -> Result<Vec<Pepper>, StartError> {
        let former = self.former_peppers.iter().map(|former| (&former.id, &former.pepper));
        std::iter::once((&self.pepper_id, &self.pepper))
            .chain(former)
            .map(|(id, pepper)| Ok(Pepper { id: id.clone(), secret: decode_key(pepper)? }))
            .collect()
    }

    /// Puts a new pepper in front of the others. Returns its id.
    pub(super) fn renew_pepper(&mut self, random: &dyn Randomness) -> Result<String, StartError> {
        let number: u32 = self.pepper_id.parse().map_err(|_| {
            StartError::Config(
                "the pepper's id in the secrets file is no number: restore the file from its copy".into(),
            )
        })?;
        let id = number.saturating_add(1).to_string();
        let former = FormerPepper {
            id: std::mem::replace(&mut self.pepper_id, id.clone()),
            pepper: std::mem::replace(&mut self.pepper, new_key(random)),
        };
        self.former_peppers.insert(0, former);
        self.format = FORMAT;
        Ok(id)
    }

    /// Puts the file where none is. False: another server was faster, and its file stands.
    pub(super) fn make(&self, path: &Path) -> std::io::Result<bool> {
        let fresh = self.beside(path)?;
        let linked = fs::hard_link(&fresh, path);
        fs::remove_file(&fresh)?;
        match linked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            linked => linked.and_then(|()| sync(path)).map(|()| true),
        }
    }

    /// Whole or not at all: a torn secrets file would lock everybody out, and so would one that root took over from the
    /// account that the server runs as.
    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        let fresh = self.beside(path)?;
        fs::rename(&fresh, path)?;
        sync(path)
    }

    /// The file under a name of this process's own, beside its place.
    fn beside(&self, path: &Path) -> std::io::Result<PathBuf> {
        let text = Zeroizing::new(serde_json::to_string_pretty(self)?);
        fs::create_dir_all(folder_of(path))?;
        let fresh = path.with_extension(format!("new-{}", std::process::id()));
        let _ = fs::remove_file(&fresh);
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        if let Ok(before) = fs::metadata(path)
            && before.uid() != out.metadata()?.uid()
        {
            let owner = before.uid();
            fchown(&out, Some(owner), Some(before.gid())).map_err(|error| {
                let _ = fs::remove_file(&fresh);
                Error::new(error.kind(), format!("run this as its owner, user {owner}, or as root ({error})"))
            })?;
        }
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        Ok(fresh)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Keeps the file's name through a pulled plug.
fn sync(path: &Path) -> std::io::Result<()> {
    fs::File::open(folder_of(path))?.sync_all()
}

fn new_key(random: &dyn Randomness) -> String {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random.make());
    BASE64.encode(bytes.as_slice())
}

fn decode_key(text: &str) -> Result<Zeroizing<[u8; 32]>, StartError> {
    let bytes = Zeroizing::new(BASE64.decode(text).unwrap_or_default());
    let key = <[u8; 32]>::try_from(bytes.as_slice())
        .map_err(|_| StartError::Config("a key in the secrets file is damaged".into()))?;
    Ok(Zeroizing::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;

    #[test]
    fn a_secrets_file_that_root_changes_stays_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let file = SecretsFile::new(Environment::Development, &OsRandomness);
        file.write(&path).unwrap();
        // Only root may give a file away; to everybody else it stays the one it was.
        let _ = std::os::unix::fs::chown(&path, Some(4711), Some(4712));
        let owner =
            |path: &Path| fs::metadata(path).map(|of| (of.uid(), of.gid(), of.mode() & 0o777)).unwrap();
        let before = owner(&path);
        file.write(&path).unwrap();
        assert_eq!(owner(&path), before);
        assert_eq!(before.2, 0o600);
    }

    #[test]
    fn of_two_servers_that_start_at_once_one_makes_the_secrets_and_both_have_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        // Both have seen that there is none.
        let (first, second) = (
            SecretsFile::new(Environment::Development, &OsRandomness),
            SecretsFile::new(Environment::Development, &OsRandomness),
        );
        assert!(first.make(&path).unwrap());
        assert!(!second.make(&path).unwrap());
        assert_eq!(SecretsFile::read(&path).unwrap().store_key, first.store_key);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
