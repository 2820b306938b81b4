//! The eight changes that an entry can make, and who may sign.

use crate::cbor::{Reader, Wire, Writer};
use crate::ids::{DeviceId, Hash32, MemberId, SpaceId};
use crate::{Error, Result};

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads and writes every space and signs entries.
    Parent,
    /// Holds the key of this one space: a tutor, a limited parent, a relative.
    Share(SpaceId),
}

/// Who signed an entry or sent a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signer {
    /// A parent's device.
    Device(DeviceId),
    /// The recovery key, named by its public signing key.
    Recovery([u8; 32]),
}

/// A new device. Its device number is the number of the entry that adds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddDevice {
    /// The device's id, never used again.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// What it may do.
    pub role: Role,
    /// X25519 public key.
    pub kem_pk: [u8; 32],
    /// Ed25519 public key.
    pub sign_pk: [u8; 32],
}

/// A new key of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Which space; epoch 1 makes it.
    pub space: SpaceId,
    /// One more than the space's newest, so 1 for a new space.
    pub epoch: u32,
    /// Commitment to the key, by which a receiver checks a grant.
    pub commitment: Hash32,
    /// The space's head that the signer saw; the server compares it with its own.
    pub head_seq: u64,
}

/// A new recovery key, which signs the entry too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetRecovery {
    /// X25519 public key.
    pub kem_pk: [u8; 32],
    /// Ed25519 public key.
    pub sign_pk: [u8; 32],
}

/// One change of the membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// `[1, family_space]`: found the family; only in entry 1.
    Found(SpaceId),
    /// `[2, device, member, role, kem_pk, sign_pk]`.
    AddDevice(AddDevice),
    /// `[3, [device…]]`.
    RemoveDevices(Vec<DeviceId>),
    /// `[4, member]`.
    RemoveMember(MemberId),
    /// `[5, space, epoch, commitment, head_seq]`.
    Epoch(Epoch),
    /// `[6, kem_pk, sign_pk]`.
    SetRecovery(SetRecovery),
    /// `[7]`.
    ClearRecovery,
    /// `[8, space]`.
    EndShare(SpaceId),
}

impl Wire for Role {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Parent => {
                out.array(1);
                out.uint(0);
            }
            Self::Share(space) => {
                out.array(2);
                out.uint(1);
                space.write(out);
            }
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        match (from.array()?, from.uint()?) {
            (1, 0) => Ok(Self::Parent),
            (2, 1) => Wire::read(from).map(Self::Share),
            _ => Err(Error::UpdateApp),
        }
    }
}

impl Wire for Signer {
    fn write(&self, out: &mut Writer) {
        out.array(2);
        match self {
            Self::Device(device) => {
                out.uint(0);
                device.write(out);
            }
            Self::Recovery(sign_pk) => {
                out.uint(1);
                sign_pk.write(out);
            }
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        match (from.array()?, from.uint()?) {
            (2, 0) => Wire::read(from).map(Self::Device),
            (2, 1) => Wire::read(from).map(Self::Recovery),
            _ => Err(Error::UpdateApp),
        }
    }
}

impl Wire for Change {
    fn write(&self, out: &mut Writer) {
        let mut head = |length, tag| {
            out.array(length);
            out.uint(tag);
        };
        match self {
            Self::Found(space) => {
                head(2, 1);
                space.write(out);
            }
            Self::AddDevice(add) => {
                head(6, 2);
                add.device.write(out);
                add.member.write(out);
                add.role.write(out);
                add.kem_pk.write(out);
                add.sign_pk.write(out);
            }
            Self::RemoveDevices(devices) => {
                head(2, 3);
                devices.write(out);
            }
            Self::RemoveMember(member) => {
                head(2, 4);
                member.write(out);
            }
            Self::Epoch(new) => {
                head(5, 5);
                new.space.write(out);
                new.epoch.write(out);
                new.commitment.write(out);
                new.head_seq.write(out);
            }
            Self::SetRecovery(keys) => {
                head(3, 6);
                keys.kem_pk.write(out);
                keys.sign_pk.write(out);
            }
            Self::ClearRecovery => head(1, 7),
            Self::EndShare(space) => {
                head(2, 8);
                space.write(out);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        match (from.array()?, from.uint()?) {
            (2, 1) => Wire::read(from).map(Self::Found),
            (6, 2) => Ok(Self::AddDevice(AddDevice {
                device: Wire::read(from)?,
                member: Wire::read(from)?,
                role: Wire::read(from)?,
                kem_pk: Wire::read(from)?,
                sign_pk: Wire::read(from)?,
            })),
            (2, 3) => Wire::read(from).map(Self::RemoveDevices),
            (2, 4) => Wire::read(from).map(Self::RemoveMember),
            (5, 5) => Ok(Self::Epoch(Epoch {
                space: Wire::read(from)?,
                epoch: Wire::read(from)?,
                commitment: Wire::read(from)?,
                head_seq: Wire::read(from)?,
            })),
            (3, 6) => {
                Ok(Self::SetRecovery(SetRecovery { kem_pk: Wire::read(from)?, sign_pk: Wire::read(from)? }))
            }
            (1, 7) => Ok(Self::ClearRecovery),
            (2, 8) => Wire::read(from).map(Self::EndShare),
            // An unknown change, or a known one with more to say: never skipped.
            _ => Err(Error::UpdateApp),
        }
    }
}
