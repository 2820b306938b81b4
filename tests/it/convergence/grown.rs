//! A seeded family of size S, through the real server on either engine, is the same on a second phone.

use support::family::{Size, grown, plant};
use support::line::Line;
use support::on_each_engine;
use support::phone::{PASSWORD, Phone};
use support::server::InProcess;

on_each_engine!(ten_years_of_a_grown_family_are_the_same_on_a_second_phone,);

async fn ten_years_of_a_grown_family_are_the_same_on_a_second_phone(server: &InProcess) {
    let family = grown(Size::Small, 11).with_photos(2);

    let one = Phone::new("one", Line::to(server.router()));
    let planted = plant(one.client(), &family).unwrap();
    assert_eq!((planted.entries.len(), planted.photos), (Size::Small.entries(), 6));
    let mut browser = server.browser();
    one.found_family(&mut browser, server.base(), "ann@example.org", &server.mail()).await;
    let report = one.sync().await;
    assert!(report.pushed >= Size::Small.entries() as u64);
    let two = Phone::new("two", Line::to(server.router()));
    let mut browser = server.browser();
    browser.register("ben@example.org", PASSWORD, &server.mail()).await;
    two.authorize(&mut browser, server.base()).await;
    two.join(&one).await;
    two.sync().await;
    assert_eq!(two.content(), one.content());
    for entry in planted.entries.iter().rev().take(2) {
        let photos = one.client().attachments().list(*entry).unwrap();
        assert_eq!((photos.len(), &photos), (3, &two.client().attachments().list(*entry).unwrap()));
    }
}
