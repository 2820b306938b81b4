//! Fields that the file has no name for: carried by number, value by value, so that nothing is lost on the way.

use super::shape::{self, Told};
use super::{Object, PlainKind};
use crate::error::{Error, Result};
use crate::hex::{hex, unhex};
use crate::records::{Cell, Document, Key, Stamper, Value, text};
use serde_json::{Value as Json, json};

/// Lists inside lists that are followed.
const DEPTH: usize = 4;

/// A cell under its number: `{"19": {"one": …}}`, `{"each": [[key, value], …]}` or `{"text": "…"}`.
pub(super) fn told(number: u32, cell: &Cell) -> Result<Option<(String, Json)>> {
    let told = match cell {
        Cell::Register(_, Value::Null) => return Ok(None),
        Cell::Register(_, value) => json!({ "one": plain(value) }),
        Cell::Text(_, state) => json!({ "text": text::read(state)? }),
        Cell::Map(map) => {
            let there = map.iter().filter(|(_, (_, value))| *value != Value::Null);
            let each: Vec<Json> =
                there.map(|(key, (_, value))| json!([plain_key(key), plain(value)])).collect();
            if each.is_empty() {
                return Ok(None);
            }
            json!({ "each": each })
        }
    };
    Ok(Some((number.to_string(), told)))
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Int(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Other(cbor) => json!({ "cbor": hex(cbor) }),
    }
}

fn plain_key(key: &Key) -> Json {
    match key {
        Key::Int(number) => json!(number),
        Key::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
        Key::Text(text) => json!(text),
    }
}

/// Writes all of them into a document. A field that has a name comes by number only where its value does not fit the name.
pub(super) fn read(
    more: &Json,
    kind: &PlainKind,
    of: [u8; 16],
    doc: &mut Document,
    stamper: &Stamper,
) -> Result<()> {
    let wrong = || Error::invalid("its field \"more\" can't be read");
    for (number, told) in more.as_object().ok_or_else(wrong)? {
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let told: &Object = told.as_object().ok_or_else(wrong)?;
        if let Some(text) = told.get("text") {
            let text = text::as_kept(text.as_str().ok_or_else(wrong)?);
            doc.edit_text(number, None, &text, &shape::typing(stamper, of, number, &text))?;
        } else if let Some(each) = told.get("each") {
            for pair in each.as_array().ok_or_else(wrong)? {
                let Some([key, value]) = pair.as_array().map(Vec::as_slice) else { return Err(wrong()) };
                let (key, value) = key_of(key).zip(value_of(value, DEPTH)).ok_or_else(wrong)?;
                doc.put(number, key, value, stamper);
            }
        } else {
            let value = told.get("one").and_then(|value| value_of(value, DEPTH)).ok_or_else(wrong)?;
            doc.set(number, value, stamper);
        }
        if let (Some(field), Some(cell)) = (kind.field(number), doc.cell(number))
            && !matches!(shape::told(field.shape, cell)?, Told::Strange)
        {
            return Err(wrong());
        }
    }
    Ok(())
}

fn value_of(told: &Json, depth: usize) -> Option<Value> {
    Some(match told {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) if depth > 0 => {
            Value::List(items.iter().map(|item| value_of(item, depth - 1)).collect::<Option<_>>()?)
        }
        Json::Object(told) => match told.get("cbor") {
            Some(cbor) => Value::decoded(&unhex(cbor.as_str()?)?)?,
            None => Value::Bytes(unhex(told.get("bytes")?.as_str()?)?),
        },
        Json::Array(_) => return None,
    })
}

fn key_of(told: &Json) -> Option<Key> {
    Some(match told {
        Json::Number(number) => Key::Int(number.as_u64()?),
        Json::String(text) => Key::text(text),
        Json::Object(bytes) => Key::Bytes(unhex(bytes.get("bytes")?.as_str()?)?),
        _ => return None,
    })
}
