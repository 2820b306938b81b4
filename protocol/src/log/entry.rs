//! One entry of the membership log: `[body bstr, sig 64, co_sig 64 | null]`.

use super::change::{Change, Signer};
use crate::cbor::{Reader, Wire, Writer};
use crate::ids::{FamilyId, Hash32};
use crate::sign::{self, SigningKey};
use crate::{Error, Result, decode, encode, labels, limits};

/// What an entry says. Its version is 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Whose log this is.
    pub family: FamilyId,
    /// Place in the log, from 1.
    pub number: u64,
    /// Hash of the entry before; zeros in entry 1.
    pub previous: Hash32,
    /// What changes, in order. None at all is how a changed keyring (a new name, say) is announced.
    pub changes: Vec<Change>,
    /// Hash of the sealed keyring that goes with this entry.
    pub keyring: Hash32,
    /// Who signs.
    pub signer: Signer,
}

/// A signed entry. The signatures and the hash are over the very bytes of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    bytes: Vec<u8>,
    body: Body,
    signature: [u8; 64],
    co_signature: Option<[u8; 64]>,
}

impl Wire for Body {
    fn write(&self, out: &mut Writer) {
        out.map(7);
        out.uint(0);
        out.uint(1);
        out.uint(1);
        self.family.write(out);
        out.uint(2);
        self.number.write(out);
        out.uint(3);
        self.previous.write(out);
        out.uint(4);
        self.changes.write(out);
        out.uint(5);
        self.keyring.write(out);
        out.uint(6);
        self.signer.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let pairs = from.map()?;
        from.key(0)?;
        // A later version, or a key that this version does not know: stop, never skip.
        if from.uint()? != 1 || pairs > 7 {
            return Err(Error::UpdateApp);
        }
        if pairs < 7 {
            return Err(Error::Malformed("log entry"));
        }
        let key = |expected, from: &mut Reader<'_>| match from.uint()? {
            found if found == expected => Ok(()),
            found if found > 6 => Err(Error::UpdateApp),
            _ => Err(Error::Malformed("log entry")),
        };
        key(1, from)?;
        let family = Wire::read(from)?;
        key(2, from)?;
        let number = Wire::read(from)?;
        key(3, from)?;
        let previous = Wire::read(from)?;
        key(4, from)?;
        let changes = Wire::read(from)?;
        key(5, from)?;
        let keyring = Wire::read(from)?;
        key(6, from)?;
        let signer = Wire::read(from)?;
        Ok(Self { family, number, previous, changes, keyring, signer })
    }
}

impl Wire for Entry {
    fn write(&self, out: &mut Writer) {
        out.array(3);
        out.bytes(&self.bytes);
        self.signature.write(out);
        self.co_signature.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.array_of(3)?;
        let bytes = from.bytes()?;
        if bytes.len() > limits::LOG_ENTRY {
            return Err(Error::Malformed("size of a log entry"));
        }
        let body = decode(bytes)?;
        Ok(Self {
            bytes: bytes.to_vec(),
            body,
            signature: Wire::read(from)?,
            co_signature: Wire::read(from)?,
        })
    }
}

impl Entry {
    /// Signs a body. `recovery` is the new recovery key's signing key, given exactly when the body sets one.
    pub fn sign(body: Body, signer: &SigningKey, recovery: Option<&SigningKey>) -> Self {
        let bytes = encode(&body);
        let message = labels::joined(labels::LOG_ENTRY, &[&bytes]);
        Self {
            body,
            signature: sign::sign(signer, &message),
            co_signature: recovery.map(|key| sign::sign(key, &message)),
            bytes,
        }
    }

    /// What the entry says.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The hash that the next entry names: over the body's bytes.
    pub fn hash(&self) -> Hash32 {
        labels::hash(labels::LOG_HASH, &self.bytes)
    }

    /// Whether the recovery key signed too.
    pub fn is_co_signed(&self) -> bool {
        self.co_signature.is_some()
    }

    /// Verifies the signer's signature over the bytes as they came.
    ///
    /// # Errors
    /// [`Error::Signature`].
    pub fn verify(&self, public: &[u8; 32]) -> Result<()> {
        sign::verify(public, &self.message(), &self.signature)
    }

    /// Verifies the recovery key's signature; one must be there.
    ///
    /// # Errors
    /// [`Error::Signature`] when it is missing or does not hold.
    pub fn verify_co(&self, public: &[u8; 32]) -> Result<()> {
        sign::verify(public, &self.message(), self.co_signature.as_ref().ok_or(Error::Signature)?)
    }

    fn message(&self) -> Vec<u8> {
        labels::joined(labels::LOG_ENTRY, &[&self.bytes])
    }
}
