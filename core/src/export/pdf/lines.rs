//! Lines: bits set one after the other, ragged right, in the order in which they are seen.

use unicode_bidi::{BidiInfo, Level};

use super::bits::{Bit, Bits, Break, Span, bits};
use super::fonts::{Drawn, Fonts, Glyph, Shaped};
use super::style::{Colour, Style};

/// Letters of one face, size and colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// From the left end of the line.
    pub x: f32,
    pub face: usize,
    pub size: f32,
    pub colour: Colour,
    pub glyphs: Vec<Glyph>,
    pub says: Option<Box<str>>,
    pub drawn: Option<Drawn>,
}

/// One line of text; lengths in points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    pub runs: Vec<Run>,
    /// Where it begins; more than 0 in text that reads from the right.
    pub x: f32,
    pub width: f32,
    /// From the top of the line to the letters' feet.
    pub baseline: f32,
    pub leading: f32,
}

/// Sets a paragraph in lines as wide as this. The first span's style gives the leading.
pub fn set(fonts: &mut Fonts, spans: &[Span], width: f32) -> Vec<Line> {
    let Some(first) = spans.first().map(|span| span.style) else { return Vec::new() };
    let Bits { bits, right_to_left } = bits(fonts, spans);
    let mut setting =
        Setting { fonts, width, style: first, right_to_left, lines: Vec::new(), line: Vec::new(), at: 0.0 };
    let mut chunk: Vec<Bit> = Vec::new();
    for bit in bits {
        if bit.before != Break::No {
            setting.chunk(std::mem::take(&mut chunk));
            if bit.before == Break::Must {
                setting.end();
            }
        }
        chunk.push(bit);
    }
    setting.chunk(chunk);
    setting.end();
    setting.lines
}

struct Setting<'a> {
    fonts: &'a mut Fonts,
    width: f32,
    style: Style,
    right_to_left: bool,
    lines: Vec<Line>,
    line: Vec<Bit>,
    at: f32,
}

impl Setting<'_> {
    /// Puts what stays together onto this line or the next.
    fn chunk(&mut self, chunk: Vec<Bit>) {
        const ROUNDING: f32 = 0.01;
        let spaces: f32 = chunk.iter().rev().take_while(|bit| bit.space).map(|bit| bit.width).sum();
        let whole: f32 = chunk.iter().map(|bit| bit.width).sum();
        if !self.line.is_empty() && self.at + whole - spaces > self.width + ROUNDING {
            self.end();
        }
        if whole - spaces <= self.width + ROUNDING {
            self.at += whole;
            self.line.extend(chunk);
            return;
        }
        for bit in chunk {
            self.too_wide(bit);
        }
    }

    /// A word wider than a line is broken where the line ends.
    fn too_wide(&mut self, bit: Bit) {
        if self.at + bit.width <= self.width {
            self.at += bit.width;
            self.line.push(bit);
            return;
        }
        let (face, tabular, size) = (bit.style.face, bit.style.tabular, bit.style.size);
        let mut start = 0;
        let mut reached = self.at;
        let cut = |setting: &mut Self, from: usize, to: usize| {
            let text = bit.text.get(from..to).unwrap_or_default();
            let word = setting.fonts.word(text, face, tabular, bit.level.is_rtl(), true);
            let width = word.iter().map(Shaped::width).sum::<f32>() * size;
            setting.at += width;
            setting.line.push(Bit { word, width, text: text.to_owned().into(), before: Break::No, ..bit });
        };
        for (at, letter) in bit.text.char_indices() {
            let mut utf8 = [0; 4];
            let one = self.fonts.word(letter.encode_utf8(&mut utf8), face, tabular, bit.level.is_rtl(), true);
            let width = one.iter().map(Shaped::width).sum::<f32>() * size;
            if reached + width > self.width && reached > 0.0 {
                cut(self, start, at);
                self.end();
                (start, reached) = (at, 0.0);
            }
            reached += width;
        }
        cut(self, start, bit.text.len());
    }

    /// Ends the line, also an empty one.
    fn end(&mut self) {
        let mut bits = std::mem::take(&mut self.line);
        self.at = 0.0;
        while bits.last().is_some_and(|bit| bit.space || bit.text.is_empty()) {
            bits.pop();
        }
        let levels: Vec<Level> = bits.iter().map(|bit| bit.level).collect();
        let (ascent, descent) = self.fonts.reach(self.style.face);
        let letters = (ascent - descent) * self.style.size;
        let baseline = (self.style.leading - letters) / 2.0 + ascent * self.style.size;
        let mut line = Line { baseline, leading: self.style.leading, ..Line::default() };
        let mut before = None;
        for place in BidiInfo::reorder_visual(&levels) {
            let Some(bit) = bits.get(place) else { continue };
            line.add(bit, before == Some(bit.span));
            before = Some(bit.span);
        }
        if self.right_to_left {
            line.x = (self.width - line.width).max(0.0);
        }
        self.lines.push(line);
    }
}

impl Line {
    fn add(&mut self, bit: &Bit, goes_on: bool) {
        for part in bit.word.iter() {
            let x = self.width;
            self.width += part.width() * bit.style.size;
            let plain = part.says.is_none() && part.drawn.is_none();
            match self.runs.last_mut() {
                Some(run)
                    if goes_on
                        && plain
                        && run.face == part.face
                        && run.says.is_none()
                        && run.drawn.is_none() =>
                {
                    run.glyphs.extend(&part.glyphs);
                }
                _ => self.runs.push(Run {
                    x,
                    face: part.face,
                    size: bit.style.size,
                    colour: bit.style.colour,
                    glyphs: part.glyphs.clone(),
                    says: part.says.clone(),
                    drawn: part.drawn,
                }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::pdf::bits::Kind;
    use crate::export::pdf::style::TEXT;
    use zeroize::Zeroizing;

    fn lines(text: &str, kind: Kind, width: f32) -> Vec<Line> {
        let span = Span { text: Zeroizing::new(text.into()), style: TEXT, kind };
        set(&mut Fonts::new(), &[span], width)
    }

    #[test]
    fn no_line_is_wider_than_its_column_whatever_stands_in_it() {
        let long = "x".repeat(300);
        for text in
            ["A sentence of several words that goes on for a while.", long.as_str(), "שלום עולם of two ways"]
        {
            let lines = lines(text, Kind::Words, 100.0);
            assert!(lines.len() > 1 && lines.iter().all(|line| line.width <= 100.02), "{text}");
        }
        assert!(lines(&"M".repeat(80), Kind::Name, 200.0).iter().all(|line| line.width <= 200.02));
    }

    #[test]
    fn typed_line_ends_stay_and_a_name_is_one_run() {
        assert_eq!(lines("one\ntwo\n\nfour", Kind::Words, 200.0).len(), 4);
        let name = lines("Zoë O'Neill Smith", Kind::Name, 300.0);
        assert_eq!(name[0].runs.len(), 1);
    }

    #[test]
    fn text_that_reads_from_the_right_stands_at_the_right() {
        let hebrew = lines("שלום", Kind::Words, 200.0);
        assert!((hebrew[0].x + hebrew[0].width - 200.0).abs() < 0.01);
        assert_eq!(lines("Hello", Kind::Words, 200.0)[0].x, 0.0);
    }
}
