//! What can be said of a file before it is read: whether it is there, and whether it is too heavy.

use super::ImportSource;
use super::cleaning::{self, FileKind, Sniffed};
use super::import_file::{file_name, open};
use super::picture;
use crate::error::{Error, Result};
use std::io::Read;

/// A file that may be taken in later, for reading from its beginning, and its size in bytes.
///
/// # Errors
/// [`Error::InvalidInput`] names a file that can't be read or is too heavy, and says what to do.
pub fn weighed<'a>(source: &'a ImportSource, name: &str) -> Result<(Box<dyn Read + 'a>, u64)> {
    let name = file_name(name)?;
    let unreadable = |_| Error::invalid(format!("{name} can't be read: choose it again"));
    let mut opened = open(source).map_err(unreadable)?;
    if opened.size == 0 {
        return Err(Error::invalid(format!("{name} is empty: choose another file")));
    }
    match cleaning::sniff(&mut *opened.source).map_err(unreadable)? {
        Sniffed::File(form) => weigh(&name, cleaning::kind_before_reading(form), opened.size)?,
        Sniffed::Photo | Sniffed::Unknown if opened.size > picture::MAX_FILE => {
            let most = weight(picture::MAX_FILE);
            return Err(Error::invalid(format!("{name} weighs more than {most}: choose a smaller copy")));
        }
        Sniffed::Photo | Sniffed::Unknown => {}
    }
    Ok((Box::new(opened.source), opened.size))
}

/// Refuses what is too heavy, before it is read.
pub(super) fn weigh(name: &str, kind: FileKind, size: u64) -> Result<()> {
    if size <= kind.most() {
        return Ok(());
    }
    let what_to_do = match kind {
        FileKind::Pdf | FileKind::Docx => "save it smaller, or in two parts",
        FileKind::Audio => "cut it into shorter parts",
        FileKind::Video => "shorten it, or save it smaller",
    };
    Err(Error::invalid(format!(
        "{name} weighs {}, and {} may weigh {}: {what_to_do}, and choose that",
        weight(size),
        kind.word(),
        weight(kind.most())
    )))
}

/// Bytes as a person reads them.
fn weight(size: u64) -> String {
    let tenths = size / 100_000;
    match tenths {
        0..1_000 => format!("{}.{} MB", tenths / 10, tenths % 10),
        1_000..10_000 => format!("{} MB", tenths / 10),
        _ => format!("{}.{} GB", tenths / 10_000, tenths / 1_000 % 10),
    }
}
