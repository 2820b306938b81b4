//! The portfolio's pages: cover, contents, entries, tables.

use std::rc::Rc;

use pdf_writer::types::StructRole;

use super::bits::Kind;
use super::document::{Document, Places};
use super::entry;
use super::flow::Flow;
use super::paper::{COLUMN, FULL, MAIN, RAIL, mm};
use super::photos;
use super::piece::{Group, Item, Piece, Target, Whole, stacked};
use super::setter::Setter;
use super::style::{ASIDE, CAPTION, COVER, COVER_LINE, Colour, HEADING, SUBTITLE, Style, TERM, TEXT};
use super::tables;
use super::tags::ROOT;
use crate::error::Result;
use crate::export::period;
use crate::export::portfolio::Portfolio;
use crate::export::text::Text;
use crate::progress::Cancel;

impl Document for Portfolio {
    fn language(&self) -> &str {
        &self.language
    }

    fn made_on(&self) -> jiff::civil::Date {
        self.made_on
    }

    fn title(&self) -> Text {
        let mut title = Text::name(0);
        title.push_words(&format!(": a record of learning, {}", self.period.line()));
        title
    }

    fn footer(&self) -> Text {
        let mut footer = Text::name(0);
        footer.push_words(&format!("\u{2003}{}", self.period.line()));
        footer
    }

    fn bookmarks(&self) -> Vec<(Target, Text)> {
        let mut bookmarks = vec![(Target::Cover, Text::name(0)), (Target::Contents, Text::words("Contents"))];
        bookmarks.extend((1..).map(Target::Part).zip(self.entries.iter().map(|entry| entry.title.clone())));
        if self.has_tables() {
            bookmarks.push((Target::Tables, Text::words("Tables")));
        }
        bookmarks
    }

    fn lay<'a>(&'a self, flow: &mut Flow<'a, '_>, places: &Places, cancel: &Cancel) -> Result<()> {
        cover(flow, self)?;
        contents(flow, self, places)?;
        flow.next_page()?;
        for (number, one) in (1..).zip(&self.entries) {
            cancel.check()?;
            let group = entry::entry(flow, ROOT, number, one);
            flow.place(group)?;
        }
        let mut group = Group::new(mm(14.0), Whole::Always);
        if self.has_tables() {
            heading(flow, &mut group, "Tables", Target::Tables);
        }
        if let Some(hours) = &self.hours {
            subtitle(flow, &mut group, HOURS);
            tables::table(flow, &mut group, ROOT, &hours.table(), (0.0, FULL), true);
            let tag = flow.tags.add(ROOT, StructRole::P);
            let lines = flow.set.words(crate::export::hours::NOTE, ASIDE, FULL);
            group.keep();
            group.lines(lines, 0.0, Some(tag), mm(1.5));
            flow.place(group)?;
            group = Group::new(mm(8.0), Whole::Always);
        }
        if let Some(list) = &self.reading {
            subtitle(flow, &mut group, READING);
            tables::table(flow, &mut group, ROOT, list, (0.0, FULL), false);
            flow.place(group)?;
        }
        Ok(())
    }
}

const HOURS: &str = "Hours by subject and term";
const READING: &str = "Reading list";

impl Portfolio {
    fn has_tables(&self) -> bool {
        self.hours.is_some() || self.reading.is_some()
    }
}

fn subtitle<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, words: &str) {
    let tag = flow.tags.add(ROOT, StructRole::H3);
    let lines = flow.set.words(words, SUBTITLE, FULL);
    group.lines(lines, 0.0, Some(tag), mm(3.0));
    group.keep();
}

fn heading<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, words: &str, target: Target) {
    let tag = flow.tags.add(ROOT, StructRole::H2);
    let lines = flow.set.words(words, HEADING, FULL);
    let (high, mut items) = stacked(lines, 0.0, 0.0, Some(tag));
    items.push(Item::Place(target));
    group.push(Piece { keep: true, ..Piece::new(0.0, high, items) });
}

