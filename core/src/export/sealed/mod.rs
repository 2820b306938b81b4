//! A document as a sealed file: one HTML page that six spoken words open, offline, in any browser.

mod page;
mod words;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::file::{Written, write_file_within};
use super::html::written;
use crate::clock::Randomness;
use crate::crypto::spoken::{PIECE, PieceWriter, TAG, derive_key};
use crate::error::Result;
use page::Page;
pub use words::SpokenWords;

/// A sealed file that was written, and the words that open it: shown once, kept nowhere.
#[derive(Debug)]
pub struct SealedFile {
    /// Its bytes.
    pub length: u64,
    /// Said to whom it is for.
    pub words: SpokenWords,
}

/// Writes what `document` writes, an HTML page whose names can be changed or not, under new words. Failed, nothing stands
/// at `path` that was not there before; nor when it has more than `most` bytes, which gives `None`. Whole, it is moved there by
/// whoever called.
pub fn write_sealed(
    path: &Path,
    most: u64,
    random: &dyn Randomness,
    fixed_names: bool,
    document: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<Option<(Written, SpokenWords)>> {
    let words = SpokenWords::make(random)?;
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let key = derive_key(words.text(), &salt);
    let file = write_file_within(path, most, |out: &mut BufWriter<File>| {
        let page = Page::begin(out, &salt, fixed_names)?;
        let mut writer = PieceWriter::new(&key, page);
        document(&mut writer)?;
        writer.finish().and_then(Page::end).map_err(|error| written(&error))
    })?;
    Ok(file.map(|file| (file, words)))
}

/// The bytes of a sealed file of so many.
pub fn sealed_size(plain: u64) -> u64 {
    let pieces = plain.div_ceil(PIECE as u64).max(1);
    let (whole, left) = (plain / PIECE as u64, plain % PIECE as u64);
    let encoded = |bytes: u64| bytes.div_ceil(3) * 4;
    let tag = TAG as u64;
    page::AROUND + whole * encoded(PIECE as u64 + tag) + encoded(left + tag) + pieces * page::AROUND_PIECE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;
    use crate::error::Error;

    fn sealed(path: &Path, seed: u64) -> SealedFile {
        let written = write_sealed(path, u64::MAX, &SeededRandomness::new(seed), false, |out| {
            out.write_all(b"canary of the family").map_err(|error| written(&error))
        });
        let (file, words) = written.unwrap().unwrap();
        SealedFile { length: file.stand().unwrap(), words }
    }

    #[test]
    fn the_file_holds_neither_what_is_in_it_nor_the_words() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sealed.html");
        let file = sealed(&path, 1);
        let html = std::fs::read_to_string(&path).unwrap();
        assert_eq!(file.length, html.len() as u64);
        assert!(!html.contains("canary"));
        let together = file.words.text().to_owned();
        assert!(!html.contains(&together));
        assert_eq!(html.matches("class=\"piece\"").count(), 1);
        assert!(!format!("{file:?}").contains(file.words.list()[0].as_str()));
        let other = sealed(&path, 2);
        assert_ne!(other.words.text(), together);
    }

    #[test]
    fn a_sealed_file_that_fails_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sealed.html");
        let stopped =
            write_sealed(&path, u64::MAX, &SeededRandomness::new(1), true, |_| Err(Error::Cancelled))
                .map(drop)
                .unwrap_err();
        assert_eq!(stopped, Error::Cancelled);
        let random = SeededRandomness::new(1);
        let small = |out: &mut dyn Write| out.write_all(&[0; 9_000]).map_err(|error| written(&error));
        assert!(write_sealed(&path, 9_000, &random, true, small).unwrap().is_none());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_size_is_known_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sealed.html");
        for length in [0, 5, PIECE, PIECE + 1, 3 * PIECE - 2] {
            let plain = vec![7; length];
            let document = |out: &mut dyn Write| out.write_all(&plain).map_err(|error| written(&error));
            let file = write_sealed(&path, u64::MAX, &SeededRandomness::new(1), false, document).unwrap();
            let (length, known) = (file.unwrap().0.stand().unwrap(), sealed_size(length as u64));
            assert!((length..length + 9_000).contains(&known), "{length} {known}");
        }
    }
}
