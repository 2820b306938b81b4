//! The parts of the file that hold no text of the document: types, relationships, styles, settings, properties.

use super::xml::{NAMES, PROLOGUE, STORE, escape};

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// What each part is.
pub fn content_types() -> String {
    let mut xml = format!("{PROLOGUE}<Types xmlns=\"{PACKAGE}/content-types\">");
    for (ending, kind) in [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
    ] {
        xml.push_str(&format!("<Default Extension=\"{ending}\" ContentType=\"{kind}\"/>"));
    }
    for (part, kind) in [
        ("/word/document.xml", format!("{WORD}.document.main+xml")),
        ("/word/styles.xml", format!("{WORD}.styles+xml")),
        ("/word/settings.xml", format!("{WORD}.settings+xml")),
        ("/word/footer.xml", format!("{WORD}.footer+xml")),
        (
            "/customXml/itemProps1.xml",
            "application/vnd.openxmlformats-officedocument.customXmlProperties+xml".into(),
        ),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".into()),
    ] {
        xml.push_str(&format!("<Override PartName=\"{part}\" ContentType=\"{kind}\"/>"));
    }
    xml + "</Types>"
}

/// Relationships of one part: id, kind, target.
pub fn relationships(of: &[(String, &str, String)]) -> String {
    let mut xml = format!("{PROLOGUE}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (id, kind, target) in of {
        let space = if *kind == "metadata/core-properties" { PACKAGE } else { OFFICE };
        xml.push_str(&format!(
            "<Relationship Id=\"{id}\" Type=\"{space}/relationships/{kind}\" Target=\"{target}\"/>"
        ));
    }
    xml + "</Relationships>"
}

/// Where the file begins.
pub fn package() -> String {
    relationships(&[
        ("rId1".into(), "officeDocument", "word/document.xml".into()),
        ("rId2".into(), "metadata/core-properties", "docProps/core.xml".into()),
    ])
}

/// The title and language that file managers show; nobody is named as its author.
pub fn properties(title: &str, language: &str, made_on: &str) -> String {
    let mut xml = format!(
        "{PROLOGUE}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"
    );
    escape(&mut xml, title);
    xml.push_str("</dc:title><dc:language>");
    escape(&mut xml, language);
    xml.push_str(&format!(
        "</dc:language><dcterms:created xsi:type=\"dcterms:W3CDTF\">{made_on}T00:00:00Z</dcterms:created></cp:coreProperties>"
    ));
    xml
}

/// Which namespace the part of names has.
pub fn names_properties() -> String {
    format!(
        "{PROLOGUE}<ds:datastoreItem xmlns:ds=\"{OFFICE}/customXml\" ds:itemID=\"{STORE}\"><ds:schemaRefs>\
         <ds:schemaRef ds:uri=\"{NAMES}\"/></ds:schemaRefs></ds:datastoreItem>"
    )
}

/// The namespaces of a part of the document.
pub fn opens(element: &str) -> String {
    format!(
        "{PROLOGUE}<w:{element} xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"{OFFICE}/relationships\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">"
    )
}

/// Word's newest layout, and no question when the file is opened.
pub fn settings() -> String {
    opens("settings")
        + "<w:defaultTabStop w:val=\"720\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" \
           w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
}

/// One paragraph style: id, name, what it is based on, paragraph and run properties.
type Style = (&'static str, &'static str, &'static str, &'static str);

const KEEP: &str = "<w:keepNext/><w:keepLines/>";