/// Name, period, a photo, and at the foot what the document holds.
fn cover<'a>(flow: &mut Flow<'a, '_>, portfolio: &'a Portfolio) -> Result<()> {
    let room = flow.sheet.room();
    let mut items = vec![Item::Place(Target::Cover)];
    let mut at = mm(40.4);
    if let Some(emoji) = portfolio.cast.first().map(|person| &person.emoji).filter(|emoji| !emoji.is_empty())
    {
        let line = flow.set.line(emoji, Style { size: 40.0, leading: 46.0, ..COVER });
        items.push(Item::Text { x: 0.0, y: at - 54.0, line: Rc::new(line), tag: None });
    }
    let heading = flow.tags.add(ROOT, StructRole::H1);
    let style = name_style(&mut flow.set);
    let lines = flow.set.text(&Text::name(0), style, FULL);
    let (high, lines) = stacked(lines, 0.0, at, Some(heading));
    items.extend(lines);
    at += high + mm(3.2);
    let tag = flow.tags.add(ROOT, StructRole::P);
    let mut lines = flow.set.words("A record of learning", COVER_LINE, FULL);
    lines.extend(flow.set.words(&portfolio.period.line(), COVER_LINE, FULL));
    let (high, lines) = stacked(lines, 0.0, at, Some(tag));
    items.extend(lines);
    at += high + mm(13.4);
    let foot = foot(flow, portfolio, &mut items);
    if let Some(shown) = &portfolio.cover {
        let lines = flow.set.text(&shown.cover_caption(), CAPTION, MAIN);
        let below: f32 = lines.iter().map(|line| line.leading).sum::<f32>() + mm(1.5);
        let high = (foot - mm(10.0) - at - below).max(mm(20.0));
        let size = photos::sized(shown, MAIN.min(high * shown.ratio() as f32));
        items.push(photos::photo(flow, ROOT, shown, (0.0, at), size));
        let tag = flow.tags.add(ROOT, StructRole::Caption);
        items.extend(stacked(lines, 0.0, at + size.1 + mm(1.5), Some(tag)).1);
    }
    let mut group = Group::new(0.0, Whole::Always);
    group.push(Piece::new(0.0, room, items));
    flow.bare();
    flow.place(group)?;
    flow.next_page()
}

/// A short name stands on one line, so a wide one is set smaller.
pub fn name_style(set: &mut Setter<'_>) -> Style {
    const SMALLEST: f32 = 14.0;
    let name = set.names.first().map(|name| name.to_string()).unwrap_or_default();
    let name = zeroize::Zeroizing::new(name);
    let parts: Vec<&str> = if name.chars().count() <= 24 { vec![&name] } else { name.split(' ').collect() };
    let span = |set: &Setter<'_>, words: &str| set.span(words, COVER, Kind::Name);
    let mut widest = 0.0_f32;
    for part in parts {
        let span = span(set, part);
        widest = set.set(&[span], f32::MAX).iter().map(|line| line.width).fold(widest, f32::max);
    }
    let size = (COVER.size * (FULL / widest.max(1.0))).clamp(SMALLEST, COVER.size);
    Style { size, leading: COVER.leading * size / COVER.size, ..COVER }
}

/// The lines at the foot of the cover; gives where they begin.
fn foot(flow: &mut Flow<'_, '_>, portfolio: &Portfolio, items: &mut Vec<Item<'_>>) -> f32 {
    let count = portfolio.entries.len();
    let mut contains = format!("{count} {}", if count == 1 { "entry" } else { "entries" });
    if portfolio.hours.is_some() {
        contains.push_str(", hours by subject");
    }
    if portfolio.reading.is_some() {
        contains.push_str(", reading list");
    }
    let rows = [("Made on", period::long_date(portfolio.made_on)), ("Contains", contains)];
    let leading = flow.set.look(TEXT).leading;
    let top = flow.sheet.room() - rows.len() as f32 * leading - mm(3.9);
    items.push(Item::Rule { x: 0.0, y: top, width: FULL, thick: 1.5, colour: Colour::Accent });
    let mut at = top + mm(3.9);
    for (label, words) in rows {
        let tag = Some(flow.tags.add(ROOT, StructRole::P));
        let label = flow.set.line(label, TEXT.in_colour(Colour::Second));
        items.push(Item::Text { x: 0.0, y: at, line: Rc::new(label), tag });
        let words = flow.set.line(&words, TEXT);
        items.push(Item::Text { x: COLUMN, y: at, line: Rc::new(words), tag });
        at += leading;
    }
    top
}

