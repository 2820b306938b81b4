//! The rules and the naive model, asked about the same random entries.

use std::collections::BTreeMap;

use super::model;
use super::tests::{add, body, device, epoch, founded, founding, key, public, recovery};
use super::*;
use crate::sign::SigningKey;
use crate::{Error, MemberId, SpaceId};

/// SplitMix64: repeatable, and good enough to choose with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

/// A change that might be right: devices 1..=9, members 1..=4, three shares, recovery keys 100..=105.
fn some_change(dice: &mut Dice, history: &[&Body]) -> Vec<Change> {
    let space = SpaceId([0x50 + dice.roll(4) as u8; 16]);
    let someone = device(1 + dice.roll(9) as u8);
    let rotate = |space: &SpaceId| epoch(*space, model::epoch(history, *space) + 1);
    match dice.roll(9) {
        0 | 1 => {
            let role = if dice.one_in(2) { Role::Share(space) } else { Role::Parent };
            vec![add(1 + dice.roll(9) as u8, 1 + dice.roll(4) as u8, role)]
        }
        2 => {
            let mut changes = vec![Change::RemoveDevices(vec![someone])];
            changes.extend(model::open(history).iter().map(rotate));
            changes
        }
        3 => {
            let member = MemberId([1 + dice.roll(4) as u8; 16]);
            let theirs: Vec<_> =
                model::enrolled(history).iter().filter(|d| d.member == member).map(|d| d.device).collect();
            let mut changes = vec![Change::RemoveMember(member), Change::ClearRecovery];
            if !theirs.is_empty() {
                changes.push(Change::RemoveDevices(theirs));
            }
            changes.extend(model::open(history).iter().map(rotate));
            changes
        }
        4 => vec![rotate(&space)],
        5 => vec![recovery(100 + dice.roll(6) as u8)],
        6 => vec![Change::ClearRecovery],
        7 => {
            let theirs: Vec<_> = model::enrolled(history)
                .iter()
                .filter(|d| d.role == Role::Share(space))
                .map(|d| d.device)
                .collect();
            let mut changes = vec![Change::EndShare(space)];
            if !theirs.is_empty() {
                changes.push(Change::RemoveDevices(theirs));
            }
            changes
        }
        _ => vec![],
    }
}

/// Spoils an entry now and then, in a way that the rules must see.
fn spoil(dice: &mut Dice, changes: &mut Vec<Change>) {
    if changes.is_empty() {
        return;
    }
    let at = dice.roll(changes.len() as u64) as usize;
    match dice.roll(4) {
        0 => drop(changes.remove(at)),
        1 => changes.push(changes[at].clone()),
        2 => changes.rotate_left(at),
        _ => {
            if let Change::Epoch(epoch) = &mut changes[at] {
                epoch.epoch += 1;
            }
        }
    }
}

#[test]
fn two_implementations_agree_on_every_entry_and_on_who_is_enrolled() {
    let keys: BTreeMap<u8, SigningKey> = (0..=110).map(|seed| (seed, key(seed))).collect();
    let (mut taken, mut refusals) = (0, BTreeMap::<&str, u32>::new());
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let mut entries = vec![founding()];
        let mut log = founded();
        for _ in 0..30 {
            let history: Vec<&Body> = entries.iter().map(Entry::body).collect();
            let mut changes = some_change(&mut dice, &history);
            if dice.one_in(3) {
                changes.extend(some_change(&mut dice, &history));
            }
            if dice.one_in(4) {
                spoil(&mut dice, &mut changes);
            }
            let seed = 1 + dice.roll(9) as u8;
            let parents: Vec<u8> = model::enrolled(&history)
                .iter()
                .filter(|device| device.role == Role::Parent)
                .map(|device| device.device.0[0])
                .collect();
            let (signer, signing) = match (model::recovery(&history), dice.roll(10)) {
                (Some(paper), 0) => {
                    (Signer::Recovery(paper), (100..=110).find(|seed| public(*seed) == paper).unwrap())
                }
                (_, 1) => (Signer::Device(device(seed)), seed),
                _ => {
                    let chosen = parents[dice.roll(parents.len() as u64) as usize];
                    (Signer::Device(device(chosen)), chosen)
                }
            };
            let co = changes.iter().find_map(|change| match change {
                Change::SetRecovery(set) => {
                    keys.values().find(|k| k.verifying_key().to_bytes() == set.sign_pk)
                }
                _ => None,
            });
            let entry = Entry::sign(body(Some(&log), signer, changes), &keys[&signing], co);
            let expected = model::may_follow(&history, log.head().hash, entry.body(), entry.is_co_signed());
            let outcome = log.apply(&entry);
            assert_eq!(outcome.is_ok(), expected, "seed {seed}: {outcome:?} for {:?}", entry.body());
            match outcome {
                Ok(()) => {
                    taken += 1;
                    entries.push(entry);
                }
                Err(Error::Log(why)) => *refusals.entry(why).or_default() += 1,
                Err(other) => panic!("{other}"),
            }
            let history: Vec<&Body> = entries.iter().map(Entry::body).collect();
            let mut mine: Vec<_> = log.enrolled().map(|(id, _)| id).collect();
            let mut model: Vec<_> = model::enrolled(&history).iter().map(|add| add.device).collect();
            mine.sort();
            model.sort();
            assert_eq!(mine, model);
            assert_eq!(log.recovery().map(|key| key.sign_pk), model::recovery(&history));
            assert_eq!(
                log.open_spaces().map(|(id, _)| id).collect::<Vec<_>>(),
                Vec::from_iter(model::open(&history))
            );
        }
        assert_eq!(Log::replay(&entries).unwrap(), log);
    }
    // The run is only worth something if it took many entries and met most of the rules.
    assert!(taken > 3_000, "{taken} entries taken");
    assert!(refusals.len() >= 14, "{refusals:?}");
}
