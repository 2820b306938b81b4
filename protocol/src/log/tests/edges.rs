//! Where the membership log begins and ends: its first entry, its limits, what the recovery key may not take away.

use super::*;
use crate::limits;

#[test]
fn the_recovery_key_leaves_a_parent_and_itself_in_place() {
    let share = SpaceId([0x51; 16]);
    let (_, log) = household();
    let by_paper = |changes, co: Option<&SigningKey>| {
        Entry::sign(body(Some(&log), Signer::Recovery(public(100)), changes), &key(100), co)
    };
    let both = Change::RemoveDevices(vec![device(1), device(2)]);
    refused(
        &log,
        by_paper(vec![both, epoch(SPACE, 2), epoch(share, 2)], None),
        "parent's device must remain",
    );
    refused(&log, by_paper(vec![Change::ClearRecovery], None), "own signer");
    refused(&log, by_paper(vec![recovery(101)], Some(&key(101))), "own signer");
}

#[test]
fn each_limit_is_reached_and_not_passed() {
    let log = founded();
    let many = |count| vec![Change::ClearRecovery; count];
    refused(&log, next(&log, 1, many(limits::LOG_CHANGES + 1)), "too many changes");
    refused(&log, next(&log, 1, many(limits::LOG_CHANGES)), "clears the recovery key once");

    let head = |head_seq| match epoch(SPACE, 2) {
        Change::Epoch(new) => vec![Change::Epoch(Epoch { head_seq, ..new })],
        other => vec![other],
    };
    refused(&log, next(&log, 1, head(limits::SEQ)), "head is out of range");
    log.clone().apply(&next(&log, 1, head(limits::SEQ - 1))).unwrap();

    let space =
        |number: usize| SpaceId([(number & 0xff) as u8, (number >> 8) as u8].repeat(8).try_into().unwrap());
    let mut full = log.clone();
    let spaces: Vec<Change> = (1..limits::SPACES).map(|number| epoch(space(number), 1)).collect();
    full.apply(&next(&full, 1, spaces)).unwrap();
    assert_eq!(full.open_spaces().count(), limits::SPACES);
    refused(&full, next(&full, 1, vec![epoch(space(limits::SPACES), 1)]), "too many spaces");
    let one_ends = vec![Change::EndShare(space(1)), epoch(space(limits::SPACES), 1)];
    full.apply(&next(&full, 1, one_ends)).unwrap();

    let phone = |number: usize| {
        let id: [u8; 16] = space(number).0;
        let sign_pk = SigningKey::from_bytes(&[id, [0xd0; 16]].concat().try_into().unwrap()).verifying_key();
        let (member, kem_pk) = (MemberId([1; 16]), [id, [0xe0; 16]].concat().try_into().unwrap());
        let (device, sign_pk) = (DeviceId(id), sign_pk.to_bytes());
        vec![Change::AddDevice(AddDevice { device, member, role: Role::Parent, kem_pk, sign_pk })]
    };
    let mut full = log.clone();
    for number in 1..limits::DEVICES {
        full.apply(&next(&full, 1, phone(0x1000 + number))).unwrap();
    }
    assert_eq!(full.enrolled().count(), limits::DEVICES);
    refused(&full, next(&full, 1, phone(0x2000)), "too many devices");
    let one_leaves = vec![Change::RemoveDevices(vec![DeviceId(space(0x1001).0)]), epoch(SPACE, 2)];
    full.apply(&next(&full, 1, [one_leaves, phone(0x2000)].concat())).unwrap();
}

#[test]
fn an_entry_larger_than_the_limit_is_not_read() {
    let log = founded();
    let of = |devices: usize| encode(&next(&log, 1, vec![Change::RemoveDevices(vec![device(2); devices])]));
    let most = (limits::LOG_ENTRY - 150) / 17;
    assert!(decode::<Entry>(&of(most)).is_ok());
    assert_eq!(decode::<Entry>(&of(most + 20)), Err(Error::Malformed("size of a log entry")));
}

#[test]
fn a_key_that_is_no_point_of_the_curve_is_refused() {
    let log = founded();
    let mut no_key = add(4, 4, Role::Parent);
    if let Change::AddDevice(add) = &mut no_key {
        add.sign_pk = [2; 32];
    }
    refused(&log, next(&log, 1, vec![no_key]), "not a signing key");
}

#[test]
fn a_log_begins_with_its_founder_and_nothing_else() {
    let right = || vec![Change::Found(SPACE), add(1, 1, Role::Parent), epoch(SPACE, 1)];
    let by_founder = |changes| Entry::sign(body(None, Signer::Device(device(1)), changes), &key(1), None);
    let of = |change: fn(&mut Body)| {
        let mut body = body(None, Signer::Device(device(1)), right());
        change(&mut body);
        Entry::sign(body, &key(1), None)
    };
    let co_signed = Entry::sign(body(None, Signer::Device(device(1)), right()), &key(1), Some(&key(100)));
    let twice = match add(1, 1, Role::Parent) {
        Change::AddDevice(add) => Change::AddDevice(AddDevice { kem_pk: add.sign_pk, ..add }),
        other => other,
    };
    for (entry, why) in [
        (by_founder(vec![]), "entry 1 must found"),
        (by_founder([right(), vec![epoch(SPACE, 2)]].concat()), "entry 1 must found"),
        (
            by_founder(vec![add(1, 1, Role::Parent), Change::Found(SPACE), epoch(SPACE, 1)]),
            "entry 1 must found",
        ),
        (of(|body| body.number = 2), "number 1 after nothing"),
        (of(|body| body.previous = Hash32([1; 32])), "number 1 after nothing"),
        (of(|body| body.signer = Signer::Device(device(2))), "must be a parent and sign"),
        (of(|body| body.signer = Signer::Recovery(public(1))), "must be a parent and sign"),
        (
            by_founder(vec![Change::Found(SPACE), add(1, 1, Role::Share(SPACE)), epoch(SPACE, 1)]),
            "must be a parent and sign",
        ),
        (
            by_founder(vec![Change::Found(SPACE), add(1, 1, Role::Parent), epoch(SpaceId([1; 16]), 1)]),
            "open the family space",
        ),
        (co_signed, "open the family space"),
        (
            by_founder(vec![Change::Found(SPACE), add(1, 1, Role::Parent), epoch(SPACE, 2)]),
            "one more than the last",
        ),
        (by_founder(vec![Change::Found(SPACE), twice, epoch(SPACE, 1)]), "never used twice"),
    ] {
        match Log::found(&entry) {
            Err(Error::Log(reason)) => assert!(reason.contains(why), "refused for another reason: {reason}"),
            other => panic!("should be refused ({why}): {other:?}"),
        }
    }
    let forged = Entry::sign(body(None, Signer::Device(device(1)), right()), &key(2), None);
    assert_eq!(Log::found(&forged), Err(Error::Signature));
}
