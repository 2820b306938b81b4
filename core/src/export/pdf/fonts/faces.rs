//! The faces of a document: four inside the program, and those of the phone that a letter made necessary.

use std::borrow::Cow;
use std::collections::HashMap;

use rustybuzz::ttf_parser::{self, GlyphId, Tag};

/// The faces inside the program, in the order of [`style`](crate::export::pdf::style).
pub const FACES: [(&str, &[u8]); 4] = [
    ("Literata-Regular", include_bytes!("../../../../assets/fonts/literata-400.ttf")),
    ("Literata-SemiBold", include_bytes!("../../../../assets/fonts/literata-600.ttf")),
    ("AtkinsonHyperlegibleNext-Regular", include_bytes!("../../../../assets/fonts/atkinson-400.ttf")),
    ("AtkinsonHyperlegibleNext-SemiBold", include_bytes!("../../../../assets/fonts/atkinson-600.ttf")),
];

/// A glyph as a document writes it: a code of its own for each text that the glyph stands for, so that what is copied
/// out of the file is what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    pub glyph: u16,
    pub text: Box<str>,
}

/// One face and what the document uses of it.
pub struct Face {
    pub data: Cow<'static, [u8]>,
    pub index: u32,
    /// PostScript name, letters and hyphens only.
    pub name: String,
    pub units: f32,
    pub ascent: f32,
    pub descent: f32,
    /// Outlines of the PostScript kind: the code of a glyph is its number in the cut-down font, one for all its texts.
    pub postscript: bool,
    /// It draws in pictures, which are put into the file one by one.
    pub pictures: bool,
    /// Its outlines can be cut down and put into the file.
    pub outlines: bool,
    /// Codes in the order of first use; 0 is no letter.
    pub codes: Vec<Code>,
    known: HashMap<Code, u16>,
}

impl Face {
    /// Reads a font; nothing comes of what is none.
    pub fn read(name: &str, data: Cow<'static, [u8]>, index: u32) -> Option<Self> {
        let face = ttf_parser::Face::parse(&data, index).ok()?;
        let units = f32::from(face.units_per_em());
        let (ascent, descent) = (f32::from(face.ascender()) / units, f32::from(face.descender()) / units);
        let postscript = face.raw_face().table(Tag::from_bytes(b"CFF ")).is_some();
        let nothing = Code { glyph: 0, text: "".into() };
        let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        Some(Self {
            index,
            name,
            units,
            ascent,
            descent,
            postscript,
            pictures: false,
            outlines: true,
            known: HashMap::from([(nothing.clone(), 0)]),
            codes: vec![nothing],
            data,
        })
    }

    /// The code of a glyph that stands for this text, and whether a reader will be told that text.
    pub fn code(&mut self, glyph: u16, text: &str) -> (u16, bool) {
        let text = if self.postscript { "" } else { text };
        let code = Code { glyph, text: text.into() };
        let next = u16::try_from(self.codes.len()).unwrap_or(0);
        let number = *self.known.entry(code.clone()).or_insert_with(|| {
            self.codes.push(code);
            next
        });
        (number, !text.is_empty())
    }

    /// Advance of a glyph as the font file says it, thousandths of an em.
    pub fn advance(&self, glyph: u16) -> f32 {
        let face = ttf_parser::Face::parse(&self.data, self.index).ok();
        let advance = face.and_then(|face| face.glyph_hor_advance(GlyphId(glyph))).unwrap_or_default();
        f32::from(advance) * 1000.0 / self.units
    }

    /// Nothing but the empty code is used.
    pub fn is_unused(&self) -> bool {
        self.codes.len() < 2
    }
}
