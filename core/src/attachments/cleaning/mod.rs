//! Files that are no photos: which kinds are kept, how large, and how each is written anew without its metadata.

mod desk;
mod docx;
mod frames;
mod movie;
mod pdf;
mod pictures;
mod tables;

pub(super) use desk::{Desk, Source, Stop};

use super::picture::is_heif_brand;
use crate::progress::Cancel;

/// Most bytes of a PDF. It is held in memory while it is cleaned; a scan of 50 pages weighs 10 to 20 MB.
pub const MAX_PDF: u64 = 25_000_000;
/// Most bytes of a Word document, as it is packed.
pub const MAX_DOCX: u64 = 25_000_000;
/// Most bytes of a recording: an hour of music, or three hours of speech.
pub const MAX_AUDIO: u64 = 60_000_000;
/// Most bytes of a video: a minute from a phone's camera, three of what it sends. On the line of a home it takes
/// minutes, and the family's place on the server holds some hundreds of them.
pub const MAX_VIDEO: u64 = 100_000_000;
/// What Queensland's form for reports takes of one clip, in bytes. It is told, and nothing is refused for it.
pub const QUEENSLAND_CLIP: u64 = 4_000_000;

/// For a file of which nothing is known.
pub(super) const UNKNOWN: Stop = Stop::Refused(
    "files of this kind are not kept here: save it as a PDF or DOCX, as a photo, as MP3 or M4A, or as MP4",
);

/// How many bytes of its beginning tell what a file is.
const BEGINNING: usize = 16;

/// What kind of file it is; the rest is in its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A PDF.
    Pdf,
    /// A Word document: DOCX.
    Docx,
    /// A recording: M4A, MP3, AAC.
    Audio,
    /// A video: MP4, MOV.
    Video,
}

impl FileKind {
    /// By its media type, as an element of the record states it.
    pub(super) fn of_mime(mime: &str) -> Option<Self> {
        match mime.split_once('/') {
            Some(("application", "pdf")) => Some(Self::Pdf),
            Some(_) if mime == docx::MIME => Some(Self::Docx),
            Some(("audio", _)) => Some(Self::Audio),
            Some(("video", _)) => Some(Self::Video),
            _ => None,
        }
    }

    /// The most bytes that one of it may have.
    pub const fn most(self) -> u64 {
        match self {
            Self::Pdf => MAX_PDF,
            Self::Docx => MAX_DOCX,
            Self::Audio => MAX_AUDIO,
            Self::Video => MAX_VIDEO,
        }
    }

    /// As a person calls it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pdf => "a PDF",
            Self::Docx => "a Word document",
            Self::Audio => "a recording",
            Self::Video => "a video",
        }
    }
}

/// By which rules a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Pdf,
    /// A ZIP, of which only a DOCX is kept.
    Docx,
    /// MP4, MOV and M4A: boxes in boxes.
    Movie,
    /// MP3.
    Mp3,
    /// AAC in ADTS frames.
    Adts,
}

/// What a file's first bytes say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed {
    File(Form),
    /// A picture, or nothing that is known: the photo import says what to do.
    Photo,
    Unknown,
}

/// Looks at a file's beginning, never at its name.
pub(super) fn sniff(source: &mut dyn Source) -> std::io::Result<Sniffed> {
    let mut beginning = Vec::with_capacity(BEGINNING);
    source.rewind()?;
    std::io::Read::read_to_end(&mut std::io::Read::take(&mut *source, BEGINNING as u64), &mut beginning)?;
    source.rewind()?;
    Ok(of_beginning(&beginning))
}

fn of_beginning(bytes: &[u8]) -> Sniffed {
    let box_type = bytes.get(4..8).unwrap_or_default();
    match bytes {
        [0xFF, 0xD8, ..] | [0x89, b'P', b'N', b'G', ..] => Sniffed::Photo,
        _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Sniffed::Photo,
        _ if bytes.starts_with(b"%PDF-") => Sniffed::File(Form::Pdf),
        _ if bytes.starts_with(b"PK\x03\x04") => Sniffed::File(Form::Docx),
        _ if bytes.starts_with(b"ID3") => Sniffed::File(Form::Mp3),
        [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] if is_heif_brand([*a, *b, *c, *d]) => {
            Sniffed::Photo
        }
        _ if box_type == b"ftyp" => Sniffed::File(Form::Movie),
        // QuickTime of before file types were written down.
        _ if matches!(box_type, b"moov" | b"mdat" | b"wide" | b"pnot") => Sniffed::File(Form::Movie),
        [0xFF, second, ..] if second & 0xF6 == 0xF0 => Sniffed::File(Form::Adts),
        [0xFF, second, ..] if second & 0xE6 == 0xE2 => Sniffed::File(Form::Mp3),
        _ => Sniffed::Unknown,
    }
}

/// What was learnt of a file on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub mime: &'static str,
    /// Pages of a document, milliseconds of what is heard or seen; `None` where that is not said cheaply.
    pub length: Option<u64>,
}

/// Writes the file anew, without what tells of its maker, place and time.
pub(super) fn clean(form: Form, desk: &mut Desk<'_>) -> Result<Told, Stop> {
    match form {
        Form::Pdf => pdf::clean(desk),
        Form::Docx => docx::clean(desk),
        Form::Movie => movie::clean(desk),
        Form::Mp3 => frames::clean(frames::Codec::Mp3, desk),
        Form::Adts => frames::clean(frames::Codec::Adts, desk),
    }
}

/// The kind that a form has before it is read: an M4A counts as a video until its tracks are known, so that a file that is
/// too large for either is refused by its weight alone.
pub(super) const fn kind_before_reading(form: Form) -> FileKind {
    match form {
        Form::Pdf => FileKind::Pdf,
        Form::Docx => FileKind::Docx,
        Form::Movie => FileKind::Video,
        Form::Mp3 | Form::Adts => FileKind::Audio,
    }
}

/// Cleans bytes in memory, for tests.
#[cfg(test)]
pub(super) fn clean_bytes(form: Form, bytes: &[u8]) -> Result<(Vec<u8>, Told), Stop> {
    let (mut source, mut out) = (std::io::Cursor::new(bytes), Vec::new());
    let (cancel, step) = (Cancel::new(), |_| {});
    let told = clean(form, &mut Desk::new(&mut source, bytes.len() as u64, &mut out, &cancel, &step))?;
    Ok((out, told))
}

#[cfg(test)]
pub(crate) mod tests;
