//! Words as glyphs: which face has each letter, which glyphs stand for it, how far each advances.

use std::ops::Range;

use rustybuzz::ttf_parser::{GlyphId, Tag};
use rustybuzz::{BufferClusterLevel, Direction, Feature, UnicodeBuffer};

use super::Fonts;

/// A glyph in a line; lengths in thousandths of an em.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    pub code: u16,
    /// What the font file says.
    pub nominal: i16,
    /// What it takes here.
    pub advance: i16,
    pub dx: i16,
    pub dy: i16,
}

/// What is drawn over a glyph that is a space itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// A picture of [`Fonts::pictures`].
    Picture(usize),
    /// An empty frame: no font on this phone has the letter.
    Frame,
}

/// Letters of one word in one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    pub face: usize,
    /// From left to right.
    pub glyphs: Vec<Glyph>,
    /// What a reader is told where glyphs alone do not say it.
    pub says: Option<Box<str>>,
    pub drawn: Option<Drawn>,
}

impl Shaped {
    /// Ems.
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| f32::from(glyph.advance)).sum::<f32>() / 1000.0
    }
}

/// Marks, joiners and selectors go with the letter before them.
fn goes_with_the_letter_before(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

const JOINER: char = '\u{200d}';

impl Fonts {
    /// Stretches of a word that one face each has, and the letters that none has.
    pub(super) fn stretches(&mut self, word: &str, wanted: usize) -> Vec<(Range<usize>, Option<usize>)> {
        let mut stretches: Vec<(Range<usize>, Option<usize>)> = Vec::new();
        let mut joined = false;
        for (at, letter) in word.char_indices() {
            let end = at + letter.len_utf8();
            let together = joined || goes_with_the_letter_before(letter);
            joined = letter == JOINER;
            if let Some((range, _)) = stretches.last_mut().filter(|_| together) {
                range.end = end;
                continue;
            }
            let face = if together { Some(wanted) } else { self.face_of(letter, wanted) };
            match stretches.last_mut() {
                Some((range, before)) if *before == face && face.is_some() => range.end = end,
                _ => stretches.push((at..end, face)),
            }
        }
        stretches
    }

    /// The glyphs of letters that one face has.
    pub(super) fn shape_in(
        &mut self,
        text: &str,
        face: usize,
        tabular: bool,
        right_to_left: bool,
    ) -> Vec<Shaped> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_cluster_level(BufferClusterLevel::MonotoneCharacters);
        buffer.set_direction(if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        let tabular = [Feature::new(Tag::from_bytes(b"tnum"), u32::from(tabular), ..)];
        let Some(shaped) = self.with(face, |font| {
            let shaped = rustybuzz::shape(font, &tabular, buffer);
            let infos = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
            infos
                .map(|(info, place)| {
                    let glyph = u16::try_from(info.glyph_id).unwrap_or_default();
                    let nominal = font.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default();
                    (glyph, info.cluster, i32::from(nominal), *place)
                })
                .collect::<Vec<_>>()
        }) else {
            return Vec::new();
        };
        let mut starts: Vec<usize> =
            shaped.iter().filter_map(|(_, cluster, _, _)| usize::try_from(*cluster).ok()).collect();
        starts.sort_unstable();
        starts.dedup();
        let thousandths = self.thousandths(face);
        let mut told = true;
        let mut last = None;
        let mut glyphs = Vec::with_capacity(shaped.len());
        let mut pictures = Vec::new();
        for (glyph, cluster, nominal, place) in shaped {
            let start = usize::try_from(cluster).unwrap_or_default();
            let end = starts.iter().find(|next| **next > start).copied().unwrap_or(text.len());
            // The second glyph of a letter says nothing of its own.
            let says = if last.replace(cluster) == Some(cluster) {
                ""
            } else {
                text.get(start..end).unwrap_or_default()
            };
            if let Some(picture) = self.picture(face, glyph) {
                pictures.push(self.picture_glyph(Some(picture), says, thousandths(place.x_advance)));
                continue;
            }
            if !self.faces.get(face).is_some_and(|face| face.outlines) {
                // What joins pictures has none itself.
                pictures.push(self.picture_glyph(None, says, thousandths(place.x_advance)));
                continue;
            }
            let (code, is_told) = self.code(face, glyph, says);
            told &= is_told;
            glyphs.push(Glyph {
                code,
                nominal: thousandths(nominal),
                advance: thousandths(place.x_advance),
                dx: thousandths(place.x_offset),
                dy: thousandths(place.y_offset),
            });
        }
        if !pictures.is_empty() {
            return pictures;
        }
        let says = (!told).then(|| text.into());
        vec![Shaped { face, glyphs, says, drawn: None }]
    }

    /// A space that says a text, as wide as what is drawn over it.
    pub(super) fn space_that_says(&mut self, says: &str, advance: i16, drawn: Option<Drawn>) -> Shaped {
        const FACE: usize = 0;
        let (glyph, nominal) = self
            .with(FACE, |font| {
                let glyph = font.glyph_index(' ').unwrap_or_default();
                (glyph.0, font.glyph_hor_advance(glyph).unwrap_or_default())
            })
            .unwrap_or_default();
        let (code, _) = self.code(FACE, glyph, says);
        let nominal = self.thousandths(FACE)(i32::from(nominal));
        Shaped { face: FACE, glyphs: vec![Glyph { code, nominal, advance, dx: 0, dy: 0 }], says: None, drawn }
    }

    fn picture_glyph(&mut self, picture: Option<usize>, says: &str, advance: i16) -> Shaped {
        let says = if says.is_empty() { "\u{200b}" } else { says };
        self.space_that_says(says, advance, picture.map(Drawn::Picture))
    }

    fn thousandths(&self, face: usize) -> impl Fn(i32) -> i16 + use<> {
        let units = self.faces.get(face).map_or(1000.0, |face| face.units);
        move |length| (length as f32 * 1000.0 / units).round().clamp(-32_000.0, 32_000.0) as i16
    }
}
