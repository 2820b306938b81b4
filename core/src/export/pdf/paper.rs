//! The sheets that documents are printed on, in points.

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// Millimetres as points.
pub const fn mm(millimetres: f64) -> f32 {
    (millimetres * POINTS) as f32
}

/// The paper of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8.5 × 11 inches.
    Letter,
    /// A photo book of square pages, 210 mm, with 3 mm of bleed for the printer; not for reports.
    Book,
}

/// A sheet and its margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    pub width: f32,
    pub height: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    /// At the spine of a book, whose left pages are mirrored.
    pub left: f32,
    /// Paper around the page that the printer cuts off; a book has some.
    pub bleed: f32,
}

/// Rail, gap and main column of the grid (documents.md).
pub const RAIL: f32 = mm(39.5);
/// Between columns and between photos.
pub const GAP: f32 = mm(4.0);
/// Where the main column begins.
pub const COLUMN: f32 = mm(43.5);
/// The main column.
pub const MAIN: f32 = mm(126.5);
/// All three.
pub const FULL: f32 = mm(170.0);

impl Paper {
    /// What readers of a language print on: Letter in the United States and Canada, else A4.
    pub fn of(language: &str) -> Self {
        let region = language.rsplit('-').next().unwrap_or_default();
        if ["US", "CA"].iter().any(|one| region.eq_ignore_ascii_case(one)) { Self::Letter } else { Self::A4 }
    }

    /// Its size and margins: text is 170 mm wide on all of them.
    pub const fn sheet(self) -> Sheet {
        let (width, height, right, bottom, bleed) = match self {
            Self::A4 => (210.0, 297.0, 18.0, 22.0, 0.0),
            Self::Letter => (215.9, 279.4, 23.9, 22.0, 0.0),
            Self::Book => (210.0, 210.0, 18.0, 16.0, 3.0),
        };
        Sheet {
            width: mm(width),
            height: mm(height),
            top: mm(18.0),
            right: mm(right),
            bottom: mm(bottom),
            left: mm(22.0),
            bleed: mm(bleed),
        }
    }
}

impl Sheet {
    /// Height between the margins.
    pub fn room(&self) -> f32 {
        self.height - self.top - self.bottom
    }

    /// It is one of a book's, bound at the spine.
    pub fn is_bound(&self) -> bool {
        self.bleed > 0.0
    }

    /// A left page of a book; pages count from 0, and the first is a right one.
    pub fn is_left(&self, page: usize) -> bool {
        self.is_bound() && !page.is_multiple_of(2)
    }

    /// Where text begins on a page, from the edge of the paper.
    pub fn margin(&self, page: usize) -> f32 {
        self.bleed + if self.is_left(page) { self.right } else { self.left }
    }
}
