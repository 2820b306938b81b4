//! Families to test with: a written year, and seeded families of any size. Plain data; [`plant`] writes it through the
//! core's rooms, for tests, benches and the demo alike.

mod grown;
mod plant;
mod words;
mod year;

pub use grown::{Size, grown};
pub use plant::{Planted, plant, plant_from};
pub use year::year;

/// A family's record as somebody would type it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// In the order of the learners' screen; entries point into it.
    pub learners: Vec<Learner>,
    /// Subject names in the order of the subjects' screen; entries point into it.
    pub subjects: Vec<String>,
    /// Oldest first.
    pub entries: Vec<Entry>,
}

/// Photos of an entry in the design's measure of a family (performance.md 1).
const PHOTOS: usize = 3;

impl Family {
    /// Gives each of the newest `entries` three photos of the written year, in turn. A grown family has none by itself:
    /// taking one in costs a hundred times what its entry's words do, so only who wants to see photos asks for them.
    pub fn with_photos(mut self, entries: usize) -> Self {
        let photos: Vec<Photo> = year().entries.into_iter().flat_map(|entry| entry.photos).collect();
        let mut turn = photos.iter().cycle();
        for entry in self.entries.iter_mut().rev().take(entries) {
            entry.photos = turn.by_ref().take(PHOTOS).cloned().collect();
        }
        self
    }
}

/// One learner: a nickname and what the app draws beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// Never a legal name.
    pub nickname: String,
    /// `#rrggbb`.
    pub colour: String,
    /// One emoji.
    pub emoji: String,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Day of learning, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Title, never empty here.
    pub title: String,
    /// What happened.
    pub note: String,
    /// Minutes, if somebody looked at the clock.
    pub minutes: Option<i64>,
    /// Positions in [`Family::learners`], each with that learner's own line (may be empty).
    pub learners: Vec<(usize, String)>,
    /// Positions in [`Family::subjects`].
    pub subjects: Vec<usize>,
    /// Tags.
    pub tags: Vec<String>,
    /// False while it is a draft.
    pub on_record: bool,
    /// A favourite.
    pub starred: bool,
    /// Photos of `tests/fixtures/photos`.
    pub photos: Vec<Photo>,
}

/// A photo of `tests/fixtures/photos`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// File name in that folder.
    pub file: String,
    /// Printed below it.
    pub caption: String,
    /// Read out in its place.
    pub alt: String,
}

/// Where the fixture photographs are.
pub fn photo_folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/photos")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_year_is_whole_and_every_photo_of_it_is_there() {
        let family = year();
        assert_eq!(family.entries.len(), 60);
        assert_eq!(
            family.learners.iter().map(|l| l.nickname.as_str()).collect::<Vec<_>>(),
            ["Hedgehog", "Otter"]
        );
        assert!(family.entries.is_sorted_by_key(|e| &e.learned_on));
        let photos: Vec<_> = family.entries.iter().flat_map(|e| &e.photos).collect();
        assert_eq!(photos.len(), 9);
        for photo in photos {
            assert!(photo_folder().join(&photo.file).is_file(), "{}", photo.file);
            assert!(!photo.alt.is_empty() && !photo.caption.is_empty());
        }
        let shared = family.entries.iter().filter(|e| e.learners.len() == 2).count();
        assert!(shared > 30, "only {shared} entries with both learners");
        assert!(family.entries.iter().any(|e| !e.on_record));
    }

    #[test]
    fn the_same_seed_grows_the_same_family_and_another_seed_another() {
        assert_eq!(grown(Size::Entries(200), 7), grown(Size::Entries(200), 7));
        assert_ne!(grown(Size::Entries(200), 7).entries, grown(Size::Entries(200), 8).entries);
    }

    #[test]
    fn a_grown_family_has_three_photos_an_entry_where_they_are_asked_for() {
        let family = grown(Size::Entries(6), 1).with_photos(4);
        let photos: Vec<usize> = family.entries.iter().map(|entry| entry.photos.len()).collect();
        assert_eq!(photos, [0, 0, 3, 3, 3, 3]);
        let all = family.entries.iter().flat_map(|entry| &entry.photos);
        assert!(all.into_iter().all(|photo| photo_folder().join(&photo.file).is_file()));
    }

    #[test]
    fn a_grown_family_has_the_shape_that_performance_md_names() {
        let family = grown(Size::Small, 1);
        let count = family.entries.len();
        assert_eq!(count, 2_000);
        let mean = |sum: usize| sum as f64 / count as f64;
        let note = mean(family.entries.iter().map(|e| e.note.len()).sum());
        assert!((570.0..=630.0).contains(&note), "{note} bytes a note");
        let learners = mean(family.entries.iter().map(|e| e.learners.len()).sum());
        assert!((1.5..=1.7).contains(&learners), "{learners} learners an entry");
        assert!(family.entries.iter().all(|e| e.tags.len() == 3));
        let years: std::collections::BTreeSet<&str> =
            family.entries.iter().map(|e| &e.learned_on[..4]).collect();
        assert_eq!(years.len(), 10, "{years:?}");
        let words: std::collections::BTreeSet<&str> =
            family.entries.iter().flat_map(|e| e.note.split(|c: char| !c.is_alphabetic())).collect();
        assert!(words.len() > 600, "{} distinct words", words.len());
    }
}
