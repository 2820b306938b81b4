//! Between the forms of a pixel, for the few pixels that a BlurHash needs.

use super::pixels::{Form, Pixels};

/// Red, green, blue, opaque.
pub(super) fn rgba(pixels: &Pixels) -> Vec<u8> {
    let mut rgba = Vec::with_capacity(pixels.bytes.len() / pixels.form.channels() * 4);
    match pixels.form {
        Form::Luma => pixels.bytes.iter().for_each(|grey| rgba.extend([*grey, *grey, *grey, 255])),
        Form::Rgb => pixels.bytes.as_chunks().0.iter().for_each(|[r, g, b]| rgba.extend([*r, *g, *b, 255])),
        Form::Ycc => pixels.bytes.as_chunks().0.iter().for_each(|ycc| {
            let [r, g, b] = from_ycc(*ycc);
            rgba.extend([r, g, b, 255]);
        }),
    }
    rgba
}

/// JFIF 1.02, page 3.
fn from_ycc([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    // `as` saturates at 0 and 255.
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|value| value.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_of_the_colour_cube_come_out_right() {
        for (ycc, rgb) in [
            ([0, 128, 128], [0, 0, 0]),
            ([255, 128, 128], [255, 255, 255]),
            ([76, 85, 255], [254, 0, 0]),
            ([150, 44, 21], [0, 255, 1]),
            ([29, 255, 107], [0, 0, 254]),
        ] {
            assert_eq!(from_ycc(ycc), rgb, "{ycc:?}");
        }
    }
}
