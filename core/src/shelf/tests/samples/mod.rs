//! Two items of each small kind that differ in every field.

mod kept;
mod planned;

use super::super::Item;
use std::fmt::Debug;

/// What a test of every kind asks of one.
pub(crate) trait Sample: Item + PartialEq + Debug {
    fn samples() -> [Self; 2];
}

fn ids<I: From<[u8; 16]>>(numbers: &[u8]) -> Vec<I> {
    numbers.iter().map(|number| I::from([*number; 16])).collect()
}

fn id<I: From<[u8; 16]>>(number: u8) -> Option<I> {
    Some(I::from([number; 16]))
}

fn day(text: &str) -> Option<String> {
    Some(text.to_owned())
}
