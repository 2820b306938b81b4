//! What every PDF promises, read back by a parser that nobody here wrote.

use std::collections::BTreeSet;

use jiff::civil::date;
use lopdf::{Dictionary, Document as Parsed, Object, ObjectId};

use super::*;
use crate::export::period::Period;
use crate::export::portfolio::{Page, Part, Person};
use crate::export::report::{ReportBlock, ReportPart, Table};
use crate::export::text::{Piece, Text};
use crate::ids::{AttachmentId, EntryId, LearnerId};

mod whole;

const BEAN: LearnerId = LearnerId([1; 16]);

/// A grey picture of one pixel, with the size that the photo says.
struct Grey;

const JPEG: &[u8] = include_bytes!("../../../../tests/fixtures/photos/cup.jpg");

impl PhotoSource for Grey {
    fn photo(&self, _: &Photo) -> Result<Vec<u8>> {
        Ok(JPEG.to_vec())
    }
}

fn photo(number: u8, caption: &str) -> Photo {
    Photo {
        entry: EntryId([number; 16]),
        attachment: AttachmentId([number; 16]),
        mime: "image/jpeg".into(),
        width: 600,
        height: 400,
        caption: Text::words(caption),
        alt: Text { pieces: vec![Piece::Words("A cup of ".into()), Piece::Name(0)] },
        date: date(2025, 9, 9),
    }
}

fn entry(number: u8, paragraphs: usize, photos: u8) -> Page {
    let words = "We went to the brook with nets and counted what lives under stones. ".repeat(4);
    let mut named = Text::name(0);
    named.push_words(" wrote it down.");
    let mut parts =
        vec![Part::Labelled("What we did", named), Part::OwnWords(Text::words("“How long until tea?”"))];
    parts.extend((0..paragraphs).map(|_| Part::Paragraph(Text::words(words.clone()))));
    Page {
        date: date(2025, 9, 1).checked_add(jiff::Span::new().days(i64::from(number))).unwrap(),
        title: Text { pieces: vec![Piece::Name(0), Piece::Words(" at the brook".into())] },
        subjects: Text::words("Science, English"),
        minutes: Some(90),
        parts,
        photos: (0..photos).map(|nth| photo(number.wrapping_mul(13) + nth, "Under a stone")).collect(),
    }
}

fn portfolio(nickname: &str, entries: Vec<Page>) -> Portfolio {
    Portfolio {
        language: "en-GB".into(),
        cast: vec![Person { learner: BEAN, nickname: nickname.into(), emoji: String::new() }],
        period: Period::parse("2025-09-01", "2026-08-31").unwrap(),
        made_on: date(2026, 9, 14),
        cover: entries.iter().find_map(|entry| entry.photos.first().cloned()),
        reading: None,
        hours: crate::export::hours::Hours::count(
            [(date(2025, 9, 9), 90, ["Science".to_owned()].as_slice())].into_iter(),
        ),
        entries,
    }
}

fn named(name: &str) -> Renaming {
    let mut renaming = Renaming::none();
    renaming.set(BEAN, name).unwrap();
    renaming
}

fn written(portfolio: &Portfolio, renaming: &Renaming, options: PdfOptions) -> Vec<u8> {
    let mut out = Vec::new();
    write_pdf(portfolio, renaming, options, &Grey, &mut out, &NoProgress, &Cancel::default()).unwrap();
    out
}

/// Every dictionary of the file.
fn dictionaries(file: &Parsed) -> impl Iterator<Item = (ObjectId, &Dictionary)> {
    file.objects.iter().filter_map(|(id, object)| match object {
        Object::Dictionary(dictionary) => Some((*id, dictionary)),
        Object::Stream(stream) => Some((*id, &stream.dict)),
        _ => None,
    })
}

fn is(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary.get(key).and_then(Object::as_name).is_ok_and(|found| found == name)
}

