//! From a family's entries to a portfolio: what is chosen, whose line is shown, where names stand.
use std::collections::BTreeMap;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::hours::Hours;
use super::language::{ENGLISH, language};
use super::mentions::{Known, Lookout, Mention};
use super::note::{self, Block};
use super::period::{self, Period};
use super::portfolio::{Others, Page, Part, Person, Photo, Portfolio};
use super::reading;
use super::report::sibling;
use super::review::{At, MentionId, Place, Review};
use super::text::{Field, Piece, Text};
use crate::entries::Annotation;
use crate::ids::{AttachmentId, EntryId, LearnerId, SubjectId};
use crate::reading::Reading;
use crate::shelf::Kept;

/// Everything a portfolio is made from. It holds one learner's private lines only.
#[derive(Debug, Clone)]
pub struct Material {
    /// Whom the portfolio is about.
    pub learner: Person,
    /// The other learners of the family.
    pub others: Vec<Person>,
    /// All subjects of the family, with their names.
    pub subjects: Vec<(SubjectId, String)>,
    /// Titles, authors and places of the record: a nickname inside one of them may be another's name.
    pub works: Vec<String>,
    /// The chosen entries.
    pub entries: Vec<Chosen>,
    /// Books and other materials that are printed, the earliest first.
    pub reading: Vec<Kept<Reading>>,
}

/// One chosen entry, without anybody else's line.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Which entry.
    pub id: EntryId,
    /// Day of learning.
    pub date: Date,
    /// May be empty.
    pub title: String,
    /// The shared note.
    pub note: String,
    /// The line of the portfolio's learner; may be empty.
    pub line: String,
    /// What stands beside it as a sample.
    pub annotation: Annotation,
    /// Who else took part.
    pub with: Vec<LearnerId>,
    /// Subject names.
    pub subjects: Vec<String>,
    /// Time spent.
    pub minutes: Option<u32>,
    /// Marked by the parent.
    pub starred: bool,
    /// In the parent's order.
    pub photos: Vec<ChosenPhoto>,
}

/// One photo of a chosen entry.
#[derive(Debug, Clone)]
pub struct ChosenPhoto {
    /// Which attachment.
    pub id: AttachmentId,
    /// Media type of the stored copy.
    pub mime: String,
    /// Pixels, rotation applied.
    pub width: u32,
    /// Pixels, rotation applied.
    pub height: u32,
    /// May be empty.
    pub caption: String,
    /// The parent's description; may be empty.
    pub alt: String,
}

impl ChosenPhoto {
    /// As a document shows it; without a description its caption or its day stands for it.
    pub(super) fn shown(&self, entry: EntryId, date: Date, caption: Text, alt: Text) -> Photo {
        let alt = [alt, caption.clone()].into_iter().find(|text| !text.is_empty());
        Photo {
            entry,
            attachment: self.id,
            mime: self.mime.clone(),
            width: self.width,
            height: self.height,
            alt: alt.unwrap_or_else(|| Text::words(format!("Photograph, {}", period::date(date)))),
            caption,
            date,
        }
    }
}

/// What a parent decides about a document.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// What becomes of other learners' nicknames.
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    pub ticks: BTreeMap<MentionId, bool>,
    /// The photo on the cover; else one is chosen.
    pub cover: Option<AttachmentId>,
    /// Print the hours table.
    pub hours: bool,
    /// BCP 47 tag; empty means "en-GB".
    pub language: String,
}

impl Material {
    /// Every place where a nickname stands as plain text, in context, for the parent to tick.
    pub fn review(&self, ticks: &BTreeMap<MentionId, bool>) -> Vec<Review> {
        let mut reviews = Vec::new();
        let mut review = |at: At, date: Option<Date>, text: &str, known: &Lookout| {
            for mention in known.find(text) {
                let Some(person) = self.person(mention.who) else { continue };
                let id = MentionId::new(at, mention.range.start);
                let on = ticks.get(&id).copied().unwrap_or(mention.certain);
                reviews.push(Review::new(id, person.learner, date, text, &mention.range, on));
            }
        };
        for entry in &self.entries {
            let known = self.lookout(&entry.with);
            for (place, text) in entry.fields() {
                review((Some(entry.id), place), Some(entry.date), &text, &known);
            }
        }
        let everybody = self.everybody();
        for (subject, name) in &self.subjects {
            if self.entries.iter().any(|entry| entry.subjects.contains(name)) {
                let name: String = name.nfc().collect();
                review((None, Place::Subject { subject: *subject }), None, &name, &everybody);
            }
        }
        for (place, text) in self.reading.iter().flat_map(reading::places) {
            let text: String = text.nfc().collect();
            review((None, place), None, &text, &everybody);
        }
        reviews
    }

