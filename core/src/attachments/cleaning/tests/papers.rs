//! PDF, and pictures inside of one.

use super::*;
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions};

#[test]
fn a_pdf_keeps_its_pages_and_neither_its_description_nor_what_it_was_before() {
    let whole = make::pdf();
    let (cleaned, told) = clean_bytes(Form::Pdf, &whole).unwrap();
    assert_eq!(told, Told { mime: "application/pdf", length: Some(2) });
    let document = Document::load_mem(&cleaned).unwrap();
    // As it lies in the file, and as it unpacks.
    let mut open = document.clone();
    open.decompress();
    let said = format!("{:?}", open.objects.values().collect::<Vec<_>>());
    assert_clean(&cleaned, "a PDF");
    assert_clean(said.as_bytes(), "an unpacked PDF");
    for key in ["Info", "ID", "Prev"] {
        assert!(!document.trailer.has(key.as_bytes()), "{key}");
    }
    for page in document.page_iter() {
        let text = document.get_page_content(page);
        assert!(holds(&text, "two plus"), "the newest revision");
    }
    assert!(
        !holds(&whole[..whole.len() / 2], "two plus") && holds(&whole, "two sums"),
        "there was an earlier one"
    );
    assert!(!holds(said.as_bytes(), "two sums") && !holds(said.as_bytes(), "20260503"));
    assert!(holds(said.as_bytes(), "Well done"), "what the note says stays");
    let pictures = document.objects.values().filter_map(|object| Object::as_stream(object).ok());
    assert!(
        pictures.into_iter().any(|stream| stream.content.starts_with(&[0xFF, 0xD8])),
        "the photograph stays"
    );
}

#[test]
fn a_pdf_with_a_password_is_refused_in_plain_words_and_one_that_opens_without_is_kept_readable() {
    let locked = |user: &str| {
        let mut document = Document::load_mem(&make::pdf()).unwrap();
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::default(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut out = Vec::new();
        document.save_to(&mut out).unwrap();
        out
    };
    let refused = clean_bytes(Form::Pdf, &locked("secret")).unwrap_err();
    assert!(matches!(refused, Stop::Refused(why) if why.contains("password")), "{refused:?}");
    let (cleaned, told) = clean_bytes(Form::Pdf, &locked("")).unwrap();
    assert_eq!(told.length, Some(2));
    let document = Document::load_mem(&cleaned).unwrap();
    assert!(!document.was_encrypted());
    let page = document.page_iter().next().unwrap();
    assert!(holds(&document.get_page_content(page), "two plus"));
}

#[test]
fn a_pdf_that_is_broken_says_so() {
    let whole = make::pdf();
    assert_never_half(Form::Pdf, &whole, "a PDF");
    for at in [9, whole.len() / 3, whole.len() / 2] {
        assert!(matches!(clean_bytes(Form::Pdf, &whole[..at]), Err(Stop::Refused(_))), "cut at {at}");
    }
}

#[test]
fn a_picture_in_a_document_keeps_what_it_is_made_of() {
    let cleaned = pictures::jpeg(&make::photograph()).unwrap();
    assert_clean(&cleaned, "a JPEG");
    assert!(cleaned.ends_with(b"picture\xFF\0picture\xFF\xD0picture\xFF\xD9"));
    assert_eq!(pictures::jpeg(&cleaned).unwrap(), cleaned);
    let photo = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos/cat.jpg"),
    );
    let photo = photo.unwrap();
    assert!(pictures::jpeg(&photo).unwrap().len() > photo.len() / 2);
    for at in 0..photo.len().min(2_000) {
        assert_eq!(pictures::jpeg(&photo[..at]), None, "cut at {at}");
    }
    let jpeg_2000 =
        [&b"\0\0\0\x0CjP  \r\n\x87\n"[..], b"\0\0\0\x10xml 51.5007N", b"\0\0\0\0jp2cpicture"].concat();
    assert!(!holds(&pictures::jpeg_2000(&jpeg_2000).unwrap(), "51.5007N"));
    assert!(pictures::jpeg_2000(&jpeg_2000).unwrap().ends_with(b"jp2cpicture"));
}
