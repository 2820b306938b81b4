//! A picture in memory: eight bits a channel, no alpha.

use crate::error::{Error, Result};

use super::MAX_PIXELS;

/// What the bytes of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One byte: grey.
    Luma,
    /// Three bytes: Y, Cb, Cr as JPEG has them. Camera photos stay in this form from decoding to encoding; the
    /// two conversions would cost a tenth of an import. Scaling is linear, so it is the same in either form.
    Ycc,
    /// Three bytes: red, green, blue.
    Rgb,
}

impl Form {
    /// Bytes a pixel.
    pub(super) const fn channels(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::Ycc | Self::Rgb => 3,
        }
    }
}

/// Rows from the top, without gaps.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) form: Form,
    pub(super) bytes: Vec<u8>,
}

impl Pixels {
    /// Takes bytes whose number must fit the size.
    pub(super) fn new(width: u32, height: u32, form: Form, bytes: Vec<u8>) -> Result<Self> {
        let expected = count(width, height).and_then(|count| count.checked_mul(form.channels()));
        if expected != Some(bytes.len()) {
            return Err(damaged());
        }
        Ok(Self { width, height, form, bytes })
    }

    /// RGBA over white, as paper is.
    pub(super) fn from_rgba(width: u32, height: u32, mut rgba: Vec<u8>) -> Result<Self> {
        if count(width, height).and_then(|count| count.checked_mul(4)) != Some(rgba.len()) {
            return Err(damaged());
        }
        keep_colour::<4, 3>(&mut rgba);
        Self::new(width, height, Form::Rgb, rgba)
    }

    /// Grey with alpha over white.
    pub(super) fn from_luma_alpha(width: u32, height: u32, mut bytes: Vec<u8>) -> Result<Self> {
        keep_colour::<2, 1>(&mut bytes);
        Self::new(width, height, Form::Luma, bytes)
    }
}

/// Blends `IN`-byte pixels, the last byte being alpha, over white and closes the gaps, in place.
fn keep_colour<const IN: usize, const OUT: usize>(bytes: &mut Vec<u8>) {
    let count = bytes.len() / IN;
    for pixel in 0..count {
        let alpha = u32::from(bytes.get(pixel * IN + OUT).copied().unwrap_or(255));
        for channel in 0..OUT {
            let value = u32::from(bytes.get(pixel * IN + channel).copied().unwrap_or(255));
            let blended = (value * alpha + 255 * (255 - alpha) + 127) / 255;
            if let Some(place) = bytes.get_mut(pixel * OUT + channel) {
                *place = blended as u8;
            }
        }
    }
    bytes.truncate(count * OUT);
    bytes.shrink_to_fit();
}

fn count(width: u32, height: u32) -> Option<usize> {
    (width > 0 && height > 0).then_some(())?;
    let count = u64::from(width) * u64::from(height);
    (count <= MAX_PIXELS).then(|| usize::try_from(count).ok())?
}

/// To be asked before anything is allocated: a header can claim any size.
pub(super) fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(damaged());
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::Image(
            "this photo has more than 50 megapixels: choose a smaller copy of it".into(),
        ));
    }
    Ok(())
}

/// What is said about a file whose inside is not what its beginning claims.
pub(super) fn damaged() -> Error {
    Error::Image("this photo is damaged or cut off: choose it again, or another copy of it".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_parts_turn_white() {
        let pixels = Pixels::from_rgba(2, 1, vec![10, 20, 30, 255, 10, 20, 30, 0]).unwrap();
        assert_eq!(pixels.bytes, [10, 20, 30, 255, 255, 255]);
        let pixels = Pixels::from_luma_alpha(2, 1, vec![0, 255, 0, 128]).unwrap();
        assert_eq!(pixels.bytes, [0, 127]);
    }

    #[test]
    fn a_host_that_states_another_size_than_it_gives_is_refused() {
        assert!(Pixels::from_rgba(2, 2, vec![0; 15]).is_err());
        assert!(Pixels::from_rgba(0, 0, vec![]).is_err());
        assert!(Pixels::from_rgba(u32::MAX, u32::MAX, vec![]).is_err());
    }

    #[test]
    fn a_picture_of_200_megapixels_is_refused_and_one_of_50_is_not() {
        assert!(check_size(16_320, 12_240).is_err());
        assert!(check_size(u32::MAX, u32::MAX).is_err());
        assert!(check_size(8_160, 6_120).is_ok());
    }
}
