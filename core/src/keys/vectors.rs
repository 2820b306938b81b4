//! The test vectors of docs/formats.md: made here by the real code from fixed inputs, compared with the file.

use super::code;
use super::grant::{Granter, To, only};
use super::keyring::{self, DeviceNote, Keyring, commitment};
use super::own::Own;
use super::queries;
use super::recovery::{RecoveryKey, words_of};
use crate::clock::Randomness;
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::crypto::stream::BlobWriter;
use crate::crypto::{Secret32, SpaceKey, kdf};
use crate::ids::RecordId;
use crate::records::value::Value;
use crate::records::{Document, Kind, Sealer, Stamper};
use crate::storage::{Storage, StoreKey};
use kinfolio_protocol::grant::Recipient;
use kinfolio_protocol::link::{Ask, Invite, Kit, Scan, Secret};
use kinfolio_protocol::log::{AddDevice, Body, Change, Entry, Epoch, Log, Role, SetRecovery, Signer};
use kinfolio_protocol::sign::LogHead;
use kinfolio_protocol::{
    BlobId, DeviceId, FamilyId, Hash32, MemberId, SignInId, SpaceId, blob, encode, labels, sign,
};
use std::collections::BTreeMap;
use std::io::Write;

const FAMILY: FamilyId = FamilyId([0x11; 16]);
const SPACE: SpaceId = SpaceId([0x22; 16]);
const DEVICE: DeviceId = DeviceId([0x33; 16]);
const NEW: DeviceId = DeviceId([0x34; 16]);
const RECORD: RecordId = RecordId([0x44; 16]);
const BLOB: BlobId = BlobId([0x66; 16]);
const ENTROPY: [u8; 16] = [0x7f; 16];
const ISSUER: &str = "https://kinfolio.example";

/// 0, 1, 2, … from the beginning each time: every nonce of the vectors is 00 to 17.
struct Counting;

impl Randomness for Counting {
    fn fill(&self, out: &mut [u8]) {
        for (byte, value) in out.iter_mut().zip(0..) {
            *byte = value;
        }
    }
}

/// `name = value`, long values on lines of their own.
#[derive(Default)]
struct Vectors(String);

impl Vectors {
    fn hex(&mut self, name: &str, bytes: &[u8]) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match hex.len() {
            0..=64 => self.0 += &format!("{name} = {hex}\n"),
            _ => {
                self.0 += &format!("{name} =\n");
                for line in hex.as_bytes().chunks(96) {
                    self.0 += &format!("    {}\n", std::str::from_utf8(line).unwrap());
                }
            }
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.0 += &format!("{name} = \"{text}\"\n");
    }
}

fn founder() -> Own {
    Own {
        family: FAMILY,
        space: SPACE,
        device: DEVICE,
        device_no: 1,
        member: MemberId([0x55; 16]),
        name: "Ann's phone".into(),
        kem: KemKey::from_secret(Secret32::from_bytes([0x41; 32])),
        sign: SignKey::from_seed(&Secret32::from_bytes([0x42; 32])),
        issuer: None,
        bound: None,
        history_differs: false,
    }
}

const fn space_key() -> SpaceKey {
    SpaceKey::from_bytes([0x77; 32])
}

fn derivations(out: &mut Vectors) {
    let key = space_key();
    out.hex("space_key", key.bytes());
    out.hex("lp_record", &labels::joined(labels::RECORD, &[b"ab", b""]));
    out.hex("hash", &labels::hash(labels::LOG_HASH, b"abc").0);
    out.hex("record_key", kdf::derive(key.bytes(), labels::RECORD, &[]).bytes());
    out.hex("keyring_key", kdf::derive(key.bytes(), labels::KEYRING, &[]).bytes());
    out.hex("commitment", &commitment(&key, FAMILY, SPACE, 1));
}

