//! Promises of the membership log: every rule, every bent bit, the recovery anchor.

mod edges;

use super::*;
use crate::sign::SigningKey;
use crate::{DeviceId, Error, FamilyId, Hash32, MemberId, SpaceId, decode, encode};

const FAMILY: FamilyId = FamilyId([0xfa; 16]);
const SPACE: SpaceId = SpaceId([0x50; 16]);

pub(super) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(super) fn public(seed: u8) -> [u8; 32] {
    key(seed).verifying_key().to_bytes()
}

pub(super) fn device(seed: u8) -> DeviceId {
    DeviceId([seed; 16])
}

pub(super) fn add(seed: u8, member: u8, role: Role) -> Change {
    Change::AddDevice(AddDevice {
        device: device(seed),
        member: MemberId([member; 16]),
        role,
        kem_pk: [seed; 32],
        sign_pk: public(seed),
    })
}

pub(super) fn epoch(space: SpaceId, epoch: u32) -> Change {
    Change::Epoch(Epoch { space, epoch, commitment: Hash32([epoch as u8; 32]), head_seq: 7 })
}

/// A set of the recovery key whose seed is `seed`.
pub(super) fn recovery(seed: u8) -> Change {
    Change::SetRecovery(SetRecovery { kem_pk: [seed; 32], sign_pk: public(seed) })
}

pub(super) fn body(log: Option<&Log>, signer: Signer, changes: Vec<Change>) -> Body {
    Body {
        family: FAMILY,
        number: log.map_or(0, Log::length) + 1,
        previous: log.map_or(Hash32::ZERO, |log| log.head().hash),
        changes,
        keyring: Hash32([0x11; 32]),
        signer,
    }
}

/// The next entry, signed by the device of this seed, co-signed by a new recovery key if there is one.
fn next(log: &Log, seed: u8, changes: Vec<Change>) -> Entry {
    let co = changes.iter().find_map(|change| match change {
        Change::SetRecovery(set) => (0..=255).map(key).find(|k| k.verifying_key().to_bytes() == set.sign_pk),
        _ => None,
    });
    Entry::sign(body(Some(log), Signer::Device(device(seed)), changes), &key(seed), co.as_ref())
}

pub(super) fn founding() -> Entry {
    let changes = vec![Change::Found(SPACE), add(1, 1, Role::Parent), epoch(SPACE, 1)];
    Entry::sign(body(None, Signer::Device(device(1)), changes), &key(1), None)
}

pub(super) fn founded() -> Log {
    Log::found(&founding()).unwrap()
}

/// Ann's phone 1, Ben's phone 2, a tutor's phone 3 with a share, a recovery key 100.
fn household() -> (Vec<Entry>, Log) {
    let share = SpaceId([0x51; 16]);
    let mut entries = vec![founding()];
    let mut log = founded();
    for changes in [
        vec![add(2, 2, Role::Parent)],
        vec![epoch(share, 1)],
        vec![add(3, 3, Role::Share(share))],
        vec![recovery(100)],
    ] {
        let entry = next(&log, 1, changes);
        log.apply(&entry).unwrap();
        entries.push(entry);
    }
    (entries, log)
}

#[track_caller]
fn refused(log: &Log, entry: Entry, why: &str) {
    match log.clone().apply(&entry) {
        Err(Error::Log(reason)) => assert!(reason.contains(why), "refused for another reason: {reason}"),
        other => panic!("should be refused ({why}): {other:?}"),
    }
}

#[test]
fn a_log_that_was_written_is_read_and_replayed_to_the_same_state() {
    let (entries, log) = household();
    let read: Vec<Entry> = decode(&encode(&entries)).unwrap();
    assert_eq!(read, entries);
    assert_eq!(Log::replay(&read).unwrap(), log);
    assert_eq!(log.length(), 5);
    assert_eq!(log.device(device(3)).unwrap().number, 4);
    assert_eq!(log.hash_of(5), Some(log.head().hash));
    assert_eq!((log.hash_of(0), log.hash_of(6)), (None, None));
    assert_eq!(log.readable(Role::Parent).len(), 2);
}

#[test]
fn any_bent_bit_of_an_entry_is_refused() {
    let log = founded();
    let entry = next(&log, 1, vec![add(2, 2, Role::Parent), recovery(100)]);
    log.clone().apply(&entry).unwrap();
    let bytes = encode(&entry);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bent = bytes.clone();
            bent[at] ^= 1 << bit;
            let outcome = decode::<Entry>(&bent).and_then(|entry| log.clone().apply(&entry));
            assert!(outcome.is_err(), "byte {at} bit {bit}");
        }
    }
    for cut in 0..bytes.len() {
        assert!(decode::<Entry>(&bytes[..cut]).is_err());
    }
}

