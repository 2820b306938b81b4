//! An attachment as its entry's record holds it: one list of seventeen values, always written whole.

use crate::crypto::stream::BlobKey;
use crate::ids::BlobId;
use crate::records::Value;
use crate::records::fields::entry::attachment as at;

/// One sealed copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub blob: BlobId,
    pub key: BlobKey,
    /// Bytes of the plain file.
    pub size: u64,
    /// SHA-256 of the plain file.
    pub hash: [u8; 32],
}

/// An attachment's element of field 10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub display: File,
    pub thumb: File,
    pub width: u32,
    pub height: u32,
    pub blurhash: String,
    pub captured_at: Option<String>,
    pub mime: String,
    pub position: i64,
    pub caption: String,
    pub alt: String,
    /// SHA-256 of the file that it was made from; older versions did not keep it.
    pub original: Option<[u8; 32]>,
    /// What a newer version added after these; handed on as it came.
    pub more: Vec<Value>,
}

impl Element {
    /// Reads a list; `None` when it is not one that this version knows.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let list = value.as_list()?;
        let int = |place: usize| list.get(place)?.as_int();
        let side = |place: usize| u32::try_from(int(place)?).ok();
        let string = |place: usize| Some(list.get(place)?.as_text()?.to_owned());
        let original = match list.get(at::ORIGINAL) {
            None | Some(Value::Null) => None,
            Some(hash) => Some(hash.as_bytes()?.try_into().ok()?),
        };
        Some(Self {
            display: File::from_values(list.get(at::DISPLAY..at::THUMB)?)?,
            thumb: File::from_values(list.get(at::THUMB..at::WIDTH)?)?,
            width: side(at::WIDTH)?,
            height: side(at::HEIGHT)?,
            blurhash: string(at::BLURHASH)?,
            captured_at: string(at::CAPTURED_AT),
            mime: string(at::MIME)?,
            position: int(at::ORDER)?,
            caption: string(at::CAPTION)?,
            alt: string(at::ALT)?,
            original,
            more: list.get(at::ORIGINAL + 1..).unwrap_or_default().to_vec(),
        })
    }

    /// The list, in the order of [`at`].
    pub(super) fn to_value(&self) -> Value {
        let mut list = Vec::with_capacity(at::ORIGINAL + 1);
        list.extend(self.display.to_values());
        list.extend(self.thumb.to_values());
        list.extend([
            Value::Int(self.width.into()),
            Value::Int(self.height.into()),
            Value::Text(self.blurhash.clone()),
            self.captured_at.clone().map_or(Value::Null, Value::Text),
            Value::Text(self.mime.clone()),
            Value::Int(self.position),
            Value::Text(self.caption.clone()),
            Value::Text(self.alt.clone()),
        ]);
        // Absent stays absent: an older version's list is written again as it was.
        if self.original.is_some() || !self.more.is_empty() {
            list.push(self.original.map_or(Value::Null, |hash| Value::Bytes(hash.to_vec())));
        }
        list.extend(self.more.iter().cloned());
        Value::List(list)
    }
}

impl File {
    fn from_values(values: &[Value]) -> Option<Self> {
        let [blob, key, size, hash] = values else { return None };
        Some(Self {
            blob: BlobId(blob.as_bytes()?.try_into().ok()?),
            key: BlobKey::from_bytes(key.as_bytes()?.try_into().ok()?),
            size: size.as_int()?.try_into().ok()?,
            hash: hash.as_bytes()?.try_into().ok()?,
        })
    }

    fn to_values(&self) -> [Value; 4] {
        [
            Value::Bytes(self.blob.0.to_vec()),
            Value::Bytes(self.key.bytes().to_vec()),
            Value::Int(i64::try_from(self.size).unwrap_or(i64::MAX)),
            Value::Bytes(self.hash.to_vec()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(n: u8) -> File {
        File {
            blob: BlobId([n; 16]),
            key: BlobKey::from_bytes([n + 1; 32]),
            size: 400_000,
            hash: [n + 2; 32],
        }
    }

    fn element() -> Element {
        Element {
            display: file(1),
            thumb: file(5),
            width: 2048,
            height: 1536,
            blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH".into(),
            captured_at: Some("2026-05-03T10:20:30".into()),
            mime: "image/jpeg".into(),
            position: 3,
            caption: "Square three".into(),
            alt: "Grass".into(),
            original: Some([9; 32]),
            more: vec![],
        }
    }

    #[test]
    fn an_element_comes_back_as_it_was_with_and_without_a_date() {
        assert_eq!(Element::from_value(&element().to_value()), Some(element()));
        let dateless = Element { captured_at: None, ..element() };
        assert_eq!(Element::from_value(&dateless.to_value()), Some(dateless));
    }

    #[test]
    fn a_list_of_before_originals_were_kept_is_written_again_as_it_was() {
        let Value::List(list) = element().to_value() else { panic!() };
        let old = Value::List(list[..=at::ALT].to_vec());
        let read = Element::from_value(&old).unwrap();
        assert_eq!(read, Element { original: None, ..element() });
        assert_eq!(read.to_value(), old);
        let newer = Element { original: None, more: vec![Value::Bool(true)], ..element() };
        assert_eq!(Element::from_value(&newer.to_value()), Some(newer));
    }

    #[test]
    fn what_a_newer_version_added_is_handed_on() {
        let newer = Element { more: vec![Value::Text("new".into()), Value::Bool(true)], ..element() };
        assert_eq!(Element::from_value(&newer.to_value()), Some(newer));
    }

    #[test]
    fn a_list_that_is_short_or_of_other_types_is_no_element() {
        let Value::List(list) = element().to_value() else { panic!() };
        for length in 0..=at::ALT {
            assert_eq!(Element::from_value(&Value::List(list[..length].to_vec())), None, "{length} values");
        }
        for place in (0..list.len()).filter(|place| *place != at::CAPTURED_AT) {
            let mut wrong = list.clone();
            wrong[place] = Value::Bool(true);
            assert_eq!(Element::from_value(&Value::List(wrong)), None, "value {place}");
        }
    }
}
