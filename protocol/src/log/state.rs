//! What the entries so far lead to: devices, members, spaces, the recovery key.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Epoch, Role, Signer};
use crate::ids::{DeviceId, FamilyId, Hash32, MemberId, SpaceId};
use crate::sign::LogHead;

/// A device that was ever enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Whose it is.
    pub member: MemberId,
    /// What it may do.
    pub role: Role,
    /// X25519 public key.
    pub kem_pk: [u8; 32],
    /// Ed25519 public key.
    pub sign_pk: [u8; 32],
    /// Number of the entry that added it: the device number in stamps. It fits 32 bits.
    pub number: u32,
    /// Who signed that entry.
    pub added_by: Signer,
    /// Number of the entry that removed it.
    pub removed: Option<u64>,
}

/// A person that was ever a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Whether a device of theirs ever was a parent's.
    pub parent: bool,
    /// Number of the entry that removed them, unless they came back since.
    pub removed: Option<u64>,
}

/// A space that was ever made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Every key so far with its entry's number; epoch `n` stands at `n - 1`.
    pub epochs: Vec<(u64, Epoch)>,
    /// Number of the entry that ended it.
    pub ended: Option<u64>,
}

impl Space {
    /// The newest epoch. A space has one from its first entry on.
    pub fn newest(&self) -> Option<&Epoch> {
        self.epochs.last().map(|(_, epoch)| epoch)
    }

    /// The commitment to one epoch's key, and the head at which that epoch began.
    pub fn epoch(&self, epoch: u32) -> Option<&Epoch> {
        let index = usize::try_from(epoch).ok()?.checked_sub(1)?;
        self.epochs.get(index).map(|(_, epoch)| epoch)
    }
}

/// A recovery key that was ever set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// X25519 public key.
    pub kem_pk: [u8; 32],
    /// Ed25519 public key.
    pub sign_pk: [u8; 32],
    /// Number of the entry that set it.
    pub set: u64,
    /// Number of the entry that replaced or cleared it.
    pub cleared: Option<u64>,
}

/// A verified log: the state after its newest entry. Equal states come from equal entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub(super) family: FamilyId,
    pub(super) family_space: SpaceId,
    pub(super) hashes: Vec<Hash32>,
    pub(super) keyring: Hash32,
    pub(super) devices: BTreeMap<DeviceId, Device>,
    pub(super) members: BTreeMap<MemberId, Member>,
    pub(super) spaces: BTreeMap<SpaceId, Space>,
    pub(super) recoveries: Vec<Recovery>,
    pub(super) public_keys: BTreeSet<[u8; 32]>,
}

impl Log {
    /// Whose log it is.
    pub fn family(&self) -> FamilyId {
        self.family
    }

    /// The space that holds everything.
    pub fn family_space(&self) -> SpaceId {
        self.family_space
    }

    /// How many entries there are; the newest one's number.
    pub fn length(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Number and hash of the newest entry.
    pub fn head(&self) -> LogHead {
        LogHead { number: self.length(), hash: self.hashes.last().copied().unwrap_or(Hash32::ZERO) }
    }

    /// The hash of one entry, by its number from 1.
    pub fn hash_of(&self, number: u64) -> Option<Hash32> {
        self.hashes.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    /// The hashes of all entries, in order.
    pub fn hashes(&self) -> &[Hash32] {
        &self.hashes
    }

    /// Hash of the sealed keyring that goes with the newest entry.
    pub fn keyring(&self) -> Hash32 {
        self.keyring
    }

    /// Every device ever enrolled, removed ones included.
    pub fn devices(&self) -> &BTreeMap<DeviceId, Device> {
        &self.devices
    }

    /// A device that is enrolled now.
    pub fn device(&self, id: DeviceId) -> Option<&Device> {
        self.devices.get(&id).filter(|device| device.removed.is_none())
    }

    /// The devices enrolled now.
    pub fn enrolled(&self) -> impl Iterator<Item = (DeviceId, &Device)> {
        self.devices.iter().filter(|(_, device)| device.removed.is_none()).map(|(id, device)| (*id, device))
    }

    /// Every person who ever was a member.
    pub fn members(&self) -> &BTreeMap<MemberId, Member> {
        &self.members
    }

    /// Every space ever made, ended ones included.
    pub fn spaces(&self) -> &BTreeMap<SpaceId, Space> {
        &self.spaces
    }

    /// A space that is open now.
    pub fn space(&self, id: SpaceId) -> Option<&Space> {
        self.spaces.get(&id).filter(|space| space.ended.is_none())
    }

    /// The spaces open now.
    pub fn open_spaces(&self) -> impl Iterator<Item = (SpaceId, &Space)> {
        self.spaces.iter().filter(|(_, space)| space.ended.is_none()).map(|(id, space)| (*id, space))
    }

    /// The recovery key in force.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.recoveries.last().filter(|key| key.cleared.is_none())
    }

    /// Every recovery key that was ever set, oldest first.
    pub fn recoveries(&self) -> &[Recovery] {
        &self.recoveries
    }

    /// The spaces a device may read: a parent's all open ones, a share's its own.
    pub fn readable(&self, role: Role) -> Vec<SpaceId> {
        match role {
            Role::Parent => self.open_spaces().map(|(id, _)| id).collect(),
            Role::Share(space) => self.space(space).map(|_| space).into_iter().collect(),
        }
    }

    /// The keys with which a sender signed and sealed at entry `number`, if it was a parent's device or the
    /// recovery key once that entry stood: `(kem_pk, sign_pk)`. The one question behind accepting a grant.
    pub fn sender_at(&self, sender: Signer, number: u64) -> Option<([u8; 32], [u8; 32])> {
        let listed = |from: u64, to: Option<u64>| {
            from <= number && number <= self.length() && to.is_none_or(|to| number < to)
        };
        match sender {
            Signer::Device(id) => self
                .devices
                .get(&id)
                .filter(|device| device.role == Role::Parent && listed(device.number.into(), device.removed))
                .map(|device| (device.kem_pk, device.sign_pk)),
            Signer::Recovery(sign_pk) => self
                .recoveries
                .iter()
                .find(|key| key.sign_pk == sign_pk && listed(key.set, key.cleared))
                .map(|key| (key.kem_pk, key.sign_pk)),
        }
    }
}