#[test]
fn what_a_newer_version_wrote_stops_the_reader_and_is_never_skipped() {
    let with_body = |change_body: &dyn Fn(&mut crate::cbor::Writer)| {
        let mut inner = crate::cbor::Writer::new();
        change_body(&mut inner);
        let mut out = crate::cbor::Writer::new();
        out.array(3);
        out.bytes(&inner.finish());
        out.bytes(&[0; 64]);
        out.null();
        decode::<Entry>(&out.finish())
    };
    let written = encode(founding().body());
    // A body with one key more, with version 2, and with a change numbered 9.
    let mut more = written.clone();
    more[0] = 0xa8;
    more.extend([7, 0]);
    let mut version = written.clone();
    version[2] = 2;
    let raw = |bytes: Vec<u8>| {
        let mut out = crate::cbor::Writer::new();
        out.array(3);
        out.bytes(&bytes);
        out.bytes(&[0; 64]);
        out.null();
        decode::<Entry>(&out.finish())
    };
    assert_eq!(raw(more), Err(Error::UpdateApp));
    assert_eq!(raw(version), Err(Error::UpdateApp));
    let unknown_change = with_body(&|out| {
        use crate::Wire;
        out.map(7);
        out.uint(0);
        out.uint(1);
        out.uint(1);
        FAMILY.write(out);
        out.uint(2);
        out.uint(2);
        out.uint(3);
        Hash32::ZERO.write(out);
        out.uint(4);
        out.array(1);
        out.array(1);
        out.uint(9);
    });
    assert_eq!(unknown_change, Err(Error::UpdateApp));
}

#[test]
fn forged_reordered_and_foreign_entries_are_refused() {
    let (entries, log) = household();
    let mut swapped = entries.clone();
    swapped.swap(1, 2);
    assert!(Log::replay(&swapped).is_err(), "reordered");
    let mut gap = entries.clone();
    gap.remove(2);
    assert!(Log::replay(&gap).is_err(), "left out");
    assert!(Log::replay(&entries[1..]).is_err(), "without its beginning");
    assert!(Log::replay(&[]).is_err(), "empty");
    refused(&log, entries[4].clone(), "does not follow");

    let mut foreign = body(Some(&log), Signer::Device(device(1)), vec![]);
    foreign.family = FamilyId([9; 16]);
    refused(&log, Entry::sign(foreign, &key(1), None), "another family");
    let forged = Entry::sign(body(Some(&log), Signer::Device(device(1)), vec![]), &key(2), None);
    assert_eq!(log.clone().apply(&forged), Err(Error::Signature));
    refused(&log, next(&log, 3, vec![]), "signer must be");
    refused(&log, next(&log, 9, vec![]), "signer must be");
}

#[test]
fn each_rule_refuses_what_it_forbids() {
    let share = SpaceId([0x51; 16]);
    let (_, log) = household();
    let both = || [epoch(SPACE, 2), epoch(share, 2)];
    let [family_epoch, share_epoch] = both();
    let remove = |seed: u8| Change::RemoveDevices(vec![device(seed)]);
    let member = |seed: u8| Change::RemoveMember(MemberId([seed; 16]));
    for (changes, why) in [
        (vec![Change::Found(SPACE)], "founded once"),
        (vec![add(4, 1, Role::Parent), add(5, 1, Role::Parent)], "adds one device"),
        (vec![add(2, 2, Role::Parent)], "never used again"),
        (vec![add(4, 4, Role::Share(SPACE))], "needs an open share"),
        (vec![add(4, 4, Role::Share(SpaceId([1; 16])))], "needs an open share"),
        (vec![remove(2)], "bring new epochs"),
        (vec![remove(2), family_epoch.clone()], "bring new epochs"),
        (vec![remove(3)], "bring new epochs"),
        (vec![remove(9)], "only an enrolled device"),
        (vec![Change::RemoveDevices(vec![])], "at least one"),
        (vec![remove(3), remove(3), share_epoch.clone()], "only an enrolled device"),
        (vec![remove(1), family_epoch.clone(), share_epoch.clone()], "own signer"),
        (vec![member(2), remove(2), family_epoch.clone(), share_epoch.clone()], "clear or replace"),
        (vec![member(2), Change::ClearRecovery], "removes all their devices"),
        (vec![member(9)], "only a member"),
        (vec![epoch(SPACE, 3)], "one more than the last"),
        (vec![epoch(SPACE, 2), epoch(SPACE, 3)], "one epoch"),
        (vec![recovery(100)], "never used twice"),
        (vec![recovery(101), Change::ClearRecovery], "once"),
        (vec![Change::EndShare(SPACE)], "does not end"),
        (vec![Change::EndShare(share)], "removes its devices"),
        (vec![Change::EndShare(share), remove(3), share_epoch.clone()], "nothing follows"),
        (vec![Change::EndShare(SpaceId([1; 16]))], "only an open share can end"),
        (vec![Change::EndShare(share), Change::EndShare(share), remove(3)], "only an open share can end"),
        (vec![member(3), remove(3), share_epoch.clone(), add(4, 3, Role::Parent)], "gets no device"),
        (vec![add(4, 4, Role::Parent), remove(4)], "only an enrolled device"),
    ] {
        refused(&log, next(&log, 1, changes), why);
    }
    let mut ended = log.clone();
    ended.apply(&next(&log, 1, vec![Change::EndShare(share), remove(3)])).unwrap();
    refused(&ended, next(&ended, 1, vec![share_epoch]), "nothing follows");
    let mut gone = log.clone();
    gone.apply(&next(&log, 1, [vec![member(2), remove(2), Change::ClearRecovery], both().to_vec()].concat()))
        .unwrap();
    refused(&gone, next(&gone, 2, vec![]), "signer must be");
    assert_eq!(gone.recovery(), None);
    let by_paper = Entry::sign(body(Some(&gone), Signer::Recovery(public(100)), vec![]), &key(100), None);
    refused(&gone, by_paper, "signer must be");
}

