//! What cleaning promises: the same pages, sound and pictures, nothing of who made them, and a plain word for what is broken.

pub(crate) mod make;
mod movies;
mod papers;
mod sound;
pub(crate) mod word;
mod words;

use super::*;

/// Words that stand in the metadata of every file here, and in none that was cleaned.
pub(in crate::attachments) const PLANTED: [&str; 4] =
    ["Planted Author", "51.5007N", "Planted Title", "PlantedTool 9"];

fn holds(bytes: &[u8], words: &str) -> bool {
    let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [words.as_bytes(), &wide]
        .iter()
        .any(|spelling| bytes.windows(spelling.len()).any(|found| found == *spelling))
}

fn assert_clean(bytes: &[u8], what: &str) {
    for words in PLANTED {
        assert!(!holds(bytes, words), "{what} still says {words}");
    }
}

/// Cut at every so many bytes and with every so many bytes turned, a file ends in plain words or in something clean, and
/// never in a fault of the program.
fn assert_never_half(form: Form, whole: &[u8], what: &str) {
    let step = (whole.len() / 150).max(1);
    for at in (0..whole.len()).step_by(step) {
        if let Err(Stop::Failed(error)) = clean_bytes(form, &whole[..at]) {
            panic!("{what} cut at {at}: {error}");
        }
        let mut turned = whole.to_vec();
        turned[at] ^= 0xFF;
        if let Err(Stop::Failed(error)) = clean_bytes(form, &turned) {
            panic!("{what} turned at {at}: {error}");
        }
    }
}

#[test]
fn a_file_is_told_by_its_bytes() {
    for (bytes, told) in [
        (make::pdf(), Sniffed::File(Form::Pdf)),
        (make::movie(&make::Movie::default()), Sniffed::File(Form::Movie)),
        (make::mp3(), Sniffed::File(Form::Mp3)),
        (make::frames(3), Sniffed::File(Form::Mp3)),
        (make::adts(), Sniffed::File(Form::Adts)),
        (word::docx(), Sniffed::File(Form::Docx)),
        (b"\xFF\xD8\xFF\xE0 a photo of a pond".to_vec(), Sniffed::Photo),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), Sniffed::Photo),
        (b"Dear diary, today we went to the pond".to_vec(), Sniffed::Unknown),
        (b"MZ".to_vec(), Sniffed::Unknown),
        (vec![], Sniffed::Unknown),
    ] {
        assert_eq!(sniff(&mut std::io::Cursor::new(&bytes)).unwrap(), told, "{:?}", bytes.get(..12));
    }
}

#[test]
fn whoever_waits_may_cancel_in_every_kind() {
    for (form, bytes) in [
        (Form::Pdf, make::pdf()),
        (Form::Movie, make::movie(&make::Movie::default())),
        (Form::Mp3, make::mp3()),
        (Form::Adts, make::adts()),
        (Form::Docx, word::docx()),
    ] {
        let cancel = Cancel::new();
        cancel.cancel();
        let (mut source, mut out) = (std::io::Cursor::new(&bytes), Vec::new());
        let step = |_| {};
        let stopped = clean(form, &mut Desk::new(&mut source, bytes.len() as u64, &mut out, &cancel, &step));
        assert_eq!(stopped, Err(Stop::Failed(crate::error::Error::Cancelled)), "{form:?}");
        assert!(out.is_empty(), "{form:?}");
    }
}
