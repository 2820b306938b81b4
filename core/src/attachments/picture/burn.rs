//! Crop and black-out, burnt into the pixels: every copy is made anew from what is left to be seen.

use super::copies::{Copies, of_pixels};
use super::pixels::{Form, Pixels};
use super::{Decoded, decode};
use crate::error::{Error, Result};
use crate::progress::Cancel;

/// The smallest picture that is left, in pixels on either side.
const SMALLEST: u32 = 16;

/// A part of a picture, in pixels of the copy that is shown, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Area {
    /// What of it lies in the picture; none when nothing does.
    fn within(self, pixels: &Pixels) -> Option<Self> {
        let width = self.width.min(pixels.width.checked_sub(self.x)?);
        let height = self.height.min(pixels.height.checked_sub(self.y)?);
        (width > 0 && height > 0).then_some(Self { width, height, ..self })
    }
}

/// The copies of a shown copy with these parts black, of which then only `crop` is kept.
///
/// # Errors
/// [`Error::InvalidInput`] for a part that lies outside the picture, and for a crop that leaves less than 16 pixels;
/// [`Error::Image`] for a file that is damaged; [`Error::Cancelled`].
pub fn burnt(jpeg: &[u8], crop: Option<Area>, black: &[Area], cancel: &Cancel) -> Result<Copies> {
    let Decoded { mut pixels, .. } = decode(jpeg, None, cancel)?;
    let outside = || Error::invalid("a part that was marked lies outside the picture: mark it again");
    for area in black {
        let inside = area.within(&pixels).ok_or_else(outside)?;
        blacken(&mut pixels, inside);
    }
    if let Some(crop) = crop {
        let kept = crop.within(&pixels).ok_or_else(outside)?;
        if kept.width.min(kept.height) < SMALLEST {
            return Err(Error::invalid("too little of the picture is left: cut less away"));
        }
        pixels = cut(&pixels, kept)?;
    }
    cancel.check()?;
    of_pixels(pixels, cancel)
}

/// The bytes of one row of an area.
fn row(pixels: &Pixels, area: Area, down: u32) -> std::ops::Range<usize> {
    let channels = pixels.form.channels();
    let start = ((area.y + down) as usize * pixels.width as usize + area.x as usize) * channels;
    start..start + area.width as usize * channels
}

fn blacken(pixels: &mut Pixels, area: Area) {
    for down in 0..area.height {
        let row = row(pixels, area, down);
        let form = pixels.form;
        let bytes = pixels.bytes.get_mut(row).unwrap_or_default();
        match form {
            Form::Luma | Form::Rgb => bytes.fill(0),
            Form::Ycc => bytes.as_chunks_mut().0.fill([0, 128, 128]),
        }
    }
}

fn cut(pixels: &Pixels, area: Area) -> Result<Pixels> {
    let rows = (0..area.height).map(|down| pixels.bytes.get(row(pixels, area, down)).unwrap_or_default());
    Pixels::new(area.width, area.height, pixels.form, rows.collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder};

    /// White, with a red square from 64, 32 on, 48 wide.
    fn picture(kind: ColorType) -> Vec<u8> {
        let red = |n: usize| (64..112).contains(&(n % 256)) && (32..80).contains(&(n / 256));
        let bytes: Vec<u8> = match kind {
            ColorType::Luma => (0..256 * 192).map(|n| if red(n) { 90 } else { 255 }).collect(),
            _ => (0..256 * 192).flat_map(|n| if red(n) { [220, 20, 20] } else { [255; 3] }).collect(),
        };
        let mut jpeg = Vec::new();
        Encoder::new(&mut jpeg, 90).encode(&bytes, 256, 192, kind).unwrap();
        jpeg
    }

    fn seen(jpeg: &[u8]) -> (u32, Vec<[u8; 3]>) {
        let Decoded { pixels, .. } = decode(jpeg, None, &Cancel::new()).unwrap();
        let rgba = super::super::colour::rgba(&pixels);
        (pixels.width, rgba.as_chunks::<4>().0.iter().map(|[r, g, b, _]| [*r, *g, *b]).collect())
    }

    #[test]
    fn nothing_under_the_black_is_left_in_any_copy_and_the_rest_stays() {
        for kind in [ColorType::Rgb, ColorType::Luma] {
            let area = Area { x: 60, y: 28, width: 56, height: 56 };
            let copies = burnt(&picture(kind), None, &[area], &Cancel::new()).unwrap();
            for copy in [&copies.display.jpeg, &copies.thumb.jpeg] {
                let (width, pixels) = seen(copy);
                assert_eq!(width, 256);
                for (n, [r, g, b]) in pixels.iter().enumerate() {
                    let (x, y) = (n % 256, n / 256);
                    if (64..112).contains(&x) && (32..80).contains(&y) {
                        assert!(*r < 12 && *g < 12 && *b < 12, "{x} {y}");
                    }
                    if !(40..136).contains(&x) || !(8..104).contains(&y) {
                        assert!(*r > 240 && *g > 240 && *b > 240, "{x} {y}");
                    }
                }
                assert!(super::super::bare::is_bare(copy));
            }
        }
    }

    #[test]
    fn a_crop_keeps_that_part_and_black_is_where_it_was_marked() {
        let crop = Area { x: 64, y: 32, width: 48, height: 1_000 };
        let black = Area { x: 64, y: 32, width: 48, height: 24 };
        let copies = burnt(&picture(ColorType::Rgb), Some(crop), &[black], &Cancel::new()).unwrap();
        assert_eq!((copies.display.width, copies.display.height), (48, 160));
        let (_, pixels) = seen(&copies.display.jpeg);
        assert!(pixels[48 * 5 + 20][0] < 12, "black");
        assert!(pixels[48 * 40 + 20][0] > 200 && pixels[48 * 40 + 20][1] < 60, "red");
        assert!(pixels[48 * 100 + 20][1] > 240, "white");
    }

    #[test]
    fn what_lies_outside_or_leaves_nothing_is_refused() {
        let area = |x, y, width, height| Area { x, y, width, height };
        let told = |crop, black: &[Area]| {
            burnt(&picture(ColorType::Rgb), crop, black, &Cancel::new()).err().map(|error| error.to_string())
        };
        for outside in
            [area(256, 0, 9, 9), area(0, 192, 9, 9), area(0, 0, 0, 9), area(u32::MAX, 0, u32::MAX, 1)]
        {
            assert!(told(None, &[outside]).unwrap().contains("outside the picture"));
            assert!(told(Some(outside), &[]).unwrap().contains("outside the picture"));
        }
        assert!(told(Some(area(250, 0, 100, 100)), &[]).unwrap().contains("cut less away"));
        assert_eq!(told(None, &[area(0, 0, u32::MAX, u32::MAX)]), None);
    }
}