/// Sizes are half points, spaces twentieths of a point (documents.md).
const STYLES: [Style; 17] = [
    ("Title", "Title", "<w:spacing w:before=\"1400\" w:after=\"60\"/>", "<w:b/><w:sz w:val=\"68\"/>"),
    ("Subtitle", "Subtitle", "<w:spacing w:after=\"60\"/>", "<w:sz w:val=\"32\"/>"),
    (
        "Heading1",
        "heading 1",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"0\"/>",
        "<w:b/><w:sz w:val=\"40\"/>",
    ),
    (
        "Heading2",
        "heading 2",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"40\" w:after=\"80\"/><w:outlineLvl w:val=\"1\"/>",
        "<w:b/><w:sz w:val=\"32\"/>",
    ),
    (
        "Heading3",
        "heading 3",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"160\" w:after=\"40\"/><w:outlineLvl w:val=\"2\"/>",
        "<w:b/><w:sz w:val=\"24\"/>",
    ),
    (
        "ReportHeading",
        "Report heading",
        "<w:keepNext/><w:keepLines/><w:pBdr><w:top w:val=\"single\" w:sz=\"4\" w:space=\"6\" w:color=\"8F8676\"/></w:pBdr><w:spacing w:before=\"200\" w:after=\"60\"/><w:outlineLvl w:val=\"1\"/>",
        "<w:rFonts w:ascii=\"Verdana\" w:hAnsi=\"Verdana\" w:cs=\"Verdana\"/><w:b/><w:sz w:val=\"20\"/>",
    ),
    (
        "Day",
        "Day",
        "<w:keepNext/><w:pBdr><w:top w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"1E6A58\"/></w:pBdr><w:spacing w:before=\"440\" w:after=\"0\"/>",
        "<w:b/><w:sz w:val=\"22\"/>",
    ),
    ("Subjects", "Subjects", KEEP, "<w:color w:val=\"4A443B\"/><w:sz w:val=\"18\"/>"),
    (
        "Label",
        "Label",
        "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"0\"/>",
        "<w:rFonts w:ascii=\"Verdana\" w:hAnsi=\"Verdana\" w:cs=\"Verdana\"/><w:b/><w:color w:val=\"1E6A58\"/><w:sz w:val=\"17\"/>",
    ),
    (
        "Quote",
        "Quote",
        "<w:pBdr><w:left w:val=\"single\" w:sz=\"12\" w:space=\"10\" w:color=\"1E6A58\"/></w:pBdr><w:spacing w:before=\"120\" w:after=\"0\" w:line=\"360\" w:lineRule=\"exact\"/><w:ind w:left=\"240\"/>",
        "<w:sz w:val=\"26\"/>",
    ),
    (
        "Picture",
        "Picture",
        "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "",
    ),
    ("Caption", "caption", "<w:spacing w:before=\"40\" w:after=\"80\"/>", "<w:sz w:val=\"18\"/>"),
    (
        "Line",
        "Contents line",
        "<w:tabs><w:tab w:val=\"left\" w:pos=\"1100\"/></w:tabs><w:ind w:left=\"1100\" w:hanging=\"1100\"/><w:spacing w:after=\"20\"/>",
        "",
    ),
    (
        "Cell",
        "Table text",
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"270\" w:lineRule=\"exact\"/>",
        "<w:sz w:val=\"19\"/>",
    ),
    (
        "Number",
        "Table number",
        "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"270\" w:lineRule=\"exact\"/><w:jc w:val=\"right\"/>",
        "<w:sz w:val=\"19\"/>",
    ),
    ("Hint", "Hint", "<w:spacing w:before=\"240\"/>", "<w:color w:val=\"4A443B\"/><w:sz w:val=\"18\"/>"),
    (
        "Footer",
        "footer",
        "<w:tabs><w:tab w:val=\"right\" w:pos=\"9638\"/></w:tabs><w:spacing w:after=\"0\"/>",
        "<w:sz w:val=\"17\"/>",
    ),
];

/// Real styles, so that a family changes all headings at once.
pub fn styles(language: &str, line: u32) -> String {
    let mut xml = opens("styles");
    xml.push_str("<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Georgia\" w:hAnsi=\"Georgia\" w:cs=\"Georgia\"/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"");
    escape(&mut xml, language);
    xml.push_str(&format!(
        "\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:after=\"100\" w:line=\"{line}\" w:lineRule=\"atLeast\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>"
    ));
    for (id, name, paragraph, run) in STYLES {
        xml.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/>\
             <w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        ));
    }
    xml + "</w:styles>"
}
