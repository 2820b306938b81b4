//! A portfolio as a folder in one file: a page, its photos as they are beside it, tables and JSON, with the names of this
//! document in all of them, file names too.

use std::collections::BTreeMap;

use serde_json::json;
use zeroize::Zeroizing;

use super::archive::{Archive, Out};
use super::filed::Filing;
use super::html::write_beside;
use super::portfolio::{Page, Part, Photo, Portfolio};
use super::renaming::Renaming;
use super::report::Table;
use super::sheet::Sheet;
use super::source::PhotoSource;
use super::text::Text;
use crate::error::{Error, Result};
use crate::ids::AttachmentId;
use crate::progress::{Cancel, Progress};

/// Writes the portfolio piece by piece: at most one photo is in memory.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled), those of `photos`, and those of writing to `out`.
pub fn write_zip(
    portfolio: &Portfolio,
    renaming: &Renaming,
    photos: &dyn PhotoSource,
    out: &mut dyn Out,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let names = renaming.of(&portfolio.cast);
    let folder = Folder { portfolio, names: &names, files: files(portfolio, &names) };
    let mut zip = Archive::new(out, portfolio.made_on);
    let all = || portfolio.entries.iter().flat_map(|page| &page.photos);
    let total = all().count() as u64;
    for (done, photo) in (1..).zip(all()) {
        cancel.check()?;
        zip.photo(folder.file(photo), &photo.date.to_string(), &photos.photo(photo)?)?;
        progress.progress(done, total);
    }
    write_beside(portfolio, &names, &folder.files, zip.start("index.html")?, cancel)?;
    let tables = [
        ("entries.csv", Some(folder.entries())),
        ("hours.csv", portfolio.hours.as_ref().map(|hours| folder.told(&hours.table()))),
        ("reading.csv", portfolio.reading.as_ref().map(|list| folder.told(list))),
    ];
    for (file, rows) in tables.iter().filter_map(|(file, rows)| Some((file, rows.as_ref()?))) {
        cancel.check()?;
        let (head, rows) = rows.split_first().ok_or_else(|| Error::internal("a table has a head"))?;
        let mut sheet = Sheet::new(zip.start(file)?, head)?;
        rows.iter().try_for_each(|row| sheet.row(row))?;
        sheet.finish()?;
    }
    let told =
        serde_json::to_vec_pretty(&folder.json()).map_err(|_| Error::internal("a portfolio as JSON"))?;
    zip.start("portfolio.json")?;
    zip.more(&told)?;
    zip.finish()
}

/// Photos by day and first subject, numbered.
fn files(portfolio: &Portfolio, names: &[Zeroizing<String>]) -> BTreeMap<AttachmentId, String> {
    let mut filing = Filing::default();
    let mut files = BTreeMap::new();
    for page in &portfolio.entries {
        let subjects = page.subjects.plain(&plain(names));
        let first = subjects.split(", ").next();
        for photo in &page.photos {
            let file = filing.name("photos", &page.date.to_string(), first, &photo.mime);
            files.insert(photo.attachment, file);
        }
    }
    files
}

fn plain(names: &[Zeroizing<String>]) -> Vec<&str> {
    names.iter().map(|name| name.as_str()).collect()
}

struct Folder<'a> {
    portfolio: &'a Portfolio,
    names: &'a [Zeroizing<String>],
    files: BTreeMap<AttachmentId, String>,
}

