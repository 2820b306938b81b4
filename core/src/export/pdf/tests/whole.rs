//! A report and a book as whole documents.

use super::*;

#[test]
fn a_report_has_its_sections_its_tables_with_repeated_headers_and_the_whole_name() {
    let row = |nth: usize| {
        vec![
            Text::words(format!("{nth} Sept 2025")),
            Text::words("Long division ".repeat(nth % 9 + 1)),
            Text::words("1.5"),
        ]
    };
    let table = Table {
        head: ["Day", "What", "Hours"].map(str::to_owned).to_vec(),
        rows: (0..120).map(row).collect(),
        numbers: 1,
    };
    let paragraph =
        |words: &str| ReportBlock::Paragraph { label: "Science".into(), text: Text::words(words) };
    let paper = ReportPaper {
        title: "Home education report",
        stem: "report",
        language: "en-GB".into(),
        cast: vec![Person { learner: BEAN, nickname: "Bean".into(), emoji: String::new() }],
        period: Period::parse("2025-09-01", "2026-08-31").unwrap(),
        made_on: date(2026, 9, 14),
        year_group: Some("Year 3".into()),
        parts: vec![
            ReportPart {
                heading: Text::words("Other subjects"),
                blocks: vec![paragraph("Vinegar and bicarbonate."), paragraph("Maps.")],
            },
            ReportPart { heading: Text::words("Diary"), blocks: vec![ReportBlock::Table(table)] },
            ReportPart { heading: Text::words("Samples"), blocks: vec![ReportBlock::Sample(entry(3, 1, 4))] },
        ],
    };
    let details = Details {
        name_in_title: Zeroizing::new("Robin Marlow".into()),
        born: Zeroizing::new("3 March 2018".into()),
        sender: Zeroizing::new("Jo Marlow\n14 Orchard Lane".into()),
        recipient: Zeroizing::new("Norbury County Council".into()),
        reference: Zeroizing::new("EHE/2018/0412".into()),
        educated_by: Zeroizing::new("Jo Marlow\nSam Marlow".into()),
    };
    let mut out = Vec::new();
    write_report_pdf(
        &paper,
        &details,
        &named("Robin"),
        PdfOptions::default(),
        &Grey,
        &mut out,
        &NoProgress,
        &Cancel::new(),
    )
    .unwrap();
    let file = Parsed::load_mem(&out).unwrap();
    let pages = count_report_pages(&paper, &details, &named("Robin"), PdfOptions::default()).unwrap().pages;
    assert_eq!(usize::try_from(pages).unwrap(), file.get_pages().len());
    assert!(pages > 3 && !out.windows(4).any(|four| four == b"Bean"));
    let headers = dictionaries(&file).filter(|(_, one)| is(one, b"S", b"TH")).count();
    assert_eq!(headers, 3 + 120, "a header on every page is read aloud once");
}

#[test]
fn a_book_has_square_pages_with_bleed_and_its_numbers_stand_outside() {
    let mut portfolio = portfolio("Bean", (0..9).map(|n| entry(n, 1, n % 6)).collect());
    portfolio.entries[3].parts.push(Part::Words(Text::words("word ".repeat(3_000))));
    let options = PdfOptions { paper: Paper::Book, comfort: false };
    let file = Parsed::load_mem(&written(&portfolio, &named("Zoë"), options)).unwrap();
    let pages = file.get_pages();
    let counted = count_pages(&portfolio, &named("Zoë"), options).unwrap();
    assert_eq!(usize::try_from(counted.pages).unwrap(), pages.len());
    let side = |page: ObjectId, key: &[u8]| -> Vec<i64> {
        let sides = file.get_dictionary(page).unwrap().get(key).and_then(Object::as_array).unwrap();
        sides.iter().map(|side| (side.as_float().unwrap() * 25.4 / 72.0).round() as i64).collect()
    };
    let number_at = |page: ObjectId| {
        let content = lopdf::content::Content::decode(&file.get_page_content(page)).unwrap();
        let footer = content.operations.iter().rposition(|one| one.operator == "BDC").unwrap();
        let places = content.operations[footer..].iter().filter(|one| one.operator == "Tm");
        places.map(|one| one.operands[4].as_float().unwrap() * 25.4 / 72.0).collect::<Vec<f32>>()
    };
    for (number, page) in pages {
        assert_eq!(
            (side(page, b"MediaBox"), side(page, b"TrimBox")),
            (vec![0, 0, 216, 216], vec![3, 3, 213, 213])
        );
        if number > 1 && number % 2 == 0 {
            assert!(
                (number_at(page)[0] - 21.0).abs() < 0.1,
                "a left page, 18 mm from its outer edge: {:?}",
                number_at(page)
            );
        } else if number > 1 {
            assert!(number_at(page).last().unwrap() > &185.0, "{:?}", number_at(page));
        }
    }
    let names = Renaming::none().of(&portfolio.cast);
    let look = options.look(&names);
    let mut sink = Inside(0, look.sheet.room());
    lay(
        &Book(&portfolio),
        look,
        &mut Fonts::new(),
        &document::Places::default(),
        &mut sink,
        &Cancel::default(),
    )
    .unwrap();
}

#[test]
fn a_books_photos_begin_a_page_unless_the_page_before_would_be_nearly_empty() {
    let mut portfolio = portfolio("Bean", vec![entry(1, 1, 0), entry(2, 1, 2), entry(3, 1, 2)]);
    portfolio.entries[0].parts.clear();
    let names = Renaming::none().of(&portfolio.cast);
    let look = PdfOptions { paper: Paper::Book, comfort: false }.look(&names);
    let places = count(&Book(&portfolio), look, &mut Fonts::new(), &Cancel::default()).unwrap();
    let pages = [1, 2, 3].map(|number| places.page(piece::Target::Part(number)));
    assert_eq!(
        pages,
        [2, 2, 3],
        "a title alone shares a page with photos, and two entries with photos share none"
    );
}
