//! A ZIP that somebody chose: nothing in it is believed, neither its sizes nor its names, and nothing is unpacked to a file.

use crate::attachments::MAX_VIDEO;
use crate::attachments::picture::MAX_FILE;
use crate::error::{Error, Result};
use crate::input;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// Most files of one ZIP.
const MAX_FILES: usize = 500_000;
/// The largest text file that is read, unpacked: ten times a large family's record of ten years.
pub(super) const MAX_TEXT: u64 = 512 << 20;
/// Text packs to a tenth, never to a two-hundredth.
const MAX_RATIO: u64 = 200;
/// Files up to this size may be packed as tightly as they like.
const SMALL: u64 = 1 << 20;

/// An open ZIP.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
}

impl Archive {
    /// Opens a file that was chosen.
    pub fn open(path: &Path) -> Result<Self> {
        let zip = ZipArchive::new(BufReader::new(open(path)?)).map_err(|error| match error {
            ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => unreadable(),
            _ => Error::invalid("this is no ZIP file, or one that is damaged: choose the whole file"),
        })?;
        if zip.len() > MAX_FILES {
            return Err(Error::invalid("this ZIP file holds more files than a record has: choose another"));
        }
        for name in zip.file_names() {
            let name = name.map_err(|_| damaged())?;
            if !stays_inside(&name) {
                return Err(Error::invalid(
                    "this ZIP file names a place outside itself: it is not as it was made, choose another",
                ));
            }
        }
        Ok(Self { zip })
    }

    /// The names of its files.
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The first name that begins so.
    pub fn beginning(&self, with: &str) -> Option<String> {
        self.zip.file_names().flatten().find(|name| name.starts_with(with)).map(|name| name.into_owned())
    }

    /// A text file, to be read as it is unpacked; none when there is no such file.
    pub fn text(&mut self, name: &str) -> Result<Option<impl Read>> {
        let Some(place) = self.zip.index_for_name(name) else { return Ok(None) };
        let file = self.zip.by_index(place).map_err(|_| damaged())?;
        let (size, packed) = (file.size(), file.compressed_size());
        if size > MAX_TEXT || (size > SMALL && size / MAX_RATIO > packed) {
            return Err(too_large());
        }
        Ok(Some(Capped { inner: file, left: size }))
    }

    /// The bytes of a photo, or of a file beside photos.
    pub fn photo(&mut self, name: &str) -> Result<Vec<u8>> {
        let place = self.zip.index_for_name(name);
        let place = place.ok_or_else(|| Error::Image("its file is not in the ZIP file".into()))?;
        let file = self.zip.by_index(place).map_err(|_| damaged())?;
        if file.size() > MAX_FILE.max(MAX_VIDEO) {
            return Err(Error::Image("its file is larger than any that is kept".into()));
        }
        let (mut bytes, most) = (Vec::new(), file.size());
        Capped { inner: file, left: most }
            .read_to_end(&mut bytes)
            .map_err(|_| Error::Image("its file is damaged".into()))?;
        Ok(bytes)
    }
}

/// Opens a file that was chosen.
pub(super) fn open(path: &Path) -> Result<File> {
    input::chosen_file(path).map(|(file, _)| file).map_err(|_| unreadable())
}

fn unreadable() -> Error {
    Error::invalid("this file can't be read: choose it again")
}

pub(super) fn damaged() -> Error {
    Error::invalid("this ZIP file is damaged: choose another copy of it")
}

pub(super) fn too_large() -> Error {
    Error::invalid(
        "this file unpacks to more than any record holds: it is not as it was made, choose another",
    )
}

/// A name with no way out of the archive, on any system.
fn stays_inside(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    !(name.starts_with('/') || name.contains('\\') || name.contains('\0') || drive)
        && name.split('/').all(|part| part != "..")
}

/// Stops where the size that the archive named ends: it may lie.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "longer than it says"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_outside_is_found_on_every_system() {
        for good in ["record.json", "photos/2026-05-03_science_1.jpg", "photos/..jpg", "a..b/c"] {
            assert!(stays_inside(good), "{good}");
        }
        for bad in ["../x", "photos/../../x", "/etc/passwd", "a\\b", "C:x", "..", "a/..", "a\0b"] {
            assert!(!stays_inside(bad), "{bad}");
        }
    }
}
