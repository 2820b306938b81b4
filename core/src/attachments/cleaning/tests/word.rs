//! A Word document with one of everything that tells of its makers.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::make;

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The main part's words.
pub(crate) const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- Planted Title -->
<w:document xmlns:w="w" xmlns:a="a" xmlns:v="v" xmlns:o="o" xmlns:c="c"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
 <w:body w:rsidR="00A77B3E">
  <w:p w:rsidR="00A77B3E"><w:r><w:t xml:space="preserve">The pond &amp; "its" frogs </w:t></w:r></w:p>
  <w:p><w:ins w:id="5" w:author="Planted Author" w:date="2026-05-03T10:20:30Z"><w:r><w:t>spawned</w:t></w:r></w:ins></w:p>
  <w:p><w:hyperlink r:id="page"><w:r><w:t>a page</w:t></w:r></w:hyperlink></w:p>
  <w:p><w:hyperlink r:id='disk'><w:r><w:t>a file</w:t></w:r></w:hyperlink></w:p>
  <w:p><wp:docPr xmlns:wp="wp" id="1" name="Picture 1" descr="C:\Users\Planted Author\pond.jpg"/><a:blip r:embed="photo" r:link="linked"/></w:p>
  <w:p><a:blip r:embed="drawing"/><a:blip r:embed="frames"/><v:imagedata r:id="meta" o:title=""/></w:p>
  <w:p><w:object><v:shape><v:imagedata r:id="photo"/></v:shape><o:OLEObject r:id="sheet"><o:Field>Planted</o:Field></o:OLEObject></w:object></w:p>
  <w:p><c:chart r:id="chart"/><w:sdt><w:sdtPr><w:dataBinding w:xpath="creator"/></w:sdtPr><w:t>bound</w:t></w:sdt></w:p>
  <w:p><w:commentReference w:id="0"/><w:t><![CDATA[a < b]]></w:t></w:p>
 </w:body>
</w:document>"#;

fn relationships(all: &[(&str, &str, &str)]) -> String {
    let one = |(id, kind, target): &(&str, &str, &str)| {
        let mode = if target.contains(':') { " TargetMode=\"External\"" } else { "" };
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"{mode}/>")
    };
    let all: String = all.iter().map(one).collect();
    format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
}

fn types(main: &str) -> String {
    let parts: String = [
        ("word/document.xml", main),
        ("word/styles.xml", "styles+xml"),
        ("word/settings.xml", "settings+xml"),
        ("word/comments.xml", "comments+xml"),
        ("word/people.xml", "people+xml"),
        ("word/header1.xml", "header+xml"),
    ]
    .map(|(part, kind)| format!("<Override PartName=\"/{part}\" ContentType=\"{WORD}.{kind}\"/>"))
    .concat();
    let chart = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
    let endings: String = [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("gif", "image/gif"),
        ("emf", "image/x-emf"),
        ("svg", "image/svg+xml"),
        ("tiff", "image/tiff"),
        ("bin", "application/vnd.openxmlformats-officedocument.oleObject"),
    ]
    .map(|(ending, kind)| format!("<Default Extension=\"{ending}\" ContentType=\"{kind}\"/>"))
    .concat();
    let chart = format!("<Override PartName=\"/word/charts/chart1.xml\" ContentType=\"{chart}\"/>");
    format!("<Types xmlns=\"{PACKAGE}/content-types\">{endings}{parts}{chart}</Types>")
}

fn png() -> Vec<u8> {
    let chunk = |kind: &[u8], inside: &[u8]| {
        [&(inside.len() as u32).to_be_bytes()[..], kind, inside, b"sum!"].concat()
    };
    let said = chunk(b"tEXt", b"Author\0Planted Author");
    [
        &b"\x89PNG\r\n\x1A\n"[..],
        &chunk(b"IHDR", &[0; 13]),
        &said,
        &chunk(b"IDAT", b"pixels"),
        &chunk(b"tIME", b"Planted Title"),
        &chunk(b"IEND", b""),
        b"PlantedTool 9",
    ]
    .concat()
}

