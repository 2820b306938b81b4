//! Sealed records and keyrings: XChaCha20-Poly1305 under a derived key, bound to the place they belong to.

use super::{Secret32, SpaceKey, kdf};
use crate::clock::Randomness;
use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use kinfolio_protocol::labels::{self, joined};
use zeroize::Zeroizing;

/// Version of the envelope; the only one there is.
pub const VERSION: u8 = 1;
/// XChaCha20-Poly1305. Pinned here and never negotiated: the way out to another suite is a new number.
pub const SUITE: u8 = 1;

const NONCE: usize = 24;
const TAG: usize = 16;
/// Bytes before the nonce of a record: version, suite, u32 epoch.
const RECORD_HEADER: usize = 6;

/// Where a record lives. An envelope opens at this place and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The space that the record belongs to.
    pub space: [u8; 16],
    /// The record's id.
    pub record: [u8; 16],
    /// The record format that the plaintext has.
    pub format: u16,
}

/// What seals the records of one space at one epoch, derived once from the space key.
#[derive(Clone, Debug)]
pub struct RecordKey {
    epoch: u32,
    key: Secret32,
}

impl RecordKey {
    /// KDF(SK, ~record).
    pub fn derive(space_key: &SpaceKey, epoch: u32) -> Self {
        Self { epoch, key: kdf::derive(space_key.bytes(), labels::RECORD, &[]) }
    }

    /// The epoch whose space key this came from.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Seals a plaintext that is already compressed and padded, under a fresh nonce.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the cipher refuses, which takes a plaintext of 256 GiB.
    pub fn seal(&self, place: &Place, plaintext: &[u8], random: &dyn Randomness) -> Result<Vec<u8>> {
        let [e0, e1, e2, e3] = self.epoch.to_be_bytes();
        let header = [VERSION, SUITE, e0, e1, e2, e3];
        seal(&self.key, &header, &record_aad(place, &header), plaintext, random)
    }

    /// Opens a record sealed for `place` under this key; gives the padded plaintext.
    ///
    /// # Errors
    /// [`Error::UpdateApp`] for another version or suite; [`Error::Sealed`] when the epoch is not this key's, or when
    /// any byte of envelope or place differs from what was sealed.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if epoch_of(sealed)? != self.epoch {
            return Err(Error::Sealed("record is sealed under another epoch"));
        }
        let (header, body) = sealed.split_at_checked(RECORD_HEADER).ok_or(TOO_SHORT)?;
        open(&self.key, &record_aad(place, header), body)
    }
}

/// The epoch written in the clear at the front of a sealed record.
///
/// # Errors
/// [`Error::UpdateApp`] for a version or suite that this build does not know, [`Error::Sealed`] for what is too short.
pub fn epoch_of(sealed: &[u8]) -> Result<u32> {
    match sealed {
        [VERSION, SUITE, e0, e1, e2, e3, ..] => Ok(u32::from_be_bytes([*e0, *e1, *e2, *e3])),
        [] | [VERSION] | [VERSION, SUITE, ..] => Err(TOO_SHORT),
        _ => Err(Error::UpdateApp),
    }
}

