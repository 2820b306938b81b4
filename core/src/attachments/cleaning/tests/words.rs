//! DOCX.

use super::*;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Every part by its name, and that the package itself tells nothing.
fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert!(zip.comment().is_empty());
    let count = zip.len();
    let read = |place| {
        let mut file = zip.by_index(place).unwrap();
        assert_eq!(file.last_modified().unwrap().year(), 1980);
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

/// The document with one part of it changed, or added.
fn changed(name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut parts = word::parts();
    match parts.iter_mut().find(|(found, _)| found == name) {
        Some((_, bytes)) => *bytes = change(String::from_utf8(bytes.clone()).unwrap()).into_bytes(),
        None => parts.push((name.to_owned(), change(String::new()).into_bytes())),
    }
    word::packed(&parts)
}

fn refused(bytes: &[u8]) -> &'static str {
    match clean_bytes(Form::Docx, bytes) {
        Err(Stop::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_word_document_keeps_its_words_and_pictures_and_not_who_wrote_them_when_and_where() {
    let (cleaned, told) = clean_bytes(Form::Docx, &word::docx()).unwrap();
    assert_eq!((FileKind::of_mime(told.mime), told.length), (Some(FileKind::Docx), None));
    let parts = unpacked(&cleaned);
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/_rels/document.xml.rels",
            "word/charts/chart1.xml",
            "word/comments.xml",
            "word/document.xml",
            "word/header1.xml",
            "word/media/image1.jpeg",
            "word/media/image2.png",
            "word/media/image3.gif",
            "word/media/image4.emf",
            "word/settings.xml",
            "word/styles.xml",
        ]
    );
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    for (name, bytes) in &parts {
        assert_clean(bytes, name);
        for words in ["Users", "rsid", "2026-05", "00A77B3E", "seen.gif", "docProps"] {
            assert!(!holds(bytes, words), "{name} still says {words}");
        }
        let is_words = name.ends_with(".xml") || name.ends_with(".rels");
        assert_eq!(holds(bytes, "<?xml"), is_words, "{name}");
    }
    let document = text("word/document.xml");
    for words in [
        "<w:t xml:space=\"preserve\">The pond &amp; \"its\" frogs </w:t>",
        "<w:ins w:id=\"5\" w:author=\"Author\"><w:r><w:t>spawned</w:t>",
        "<w:hyperlink r:id=\"page\"><w:r><w:t>a page",
        "<w:hyperlink><w:r><w:t>a file",
        "<a:blip r:embed=\"photo\"/>",
        "<v:imagedata r:id=\"photo\"/></v:shape></w:object>",
        "<c:chart r:id=\"chart\"/>",
        "<w:sdtPr></w:sdtPr><w:t>bound</w:t>",
        "<![CDATA[a < b]]>",
        "descr=\"\"",
    ] {
        assert!(document.contains(words), "{words}: {document}");
    }
    assert!(text("word/comments.xml").contains("w:author=\"Author\" w:initials=\"A\"><w:p><w:t>Well done"));
    assert!(text("word/settings.xml").contains("<w:zoom w:percent=\"100\"/></w:settings>"));
    assert!(text("word/charts/chart1.xml").contains("<c:v>7</c:v></c:chartSpace>"));
    assert!(text("word/_rels/document.xml.rels").contains("https://kinfolio.example/?a=1&amp;b=2"));
    assert!(
        parts["word/media/image2.png"].ends_with(b"IENDsum!")
            && holds(&parts["word/media/image2.png"], "pixels")
    );
    assert!(
        parts["word/media/image3.gif"].ends_with(b"\x4C\x01\0\x3B")
            && holds(&parts["word/media/image3.gif"], "NETSCAPE2.0")
    );
    assert!(parts["word/media/image4.emf"].ends_with(b"[a drawing]"));
    let (again, _) = clean_bytes(Form::Docx, &cleaned).unwrap();
    assert!(unpacked(&again) == parts, "clean stays as it is");
}

#[test]
fn every_arrow_of_a_cleaned_document_leads_somewhere() {
    let (cleaned, _) = clean_bytes(Form::Docx, &word::docx()).unwrap();
    let parts = unpacked(&cleaned);
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let after = |text: &str, mark: &str| -> Vec<String> {
        text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let arrows = text("word/_rels/document.xml.rels");
    let known = after(&arrows, " Id=\"");
    for mark in ["r:id=\"", "r:embed=\"", "r:link=\""] {
        for id in after(&text("word/document.xml"), mark) {
            assert!(known.contains(&id), "{id}");
        }
    }
    for target in after(&arrows, " Target=\"") {
        let part = target.trim_start_matches("/word/").trim_start_matches("../word/./");
        assert!(target.starts_with("https:") || parts.contains_key(&format!("word/{part}")), "{target}");
    }
}

#[test]
fn macros_passwords_joined_files_and_unknown_pictures_are_refused_with_what_to_do() {
    let types = "[Content_Types].xml";
    let main = |kind: &str| changed(types, |text| text.replace("wordprocessingml.document.main", kind));
    for bytes in [
        changed(types, |text| {
            text.replace(
                "openxmlformats-officedocument.wordprocessingml.document",
                "ms-word.document.macroEnabled",
            )
        }),
        changed("word/vbaProject.bin", |_| "Sub AutoOpen()".into()),
    ] {
        assert!(refused(&bytes).contains("macros"));
    }
    for bytes in [
        main("spreadsheetml.sheet.main"),
        main("wordprocessingml.template.main"),
        word::packed(&[("a.txt".into(), b"a".to_vec())]),
    ] {
        assert!(refused(&bytes).contains("not kept"));
    }
    let mut locked = word::docx();
    for mark in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let places: Vec<usize> = (0..locked.len() - 4).filter(|at| locked[*at..].starts_with(mark)).collect();
        places.into_iter().for_each(|at| locked[at + if mark[2] == 3 { 6 } else { 8 }] |= 1);
    }
    assert!(refused(&locked).contains("password"));
    assert!(
        refused(&changed("word/document.xml", |text| text.replace("<w:body", "<w:altChunk/><w:body")))
            .contains("joined")
    );
    let tiff = changed("word/_rels/document.xml.rels", |text| text.replace("image2.png", "image2.tiff"));
    assert!(clean_bytes(Form::Docx, &tiff).is_ok(), "a picture that is not there is left out");
    let mut parts = word::parts();
    parts.iter_mut().for_each(|(_, bytes)| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = text.replace("image2.png", "image2.tiff").into_bytes();
        }
    });
    parts.push(("word/media/image2.tiff".into(), b"II*\0Planted Author".to_vec()));
    assert!(refused(&word::packed(&parts)).contains("a picture in it"));
}

