//! A document in two passes: laid out once to learn its pages, once more to write them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::flow::{Flow, Page, Sink};
use super::fonts::Fonts;
use super::paper::Sheet;
use super::piece::{Item, Target};
use super::setter::Setter;
use super::tags::Tags;
use crate::error::Result;
use crate::export::text::Text;
use crate::progress::Cancel;

/// What is laid out on pages.
pub trait Document {
    fn language(&self) -> &str;
    fn made_on(&self) -> Date;
    /// What file managers and windows call it.
    fn title(&self) -> Text;
    /// At the left of every page's foot.
    fn footer(&self) -> Text;
    /// The first one stands above the others.
    fn bookmarks(&self) -> Vec<(Target, Text)>;
    fn lay<'a>(&'a self, flow: &mut Flow<'a, '_>, places: &Places, cancel: &Cancel) -> Result<()>;
}

/// How a document is printed.
#[derive(Clone, Copy)]
pub struct Look<'s> {
    pub sheet: Sheet,
    pub names: &'s [Zeroizing<String>],
    pub comfort: bool,
}

/// Where everything stands.
#[derive(Default)]
pub struct Places {
    pub pages: usize,
    /// Page from 0, and how far below the upper margin.
    pub at: BTreeMap<Target, (usize, f32)>,
}

impl Places {
    /// The number that is printed for a page, from 1.
    pub fn page(&self, target: Target) -> usize {
        self.at.get(&target).map_or(0, |(page, _)| page + 1)
    }
}

/// Lays a document out without writing it: how many pages, and what stands where.
pub fn count(document: &dyn Document, look: Look<'_>, fonts: &mut Fonts, cancel: &Cancel) -> Result<Places> {
    let mut places = Places::default();
    lay(document, look, fonts, &Places::default(), &mut places, cancel)?;
    Ok(places)
}

/// Lays a document out whose pages are known; gives its tags.
pub fn lay<'a>(
    document: &'a dyn Document,
    look: Look<'_>,
    fonts: &mut Fonts,
    known: &Places,
    sink: &mut dyn Sink<'a>,
    cancel: &Cancel,
) -> Result<Tags> {
    let set = Setter { fonts, names: look.names, comfort: look.comfort };
    let mut flow = Flow::new(set, look.sheet, sink, document.footer(), known.pages);
    document.lay(&mut flow, known, cancel)?;
    flow.next_page()?;
    Ok(flow.tags)
}

impl Sink<'_> for Places {
    fn page(&mut self, page: Page<'_>, _: &mut Tags, _: &Setter<'_>) -> Result<()> {
        self.pages = page.number + 1;
        for (y, item) in &page.items {
            if let Item::Place(target) = item {
                self.at.insert(*target, (page.number, *y));
            }
        }
        Ok(())
    }
}
