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
}

/// A sheet and its margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    pub width: f32,
    pub height: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub left: f32,
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

    /// Its size and margins: text is 170 mm wide on both papers.
    pub const fn sheet(self) -> Sheet {
        let (width, height, right) = match self {
            Self::A4 => (210.0, 297.0, 18.0),
            Self::Letter => (215.9, 279.4, 23.9),
        };
        Sheet {
            width: mm(width),
            height: mm(height),
            top: mm(18.0),
            right: mm(right),
            bottom: mm(22.0),
            left: mm(22.0),
        }
    }
}

impl Sheet {
    /// Height between the margins.
    pub fn room(&self) -> f32 {
        self.height - self.top - self.bottom
    }
}
