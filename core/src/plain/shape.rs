//! What a field of the file may hold, how its cell is told, and how it is read: never more than could be typed.

use super::Limits;
use super::kinds::PlainField;
use crate::calendar;
use crate::error::{Error, Result};
use crate::hex::{hex, unhex};
use crate::ids::LearnerId;
use crate::input;
use crate::records::{Cell, Document, Key, Stamper, Value, text};
use crate::reports;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Most elements of one list.
const MAX_ITEMS: usize = 100;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of so many characters: a string.
    Line(usize),
    /// A day: a string, `YYYY-MM-DD`.
    Day,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these words, which stand for 1, 2, 3 and so on; a number that no word stands for is itself.
    Choice(&'static [&'static str]),
    /// The id of another thing: 32 digits.
    Id,
    /// Text that may have lines: a string.
    Text,
    /// Ids of other things, in their order: a list of strings.
    Ids,
    /// Lines of so many characters, in their order: a list of strings.
    Lines(usize),
    /// Learners, each with a line of so many characters: a list of objects.
    OwnLines(usize),
    /// Days of an activity that comes back, each with the entry that was made of it, or none: a list of objects.
    Settled,
    /// Terms of the family's own: a list of objects.
    Terms,
    /// Attachments: the room of attachments tells of them.
    Files,
}

/// What a cell is in the file.
pub(super) enum Told {
    /// Nothing, or something empty.
    Nothing,
    /// This.
    Plain(Json),
    /// A value that the field's shape does not fit.
    Strange,
}

/// An id as the file writes it.
pub fn id_hex(id: &[u8; 16]) -> String {
    hex(id)
}

/// The id that the file wrote.
pub fn hex_id(text: &str) -> Option<[u8; 16]> {
    unhex(text)?.try_into().ok()
}

/// A cell of this shape.
pub(super) fn told(shape: Shape, cell: &Cell) -> Result<Told> {
    let plain = match (shape, cell) {
        (_, Cell::Register(_, Value::Null)) => return Ok(Told::Nothing),
        (Shape::Text, Cell::Text(_, state)) => Json::from(text::read(state)?),
        (Shape::Line(_) | Shape::Day, Cell::Register(_, Value::Text(text))) => json!(text),
        (Shape::Number, Cell::Register(_, Value::Int(number))) => json!(number),
        (Shape::Flag, Cell::Register(_, Value::Bool(flag))) => json!(flag),
        (Shape::Choice(words), Cell::Register(_, Value::Int(number))) => {
            let place = number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
            let word = place.and_then(|place| words.get(place));
            word.map_or_else(|| json!(number), |word| json!(word))
        }
        (Shape::Id, Cell::Register(_, Value::Bytes(id))) => match id.as_slice().try_into() {
            Ok(id) => json!(id_hex(id)),
            Err(_) => return Ok(Told::Strange),
        },
        (
            Shape::Ids | Shape::Lines(_) | Shape::OwnLines(_) | Shape::Settled | Shape::Terms,
            Cell::Map(map),
        ) => {
            let there = map.iter().filter(|(_, (_, value))| *value != Value::Null);
            let items = there.map(|(key, (_, value))| item(shape, key, value));
            match items.collect::<Option<Vec<Json>>>() {
                Some(items) => json!(items),
                None => return Ok(Told::Strange),
            }
        }
        _ => return Ok(Told::Strange),
    };
    let empty = match &plain {
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    Ok(if empty { Told::Nothing } else { Told::Plain(plain) })
}

fn item(shape: Shape, key: &Key, value: &Value) -> Option<Json> {
    match shape {
        Shape::Ids if *value == Value::Bool(true) => Some(json!(id_hex(&key.as_id()?))),
        Shape::Lines(_) if *value == Value::Bool(true) => Some(json!(key.as_text()?)),
        Shape::Settled => {
            let entry = match value {
                Value::Bytes(entry) => Some(id_hex(&entry.as_slice().try_into().ok()?)),
                Value::Bool(true) => None,
                _ => return None,
            };
            Some(json!({ "day": key.as_text()?, "entry": entry }))
        }
        Shape::Terms => {
            let [last_day, name] = value.as_list()? else { return None };
            Some(
                json!({ "first_day": key.as_text()?, "last_day": last_day.as_text()?, "name": name.as_text()? }),
            )
        }
        Shape::OwnLines(_) => Some(json!({ "learner": id_hex(&key.as_id()?), "line": value.as_text()? })),
        _ => None,
    }
}

/// Where the fields of a record come from.
pub(super) struct From<'a> {
    /// The record's id.
    pub of: [u8; 16],
    pub stamper: &'a Stamper,
    pub ids: &'a dyn Fn([u8; 16]) -> [u8; 16],
    pub limits: Limits,
}