#[test]
fn every_content_of_a_page_is_tagged_or_decoration_and_every_tag_leads_back() {
    let bytes = written(
        &portfolio("Bean", (0..9).map(|n| entry(n, 3, n % 6)).collect()),
        &Renaming::none(),
        PdfOptions::default(),
    );
    let file = Parsed::load_mem(&bytes).unwrap();
    let kinds: BTreeSet<&[u8]> = dictionaries(&file)
        .filter(|(_, one)| is(one, b"Type", b"StructElem"))
        .filter_map(|(_, one)| one.get(b"S").and_then(Object::as_name).ok())
        .collect();
    for kind in [
        "Document",
        "H1",
        "H2",
        "H3",
        "Art",
        "P",
        "Figure",
        "Caption",
        "BlockQuote",
        "TOC",
        "TOCI",
        "Link",
        "Table",
        "TR",
        "TH",
        "TD",
    ] {
        assert!(kinds.contains(kind.as_bytes()), "{kind}");
    }
    let mut tagged = 0;
    for page in file.get_pages().into_values() {
        let content = file.get_page_content(page);
        let content = lopdf::content::Content::decode(&content).unwrap();
        let mut open = 0;
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BDC" | "BMC" => open += 1,
                "EMC" => open -= 1,
                "TJ" | "Tj" | "Do" | "f" => assert!(open > 0, "{} outside of any tag", operation.operator),
                _ => {}
            }
            tagged += usize::from(operation.operator == "BDC");
        }
        assert_eq!(open, 0);
    }
    assert!(tagged > 100);
    for (_, figure) in dictionaries(&file).filter(|(_, one)| is(one, b"S", b"Figure")) {
        assert!(figure.has(b"Alt"));
    }
    for (id, element) in dictionaries(&file).filter(|(_, one)| is(one, b"Type", b"StructElem")) {
        let parent = element.get(b"P").and_then(Object::as_reference).unwrap();
        let parent = file.get_dictionary(parent).unwrap();
        let kids = parent.get(b"K").and_then(Object::as_array).unwrap();
        assert!(kids.iter().any(|kid| kid.as_reference().is_ok_and(|kid| kid == id)), "{element:?}");
    }
    let root = file.catalog().unwrap();
    assert_eq!(root.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    assert!(
        root.has(b"MarkInfo")
            && root.has(b"Metadata")
            && root.has(b"Outlines")
            && root.has(b"ViewerPreferences")
    );
}

#[test]
fn the_same_document_is_the_same_file_and_a_name_goes_and_comes_back() {
    let portfolio = portfolio("Bean", (0..4).map(|n| entry(n, 2, n)).collect());
    let before = written(&portfolio, &Renaming::none(), PdfOptions::default());
    for name in ["O'Neill", "Zoe\u{308}", "נועה בן־דוד", "Art", "<script>", "]]>", "R & D", "🦔"]
    {
        let renamed = written(&portfolio, &named(name), PdfOptions::default());
        assert_ne!(renamed, before);
        let file = Parsed::load_mem(&renamed).unwrap();
        let all = format!("{:?}", file.objects);
        assert!(!all.contains("Bean") && !renamed.windows(4).any(|four| four == b"Bean"), "{name}");
    }
    assert_eq!(written(&portfolio, &Renaming::none(), PdfOptions::default()), before);
}

#[test]
fn paper_and_letters_are_as_chosen_and_every_page_is_counted_before() {
    let portfolio = portfolio("Bean", (0..12).map(|n| entry(n, 4, n % 5)).collect());
    let letter = PdfOptions { paper: Paper::Letter, comfort: false };
    let comfort = PdfOptions { paper: Paper::A4, comfort: true };
    let mut counts = Vec::new();
    for (options, size) in [(PdfOptions::default(), [595, 842]), (letter, [612, 792]), (comfort, [595, 842])]
    {
        let counted = count_pages(&portfolio, &Renaming::none(), options).unwrap();
        let file = Parsed::load_mem(&written(&portfolio, &Renaming::none(), options)).unwrap();
        let pages = file.get_pages();
        assert_eq!(usize::try_from(counted.pages).unwrap(), pages.len());
        assert_eq!(counted.without_font, "");
        for page in pages.into_values() {
            let sides =
                file.get_dictionary(page).unwrap().get(b"MediaBox").and_then(Object::as_array).unwrap();
            let sides: Vec<i64> =
                sides[2..].iter().map(|side| side.as_float().unwrap().round() as i64).collect();
            assert_eq!(sides, size);
        }
        counts.push(counted.pages);
    }
    assert!(counts[2] > counts[0], "larger letters take more pages: {counts:?}");
    assert_eq!(PdfOptions::new(None, "en-US", false).paper, Paper::Letter);
    assert_eq!(PdfOptions::new(None, "cy", false).paper, Paper::A4);
}

/// Takes pages and looks that nothing stands outside their margins: how many, and the room of each.
struct Inside(usize, f32);
impl<'a> flow::Sink<'a> for Inside {
    fn page(&mut self, page: flow::Page<'a>, _: &mut tags::Tags, _: &setter::Setter<'_>) -> Result<()> {
        self.0 += 1;
        assert!(
            page.items
                .iter()
                .any(|(_, item)| matches!(item, piece::Item::Text { .. } | piece::Item::Photo { .. }))
        );
        for (at, item) in &page.items {
            let (right, bottom) = match item {
                piece::Item::Text { x, y, line, .. } => (x + line.x + line.width, at + y + line.leading),
                piece::Item::Photo { x, y, width, height, .. } => (x + width, at + y + height),
                _ => continue,
            };
            assert!(right <= paper::FULL + 0.1, "{right}");
            assert!(bottom <= self.1 + 0.1, "{bottom}");
        }
        Ok(())
    }
}

