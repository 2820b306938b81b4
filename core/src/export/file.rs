//! A document as a file: written beside its place, moved there when whole, gone when cancelled.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::html::written;
use crate::error::{Error, Result};

/// Unfinished files that are being written now: two documents of one name never share one.
static TAKEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A whole file beside its place; gone unless it is moved there.
#[must_use]
pub struct Written {
    unfinished: Unfinished,
    path: PathBuf,
    length: u64,
}

impl Written {
    /// Moves it to its place and gives its length in bytes.
    pub fn stand(self) -> Result<u64> {
        fs::rename(&self.unfinished.path, &self.path).map_err(|error| written(&error))?;
        Ok(self.length)
    }
}

/// Writes a file with `write`. Until it stands nothing is at `path`; what stood there stays if writing fails.
pub fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<Written> {
    write_file_within(path, u64::MAX, write)?.ok_or_else(|| Error::internal("a document's length"))
}

/// The same, unless the file has more than `most` bytes: then it is given up, and `None`.
pub fn write_file_within(
    path: &Path,
    most: u64,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<Option<Written>> {
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
    Ok(Some(Written { unfinished, path: path.to_owned(), length }))
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
        if path.is_dir() {
            return Err(Error::invalid("a folder has this name already: choose another for the document"));
        }
        if path.exists() && !path.is_file() {
            return Err(Error::invalid(
                "what has this name already is no file: choose another for the document",
            ));
        }
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut number = 1;
        loop {
            let mut unfinished = name.to_os_string();
            unfinished.push(if number == 1 { ".unfinished".into() } else { format!(".{number}.unfinished") });
            let path = path.with_file_name(unfinished);
            if taken.insert(path.clone()) {
                return Ok(Self { path });
            }
            number += 1;
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
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
            write_file(&path, |out| out.write_all(b"whole").map_err(|error| written(&error)))
                .and_then(Written::stand)
                .unwrap(),
            5
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_documents_of_one_name_that_are_made_at_one_time_are_both_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portfolio.html");
        let put =
            |out: &mut BufWriter<File>, text: &[u8]| out.write_all(text).map_err(|error| written(&error));
        let mut inner = None;
        let outer = write_file(&path, |out| {
            put(out, b"the first ")?;
            inner = Some(write_file(&path, |out| put(out, b"the second"))?.stand()?);
            put(out, b"document")
        });
        assert_eq!((inner, fs::read_to_string(&path).unwrap().as_str()), (Some(10), "the second"));
        assert_eq!(outer.unwrap().stand().unwrap(), 18);
        assert_eq!(fs::read_to_string(&path).unwrap(), "the first document");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let folder = write_file(dir.path(), |_| Ok(())).map(drop).unwrap_err();
        assert!(matches!(folder, Error::InvalidInput(_)), "{folder}");
        let device = write_file(Path::new("/dev/null"), |_| Ok(())).map(drop).unwrap_err();
        assert!(matches!(device, Error::InvalidInput(_)), "{device}");
    }
}