impl Folder<'_> {
    fn words(&self, text: &Text) -> String {
        text.plain(&plain(self.names))
    }

    fn file(&self, photo: &Photo) -> &str {
        self.files.get(&photo.attachment).map_or("", String::as_str)
    }

    /// The text of an entry, labels before what they label.
    fn text(&self, page: &Page) -> String {
        let told = page.parts.iter().map(|part| match part {
            Part::Labelled(label, text) => format!("{label}: {}", self.words(text)),
            Part::Paragraph(text) | Part::Words(text) | Part::Own(text) | Part::OwnWords(text) => {
                self.words(text)
            }
        });
        told.collect::<Vec<_>>().join("\n\n")
    }

    fn entries(&self) -> Vec<Vec<String>> {
        let head = ["date", "title", "text", "subjects", "minutes", "photos"].map(str::to_owned).to_vec();
        let row = |page: &Page| {
            let photos: Vec<&str> = page.photos.iter().map(|photo| self.file(photo)).collect();
            vec![
                page.date.to_string(),
                self.words(&page.title),
                self.text(page),
                self.words(&page.subjects),
                page.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
                photos.join("; "),
            ]
        };
        std::iter::once(head).chain(self.portfolio.entries.iter().map(row)).collect()
    }

    fn told(&self, table: &Table) -> Vec<Vec<String>> {
        let rows = table.rows.iter().map(|row| row.iter().map(|cell| self.words(cell)).collect());
        std::iter::once(table.head.clone()).chain(rows).collect()
    }

    fn json(&self) -> serde_json::Value {
        let photo = |photo: &Photo| {
            let (caption, alt) = (self.words(&photo.caption), self.words(&photo.alt));
            json!({ "file": self.file(photo), "caption": caption, "alt": alt })
        };
        let entry = |page: &Page| {
            json!({
                "date": page.date.to_string(),
                "title": self.words(&page.title),
                "text": self.text(page),
                "subjects": self.words(&page.subjects),
                "minutes": page.minutes,
                "photos": page.photos.iter().map(photo).collect::<Vec<_>>(),
            })
        };
        json!({
            "learner": self.words(&Text::name(0)),
            "first_day": self.portfolio.period.from.to_string(),
            "last_day": self.portfolio.period.to.to_string(),
            "made_on": self.portfolio.made_on.to_string(),
            "entries": self.portfolio.entries.iter().map(entry).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use jiff::civil::date;

    use super::*;
    use crate::export::hours::Hours;
    use crate::export::period::Period;
    use crate::export::portfolio::Person;
    use crate::export::text::Piece;
    use crate::ids::{EntryId, LearnerId};
    use crate::progress::NoProgress;

    const BEAN: LearnerId = LearnerId([1; 16]);

    struct One;

    impl PhotoSource for One {
        fn photo(&self, _: &Photo) -> Result<Vec<u8>> {
            Ok(b"a picture".to_vec())
        }
    }

    /// Bean's name, then these words.
    fn bean(words: &str) -> Text {
        Text { pieces: vec![Piece::Name(0), Piece::Words(words.into())] }
    }

    #[test]
    fn a_name_of_the_document_stands_in_every_file_of_the_zip_and_in_their_names() {
        let photo = |number| Photo {
            entry: EntryId([1; 16]),
            attachment: AttachmentId([number; 16]),
            mime: "image/jpeg".into(),
            width: 600,
            height: 400,
            caption: bean(" dug"),
            alt: bean(" with a spade"),
            date: date(2025, 10, 5),
        };
        let page = Page {
            date: date(2025, 10, 5),
            title: bean(" planted"),
            subjects: bean("’s garden"),
            minutes: Some(60),
            parts: vec![Part::Own(bean(" watered"))],
            photos: vec![photo(1), photo(2)],
        };
        let portfolio = Portfolio {
            language: "en-GB".into(),
            cast: vec![Person { learner: BEAN, nickname: "Bean".into(), emoji: String::new() }],
            period: Period::parse("2025-09-01", "2026-08-31").unwrap(),
            made_on: date(2026, 9, 14),
            cover: Some(photo(1)),
            reading: Some(Table {
                head: vec!["Title".into()],
                rows: vec![vec![bean("’s book")]],
                numbers: 0,
            }),
            hours: Some(Hours { terms: vec!["Autumn".into()], rows: vec![(bean("’s garden"), vec![10])] }),
            entries: vec![page],
        };
        let mut names = Renaming::none();
        names.set(BEAN, "Robin").unwrap();
        let mut out = Cursor::new(Vec::new());
        write_zip(&portfolio, &names, &One, &mut out, &NoProgress, &Cancel::new()).unwrap();
        let mut zip = zip::ZipArchive::new(out).unwrap();
        let files: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        let photos = ["photos/2025-10-05_robins-garden_1.jpg", "photos/2025-10-05_robins-garden_2.jpg"];
        let told = ["index.html", "entries.csv", "hours.csv", "reading.csv", "portfolio.json"];
        assert_eq!(files, photos.into_iter().chain(told).collect::<Vec<_>>());
        for file in told {
            let mut text = String::new();
            zip.by_name(file).unwrap().read_to_string(&mut text).unwrap();
            assert!(text.contains("Robin") && !text.contains("Bean"), "{file}: {text}");
        }
        let mut page = String::new();
        zip.by_name("index.html").unwrap().read_to_string(&mut page).unwrap();
        assert_eq!(page.matches(photos[0]).count(), 2, "on the cover and in the entry");
        assert!(page.contains(photos[1]) && !page.contains("<script") && !page.contains("src=\"data:"));
    }
}
