//! The vectors of docs/formats.md: every wire type from fixed values, compared byte by byte with that file.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::blob::{BlobCompleteRequest, BlobRequest, BlobResponse};
use crate::family::*;
use crate::grant::{Grant, GrantKind, Recipient};
use crate::ids::*;
use crate::labels::{self, keyring_hash, sha256};
use crate::link::*;
use crate::log::{AddDevice, Body, Change, Entry, Epoch, Log, Role, SetRecovery, Signer};
use crate::purge::*;
use crate::sign::{self, Checkpoint, LogHead, SigningKey, Verb};
use crate::sync::*;
use crate::{Wire, decode, encode};

const FORMATS: &str = include_str!("../../docs/formats.md");
const FAMILY: FamilyId = FamilyId([0xfa; 16]);
const SPACE: SpaceId = SpaceId([0x50; 16]);
const SHARE: SpaceId = SpaceId([0x51; 16]);
const ANN: DeviceId = DeviceId([0xd1; 16]);
const TUTOR: DeviceId = DeviceId([0xd2; 16]);
const ISSUER: &str = "https://kinfolio.example";

/// The vectors as the document has them: lines `name = hex`.
fn written() -> BTreeMap<&'static str, &'static str> {
    FORMATS.lines().filter_map(|line| line.split_once(" = ")).collect()
}

#[track_caller]
fn vector(name: &str, bytes: &[u8]) {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        written().get(name),
        Some(&hex.as_str()),
        "docs/formats.md lacks this line:\n{name} = {hex}\n"
    );
}