/// By term: day, title, subjects and page, each line a link.
fn contents<'a>(flow: &mut Flow<'a, '_>, portfolio: &Portfolio, places: &Places) -> Result<()> {
    let mut group = Group::new(0.0, Whole::Always);
    heading(flow, &mut group, "Contents", Target::Contents);
    let mut lines = Lines { group, open: None, list: ROOT };
    for (number, entry) in (1..).zip(&portfolio.entries) {
        let target = Target::Part(number);
        lines.term(flow, &period::term(entry.date));
        let mut spans = flow.set.spans(&entry.title, TEXT);
        if !entry.subjects.is_empty() {
            spans.push(flow.set.span(", ", ASIDE, Kind::Words));
            spans.extend(flow.set.spans(&entry.subjects, ASIDE));
        }
        lines.line(
            flow,
            &period::day(entry.date),
            &spans,
            (target, places.page(target)),
            flow_title(flow, &entry.title),
        );
    }
    if portfolio.has_tables() {
        lines.term(flow, "Tables");
    }
    let there = [(HOURS, portfolio.hours.is_some()), (READING, portfolio.reading.is_some())];
    for (words, _) in there.into_iter().filter(|(_, there)| *there) {
        let spans = [flow.set.span(words, TEXT, Kind::Words)];
        lines.line(flow, "", &spans, (Target::Tables, places.page(Target::Tables)), words.to_owned());
    }
    flow.place(lines.group)
}

fn flow_title(flow: &Flow<'_, '_>, title: &Text) -> String {
    flow.set.plain(title)
}

struct Lines<'a> {
    group: Group<'a>,
    open: Option<String>,
    list: super::tags::Node,
}

impl<'a> Lines<'a> {
    /// Opens a term, if it is not open.
    fn term(&mut self, flow: &mut Flow<'a, '_>, term: &str) {
        if self.open.as_deref() == Some(term) {
            return;
        }
        let tag = flow.tags.add(ROOT, StructRole::H3);
        self.list = flow.tags.add(ROOT, StructRole::TOC);
        let lines = flow.set.words(term, TERM, RAIL);
        let mut items = stacked(lines, 0.0, mm(2.6), Some(tag)).1;
        items.push(Item::Rule { x: 0.0, y: 0.0, width: FULL, thick: 0.75, colour: Colour::Rule });
        let space = if self.open.is_none() { mm(3.0) } else { mm(2.2) };
        self.group.push(Piece { keep: true, ..Piece::new(space, mm(2.0), items) });
        self.open = Some(term.to_owned());
    }

    fn line(
        &mut self,
        flow: &mut Flow<'a, '_>,
        day: &str,
        spans: &[super::bits::Span],
        (to, page): (Target, usize),
        title: String,
    ) {
        const PITCH: f32 = 18.0;
        let title_x = mm(62.5);
        let item = flow.tags.add(self.list, StructRole::TOCI);
        let tag = flow.tags.add(item, StructRole::Link);
        let mut items = Vec::new();
        let day = flow.set.line(day, TEXT.in_colour(Colour::Second));
        let aside = (PITCH - day.leading).max(0.0) / 2.0;
        items.push(Item::Text { x: COLUMN, y: aside, line: Rc::new(day), tag: Some(tag) });
        let lines = flow.set.set(spans, FULL - title_x - mm(14.0));
        let (high, lines) = stacked(lines, title_x, aside, Some(tag));
        items.extend(lines);
        let number = flow.set.line(&page.to_string(), TEXT.tabular());
        items.push(Item::Text { x: FULL - number.width, y: aside, line: Rc::new(number), tag: Some(tag) });
        let height = (high + 2.0 * aside).max(PITCH);
        let says = format!("{title}, page {page}");
        items.push(Item::Link { x: COLUMN, y: 0.0, width: FULL - COLUMN, height, to, tag, says });
        self.group.push(Piece::new(0.0, height, items));
    }
}
