//! Taking in what an older copy of a record holds, without touching what stands here.

use super::document::{Cell, Document};
use super::text;
use crate::error::Result;
use std::collections::btree_map::Entry as Slot;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Something was taken in.
    pub changed: bool,
    /// Fields that hold something else here: they stay as they are.
    pub kept: Vec<u32>,
}

impl Document {
    /// Takes in fields and elements that were never written here. What was written stays, what was removed too.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`](crate::Error::StoreDamaged) when a text can't be read.
    pub fn fill(&mut self, other: &Self) -> Result<Filled> {
        let mut filled = Filled::default();
        for (field, theirs) in &other.fields {
            let mine = match self.fields.entry(*field) {
                Slot::Vacant(slot) => {
                    slot.insert(theirs.clone());
                    filled.changed = true;
                    continue;
                }
                Slot::Occupied(slot) => slot.into_mut(),
            };
            let alike = match (mine, theirs) {
                (Cell::Register(_, mine), Cell::Register(_, theirs)) => mine == theirs,
                (Cell::Text(_, mine), Cell::Text(_, theirs)) => text::read(mine)? == text::read(theirs)?,
                (Cell::Map(mine), Cell::Map(theirs)) => {
                    let mut alike = true;
                    for (key, value) in theirs.iter().filter(|(_, (_, value))| value.is_there()) {
                        match mine.get(key) {
                            Some((_, here)) => alike &= *here == value.1,
                            None => {
                                mine.insert(key.clone(), value.clone());
                                filled.changed = true;
                            }
                        }
                    }
                    alike
                }
                _ => false,
            };
            if !alike {
                filled.kept.push(*field);
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Kind, Stamper};
    use super::*;
    use crate::records::Value;

    #[test]
    fn what_was_never_written_comes_in_and_what_was_written_or_removed_stays() {
        let (old, now) = [1_000, 9_000].map(|now_ms| Stamper { now_ms, device_no: 1, text_client: 5 }).into();
        let said = |text: &str| Value::Text(text.into());
        let mut copy = Document::new(Kind::Entry);
        copy.set(2, said("Pond"), &old);
        copy.set(5, Value::Int(30), &old);
        copy.edit_text(1, None, "Frogs", &old).unwrap();
        for tag in ["a", "b", "c"] {
            copy.put(9, Key::text(tag), Value::Bool(true), &old);
        }
        let mut here = Document::new(Kind::Entry);
        here.set(2, said("Pond, again"), &now);
        here.edit_text(1, None, "Frogs", &now).unwrap();
        here.put(9, Key::text("a"), Value::Bool(true), &now);
        here.put(9, Key::text("b"), Value::Bool(true), &now);
        here.remove(9, &Key::text("b"), &now);
        assert_eq!(here.fill(&copy).unwrap(), Filled { changed: true, kept: vec![2, 9] });
        assert_eq!((here.string(2), here.int(5)), ("Pond, again".into(), Some(30)));
        let tags: Vec<_> = here.elements(9).filter_map(|(key, _)| key.as_text()).collect();
        assert_eq!(tags, ["a", "c"]);
        assert!(!here.fill(&copy).unwrap().changed, "a second time changes nothing");
    }
}
