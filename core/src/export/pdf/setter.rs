//! From the document's text to lines: names filled in, the family's choice of letters.

use zeroize::Zeroizing;

use super::bits::{Kind, Span};
use super::fonts::Fonts;
use super::lines::{self, Line};
use super::style::Style;
use crate::export::text::{Piece, Text};

/// Sets text.
pub struct Setter<'s> {
    pub fonts: &'s mut Fonts,
    pub names: &'s [Zeroizing<String>],
    /// All of it in Atkinson, 12 on 18.
    pub comfort: bool,
}

impl Setter<'_> {
    /// The style as the family wants it.
    pub fn look(&self, style: Style) -> Style {
        if self.comfort { style.comfortable() } else { style }
    }

    /// A text in spans.
    pub fn spans(&self, text: &Text, style: Style) -> Vec<Span> {
        let style = self.look(style);
        let span = |piece: &Piece| match piece {
            Piece::Words(words) => Span { text: Zeroizing::new(words.clone()), style, kind: Kind::Words },
            Piece::Name(who) => {
                let name = self.names.get(*who).map_or("", |name| name.as_str());
                Span { text: Zeroizing::new(name.to_owned()), style, kind: Kind::Name }
            }
        };
        text.pieces.iter().map(span).collect()
    }

    /// Words in a span.
    pub fn span(&self, words: &str, style: Style, kind: Kind) -> Span {
        Span { text: Zeroizing::new(words.to_owned()), style: self.look(style), kind }
    }

    /// Spans in lines as wide as this.
    pub fn set(&mut self, spans: &[Span], width: f32) -> Vec<Line> {
        lines::set(self.fonts, spans, width)
    }

    /// A text in lines.
    pub fn text(&mut self, text: &Text, style: Style, width: f32) -> Vec<Line> {
        let spans = self.spans(text, style);
        self.set(&spans, width)
    }

    /// Words in lines.
    pub fn words(&mut self, words: &str, style: Style, width: f32) -> Vec<Line> {
        let span = self.span(words, style, Kind::Words);
        self.set(&[span], width)
    }

    /// Words on one line, however wide.
    pub fn line(&mut self, words: &str, style: Style) -> Line {
        let span = self.span(words, style, Kind::Whole);
        self.set(&[span], f32::MAX).into_iter().next().unwrap_or_default()
    }

    /// A text with names filled in, for what is not printed.
    pub fn plain(&self, text: &Text) -> String {
        text.plain(self.names)
    }
}