#[test]
fn a_recovery_key_must_sign_the_entry_that_sets_it() {
    let log = founded();
    let unsigned = body(Some(&log), Signer::Device(device(1)), vec![recovery(100)]);
    assert_eq!(log.clone().apply(&Entry::sign(unsigned.clone(), &key(1), None)), Err(Error::Signature));
    assert_eq!(log.clone().apply(&Entry::sign(unsigned, &key(1), Some(&key(101)))), Err(Error::Signature));
    let needless = Entry::sign(body(Some(&log), Signer::Device(device(1)), vec![]), &key(1), Some(&key(100)));
    refused(&log, needless, "beside the signer");
}

#[test]
fn an_empty_phone_finds_the_true_chain_by_its_own_words_alone() {
    let (entries, log) = household();
    let found = anchor(&entries, &public(100)).unwrap();
    assert_eq!((found.number, found.current, &found.log), (5, true, &log));
    assert!(anchor(&entries[..4], &public(100)).is_err(), "cut off before the anchor");
    assert!(anchor(&entries, &public(101)).is_err(), "somebody else's words");
    // The recovery key adds a phone; a parent then makes new words.
    let mut longer = entries.clone();
    let mut log = log;
    let by_paper = body(Some(&log), Signer::Recovery(public(100)), vec![add(7, 1, Role::Parent)]);
    longer.push(Entry::sign(by_paper, &key(100), None));
    log.apply(&longer[5]).unwrap();
    longer.push(next(&log, 7, vec![recovery(101)]));
    assert!(!anchor(&longer, &public(100)).unwrap().current, "old paper is told apart");
    assert_eq!(anchor(&longer, &public(101)).unwrap().number, 7);
    // A forged chain that is valid in itself, but whose words are not mine.
    assert!(anchor(&entries[..2], &public(100)).is_err());
}

#[test]
fn a_served_log_is_told_apart_from_mine() {
    let (_, log) = household();
    let mine = log.hashes();
    assert_eq!(compare(mine, mine), Standing::Same);
    assert_eq!(compare(&mine[..3], mine), Standing::Longer);
    assert_eq!(compare(mine, &mine[..3]), Standing::Shorter);
    let mut other = mine.to_vec();
    other[4] = Hash32::ZERO;
    assert_eq!(compare(mine, &other), Standing::Departs);
    assert_eq!(compare(&mine[..4], &other), Standing::Longer, "the log's own rules refuse the rest");
}

#[test]
fn a_sender_counts_only_while_it_was_listed() {
    let share = SpaceId([0x51; 16]);
    let (_, mut log) = household();
    let gone = vec![Change::RemoveDevices(vec![device(2)]), epoch(SPACE, 2), epoch(share, 2)];
    log.apply(&next(&log, 1, gone)).unwrap();
    let ben = Signer::Device(device(2));
    assert_eq!(log.sender_at(ben, 1), None, "not yet");
    assert_eq!(log.sender_at(ben, 2), Some(([2; 32], public(2))));
    assert!(log.sender_at(ben, 5).is_some());
    assert_eq!(log.sender_at(ben, 6), None, "removed by that entry");
    assert_eq!(log.sender_at(Signer::Device(device(1)), 7), None, "no such entry");
    assert_eq!(log.sender_at(Signer::Device(device(3)), 5), None, "a share's device grants nothing");
    assert!(log.sender_at(Signer::Recovery(public(100)), 5).is_some());
    assert_eq!(log.sender_at(Signer::Recovery(public(100)), 4), None);
}