#[test]
fn nothing_stands_outside_the_margins_and_no_page_is_empty_whatever_is_typed() {
    let long = "x".repeat(900);
    let mut odd = entry(3, 0, 13);
    odd.title = Text::words(format!("{long} {long}"));
    odd.parts = vec![Part::Paragraph(Text::words("word ".repeat(9_000))), Part::Own(Text::words("\n\n\n"))];
    odd.photos.iter_mut().for_each(|photo| photo.caption = Text::words("a long caption ".repeat(60)));
    let mut narrow = entry(5, 0, 1);
    (narrow.photos[0].width, narrow.photos[0].height) = (20, 4_000);
    narrow.subjects = Text::words("Science, ".repeat(40));
    for name in ["N".repeat(80), "W".repeat(24), "Ana María ".repeat(8)] {
        let portfolio = portfolio(&name, vec![entry(1, 1, 0), odd.clone(), narrow.clone(), entry(8, 0, 2)]);
        let names = Renaming::none().of(&portfolio.cast);
        let look = PdfOptions::default().look(&names);
        let mut sink = Inside(0, look.sheet.room());
        lay(&portfolio, look, &mut Fonts::new(), &document::Places::default(), &mut sink, &Cancel::default())
            .unwrap();
        assert!(sink.0 > 10);
    }
}

#[test]
fn a_long_name_leaves_the_whole_footer_on_the_paper() {
    /// How wide the last page's footer is, on how many lines, and what it stays below.
    struct Foot(f32, usize, f32);
    impl flow::Sink<'_> for Foot {
        fn page(&mut self, page: flow::Page<'_>, _: &mut tags::Tags, _: &setter::Setter<'_>) -> Result<()> {
            (self.0, self.1) = (0.0, page.footer.len());
            for item in &page.footer {
                let piece::Item::Text { x, y, line, .. } = item else { continue };
                assert!(*x >= 0.0 && x + line.x + line.width <= paper::FULL + 0.1);
                assert!(*y >= self.2, "{y}");
                self.0 += line.width;
            }
            Ok(())
        }
    }
    let feet = |name: &str, paper: Paper| {
        let portfolio = portfolio(name, vec![entry(1, 1, 0)]);
        let names = Renaming::none().of(&portfolio.cast);
        let options = PdfOptions { paper, comfort: false };
        let look = options.look(&names);
        let mut sink = Foot(0.0, 0, look.sheet.room());
        let known = document::Places::default();
        lay(&portfolio, look, &mut Fonts::new(), &known, &mut sink, &Cancel::default()).unwrap();
        (sink.0, sink.1)
    };
    for paper in [Paper::A4, Paper::Letter, Paper::Book] {
        let (short, two) = feet("Bean", paper);
        let (long, more) = feet(&"WWWWWWWWWWW ".repeat(6), paper);
        assert!(two == 2 && more > 2 && long > short * 2.0, "{long} of {short} on {more} lines");
    }
}

#[test]
fn an_entry_that_is_cut_goes_on_under_its_title_and_one_that_fits_moves_whole() {
    let portfolio = portfolio("Bean", vec![entry(1, 5, 0), entry(2, 2, 0), entry(3, 30, 0)]);
    let names = Renaming::none().of(&portfolio.cast);
    let places =
        count(&portfolio, PdfOptions::default().look(&names), &mut Fonts::new(), &Cancel::default()).unwrap();
    let page = |number| places.page(piece::Target::Part(number));
    assert_eq!((page(1), page(2)), (3, 3));
    assert!(places.pages >= 6, "the long one goes on over pages: {}", places.pages);
}

#[test]
fn cancelled_it_stops_and_a_photo_that_is_none_is_named_by_its_day() {
    struct Broken;
    impl PhotoSource for Broken {
        fn photo(&self, _: &Photo) -> Result<Vec<u8>> {
            Ok(b"not a picture".to_vec())
        }
    }
    let portfolio = portfolio("Bean", vec![entry(1, 1, 2)]);
    let write = |source: &dyn PhotoSource, cancel: &Cancel| {
        write_pdf(
            &portfolio,
            &Renaming::none(),
            PdfOptions::default(),
            source,
            &mut Vec::new(),
            &NoProgress,
            cancel,
        )
    };
    let cancel = Cancel::default();
    let error = write(&Broken, &cancel).unwrap_err().to_string();
    assert!(error.contains("9 Sept 2025") && !error.contains("Bean"), "{error}");
    cancel.cancel();
    assert_eq!(write(&Grey, &cancel), Err(crate::Error::Cancelled));
}
