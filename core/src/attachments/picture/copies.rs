//! The copies that are kept of a photo: 2048 and 512 pixels on the long edge, upright, and a BlurHash.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder};

use super::pixels::{Form, Pixels};
use super::{Decoded, colour};
use crate::error::{Error, Result};
use crate::host::ImageDecoder;
use crate::progress::Cancel;

/// Long edge of the copy that is shown and printed, in pixels, and its JPEG quality.
pub const DISPLAY: (u32, u8) = (2_048, 82);
/// Long edge of the copy in lists, in pixels, and its JPEG quality.
pub const THUMB: (u32, u8) = (512, 80);
/// Long edge of what the BlurHash is made from: it keeps a dozen waves only.
const BLUR: u32 = 32;
/// Rows that are scaled at once.
const BAND: usize = 256;

/// One encoded copy.
pub struct Copy {
    /// A JPEG file without any metadata.
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// What is kept of a photo.
pub struct Copies {
    /// At most 2048 pixels on the long edge.
    pub display: Copy,
    /// At most 512 pixels on the long edge.
    pub thumb: Copy,
    /// Some 30 characters that paint a blur until the file is there.
    pub blurhash: String,
    /// When it was taken, camera's local time, `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
}

/// Decodes a photo's file and makes the copies. `step` hears of each of the four steps.
///
/// # Errors
/// [`Error::Image`] says what to do with a file that is no photo, damaged, too large or of an unknown kind;
/// [`Error::Cancelled`].
pub fn make(
    bytes: &[u8],
    host: Option<&dyn ImageDecoder>,
    cancel: &Cancel,
    step: &dyn Fn(),
) -> Result<Copies> {
    let Decoded { pixels, orientation, captured_at } = super::decode(bytes, host, cancel)?;
    step();
    cancel.check()?;
    let mut resizer = Resizer::new();
    // Turned only once it is small; the large picture's memory is given back here.
    let display = upright(shrunk(&mut resizer, pixels, DISPLAY.0)?, orientation);
    step();
    cancel.check()?;
    let thumb = shrunk(&mut resizer, display.clone(), THUMB.0)?;
    let blurhash = blurhash(&shrunk(&mut resizer, thumb.clone(), BLUR)?)?;
    step();
    cancel.check()?;
    let copies = Copies {
        display: encoded(&display, DISPLAY.1)?,
        thumb: encoded(&thumb, THUMB.1)?,
        blurhash,
        captured_at,
    };
    step();
    cancel.check()?;
    Ok(copies)
}

/// The copies of one that is shown already, which stays byte by byte; none when the file holds anything but a picture, or
/// a larger one.
///
/// # Errors
/// [`Error::Image`] for a file that is damaged; [`Error::Cancelled`].
pub fn adopted(jpeg: &[u8], cancel: &Cancel) -> Result<Option<Copies>> {
    if !super::bare::is_bare(jpeg) {
        return Ok(None);
    }
    let Decoded { pixels, .. } = super::decode(jpeg, None, cancel)?;
    let (width, height) = (pixels.width, pixels.height);
    if width.max(height) > DISPLAY.0 {
        return Ok(None);
    }
    let mut resizer = Resizer::new();
    let thumb = shrunk(&mut resizer, pixels, THUMB.0)?;
    let blurhash = blurhash(&shrunk(&mut resizer, thumb.clone(), BLUR)?)?;
    Ok(Some(Copies {
        display: Copy { jpeg: jpeg.to_vec(), width, height },
        thumb: encoded(&thumb, THUMB.1)?,
        blurhash,
        captured_at: None,
    }))
}

/// Both copies of pixels that are no larger than a copy.
pub(super) fn of_pixels(display: Pixels, cancel: &Cancel) -> Result<Copies> {
    let large = encoded(&display, DISPLAY.1)?;
    cancel.check()?;
    let mut resizer = Resizer::new();
    let thumb = shrunk(&mut resizer, display, THUMB.0)?;
    let blurhash = blurhash(&shrunk(&mut resizer, thumb.clone(), BLUR)?)?;
    Ok(Copies { display: large, thumb: encoded(&thumb, THUMB.1)?, blurhash, captured_at: None })
}

/// A copy of a copy, with at most `edge` pixels on the long edge.
///
/// # Errors
/// [`Error::Image`] for a file that is damaged; [`Error::Cancelled`].
pub fn smaller(jpeg: &[u8], edge: u32, cancel: &Cancel) -> Result<Vec<u8>> {
    let Decoded { pixels, .. } = super::decode(jpeg, None, cancel)?;
    Ok(encoded(&shrunk(&mut Resizer::new(), pixels, edge)?, THUMB.1)?.jpeg)
}

/// Width and height of a copy of a picture with at most `edge` pixels on the long edge, never enlarged.
pub fn within(edge: u32, (width, height): (u32, u32)) -> (u32, u32) {
    let long = width.max(height);
    if long <= edge {
        return (width, height);
    }
    let scaled = |side: u32| {
        let side = (u64::from(side) * u64::from(edge) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(side).unwrap_or(edge).max(1)
    };
    (scaled(width), scaled(height))
}

/// At most `edge` pixels on the long edge, never enlarged.
pub(super) fn shrunk(resizer: &mut Resizer, pixels: Pixels, edge: u32) -> Result<Pixels> {
    let (to_width, to_height) = within(edge, (pixels.width, pixels.height));
    if (to_width, to_height) == (pixels.width, pixels.height) {
        return Ok(pixels);
    }
    let Pixels { width, height, form, bytes } = pixels;
    let kind = if form == Form::Luma { PixelType::U8 } else { PixelType::U8x3 };
    let from = ImageRef::new(width, height, &bytes, kind).map_err(|_| scaling())?;
    let row = to_width as usize * form.channels();
    let mut to = vec![0; row * to_height as usize];
    // In bands: between its two passes the resizer keeps a copy as wide as the photo, so of a band only. Its filter
    // looks over the edges of a band, so they don't show.
    let rows_of = |rows: usize| rows as f64 * f64::from(height) / f64::from(to_height);
    for (number, band) in to.chunks_mut(row * BAND).enumerate() {
        let rows = band.len() / row;
        let mut into = Image::from_slice_u8(to_width, u32::try_from(rows).unwrap_or(0), band, kind)
            .map_err(|_| scaling())?;
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
            .use_alpha(false)
            .crop(0.0, rows_of(number * BAND), f64::from(width), rows_of(rows));
        resizer.resize(&from, &mut into, &options).map_err(|_| scaling())?;
    }
    Pixels::new(to_width, to_height, form, to)
}

fn scaling() -> Error {
    Error::internal("scaling a picture")
}

/// Turned and mirrored as EXIF orientation 2 to 8 says.
fn upright(pixels: Pixels, orientation: u8) -> Pixels {
    match pixels.form {
        Form::Luma => turned::<1>(pixels, orientation),
        Form::Ycc | Form::Rgb => turned::<3>(pixels, orientation),
    }
}

fn turned<const N: usize>(pixels: Pixels, orientation: u8) -> Pixels {
    if !(2..=8).contains(&orientation) {
        return pixels;
    }
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let swapped = orientation >= 5;
    let (to_width, to_height) = if swapped { (height, width) } else { (width, height) };
    let (from, _) = pixels.bytes.as_chunks::<N>();
    let mut bytes = Vec::with_capacity(pixels.bytes.len());
    for y in 0..to_height {
        for x in 0..to_width {
            // Where the pixel that is seen at (x, y) is stored.
            let (column, row) = match orientation {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (y, height - 1 - x),
                7 => (width - 1 - y, height - 1 - x),
                _ => (width - 1 - y, x),
            };
            bytes.extend_from_slice(from.get(row * width + column).map_or(&[0; N][..], |pixel| &pixel[..]));
        }
    }
    let (width, height) = if swapped { (pixels.height, pixels.width) } else { (pixels.width, pixels.height) };
    Pixels { width, height, form: pixels.form, bytes }
}

fn encoded(pixels: &Pixels, quality: u8) -> Result<Copy> {
    let mut jpeg = Vec::with_capacity(pixels.bytes.len() / 8);
    let side = |side: u32| u16::try_from(side).map_err(|_| Error::internal("size of a copy"));
    let kind = match pixels.form {
        Form::Luma => ColorType::Luma,
        Form::Ycc => ColorType::Ycbcr,
        Form::Rgb => ColorType::Rgb,
    };
    Encoder::new(&mut jpeg, quality)
        .encode(&pixels.bytes, side(pixels.width)?, side(pixels.height)?, kind)
        .map_err(|_| Error::internal("encoding a copy"))?;
    Ok(Copy { jpeg, width: pixels.width, height: pixels.height })
}

fn blurhash(small: &Pixels) -> Result<String> {
    let rgba = colour::rgba(small);
    let (across, down) = if small.width >= small.height { (4, 3) } else { (3, 4) };
    blurhash::encode(across, down, small.width, small.height, &rgba).map_err(|_| Error::internal("blurhash"))
}
