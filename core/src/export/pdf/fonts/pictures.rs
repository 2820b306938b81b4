//! Emoji: pictures out of the phone's emoji font.

use rustybuzz::ttf_parser::{GlyphId, RasterImageFormat};

use super::Fonts;

/// Pixels for an em that are asked for; the nearest size is taken.
const PIXELS: u16 = 136;

/// One picture; its place in ems from the baseline.
pub struct Picture {
    of: (usize, u16),
    pub width: u32,
    pub height: u32,
    /// Three bytes a pixel.
    pub colours: Vec<u8>,
    /// One byte a pixel.
    pub opacity: Vec<u8>,
    pub x: f32,
    pub y: f32,
    pub wide: f32,
    pub high: f32,
}

impl Fonts {
    /// The picture of a glyph, if its face draws in pictures.
    pub(super) fn picture(&mut self, face: usize, glyph: u16) -> Option<usize> {
        if !self.faces.get(face).is_some_and(|face| face.pictures) {
            return None;
        }
        if let Some(known) = self.pictures.iter().position(|one| one.of == (face, glyph)) {
            return Some(known);
        }
        let picture = self.with(face, |font| {
            let raster = font.glyph_raster_image(GlyphId(glyph), PIXELS)?;
            if raster.format != RasterImageFormat::PNG {
                return None;
            }
            let (width, height, colours, opacity) = decoded(raster.data)?;
            let em = f32::from(raster.pixels_per_em.max(1));
            Some(Picture {
                of: (face, glyph),
                wide: width as f32 / em,
                high: height as f32 / em,
                x: f32::from(raster.x) / em,
                y: f32::from(raster.y) / em,
                width,
                height,
                colours,
                opacity,
            })
        })??;
        self.pictures.push(picture);
        Some(self.pictures.len() - 1)
    }
}

fn decoded(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>, Vec<u8>)> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let told = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(told.buffer_size());
    let (mut colours, mut opacity) = (Vec::new(), Vec::new());
    match told.color_type {
        png::ColorType::Rgba => {
            for pixel in pixels.chunks_exact(4) {
                colours.extend(pixel.iter().take(3));
                opacity.extend(pixel.last());
            }
        }
        png::ColorType::GrayscaleAlpha => {
            for pixel in pixels.chunks_exact(2) {
                colours.extend(pixel.iter().take(1).cycle().take(3));
                opacity.extend(pixel.last());
            }
        }
        _ => return None,
    }
    Some((told.width, told.height, colours, opacity))
}
