//! The file: pages as they are laid out, photos one at a time, then what leads through the document.

use std::collections::BTreeMap;

use pdf_writer::types::{ActionType, AnnotationFlags, AnnotationType, TabOrder};
use pdf_writer::{Filter, Finish, Name, Rect, Ref, TextStr};

use super::document::Places;
use super::draw::{self, Drawing};
use super::flow::{Page, Sink};
use super::fonts::{Fonts, Picture};
use super::images;
use super::objects::{Objects, packed};
use super::paper::Sheet;
use super::piece::{Item, Target};
use super::setter::Setter;
use super::tags::{Node, Tags};
use crate::error::Result;
use crate::export::portfolio::Photo;
use crate::export::source::PhotoSource;
use crate::ids::AttachmentId;
use crate::progress::{Cancel, Progress};

/// Reads photos, one at a time, and says how far it has come.
pub struct Album<'p> {
    pub source: &'p dyn PhotoSource,
    pub progress: &'p dyn Progress,
    pub cancel: &'p Cancel,
    pub done: u64,
    pub total: u64,
}

/// Writes pages into the file.
pub struct Writer<'o, 'p> {
    pub objects: Objects<'o>,
    sheet: Sheet,
    places: &'p Places,
    album: Album<'p>,
    /// All pages are promised at the start: links and contents point forwards.
    pub pages: Vec<Ref>,
    pub tree: Ref,
    pub fonts: Ref,
    photos: BTreeMap<AttachmentId, Ref>,
    emoji: BTreeMap<usize, Ref>,
}

impl<'o, 'p> Writer<'o, 'p> {
    pub fn new(mut objects: Objects<'o>, sheet: Sheet, places: &'p Places, album: Album<'p>) -> Self {
        let pages = (0..places.pages).map(|_| objects.promise()).collect();
        let (tree, fonts) = (objects.promise(), objects.promise());
        Self {
            objects,
            sheet,
            places,
            album,
            pages,
            tree,
            fonts,
            photos: BTreeMap::new(),
            emoji: BTreeMap::new(),
        }
    }

    /// From a place below the upper margin to one above the page's lower edge.
    fn up(&self, below: f32) -> f32 {
        self.sheet.bleed + self.sheet.height - self.sheet.top - below
    }

    fn photo(&mut self, photo: &Photo) -> Result<(String, Ref)> {
        self.album.cancel.check()?;
        let known = self.photos.get(&photo.attachment).copied();
        let image = match known {
            Some(image) => image,
            None => images::photo(&mut self.objects, photo, &self.album.source.photo(photo)?)?,
        };
        self.photos.insert(photo.attachment, image);
        self.album.done += 1;
        self.album.progress.progress(self.album.done, self.album.total);
        Ok((format!("P{}", image.get()), image))
    }

    fn link(
        &mut self,
        rect: Rect,
        to: Target,
        says: &str,
        (tag, page, tags): (Node, usize, &mut Tags),
    ) -> Result<Option<Ref>> {
        let Some((onto, below)) = self.places.at.get(&to) else { return Ok(None) };
        let Some(onto) = self.pages.get(*onto).copied() else { return Ok(None) };
        let top = self.up(*below) + 6.0;
        let id = self.objects.promise();
        let number = tags.link(tag, page, id, self.pages.len());
        self.objects.write(id, |chunk| {
            let mut link = chunk.annotation(id);
            link.subtype(AnnotationType::Link).rect(rect).border(0.0, 0.0, 0.0, None);
            link.contents(TextStr(says)).flags(AnnotationFlags::PRINT).struct_parent(number);
            link.action().action_type(ActionType::GoTo).destination().page(onto).xyz(0.0, top, None);
        })?;
        Ok(Some(id))
    }
}

