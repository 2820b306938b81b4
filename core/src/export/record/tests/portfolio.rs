//! What a portfolio does about photos that are not there, and about books.

use super::*;
use crate::export::{Format, PortfolioRequest};

#[test]
fn a_photo_that_is_missing_is_named_by_its_day_and_a_portfolio_can_go_on_without_it() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let (export, path) = (phone.client.export(), dir.path().join("portfolio"));
    let learner = phone.client.learners().list().unwrap()[0].id;
    let mut blobs: Vec<_> =
        std::fs::read_dir(phone.context().blob_folder()).unwrap().map(|blob| blob.unwrap().path()).collect();
    blobs.sort();
    // One photo is gone, and one is not what was kept.
    for (nth, damaged) in blobs.chunks(2).enumerate() {
        for blob in damaged {
            if nth == 0 {
                std::fs::remove_file(blob).unwrap()
            } else {
                std::fs::write(blob, b"not it").unwrap()
            }
        }
    }
    for format in [Format::Html, Format::Docx, Format::Pdf] {
        let mut request =
            PortfolioRequest { format, ..PortfolioRequest::new(learner, "2026-01-01", "2026-12-31") };
        let write = |request: &PortfolioRequest| {
            export.write_portfolio(request, &Renaming::none(), &path, &NoProgress, &Cancel::new())
        };
        let refused = write(&request).unwrap_err();
        assert!(matches!(&refused, Error::InvalidInput(text) if text.contains("of 3 May 2026")), "{refused}");
        assert!(!path.exists());
        request.without_missing = true;
        assert!(write(&request).unwrap() > 1_000, "{format:?}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_portfolio_lists_every_book_of_its_days_from_the_first_to_the_newest() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let learner = phone.client.learners().list().unwrap()[0].id;
    for number in 1..=45 {
        let book = Reading {
            title: format!("Book & number {number:02}"),
            author: "Ada <3".into(),
            how: Some(crate::reading::How::Aloud),
            finished_on: Some(format!("2026-0{}-{:02}", 1 + number / 28, number % 28 + 1)),
            ..Default::default()
        };
        phone.client.shelf().add(&book).unwrap();
    }
    let path = dir.path().join("portfolio.html");
    let mut request = PortfolioRequest::new(learner, "2026-01-01", "2026-12-31");
    let written = |request: &PortfolioRequest| {
        let export = phone.client.export();
        export.write_portfolio(request, &Renaming::none(), &path, &NoProgress, &Cancel::new()).unwrap();
        std::fs::read_to_string(&path).unwrap()
    };
    let html = written(&request);
    let (_, list) = html.split_once("<h2 id=\"reading\">Reading list</h2>").unwrap();
    let places: Vec<usize> =
        (1..=45).map(|number| list.find(&format!("Book &amp; number {number:02}")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(list.matches("read aloud").count(), 45);
    request.reading = false;
    assert!(!written(&request).contains("Book &amp; number"));
}
