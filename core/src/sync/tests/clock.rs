//! A wrong clock: learnt from the server, told, and put right in what nobody else has seen yet.

use super::*;

/// An hour before what the phones' clocks show.
const HOUR_BEHIND: &str = "Tue, 14 Nov 2023 21:13:20 GMT";

fn trashed(phone: &Phone, number: u8) -> i64 {
    phone.doc(rid(number)).unwrap().trashed_at_ms().unwrap()
}

fn trash(phone: &Phone, number: u8) {
    phone.title(rid(number), "Frogs");
    phone.edit(rid(number), |doc, stamper| {
        doc.set_trashed(true, stamper);
    });
}

fn offset(phone: &Phone) -> i64 {
    phone.context.storage.read(records::seen_clock_offset).unwrap().unwrap()
}

#[tokio::test]
async fn the_clock_is_corrected_by_the_servers_date() {
    let server = server();
    let ann = Phone::new(&server, 1);
    memory(&server).date = Some("Tue, 14 Nov 2023 23:13:20 GMT".into());
    ann.sync().await;
    let offset = ann.context.storage.read(records::clock_offset).unwrap();
    assert_eq!(offset, 3_600_500);
    assert_eq!(ann.client.overview().unwrap().clock_off_ms, offset);
}

#[tokio::test]
async fn what_a_wrong_clock_wrote_before_the_first_sync_gets_the_stamps_of_a_right_one() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    trash(&ann, 1);
    let before = trashed(&ann, 1);
    memory(&server).date = Some(HOUR_BEHIND.into());
    ann.sync().await;
    assert!((-3_610_000..-3_590_000).contains(&offset(&ann)));
    assert_eq!(trashed(&ann, 1), before + offset(&ann));
    assert!(ann.shown.0.lock().unwrap().contains(&rid(1)), "screens show when it was put there");
    ben.sync().await;
    assert_eq!(ben.doc(rid(1)), ann.doc(rid(1)), "before anybody else saw them");
    // Known from then on: neither this one nor a change of the offset moves what is written later.
    trash(&ann, 2);
    let (later, first) = (trashed(&ann, 2), trashed(&ann, 1));
    memory(&server).date = Some("Tue, 14 Nov 2023 20:13:20 GMT".into());
    ann.sync().await;
    assert_eq!((trashed(&ann, 1), trashed(&ann, 2)), (first, later));
}

#[tokio::test]
async fn a_right_clock_is_not_moved_by_the_seconds_that_a_date_leaves_out() {
    let server = server();
    for (phone, date) in [(1, "22:13:20"), (2, "22:13:22"), (3, "22:13:18")] {
        let phone = Phone::new(&server, phone);
        memory(&server).date = Some(format!("Tue, 14 Nov 2023 {date} GMT"));
        phone.sync().await;
        assert_eq!(offset(&phone), 0, "{date}");
    }
}

#[tokio::test]
async fn a_clock_that_is_days_off_is_told_and_changes_nothing() {
    let server = server();
    let ann = Phone::new(&server, 1);
    trash(&ann, 1);
    let before = trashed(&ann, 1);
    memory(&server).date = Some("Tue, 21 Nov 2023 22:13:20 GMT".into());
    ann.sync().await;
    assert_eq!(trashed(&ann, 1), before);
    assert_eq!(ann.context.storage.read(records::clock_offset).unwrap(), 0);
    assert!(ann.client.overview().unwrap().clock_off_ms > 6 * 24 * 3_600_000);
}