impl<'a> Sink<'a> for Writer<'_, '_> {
    fn page(&mut self, page: Page<'a>, tags: &mut Tags, setter: &Setter<'_>) -> Result<()> {
        let Some(id) = self.pages.get(page.number).copied() else { return Ok(()) };
        let left = self.sheet.margin(page.number);
        let picture = |number: usize| setter.fonts.pictures.get(number).map_or([0.0; 4], place);
        let mut images: Vec<(String, Ref)> = Vec::new();
        let mut links = Vec::new();
        let mut drawing = Drawing::begin(tags, page.number);
        for (y, item) in &page.items {
            match item {
                Item::Text { x, y: down, line, tag } => {
                    drawing.text(left + x, self.up(y + down + line.baseline), line, *tag, picture);
                }
                Item::Rule { x, y: down, width, thick, colour } => {
                    drawing.filled([left + x, self.up(y + down) - thick / 2.0, *width, *thick], *colour);
                }
                Item::Bar { x, y: down, height } => {
                    drawing.filled(
                        [left + x, self.up(y + down + height), 1.5, *height],
                        super::style::Colour::Accent,
                    );
                }
                Item::Photo { x, y: down, width, height, photo, tag } => {
                    let (name, image) = self.photo(photo)?;
                    drawing.image([left + x, self.up(y + down + height), *width, *height], &name, *tag);
                    images.push((name, image));
                }
                Item::Link { x, y: down, width, height, to, tag, says } => {
                    let (low, high) = (self.up(y + down + height), self.up(y + down));
                    links.push((Rect::new(left + x, low, left + x + width, high), *to, says, *tag));
                }
                Item::Place(_) => {}
            }
        }
        for item in &page.footer {
            if let Item::Text { x, y, line, .. } = item {
                drawing.footer(left + x, self.up(y + line.baseline), line, picture);
            }
        }
        let (content, emoji) = drawing.end();
        let mut annotations = Vec::new();
        for (rect, to, says, tag) in links {
            annotations.extend(self.link(rect, to, says, (tag, page.number, tags))?);
        }
        for number in emoji {
            let known = self.emoji.get(&number).copied();
            let image = match (known, setter.fonts.pictures.get(number)) {
                (Some(image), _) => image,
                (None, Some(picture)) => images::emoji(&mut self.objects, picture)?,
                (None, None) => continue,
            };
            self.emoji.insert(number, image);
            images.push((draw::emoji(number), image));
        }
        images.sort();
        images.dedup();
        let content = self.objects.add(|chunk, id| {
            let bytes = packed(&content);
            chunk.stream(id, &bytes).filter(Filter::FlateDecode);
        })?;
        let (tree, fonts, sheet) = (self.tree, self.fonts, self.sheet);
        self.objects.write(id, |chunk| {
            let mut one = chunk.page(id);
            let (wide, high, bleed) = (sheet.width, sheet.height, sheet.bleed);
            let paper = Rect::new(0.0, 0.0, wide + 2.0 * bleed, high + 2.0 * bleed);
            one.parent(tree).media_box(paper).contents(content);
            if sheet.is_bound() {
                one.bleed_box(paper).trim_box(Rect::new(bleed, bleed, wide + bleed, high + bleed));
            }
            one.struct_parents(i32::try_from(page.number).unwrap_or_default())
                .tab_order(TabOrder::StructureOrder);
            if !annotations.is_empty() {
                one.annotations(annotations.iter().copied());
            }
            let mut resources = one.resources();
            resources.pair(Name(b"Font"), fonts);
            let mut named = resources.x_objects();
            for (name, image) in &images {
                named.pair(Name(name.as_bytes()), *image);
            }
            named.finish();
        })
    }
}

/// Where a picture stands, in ems from the pen.
fn place(picture: &Picture) -> [f32; 4] {
    [picture.x, picture.y, picture.wide, picture.high]
}

/// What a file holds beside its pages.
pub struct Ending<'e> {
    pub language: &'e str,
    pub title: &'e str,
    pub made_on: jiff::civil::Date,
    pub bookmarks: Vec<(Target, zeroize::Zeroizing<String>)>,
}

impl Writer<'_, '_> {
    /// Writes what leads through the document, and ends the file.
    pub fn end(mut self, tags: &Tags, fonts: &Fonts, ending: &Ending<'_>) -> Result<()> {
        fonts.embed(&mut self.objects, self.fonts)?;
        let structure = tags.write(&mut self.objects, &self.pages)?;
        let outline = self.outline(&ending.bookmarks)?;
        let (tree, pages) = (self.tree, std::mem::take(&mut self.pages));
        self.objects.write(tree, |chunk| {
            let count = i32::try_from(pages.len()).unwrap_or_default();
            chunk.pages(tree).kids(pages.iter().copied()).count(count);
        })?;
        super::ending::end(self.objects, tree, structure, outline, ending)
    }

    /// Bookmarks: the first stands above the others.
    fn outline(&mut self, bookmarks: &[(Target, zeroize::Zeroizing<String>)]) -> Result<Ref> {
        let root = self.objects.promise();
        let refs: Vec<Ref> = bookmarks.iter().map(|_| self.objects.promise()).collect();
        let (first, last) = (refs.first().copied(), refs.last().copied());
        let below = i32::try_from(refs.len().saturating_sub(1)).unwrap_or_default();
        for (nth, ((target, title), id)) in bookmarks.iter().zip(&refs).enumerate() {
            let (page, down) = self.places.at.get(target).copied().unwrap_or_default();
            let top = self.up(down) + 6.0;
            let page = self.pages.get(page).copied().unwrap_or(root);
            self.objects.write(*id, |chunk| {
                let mut item = chunk.outline_item(*id);
                item.title(TextStr(title)).parent(if nth == 0 { root } else { first.unwrap_or(root) });
                if nth > 1 {
                    refs.get(nth - 1).into_iter().for_each(|before| {
                        item.prev(*before);
                    });
                }
                if let Some(next) = refs.get(nth + 1) {
                    if nth > 0 {
                        item.next(*next);
                    } else {
                        item.first(*next).last(last.unwrap_or(*next)).count(below);
                    }
                }
                item.dest().page(page).xyz(0.0, top, None);
            })?;
        }
        self.objects.write(root, |chunk| {
            let mut outline = chunk.outline(root);
            if let Some(first) = first {
                outline.first(first).last(first).count(below + 1);
            }
        })?;
        Ok(root)
    }
}
