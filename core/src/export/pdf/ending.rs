//! The end of the file: title, language, and the marks of a document that can be read aloud (PDF/UA-1).

use pdf_writer::types::PageMode;
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Date, Finish, Name, Ref, TextStr};
use zeroize::Zeroizing;

use super::objects::Objects;
use super::write::Ending;
use crate::error::Result;
use crate::export::docx::escape;

/// Writes the catalog and ends the file. Nobody is named as its author, and no hour of the day.
pub fn end(
    mut objects: Objects<'_>,
    pages: Ref,
    structure: Ref,
    outline: Ref,
    ending: &Ending<'_>,
) -> Result<()> {
    let described = description(ending);
    let metadata = objects.add(|chunk, id| {
        chunk.metadata(id, described.as_bytes());
    })?;
    let info = objects.add(|chunk, id| {
        let mut info = chunk.indirect(id).start::<DocumentInfo<'_>>();
        info.title(TextStr(ending.title)).creation_date(day(ending)).producer(TextStr("Kinfolio"));
    })?;
    let catalog = objects.add(|chunk, id| {
        let mut catalog = chunk.indirect(id).start::<Catalog<'_>>();
        catalog.pages(pages).page_mode(PageMode::UseOutlines).outlines(outline).metadata(metadata);
        catalog.lang(TextStr(ending.language)).pair(Name(b"StructTreeRoot"), structure);
        catalog.mark_info().marked(true);
        catalog.viewer_preferences().display_doc_title(true);
        catalog.finish();
    })?;
    objects.end(catalog, info)
}

fn day(ending: &Ending<'_>) -> Date {
    let on = ending.made_on;
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    Date::new(u16::try_from(on.year()).unwrap_or(1970)).month(part(on.month())).day(part(on.day()))
}

/// The properties as XMP.
fn description(ending: &Ending<'_>) -> Zeroizing<String> {
    let mut xmp = Zeroizing::new(String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"><pdfuaid:part>1</pdfuaid:part>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">",
    ));
    escape(&mut xmp, ending.title);
    xmp.push_str("</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>");
    escape(&mut xmp, ending.language);
    xmp.push_str(&format!(
        "</rdf:li></rdf:Bag></dc:language><xmp:CreateDate>{}</xmp:CreateDate><pdf:Producer>Kinfolio</pdf:Producer>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
        ending.made_on
    ));
    xmp
}
