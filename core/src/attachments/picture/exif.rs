//! The two facts that are taken out of a photo's metadata: when it was taken, and which way is up.

use std::io::Cursor;

use exif::{Error, Exif, In, Reader, Tag, Value};
use jiff::civil::DateTime;

/// What the metadata says; nothing when there is none or it can't be read.
pub(super) struct Told {
    /// Camera's local time, `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
    /// 1 to 8 (EXIF 2.32, 4.6.4 A); 1 is upright.
    pub orientation: u8,
}

/// Reads the metadata of a JPEG, PNG, WebP or HEIF file. Damaged metadata is as good as none: it must not keep a
/// photo out.
pub(super) fn read(bytes: &[u8]) -> Told {
    let exif = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error: Error| error.distill_partial_result(|_| ()));
    let Ok(exif) = exif else { return Told { captured_at: None, orientation: 1 } };
    Told { captured_at: captured_at(&exif), orientation: orientation(&exif) }
}

fn orientation(exif: &Exif) -> u8 {
    let stated = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    stated.and_then(|value| u8::try_from(value).ok()).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// When the shutter fell; failing that when it was made digital, failing that when the file was written.
fn captured_at(exif: &Exif) -> Option<String> {
    [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime].into_iter().find_map(|tag| {
        let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let text = std::str::from_utf8(lines.first()?).ok()?.trim();
        // "2026:05:03 10:20:30"; only the colons of the date differ from ISO 8601.
        let (date, time) = text.split_once(' ')?;
        checked_time(&format!("{}T{time}", date.replace(':', "-")))
    })
}

/// `YYYY-MM-DDThh:mm:ss` in that one spelling, or nothing if it is no time that has ever been: cameras with an
/// empty battery write 0000:00:00.
pub fn checked_time(text: &str) -> Option<String> {
    let time: DateTime = text.parse().ok()?;
    (1826..=2200).contains(&time.year()).then(|| time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_that_can_be_come_through() {
        assert_eq!(checked_time("2026-05-03T10:20:30").as_deref(), Some("2026-05-03T10:20:30"));
        assert_eq!(checked_time("2026-05-03T10:20:30.25").as_deref(), Some("2026-05-03T10:20:30"));
        for wrong in [
            "0000-00-00T00:00:00",
            "2026-02-30T10:00:00",
            "    -  -  T  :  :  ",
            "",
            "2026",
            "9000-01-01T00:00:00",
        ] {
            assert_eq!(checked_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_without_metadata_is_upright_and_dateless() {
        let told = read(b"nothing here");
        assert_eq!((told.captured_at, told.orientation), (None, 1));
    }
}