/// Seals a padded keyring for membership log entry `number`, under the family space's newest key.
///
/// # Errors
/// [`Error::Sealed`] when the cipher refuses, which takes a plaintext of 256 GiB.
pub fn seal_keyring(
    family_key: &SpaceKey,
    family: &[u8; 16],
    number: u64,
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<Vec<u8>> {
    let key = kdf::derive(family_key.bytes(), labels::KEYRING, &[]);
    seal(&key, &[VERSION, SUITE], &keyring_aad(family, number), plaintext, random)
}

/// Opens the keyring that belongs to membership log entry `number`; gives the padded plaintext.
///
/// # Errors
/// [`Error::UpdateApp`] for another version or suite; [`Error::Sealed`] when any byte, the family or the number differs
/// from what was sealed.
pub fn open_keyring(
    family_key: &SpaceKey,
    family: &[u8; 16],
    number: u64,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let key = kdf::derive(family_key.bytes(), labels::KEYRING, &[]);
    open(&key, &keyring_aad(family, number), known(sealed)?)
}

/// Seals a new device's name for whoever holds the link's secret.
///
/// # Errors
/// [`Error::Sealed`] when the cipher refuses, which takes a name of 256 GiB.
pub fn seal_name(secret: &Secret32, link: &[u8; 16], name: &str, random: &dyn Randomness) -> Result<Vec<u8>> {
    let key = kdf::derive(secret.bytes(), labels::LINK_NAME, &[]);
    seal(&key, &[VERSION, SUITE], &joined(labels::LINK_NAME, &[link]), name.as_bytes(), random)
}

/// Opens a new device's name.
///
/// # Errors
/// [`Error::UpdateApp`] for another version or suite; [`Error::Sealed`] when it was not sealed with this secret for this
/// link, or is no text.
pub fn open_name(secret: &Secret32, link: &[u8; 16], sealed: &[u8]) -> Result<String> {
    let key = kdf::derive(secret.bytes(), labels::LINK_NAME, &[]);
    let name = open(&key, &joined(labels::LINK_NAME, &[link]), known(sealed)?)?;
    String::from_utf8(name.to_vec()).map_err(|_| Error::Sealed("device name is no text"))
}

/// What follows the version and the suite of a keyring or a name.
fn known(sealed: &[u8]) -> Result<&[u8]> {
    match sealed {
        [VERSION, SUITE, body @ ..] => Ok(body),
        [] | [VERSION] => Err(TOO_SHORT),
        _ => Err(Error::UpdateApp),
    }
}

const TOO_SHORT: Error = Error::Sealed("sealed bytes are cut short");

fn record_aad(place: &Place, header: &[u8]) -> Vec<u8> {
    let format = place.format.to_be_bytes();
    joined(labels::RECORD, &[&place.space, &place.record, &format, header])
}

fn keyring_aad(family: &[u8; 16], number: u64) -> Vec<u8> {
    joined(labels::KEYRING, &[family, &number.to_be_bytes()])
}

/// header || nonce || ciphertext || tag.
pub(super) fn seal(
    key: &Secret32,
    header: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce);
    let ciphertext = XChaCha20Poly1305::new(key.bytes().into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad })
        .map_err(|_| Error::Sealed("too long to seal"))?;
    Ok([header, &nonce, &ciphertext].concat())
}

