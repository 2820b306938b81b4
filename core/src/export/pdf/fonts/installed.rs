//! The fonts of this phone, for letters that the faces inside the program lack: found by what their cmap covers.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustybuzz::ttf_parser::cmap;

/// Larger files are left alone: one is read as a whole when a letter of it is printed.
const LARGEST: u64 = 48 << 20;

/// Where systems keep their fonts; those that are not there are passed over.
const FOLDERS: [&str; 6] = [
    "/system/fonts",
    "/product/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
];

/// One face of a font file.
pub struct Installed {
    pub path: PathBuf,
    pub index: u32,
    /// It holds pictures instead of outlines: emoji.
    pub pictures: bool,
    /// First and last letter of each stretch, ascending.
    covers: Vec<(u32, u32)>,
}

impl Installed {
    pub fn covers(&self, letter: char) -> bool {
        let letter = u32::from(letter);
        let after = self.covers.partition_point(|(first, _)| *first <= letter);
        after.checked_sub(1).and_then(|place| self.covers.get(place)).is_some_and(|(_, last)| letter <= *last)
    }
}

/// Every usable face, those for running text first. Looked for once.
pub fn installed() -> &'static [Installed] {
    static FOUND: OnceLock<Vec<Installed>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut files = Vec::new();
        FOLDERS.iter().for_each(|folder| find(Path::new(folder), 6, &mut files));
        files.sort_by_cached_key(|path| (unlike_text(path), path.clone()));
        files.iter().flat_map(|path| faces(path).unwrap_or_default()).collect()
    })
}

fn find(folder: &Path, depth: u8, files: &mut Vec<PathBuf>) {
    let Ok(listed) = fs::read_dir(folder) else { return };
    for path in listed.flatten().map(|entry| entry.path()) {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        if path.is_dir() {
            if depth > 0 {
                find(&path, depth - 1, files);
            }
        } else if matches!(ending.as_str(), "ttf" | "otf" | "ttc" | "otc") {
            files.push(path);
        }
    }
}

/// How many words of its name say that a font is not the plain one of its family.
fn unlike_text(path: &Path) -> usize {
    const WORDS: [&str; 15] = [
        "bold",
        "italic",
        "oblique",
        "thin",
        "light",
        "medium",
        "black",
        "condensed",
        "narrow",
        "mono",
        "ui",
        "math",
        "symbol",
        "emoji",
        "legacy",
    ];
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    WORDS.iter().filter(|word| name.contains(**word)).count()
}

/// The faces of one file; only its tables of contents and its cmaps are read.
fn faces(path: &Path) -> Option<Vec<Installed>> {
    if fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let start = part(&mut file, 0, 12)?;
    let starts = if start.starts_with(b"ttcf") {
        let count = number(&start, 8)?.min(64);
        let offsets = part(&mut file, 12, usize::try_from(count).ok()? * 4)?;
        (0..count).filter_map(|nth| number(&offsets, usize::try_from(nth).ok()? * 4)).collect()
    } else {
        vec![0]
    };
    let face = |(index, start): (u32, &u32)| face(&mut file, path, index, *start);
    Some((0..).zip(&starts).filter_map(face).collect())
}

fn face(file: &mut File, path: &Path, index: u32, start: u32) -> Option<Installed> {
    let head = part(file, start, 12)?;
    let tables = usize::from(u16::from_be_bytes([*head.get(4)?, *head.get(5)?]));
    let records = part(file, start + 12, tables.min(128) * 16)?;
    let find = |tag: &[u8; 4]| {
        let record = records.chunks_exact(16).find(|record| record.starts_with(tag))?;
        Some((number(record, 8)?, number(record, 12)?))
    };
    let pictures = find(b"CBDT").or_else(|| find(b"sbix")).is_some();
    let outlines = find(b"glyf").or_else(|| find(b"CFF ")).is_some();
    if !pictures && !outlines {
        return None;
    }
    let (at, length) = find(b"cmap")?;
    let table = part(file, at, usize::try_from(length).ok()?)?;
    let mut letters = Vec::new();
    for subtable in cmap::Table::parse(&table)?.subtables {
        if subtable.is_unicode() {
            subtable.codepoints(|letter| letters.push(letter));
        }
    }
    letters.sort_unstable();
    letters.dedup();
    Some(Installed { path: path.to_owned(), index, pictures, covers: stretches(&letters) })
}

fn stretches(letters: &[u32]) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for letter in letters {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == *letter => *last = *letter,
            _ => stretches.push((*letter, *letter)),
        }
    }
    stretches
}

fn part(file: &mut File, at: u32, length: usize) -> Option<Vec<u8>> {
    if length as u64 > LARGEST {
        return None;
    }
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(u64::from(at))).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_covers_its_stretches_and_nothing_between() {
        let face = Installed {
            path: PathBuf::new(),
            index: 0,
            pictures: false,
            covers: stretches(&[65, 66, 67, 1488]),
        };
        assert_eq!(face.covers, [(65, 67), (1488, 1488)]);
        assert!(face.covers('B') && face.covers('א') && !face.covers('D') && !face.covers('@'));
    }

    #[test]
    fn plain_faces_come_before_bold_ones_and_emoji() {
        let rank = |name: &str| unlike_text(Path::new(name));
        assert!(rank("NotoSansHebrew-Regular.ttf") < rank("NotoSansHebrew-Bold.ttf"));
        assert!(rank("DejaVuSans.ttf") < rank("NotoColorEmoji.ttf"));
    }

    #[test]
    fn a_file_that_is_no_font_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in
            [("empty.ttf", &b""[..]), ("ttcf.ttc", b"ttcf\0\0\0\0\xff\xff\xff\xff"), ("x.otf", &[7; 64])]
        {
            let path = dir.path().join(name);
            fs::write(&path, bytes).unwrap();
            assert!(faces(&path).unwrap_or_default().is_empty(), "{name}");
        }
    }
}