fn record(out: &mut Vectors) {
    let dir = tempfile::tempdir().unwrap();
    let storage = Storage::open(&dir.path().join("kinfolio.db"), &StoreKey::make(&Counting)).unwrap();
    let stamper = Stamper { now_ms: 1_790_000_000_000, device_no: 1, text_client: 7 };
    let mut document = Document::new(Kind::Learner);
    document.set(1, Value::Text("Hedgehog".into()), &stamper);
    let sealed = storage
        .write(|tx| {
            queries::save_own(tx, &founder())?;
            queries::add_keys(tx, &only(SPACE, 1, &space_key()))?;
            Sealer::current(tx, &Counting)?.seal(RECORD, &document)
        })
        .unwrap();
    out.hex("record.space", &SPACE.0);
    out.hex("record.id", &RECORD.0);
    out.text("record.format", &sealed.fmt.to_string());
    out.hex("record.document", &document.encode());
    out.hex("record.sealed", &sealed.bytes);
}

fn blob_file(out: &mut Vectors) {
    let key = Secret32::from_bytes([0x99; 32]);
    let plain = b"two eggs, one nest";
    let mut writer = BlobWriter::new(&key, &BLOB, Vec::new());
    writer.write_all(plain).unwrap();
    let (sealed, length) = writer.finish().unwrap();
    out.hex("blob.id", &BLOB.0);
    out.hex("blob.key", key.bytes());
    out.text("blob.length", &length.to_string());
    out.hex("blob.plaintext", plain);
    out.hex("blob.sealed", &sealed);
    out.hex("blob.root", &blob::root(&[labels::sha256(&sealed)]).0);
}

fn recovery(out: &mut Vectors) -> RecoveryKey {
    let key = RecoveryKey::derive(&ENTROPY);
    out.text("recovery.words", &words_of(&ENTROPY).unwrap().join(" "));
    out.hex("recovery.entropy", &ENTROPY);
    out.hex("recovery.kem_secret", key.kem.secret().bytes());
    out.hex("recovery.kem_public", &key.kem.public());
    out.hex("recovery.sign_seed", key.sign.seed().bytes());
    out.hex("recovery.sign_public", &key.sign.public());
    key
}

/// A log of three entries: founded, a device added, recovery words set; the keyring of the third; all grants.
fn family(out: &mut Vectors, paper: &RecoveryKey) {
    let (own, key) = (founder(), space_key());
    let (new_kem, new_sign) = (
        KemKey::from_secret(Secret32::from_bytes([0x43; 32])),
        SignKey::from_seed(&Secret32::from_bytes([0x45; 32])),
    );
    let secret = Secret32::from_bytes([0x88; 32]);
    let signer = Signer::Device(DEVICE);
    let add = |device, member, kem: &KemKey, sign: &SignKey| {
        let (kem_pk, sign_pk) = (kem.public(), sign.public());
        Change::AddDevice(AddDevice { device, member, role: Role::Parent, kem_pk, sign_pk })
    };
    let epoch =
        Epoch { space: SPACE, epoch: 1, commitment: Hash32(commitment(&key, FAMILY, SPACE, 1)), head_seq: 0 };
    let set = SetRecovery { kem_pk: paper.kem.public(), sign_pk: paper.sign.public() };
    let steps = [
        vec![Change::Found(SPACE), add(DEVICE, own.member, &own.kem, &own.sign), Change::Epoch(epoch)],
        vec![add(NEW, MemberId([0x56; 16]), &new_kem, &new_sign)],
        vec![Change::SetRecovery(set)],
    ];
    let note = |name: &str, how: &str| DeviceNote {
        name: name.into(),
        added_by: signer,
        how: how.into(),
        at_ms: 1_790_000_000_000,
    };
    let keyring = Keyring {
        keys: only(SPACE, 1, &key),
        devices: BTreeMap::from([
            (DEVICE, note("Ann's phone", "first")),
            (NEW, note("Ben's phone", "invite")),
        ]),
        members: BTreeMap::from([(MemberId([0x56; 16]), "Ben".into())]),
        carried: BTreeMap::new(),
    };
    out.hex("family", &FAMILY.0);
    out.hex("device", &DEVICE.0);
    out.hex("device.kem_secret", own.kem.secret().bytes());
    out.hex("device.sign_seed", own.sign.seed().bytes());
    out.hex("new_device", &NEW.0);
    out.hex("new_device.kem_secret", new_kem.secret().bytes());
    let mut log: Option<Log> = None;
    let mut sealed = vec![];
    let seen = BTreeMap::new();
    for (number, changes) in (1..).zip(steps) {
        sealed = keyring::seal(&keyring, FAMILY, number, &key, &Counting).unwrap();
        let body = Body {
            family: FAMILY,
            number,
            previous: log.as_ref().map_or(Hash32::ZERO, |log| log.head().hash),
            changes,
            keyring: labels::keyring_hash(&sealed),
            signer,
        };
        let entry = Entry::sign(body, own.sign.pair(), (number == 3).then(|| paper.sign.pair()));
        match &mut log {
            Some(log) => log.apply(&entry).unwrap(),
            None => log = Some(Log::found(&entry).unwrap()),
        }
        out.hex(&format!("log.{number}"), &encode(&entry));
        out.hex(&format!("log.{number}.hash"), &entry.hash().0);
        let granter = Granter {
            family: FAMILY,
            head: LogHead { number, hash: entry.hash() },
            sender: signer,
            sender_kem: &own.kem,
            seen: &seen,
            random: &Counting,
        };
        let keys = only(SPACE, 1, &key);
        let mut grant = |name: &str, to: &To<'_>, kem_pk: [u8; 32]| {
            let sealed = granter.seal(to, &kem_pk, &keys).unwrap();
            out.hex(&format!("grant.{name}"), &encode(&sealed));
        };
        match number {
            1 => grant("member", &To::Member(Recipient::Device(DEVICE)), own.kem.public()),
            2 => {
                let psk = code::psk(&secret);
                let to = To::Join(Recipient::Device(NEW), code::link_id(&secret), &psk);
                grant("join", &to, new_kem.public());
            }
            _ => {
                let to = To::Recovery(Recipient::Recovery(paper.sign.public()));
                grant("recovery", &to, paper.kem.public());
            }
        }
    }
    out.text("keyring.number", "3");
    out.hex("keyring.sealed", &sealed);
    out.hex("keyring.hash", &labels::keyring_hash(&sealed).0);
    links(out, &secret, &new_kem, &new_sign);
}

