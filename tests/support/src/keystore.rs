//! A keystore in files, for phones that are processes of their own. Never in an app: the files are not protected.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use kinfolio_core::error::{Error, Result};
use kinfolio_core::host::SecretStore;

/// One file a secret.
pub struct FileSecretStore(PathBuf);

impl FileSecretStore {
    /// Secrets in this folder, which is made when the first one is saved.
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self(folder)
    }
}

impl SecretStore for FileSecretStore {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match fs::read(self.0.join(name)) {
            Ok(secret) => Ok(Some(secret)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(_) => Err(Error::internal("keystore file")),
        }
    }

    fn save(&self, name: &str, secret: &[u8]) -> Result<()> {
        let path = self.0.join(name);
        let part = path.with_extension("part");
        fs::create_dir_all(&self.0)
            .and_then(|()| fs::write(&part, secret))
            .and_then(|()| fs::rename(&part, &path))
            .map_err(|_| Error::internal("keystore file"))
    }

    fn delete(&self, name: &str) -> Result<()> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal("keystore file")),
            _ => Ok(()),
        }
    }
}
