//! Sealing and opening grants: space keys on their way to one device or to the recovery key.

use super::keyring::{SpaceKeys, commitment, read_keys, write_keys};
use crate::clock::Randomness;
use crate::crypto::hpke::{self, KemKey, OpenMode, SealMode, Sealed};
use crate::crypto::{Secret32, SpaceKey};
use crate::error::{Error, Result};
use kinfolio_protocol::grant::{Grant, GrantKind, Recipient};
use kinfolio_protocol::log::{Log, Signer};
use kinfolio_protocol::sign::LogHead;
use kinfolio_protocol::{FamilyId, Hash32, LinkId, SpaceId, decode, encode};
use minicbor::{Decoder, Encoder};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What the granter last saw of a space on the server. It stands in every grant's plaintext and is told on; no phone
/// fills it yet, as that needs signed checkpoints, so the map is empty until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub at_seq: u64,
    pub root: [u8; 32],
    pub incarnation: [u8; 16],
}

/// The opened content of a grant, already checked against the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Granted {
    pub keys: SpaceKeys,
    pub seen: BTreeMap<SpaceId, Seen>,
}

impl Granted {
    /// Joins the content of several grants. Keys that were checked against the log can't contradict each other.
    pub fn add(&mut self, other: Self) {
        for (space, epochs) in other.keys {
            self.keys.entry(space).or_default().extend(epochs);
        }
        for (space, seen) in other.seen {
            let newest = self.seen.entry(space).or_insert(seen);
            if newest.at_seq < seen.at_seq {
                *newest = seen;
            }
        }
    }
}

/// What all grants of one entry have in common.
pub(crate) struct Granter<'a> {
    pub family: FamilyId,
    /// The entry that the grants go with, which is the log's head once it stands.
    pub head: LogHead,
    pub sender: Signer,
    pub sender_kem: &'a KemKey,
    pub seen: &'a BTreeMap<SpaceId, Seen>,
    pub random: &'a dyn Randomness,
}

/// To whom, and how HPKE knows the sender.
pub(crate) enum To<'a> {
    /// An enrolled device, by the sender's key.
    Member(Recipient),
    /// A device that this entry adds, by the link's pre-shared key.
    Join(Recipient, LinkId, &'a Secret32),
    /// The recovery key, by the sender's key.
    Recovery(Recipient),
}

impl Granter<'_> {
    /// Seals `keys` to one recipient.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the recipient's public key is unusable.
    pub(crate) fn seal(&self, to: &To<'_>, kem_pk: &[u8; 32], keys: &SpaceKeys) -> Result<Grant> {
        let (kind, recipient) = match to {
            To::Member(recipient) => (GrantKind::Member, *recipient),
            To::Join(recipient, ..) => (GrantKind::Join, *recipient),
            To::Recovery(recipient) => (GrantKind::Recovery, *recipient),
        };
        let mode = match to {
            To::Join(_, link, psk) => SealMode::Psk(psk, link.as_bytes()),
            To::Member(_) | To::Recovery(_) => SealMode::Auth(self.sender_kem),
        };
        let info = Grant::info(kind, self.family, self.head.hash, self.sender, recipient, kem_pk);
        let plaintext = self.plaintext(keys)?;
        let Sealed { enc, ciphertext } = hpke::seal(mode, kem_pk, &info, b"", &plaintext, self.random)?;
        Ok(Grant { kind, number: self.head.number, sender: self.sender, recipient, enc, ciphertext })
    }

    fn plaintext(&self, keys: &SpaceKeys) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Encoder::new(Vec::new());
        let mut write = || -> std::result::Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            out.map(5)?.u8(0)?.u8(1)?.u8(1)?.bytes(self.family.as_bytes())?.u8(2)?;
            write_keys(&mut out, keys)?;
            out.u8(3)?;
            out.writer_mut().extend_from_slice(&encode(&self.head));
            out.u8(4)?.map(self.seen.len() as u64)?;
            for (space, seen) in self.seen {
                out.bytes(space.as_bytes())?.array(3)?;
                out.u64(seen.at_seq)?.bytes(&seen.root)?.bytes(&seen.incarnation)?;
            }
            Ok(())
        };
        write().map_err(|_| Error::internal("grant could not be written"))?;
        Ok(Zeroizing::new(out.into_writer()))
    }
}