#[test]
fn a_broken_or_hostile_word_document_says_so_and_a_bomb_is_not_unpacked() {
    let whole = word::docx();
    assert_never_half(Form::Docx, &whole, "a DOCX");
    for at in [9, whole.len() / 3, whole.len() / 2] {
        assert!(refused(&whole[..at]).contains("damaged"), "cut at {at}");
    }
    let entity = "<!DOCTYPE x [<!ENTITY a \"b\">]><w:document";
    for (from, to) in [
        ("<w:document", entity),
        ("</w:body>", ""),
        ("</w:body>", "</w:body></w:body>"),
        ("<w:body", "<w:body w:x=\"<\""),
        ("<w:body", "<w:body w:x=y"),
        ("<w:body", "<w:body w:x=\"1\"w:y=\"2\""),
        ("</w:document>", "</w:document>more"),
        ("</w:document>", "<!-- "),
    ] {
        let bytes = changed("word/document.xml", |text| text.replace(from, to));
        assert!(refused(&bytes).contains("damaged"), "{to}");
    }
    let bomb =
        changed("word/document.xml", |text| text.replace("<w:body", &(" ".repeat(65 << 20) + "<w:body")));
    assert!(bomb.len() < 1 << 20 && refused(&bomb).contains("damaged"));
}
