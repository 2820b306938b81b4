//! This phone's own device, and the first run: keys, family, first log entry and keyring, before any account.

use super::keyring::{self, DeviceNote, Keyring, commitment};
use super::{grant, queries};
use crate::clock::Randomness;
use crate::crypto::SpaceKey;
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::error::{Error, Result};
use crate::ids;
use crate::storage::Transaction;
use kinfolio_protocol::log::{AddDevice, Body, Change, Entry, Epoch, Role, Signer};
use kinfolio_protocol::{DeviceId, FamilyId, Hash32, MemberId, SpaceId, labels};
use std::collections::BTreeMap;
use std::fmt;

/// This phone's device and the family that it belongs to.
#[derive(Clone)]
pub(crate) struct Own {
    pub family: FamilyId,
    pub space: SpaceId,
    pub device: DeviceId,
    /// Number of the log entry that added this device; stands in every stamp.
    pub device_no: u32,
    pub member: MemberId,
    pub name: String,
    pub kem: KemKey,
    pub sign: SignKey,
    /// The server that holds this log; `None`: sync was never turned on.
    pub issuer: Option<String>,
    /// The sign-in that this device bound itself to, or tried to.
    pub bound: Option<[u8; 16]>,
    /// The alarm: a server showed another history than the one this phone knows.
    pub history_differs: bool,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Own({} in {})", self.device, self.family)
    }
}

impl Own {
    pub(super) fn load(tx: &Transaction<'_>) -> Result<Self> {
        queries::own(tx)?.ok_or_else(|| Error::StoreDamaged("this phone has no device keys".into()))
    }
}

/// First run: makes the device keys, a family, its space key of epoch 1, membership log entry 1 and the sealed
/// keyring. Does nothing when a family is there already. Call it in the first transaction of a new store, so that
/// no record ever exists without a key.
///
/// # Errors
/// Those of the store.
pub fn found(tx: &Transaction<'_>, random: &dyn Randomness, now_ms: i64, device_name: &str) -> Result<()> {
    if queries::own(tx)?.is_some() {
        return Ok(());
    }
    let own = Own {
        family: FamilyId(ids::make(random)),
        space: SpaceId(ids::make(random)),
        device: DeviceId(ids::make(random)),
        device_no: 1,
        member: MemberId(ids::make(random)),
        name: device_name.into(),
        kem: KemKey::make(random),
        sign: SignKey::make(random),
        issuer: None,
        bound: None,
        history_differs: false,
    };
    let space_key = SpaceKey::make(random);
    let signer = Signer::Device(own.device);
    let note = DeviceNote {
        name: own.name.clone(),
        added_by: signer,
        how: "first".into(),
        at_ms: u64::try_from(now_ms).unwrap_or_default(),
    };
    let keyring = Keyring {
        keys: grant::only(own.space, 1, &space_key),
        devices: BTreeMap::from([(own.device, note)]),
        ..Keyring::default()
    };
    let sealed = keyring::seal(&keyring, own.family, 1, &space_key, random)?;
    let body = Body {
        family: own.family,
        number: 1,
        previous: Hash32::ZERO,
        changes: vec![
            Change::Found(own.space),
            Change::AddDevice(AddDevice {
                device: own.device,
                member: own.member,
                role: Role::Parent,
                kem_pk: own.kem.public(),
                sign_pk: own.sign.public(),
            }),
            Change::Epoch(Epoch {
                space: own.space,
                epoch: 1,
                commitment: Hash32(commitment(&space_key, own.family, own.space, 1)),
                head_seq: 0,
            }),
        ],
        keyring: labels::keyring_hash(&sealed),
        signer,
    };
    let entry = Entry::sign(body, own.sign.pair(), None);
    queries::save_own(tx, &own)?;
    queries::add_keys(tx, &keyring.keys)?;
    queries::add_entry(tx, &entry, Some(&sealed))
}
