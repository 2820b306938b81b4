//! The rules of an entry: replay, one entry at a time, refusing at the first that breaks one.

use std::collections::BTreeSet;

use super::change::{AddDevice, Change, Epoch, Role, SetRecovery, Signer};
use super::entry::{Body, Entry};
use super::state::{Device, Log, Member, Recovery, Space};
use crate::ids::{DeviceId, Hash32, MemberId, SpaceId};
use crate::{Error, Result, limits, sign};

fn refuse<T>(why: &'static str) -> Result<T> {
    Err(Error::Log(why))
}

/// What one entry did, gathered while its changes are made, for the rules that look at the whole entry.
/// `unlocked` are the spaces that a removed device holds a key of: those still open need a new one.
#[derive(Default)]
struct Seen {
    added: Option<DeviceId>,
    unlocked: BTreeSet<SpaceId>,
    members: BTreeSet<MemberId>,
    rotated: BTreeSet<SpaceId>,
    recovery: Option<Option<SetRecovery>>,
}

impl Log {
    /// Begins a log with its first entry: found, add the founder as parent, epoch 1 of the family space, in this
    /// order and nothing else, signed by the founder.
    ///
    /// # Errors
    /// [`Error::Log`] names the rule that it breaks, [`Error::Signature`].
    pub fn found(entry: &Entry) -> Result<Self> {
        let body = entry.body();
        let [Change::Found(space), Change::AddDevice(founder), Change::Epoch(epoch)] =
            body.changes.as_slice()
        else {
            return refuse("entry 1 must found, add the founder and open the family space");
        };
        if body.number != 1 || body.previous != Hash32::ZERO {
            return refuse("the first entry must be number 1 after nothing");
        }
        if founder.role != Role::Parent || body.signer != Signer::Device(founder.device) {
            return refuse("the founder must be a parent and sign");
        }
        if epoch.space != *space || entry.is_co_signed() {
            return refuse("entry 1 must open the family space and nothing else");
        }
        entry.verify(&founder.sign_pk)?;
        let mut log = Self {
            family: body.family,
            family_space: *space,
            hashes: Vec::new(),
            keyring: body.keyring,
            devices: Default::default(),
            members: Default::default(),
            spaces: Default::default(),
            recoveries: Vec::new(),
            public_keys: Default::default(),
        };
        let mut seen = Seen::default();
        log.rotate(1, epoch, &mut seen)?;
        log.add(1, founder, body.signer, &mut seen)?;
        log.hashes.push(entry.hash());
        Ok(log)
    }

    /// Replays entries from number 1 on.
    ///
    /// # Errors
    /// Those of [`Self::found`] and [`Self::apply`]; [`Error::Log`] for no entries at all.
    pub fn replay<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Result<Self> {
        let mut entries = entries.into_iter();
        let Some(first) = entries.next() else { return refuse("a log has at least one entry") };
        entries.try_fold(Self::found(first)?, Self::take)
    }

    /// Takes the next entry, or refuses it and stays as it was.
    ///
    /// # Errors
    /// [`Error::Log`] names the rule that it breaks, [`Error::Signature`].
    pub fn apply(&mut self, entry: &Entry) -> Result<()> {
        *self = self.clone().take(entry)?;
        Ok(())
    }

    fn take(mut self, entry: &Entry) -> Result<Self> {
        let body = entry.body();
        self.check_place(body)?;
        let Some((_, signing)) = self.sender_at(body.signer, self.length()) else {
            return refuse("the signer must be a parent's device or the recovery key");
        };
        entry.verify(&signing)?;

        let mut seen = Seen::default();
        for change in &body.changes {
            self.make(body, change, &mut seen)?;
        }
        self.check_whole(body, &seen)?;
        match seen.recovery {
            Some(Some(new)) => entry.verify_co(&new.sign_pk)?,
            _ if entry.is_co_signed() => return refuse("only a new recovery key signs beside the signer"),
            _ => {}
        }
        self.keyring = body.keyring;
        self.hashes.push(entry.hash());
        Ok(self)
    }

    fn check_place(&self, body: &Body) -> Result<()> {
        if body.family != self.family {
            return refuse("the entry belongs to another family");
        }
        if body.number != self.length() + 1 || body.previous != self.head().hash {
            return refuse("the entry does not follow the newest one");
        }
        if body.changes.len() > limits::LOG_CHANGES {
            return refuse("too many changes in one entry");
        }
        Ok(())
    }

    fn make(&mut self, body: &Body, change: &Change, seen: &mut Seen) -> Result<()> {
        match change {
            Change::Found(_) => refuse("a family is founded once"),
            Change::AddDevice(add) => self.add(body.number, add, body.signer, seen),
            Change::RemoveDevices(devices) => self.remove(body.number, devices, seen),
            Change::RemoveMember(member) => self.remove_member(body.number, *member, seen),
            Change::Epoch(epoch) => self.rotate(body.number, epoch, seen),
            Change::SetRecovery(new) => self.set_recovery(body.number, Some(*new), seen),
            Change::ClearRecovery => self.set_recovery(body.number, None, seen),
            Change::EndShare(space) => self.end_share(body.number, *space),
        }
    }

