//! Ed25519, verified strictly, and the strings that devices sign outside the log.

pub use ed25519_dalek::SigningKey;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::ids::{AccountId, DeviceId, FamilyId, Hash32, RecordId, SignInId, SpaceId};
use crate::labels::{self, joined};
use crate::purge::BlobsRequest;
use crate::sync::PushRequest;
use crate::{Error, Result};

/// Signs the bytes.
pub fn sign(key: &SigningKey, message: &[u8]) -> [u8; 64] {
    key.sign(message).to_bytes()
}

/// Verifies strictly: no small-order keys, no second spelling of a signature.
///
/// # Errors
/// [`Error::Signature`] for a bad key or a signature that does not hold.
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
    let key = VerifyingKey::from_bytes(public).map_err(|_| Error::Signature)?;
    key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| Error::Signature)
}

/// Whether the bytes are a public key that could ever verify a signature.
pub fn is_public_key(public: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| !key.is_weak())
}

/// What a device signs to bind a sign-in to itself.
///
/// `issuer` is the server's address as the phone has it configured; `nonce` was given to this sign-in, or is
/// SHA-256 of the refresh token when a bound sign-in is refreshed.
pub fn device_proof(
    issuer: &str,
    family: FamilyId,
    device: DeviceId,
    sign_in: SignInId,
    nonce: &[u8; 32],
) -> Vec<u8> {
    joined(
        labels::DEVICE_PROOF,
        &[issuer.as_bytes(), family.as_bytes(), device.as_bytes(), sign_in.as_bytes(), nonce],
    )
}

/// What may be ordered with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Stand in once for a lost TOTP.
    Totp,
    /// Let an account reach this family's log, keyring and recovery grant.
    Bind,
    /// Erase the family after its waiting time.
    Erase,
    /// Call an erasing off.
    Cancel,
    /// Wipe a device.
    Wipe,
    /// Destroy records at once.
    Purge,
}

impl Verb {
    /// The word that is signed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Bind => "bind",
            Self::Erase => "erase",
            Self::Cancel => "cancel",
            Self::Wipe => "wipe",
            Self::Purge => "purge",
        }
    }
}

/// What a device or the recovery key signs to order something.
pub fn order(issuer: &str, family: FamilyId, verb: Verb, subject: &[u8], nonce: &[u8; 32]) -> Vec<u8> {
    joined(labels::ORDER, &[issuer.as_bytes(), family.as_bytes(), verb.word().as_bytes(), subject, nonce])
}

/// What a device or the recovery key signs to stand in for a lost authenticator: the order [`Verb::Totp`], whose subject is
/// the ten digits on the page and whose nonce is their SHA-256, as the server gave them to one browser only.
pub fn approval(issuer: &str, family: FamilyId, code: &str) -> Vec<u8> {
    order(issuer, family, Verb::Totp, code.as_bytes(), &labels::sha256(code.as_bytes()).0)
}

/// What a parent's device or the recovery key signs to erase the family's copy on a server.
pub fn erase_family(issuer: &str, family: FamilyId, nonce: &[u8; 32]) -> Vec<u8> {
    order(issuer, family, Verb::Erase, family.as_bytes(), nonce)
}

/// What one of them signs to call that off.
pub fn keep_family(issuer: &str, family: FamilyId, nonce: &[u8; 32]) -> Vec<u8> {
    order(issuer, family, Verb::Cancel, family.as_bytes(), nonce)
}

/// What a parent's device signs for the end of its own account, which may take the family's copy with it.
pub fn end_account(issuer: &str, family: FamilyId, account: AccountId, nonce: &[u8; 32]) -> Vec<u8> {
    order(issuer, family, Verb::Erase, account.as_bytes(), nonce)
}

/// What a device signs to purge: the order [`Verb::Purge`] over the space and the records that the push purges, in its order,
/// with the push's SHA-256 in place of a nonce: the signature serves these very bytes. None: it purges nothing.
pub fn purge(issuer: &str, family: FamilyId, space: SpaceId, push: &PushRequest) -> Option<Vec<u8>> {
    let mut subject = space.as_bytes().to_vec();
    let purged = push.records.iter().filter(|item| item.purge);
    purged.for_each(|item| subject.extend_from_slice(item.record.as_bytes()));
    let nonce = labels::sha256(&crate::encode(push));
    (subject.len() > space.as_bytes().len()).then(|| order(issuer, family, Verb::Purge, &subject, &nonce.0))
}

