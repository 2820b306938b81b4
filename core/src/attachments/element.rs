//! An attachment as its entry's record holds it: one list of up to twenty-four values, always written whole.

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

/// The two copies of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copies {
    pub display: File,
    pub thumb: File,
    pub width: u32,
    pub height: u32,
    pub blurhash: String,
    pub mime: String,
}

/// A file that is no photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    pub file: File,
    pub mime: String,
    pub name: String,
    /// Pages, or milliseconds.
    pub length: Option<u64>,
}

/// An attachment's element of field 10. It has copies, or a whole file; both where a newer version gave a file a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub copies: Option<Copies>,
    pub whole: Option<Whole>,
    pub captured_at: Option<String>,
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
        let string = |place: usize| Some(list.get(place)?.as_text()?.to_owned());
        let original = match list.get(at::ORIGINAL) {
            None | Some(Value::Null) => None,
            Some(hash) => Some(hash.as_bytes()?.try_into().ok()?),
        };
        let nothing = |places: std::ops::Range<usize>| {
            list.iter().skip(places.start).take(places.len()).all(|value| *value == Value::Null)
        };
        let copies = if nothing(at::DISPLAY..at::WIDTH) { None } else { Some(Copies::from_values(list)?) };
        let whole = if nothing(at::FILE..at::FILE_LENGTH) { None } else { Some(Whole::from_values(list)?) };
        if copies.is_none() && whole.is_none() {
            return None;
        }
        Some(Self {
            copies,
            whole,
            captured_at: string(at::CAPTURED_AT),
            position: list.get(at::ORDER)?.as_int()?,
            caption: string(at::CAPTION)?,
            alt: string(at::ALT)?,
            original,
            more: list.get(at::FILE_LENGTH + 1..).unwrap_or_default().to_vec(),
        })
    }

    /// The list, in the order of [`at`].
    pub(super) fn to_value(&self) -> Value {
        let mut list = Vec::with_capacity(at::FILE_LENGTH + 1);
        let copies = self.copies.as_ref();
        list.extend(copies.map_or(File::NONE, |copies| copies.display.to_values()));
        list.extend(copies.map_or(File::NONE, |copies| copies.thumb.to_values()));
        list.extend([
            copies.map_or(Value::Null, |copies| Value::Int(copies.width.into())),
            copies.map_or(Value::Null, |copies| Value::Int(copies.height.into())),
            copies.map_or(Value::Null, |copies| Value::Text(copies.blurhash.clone())),
            self.captured_at.clone().map_or(Value::Null, Value::Text),
            copies.map_or(Value::Null, |copies| Value::Text(copies.mime.clone())),
            Value::Int(self.position),
            Value::Text(self.caption.clone()),
            Value::Text(self.alt.clone()),
        ]);
        // Absent stays absent: an older version's list is written again as it was.
        let wanted = self.whole.is_some() || !self.more.is_empty();
        if self.original.is_some() || wanted {
            list.push(self.original.map_or(Value::Null, |hash| Value::Bytes(hash.to_vec())));
        }
        if wanted {
            let whole = self.whole.as_ref();
            list.extend(whole.map_or(File::NONE, |whole| whole.file.to_values()));
            list.extend([
                whole.map_or(Value::Null, |whole| Value::Text(whole.mime.clone())),
                whole.map_or(Value::Null, |whole| Value::Text(whole.name.clone())),
                whole.and_then(|whole| i64::try_from(whole.length?).ok()).map_or(Value::Null, Value::Int),
            ]);
        }
        list.extend(self.more.iter().cloned());
        Value::List(list)
    }

    /// Every sealed file, and whether it is the small copy.
    pub(super) fn files(&self) -> impl Iterator<Item = (&File, Part)> {
        let copies = self.copies.as_ref();
        let display = copies.map(|copies| (&copies.display, Part::Display));
        let thumb = copies.map(|copies| (&copies.thumb, Part::Thumb));
        let whole = self.whole.as_ref().map(|whole| (&whole.file, Part::Whole));
        [display, thumb, whole].into_iter().flatten()
    }
}

/// What a sealed file is of its attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Display,
    Thumb,
    Whole,
}