    /// The document.
    pub fn portfolio(&self, decisions: &Decisions, period: Period, made_on: Date) -> Portfolio {
        let mut cast = vec![self.learner.clone()];
        let mut pages: Vec<(bool, Page)> = self
            .entries
            .iter()
            .map(|entry| (entry.starred, self.page(entry, decisions, &mut cast)))
            .collect();
        pages.sort_by_key(|(_, page)| page.date);
        let hours = decisions.hours.then(|| {
            Hours::count(
                self.entries
                    .iter()
                    .map(|entry| (entry.date, entry.minutes.unwrap_or(0), entry.subjects.as_slice())),
            )
        });
        let hours = hours.flatten().map(|mut hours| {
            for (subject, _) in &mut hours.rows {
                *subject = self.subject(&subject.plain(&[] as &[&str]), decisions, &mut cast);
            }
            hours
        });
        let reading = self.reading_list(decisions, &mut cast);
        Portfolio {
            language: language(&decisions.language).unwrap_or_else(|_| ENGLISH.into()),
            cast,
            period,
            made_on,
            cover: cover(&pages, decisions.cover),
            entries: pages.into_iter().map(|(_, page)| page).collect(),
            hours,
            reading,
        }
    }

    fn page(&self, entry: &Chosen, decisions: &Decisions, cast: &mut Vec<Person>) -> Page {
        let known = self.lookout(&entry.with);
        let subjects = entry.subjects.iter().map(|name| self.subject(name, decisions, cast));
        let subjects = Text::joined(subjects.collect::<Vec<_>>(), ", ");
        let mut field =
            |place: Place, text: &str| self.field((Some(entry.id), place), text, &known, decisions, cast);
        let title = field(Place::Title, &entry.title);
        let note = field(Place::Note, &entry.note);
        let line = field(Place::Line, &entry.line);
        let beside: Vec<Part> = entry
            .beside()
            .into_iter()
            .map(|(place, label, text)| Part::Labelled(label, field(place, text).whole()))
            .filter(|part| !matches!(part, Part::Labelled(_, text) if text.is_empty()))
            .collect();
        let photos = (0_u32..).zip(&entry.photos).map(|(index, photo)| {
            let caption = field(Place::Caption { photo: index }, &photo.caption).whole();
            let alt = field(Place::Alt { photo: index }, &photo.alt).whole();
            photo.shown(entry.id, entry.date, caption, alt)
        });
        let photos = photos.collect();
        let (title, from) = heading(&title, &note, &subjects, entry.date);
        let mut parts = note_parts(&note, from);
        parts.extend(beside);
        let own = line.whole();
        if note::is_quotation(&line.text) {
            parts.push(Part::OwnWords(own));
        } else if !own.is_empty() {
            parts.push(Part::Own(own));
        }
        Page { date: entry.date, title, subjects, minutes: entry.minutes, parts, photos }
    }

    /// The nicknames to look for in one entry. Of several learners with one nickname, who took part is meant; where that
    /// does not tell, nobody can, and the parent ticks.
    fn lookout(&self, with: &[LearnerId]) -> Lookout {
        let names: Vec<String> = self.subjects.iter().map(|(_, name)| name.clone()).collect();
        let others = self.others.iter().map(|other| (&other.nickname, with.contains(&other.learner)));
        let all: Vec<(Known, bool)> = std::iter::once((&self.learner.nickname, true))
            .chain(others)
            .enumerate()
            .map(|(who, (nickname, here))| (Known::new(who, nickname, &names), here))
            .collect();
        let mut known: Vec<Known> = Vec::new();
        for (one, here) in &all {
            if !here && all.iter().any(|(other, here)| *here && other.is_like(one)) {
                continue;
            }
            match known.iter_mut().find(|before| before.is_like(one)) {
                Some(before) => before.doubtful = true,
                None => known.push(one.clone()),
            }
        }
        Lookout::new(known, &self.works)
    }

    /// Words with capitals that are nobody's name: subjects and nicknames.
    pub(super) fn known(&self) -> Vec<String> {
        let people = std::iter::once(&self.learner).chain(&self.others).map(|person| &person.nickname);
        self.subjects.iter().map(|(_, name)| name).chain(people).cloned().collect()
    }

    /// What is no entry's may mean everybody.
    pub(super) fn everybody(&self) -> Lookout {
        self.lookout(&self.others.iter().map(|other| other.learner).collect::<Vec<_>>())
    }

    /// A text with names where the parent's ticks, or else sure mentions, have them.
    pub(super) fn field(
        &self,
        at: At,
        text: &str,
        known: &Lookout,
        decisions: &Decisions,
        cast: &mut Vec<Person>,
    ) -> Field {
        let text: String = text.nfc().collect();
        let ticked = |mention: &Mention| {
            let id = MentionId::new(at, mention.range.start);
            decisions.ticks.get(&id).copied().unwrap_or(mention.certain)
        };
        let replaced = known.find(&text).into_iter().filter(ticked).filter_map(|mention| {
            Some((mention.range.clone(), self.piece(&mention, &text, decisions.others, cast)?))
        });
        Field { replaced: replaced.collect(), text }
    }

    /// The name of a subject, which may hold a nickname: "Bean's garden".
    fn subject(&self, name: &str, decisions: &Decisions, cast: &mut Vec<Person>) -> Text {
        match self.subjects.iter().find(|(_, one)| one == name) {
            Some((subject, _)) => {
                let at = (None, Place::Subject { subject: *subject });
                self.field(at, name, &self.everybody(), decisions, cast).whole()
            }
            None => Text::words(name),
        }
    }

