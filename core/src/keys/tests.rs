//! First run, keyring and grants: what opens, for whom, and what is refused.

use super::grant::{self, From, Granter, To, only};
use super::keyring::{self, Keyring, commitment};
use super::own::{Own, found};
use super::queries;
use crate::clock::SeededRandomness;
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::crypto::{SpaceKey, envelope};
use crate::error::Error;
use crate::storage::{Storage, StoreKey};
use kinfolio_protocol::grant::Recipient;
use kinfolio_protocol::log::{AddDevice, Body, Change, Entry, Epoch, Log, Role, Signer};
use kinfolio_protocol::sign::LogHead;
use kinfolio_protocol::{DeviceId, FamilyId, Hash32, MemberId, SpaceId, labels};
use std::collections::BTreeMap;

const NOW_MS: i64 = 1_790_000_000_000;

/// A founder, her log of one entry, its keyring, and the family's key.
struct Family {
    own: Own,
    log: Log,
    sealed: Vec<u8>,
    key: SpaceKey,
    random: SeededRandomness,
}

fn family(seed: u64) -> Family {
    let dir = tempfile::tempdir().unwrap();
    let random = SeededRandomness::new(seed);
    let storage = Storage::open(&dir.path().join("kinfolio.db"), &StoreKey::make(&random)).unwrap();
    storage.write(|tx| found(tx, &random, NOW_MS, "Ann's phone")).unwrap();
    // A second start finds what the first one made.
    storage.write(|tx| found(tx, &random, NOW_MS, "other")).unwrap();
    let (own, log, sealed, key) = storage
        .read(|tx| {
            let own = Own::load(tx)?;
            let key = queries::key(tx, own.space, 1)?.unwrap();
            Ok((own, queries::log(tx)?, queries::keyring(tx, 1)?.unwrap(), key))
        })
        .unwrap();
    Family { own, log, sealed, key, random }
}

#[test]
fn a_first_run_makes_device_family_key_and_keyring_once() {
    let Family { own, log, sealed, key, .. } = family(1);
    assert_eq!((own.device_no, own.issuer.as_deref(), own.name.as_str()), (1, None, "Ann's phone"));
    assert_eq!((log.length(), log.family(), log.family_space()), (1, own.family, own.space));
    let keyring = keyring::open(&sealed, &log, &key).unwrap();
    assert_eq!(keyring.keys, only(own.space, 1, &key));
    let note = &keyring.devices[&own.device];
    assert_eq!((note.name.as_str(), note.how.as_str()), ("Ann's phone", "first"));
}

/// The log with one more entry that pins this keyring.
fn pin(family: &Family, sealed: &[u8], changes: Vec<Change>) -> (Log, Entry) {
    let body = Body {
        family: family.own.family,
        number: 2,
        previous: family.log.head().hash,
        changes,
        keyring: labels::keyring_hash(sealed),
        signer: Signer::Device(family.own.device),
    };
    let entry = Entry::sign(body, family.own.sign.pair(), None);
    let mut log = family.log.clone();
    log.apply(&entry).unwrap();
    (log, entry)
}

#[test]
fn a_keyring_carries_what_a_newer_version_wrote() {
    let family = family(1);
    let mut keyring = keyring::open(&family.sealed, &family.log, &family.key).unwrap();
    // Field 6 holds shares, field 9 something unheard of.
    keyring.carried = BTreeMap::from([(6, vec![0xa0]), (9, vec![0x82, 0x01, 0x63, b'n', b'e', b'w'])]);
    let sealed = keyring::seal(&keyring, family.own.family, 2, &family.key, &family.random).unwrap();
    let (log, _) = pin(&family, &sealed, vec![]);
    assert_eq!(keyring::open(&sealed, &log, &family.key).unwrap(), keyring);
}

