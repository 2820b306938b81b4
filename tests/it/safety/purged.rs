//! What was deleted for good comes back from the server for 14 days, photo and all, and is nowhere after them.

use std::path::Path;
use std::sync::Arc;

use kinfolio_core::Error;
use kinfolio_core::attachments::{ImportSource, Size};
use kinfolio_core::ids::EntryId;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_server::clock::{Clock as _, FixedClock, SystemClock};
use kinfolio_server::sweep;
use support::engine::Engine;
use support::line::Line;
use support::on_each_engine;
use support::phone::Phone;
use support::server::InProcess;

use super::{entry, meet};

on_each_engine!(
    a_purged_entry_and_its_photo_come_back_on_every_phone,
    what_nobody_brings_back_is_gone_from_the_server_after_14_days,
);

const DAY_S: i64 = 86_400;

/// A server whose clock the test moves, two phones of one family, and an entry with a photo on both.
async fn family(engine: &Engine) -> (InProcess, Arc<FixedClock>, [Phone; 2], EntryId, Vec<u8>) {
    let clock = Arc::new(FixedClock::at(SystemClock.now_us()));
    let server = engine.server_at(&clock).await;
    let phones = ["Ann's phone", "Ben's phone"].map(|name| Phone::new(name, Line::to(server.router())));
    let mut browser = server.browser();
    phones[0].found_family(&mut browser, server.base(), "ann@example.org", &server.mail()).await;
    phones[1].authorize(&mut browser, server.base()).await;
    phones[1].join(&phones[0]).await;
    let made = entry(&phones[0], "A cat.", &[]).id;
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/photos/cat.jpg");
    let source = ImportSource::Bytes(std::fs::read(photo).expect("a photo"));
    let attachments = phones[0].client().attachments();
    let taken = attachments.import(made, source, "", "", &Cancel::new(), &NoProgress).expect("a photo");
    meet(&phones).await;
    let picture = attachments.read(taken.id, Size::Display).expect("a picture");
    (server, clock, phones, made, picture)
}

async fn days_go_by(server: &InProcess, clock: &FixedClock, phones: &[Phone; 2], days: i64) {
    for _ in 0..days {
        clock.advance(DAY_S);
        phones.iter().for_each(|phone| phone.clock().advance(DAY_S * 1_000));
        phones[1].sync().await;
        phones[0].sync().await;
    }
    sweep::every_family(&server.state.downgrade()).await.expect("swept");
}

fn purge(phone: &Phone, made: EntryId) {
    phone.client().entries().trash(made).expect("thrown away");
    phone.client().trash().purge(&[made.into()], 1).expect("destroyed");
}

/// Files in the server's blob folder, the parts that lie in it.
fn parts(folder: &Path) -> usize {
    let Ok(found) = std::fs::read_dir(folder) else { return 0 };
    let inside = |path: &Path| if path.is_dir() { parts(path) } else { 1 };
    found.map(|one| inside(&one.expect("a file").path())).sum()
}

async fn a_purged_entry_and_its_photo_come_back_on_every_phone(engine: &Engine) {
    let (server, clock, phones, made, picture) = family(engine).await;
    let [ann, ben] = &phones;
    purge(ben, made);
    meet(&phones).await;
    days_go_by(&server, &clock, &phones, 10).await;
    let listed = ann.client().sync().purged(false).await.expect("asked");
    assert_eq!(listed.iter().map(|one| (one.id, one.title.as_str())).collect::<Vec<_>>(), [(made.0, "Pond")]);
    let now_ms = clock.now_us() / 1_000;
    assert!(listed[0].goes_at > now_ms && listed[0].goes_at < now_ms + 5 * DAY_S * 1_000);
    let back = ann.client().sync().bring_back(&[made.into()]).await.expect("brought back");
    meet(&phones).await;
    days_go_by(&server, &clock, &phones, 10).await;
    for phone in &phones {
        let back = EntryId(back[0].0);
        assert_eq!(phone.client().entries().get(back).expect("there").note, "A cat.", "{}", phone.name());
        let photos = phone.client().attachments().list(back).expect("read");
        let read = phone.client().attachments().read(photos[0].id, Size::Display).expect("a picture");
        assert!(read == picture, "{}", phone.name());
        assert!(phone.client().entries().get(made).is_err(), "the tombstone stands");
    }
    assert_eq!(parts(&server.data().join("blobs")), 2);
    assert!(ben.client().sync().purged(false).await.expect("asked").is_empty());
}

async fn what_nobody_brings_back_is_gone_from_the_server_after_14_days(engine: &Engine) {
    let (server, clock, phones, made, _) = family(engine).await;
    purge(&phones[0], made);
    meet(&phones).await;
    assert_eq!(parts(&server.data().join("blobs")), 2, "the photo waits");
    days_go_by(&server, &clock, &phones, 15).await;
    assert_eq!(parts(&server.data().join("blobs")), 0);
    for phone in &phones {
        assert!(phone.client().sync().purged(false).await.expect("asked").is_empty());
        let gone = phone.client().sync().bring_back(&[made.into()]).await;
        assert_eq!(gone, Err(Error::NotFound("deleted thing")));
        assert_eq!(phone.client().sync().overview().expect("read").waiting_records, 0);
    }
}
