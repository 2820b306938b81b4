//! PDF: read whole, told apart from its earlier revisions and from what describes it, and written anew.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::xref::XrefRecovery;
use lopdf::{Dictionary, Document, LoadOptions, Object, SaveOptions, Stream};

use super::{Desk, Stop, Told, pictures};

const DAMAGED: Stop = Stop::Refused(
    "it is damaged or stops half-way: open it where it came from, print it to a new PDF and choose that",
);
const LOCKED: Stop = Stop::Refused("it has a password: save a copy without one and choose that");

/// What one packed part of a PDF may unpack to, in bytes.
const MOST_UNPACKED: usize = 64 << 20;
/// Entries that describe the document, or a part of it, to programs and people other than its reader: in whatever
/// dictionary they stand.
const DESCRIBING: &[&[u8]] = &[
    b"Metadata",
    b"PieceInfo",
    b"LastModified",
    b"CreationDate",
    b"ModDate",
    // Files inside the file, each with metadata of its own.
    b"EmbeddedFiles",
    b"EF",
    b"AF",
    // What a signature covered is no longer there.
    b"Perms",
    b"ByteRange",
    b"Prop_Build",
    b"ContactInfo",
    // Small pictures of pages, made whenever.
    b"Thumb",
    b"OPI",
];
/// Entries of a note on a page that say who wrote it and when.
const OF_A_NOTE: &[&[u8]] = &[b"T", b"M", b"NM"];
/// Entries of a signature.
const OF_A_SIGNATURE: &[&[u8]] =
    &[b"Name", b"M", b"Location", b"Reason", b"Contents", b"Cert", b"Changes", b"Reference"];

pub(super) fn clean(desk: &mut Desk<'_>) -> Result<Told, Stop> {
    let bytes = desk.whole()?;
    let broken = |_| DAMAGED;
    // The library is fuzzed by its makers; should it panic all the same, the file is refused.
    let (cleaned, pages) = catch_unwind(AssertUnwindSafe(|| anew(&bytes))).map_err(broken)??;
    drop(bytes);
    desk.check()?;
    // This will be the only copy of somebody's work: it must open, with every page.
    let again = catch_unwind(AssertUnwindSafe(|| load(&cleaned).map(|document| pages_of(&document))));
    if again.map_err(broken)?? != pages {
        return Err(DAMAGED);
    }
    desk.put(&cleaned)?;
    Ok(Told { mime: "application/pdf", length: Some(pages) })
}

fn load(bytes: &[u8]) -> Result<Document, Stop> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::Decryption(_)
        | lopdf::Error::InvalidPassword
        | lopdf::Error::UnsupportedSecurityHandler(_) => LOCKED,
        _ => DAMAGED,
    })?;
    if document.is_encrypted() {
        return Err(LOCKED);
    }
    // Put together from what was found lying about: pages may be missing.
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(DAMAGED);
    }
    Ok(document)
}

fn pages_of(document: &Document) -> u64 {
    document.get_pages().len() as u64
}

fn anew(bytes: &[u8]) -> Result<(Vec<u8>, u64), Stop> {
    let mut document = load(bytes)?;
    let pages = pages_of(&document);
    let root = document.trailer.get(b"Root").cloned().map_err(|_| DAMAGED)?;
    if pages == 0 {
        return Err(DAMAGED);
    }
    // Neither the description of the document, nor where its earlier revisions begin, nor its id.
    document.trailer = Dictionary::new();
    document.trailer.set("Root", root);
    document.binary_mark = vec![0xE2, 0xE3, 0xCF, 0xD3];
    for object in document.objects.values_mut() {
        scrub(object);
    }
    document.prune_objects();
    // What is clean comes out byte by byte as it went in: numbers grow with every writing otherwise.
    document.renumber_objects();
    let mut out = Vec::with_capacity(bytes.len());
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).compression_level(6);
    document.save_with_options(&mut out, options.build()).map_err(|_| DAMAGED)?;
    Ok((out, pages))
}

fn scrub(object: &mut Object) {
    match object {
        Object::Array(items) => items.iter_mut().for_each(scrub),
        Object::Dictionary(entries) => scrub_entries(entries),
        Object::Stream(stream) => {
            scrub_entries(&mut stream.dict);
            scrub_picture(stream);
        }
        _ => {}
    }
}

fn scrub_entries(entries: &mut Dictionary) {
    let named = |entries: &Dictionary, key: &[u8], name: &[u8]| {
        entries.get(key).and_then(Object::as_name).is_ok_and(|found| found == name)
    };
    let signature = entries.has(b"ByteRange")
        || named(entries, b"Type", b"Sig")
        || named(entries, b"Type", b"DocTimeStamp");
    // Of a field in a form, T is the field's own name.
    let note = entries.has(b"Rect") && entries.has(b"Subtype") && !named(entries, b"Subtype", b"Widget");
    let of_a_note = if note { OF_A_NOTE } else { &[] };
    let of_a_signature = if signature { OF_A_SIGNATURE } else { &[] };
    for key in DESCRIBING.iter().chain(of_a_note).chain(of_a_signature) {
        entries.remove(key);
    }
    entries.iter_mut().for_each(|(_, value)| scrub(value));
}

/// A photograph in a document has metadata of its own.
fn scrub_picture(stream: &mut Stream) {
    let filter = stream.filters().ok().and_then(|filters| match filters.as_slice() {
        [one] => Some(one.to_vec()),
        _ => None,
    });
    let cleaned = match filter.as_deref() {
        Some(b"DCTDecode") => pictures::jpeg(&stream.content),
        Some(b"JPXDecode") => pictures::jpeg_2000(&stream.content),
        _ => None,
    };
    if let Some(cleaned) = cleaned {
        stream.set_content(cleaned);
    }
}
