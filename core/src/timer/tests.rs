//! What the timer promises: one on a phone, minutes that are sure, and a word where they are not.

use super::*;
use crate::client::{Client, ClientConfig};
use crate::clock::{Clock, FixedClock, SeededRandomness};
use crate::entries::tests::{Phone, draft};
use crate::host::MemorySecretStore;

const MIN: i64 = 60_000;

/// Lets both clocks run.
fn pass(phone: &Phone, steady: &mut i64, ms: i64) {
    phone.clock.advance(ms);
    *steady += ms;
}

#[test]
fn start_pause_and_stop_put_minutes_into_a_draft_or_into_its_entry() {
    let phone = Phone::new(1);
    let timer = phone.client.timer();
    let mut steady = 5_000;
    assert_eq!(timer.state(Some(steady)).unwrap(), None);
    assert_eq!(timer.stop("2026-05-04", Some(steady)).unwrap_err(), Error::NotFound("timer"));
    timer.start(None, Some(steady)).unwrap();
    assert!(timer.start(None, Some(steady)).is_err(), "there is one on a phone");
    pass(&phone, &mut steady, 20 * MIN);
    assert_eq!(timer.pause(Some(steady)).unwrap().ms, 20 * MIN);
    pass(&phone, &mut steady, 45 * MIN);
    assert_eq!(timer.pause(Some(steady)).unwrap().ms, 20 * MIN, "a pause counts nothing");
    timer.resume(Some(steady)).unwrap();
    pass(&phone, &mut steady, 10 * MIN + 31_000);
    assert!(timer.stop("4 May", Some(steady)).is_err());
    let stopped = timer.stop("2026-05-04", Some(steady)).unwrap();
    assert_eq!((stopped.minutes, stopped.doubtful), (31, false));
    assert_eq!((stopped.entry.minutes, stopped.entry.on_record), (Some(31), false));
    assert_eq!(timer.state(Some(steady)).unwrap(), None);
    // Into an entry that has minutes already.
    let pond = phone.create(EntryDraft { minutes: Some(15), ..draft("Pond", "2026-05-03") });
    timer.start(Some(pond.id), Some(steady)).unwrap();
    pass(&phone, &mut steady, 5 * MIN);
    assert_eq!(timer.stop("2026-05-04", Some(steady)).unwrap().entry.minutes, Some(20));
    // Its entry went into the trash meanwhile: nothing is lost, nothing comes back.
    timer.start(Some(pond.id), Some(steady)).unwrap();
    phone.client.entries().trash(pond.id).unwrap();
    pass(&phone, &mut steady, 5 * MIN);
    let stopped = timer.stop("2026-05-04", Some(steady)).unwrap();
    assert_ne!(stopped.entry.id, pond.id);
    assert_eq!(stopped.entry.minutes, Some(5));
    timer.start(None, None).unwrap();
    timer.discard().unwrap();
    assert_eq!(timer.state(None).unwrap(), None);
    assert_eq!(timer.start(Some(EntryId([9; 16])), None).unwrap_err(), Error::NotFound("entry"));
}

#[test]
fn a_changed_clock_or_a_restart_of_the_phone_invents_no_minutes_and_is_told() {
    let phone = Phone::new(1);
    let timer = phone.client.timer();
    let seen = |wall: i64, steady_began: Option<i64>, steady_now: Option<i64>| {
        timer.start(None, steady_began).unwrap();
        phone.clock.advance(wall);
        let state = timer.state(steady_now).unwrap().unwrap();
        timer.discard().unwrap();
        (state.ms / MIN, state.doubtful)
    };
    assert_eq!(seen(30 * MIN, Some(1_000), Some(1_000 + 30 * MIN)), (30, false));
    assert_eq!(seen(150 * MIN, Some(1_000), Some(1_000 + 30 * MIN)), (30, true), "set forwards");
    assert_eq!(seen(-90 * MIN, Some(1_000), Some(1_000 + 30 * MIN)), (0, true), "set backwards");
    assert_eq!(seen(30 * MIN, Some(900 * MIN), Some(5 * MIN)), (30, true), "started anew");
    assert_eq!(seen(30 * MIN, None, None), (30, false));
    assert_eq!(seen(-30 * MIN, None, None), (0, true));
    assert_eq!(seen(60 * 24 * 9 * MIN, Some(0), Some(60 * 24 * 9 * MIN)), (24 * 60, true), "forgotten");
    // The doubt of an earlier stretch stays.
    timer.start(None, Some(0)).unwrap();
    phone.clock.advance(90 * MIN);
    assert!(timer.pause(Some(10 * MIN)).unwrap().doubtful);
    timer.resume(Some(10 * MIN)).unwrap();
    phone.clock.advance(5 * MIN);
    let stopped = timer.stop("2026-05-04", Some(15 * MIN)).unwrap();
    assert_eq!((stopped.minutes, stopped.doubtful), (15, true));
}

#[test]
fn the_timer_goes_on_after_the_app_was_killed_and_is_in_no_record() {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Arc::new(MemorySecretStore::default());
    let clock = Arc::new(FixedClock::at(1_780_000_000_000));
    let open = |seed| {
        let config = ClientConfig { dir: dir.path().to_path_buf(), device_name: "phone".into() };
        let random = Arc::new(SeededRandomness::new(seed));
        Client::open(config, secrets.clone(), None, None, clock.clone(), random).unwrap()
    };
    open(1).timer().start(None, Some(7)).unwrap();
    clock.set(clock.now_ms() + 12 * MIN);
    let client = open(2);
    let state = client.timer().state(Some(7 + 12 * MIN)).unwrap().unwrap();
    assert_eq!((state.running, state.ms, state.doubtful), (true, 12 * MIN, false));
    let records = client.timer().context.storage.read(crate::records::all).unwrap();
    assert_eq!(records, []);
}

#[test]
fn a_timer_is_not_started_for_what_lies_in_the_trash() {
    let phone = Phone::new(1);
    let entry = phone.create(draft("Pond", "2026-05-03")).id;
    phone.client.entries().trash(entry).unwrap();
    assert!(matches!(phone.client.timer().start(Some(entry), None), Err(Error::InvalidInput(_))));
    assert_eq!(phone.client.timer().state(None).unwrap(), None);
}
