//! Passwords that were stolen elsewhere: a file of the operator's, as Have I Been Pwned's downloader writes it, searched where
//! it lies. It may be 40 GB long, and nobody outside is asked.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use sha1::{Digest as _, Sha1};

use crate::config::StartError;

/// `HASH:COUNT`, with room to spare.
const LONGEST_LINE: usize = 128;
const HASH_DIGITS: usize = 40;
/// So many places are looked at before the start: a list in another order shows at nearly all of them.
const PLACES: u64 = 1024;

type Hash = [u8; 20];

/// The file, open.
pub struct Breached {
    file: File,
    bytes: u64,
}

/// A line: what it holds, and where the next one begins.
struct Line {
    begin: u64,
    end: u64,
    hash: Hash,
}

impl Breached {
    /// Opens a list and looks whether it is one: SHA-1 in hex, a colon and a count a line, sorted by hash.
    ///
    /// # Errors
    /// [`StartError::Config`] says what is wrong with it.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let wrong = |why: &str| {
            let file = path.display();
            StartError::Config(format!("the file {file} of --breached-passwords {why}"))
        };
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::InvalidData => wrong("has a line that is no SHA-1:COUNT"),
            _ => wrong(&format!("cannot be read: {error}")),
        };
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let list = Self { file, bytes };
        let (mut at, mut last) = (0, None);
        while let Some(line) = list.line_from(at).map_err(unreadable)? {
            if last.is_some_and(|last| last >= line.hash) {
                return Err(wrong("is not sorted by hash: have the downloader write one file"));
            }
            last = Some(line.hash);
            at = line.end.max(line.begin + bytes / PLACES);
        }
        if last.is_none() { Err(wrong("is empty")) } else { Ok(list) }
    }

    /// Whether a password stands in the list.
    ///
    /// # Errors
    /// What reading the file answers.
    pub(crate) fn holds(&self, password: &str) -> io::Result<bool> {
        let wanted: Hash = Sha1::digest(password.as_bytes()).into();
        // `low` is the begin of a line, and the one that is looked for begins before `high`.
        let (mut low, mut high) = (0, self.bytes);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.line_from(middle)? {
                Some(line) if line.begin < high => match line.hash.cmp(&wanted) {
                    std::cmp::Ordering::Equal => return Ok(true),
                    std::cmp::Ordering::Less => low = line.end,
                    std::cmp::Ordering::Greater => high = middle,
                },
                _ => high = middle,
            }
        }
        Ok(false)
    }

    /// The first line that begins at this place or after it.
    fn line_from(&self, at: u64) -> io::Result<Option<Line>> {
        let begin = match at.checked_sub(1) {
            None => 0,
            Some(before) => match position(&self.bytes_at(before)?, before) {
                Some(feed) => feed + 1,
                None => return Ok(None),
            },
        };
        let text = self.bytes_at(begin)?;
        if text.is_empty() {
            return Ok(None);
        }
        let end = position(&text, begin).map_or(begin + text.len() as u64, |feed| feed + 1);
        let hash = hash_of(&text).ok_or(io::ErrorKind::InvalidData)?;
        Ok(Some(Line { begin, end, hash }))
    }

    /// At most a line's length from a place on.
    fn bytes_at(&self, at: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; LONGEST_LINE];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, at + filled as u64)? {
                0 => break,
                read => filled += read,
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }
}

/// Where the first line ends in bytes that begin at `at`.
fn position(bytes: &[u8], at: u64) -> Option<u64> {
    bytes.iter().position(|byte| *byte == b'\n').map(|index| at + index as u64)
}

/// The hash at the begin of a line, which a colon follows.
fn hash_of(line: &[u8]) -> Option<Hash> {
    let (digits, rest) = line.split_at_checked(HASH_DIGITS)?;
    if rest.first() != Some(&b':') {
        return None;
    }
    let mut hash = Hash::default();
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of these passwords, with counts of different lengths.
    fn list(passwords: &[String], feed: &str) -> String {
        let mut hashes: Vec<Hash> =
            passwords.iter().map(|password| Sha1::digest(password.as_bytes()).into()).collect();
        hashes.sort_unstable();
        let line = |(number, hash): (usize, &Hash)| {
            let hex: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("{hex}:{}", 7_usize.pow((number % 8) as u32))
        };
        hashes.iter().enumerate().map(line).collect::<Vec<_>>().join(feed)
    }

    fn open(text: &str) -> Result<Breached, StartError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        std::fs::write(&path, text).unwrap();
        Breached::open(&path)
    }

    #[test]
    fn asvs_6_2_12_every_password_of_a_list_is_found_and_no_other_whatever_its_lines_end_with() {
        for count in [1, 2, 3, 500, 3000] {
            let passwords: Vec<String> = (0..count).map(|number| format!("stolen {number}")).collect();
            for (feed, last) in [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "")] {
                let list = open(&(list(&passwords, feed) + last)).unwrap();
                for password in &passwords {
                    assert!(list.holds(password).unwrap(), "{password} of {count}");
                }
                for other in 0..200 {
                    assert!(!list.holds(&format!("another {other}")).unwrap());
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_no_sorted_list_stops_the_start() {
        let passwords: Vec<String> = (0..3000).map(|number| format!("stolen {number}")).collect();
        let sorted = list(&passwords, "\n");
        let mut lines: Vec<&str> = sorted.lines().collect();
        lines.sort_unstable_by_key(|line| line.chars().rev().collect::<String>());
        let why = |text: &str| open(text).err().unwrap().to_string();
        assert!(
            why(&lines.join("\n")).ends_with("is not sorted by hash: have the downloader write one file")
        );
        assert!(why("").ends_with("is empty"));
        // Other hashes, suffixes as in the downloader's many files, and words.
        for line in ["0018A45C4D1DEF81644B54AB7F969B88D65:1", &"A".repeat(40), "password\nqwerty\n", "\n"] {
            assert!(why(line).ends_with("has a line that is no SHA-1:COUNT"), "{line}");
        }
        let missing = Breached::open(Path::new("/nowhere/at/all")).err().unwrap().to_string();
        assert!(missing.contains("of --breached-passwords cannot be read"), "{missing}");
    }
}
