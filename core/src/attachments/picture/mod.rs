//! From a photo's file to the two copies that are kept: pure, no store, no files.
//!
//! Nothing of the file is passed on but its pixels: both copies are encoded anew, so GPS, EXIF, XMP,
//! IPTC, comments, colour profiles and embedded thumbnails are left behind by construction.

mod bare;
mod burn;
mod colour;
mod copies;
mod decode;
mod exif;
mod pixels;

pub use burn::{Area, burnt};
pub use copies::{Copies, Copy, DISPLAY, THUMB, adopted, make, smaller, within};
pub use exif::checked_time;

use crate::error::{Error, Result};
use crate::host::ImageDecoder;
use crate::progress::Cancel;
use exif::Told;
use pixels::Pixels;

/// The media type of every copy.
pub const MIME: &str = "image/jpeg";
/// The largest file that is read, in bytes.
pub const MAX_FILE: u64 = 64 << 20;
/// The largest picture that is decoded: what today's phones take at most (50 megapixels), 150 MB in memory.
pub const MAX_PIXELS: u64 = 50_500_000;

/// A decoded photo with what its metadata said about it.
pub(super) struct Decoded {
    pixels: Pixels,
    orientation: u8,
    captured_at: Option<String>,
}

/// File formats by their first bytes; names and types given by others are not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    WebP,
    Other,
}

fn format_of(bytes: &[u8]) -> Format {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::WebP,
        _ => Format::Other,
    }
}

/// Whether a file of boxes says by its brand that it is a picture: HEIC, HEIF or AVIF.
pub(super) const fn is_heif_brand(brand: [u8; 4]) -> bool {
    matches!(
        &brand,
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" | b"avis"
    )
}

/// Other pictures that a platform may know, by their first bytes; of ISO media files by their brand.
fn is_known_elsewhere(bytes: &[u8]) -> bool {
    const BEGINS: &[&[u8]] =
        &[b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\xFF\x0A", b"\0\0\0\x0CJXL ", b"\0\0\0\x0CjP  "];
    match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => is_heif_brand([*a, *b, *c, *d]),
        _ => BEGINS.iter().any(|begin| bytes.starts_with(begin)),
    }
}

fn refuse_size(bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Err(Error::Image("this file is empty: choose another photo".into()));
    }
    if bytes.len() as u64 > MAX_FILE {
        return Err(Error::Image(
            "this file is larger than 64 MB: choose a smaller copy of the photo".into(),
        ));
    }
    Ok(())
}

/// A look at a file without decoding it: when the picture was taken, camera's local time.
///
/// # Errors
/// [`Error::Image`] for a file that is empty, too large, or clearly no picture that this phone can decode.
pub fn glance(bytes: &[u8], host_decodes: bool) -> Result<Option<String>> {
    refuse_size(bytes)?;
    if format_of(bytes) == Format::Other {
        if !is_known_elsewhere(bytes) {
            return Err(Error::Image("this file is no picture, whatever its name says: leave it out".into()));
        }
        if !host_decodes {
            return Err(not_decoded());
        }
    }
    Ok(exif::read(bytes).captured_at)
}

/// Reads the capture date and orientation, then decodes.
fn decode(bytes: &[u8], host: Option<&dyn ImageDecoder>, cancel: &Cancel) -> Result<Decoded> {
    refuse_size(bytes)?;
    let told = exif::read(bytes);
    cancel.check()?;
    let format = format_of(bytes);
    if format == Format::Other {
        return decode_on_host(bytes, told, host);
    }
    match decode::file(format, bytes) {
        Err(decode::Refused::Unsupported) if host.is_some() => decode_on_host(bytes, told, host),
        Err(refused) => Err(refused.into()),
        Ok(pixels) => Ok(Decoded { pixels, orientation: told.orientation, captured_at: told.captured_at }),
    }
}

fn not_decoded() -> Error {
    Error::Image(
        "this kind of picture can't be read on this device: save it as JPEG or PNG and choose that".into(),
    )
}

/// HEIC and what else only the platform knows.
fn decode_on_host(bytes: &[u8], told: Told, host: Option<&dyn ImageDecoder>) -> Result<Decoded> {
    let Some(host) = host else {
        return Err(not_decoded());
    };
    let image = host.decode(bytes)?;
    let orientation = if (1..=8).contains(&image.orientation) { image.orientation } else { 1 };
    let captured_at = image.captured_at.as_deref().and_then(checked_time).or(told.captured_at);
    let pixels = Pixels::from_rgba(image.width, image.height, image.rgba)?;
    Ok(Decoded { pixels, orientation, captured_at })
}

#[cfg(test)]
mod tests;