/// How the receiver opens: a joiner has the link's secret, everybody else the sender's key from the log.
pub(crate) enum From<'a> {
    /// The sender's key comes from the log.
    Log,
    /// The link's pre-shared key.
    Link(LinkId, &'a Secret32),
}

/// Opens a grant addressed to `recipient`, whose KEM pair is `kem`.
///
/// # Errors
/// [`Error::Sealed`] unless the verified log listed the sender as a parent's device or recovery key at the entry
/// that the grant names, every key equals its commitment, and the granter's log is a part of ours.
pub(crate) fn open(
    grant: &Grant,
    log: &Log,
    recipient: Recipient,
    kem: &KemKey,
    from: &From<'_>,
) -> Result<Granted> {
    if grant.recipient != recipient {
        return Err(Error::Sealed("grant is for another device"));
    }
    let (sender_kem, _) = log
        .sender_at(grant.sender, grant.number)
        .ok_or(Error::Sealed("grant does not come from a parent's device"))?;
    let mode = match (grant.kind, from) {
        (GrantKind::Join, From::Link(link, psk)) => OpenMode::Psk(psk, link.as_bytes()),
        (GrantKind::Member, From::Log) | (GrantKind::Recovery, From::Log) => OpenMode::Auth(&sender_kem),
        _ => return Err(Error::Sealed("grant is of another kind")),
    };
    let entry = log.hash_of(grant.number).ok_or(Error::Sealed("grant names an unknown entry"))?;
    let info = Grant::info(grant.kind, log.family(), entry, grant.sender, recipient, &kem.public());
    let sealed = Sealed { enc: grant.enc, ciphertext: grant.ciphertext.clone() };
    let plaintext = hpke::open(mode, kem, &info, b"", &sealed)?;
    let (family, head, granted) = read(&plaintext).ok_or(Error::Sealed("grant is malformed"))?;
    if family != log.family() || log.hash_of(head.number) != Some(head.hash) {
        return Err(Error::Sealed("grant tells of another log"));
    }
    for (space, epochs) in &granted.keys {
        for (epoch, key) in epochs {
            if announced(log, *space, *epoch) != Some(Hash32(commitment(key, family, *space, *epoch))) {
                return Err(Error::Sealed("granted key is not the one that the log announces"));
            }
        }
    }
    Ok(granted)
}

fn announced(log: &Log, space: SpaceId, epoch: u32) -> Option<Hash32> {
    log.spaces().get(&space)?.epoch(epoch).map(|epoch| epoch.commitment)
}

/// The newest key of one space alone: what a parent's device and the recovery key are granted, the keyring gives
/// the rest.
pub(crate) fn only(space: SpaceId, epoch: u32, key: &SpaceKey) -> SpaceKeys {
    BTreeMap::from([(space, BTreeMap::from([(epoch, key.clone())]))])
}

fn read(plaintext: &[u8]) -> Option<(FamilyId, LogHead, Granted)> {
    let mut from = Decoder::new(plaintext);
    let from = &mut from;
    (from.map().ok()?? == 5 && from.u64().ok()? == 0 && from.u64().ok()? == 1).then_some(())?;
    (from.u64().ok()? == 1).then_some(())?;
    let family = FamilyId::try_from(from.bytes().ok()?).ok()?;
    (from.u64().ok()? == 2).then_some(())?;
    let keys = read_keys(from).ok()?;
    (from.u64().ok()? == 3).then_some(())?;
    let start = from.position();
    from.skip().ok()?;
    let head: LogHead = decode(plaintext.get(start..from.position())?).ok()?;
    (from.u64().ok()? == 4).then_some(())?;
    let mut seen = BTreeMap::new();
    for _ in 0..from.map().ok()?? {
        let space = SpaceId::try_from(from.bytes().ok()?).ok()?;
        (from.array().ok()?? == 3).then_some(())?;
        let at_seq = from.u64().ok()?;
        let root = from.bytes().ok()?.try_into().ok()?;
        let incarnation = from.bytes().ok()?.try_into().ok()?;
        seen.insert(space, Seen { at_seq, root, incarnation });
    }
    (from.position() == plaintext.len()).then_some((family, head, Granted { keys, seen }))
}
