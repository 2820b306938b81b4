//! The keyring: all space keys and all names, for parents' devices, sealed once per membership log entry.

use crate::clock::Randomness;
use crate::crypto::{SpaceKey, envelope};
use crate::error::{Error, Result};
use kinfolio_protocol::log::{Log, Signer};
use kinfolio_protocol::{DeviceId, FamilyId, MemberId, SpaceId, decode, encode, labels};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroizing;

/// The plaintext grows in steps of this many bytes, so that a name's length does not show.
const STEP: usize = 512;

/// Every key of every space.
pub(crate) type SpaceKeys = BTreeMap<SpaceId, BTreeMap<u32, SpaceKey>>;

/// What is known of a device beside the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceNote {
    /// What the phone calls itself.
    pub name: String,
    /// Who added it.
    pub added_by: Signer,
    /// In a word: `first`, `invite`, `ask`.
    pub how: String,
    /// When, milliseconds since 1970 by the adder's clock.
    pub at_ms: u64,
}

/// The opened keyring.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Keyring {
    pub keys: SpaceKeys,
    pub devices: BTreeMap<DeviceId, DeviceNote>,
    pub members: BTreeMap<MemberId, String>,
    /// Field 6 and every field that this version does not know, as they came: carried, never dropped.
    pub carried: BTreeMap<u64, Vec<u8>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} spaces, {} devices)", self.keys.len(), self.devices.len())
    }
}

/// A keyring sealed for one entry, with the hash that the entry pins.
pub(crate) fn seal(
    keyring: &Keyring,
    family: FamilyId,
    number: u64,
    family_key: &SpaceKey,
    random: &dyn Randomness,
) -> Result<Vec<u8>> {
    let mut plaintext = Zeroizing::new(write(keyring, family, number)?);
    let padded = plaintext.len().next_multiple_of(STEP);
    plaintext.resize(padded, 0);
    envelope::seal_keyring(family_key, family.as_bytes(), number, &plaintext, random)
}

/// Opens the keyring that the log's newest entry pins, and checks it against the log: nothing announced may be
/// missing, and every key must be the one that was committed to.
///
/// # Errors
/// [`Error::Sealed`]; [`Error::UpdateApp`] for one of a newer version.
pub(crate) fn open(sealed: &[u8], log: &Log, family_key: &SpaceKey) -> Result<Keyring> {
    if labels::keyring_hash(sealed) != log.keyring() {
        return Err(Error::Sealed("keyring is not the one that the log names"));
    }
    let plaintext = envelope::open_keyring(family_key, log.family().as_bytes(), log.length(), sealed)?;
    let (family, number, mut keyring) = read(&plaintext)?;
    if family != log.family() || number != log.length() {
        return Err(Error::Sealed("keyring belongs to another family or entry"));
    }
    for (space, announced) in log.spaces() {
        let held = keyring.keys.get(space);
        for (_, epoch) in &announced.epochs {
            let key = held.and_then(|keys| keys.get(&epoch.epoch));
            if key.is_none_or(|key| commitment(key, family, *space, epoch.epoch) != epoch.commitment.0) {
                return Err(Error::Sealed("keyring lacks a key that the log announces"));
            }
        }
    }
    // A key that the log never announced is a writer's invention: kept, it would stand in a later epoch's place.
    keyring.keys.retain(|space, keys| {
        let Some(announced) = log.spaces().get(space) else { return false };
        keys.retain(|epoch, _| announced.epochs.iter().any(|(_, known)| known.epoch == *epoch));
        true
    });
    Ok(keyring)
}

/// KDF(SK, ~commit, family, space, epoch): what the log says about a key without telling it.
pub(crate) fn commitment(key: &SpaceKey, family: FamilyId, space: SpaceId, epoch: u32) -> [u8; 32] {
    let fields: [&[u8]; 3] = [family.as_bytes(), space.as_bytes(), &epoch.to_be_bytes()];
    *crate::crypto::kdf::derive(key.bytes(), labels::COMMIT, &fields).bytes()
}

type CborResult<T> = std::result::Result<T, minicbor::encode::Error<std::convert::Infallible>>;

fn write(keyring: &Keyring, family: FamilyId, number: u64) -> Result<Vec<u8>> {
    let mut out = Encoder::new(Vec::new());
    let mut write = || -> CborResult<()> {
        out.map(6 + keyring.carried.len() as u64)?;
        out.u8(0)?.u8(1)?.u8(1)?.bytes(family.as_bytes())?.u8(2)?.u64(number)?;
        out.u8(3)?;
        write_keys(&mut out, &keyring.keys)?;
        out.u8(4)?.map(keyring.devices.len() as u64)?;
        for (device, note) in &keyring.devices {
            out.bytes(device.as_bytes())?.array(4)?.str(&note.name)?;
            out.writer_mut().extend_from_slice(&encode(&note.added_by));
            out.str(&note.how)?.u64(note.at_ms)?;
        }
        out.u8(5)?.map(keyring.members.len() as u64)?;
        for (member, name) in &keyring.members {
            out.bytes(member.as_bytes())?.str(name)?;
        }
        for (field, raw) in &keyring.carried {
            out.u64(*field)?;
            out.writer_mut().extend_from_slice(raw);
        }
        Ok(())
    };
    write().map_err(|_| Error::internal("keyring could not be written"))?;
    Ok(out.into_writer())
}