#[test]
fn a_keyring_of_a_newer_version_asks_for_an_update() {
    let family = family(1);
    // {0: 2, 9: "new"}: what follows the version is not ours to know.
    let newer = [0xa2, 0x00, 0x02, 0x09, 0x63, b'n', b'e', b'w'];
    let id = family.own.family;
    let sealed = envelope::seal_keyring(&family.key, id.as_bytes(), 2, &newer, &family.random).unwrap();
    let (log, _) = pin(&family, &sealed, vec![]);
    assert_eq!(keyring::open(&sealed, &log, &family.key).unwrap_err(), Error::UpdateApp);
    let not_even_ours = [0xa1, 0x00, 0x00];
    let sealed =
        envelope::seal_keyring(&family.key, id.as_bytes(), 2, &not_even_ours, &family.random).unwrap();
    let (log, _) = pin(&family, &sealed, vec![]);
    assert!(matches!(keyring::open(&sealed, &log, &family.key), Err(Error::Sealed(_))));
}

#[test]
fn a_keyring_that_the_log_does_not_pin_or_that_lacks_a_key_is_refused() {
    let family = family(1);
    let refused = |sealed: &[u8], log: &Log| {
        assert!(matches!(keyring::open(sealed, log, &family.key), Err(Error::Sealed(_))));
    };
    let keyring = keyring::open(&family.sealed, &family.log, &family.key).unwrap();
    let another = keyring::seal(&keyring, family.own.family, 1, &family.key, &family.random).unwrap();
    refused(&another, &family.log);
    let number = keyring::seal(&keyring, family.own.family, 3, &family.key, &family.random).unwrap();
    refused(&number, &pin(&family, &number, vec![]).0);
    let empty = Keyring::default();
    let empty = keyring::seal(&empty, family.own.family, 2, &family.key, &family.random).unwrap();
    refused(&empty, &pin(&family, &empty, vec![]).0);
    let swapped = Keyring { keys: only(family.own.space, 1, &SpaceKey::from_bytes([1; 32])), ..keyring };
    let swapped = keyring::seal(&swapped, family.own.family, 2, &family.key, &family.random).unwrap();
    refused(&swapped, &pin(&family, &swapped, vec![]).0);
}

#[test]
fn a_key_that_the_log_never_announced_is_dropped_from_a_keyring() {
    let family = family(1);
    let mut keyring = keyring::open(&family.sealed, &family.log, &family.key).unwrap();
    let invented = SpaceKey::from_bytes([1; 32]);
    keyring.keys.get_mut(&family.own.space).unwrap().insert(2, invented.clone());
    keyring.keys.extend(only(SpaceId([4; 16]), 1, &invented));
    let sealed = keyring::seal(&keyring, family.own.family, 2, &family.key, &family.random).unwrap();
    let (log, _) = pin(&family, &sealed, vec![]);
    let opened = keyring::open(&sealed, &log, &family.key).unwrap();
    assert_eq!(opened.keys, only(family.own.space, 1, &family.key));
}

#[test]
fn names_of_any_length_give_keyrings_of_few_sizes() {
    let family = family(1);
    let mut keyring = keyring::open(&family.sealed, &family.log, &family.key).unwrap();
    let mut sizes = std::collections::BTreeSet::new();
    for length in 0..300 {
        keyring.devices.get_mut(&family.own.device).unwrap().name = "n".repeat(length);
        sizes.insert(
            keyring::seal(&keyring, family.own.family, 2, &family.key, &family.random).unwrap().len(),
        );
    }
    assert_eq!(sizes.len(), 1, "{sizes:?}");
}

/// A second device, added by entry 2, and a grant to it from the founder.
struct Added {
    log: Log,
    device: DeviceId,
    kem: KemKey,
}

fn added(family: &Family) -> Added {
    let (kem, sign) = (KemKey::make(&family.random), SignKey::make(&family.random));
    let device = DeviceId([9; 16]);
    let keyring = keyring::open(&family.sealed, &family.log, &family.key).unwrap();
    let sealed = keyring::seal(&keyring, family.own.family, 2, &family.key, &family.random).unwrap();
    let add = AddDevice {
        device,
        member: MemberId([8; 16]),
        role: Role::Parent,
        kem_pk: kem.public(),
        sign_pk: sign.public(),
    };
    let (log, _) = pin(family, &sealed, vec![Change::AddDevice(add)]);
    Added { log, device, kem }
}

