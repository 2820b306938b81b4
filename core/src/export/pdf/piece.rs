//! What stands on pages: pieces that are never cut, in groups that may be cut between them.

use std::rc::Rc;

use super::lines::Line;
use super::style::Colour;
use super::tags::Node;
use crate::export::portfolio::Photo;

/// A place that contents and bookmarks lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    Cover,
    Contents,
    /// An entry or a section of a report, counted from 1.
    Part(usize),
    Tables,
}

/// Something drawn; lengths in points, from the left margin and the top of its piece.
#[derive(Clone)]
pub enum Item<'a> {
    /// A line of text; without a tag it is decoration.
    Text {
        x: f32,
        y: f32,
        line: Rc<Line>,
        tag: Option<Node>,
    },
    Rule {
        x: f32,
        y: f32,
        width: f32,
        thick: f32,
        colour: Colour,
    },
    /// An upright rule beside a quotation.
    Bar {
        x: f32,
        y: f32,
        height: f32,
    },
    Photo {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        photo: &'a Photo,
        tag: Node,
    },
    Link {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        to: Target,
        tag: Node,
        says: String,
    },
    /// Contents and bookmarks lead here.
    Place(Target),
}

/// How well a page may end before a piece; the better, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    Line,
    Paragraph,
    Row,
}

/// What a page begins with when a group was cut before a piece.
pub struct Running<'a> {
    pub height: f32,
    pub items: Vec<Item<'a>>,
}

/// Something that is never cut.
pub struct Piece<'a> {
    /// Above it, but not at the top of a page.
    pub space: f32,
    pub height: f32,
    /// More than its height must be free for it to begin.
    pub needs: f32,
    /// It stays on the page of the next piece.
    pub keep: bool,
    pub cut: Cut,
    pub items: Vec<Item<'a>>,
    pub running: Option<Rc<Running<'a>>>,
}

impl<'a> Piece<'a> {
    pub fn new(space: f32, height: f32, items: Vec<Item<'a>>) -> Self {
        Self { space, height, needs: height, keep: false, cut: Cut::Paragraph, items, running: None }
    }
}

/// When a group that does not fit moves to the next page as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Whole {
    /// Whenever it fits a page.
    Always,
    /// When the gap that it leaves is at most this part of a page.
    Gap(f32),
}

/// Pieces that belong together.
pub struct Group<'a> {
    /// Above it, but not at the top of a page.
    pub before: f32,
    pub whole: Whole,
    pub pieces: Vec<Piece<'a>>,
}

impl<'a> Group<'a> {
    pub fn new(before: f32, whole: Whole) -> Self {
        Self { before, whole, pieces: Vec::new() }
    }

    /// Height of all pieces so far, with the spaces between them.
    pub fn height(&self) -> f32 {
        height(&self.pieces)
    }

    /// Adds a piece; gives it back to be changed.
    pub fn push(&mut self, piece: Piece<'a>) {
        self.pieces.push(piece);
    }

    /// Adds lines of one paragraph: its first two and its last two stay together.
    pub fn lines(&mut self, lines: Vec<Line>, x: f32, tag: Option<Node>, space: f32) {
        let count = lines.len();
        for (nth, line) in lines.into_iter().enumerate() {
            let height = line.leading;
            let items = vec![Item::Text { x, y: 0.0, line: Rc::new(line), tag }];
            let mut piece = Piece::new(if nth == 0 { space } else { 0.0 }, height, items);
            piece.keep = count > 1 && (nth == 0 || nth + 2 == count);
            piece.cut = if nth == 0 { Cut::Paragraph } else { Cut::Line };
            self.push(piece);
        }
    }

    /// The last piece stays with what comes next.
    pub fn keep(&mut self) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.keep = true;
        }
    }

    /// What the next page begins with, wherever the group is cut.
    pub fn run(&mut self, running: Running<'a>) {
        let running = Rc::new(running);
        for piece in self.pieces.iter_mut().filter(|piece| piece.running.is_none()) {
            piece.running = Some(Rc::clone(&running));
        }
    }
}

/// Height of pieces below each other; the first one's space does not count.
pub fn height(pieces: &[Piece<'_>]) -> f32 {
    let first = pieces.first().map_or(0.0, |piece| piece.space);
    pieces.iter().map(|piece| piece.space + piece.height).sum::<f32>() - first
}

/// Lines below each other as one piece's items.
pub fn stacked<'a>(lines: Vec<Line>, x: f32, y: f32, tag: Option<Node>) -> (f32, Vec<Item<'a>>) {
    let mut at = y;
    let items = lines.into_iter().map(|line| {
        let y = at;
        at += line.leading;
        Item::Text { x, y, line: Rc::new(line), tag }
    });
    let items = items.collect();
    (at - y, items)
}
