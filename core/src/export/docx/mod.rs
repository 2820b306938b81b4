//! Documents for word processors: real styles and headings, names as controls that change everywhere at once.

mod entry;
mod parts;
mod photos;
mod portfolio;
mod report;
mod tables;
mod xml;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::archive::{Archive, Out};
use super::portfolio::{Photo, Portfolio};
use super::renaming::Renaming;
use super::report::{Details, ReportPaper};
use super::source::PhotoSource;
use crate::error::Result;
use crate::progress::{Cancel, Progress};
use photos::Album;
use xml::Xml;

pub use xml::escape;

/// Writes the portfolio; at most one photo is in memory.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled), those of `photos`, and those of writing to `out`.
pub fn write_docx(
    portfolio: &Portfolio,
    renaming: &Renaming,
    photos: &dyn PhotoSource,
    out: &mut dyn Out,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let names = renaming.of(&portfolio.cast);
    let mut album = Album::default();
    let mut body = Xml::new(&names);
    portfolio::body(&mut body, portfolio, &mut album, renaming.leaves_one_of(&portfolio.cast));
    let period = portfolio.period.line();
    let mut file = Package {
        zip: Archive::new(out, portfolio.made_on),
        names: &names,
        whole: 0,
        language: &portfolio.language,
        made_on: portfolio.made_on,
    };
    file.text(
        &body.xml,
        &format!("{}: a record of learning, {period}", name(&names)),
        &period,
        300,
        &album.photos,
    )?;
    file.photos(&album.photos, photos, progress, cancel)?;
    file.zip.finish()
}

/// Writes a report; at most one photo is in memory.
///
/// # Errors
/// As [`write_docx`].
pub fn write_report_docx(
    paper: &ReportPaper,
    details: &Details,
    renaming: &Renaming,
    photos: &dyn PhotoSource,
    out: &mut dyn Out,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let mut names = renaming.of(&paper.cast);
    // The whole name, in the title and the first section, is one more place to change.
    let whole = if details.name_in_title.is_empty() { 0 } else { names.len() };
    if whole > 0 {
        names.push(details.name_in_title.clone());
    }
    let mut body = Xml::new(&names);
    let mut album = Album::default();
    report::body(&mut body, paper, details, whole, &mut album);
    if renaming.leaves_one_of(&paper.cast) {
        portfolio::hint(&mut body);
    }
    portfolio::section(&mut body, false);
    let title =
        Zeroizing::new(format!("{}: {}", paper.title, names.get(whole).map_or("", |name| name.as_str())));
    let footer = format!("{}, {}", paper.title, super::period::date(paper.made_on));
    let mut file = Package {
        zip: Archive::new(out, paper.made_on),
        names: &names,
        whole,
        language: &paper.language,
        made_on: paper.made_on,
    };
    file.text(&body.xml, &title, &footer, 288, &album.photos)?;
    file.photos(&album.photos, photos, progress, cancel)?;
    file.zip.finish()
}

fn name(names: &[Zeroizing<String>]) -> &str {
    names.first().map_or("", |name| name.as_str())
}

/// The file, part by part.
struct Package<'a> {
    zip: Archive<'a>,
    names: &'a [Zeroizing<String>],
    /// Which of them stands in the footer.
    whole: usize,
    language: &'a str,
    made_on: Date,
}

impl Package<'_> {
    fn part(&mut self, path: &str, text: &str) -> Result<()> {
        self.zip.start(path)?;
        self.zip.more(text.as_bytes())
    }

    /// Everything but the photos. `line` is the height of a line in twentieths of a point.
    fn text(&mut self, body: &str, title: &str, footer: &str, line: u32, photos: &[&Photo]) -> Result<()> {
        self.part("[Content_Types].xml", &parts::content_types())?;
        self.part("_rels/.rels", &parts::package())?;
        let properties = Zeroizing::new(parts::properties(title, self.language, &self.made_on.to_string()));
        self.part("docProps/core.xml", &properties)?;
        let mut document = Zeroizing::new(parts::opens("document"));
        document.push_str("<w:body>");
        document.push_str(body);
        document.push_str("</w:body></w:document>");
        self.part("word/document.xml", &document)?;
        let mut related: Vec<(String, &str, String)> = vec![
            ("rId1".into(), "styles", "styles.xml".into()),
            ("rId2".into(), "settings", "settings.xml".into()),
            ("rId3".into(), "footer", "footer.xml".into()),
            ("rId4".into(), "customXml", "../customXml/item1.xml".into()),
        ];
        related.extend((0..).zip(photos).map(|(nth, photo)| {
            (photos::relationship(nth), "image", format!("media/{}", photos::file(nth, photo)))
        }));
        self.part("word/_rels/document.xml.rels", &parts::relationships(&related))?;
        self.part("word/styles.xml", &parts::styles(self.language, line))?;
        self.part("word/settings.xml", &parts::settings())?;
        let mut foot = Xml::new(self.names);
        foot.raw(&parts::opens("ftr"));
        portfolio::footer(&mut foot, self.whole, footer);
        foot.raw("</w:ftr>");
        self.part("word/footer.xml", &foot.xml)?;
        self.part("customXml/item1.xml", &xml::names_part(self.names))?;
        self.part("customXml/itemProps1.xml", &parts::names_properties())?;
        let names = [("rId1".into(), "customXmlProps", "itemProps1.xml".into())];
        self.part("customXml/_rels/item1.xml.rels", &parts::relationships(&names))
    }

    fn photos(
        &mut self,
        photos: &[&Photo],
        source: &dyn PhotoSource,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<()> {
        let day = self.made_on.to_string();
        for (nth, photo) in (0..).zip(photos) {
            cancel.check()?;
            let bytes = source.photo(photo)?;
            self.zip.photo(&format!("word/media/{}", photos::file(nth, photo)), &day, &bytes)?;
            progress.progress(nth as u64 + 1, photos.len() as u64);
        }
        Ok(())
    }
}