/// A wire type: its bytes stand in the document, read back to the same value, and no piece of them reads.
#[track_caller]
fn wire<T: Wire + PartialEq + Debug>(name: &str, value: &T) {
    let bytes = encode(value);
    vector(name, &bytes);
    assert_eq!(decode::<T>(&bytes).as_ref(), Ok(value));
    for cut in 0..bytes.len() {
        assert!(decode::<T>(&bytes[..cut]).is_err(), "{name} cut at {cut}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(decode::<T>(&longer).is_err(), "{name} with a byte more");
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> [u8; 32] {
    key(seed).verifying_key().to_bytes()
}

fn body(number: u64, previous: Hash32, changes: Vec<Change>) -> Body {
    let keyring = keyring_hash(b"sealed keyring");
    Body { family: FAMILY, number, previous, changes, keyring, signer: Signer::Device(ANN) }
}

fn founding() -> Entry {
    let changes = vec![
        Change::Found(SPACE),
        Change::AddDevice(AddDevice {
            device: ANN,
            member: MemberId([0xa1; 16]),
            role: Role::Parent,
            kem_pk: [0x11; 32],
            sign_pk: public(1),
        }),
        Change::Epoch(Epoch { space: SPACE, epoch: 1, commitment: Hash32([0xc1; 32]), head_seq: 0 }),
    ];
    Entry::sign(body(1, Hash32::ZERO, changes), &key(1), None)
}

fn recovery() -> Entry {
    let set = Change::SetRecovery(SetRecovery { kem_pk: [0x33; 32], sign_pk: public(3) });
    Entry::sign(body(2, founding().hash(), vec![set]), &key(1), Some(&key(3)))
}

fn grant() -> Grant {
    Grant {
        kind: GrantKind::Member,
        number: 1,
        sender: Signer::Device(ANN),
        recipient: Recipient::Device(ANN),
        enc: [0xe1; 32],
        ciphertext: vec![0xcc; 20],
    }
}

fn recovery_grant() -> Grant {
    Grant { kind: GrantKind::Recovery, number: 2, recipient: Recipient::Recovery(public(3)), ..grant() }
}

#[test]
fn labels_and_hashes_are_as_documented() {
    for label in labels::ALL {
        assert!(FORMATS.contains(&format!("`{}`", label.trim_start_matches("kinfolio/v1/"))), "{label}");
    }
    vector("lp", &labels::joined(labels::LOG_HASH, &[b"abc"]));
    vector("hash", labels::hash(labels::LOG_HASH, b"abc").as_bytes());
    vector("keyring-hash", keyring_hash(b"sealed keyring").as_bytes());
    vector("sign-public-1", &public(1));
    vector("sign-public-3", &public(3));
}

#[test]
fn the_log_is_as_documented() {
    let (first, second) = (founding(), recovery());
    vector("log-body-1", &encode(first.body()));
    wire("log-entry-1", &first);
    vector("log-hash-1", first.hash().as_bytes());
    wire("log-entry-2", &second);
    vector("log-hash-2", second.hash().as_bytes());
    Log::replay(&[first, second]).unwrap();
    let epoch = |epoch| Epoch { space: SHARE, epoch, commitment: Hash32([0xc2; 32]), head_seq: 300 };
    wire("change-epoch", &Change::Epoch(epoch(1)));
    let tutor = AddDevice {
        device: TUTOR,
        member: MemberId([0xa2; 16]),
        role: Role::Share(SHARE),
        kem_pk: [0x22; 32],
        sign_pk: public(2),
    };
    wire("change-add-share", &Change::AddDevice(tutor));
    wire("change-remove-devices", &Change::RemoveDevices(vec![TUTOR]));
    wire("change-remove-member", &Change::RemoveMember(MemberId([0xa2; 16])));
    wire("change-clear-recovery", &Change::ClearRecovery);
    wire("change-end-share", &Change::EndShare(SHARE));
    wire("signer-recovery", &Signer::Recovery(public(3)));
}

#[test]
fn family_requests_are_as_documented() {
    let keyring = b"sealed keyring".to_vec();
    wire(
        "found",
        &FoundRequest {
            log: vec![founding()],
            keyring: keyring.clone(),
            grants: vec![grant()],
            recovery: None,
        },
    );
    wire(
        "append",
        &AppendRequest {
            entry: recovery(),
            keyring: keyring.clone(),
            grants: vec![],
            recovery: Some(recovery_grant()),
            link: Some(LinkId([0x11; 16])),
        },
    );
    wire("log-length", &LogLength { length: 2 });
    wire("keyring", &SealedKeyring { number: 2, sealed: keyring });
    wire("grant", &grant());
    wire("grant-recovery", &recovery_grant());
    let info = |grant: &Grant, kem: &[u8; 32]| {
        Grant::info(grant.kind, FAMILY, founding().hash(), grant.sender, grant.recipient, kem)
    };
    vector("grant-info", &info(&grant(), &[0x11; 32]));
    wire("grants", &GrantsRequest { grants: vec![grant()] });
    let row = FamilyItem { family: FAMILY, member: MemberId([0xa1; 16]), standing: Standing::Active };
    wire("families", &vec![row]);
    wire("quota", &Quota { used: 4096, limit: 20 << 30 });
}

#[test]
fn signed_strings_are_as_documented() {
    let (sign_in, nonce) = (SignInId([0x5e; 16]), [0x0c; 32]);
    wire("proof-nonce", &ProofNonce { nonce, sign_in, issuer: ISSUER.into() });
    let message = sign::device_proof(ISSUER, FAMILY, ANN, sign_in, &nonce);
    vector("device-proof-signed", &message);
    let signature = sign::sign(&key(1), &message);
    wire("device-proof", &ProofRequest { family: FAMILY, device: ANN, nonce, signature });
    wire("refresh-proof", &RefreshProof { family: FAMILY, device: ANN, signature });
    vector("order-signed", &sign::order(ISSUER, FAMILY, Verb::Wipe, TUTOR.as_bytes(), &nonce));
    vector("erase-family-signed", &sign::erase_family(ISSUER, FAMILY, &nonce));
    vector("keep-family-signed", &sign::keep_family(ISSUER, FAMILY, &nonce));
    vector("end-account-signed", &sign::end_account(ISSUER, FAMILY, AccountId([0xac; 16]), &nonce));
    let signature = sign::sign(&key(1), &sign::erase_family(ISSUER, FAMILY, &nonce));
    wire("erase-order", &OrderRequest { signer: Signer::Device(ANN), nonce, signature });
    let checkpoint = Checkpoint {
        device: ANN,
        space: SPACE,
        incarnation: [0x1c; 16],
        push_no: 7,
        at_seq: 300,
        root: root(&[[0; 16]; 256]),
        log: LogHead { number: 2, hash: recovery().hash() },
        at_ms: 1_780_272_000_000,
        previous: Hash32::ZERO,
        signature: [0; 64],
    };
    wire("checkpoint", &checkpoint.signed(&key(1)));
    vector("checkpoint-id", Checkpoint::record_id(ANN, SPACE).as_bytes());
}

#[test]
fn links_and_codes_are_as_documented() {
    let secret = || Secret([0x5c; 32]);
    let (issuer, expires) = (ISSUER.to_owned(), 1_780_275_600);
    wire(
        "invite",
        &Scan::Invite(Invite { issuer: issuer.clone(), family: FAMILY, secret: secret(), expires }),
    );
    let ask = Ask {
        issuer: issuer.clone(),
        secret: secret(),
        device: TUTOR,
        kem_pk: [0x22; 32],
        sign_pk: public(2),
    };
    wire("ask", &Scan::Ask(ask));
    wire("kit", &Scan::Kit(Kit { issuer, family: FAMILY, entropy: Secret([0x12; 16]) }));
    let post = LinkPost {
        device: TUTOR,
        kem_pk: [0x22; 32],
        sign_pk: public(2),
        sealed_name: vec![0x4e; 10],
        mac: [0x4a; 32],
    };
    let link = LinkId([0x11; 16]);
    let message = |family| LinkPost::mac_message(link, family, TUTOR, &[0x22; 32], &public(2));
    vector("link-mac-invite", &message(Some(FAMILY)));
    vector("link-mac-ask", &message(None));
    wire("link-post", &post);
    let invite = LinkRequest { kind: LinkKind::Invite, family: Some(FAMILY), expires_s: 3600, post: None };
    wire("link-invite", &invite);
    wire(
        "link-ask",
        &LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 3600, post: Some(post.clone()) },
    );
    let reply = LinkResponse {
        state: LinkState::Posted,
        family: Some(FAMILY),
        post: Some(post),
        email: Some("ann@example.org".into()),
        member: None,
        number: None,
    };
    wire("link-reply", &reply);
}

#[test]
fn sync_is_as_documented() {
    let (record, ciphertext) = (RecordId([0x7e; 16]), vec![0xcc; 8]);
    let item =
        PushItem { record, base_seq: 0, format: 1, epoch: 1, purge: false, ciphertext: ciphertext.clone() };
    let push = PushRequest { push_no: 7, if_head: None, records: vec![item.clone()] };
    wire("push", &push);
    assert_eq!(sign::purge(ISSUER, FAMILY, SPACE, &push), None);
    let push = PushRequest { push_no: 8, records: vec![PushItem { purge: true, ..item }], ..push };
    vector("purge-signed", &sign::purge(ISSUER, FAMILY, SPACE, &push).unwrap());
    let left = BlobsRequest { blobs: vec![BlobId([0xb1; 16])] };
    wire("purged-blobs", &left);
    vector("purged-blobs-signed", &sign::purge_blobs(ISSUER, FAMILY, SPACE, &left));
    let ends_ms = 1_781_481_600_000;
    let blobs = vec![LeftItem { blob: BlobId([0xb1; 16]), ends_ms }];
    wire("purged-blobs-reply", &LeftResponse { next: Some(BlobId([0xb2; 16])), blobs });
    let ciphertext_of = ciphertext.clone();
    let version = PurgedItem { record, seq: 300, format: 1, epoch: 1, ends_ms, ciphertext: ciphertext_of };
    wire("purged-reply", &PurgedResponse { more: false, versions: vec![version] });
    let incarnation = [0x1c; 16];
    let stored =
        PushResult { status: PushStatus::Stored, seq: 301, format: None, epoch: None, ciphertext: None };
    let conflict = PushResult {
        status: PushStatus::Conflict,
        seq: 300,
        format: Some(1),
        epoch: Some(1),
        ciphertext: Some(ciphertext.clone()),
    };
    wire("push-reply", &PushResponse { incarnation, head: 301, results: vec![stored, conflict] });
    let item =
        PullItem { record, seq: 301, format: 1, epoch: 1, ciphertext: ciphertext.clone(), device: ANN };
    wire("pull-reply", &PullResponse { incarnation, head: 301, more: false, records: vec![item] });
    wire("head-reply", &HeadResponse { incarnation, head: 301 });
    let erasure = ErasureItem { due_ms: 1_781_481_600_000, by: EndedBy::Device, device: Some(ANN) };
    wire("erasure", &erasure);
    let recovery_read = RecoveryRead { at_ms: 1_780_272_000_000, member: MemberId([0xa1; 16]) };
    wire("notices", &Notices { erasure: Some(erasure), recovery_read: Some(recovery_read) });
    wire("no-notices", &Notices::default());
    let ct_hash = sha256(&ciphertext);
    let row = BucketItem { record, seq: 301, ct_hash };
    wire("bucket-reply", &vec![row]);
    let full = bucket([(record, ct_hash)]);
    vector("bucket", &full);
    vector("bucket-empty", &bucket([]));
    let mut buckets = vec![bucket([]); 256];
    buckets[0x7e] = full;
    vector("root", root(&buckets).as_bytes());
    assert_eq!(
        decode(&encode(&DigestResponse { incarnation, head: 301, buckets: buckets.clone() })),
        Ok(DigestResponse { incarnation, head: 301, buckets })
    );
}

#[test]
fn blobs_are_as_documented() {
    let parts = [sha256(b"part 0"), sha256(b"part 1")];
    let root = crate::blob::root(&parts);
    vector("blob-root", root.as_bytes());
    let request = BlobRequest { blob: BlobId([0xb1; 16]), space: SPACE, size: 1_048_580, parts: 2, root };
    wire("blob", &request);
    wire("blob-reply", &BlobResponse { size: 1_048_580, parts: 2, have: vec![0b10], complete: false });
    wire("blob-complete", &BlobCompleteRequest { parts: 2, root });
}

/// What a hostile peer sends: no panic, no endless loop, and whatever reads is what it writes.
#[test]
fn any_bytes_are_read_without_a_panic() {
    use proptest::prelude::*;
    fn read<T: Wire + PartialEq + Debug>(bytes: &[u8]) {
        if let Ok(value) = decode::<T>(bytes) {
            assert_eq!(encode(&value), bytes);
        }
    }
    fn read_all(bytes: &[u8]) {
        read::<FoundRequest>(bytes);
        read::<AppendRequest>(bytes);
        read::<Vec<Entry>>(bytes);
        read::<Body>(bytes);
        read::<GrantsRequest>(bytes);
        read::<LinkRequest>(bytes);
        read::<LinkResponse>(bytes);
        read::<Scan>(bytes);
        read::<PushRequest>(bytes);
        read::<PushResponse>(bytes);
        read::<PullResponse>(bytes);
        read::<BlobsRequest>(bytes);
        read::<LeftResponse>(bytes);
        read::<PurgedResponse>(bytes);
        read::<DigestResponse>(bytes);
        read::<Vec<BucketItem>>(bytes);
        read::<BlobResponse>(bytes);
        read::<Checkpoint>(bytes);
        read::<ProofRequest>(bytes);
        read::<OrderRequest>(bytes);
        read::<Notices>(bytes);
    }
    let unhex = |text: &str| -> Option<Vec<u8>> {
        let digits = text.as_bytes().chunks(2);
        digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    };
    let seeds: Vec<Vec<u8>> = written().values().filter_map(|hex| unhex(hex)).collect();
    assert!(seeds.len() >= 40, "{} vectors", seeds.len());
    proptest!(ProptestConfig::with_cases(4_000), |(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    )| {
        read_all(&bytes);
        // Far more telling: a good message, bent in a few places.
        let mut bent = which.get(&seeds).clone();
        for (at, byte) in changes {
            let at = at.index(bent.len());
            bent[at] = byte;
        }
        read_all(&bent);
    });
}
