//! A server that is killed while phones purge and bring back, and a phone that dies beside it: no purge and no way back is
//! left half done.

use std::sync::Arc;
use std::time::Duration;

use kinfolio_core::attachments::{ImportSource, Size};
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::http::Reqwest;
use kinfolio_core::ids::EntryId;
use kinfolio_core::progress::{Cancel, NoProgress};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::browser::Browser;
use support::phone::Phone;
use tempfile::TempDir;

use super::serve;

/// Kills in one run; half of them while something is purged, half while it is brought back.
const KILLS: usize = 16;

fn photographed(phone: &Phone) -> EntryId {
    let draft = EntryDraft {
        title: "Cat".into(),
        learned_on: "2026-05-03".into(),
        on_record: true,
        ..EntryDraft::default()
    };
    let entry = phone.client().entries().create(draft).expect("kept").id;
    let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/photos/cat.jpg");
    let source = ImportSource::Bytes(std::fs::read(photo).expect("a photo"));
    let attachments = phone.client().attachments();
    attachments.import(entry, source, "", "", &Cancel::new(), &NoProgress).expect("a photo");
    entry
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_while_phones_purge_and_bring_back_leaves_neither_half_done() {
    let mut random = StdRng::seed_from_u64(11);
    let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder");
    let mut server = serve(folder.path(), "127.0.0.1:0");
    let address = server.base().trim_start_matches("http://").to_owned();
    let mut phones = ["Ann", "Ben"].map(|name| Phone::in_files(name, Arc::new(Reqwest::default())));
    let mut browser = Browser::new(server.base());
    let base = server.base().to_owned();
    phones[0].found_family(&mut browser, &base, "ann@example.org", &folder.path().join("mail")).await;
    phones[1].authorize(&mut browser, &base).await;
    phones[1].join(&phones[0]).await;
    let mut entry = photographed(&phones[0]);
    phones[0].sync().await;
    for kill in 0..KILLS {
        let after = Duration::from_micros(random.random_range(0..40_000));
        let purging = kill % 2 == 0;
        if purging {
            phones[0].client().entries().trash(entry).expect("thrown away");
            phones[0].client().trash().purge(&[entry.into()], 1).expect("destroyed");
        }
        let phone = &phones[0];
        let working = async {
            if purging {
                drop(phone.try_sync().await);
                return None;
            }
            phone.client().sync().bring_back(&[entry.into()]).await.ok()
        };
        let killing = async {
            tokio::time::sleep(after).await;
            server.kill();
        };
        let (mut back, ()) = tokio::join!(working, killing);
        // The phone dies too, and both come back.
        phones[0].reopen();
        server = serve(folder.path(), &address);
        phones[0].sync().await;
        if !purging {
            if back.is_none() {
                back =
                    Some(phones[0].client().sync().bring_back(&[entry.into()]).await.expect("brought back"));
                phones[0].sync().await;
            }
            entry = EntryId(back.expect("brought back")[0].0);
        }
        phones[1].sync().await;
        for phone in &phones {
            let listed = phone.client().sync().purged(false).await.expect("asked");
            let there = phone.client().entries().get(entry).is_ok();
            assert_eq!(
                (there, listed.iter().any(|one| one.id == entry.0)),
                (!purging, purging),
                "kill {kill}"
            );
            if there {
                let [photo] = &phone.client().attachments().list(entry).expect("read")[..] else {
                    panic!("kill {kill}: one photo")
                };
                let picture = phone.client().attachments().read(photo.id, Size::Display);
                assert!(picture.is_ok(), "kill {kill}: {}", phone.name());
            }
        }
    }
}
