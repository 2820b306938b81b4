//! The portfolio: one learner, one period, chosen entries, with names as references.
use jiff::civil::Date;

use super::format::Format;
use super::hours::Hours;
use super::period::{self, Period};
use super::report::Table;
use super::text::Text;
use crate::attachments::picture;
use crate::ids::{AttachmentId, EntryId, LearnerId};

/// What becomes of other learners whose nicknames the parent wrote into shared text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// The nickname stays, and the file lets it be renamed.
    #[default]
    Nickname,
    /// The first letter.
    Initial,
    /// "a sibling".
    Sibling,
}

/// Somebody whose name stands in the document; the first of a cast is the learner it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub learner: LearnerId,
    /// Printed unless a renaming says otherwise.
    pub nickname: String,
    /// Decoration for the cover and the rename bar; may be empty.
    pub emoji: String,
}

/// A document of one learner, ready to be written in any format.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// BCP 47 tag of the text, such as "en-GB".
    pub language: String,
    /// The learner, then everybody else who is named in the text.
    pub cast: Vec<Person>,
    /// First and last day.
    pub period: Period,
    /// Printed as "Made on".
    pub made_on: Date,
    /// The photo on the cover.
    pub cover: Option<Photo>,
    /// By date.
    pub entries: Vec<Page>,
    /// The hours table, if asked for and if any entry has minutes.
    pub hours: Option<Hours>,
    /// The reading list, if asked for and if anything was read: title, author, how, when.
    pub reading: Option<Table>,
}

/// One entry of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Day of learning.
    pub date: Date,
    /// As typed, or the first sentence of the note.
    pub title: Text,
    /// Subject names, comma between.
    pub subjects: Text,
    /// Time spent.
    pub minutes: Option<u32>,
    /// Text in reading order.
    pub parts: Vec<Part>,
    /// In the parent's order.
    pub photos: Vec<Photo>,
}

/// A part of an entry's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text shared by all learners of the entry.
    Paragraph(Text),
    /// "What we did", "How it went", "What it shows", "Next".
    Labelled(&'static str, Text),
    /// A quotation in the shared text.
    Words(Text),
    /// This learner's own line.
    Own(Text),
    /// This learner's own line, when it is a quotation.
    OwnWords(Text),
}

/// A photo and the words with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Which entry it belongs to.
    pub entry: EntryId,
    /// Which attachment.
    pub attachment: AttachmentId,
    /// Media type of the stored copy, such as "image/jpeg".
    pub mime: String,
    /// Pixels of the stored copy, rotation applied.
    pub width: u32,
    /// Pixels of the stored copy, rotation applied.
    pub height: u32,
    /// May be empty.
    pub caption: Text,
    /// The parent's description, else the caption, else "Photograph, 9 Sept 2025".
    pub alt: Text,
    /// Day of the entry.
    pub date: Date,
}

/// Pixels per inch below which a photo is not enlarged further.
const COARSEST: f64 = 130.0;

impl Photo {
    /// Makes it so small that its long edge has at most so many pixels.
    pub(super) fn shrink(&mut self, edge: u32) {
        (self.width, self.height) = picture::within(edge, (self.width, self.height));
    }

    /// How wide it may be printed, millimetres.
    pub fn widest(&self) -> f64 {
        f64::from(self.width) / COARSEST * 25.4
    }

    /// What stands under it on the cover: its caption and its day.
    pub fn cover_caption(&self) -> Text {
        let mut caption = self.caption.clone();
        if !caption.is_empty() {
            caption.trim_full_stop();
            caption.push_words(", ");
        }
        caption.push_words(&format!("{}.", period::date(self.date)));
        caption
    }

    /// Width / height; 1 for a photo without a size.
    pub fn ratio(&self) -> f64 {
        if self.width == 0 || self.height == 0 { 1.0 } else { f64::from(self.width) / f64::from(self.height) }
    }
}

impl Portfolio {
    /// Takes one photo out, wherever it stands.
    pub(super) fn leave_out(&mut self, photo: AttachmentId) {
        for page in &mut self.entries {
            page.photos.retain(|one| one.attachment != photo);
        }
        self.cover = self.cover.take().filter(|one| one.attachment != photo);
    }

    /// Photos that will be read, the cover counted again.
    pub fn photo_count(&self) -> usize {
        self.entries.iter().map(|page| page.photos.len()).sum::<usize>() + usize::from(self.cover.is_some())
    }

    /// "portfolio-2026.html": no name in it, whatever the document holds.
    pub fn file_name(&self, format: Format) -> String {
        format!("portfolio-{}.{}", self.period.to.year(), format.ending())
    }
}
