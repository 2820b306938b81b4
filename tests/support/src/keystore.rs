//! A keystore in files, for phones that are processes of their own. Never in an app: a real phone has hardware for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use kinfolio_core::error::{Error, Result};
use kinfolio_core::host::SecretStore;

/// One file a secret, readable by its owner alone.
pub struct FileSecretStore(PathBuf);

impl FileSecretStore {
    /// Secrets in this folder, which is made when the first one is saved.
    pub const fn in_folder(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Everything in it, by name.
    pub fn all(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let read = || -> std::io::Result<_> {
            let files = fs::read_dir(&self.0)?.map(|file| {
                let file = file?;
                Ok((file.file_name().to_string_lossy().into_owned(), fs::read(file.path())?))
            });
            files.collect()
        };
        read().map_err(|_| Error::internal("keystore folder"))
    }
}

/// All of it, or nothing when the process dies on the way.
fn write(path: &Path, secret: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(&part, path)
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
        fs::create_dir_all(&self.0)
            .and_then(|()| write(&self.0.join(name), secret))
            .map_err(|_| Error::internal("keystore file"))
    }
}
