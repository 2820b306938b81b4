//! JPEG, PNG and WebP to pixels. Sizes are checked before anything is allocated, and no file may bring the app down.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image_webp::WebPDecoder;
use png::{BitDepth, ColorType, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Format;
use super::pixels::{Form, Pixels, check_size, damaged};
use crate::error::Error;

/// Why there are no pixels.
pub(super) enum Refused {
    /// A whole file of a kind that our decoders don't know; the host's may.
    Unsupported,
    /// Everything else, in words.
    Because(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Because(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Because(error) => error,
            Refused::Unsupported => {
                Self::Image("this kind of photo is not known here: save it as an ordinary JPEG or PNG".into())
            }
        }
    }
}

/// Decodes a file of a known format.
pub(super) fn file(format: Format, bytes: &[u8]) -> Result<Pixels, Refused> {
    // The decoders are fuzzed by their makers; should one panic all the same, the photo is refused.
    catch_unwind(AssertUnwindSafe(|| match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        Format::Other => Err(Refused::Unsupported),
    }))
    .unwrap_or_else(|_| Err(damaged().into()))
}

fn jpeg(bytes: &[u8]) -> Result<Pixels, Refused> {
    let headers = |space| {
        let options = DecoderOptions::default()
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            // A photo that stops half-way is refused, not filled up with grey.
            .set_strict_mode(true)
            .jpeg_set_out_colorspace(space);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().map_err(jpeg_refused)?;
        Ok::<_, Refused>(decoder)
    };
    let mut decoder = headers(ColorSpace::YCbCr)?;
    let (width, height) = decoder.dimensions().ok_or_else(damaged)?;
    let (width, height) = (u32::try_from(width).unwrap_or(0), u32::try_from(height).unwrap_or(0));
    check_size(width, height)?;
    let form = match decoder.input_colorspace() {
        Some(ColorSpace::YCbCr) => Form::Ycc,
        Some(ColorSpace::Luma) => Form::Luma,
        _ => Form::Rgb,
    };
    if form != Form::Ycc {
        decoder = headers(if form == Form::Luma { ColorSpace::Luma } else { ColorSpace::RGB })?;
    }
    let pixels = decoder.decode().map_err(jpeg_refused)?;
    Ok(Pixels::new(width, height, form, pixels)?)
}

fn jpeg_refused(error: zune_jpeg::errors::DecodeErrors) -> Refused {
    match error {
        zune_jpeg::errors::DecodeErrors::Unsupported(_) => Refused::Unsupported,
        _ => damaged().into(),
    }
}

fn png(bytes: &[u8]) -> Result<Pixels, Refused> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 16 << 20 });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // Palettes and 1 to 4 bits opened out, 16 bits cut to 8, a transparent colour made an alpha channel.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(|_| damaged())?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(|_| damaged())?;
    let size = reader.output_buffer_size().ok_or_else(damaged)?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|_| damaged())?;
    if frame.bit_depth != BitDepth::Eight {
        return Err(Refused::Unsupported);
    }
    let pixels = match frame.color_type {
        ColorType::Grayscale => Pixels::new(width, height, Form::Luma, pixels),
        ColorType::GrayscaleAlpha => Pixels::from_luma_alpha(width, height, pixels),
        ColorType::Rgb => Pixels::new(width, height, Form::Rgb, pixels),
        ColorType::Rgba => Pixels::from_rgba(width, height, pixels),
        ColorType::Indexed => return Err(Refused::Unsupported),
    };
    Ok(pixels?)
}

fn webp(bytes: &[u8]) -> Result<Pixels, Refused> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if decoder.is_animated() {
        // The first frame alone would lose the rest without a word.
        return Err(Error::Image(
            "this is a moving picture: save one moment of it as a photo and choose that".into(),
        )
        .into());
    }
    let alpha = decoder.has_alpha();
    let size = decoder.output_buffer_size().ok_or_else(damaged)?;
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(|_| damaged())?;
    Ok(if alpha {
        Pixels::from_rgba(width, height, pixels)?
    } else {
        Pixels::new(width, height, Form::Rgb, pixels)?
    })
}