/// Writes a field of the file into a document.
pub(super) fn read(field: &PlainField, value: &Json, doc: &mut Document, from: &From<'_>) -> Result<()> {
    let From { of, stamper, ids, limits } = *from;
    let is_typed = limits == Limits::Typed;
    let wrong = || Error::invalid(format!("its field \"{}\" can't be read", field.name));
    let id = |value: &Json| value.as_str().and_then(hex_id).map(ids).ok_or_else(wrong);
    let line = |value: &Json, most| input::line(value.as_str().ok_or_else(wrong)?, field.name, most);
    let day = |of: &Json, name: &str| {
        calendar::day(of.get(name).and_then(Json::as_str).unwrap_or_default(), field.name)
    };
    let number = field.number;
    let register = match field.shape {
        Shape::Line(most) => Value::Text(line(value, most)?),
        Shape::Day => Value::Text(calendar::day(value.as_str().ok_or_else(wrong)?, field.name)?),
        Shape::Number => Value::Int(value.as_i64().ok_or_else(wrong)?),
        Shape::Flag => Value::Bool(value.as_bool().ok_or_else(wrong)?),
        Shape::Choice(words) => {
            let word = value.as_str().and_then(|word| words.iter().position(|one| *one == word));
            let number = word.and_then(|place| i64::try_from(place + 1).ok()).or_else(|| value.as_i64());
            Value::Int(number.ok_or_else(wrong)?)
        }
        Shape::Id => Value::Bytes(id(value)?.to_vec()),
        Shape::Text => {
            let text = value.as_str().ok_or_else(wrong)?;
            let text = if is_typed { text::normalised(text, field.name)? } else { text::as_kept(text) };
            let text = reports::retold(&text, &|who| LearnerId(ids(who.0)));
            doc.edit_text(number, None, &text, &typing(stamper, of, number, &text))?;
            return Ok(());
        }
        Shape::Ids | Shape::Lines(_) | Shape::OwnLines(_) | Shape::Settled | Shape::Terms => {
            let items = value.as_array().ok_or_else(wrong)?;
            if is_typed && items.len() > MAX_ITEMS {
                return Err(Error::invalid(format!("it has more than {MAX_ITEMS} {}", field.name)));
            }
            for item in items {
                let (key, value) = match field.shape {
                    Shape::Lines(most) => (Key::text(line(item, most)?), Value::Bool(true)),
                    Shape::OwnLines(most) => {
                        let own = item.get("line").and_then(Json::as_str).unwrap_or_default();
                        let mut own = text::as_kept(own.trim());
                        let key = Key::id(id(item.get("learner").unwrap_or(&Json::Null))?);
                        // Two learners of the file who are one here: both lines are theirs.
                        if let Some(before) = doc.element(number, &key).and_then(Value::as_text)
                            && !before.is_empty()
                            && before != own
                        {
                            own = format!("{before}\n{own}").trim_end().to_owned();
                        }
                        if is_typed && own.chars().count() > most {
                            return Err(Error::invalid(format!("a line is longer than {most} characters")));
                        }
                        (key, Value::Text(own))
                    }
                    Shape::Settled => {
                        let entry = item.get("entry").filter(|entry| !entry.is_null());
                        let made = entry.map(&id).transpose()?.map(|made| Value::Bytes(made.to_vec()));
                        (Key::text(day(item, "day")?), made.unwrap_or(Value::Bool(true)))
                    }
                    Shape::Terms => {
                        let name = item.get("name").map_or(Ok(String::new()), |name| line(name, 80))?;
                        let last_day = Value::Text(day(item, "last_day")?);
                        (Key::text(day(item, "first_day")?), Value::List(vec![last_day, Value::Text(name)]))
                    }
                    _ => (Key::id(id(item)?), Value::Bool(true)),
                };
                doc.put(number, key, value, stamper);
            }
            return Ok(());
        }
        Shape::Files => return Ok(()),
    };
    doc.set(number, register, stamper);
    Ok(())
}

/// Who typed a text that came out of a file: the same for the same text of the same record, so that two phones that
/// read one file hold one text and not two.
pub(super) fn typing(stamper: &Stamper, of: [u8; 16], field: u32, text: &str) -> Stamper {
    let mut hash = Sha256::new();
    hash.update(of);
    hash.update(field.to_be_bytes());
    hash.update(text);
    let first = hash.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Stamper { text_client: (first >> 11).max(1), ..*stamper }
}