impl Copies {
    fn from_values(list: &[Value]) -> Option<Self> {
        let side = |place: usize| u32::try_from(list.get(place)?.as_int()?).ok();
        let string = |place: usize| Some(list.get(place)?.as_text()?.to_owned());
        Some(Self {
            display: File::from_values(list.get(at::DISPLAY..at::THUMB)?)?,
            thumb: File::from_values(list.get(at::THUMB..at::WIDTH)?)?,
            width: side(at::WIDTH)?,
            height: side(at::HEIGHT)?,
            blurhash: string(at::BLURHASH)?,
            mime: string(at::MIME)?,
        })
    }
}

impl Whole {
    fn from_values(list: &[Value]) -> Option<Self> {
        let length = match list.get(at::FILE_LENGTH)? {
            Value::Null => None,
            length => Some(u64::try_from(length.as_int()?).ok()?),
        };
        Some(Self {
            file: File::from_values(list.get(at::FILE..at::FILE_MIME)?)?,
            mime: list.get(at::FILE_MIME)?.as_text()?.to_owned(),
            name: list.get(at::FILE_NAME)?.as_text()?.to_owned(),
            length,
        })
    }
}

impl File {
    const NONE: [Value; 4] = [Value::Null, Value::Null, Value::Null, Value::Null];

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
            copies: Some(Copies {
                display: file(1),
                thumb: file(5),
                width: 2048,
                height: 1536,
                blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH".into(),
                mime: "image/jpeg".into(),
            }),
            whole: None,
            captured_at: Some("2026-05-03T10:20:30".into()),
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

    fn document() -> Element {
        let whole = Whole {
            file: file(11),
            mime: "application/pdf".into(),
            name: "Sums.pdf".into(),
            length: Some(3),
        };
        Element { copies: None, whole: Some(whole), captured_at: None, ..element() }
    }

    #[test]
    fn a_file_comes_back_as_it_was_with_and_without_a_picture_and_a_length() {
        assert_eq!(Element::from_value(&document().to_value()), Some(document()));
        let pictured = Element { copies: element().copies, ..document() };
        assert_eq!(Element::from_value(&pictured.to_value()), Some(pictured));
        let endless =
            Element { whole: document().whole.map(|whole| Whole { length: None, ..whole }), ..document() };
        assert_eq!(Element::from_value(&endless.to_value()), Some(endless));
    }

    /// Older apps ask for both copies, and count a photo by its media type.
    #[test]
    fn an_older_app_finds_no_copy_and_no_picture_in_a_file_and_a_whole_photo_in_a_file_with_a_picture() {
        let Value::List(list) = document().to_value() else { panic!() };
        assert!(list[at::DISPLAY..=at::BLURHASH].iter().all(|value| *value == Value::Null));
        assert_eq!(list[at::MIME], Value::Null);
        let Value::List(pictured) = (Element { copies: element().copies, ..document() }).to_value() else {
            panic!()
        };
        let Value::List(photo) = element().to_value() else { panic!() };
        assert_eq!(pictured[..at::CAPTURED_AT], photo[..at::CAPTURED_AT]);
    }

    #[test]
    fn a_list_that_is_short_or_of_other_types_is_no_element() {
        let Value::List(list) = element().to_value() else { panic!() };
        for length in 0..=at::ALT {
            assert_eq!(Element::from_value(&Value::List(list[..length].to_vec())), None, "{length} values");
        }
        let Value::List(file) = document().to_value() else { panic!() };
        for length in at::FILE + 1..=at::FILE_LENGTH {
            assert_eq!(
                Element::from_value(&Value::List(file[..length].to_vec())),
                None,
                "{length} values of a file"
            );
        }
        for list in [list, file] {
            for place in (0..list.len()).filter(|place| *place != at::CAPTURED_AT) {
                let mut wrong = list.clone();
                wrong[place] = Value::Bool(true);
                let unread = matches!(place, at::WIDTH | at::HEIGHT | at::BLURHASH | at::MIME)
                    && list[0] == Value::Null;
                assert_eq!(Element::from_value(&Value::List(wrong)).is_some(), unread, "value {place}");
            }
        }
    }
}
