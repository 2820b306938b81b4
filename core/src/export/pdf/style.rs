//! How text looks: face, size, leading and colour by what it is (documents.md).

/// A face inside the program, by its place in [`FACES`](super::fonts::FACES).
pub const SERIF: usize = 0;
/// Literata semibold.
pub const SERIF_BOLD: usize = 1;
/// Atkinson Hyperlegible Next.
pub const SANS: usize = 2;
/// Atkinson Hyperlegible Next semibold.
pub const SANS_BOLD: usize = 3;

/// A colour of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Black, which lasers do not screen.
    Text,
    /// #4A443B.
    Second,
    /// #8F8676.
    Rule,
    /// #1E6A58.
    Accent,
}

impl Colour {
    /// Red, green and blue of 255.
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Text => [0, 0, 0],
            Self::Second => [0x4A, 0x44, 0x3B],
            Self::Rule => [0x8F, 0x86, 0x76],
            Self::Accent => [0x1E, 0x6A, 0x58],
        }
    }
}

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: usize,
    /// Points.
    pub size: f32,
    /// Points from line to line.
    pub leading: f32,
    pub colour: Colour,
    /// Digits of one width, for columns of numbers.
    pub tabular: bool,
}

const fn style(face: usize, size: f32, leading: f32, colour: Colour) -> Style {
    Style { face, size, leading, colour, tabular: false }
}

pub const COVER: Style = style(SERIF_BOLD, 34.0, 39.0, Colour::Text);
pub const COVER_LINE: Style = style(SERIF, 16.0, 21.0, Colour::Text);
pub const HEADING: Style = style(SERIF_BOLD, 20.0, 24.0, Colour::Text);
pub const TITLE: Style = style(SERIF_BOLD, 16.0, 20.0, Colour::Text);
pub const SUBTITLE: Style = style(SERIF_BOLD, 12.0, 16.0, Colour::Text);
pub const TEXT: Style = style(SERIF, 10.5, 15.0, Colour::Text);
pub const REPORT: Style = style(SERIF, 10.5, 14.4, Colour::Text);
pub const DATE: Style = style(SERIF_BOLD, 11.0, 14.0, Colour::Text);
pub const ASIDE: Style = style(SERIF, 9.0, 12.5, Colour::Second);
pub const TERM: Style = style(SERIF_BOLD, 9.0, 12.5, Colour::Accent);
pub const LABEL: Style = style(SANS_BOLD, 9.0, 12.5, Colour::Accent);
pub const SECTION: Style = style(SANS_BOLD, 9.5, 14.4, Colour::Text);
pub const CAPTION: Style = style(SERIF, 9.0, 12.0, Colour::Text);
pub const CELL: Style = style(SERIF, 9.5, 13.5, Colour::Text);
pub const FOOTER: Style = style(SERIF, 8.5, 11.0, Colour::Second);
pub const WORDS: Style = style(SERIF, 13.0, 18.0, Colour::Text);

pub const BOOK_TITLE: Style = style(SERIF_BOLD, 24.0, 29.0, Colour::Text);
pub const BOOK_TEXT: Style = style(SERIF, 11.5, 17.0, Colour::Text);
pub const BOOK_WORDS: Style = style(SERIF, 18.0, 25.0, Colour::Text);

impl Style {
    pub const fn bold(self) -> Self {
        Self { face: if self.face < SANS { SERIF_BOLD } else { SANS_BOLD }, ..self }
    }

    pub const fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub const fn tabular(self) -> Self {
        Self { tabular: true, ..self }
    }

    /// The same for readers whom a serif or small letters tire: all of it Atkinson, 12 on 18 at least.
    pub fn comfortable(self) -> Self {
        Self {
            face: if matches!(self.face, SERIF | SANS) { SANS } else { SANS_BOLD },
            size: self.size.max(12.0),
            leading: self.leading.max(18.0),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comfortable_text_is_atkinson_twelve_on_eighteen_and_keeps_its_weight() {
        for (of, face) in [(TEXT, SANS), (TITLE, SANS_BOLD), (LABEL, SANS_BOLD), (CAPTION, SANS)] {
            let now = of.comfortable();
            assert_eq!(now.face, face);
            assert!(now.size >= 12.0 && now.leading >= 18.0);
        }
        let sans = Style { face: SANS, ..TEXT };
        assert_eq!(sans.comfortable().face, SANS);
    }
}