fn links(out: &mut Vectors, secret: &Secret32, kem: &KemKey, sign: &SignKey) {
    let (kem_pk, sign_pk) = (kem.public(), sign.public());
    let post = code::make_post(secret, Some(FAMILY), NEW, kem_pk, sign_pk, "Ben's phone", &Counting).unwrap();
    let issuer = || ISSUER.to_owned();
    out.hex("link.secret", secret.bytes());
    out.hex("link.id", &code::link_id(secret).0);
    out.hex("link.psk", code::psk(secret).bytes());
    out.hex("link.post", &encode(&post));
    out.text("link.text", &code::text(secret, ISSUER));
    let secret = || Secret(*secret.bytes());
    let invite = Invite { issuer: issuer(), family: FAMILY, secret: secret(), expires: 1_790_003_600 };
    let ask = Ask { issuer: issuer(), secret: secret(), device: NEW, kem_pk, sign_pk };
    let kit = Kit { issuer: issuer(), family: FAMILY, entropy: Secret(ENTROPY) };
    for (name, scan) in [("invite", Scan::Invite(invite)), ("ask", Scan::Ask(ask)), ("kit", Scan::Kit(kit))] {
        out.hex(&format!("qr.{name}"), &encode(&scan));
    }
}

fn proof(out: &mut Vectors) {
    let message = sign::device_proof(ISSUER, FAMILY, DEVICE, SignInId([0x12; 16]), &[0x13; 32]);
    out.text("proof.issuer", ISSUER);
    out.hex("proof.sign_in", &[0x12; 16]);
    out.hex("proof.nonce", &[0x13; 32]);
    out.hex("proof.message", &message);
    out.hex("proof.signature", &founder().sign.sign(&message));
}

#[test]
fn docs_formats_md_quotes_the_bytes_that_this_version_writes() {
    let mut out = Vectors::default();
    derivations(&mut out);
    record(&mut out);
    blob_file(&mut out);
    let paper = recovery(&mut out);
    family(&mut out, &paper);
    proof(&mut out);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats.md");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let block = format!("```vectors\n{}```", out.0);
    if !text.contains(&block) {
        let fresh = std::env::temp_dir().join("kinfolio-vectors.txt");
        std::fs::write(&fresh, &block).unwrap();
        panic!("docs/formats.md quotes other vectors; the block to put there lies in {}", fresh.display());
    }
}
