//! Where photos come from: a path, or whatever the app finds them by; and what the file's own time is worth.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::MAX_SOURCES;
use crate::attachments::picture::MAX_FILE;
use crate::error::{Error, Result};
use crate::host::PhotoOpener;
use crate::input;

/// Endings of names that are looked at in a folder; what such a file holds is another question.
const ENDINGS: &[&str] =
    &["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff", "jxl"];
/// Folders inside folders that are looked into.
const DEPTH: u32 = 8;

/// Where a photo is.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of this phone.
    Path(String),
    /// How the app finds it again, also after a restart: a content address, a library's id. The app opens it.
    Reference(String),
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Path(_)) { "Path" } else { "Reference" })
    }
}

/// A photo that is given. Its file stays where it is and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub place: Place,
    /// The file's name, for people.
    pub name: String,
    /// When the file was last written, milliseconds since 1970; `None`: nobody knows, or the path's file tells.
    pub modified_ms: Option<i64>,
}

/// The photos of a folder and of the folders in it, in the order of their paths.
///
/// # Errors
/// [`Error::InvalidInput`] for a folder that can't be read.
pub fn photos_in(folder: &Path) -> Result<Vec<Source>> {
    let mut found = Vec::new();
    collect(folder, DEPTH, &mut found).map_err(|_| {
        Error::invalid("this folder can't be read: choose another, or allow this app to read it")
    })?;
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found.into_iter().map(|(source, _)| source).collect())
}

fn collect(folder: &Path, depth: u32, found: &mut Vec<(Source, String)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Links are not followed: they may lead in circles, or out of the folder.
        let kind = entry.file_type()?;
        let (path, name) = (entry.path(), entry.file_name());
        let (Some(path), Some(name)) = (path.to_str(), name.to_str()) else { continue };
        if name.starts_with('.') || found.len() > MAX_SOURCES {
            continue;
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        if kind.is_dir() && depth > 0 {
            // One that may not be read keeps nothing else from being found.
            let _ = collect(&entry.path(), depth - 1, found);
        } else if kind.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            let place = Place::Path(path.to_owned());
            found.push((Source { place, name: name.to_owned(), modified_ms: None }, path.to_owned()));
        }
    }
    Ok(())
}

impl Source {
    /// All of the file, and when it was last written.
    ///
    /// # Errors
    /// [`Error::Image`] says what to do.
    pub(super) fn read(&self, opener: Option<&dyn PhotoOpener>) -> Result<(Vec<u8>, Option<i64>)> {
        match (&self.place, opener) {
            (Place::Path(path), _) => {
                let (mut file, size) = input::chosen_file(Path::new(path)).map_err(|_| unreadable())?;
                too_large(size)?;
                let bytes = whole(&mut file)?;
                let modified = file.metadata().and_then(|found| found.modified());
                let written = modified.ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                let written = written.and_then(|since| i64::try_from(since.as_millis()).ok());
                Ok((bytes, self.modified_ms.or(written)))
            }
            (Place::Reference(reference), Some(opener)) => {
                Ok((whole(&mut opener.open(reference)?)?, self.modified_ms))
            }
            (Place::Reference(_), None) => Err(Error::internal("nobody opens the app's photos")),
        }
    }
}

fn whole(file: &mut dyn Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to be refused for it.
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    too_large(bytes.len() as u64)?;
    Ok(bytes)
}

fn too_large(size: u64) -> Result<()> {
    if size > MAX_FILE {
        return Err(Error::Image(
            "this file is larger than 64 MB: choose a smaller copy of the photo".into(),
        ));
    }
    Ok(())
}

pub(super) fn unreadable() -> Error {
    Error::Image("this file can't be read: choose it again".into())
}

/// The time zone of that name, or this phone's.
pub(super) fn zone(name: Option<&str>) -> Result<TimeZone> {
    match name {
        None => Ok(TimeZone::try_system().unwrap_or(TimeZone::UTC)),
        Some(name) => TimeZone::get(name)
            .map_err(|_| Error::invalid("this time zone is not known: give one such as Europe/London")),
    }
}

/// What a clock in the zone showed then, `2026-05-03T10:20:30`. Archives write 1970 or 1980 where they know no time.
pub(super) fn local_time(ms: i64, zone: &TimeZone) -> Option<String> {
    let at = Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone());
    (1981..=2199).contains(&at.year()).then(|| at.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_time_is_the_one_that_the_clock_on_the_wall_showed() {
        let london = zone(Some("Europe/London")).unwrap();
        // 23:30 UTC is half past midnight of the next day in summer, and of the same day in winter.
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(local_time(at("2026-06-30T23:30:00Z"), &london).unwrap(), "2026-07-01T00:30:00");
        assert_eq!(local_time(at("2026-12-30T23:30:00Z"), &london).unwrap(), "2026-12-30T23:30:00");
        for nothing in [0, i64::MIN, i64::MAX, at("1980-01-01T00:00:00Z")] {
            assert_eq!(local_time(nothing, &london), None);
        }
        assert!(zone(Some("Nowhere/Land")).is_err());
        assert!(zone(None).is_ok());
    }

    #[test]
    fn a_folders_photos_are_found_in_order_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(photos_in(dir.path()).unwrap(), []);
        fs::create_dir_all(dir.path().join("2026/May")).unwrap();
        for name in ["b.JPG", "a.heic", "notes.txt", ".hidden.jpg", "film.mp4", "2026/May/c.png", "plain"] {
            fs::write(dir.path().join(name), b"x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), dir.path().join("circle")).unwrap();
        let names: Vec<_> = photos_in(dir.path()).unwrap().into_iter().map(|source| source.name).collect();
        assert_eq!(names, ["c.png", "a.heic", "b.JPG"]);
        assert!(matches!(photos_in(&dir.path().join("gone")), Err(Error::InvalidInput(_))));
    }
}
