//! A grant: space keys sealed by HPKE to one recipient. The server carries it and can't read it.

use crate::cbor::{Reader, Wire, Writer, wire_enum, wire_map};
use crate::ids::{DeviceId, FamilyId, Hash32};
use crate::log::Signer;
use crate::{Error, Result, encode, labels, limits};

/// What a grant is for, which decides how HPKE knows the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantKind {
    /// To an enrolled device; HPKE mode_auth from the sender's key.
    Member,
    /// To a device that this entry adds; HPKE mode_psk from the link's secret.
    Join,
    /// To the recovery key; HPKE mode_auth.
    Recovery,
}
wire_enum!(GrantKind { 0: Member, 1: Join, 2: Recovery });

/// Whom a grant is for: a device, or the recovery key by its public signing key. On the wire a bare byte string;
/// its length tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// A device.
    Device(DeviceId),
    /// The recovery key.
    Recovery([u8; 32]),
}

impl Recipient {
    /// The bytes that name it.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Device(DeviceId(id)) => id,
            Self::Recovery(key) => key,
        }
    }
}

impl Wire for Recipient {
    fn write(&self, out: &mut Writer) {
        out.bytes(self.as_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let bytes = from.bytes()?;
        if let Ok(id) = bytes.try_into() {
            return Ok(Self::Device(DeviceId(id)));
        }
        bytes.try_into().map(Self::Recovery).map_err(|_| Error::Malformed("recipient of a grant"))
    }
}

/// A sealed grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What it is for.
    pub kind: GrantKind,
    /// Number of the log entry that it goes with.
    pub number: u64,
    /// Who sealed it.
    pub sender: Signer,
    /// Whom it is for.
    pub recipient: Recipient,
    /// HPKE encapsulated key.
    pub enc: [u8; 32],
    /// HPKE ciphertext.
    pub ciphertext: Vec<u8>,
}
wire_map!(Grant { 0: kind, 1: number, 2: sender, 3: recipient, 4: enc, 5: ciphertext });

impl Grant {
    /// Refuses a grant whose parts do not fit together or that is too large. Says nothing about its content.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn check(&self) -> Result<()> {
        let fits =
            matches!(self.recipient, Recipient::Recovery(_)) == matches!(self.kind, GrantKind::Recovery);
        if !fits {
            return Err(Error::Malformed("recipient of a grant"));
        }
        if self.ciphertext.len() > limits::GRANT {
            return Err(Error::Malformed("size of a grant"));
        }
        Ok(())
    }

    /// HPKE's info. `entry` is the hash of the log entry with the grant's number.
    pub fn info(
        kind: GrantKind,
        family: FamilyId,
        entry: Hash32,
        sender: Signer,
        recipient: Recipient,
        recipient_kem_pk: &[u8; 32],
    ) -> Vec<u8> {
        let kind = match kind {
            GrantKind::Member => 0u8,
            GrantKind::Join => 1,
            GrantKind::Recovery => 2,
        };
        labels::joined(
            labels::GRANT,
            &[
                &[kind],
                family.as_bytes(),
                entry.as_bytes(),
                &encode(&sender),
                recipient.as_bytes(),
                recipient_kem_pk,
            ],
        )
    }
}