    fn add(&mut self, number: u64, add: &AddDevice, signer: Signer, seen: &mut Seen) -> Result<()> {
        if seen.added.replace(add.device).is_some() {
            return refuse("one entry adds one device");
        }
        if self.devices.contains_key(&add.device) {
            return refuse("a device id is never used again");
        }
        if let Role::Share(space) = add.role
            && (space == self.family_space || self.space(space).is_none())
        {
            return refuse("a share's device needs an open share");
        }
        if seen.members.contains(&add.member) {
            return refuse("a member who is removed gets no device in the same entry");
        }
        if self.enrolled().count() >= limits::DEVICES {
            return refuse("too many devices");
        }
        self.take_keys(&add.kem_pk, &add.sign_pk)?;
        let Ok(device_number) = u32::try_from(number) else { return refuse("the log is too long") };
        let member = self.members.entry(add.member).or_insert(Member { parent: false, removed: None });
        member.parent |= add.role == Role::Parent;
        member.removed = None;
        let device = Device {
            member: add.member,
            role: add.role,
            kem_pk: add.kem_pk,
            sign_pk: add.sign_pk,
            number: device_number,
            added_by: signer,
            removed: None,
        };
        self.devices.insert(add.device, device);
        Ok(())
    }

    fn remove(&mut self, number: u64, devices: &[DeviceId], seen: &mut Seen) -> Result<()> {
        if devices.is_empty() {
            return refuse("a removal names at least one device");
        }
        for id in devices {
            let role = match self.devices.get_mut(id) {
                Some(device) if device.removed.is_none() && seen.added != Some(*id) => {
                    device.removed = Some(number);
                    device.role
                }
                _ => return refuse("only an enrolled device can be removed, once"),
            };
            seen.unlocked.extend(self.readable(role));
        }
        Ok(())
    }

    fn remove_member(&mut self, number: u64, id: MemberId, seen: &mut Seen) -> Result<()> {
        match self.members.get_mut(&id) {
            Some(member) if member.removed.is_none() => member.removed = Some(number),
            _ => return refuse("only a member can be removed, once"),
        }
        seen.members.insert(id);
        Ok(())
    }

    fn rotate(&mut self, number: u64, new: &Epoch, seen: &mut Seen) -> Result<()> {
        if !seen.rotated.insert(new.space) {
            return refuse("one entry gives a space one epoch");
        }
        if new.head_seq >= limits::SEQ {
            return refuse("the head is out of range");
        }
        if !self.spaces.contains_key(&new.space) && self.open_spaces().count() >= limits::SPACES {
            return refuse("too many spaces");
        }
        let space = self.spaces.entry(new.space).or_insert(Space { epochs: Vec::new(), ended: None });
        if space.ended.is_some() {
            return refuse("nothing follows for a share that has ended");
        }
        let last = space.newest().map_or(0, |epoch| epoch.epoch);
        if last.checked_add(1) != Some(new.epoch) {
            return refuse("an epoch is one more than the last");
        }
        space.epochs.push((number, new.clone()));
        Ok(())
    }

    fn set_recovery(&mut self, number: u64, new: Option<SetRecovery>, seen: &mut Seen) -> Result<()> {
        if seen.recovery.replace(new).is_some() {
            return refuse("one entry sets or clears the recovery key once");
        }
        if let Some(old) = self.recoveries.last_mut().filter(|key| key.cleared.is_none()) {
            old.cleared = Some(number);
        }
        if let Some(SetRecovery { kem_pk, sign_pk }) = new {
            self.take_keys(&kem_pk, &sign_pk)?;
            self.recoveries.push(Recovery { kem_pk, sign_pk, set: number, cleared: None });
        }
        Ok(())
    }

    fn end_share(&mut self, number: u64, id: SpaceId) -> Result<()> {
        if id == self.family_space {
            return refuse("the family space does not end");
        }
        match self.spaces.get_mut(&id) {
            Some(space) if space.ended.is_none() => space.ended = Some(number),
            _ => return refuse("only an open share can end"),
        }
        Ok(())
    }

    /// Public keys never occur twice in a log, those of removed devices and old papers included.
    fn take_keys(&mut self, kem_pk: &[u8; 32], sign_pk: &[u8; 32]) -> Result<()> {
        if !sign::is_public_key(sign_pk) {
            return refuse("not a signing key");
        }
        if !self.public_keys.insert(*kem_pk) || !self.public_keys.insert(*sign_pk) {
            return refuse("a public key is never used twice");
        }
        Ok(())
    }

    /// The rules that need the whole entry: what a removal must bring along, and who must remain.
    fn check_whole(&self, body: &Body, seen: &Seen) -> Result<()> {
        let signer_stays = match body.signer {
            Signer::Device(id) => self.device(id).is_some(),
            Signer::Recovery(_) => seen.recovery.is_none(),
        };
        if !signer_stays {
            return refuse("no entry removes its own signer");
        }
        if !self.enrolled().any(|(_, device)| device.role == Role::Parent) {
            return refuse("a parent's device must remain");
        }
        if seen.unlocked.iter().any(|id| self.space(*id).is_some() && !seen.rotated.contains(id)) {
            return refuse("a removal must bring new epochs");
        }
        for member in seen.members.iter().filter_map(|id| self.members.get(id)) {
            if member.parent && seen.recovery.is_none() {
                return refuse("removing a parent must clear or replace the recovery key");
            }
        }
        if self.enrolled().any(|(_, device)| seen.members.contains(&device.member)) {
            return refuse("removing a member removes all their devices");
        }
        let orphan = |device: &Device| match device.role {
            Role::Share(space) => self.space(space).is_none(),
            Role::Parent => false,
        };
        if self.enrolled().any(|(_, device)| orphan(device)) {
            return refuse("ending a share removes its devices");
        }
        Ok(())
    }
}