/// Opens nonce || ciphertext || tag.
pub(super) fn open(key: &Secret32, aad: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, ciphertext) = body.split_first_chunk::<NONCE>().ok_or(TOO_SHORT)?;
    if ciphertext.len() < TAG {
        return Err(TOO_SHORT);
    }
    XChaCha20Poly1305::new(key.bytes().into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad })
        .map(Zeroizing::new)
        .map_err(|_| Error::Sealed("sealed bytes were changed, moved or belong to another key"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;
    use std::collections::BTreeSet;

    const PLACE: Place = Place { space: [1; 16], record: [2; 16], format: 1 };

    fn key(epoch: u32) -> RecordKey {
        RecordKey::derive(&SpaceKey::from_bytes([9; 32]), epoch)
    }

    #[test]
    fn a_sealed_record_opens_to_the_same_bytes() {
        let random = SeededRandomness::new(1);
        for text in [&b""[..], b"a", &[7; 5000]] {
            let sealed = key(3).seal(&PLACE, text, &random).unwrap();
            assert_eq!(sealed.len(), RECORD_HEADER + NONCE + text.len() + TAG);
            assert_eq!(epoch_of(&sealed).unwrap(), 3);
            assert_eq!(key(3).open(&PLACE, &sealed).unwrap().as_slice(), text);
        }
    }

    #[test]
    fn a_bit_flipped_anywhere_in_a_record_is_refused() {
        let sealed = key(3).seal(&PLACE, b"a year of hedgehogs", &SeededRandomness::new(1)).unwrap();
        for at in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[at / 8] ^= 1 << (at % 8);
            assert!(key(3).open(&PLACE, &bad).is_err(), "bit {at}");
            if let Ok(epoch) = epoch_of(&bad) {
                assert!(key(epoch).open(&PLACE, &bad).is_err(), "bit {at}, epoch taken from the envelope");
            }
        }
        for length in 0..sealed.len() {
            assert!(key(3).open(&PLACE, &sealed[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn another_version_or_suite_is_a_newer_apps_and_no_damage() {
        let sealed = key(3).seal(&PLACE, b"text", &SeededRandomness::new(1)).unwrap();
        for (byte, newer) in [(0, VERSION + 1), (1, SUITE + 1), (1, 255)] {
            let mut other = sealed.clone();
            other[byte] = newer;
            assert_eq!(epoch_of(&other), Err(Error::UpdateApp));
            assert_eq!(key(3).open(&PLACE, &other).unwrap_err(), Error::UpdateApp);
        }
        for length in 0..RECORD_HEADER {
            assert_eq!(epoch_of(&sealed[..length]), Err(TOO_SHORT));
        }
    }

    #[test]
    fn a_keyring_and_a_name_of_another_version_ask_for_an_update_as_records_do() {
        let (key, random) = (SpaceKey::from_bytes([4; 32]), SeededRandomness::new(1));
        let keyring = seal_keyring(&key, &[1; 16], 7, b"names", &random).unwrap();
        let name = seal_name(&key, &[1; 16], "Ben's phone", &random).unwrap();
        let opened = |keyring: &[u8], name: &[u8]| {
            let keyring = open_keyring(&key, &[1; 16], 7, keyring).map(|_| ());
            [keyring, open_name(&key, &[1; 16], name).map(|_| ())]
        };
        assert_eq!(opened(&keyring, &name), [Ok(()), Ok(())]);
        for (byte, newer) in [(0, VERSION + 1), (1, SUITE + 1), (1, 255)] {
            let (mut keyring, mut name) = (keyring.clone(), name.clone());
            (keyring[byte], name[byte]) = (newer, newer);
            assert_eq!(opened(&keyring, &name), [Err(Error::UpdateApp), Err(Error::UpdateApp)]);
            assert_eq!(opened(&keyring[..2], &name[..2]), [Err(Error::UpdateApp), Err(Error::UpdateApp)]);
        }
        for length in 0..2 {
            assert_eq!(opened(&keyring[..length], &name[..length]), [Err(TOO_SHORT), Err(TOO_SHORT)]);
        }
    }

    #[test]
    fn a_record_opens_only_at_its_own_place() {
        let sealed = key(3).seal(&PLACE, b"text", &SeededRandomness::new(1)).unwrap();
        for at in 0..128 {
            let mut place = PLACE;
            place.space[at / 8] ^= 1 << (at % 8);
            assert!(key(3).open(&place, &sealed).is_err());
            let mut place = PLACE;
            place.record[at / 8] ^= 1 << (at % 8);
            assert!(key(3).open(&place, &sealed).is_err());
        }
        for bit in 0..16 {
            let place = Place { format: PLACE.format ^ (1 << bit), ..PLACE };
            assert!(key(3).open(&place, &sealed).is_err());
        }
        assert!(RecordKey::derive(&SpaceKey::from_bytes([8; 32]), 3).open(&PLACE, &sealed).is_err());
    }

    #[test]
    fn no_nonce_is_used_twice() {
        let random = SeededRandomness::new(5);
        let nonces: BTreeSet<Vec<u8>> = (0..2000)
            .map(|_| {
                key(1).seal(&PLACE, b"same", &random).unwrap()[RECORD_HEADER..RECORD_HEADER + NONCE].to_vec()
            })
            .collect();
        assert_eq!(nonces.len(), 2000);
    }

    #[test]
    fn a_keyring_opens_only_for_its_family_and_entry() {
        let key = SpaceKey::from_bytes([4; 32]);
        let sealed = seal_keyring(&key, &[1; 16], 7, b"names", &SeededRandomness::new(2)).unwrap();
        assert_eq!(open_keyring(&key, &[1; 16], 7, &sealed).unwrap().as_slice(), b"names");
        assert!(open_keyring(&key, &[1; 16], 8, &sealed).is_err());
        assert!(open_keyring(&key, &[2; 16], 7, &sealed).is_err());
        assert!(open_keyring(&SpaceKey::from_bytes([5; 32]), &[1; 16], 7, &sealed).is_err());
        for at in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[at / 8] ^= 1 << (at % 8);
            assert!(open_keyring(&key, &[1; 16], 7, &bad).is_err(), "bit {at}");
        }
    }
}
