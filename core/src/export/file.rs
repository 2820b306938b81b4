//! A document as a file: written beside its place, moved there when whole, gone when cancelled.
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::html::written;
use crate::error::{Error, Result};

/// Writes a file with `write`. Until it is whole nothing stands at `path`; what stood there stays if writing fails.
pub fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<u64> {
    Ok(write_file_within(path, u64::MAX, write)?.unwrap_or_default())
}

/// The same, unless the file has more than `most` bytes: then it is given up, and `None`.
pub fn write_file_within(
    path: &Path,
    most: u64,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<Option<u64>> {
    let unfinished = Unfinished::beside(path)?;
    let file = File::create(&unfinished.path).map_err(|error| written(&error))?;
    let mut out = BufWriter::with_capacity(256 * 1024, file);
    write(&mut out)?;
    let file = out.into_inner().map_err(|error| written(error.error()))?;
    file.sync_all().map_err(|error| written(&error))?;
    let length = file.metadata().map_err(|error| written(&error))?.len();
    drop(file);
    if length > most {
        return Ok(None);
    }
    fs::rename(&unfinished.path, path).map_err(|error| written(&error))?;
    Ok(Some(length))
}

/// Removes the unfinished file unless it was moved to its place.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    fn beside(path: &Path) -> Result<Self> {
        let name = path
            .file_name()
            .ok_or_else(|| Error::InvalidInput("choose a file name for the document".into()))?;
        let mut unfinished = name.to_os_string();
        unfinished.push(".unfinished");
        Ok(Self { path: path.with_file_name(unfinished) })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_cancelled_file_leaves_nothing_and_keeps_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portfolio.html");
        fs::write(&path, "before").unwrap();
        let stopped = write_file(&path, |out| {
            out.write_all(b"half").unwrap();
            Err(Error::Cancelled)
        });
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(
            write_file(&path, |out| out.write_all(b"whole").map_err(|error| written(&error))).unwrap(),
            5
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    }
}