fn granter<'a>(family: &'a Family, log: &Log, seen: &'a BTreeMap<SpaceId, grant::Seen>) -> Granter<'a> {
    Granter {
        family: family.own.family,
        head: log.head(),
        sender: Signer::Device(family.own.device),
        sender_kem: &family.own.kem,
        seen,
        random: &family.random,
    }
}

#[test]
fn a_grant_brings_the_key_and_what_the_granter_saw() {
    let family = family(1);
    let new = added(&family);
    let space = family.own.space;
    let seen = BTreeMap::from([(space, grant::Seen { at_seq: 41, root: [5; 32], incarnation: [6; 16] })]);
    let to = To::Member(Recipient::Device(new.device));
    let keys = only(space, 1, &family.key);
    let grant = granter(&family, &new.log, &seen).seal(&to, &new.kem.public(), &keys).unwrap();
    let me = Recipient::Device(new.device);
    let granted = grant::open(&grant, &new.log, me, &new.kem, &From::Log).unwrap();
    assert_eq!((granted.keys, granted.seen), (keys, seen));
    // The recipient's own grant is not somebody else's.
    let other = Recipient::Device(family.own.device);
    assert!(grant::open(&grant, &new.log, other, &family.own.kem, &From::Log).is_err());
}

#[test]
fn a_grant_of_a_wrong_key_a_wrong_log_or_a_stranger_is_refused() {
    let family = family(1);
    let new = added(&family);
    let seen = BTreeMap::new();
    let to = To::Member(Recipient::Device(new.device));
    let me = Recipient::Device(new.device);
    let keys = only(family.own.space, 1, &family.key);
    let opens = |grant: &kinfolio_protocol::grant::Grant, log: &Log| {
        grant::open(grant, log, me, &new.kem, &From::Log).is_ok()
    };
    let good = granter(&family, &new.log, &seen);
    assert!(opens(&good.seal(&to, &new.kem.public(), &keys).unwrap(), &new.log));

    let swapped = only(family.own.space, 1, &SpaceKey::from_bytes([1; 32]));
    assert!(!opens(&good.seal(&to, &new.kem.public(), &swapped).unwrap(), &new.log));
    let unknown = only(family.own.space, 2, &family.key);
    assert!(!opens(&good.seal(&to, &new.kem.public(), &unknown).unwrap(), &new.log));
    let strange = only(SpaceId([1; 16]), 1, &family.key);
    assert!(!opens(&good.seal(&to, &new.kem.public(), &strange).unwrap(), &new.log));

    let mut departed = granter(&family, &new.log, &seen);
    departed.head = LogHead { number: 2, hash: Hash32([7; 32]) };
    assert!(!opens(&departed.seal(&to, &new.kem.public(), &keys).unwrap(), &new.log));
    let stranger = KemKey::make(&family.random);
    let mut forged = granter(&family, &new.log, &seen);
    forged.sender_kem = &stranger;
    assert!(!opens(&forged.seal(&to, &new.kem.public(), &keys).unwrap(), &new.log));
    let mut nobody = granter(&family, &new.log, &seen);
    nobody.sender = Signer::Device(DeviceId([3; 16]));
    assert!(!opens(&nobody.seal(&to, &new.kem.public(), &keys).unwrap(), &new.log));
    // The new device was not listed yet at entry 1.
    let mut early = good.seal(&to, &new.kem.public(), &keys).unwrap();
    early.number = 1;
    assert!(!opens(&early, &new.log));
}

#[test]
fn a_commitment_is_to_one_key_one_place_and_one_epoch() {
    let key = SpaceKey::from_bytes([1; 32]);
    let (family, space) = (FamilyId([2; 16]), SpaceId([3; 16]));
    let all = [
        commitment(&key, family, space, 1),
        commitment(&key, family, space, 2),
        commitment(&key, family, SpaceId([4; 16]), 1),
        commitment(&key, FamilyId([4; 16]), space, 1),
        commitment(&SpaceKey::from_bytes([4; 32]), family, space, 1),
    ];
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    let change = Epoch { space, epoch: 1, commitment: Hash32(all[0]), head_seq: 0 };
    assert_ne!(change.commitment.0, *key.bytes());
}