/// `{space: {epoch: key}}`, as keyrings and grants hold it.
pub(crate) fn write_keys(out: &mut Encoder<Vec<u8>>, keys: &SpaceKeys) -> CborResult<()> {
    out.map(keys.len() as u64)?;
    for (space, epochs) in keys {
        out.bytes(space.as_bytes())?.map(epochs.len() as u64)?;
        for (epoch, key) in epochs {
            out.u32(*epoch)?.bytes(key.bytes())?;
        }
    }
    Ok(())
}

/// A map that begins with a version later than 1, the only one there is.
fn is_newer(plaintext: &[u8]) -> bool {
    let mut from = Decoder::new(plaintext);
    matches!((from.map(), from.u64(), from.u64()), (Ok(_), Ok(0), Ok(2..)))
}

fn read(plaintext: &[u8]) -> Result<(FamilyId, u64, Keyring)> {
    if is_newer(plaintext) {
        return Err(Error::UpdateApp);
    }
    let mut from = Decoder::new(plaintext);
    let read = read_fields(&mut from).ok().flatten();
    let padding = plaintext.get(from.position()..).unwrap_or_default();
    match read {
        Some(read) if padding.iter().all(|byte| *byte == 0) => Ok(read),
        _ => Err(Error::Sealed("keyring is malformed")),
    }
}

type Decoded<T> = std::result::Result<T, minicbor::decode::Error>;

fn read_fields(from: &mut Decoder<'_>) -> Decoded<Option<(FamilyId, u64, Keyring)>> {
    let mut keyring = Keyring::default();
    let (mut version, mut family, mut number) = (None, None, None);
    for _ in 0..from.map()?.unwrap_or_default() {
        match from.u64()? {
            0 => version = Some(from.u64()?),
            1 => family = FamilyId::try_from(from.bytes()?).ok(),
            2 => number = Some(from.u64()?),
            3 => keyring.keys = read_keys(from)?,
            4 => {
                for _ in 0..from.map()?.unwrap_or_default() {
                    let (Ok(device), Some(4)) = (DeviceId::try_from(from.bytes()?), from.array()?) else {
                        return Ok(None);
                    };
                    let name = from.str()?.to_owned();
                    let Ok(added_by) = decode(raw(from)?) else { return Ok(None) };
                    let (how, at_ms) = (from.str()?.to_owned(), from.u64()?);
                    keyring.devices.insert(device, DeviceNote { name, added_by, how, at_ms });
                }
            }
            5 => {
                for _ in 0..from.map()?.unwrap_or_default() {
                    let Ok(member) = MemberId::try_from(from.bytes()?) else { return Ok(None) };
                    keyring.members.insert(member, from.str()?.to_owned());
                }
            }
            unknown => {
                keyring.carried.insert(unknown, raw(from)?.to_vec());
            }
        }
    }
    Ok(match (version, family, number) {
        (Some(1), Some(family), Some(number)) => Some((family, number, keyring)),
        _ => None,
    })
}

pub(crate) fn read_keys(from: &mut Decoder<'_>) -> Decoded<SpaceKeys> {
    let mut keys = SpaceKeys::new();
    for _ in 0..from.map()?.unwrap_or_default() {
        let wrong = |_| minicbor::decode::Error::message("id or key of a wrong length");
        let space = SpaceId::try_from(from.bytes()?).map_err(|_| wrong(()))?;
        let mut epochs = BTreeMap::new();
        for _ in 0..from.map()?.unwrap_or_default() {
            let epoch = from.u32()?;
            let key = SpaceKey::from_slice(from.bytes()?).map_err(|_| wrong(()))?;
            epochs.insert(epoch, key);
        }
        keys.insert(space, epochs);
    }
    Ok(keys)
}

/// The bytes of the next item, whatever it is.
fn raw<'b>(from: &mut Decoder<'b>) -> Decoded<&'b [u8]> {
    let start = from.position();
    if from.datatype()? == Type::Break {
        return Err(minicbor::decode::Error::message("indefinite item"));
    }
    from.skip()?;
    from.input().get(start..from.position()).ok_or_else(minicbor::decode::Error::end_of_input)
}