/// What a device signs for files that a purge left without a record: the order [`Verb::Purge`] over the space and their ids,
/// with the request's SHA-256 in place of a nonce.
pub fn purge_blobs(issuer: &str, family: FamilyId, space: SpaceId, left: &BlobsRequest) -> Vec<u8> {
    let mut subject = space.as_bytes().to_vec();
    left.blobs.iter().for_each(|blob| subject.extend_from_slice(blob.as_bytes()));
    order(issuer, family, Verb::Purge, &subject, &labels::sha256(&crate::encode(left)).0)
}

/// What one device saw of a space at one moment, signed by it; stored as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Who signs.
    pub device: DeviceId,
    /// Of which space.
    pub space: SpaceId,
    /// The server's incarnation.
    pub incarnation: [u8; 16],
    /// How many pushes this device made.
    pub push_no: u64,
    /// The head that is described.
    pub at_seq: u64,
    /// Hash over the 256 buckets at that head.
    pub root: Hash32,
    /// Head of the membership log that the device had.
    pub log: LogHead,
    /// Corrected time in milliseconds since 1970.
    pub at_ms: u64,
    /// Hash of this device's checkpoint before, or zeros.
    pub previous: Hash32,
    /// Signature over all of the above.
    pub signature: [u8; 64],
}
crate::cbor::wire_map!(Checkpoint {
    0: device,
    1: space,
    2: incarnation,
    3: push_no,
    4: at_seq,
    5: root,
    6: log,
    7: at_ms,
    8: previous,
    9: signature
});

/// Number and hash of a membership log's newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// Number of the entry, from 1.
    pub number: u64,
    /// Its hash.
    pub hash: Hash32,
}
crate::cbor::wire_array!(LogHead[number, hash]);

impl Checkpoint {
    /// Signs all fields but the signature, which is replaced.
    pub fn signed(mut self, key: &SigningKey) -> Self {
        self.signature = sign(key, &self.message());
        self
    }

    /// Verifies the signature with the device's key from the log.
    ///
    /// # Errors
    /// [`Error::Signature`].
    pub fn verify(&self, public: &[u8; 32]) -> Result<()> {
        verify(public, &self.message(), &self.signature)
    }

    /// The record id under which a device's checkpoint of a space is stored; the server derives it too, to leave
    /// checkpoints out of digests.
    pub fn record_id(device: DeviceId, space: SpaceId) -> RecordId {
        let both = [*device.as_bytes(), *space.as_bytes()].concat();
        let Hash32(hash) = labels::hash(labels::CHECKPOINT_ID, &both);
        let (id, _) = hash.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        RecordId(*id)
    }

    fn message(&self) -> Vec<u8> {
        joined(
            labels::CHECKPOINT,
            &[
                self.device.as_bytes(),
                self.space.as_bytes(),
                &self.incarnation,
                &self.push_no.to_be_bytes(),
                &self.at_seq.to_be_bytes(),
                self.root.as_bytes(),
                &crate::encode(&self.log),
                &self.at_ms.to_be_bytes(),
                self.previous.as_bytes(),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_serves_one_purpose_and_one_place() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let (family, device, sign_in) = (FamilyId([1; 16]), DeviceId([2; 16]), SignInId([3; 16]));
        let proof = device_proof("https://a.example", family, device, sign_in, &[4; 32]);
        let signature = sign(&key, &proof);
        verify(&public, &proof, &signature).unwrap();
        for other in [
            device_proof("https://b.example", family, device, sign_in, &[4; 32]),
            device_proof("https://a.example", FamilyId([9; 16]), device, sign_in, &[4; 32]),
            device_proof("https://a.example", family, DeviceId([9; 16]), sign_in, &[4; 32]),
            device_proof("https://a.example", family, device, SignInId([9; 16]), &[4; 32]),
            device_proof("https://a.example", family, device, sign_in, &[9; 32]),
        ] {
            assert_eq!(verify(&public, &other, &signature), Err(Error::Signature));
        }
        assert!(verify(&[0; 32], &proof, &signature).is_err(), "a small-order key verifies nothing");
        assert!(!is_public_key(&[0; 32]) && is_public_key(&public));
    }

    #[test]
    fn a_checkpoint_is_refused_after_any_change() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let log = LogHead { number: 3, hash: Hash32([5; 32]) };
        let made = Checkpoint {
            device: DeviceId([1; 16]),
            space: SpaceId([2; 16]),
            incarnation: [3; 16],
            push_no: 9,
            at_seq: 41,
            root: Hash32([4; 32]),
            log,
            at_ms: 1_780_000_000_000,
            previous: Hash32::ZERO,
            signature: [0; 64],
        }
        .signed(&key);
        made.verify(&public).unwrap();
        let bytes = crate::encode(&made);
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            assert!(crate::decode::<Checkpoint>(&bent).and_then(|c| c.verify(&public)).is_err(), "byte {at}");
        }
    }
}
