//! Fonts inside the file: cut down to what is used, with the text of every code.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Rect, Ref, Str};
use rustybuzz::ttf_parser::{self, Tag};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::Fonts;
use super::faces::Face;
use crate::error::{Error, Result};
use crate::export::pdf::objects::{Objects, packed};

const ADOBE: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

impl Fonts {
    /// Writes every face that was used, and the dictionary by which pages find them.
    pub fn embed(&self, objects: &mut Objects<'_>, dictionary: Ref) -> Result<()> {
        let mut written = Vec::new();
        for (number, face) in self.faces.iter().enumerate().filter(|(_, face)| !face.is_unused()) {
            written.push((number, embed(face, objects)?));
        }
        objects.write(dictionary, |chunk| {
            let mut fonts = chunk.indirect(dictionary).dict();
            for (number, font) in &written {
                fonts.pair(Name(resource(*number).as_bytes()), *font);
            }
        })
    }
}

/// What pages call a face.
pub fn resource(face: usize) -> String {
    format!("F{face}")
}

fn embed(face: &Face, objects: &mut Objects<'_>) -> Result<Ref> {
    let mut glyphs = GlyphRemapper::new();
    let places: Vec<u16> = face.codes.iter().map(|code| glyphs.remap(code.glyph)).collect();
    let cut = subsetter::subset(&face.data, face.index, &glyphs)
        .map_err(|_| Error::internal("a font of this phone can't be put into a document"))?;
    let name = format!("{}+{}", tag(face), face.name);
    let outlines = if face.postscript { cff(&cut)?.to_vec() } else { cut };
    let file = objects.add(|chunk, id| {
        let bytes = packed(&outlines);
        let mut stream = chunk.stream(id, &bytes);
        stream.filter(Filter::FlateDecode);
        if face.postscript {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            stream.pair(Name(b"Length1"), i32::try_from(outlines.len()).unwrap_or_default());
        }
    })?;
    let descriptor = descriptor(face, &name, file, objects)?;
    let map = (!face.postscript).then(|| {
        let map: Vec<u8> = places.iter().flat_map(|place| place.to_be_bytes()).collect();
        objects.add(|chunk, id| {
            chunk.stream(id, &packed(&map)).filter(Filter::FlateDecode);
        })
    });
    let map = map.transpose()?;
    let font = objects.add(|chunk, id| {
        let mut font = chunk.cid_font(id);
        font.subtype(if face.postscript { CidFontType::Type0 } else { CidFontType::Type2 });
        font.base_font(Name(name.as_bytes())).system_info(ADOBE).font_descriptor(descriptor);
        if let Some(map) = map {
            font.cid_to_gid_map_stream(map);
        }
        font.default_width(0.0);
        font.widths().consecutive(0, face.codes.iter().map(|code| face.advance(code.glyph)));
    })?;
    let told = told(face, &name, objects)?;
    objects.add(|chunk, id| {
        chunk
            .type0_font(id)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(font)
            .to_unicode(told);
    })
}

fn descriptor(face: &Face, name: &str, file: Ref, objects: &mut Objects<'_>) -> Result<Ref> {
    let parsed = ttf_parser::Face::parse(&face.data, face.index).ok();
    let scaled = |length: i16| f32::from(length) * 1000.0 / face.units;
    objects.add(|chunk, id| {
        let mut descriptor = chunk.font_descriptor(id);
        descriptor.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC).italic_angle(0.0);
        descriptor.ascent(face.ascent * 1000.0).descent(face.descent * 1000.0).stem_v(80.0);
        if let Some(parsed) = &parsed {
            let r = parsed.global_bounding_box();
            descriptor.bbox(Rect::new(scaled(r.x_min), scaled(r.y_min), scaled(r.x_max), scaled(r.y_max)));
            descriptor.cap_height(parsed.capital_height().map_or(face.ascent * 1000.0, scaled));
        }
        if face.postscript {
            descriptor.font_file3(file);
        } else {
            descriptor.font_file2(file);
        }
        descriptor.finish();
    })
}

/// The text of every code, for copying, searching and reading aloud.
fn told(face: &Face, name: &str, objects: &mut Objects<'_>) -> Result<Ref> {
    let mut map = UnicodeCmap::<u16>::new(Name(name.as_bytes()), ADOBE);
    for (code, letters) in (0_u16..).zip(&face.codes).skip(1) {
        // What says nothing by itself stands in a stretch whose text is told as a whole.
        let letters = if letters.text.is_empty() { "\u{200b}" } else { &letters.text };
        map.pair_with_multiple(code, letters.chars());
    }
    let map = map.finish();
    objects.add(|chunk, id| {
        let bytes = packed(map.as_slice());
        chunk.cmap(id, &bytes).filter(Filter::FlateDecode);
    })
}

/// Six capitals that tell one cut of a font from another.
fn tag(face: &Face) -> String {
    let mut digest = Sha256::new();
    for code in &face.codes {
        digest.update(code.glyph.to_be_bytes());
    }
    digest.finalize().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn cff(font: &[u8]) -> Result<&[u8]> {
    let face = ttf_parser::RawFace::parse(font, 0).ok();
    face.and_then(|face| face.table(Tag::from_bytes(b"CFF ")))
        .ok_or_else(|| Error::internal("a font of this phone can't be put into a document"))
}
