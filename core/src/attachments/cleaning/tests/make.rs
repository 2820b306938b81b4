//! Small files of every kind, with metadata planted in them.

use super::PLANTED;

fn boxed(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
    [&(inside.len() as u32 + 8).to_be_bytes()[..], kind, inside].concat()
}

/// What stands in a small movie.
#[derive(Debug, Clone)]
pub(crate) struct Movie {
    pub brand: [u8; 4],
    pub video: bool,
    /// A track of places beside picture and sound.
    pub places: bool,
    /// Samples before their tables, as a camera writes them.
    pub data_first: bool,
    /// Tables of 64 bits.
    pub wide: bool,
}

impl Default for Movie {
    fn default() -> Self {
        Self { brand: *b"mp42", video: true, places: true, data_first: true, wide: false }
    }
}

pub(crate) const PICTURE: &[u8] = b"[samples of the picture]";
pub(crate) const SOUND: &[u8] = b"[samples of the sound]";
const PATH: &[u8] = b"[51.5007N was here]";

/// A movie of two chunks a track, in turn.
pub(crate) fn movie(of: &Movie) -> Vec<u8> {
    let brands = [&of.brand[..], &[0; 4], &of.brand].concat();
    let start = boxed(b"ftyp", &brands);
    let samples: Vec<(&[u8; 4], &[u8])> = [
        of.video.then_some((b"vide", PICTURE)),
        Some((b"soun", SOUND)),
        of.places.then_some((b"meta", PATH)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let data: Vec<u8> =
        [samples.clone(), samples.clone()].concat().iter().flat_map(|(_, bytes)| bytes.to_vec()).collect();
    let round: usize = samples.iter().map(|(_, bytes)| bytes.len()).sum();
    let moov = |data_at: usize| {
        let mut inside = boxed(
            b"mvhd",
            &[&[0; 4], &time()[..], &1000u32.to_be_bytes(), &2500u32.to_be_bytes(), &[0; 80]].concat(),
        );
        let mut at = data_at;
        for (handler, bytes) in &samples {
            inside.extend(trak(handler, bytes.len(), [at, at + round], of.wide));
            at += bytes.len();
        }
        let said = boxed(b"\xA9too", PLANTED[3].as_bytes());
        inside.extend(boxed(b"udta", &[boxed(b"\xA9xyz", PLANTED[1].as_bytes()), said].concat()));
        inside.extend(boxed(b"meta", PLANTED[2].as_bytes()));
        boxed(b"moov", &inside)
    };
    let uuid = boxed(b"uuid", &[&[7; 16], PLANTED[0].as_bytes()].concat());
    let junk = boxed(b"free", PLANTED[0].as_bytes());
    let mdat = boxed(b"mdat", &data);
    if of.data_first {
        let data_at = start.len() + junk.len() + 8;
        [start, junk, mdat, moov(data_at), uuid].concat()
    } else {
        let data_at = start.len() + moov(0).len() + junk.len() + 8;
        [start, moov(data_at), junk, mdat, uuid].concat()
    }
}

/// Made and changed in 2026.
fn time() -> [u8; 8] {
    [0xE6, 0x01, 0x02, 0x03, 0xE6, 0x01, 0x02, 0x04]
}

fn trak(handler: &[u8; 4], size: usize, chunks: [usize; 2], wide: bool) -> Vec<u8> {
    let full = |bytes: &[u8]| [&[0; 4], bytes].concat();
    let tkhd = boxed(b"tkhd", &full(&[&time()[..], &[0; 72]].concat()));
    let mdhd =
        boxed(b"mdhd", &full(&[&time()[..], &[0, 0, 3, 232, 0, 0, 9, 196, 0x55, 0xC4, 0, 0]].concat()));
    let hdlr = boxed(
        b"hdlr",
        &full(&[&[0; 4], &handler[..], b"appl", &[0; 8], PLANTED[3].as_bytes(), &[0]].concat()),
    );
    let mut entry = vec![0; 78];
    entry[12..16].copy_from_slice(b"Plan");
    if *handler == *b"vide" {
        entry[42..42 + PLANTED[3].len()].copy_from_slice(PLANTED[3].as_bytes());
    }
    let format = if *handler == *b"vide" { b"avc1" } else { b"mp4a" };
    let stsd = boxed(b"stsd", &full(&[&1u32.to_be_bytes()[..], &boxed(format, &entry)].concat()));
    let stsz = boxed(b"stsz", &full(&[(size as u32).to_be_bytes(), 2u32.to_be_bytes()].concat()));
    let places = if wide {
        boxed(
            b"co64",
            &full(&[&[0, 0, 0, 2], &chunks.map(|at| (at as u64).to_be_bytes()).concat()[..]].concat()),
        )
    } else {
        boxed(
            b"stco",
            &full(&[&[0, 0, 0, 2], &chunks.map(|at| (at as u32).to_be_bytes()).concat()[..]].concat()),
        )
    };
    let stbl = boxed(b"stbl", &[stsd, stsz, places, boxed(b"uuid", PLANTED[0].as_bytes())].concat());
    let dref = boxed(
        b"dref",
        &full(
            &[&[0, 0, 0, 1], &boxed(b"alis", &[&[0, 0, 0, 1], PLANTED[0].as_bytes()].concat())[..]].concat(),
        ),
    );
    let minf = boxed(b"minf", &[boxed(b"smhd", &[0; 8]), boxed(b"dinf", &dref), stbl].concat());
    let mdia = boxed(b"mdia", &[mdhd, hdlr, minf].concat());
    boxed(b"trak", &[tkhd, mdia, boxed(b"udta", PLANTED[0].as_bytes())].concat())
}

/// Frames of silence: 128 kbit/s, 44.1 kHz, two channels.
pub(crate) fn frames(count: usize) -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
    frame.repeat(count)
}

/// With ID3 before, in between and after, and an APE tag.
pub(crate) fn mp3() -> Vec<u8> {
    [id3(PLANTED[0]), frames(40), id3(PLANTED[1]), frames(40), ape(), id3v1()].concat()
}

fn id3(words: &str) -> Vec<u8> {
    let text = [b"TIT2\0\0\0", &[words.len() as u8 + 1][..], &[0, 0, 0], words.as_bytes()].concat();
    [b"ID3\x04\0\0\0\0\0", &[text.len() as u8][..], &text].concat()
}

fn id3v1() -> Vec<u8> {
    let mut tag = [b"TAG", PLANTED[2].as_bytes()].concat();
    tag.resize(128, 0);
    tag
}

fn ape() -> Vec<u8> {
    let item =
        [&(PLANTED[0].len() as u32).to_le_bytes()[..], &[0; 4], b"Artist\0", PLANTED[0].as_bytes()].concat();
    let end = |flags: [u8; 4]| {
        let size = (item.len() as u32 + 32).to_le_bytes();
        [&b"APETAGEX\xD0\x07\0\0"[..], &size, &[1, 0, 0, 0], &flags, &[0; 8]].concat()
    };
    [end([0, 0, 0, 0xA0]), item.clone(), end([0, 0, 0, 0x80])].concat()
}

/// An MP3 whose first frame says how many follow.
pub(crate) fn counted_mp3(stated: u32, real: usize) -> Vec<u8> {
    let mut first = frames(1);
    first[36..40].copy_from_slice(b"Xing");
    first[43] = 1;
    first[44..48].copy_from_slice(&stated.to_be_bytes());
    [first, frames(real)].concat()
}

/// AAC in 50 frames of 100 bytes, behind an ID3 tag.
pub(crate) fn adts() -> Vec<u8> {
    let mut frame = [0x21; 100];
    frame[..7].copy_from_slice(&[0xFF, 0xF1, 0x50, 0x80, 0x0C, 0x9F, 0xFC]);
    frame.repeat(50)
}

/// A PDF of two pages with a description, an earlier revision, a note on a page, a photograph and a file inside.
pub(crate) fn pdf() -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut object = |out: &mut Vec<u8>, bytes: &[u8]| {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", places.len()).bytes());
        out.extend(bytes);
        out.extend(b"\nendobj\n");
    };
    let stream = |entries: &str, bytes: &[u8]| {
        [format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"]
            .concat()
    };
    object(&mut out, b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /Names << /EmbeddedFiles << /Names [(a) << /EF << /F 8 0 R >> >>] >> >> >>");
    object(&mut out, b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>");
    let note = format!(
        "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T ({}) /M (D:20260503) /Contents (Well done) >>",
        PLANTED[0]
    );
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R /LastModified (D:20260503) /Annots [{note}] /Resources << /XObject << /P 9 0 R >> >> >>"
    );
    object(&mut out, page.as_bytes());
    object(&mut out, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R >>");
    object(&mut out, &stream("", b"0 0 m 9 9 l S % two sums"));
    object(
        &mut out,
        &stream("/Type /Metadata /Subtype /XML", format!("<x:xmpmeta>{}</x:xmpmeta>", PLANTED[3]).as_bytes()),
    );
    object(
        &mut out,
        format!(
            "<< /Author ({}) /Title ({}) /Creator ({}) /CreationDate (D:20260503) >>",
            PLANTED[0], PLANTED[2], PLANTED[3]
        )
        .as_bytes(),
    );
    object(&mut out, &stream("/Type /EmbeddedFile", PLANTED[1].as_bytes()));
    object(
        &mut out,
        &stream(
            "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
            &photograph(),
        ),
    );
    let at = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let id = "<31323334353637383132333435363738>";
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R /Info 7 0 R /ID [{id} {id}] >>\nstartxref\n{at}\n%%EOF\n",
            places.len() + 1
        )
        .bytes(),
    );
    // A second revision: the sums are another, and the first ones lie there still.
    let place = out.len();
    out.extend(b"5 0 obj\n<< /Length 24 >>\nstream\n0 0 m 9 9 l S % two plus\nendstream\nendobj\n");
    let second = out.len();
    out.extend(format!("xref\n5 1\n{place:010} 00000 n \ntrailer\n<< /Size {} /Root 1 0 R /Info 7 0 R /Prev {at} /ID [{id} {id}] >>\nstartxref\n{second}\n%%EOF\n", places.len() + 1).bytes());
    out
}

/// A JPEG as small as one can be, with EXIF and a comment. It holds no picture, only its parts.
pub(crate) fn photograph() -> Vec<u8> {
    let segment = |marker: u8, bytes: &[u8]| {
        [&[0xFF, marker], &(bytes.len() as u16 + 2).to_be_bytes()[..], bytes].concat()
    };
    [
        vec![0xFF, 0xD8],
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xE1, format!("Exif\0\0{}", PLANTED[1]).as_bytes()),
        segment(0xFE, PLANTED[0].as_bytes()),
        segment(0xDA, b"\x01\x01\0\0\x3F\0"),
        b"picture\xFF\0picture\xFF\xD0picture".to_vec(),
        vec![0xFF, 0xD9],
        PLANTED[2].as_bytes().to_vec(),
    ]
    .concat()
}