    fn person(&self, who: usize) -> Option<&Person> {
        if who == 0 { Some(&self.learner) } else { self.others.get(who - 1) }
    }

    fn piece(&self, mention: &Mention, text: &str, others: Others, cast: &mut Vec<Person>) -> Option<Piece> {
        let person = self.person(mention.who)?;
        match others {
            Others::Initial if mention.who > 0 => {
                Some(Piece::Words(person.nickname.chars().take(1).collect()))
            }
            Others::Sibling if mention.who > 0 => {
                Some(Piece::Words(sibling(text.get(..mention.range.start)?).into()))
            }
            _ => {
                let place = cast.iter().position(|one| one.learner == person.learner).unwrap_or_else(|| {
                    cast.push(person.clone());
                    cast.len() - 1
                });
                Some(Piece::Name(place))
            }
        }
    }
}

impl Chosen {
    /// Takes one text out; a photo stays without its words.
    pub(super) fn leave_out(&mut self, place: Place) {
        let at = |photo: u32| usize::try_from(photo).unwrap_or(usize::MAX);
        match place {
            Place::Title => self.title.clear(),
            Place::Note => self.note.clear(),
            Place::Line => self.line.clear(),
            Place::Went => self.annotation.went.clear(),
            Place::Shows => self.annotation.shows.clear(),
            Place::Next => self.annotation.next.clear(),
            Place::Caption { photo } => {
                self.photos.get_mut(at(photo)).into_iter().for_each(|one| one.caption.clear())
            }
            Place::Alt { photo } => {
                self.photos.get_mut(at(photo)).into_iter().for_each(|one| one.alt.clear())
            }
            Place::Subject { .. } | Place::ReadingTitle { .. } | Place::ReadingAuthor { .. } => {}
        }
    }

    /// What is written beside an entry, with its labels.
    fn beside(&self) -> [(Place, &'static str, &String); 3] {
        let Annotation { went, shows, next, .. } = &self.annotation;
        [
            (Place::Went, "How it went", went),
            (Place::Shows, "What it shows", shows),
            (Place::Next, "Next", next),
        ]
    }

    /// Every text of the entry that the document shows, in NFC.
    fn fields(&self) -> Vec<(Place, String)> {
        let mut fields =
            vec![(Place::Title, &self.title), (Place::Note, &self.note), (Place::Line, &self.line)];
        for (index, photo) in (0_u32..).zip(&self.photos) {
            fields.push((Place::Caption { photo: index }, &photo.caption));
            fields.push((Place::Alt { photo: index }, &photo.alt));
        }
        fields.extend(self.beside().into_iter().map(|(place, _, text)| (place, text)));
        fields.into_iter().map(|(place, text)| (place, text.nfc().collect())).collect()
    }
}

/// The title, and where the note goes on after it.
fn heading(title: &Field, note: &Field, subjects: &Text, date: Date) -> (Text, usize) {
    const LONGEST: usize = 70;
    if !title.text.trim().is_empty() {
        return (title.whole(), 0);
    }
    let names: Vec<_> = note.replaced.iter().map(|(range, _)| range.clone()).collect();
    let Some((range, cut)) = note::first_sentence(&note.text, LONGEST, &names) else {
        let day = || Text::words(period::date(date));
        return (Some(subjects).filter(|text| !text.is_empty()).cloned().unwrap_or_else(day), 0);
    };
    let mut heading = note.slice(range.clone());
    if cut {
        heading.push_words("…");
    }
    let starts_note = note.text.get(..range.start).is_some_and(|before| before.trim().is_empty());
    if cut || !starts_note {
        return (heading, 0);
    }
    let after = note.text.get(range.end..).unwrap_or_default();
    let full_stop = usize::from(after.starts_with('.'));
    (heading, range.end + full_stop)
}

fn note_parts(note: &Field, from: usize) -> Vec<Part> {
    let rest = note.text.get(from..).unwrap_or_default();
    let moved = |range: std::ops::Range<usize>| note.slice(range.start + from..range.end + from);
    note::blocks(rest)
        .into_iter()
        .map(|block| match block {
            Block::Paragraph(range) => Part::Paragraph(moved(range)),
            Block::Labelled(label, range) => Part::Labelled(label, moved(range)),
            Block::Words(range) => Part::Words(moved(range)),
        })
        .collect()
}

/// The chosen photo, else the first one that fills a cover well, those of starred entries before others.
fn cover(pages: &[(bool, Page)], chosen: Option<AttachmentId>) -> Option<Photo> {
    let mut photos =
        pages.iter().flat_map(|(starred, page)| page.photos.iter().map(move |photo| (*starred, photo)));
    if let Some(id) = chosen {
        return photos.find(|(_, photo)| photo.attachment == id).map(|(_, photo)| photo.clone());
    }
    let rank = |(starred, photo): &(bool, &Photo)| (!(1.2..=1.9).contains(&photo.ratio()), !*starred);
    photos.min_by_key(rank).map(|(_, photo)| photo.clone())
}