fn gif() -> Vec<u8> {
    let said = [&b"\x21\xFE\x0DPlantedTool 9\0"[..], b"\x21\xFF\x0BXMP DataXMP\x0EPlanted Author\0"].concat();
    let plays = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
    let picture = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x4C\x01\0";
    [&b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF"[..], &said, plays, picture, b"\x3BPlanted Author"]
        .concat()
}

fn emf() -> Vec<u8> {
    let mut out = vec![0; 100];
    out[40..44].copy_from_slice(b" EMF");
    let said: Vec<u8> = "PlantedTool 9".encode_utf16().flat_map(u16::to_le_bytes).collect();
    out[60..64].copy_from_slice(&13u32.to_le_bytes());
    out[64..68].copy_from_slice(&100u32.to_le_bytes());
    out.extend(said);
    out.extend(b"[a drawing]");
    out
}

/// All parts of it, in their order.
pub(crate) fn parts() -> Vec<(String, Vec<u8>)> {
    let said = |name: &str| {
        format!("<x xmlns=\"y\"><{name}>Planted Author, Planted Title, PlantedTool 9</{name}></x>")
    };
    let settings = "<w:settings xmlns:w=\"w\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
        <w:attachedTemplate r:id=\"t\"/><w:docVars><w:docVar w:name=\"x\" w:val=\"Planted Author\"/></w:docVars><w:zoom w:percent=\"100\"/>\
        <w:rsids><w:rsidRoot w:val=\"00A77B3E\"/></w:rsids></w:settings>";
    let comments = "<w:comments xmlns:w=\"w\"><w:comment w:id=\"0\" w:author=\"Planted Author\" w:initials=\"PA\" \
        w:date=\"2026-05-03T10:20:30Z\"><w:p><w:t>Well done</w:t></w:p></w:comment></w:comments>";
    let chart = "<c:chartSpace xmlns:c=\"c\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:v>7</c:v>\
        <c:externalData r:id=\"book\"><c:autoUpdate/></c:externalData></c:chartSpace>";
    let core = "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:creator>Planted Author</dc:creator><dc:title>Planted Title</dc:title>\
        </cp:coreProperties>";
    let app = "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
        <Application>PlantedTool 9</Application><Company>Planted Author</Company></Properties>";
    let words = |name: &str, text: String| (name.to_owned(), text.into_bytes());
    vec![
        words("[Content_Types].xml", types("document.main+xml")),
        words(
            "_rels/.rels",
            relationships(&[
                ("main", "officeDocument", "word/document.xml"),
                ("core", "metadata/core-properties", "docProps/core.xml"),
                ("app", "extended-properties", "docProps/app.xml"),
                ("custom", "custom-properties", "docProps/custom.xml"),
                ("small", "metadata/thumbnail", "docProps/thumbnail.jpeg"),
            ]),
        ),
        words("docProps/core.xml", core.to_owned()),
        words("docProps/app.xml", app.to_owned()),
        words("docProps/custom.xml", said("property")),
        ("docProps/thumbnail.jpeg".to_owned(), make::photograph()),
        words("word/document.xml", DOCUMENT.to_owned()),
        words(
            "word/_rels/document.xml.rels",
            relationships(&[
                ("styles", "styles", "styles.xml"),
                ("settings", "settings", "/word/settings.xml"),
                ("comments", "comments", "comments.xml"),
                ("people", "people", "people.xml"),
                ("header", "header", "../word/./header1.xml"),
                ("data", "customXml", "../customXml/item1.xml"),
                ("page", "hyperlink", "https://kinfolio.example/?a=1&amp;b=2"),
                ("disk", "hyperlink", "file:///C:/Users/Planted%20Author/pond.docx"),
                ("photo", "image", "media/image1.jpeg"),
                ("linked", "image", "https://kinfolio.example/seen.gif"),
                ("drawing", "image", "media/image2.png"),
                ("frames", "image", "media/image3.gif"),
                ("meta", "image", "media/image4.emf"),
                ("shapes", "image", "media/image5.svg"),
                ("sheet", "oleObject", "embeddings/sheet.bin"),
                ("chart", "chart", "charts/chart1.xml"),
            ]),
        ),
        words(
            "word/styles.xml",
            "<w:styles xmlns:w=\"w\"><w:rsid w:val=\"00A77B3E\"/></w:styles>".to_owned(),
        ),
        words("word/settings.xml", settings.to_owned()),
        words(
            "word/_rels/settings.xml.rels",
            relationships(&[("t", "attachedTemplate", "file:///C:/Users/Planted%20Author/Normal.dotm")]),
        ),
        words("word/comments.xml", comments.to_owned()),
        words("word/people.xml", said("person")),
        words("word/header1.xml", "<w:hdr xmlns:w=\"w\"><w:t>Term two</w:t></w:hdr>".to_owned()),
        words("word/charts/chart1.xml", chart.to_owned()),
        words(
            "word/charts/_rels/chart1.xml.rels",
            relationships(&[("book", "package", "../embeddings/sheet.bin")]),
        ),
        ("word/embeddings/sheet.bin".to_owned(), b"Planted Author".to_vec()),
        words("customXml/item1.xml", said("item")),
        ("word/media/image1.jpeg".to_owned(), make::photograph()),
        ("word/media/image2.png".to_owned(), png()),
        ("word/media/image3.gif".to_owned(), gif()),
        ("word/media/image4.emf".to_owned(), emf()),
        words("word/media/image5.svg", said("desc")),
        // Nobody points to it.
        words("word/header9.xml", said("t")),
    ]
}

/// The package of these parts.
pub(crate) fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let on = zip::DateTime::from_date_and_time(2026, 5, 3, 10, 20, 30).unwrap();
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default().last_modified_time(on)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.set_comment("Planted Author").unwrap();
    zip.finish().unwrap().into_inner()
}

/// The document.
pub(crate) fn docx() -> Vec<u8> {
    packed(&parts())
}
