//! What can't be opened, what was damaged, what a restored server lost.

use super::*;

#[tokio::test]
async fn waiting_records_are_sealed_again_when_the_key_was_renewed() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    memory(&server).epoch = 2;
    ann.log.keys.lock().unwrap().insert(2, [2; 32]);
    ann.sync().await;
    assert_eq!(ann.dirty(), 0);
    assert_eq!(memory(&server).rows[&rid(1)].epoch, 2);
}

#[tokio::test]
async fn a_flipped_bit_is_refused_and_a_phone_with_the_good_version_puts_it_back() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    let good = memory(&server).rows[&rid(1)].ciphertext.clone();
    // In the epoch, the nonce, the ciphertext and the tag. Version and suite are no damage: `quarantine` has them.
    for bit in [17, 60, 8 * 200, 8 * good.len() - 1] {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        memory(&server).put(rid(1), 1, bad);
        // A phone that has no good version lays it aside.
        ben.sync().await;
        assert!(ben.doc(rid(1)).is_none(), "bit {bit}");
        assert_eq!(ben.client.overview().unwrap().quarantined, 1);
        ann.sync().await;
        ann.sync().await;
        let healed = Phone::new(&server, 3);
        healed.sync().await;
        assert_eq!(healed.note(rid(1)), "pond", "bit {bit}");
    }
    assert_eq!(ann.client.report().healed, 4);
    ben.sync().await;
    assert_eq!(ben.note(rid(1)), "pond");
    assert_eq!(ben.client.overview().unwrap().quarantined, 0);
}

#[tokio::test]
async fn after_a_restore_the_phones_put_back_what_the_server_lost() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    for number in 1..=20 {
        ann.write(rid(number), "first");
    }
    ann.sync().await;
    ben.sync().await;
    let backup = memory(&server).clone();
    ann.write(rid(3), "first, edited by Ann");
    ben.write(rid(4), "first, edited by Ben");
    ann.write(rid(21), "new");
    for phone in [&ann, &ben, &ann] {
        phone.sync().await;
    }
    *memory(&server) = Memory { incarnation: [2; 16], ..backup };
    // Before they meet the restored server, both go on writing.
    ann.write(rid(4), "first, edited by Ben and Ann");
    ben.write(rid(22), "offline");
    for phone in [&ann, &ben, &ann, &ben] {
        phone.sync().await;
    }
    let carol = Phone::new(&server, 3);
    carol.sync().await;
    for phone in [&ann, &ben, &carol] {
        assert_eq!(phone.note(rid(3)), "first, edited by Ann");
        assert_eq!(phone.note(rid(4)), "first, edited by Ben and Ann");
        assert_eq!((phone.note(rid(21)), phone.note(rid(22))), ("new".into(), "offline".into()));
        assert_eq!(phone.dirty(), 0);
    }
    assert_eq!(ann.client.report().repairs, 1);
}

#[tokio::test]
async fn an_emptied_server_deletes_nothing() {
    let server = server();
    let ann = Phone::new(&server, 1);
    for number in 1..=5 {
        ann.write(rid(number), "kept");
    }
    ann.sync().await;
    *memory(&server) = Memory { incarnation: [2; 16], ..Memory::default() };
    ann.sync().await;
    ann.sync().await;
    assert_eq!(memory(&server).rows.len(), 5);
    assert!((1..=5).all(|number| ann.note(rid(number)) == "kept"));
}

#[tokio::test]
async fn a_check_finds_a_row_that_was_dropped_and_one_that_was_put_back() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "one");
    ann.write(rid(2), "two");
    ann.sync().await;
    let old = memory(&server).rows[&rid(2)].clone();
    ann.write(rid(2), "two, later");
    ann.sync().await;
    {
        let mut memory = memory(&server);
        memory.rows.remove(&rid(1));
        memory.rows.insert(rid(2), old);
    }
    ann.client.check(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    ben.sync().await;
    assert_eq!((ben.note(rid(1)), ben.note(rid(2))), ("one".into(), "two, later".into()));
}

#[tokio::test]
async fn a_field_of_a_newer_app_is_carried_bit_by_bit() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    let unknown = Value::Other(vec![0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    ann.edit(rid(1), |doc, stamper| {
        doc.set(90_001, unknown.clone(), stamper);
        doc.edit_text(NOTE, None, "pond", stamper).unwrap();
    });
    ann.sync().await;
    ben.sync().await;
    ben.write(rid(1), "pond life");
    ben.sync().await;
    ann.sync().await;
    assert_eq!(ann.doc(rid(1)).unwrap().register(90_001), Some(&unknown));
    assert_eq!(ann.note(rid(1)), "pond life");
    assert_eq!(sha256(&ann.doc(rid(1)).unwrap().encode()), sha256(&ben.doc(rid(1)).unwrap().encode()));
}

#[tokio::test]
async fn a_full_disk_is_an_error_that_loses_nothing_and_works_again_when_there_is_room() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    for number in 1..=200 {
        // Nothing that deflates to next to nothing.
        let note: Vec<String> = (0..16).map(|part| sha256(&[number, part]).to_string()).collect();
        ann.write(rid(number), &note.concat());
    }
    ann.sync().await;
    ben.write(rid(201), "ben's own");
    memory(&server).page = 20;
    let limit = |pages: u32| {
        let set = format!("PRAGMA max_page_count = {pages}");
        ben.context.storage.write(|tx| Ok(tx.query_row(&set, [], |_| Ok(()))?)).unwrap();
    };
    // As many pages as there are now and a few more: a disk that fills up in the middle of the pull.
    let pages: u32 =
        ben.context.storage.read(|tx| Ok(tx.query_row("PRAGMA page_count", [], |row| row.get(0))?)).unwrap();
    limit(pages + 15);
    assert_eq!(ben.try_sync().await.unwrap_err(), Error::StorageFull);
    assert_eq!(ben.note(rid(201)), "ben's own");
    let here = (1..=200).filter(|number| ben.doc(rid(*number)).is_some()).count();
    assert!((1..200).contains(&here), "{here} came before the disk was full");
    limit(1_000_000);
    ben.sync().await;
    assert!((1..=200).all(|number| ben.doc(rid(number)).is_some()));
    ann.sync().await;
    assert_eq!(ann.note(rid(201)), "ben's own");
}

#[tokio::test]
async fn a_checkpoint_that_a_newer_app_wrote_is_in_no_digest() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.clock.advance(1000);
    ann.context.edit(|edit| edit.save(rid(2), &Document::new(Kind::Checkpoint))).unwrap();
    memory(&server).checkpoints.insert(rid(2));
    for phone in [&ann, &ben] {
        phone.sync().await;
        let asked = memory(&server).log.len();
        phone.client.check(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
        let log = memory(&server).log.split_off(asked);
        assert!(log.iter().all(|request| !request.contains("bucket")), "{log:?}");
        assert_eq!(phone.dirty(), 0);
    }
}
