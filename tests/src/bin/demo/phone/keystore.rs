//! A keystore for a phone that is a folder: one file, readable by its owner alone. A real phone has hardware for it.
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use kinfolio_core::host::SecretStore;
use kinfolio_core::{Error, Result};

/// Secrets by name, in `keystore.json`.
pub struct FileKeystore {
    path: PathBuf,
    one_at_a_time: Mutex<()>,
}

impl FileKeystore {
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("keystore.json"), one_at_a_time: Mutex::new(()) }
    }

    /// Everything in it.
    pub fn all(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        match fs::read(&self.path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|_| Error::internal("the keystore is damaged"))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(_) => Err(Error::internal("the keystore cannot be read")),
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Result<()> {
        let _one = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.all()?;
        change(&mut all);
        let fresh = self.path.with_extension("new");
        let write = || -> std::io::Result<()> {
            let mut file =
                fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
            file.write_all(&serde_json::to_vec(&all)?)?;
            file.sync_all()?;
            fs::rename(&fresh, &self.path)
        };
        write().map_err(|_| Error::internal("the keystore cannot be written"))
    }
}

impl SecretStore for FileKeystore {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.all()?.remove(name))
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.change(|all| {
            all.insert(name.to_owned(), secret.to_vec());
        })
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.change(|all| {
            all.remove(name);
        })
    }
}
