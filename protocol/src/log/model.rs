//! A second, naive model of the log's rules, for tests: no state, only questions asked of the whole history.
//!
//! It is written from keys-bytes.md and shares nothing with `rules.rs`, so that a mistake has to be made twice.

use std::collections::BTreeSet;

use super::{AddDevice, Body, Change, Role, Signer};
use crate::{DeviceId, Hash32, MemberId, SpaceId};

/// All changes of a history, each with the number of its entry.
fn all<'b>(history: &[&'b Body]) -> impl DoubleEndedIterator<Item = (u64, &'b Change)> {
    history.iter().flat_map(|body| body.changes.iter().map(|change| (body.number, change)))
}

fn added<'b>(history: &[&'b Body]) -> Vec<&'b AddDevice> {
    all(history)
        .filter_map(|(_, change)| match change {
            Change::AddDevice(add) => Some(add),
            _ => None,
        })
        .collect()
}

fn removed(history: &[&Body]) -> Vec<DeviceId> {
    all(history)
        .filter_map(|(_, change)| match change {
            Change::RemoveDevices(ids) => Some(ids),
            _ => None,
        })
        .flatten()
        .copied()
        .collect()
}

/// Who is enrolled after this history.
pub fn enrolled(history: &[&Body]) -> Vec<AddDevice> {
    let gone = removed(history);
    added(history).into_iter().filter(|add| !gone.contains(&add.device)).cloned().collect()
}

fn parents(history: &[&Body]) -> Vec<DeviceId> {
    enrolled(history).iter().filter(|add| add.role == Role::Parent).map(|add| add.device).collect()
}

/// The recovery key in force.
pub fn recovery(history: &[&Body]) -> Option<[u8; 32]> {
    all(history).rev().find_map(|(_, change)| match change {
        Change::SetRecovery(keys) => Some(Some(keys.sign_pk)),
        Change::ClearRecovery => Some(None),
        _ => None,
    })?
}

/// The newest epoch of a space, 0 before it exists.
pub fn epoch(history: &[&Body], space: SpaceId) -> u32 {
    let of = |change: &Change| matches!(change, Change::Epoch(new) if new.space == space);
    all(history).filter(|(_, change)| of(change)).count() as u32
}

fn ended(history: &[&Body], space: SpaceId) -> bool {
    all(history).any(|(_, change)| *change == Change::EndShare(space))
}

/// The spaces open after this history.
pub fn open(history: &[&Body]) -> BTreeSet<SpaceId> {
    let made = |change: &Change| if let Change::Epoch(new) = change { Some(new.space) } else { None };
    let spaces = all(history).filter_map(|(_, change)| made(change));
    spaces.filter(|space| !ended(history, *space)).collect()
}

fn family_space(history: &[&Body]) -> Option<SpaceId> {
    all(history).find_map(|(_, change)| if let Change::Found(space) = change { Some(*space) } else { None })
}

fn keys(history: &[&Body]) -> Vec<[u8; 32]> {
    all(history)
        .flat_map(|(_, change)| match change {
            Change::AddDevice(add) => vec![add.kem_pk, add.sign_pk],
            Change::SetRecovery(set) => vec![set.kem_pk, set.sign_pk],
            _ => Vec::new(),
        })
        .collect()
}

fn is_member(history: &[&Body], member: MemberId) -> bool {
    all(history).rev().find_map(|(_, change)| match change {
        Change::AddDevice(add) if add.member == member => Some(true),
        Change::RemoveMember(gone) if *gone == member => Some(false),
        _ => None,
    }) == Some(true)
}

fn count(body: &Body, of: impl Fn(&Change) -> bool) -> usize {
    body.changes.iter().filter(|change| of(change)).count()
}

/// Whether `body` may follow `history`, its signatures being right. `head` is the hash of the newest entry.
pub fn may_follow(history: &[&Body], head: Hash32, body: &Body, co_signed: bool) -> bool {
    let sets = |change: &Change| matches!(change, Change::SetRecovery(_));
    if co_signed != (count(body, sets) == 1) {
        return false;
    }
    if history.is_empty() {
        return founds(body);
    }
    let after: Vec<&Body> = history.iter().copied().chain([body]).collect();
    body.family == history[0].family
        && body.number == history.len() as u64 + 1
        && body.previous == head
        && signer_may(history, &after, body)
        && (0..body.changes.len()).all(|at| change_may(history, body, at))
        && whole(history, &after, body)
}

fn founds(body: &Body) -> bool {
    let [Change::Found(space), Change::AddDevice(add), Change::Epoch(epoch)] = &body.changes[..] else {
        return false;
    };
    body.number == 1
        && body.previous == Hash32::ZERO
        && add.role == Role::Parent
        && body.signer == Signer::Device(add.device)
        && (epoch.space, epoch.epoch) == (*space, 1)
        && add.kem_pk != add.sign_pk
}

fn signer_may(history: &[&Body], after: &[&Body], body: &Body) -> bool {
    match body.signer {
        Signer::Device(id) => parents(history).contains(&id) && parents(after).contains(&id),
        Signer::Recovery(key) => {
            let touches = |change: &Change| matches!(change, Change::SetRecovery(_) | Change::ClearRecovery);
            recovery(history) == Some(key) && count(body, touches) == 0
        }
    }
}

/// A change on its own, given everything before it, earlier changes of the same entry included.
fn change_may(history: &[&Body], body: &Body, at: usize) -> bool {
    let so_far = Body { changes: body.changes[..at].to_vec(), ..body.clone() };
    let before: Vec<&Body> = history.iter().copied().chain([&so_far]).collect();
    match &body.changes[at] {
        Change::Found(_) => false,
        Change::AddDevice(add) => {
            let share_is_open = match add.role {
                Role::Parent => true,
                Role::Share(space) => open(&before).contains(&space) && Some(space) != family_space(history),
            };
            share_is_open
                && added(&before).iter().all(|other| other.device != add.device)
                && add.kem_pk != add.sign_pk
                && keys(&before).iter().all(|key| *key != add.kem_pk && *key != add.sign_pk)
        }
        Change::RemoveDevices(ids) => {
            let distinct: BTreeSet<_> = ids.iter().collect();
            let earlier = removed(&[&so_far]);
            distinct.len() == ids.len()
                && !ids.is_empty()
                && ids.iter().all(|id| enrolled(history).iter().any(|add| add.device == *id))
                && ids.iter().all(|id| !earlier.contains(id))
        }
        Change::RemoveMember(member) => is_member(&before, *member),
        Change::Epoch(new) => {
            new.epoch == epoch(&before, new.space) + 1 && !ended(&before, new.space) && new.head_seq < 1 << 53
        }
        Change::SetRecovery(new) => {
            new.kem_pk != new.sign_pk
                && keys(&before).iter().all(|key| *key != new.kem_pk && *key != new.sign_pk)
        }
        Change::ClearRecovery => true,
        Change::EndShare(space) => open(&before).contains(space) && Some(*space) != family_space(history),
    }
}

/// The entry as a whole.
fn whole(history: &[&Body], after: &[&Body], body: &Body) -> bool {
    let epochs: Vec<_> = body
        .changes
        .iter()
        .filter_map(|c| if let Change::Epoch(e) = c { Some(e.space) } else { None })
        .collect();
    let rotated: BTreeSet<_> = epochs.iter().copied().collect();
    let gone: Vec<_> = {
        let ids = removed(&[body]);
        enrolled(history).into_iter().filter(|add| ids.contains(&add.device)).collect()
    };
    let open_before = open(history);
    let open_after = open(after);
    let rotations = gone.iter().all(|add| match add.role {
        Role::Parent => open_before.intersection(&open_after).all(|space| rotated.contains(space)),
        Role::Share(space) => !open_after.contains(&space) || rotated.contains(&space),
    });
    let leaving: Vec<_> = body
        .changes
        .iter()
        .filter_map(|c| if let Change::RemoveMember(m) = c { Some(*m) } else { None })
        .collect();
    let touches = count(body, |c| matches!(c, Change::SetRecovery(_) | Change::ClearRecovery));
    let was_parent =
        |member: &MemberId| added(after).iter().any(|add| add.member == *member && add.role == Role::Parent);
    epochs.len() == rotated.len()
        && count(body, |c| matches!(c, Change::AddDevice(_))) <= 1
        && touches <= 1
        && rotations
        && !parents(after).is_empty()
        && leaving.iter().all(|member| !was_parent(member) || touches == 1)
        && enrolled(after).iter().all(|add| !leaving.contains(&add.member))
        && enrolled(after).iter().all(|add| match add.role {
            Role::Parent => true,
            Role::Share(space) => open_after.contains(&space),
        })
}
