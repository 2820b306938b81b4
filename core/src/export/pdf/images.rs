//! Images inside the file: photos as the JPEG files that they are, emoji as pictures with an opacity.

use pdf_writer::{Filter, Finish, Name, Ref};

use super::fonts::Picture;
use super::objects::{Objects, packed};
use crate::error::{Error, Result};
use crate::export::period;
use crate::export::portfolio::Photo;

/// Writes a photo; nothing of its bytes is changed.
pub fn photo(objects: &mut Objects<'_>, photo: &Photo, bytes: &[u8]) -> Result<Ref> {
    // Without a photo's bytes the file is only measured.
    let measured = bytes.is_empty().then(|| (side(photo.width), side(photo.height), 3));
    let (width, height, parts) = measured.or_else(|| jpeg(bytes)).ok_or_else(|| {
        let day = period::date(photo.date);
        Error::Image(format!(
            "a photo of {day} is stored in a form that a PDF cannot show: take it out of the entry"
        ))
    })?;
    let colours: &[u8] = match parts {
        1 => b"DeviceGray",
        4 => b"DeviceCMYK",
        _ => b"DeviceRGB",
    };
    objects.add(|chunk, id| {
        let mut image = chunk.image_xobject(id, bytes);
        image.filter(Filter::DctDecode);
        image.width(width).height(height).bits_per_component(8);
        image.color_space_name(Name(colours));
        if parts == 4 {
            // Programs write these inverted.
            image.decode([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        }
    })
}

/// Writes the picture of an emoji.
pub fn emoji(objects: &mut Objects<'_>, picture: &Picture) -> Result<Ref> {
    let (width, height) = (side(picture.width), side(picture.height));
    let mask = objects.add(|chunk, id| {
        let bytes = packed(&picture.opacity);
        let mut mask = chunk.image_xobject(id, &bytes);
        mask.filter(Filter::FlateDecode);
        mask.width(width).height(height).bits_per_component(8);
        mask.color_space().device_gray();
        mask.finish();
    })?;
    objects.add(|chunk, id| {
        let bytes = packed(&picture.colours);
        let mut image = chunk.image_xobject(id, &bytes);
        image.filter(Filter::FlateDecode);
        image.width(width).height(height).bits_per_component(8).s_mask(mask);
        image.color_space().device_rgb();
        image.finish();
    })
}

fn side(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

/// Width, height and number of colour parts of a JPEG file.
fn jpeg(bytes: &[u8]) -> Option<(i32, i32, u8)> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let (&[start, marker], after) = rest.split_first_chunk::<2>()?;
        if start != 0xFF {
            return None;
        }
        if marker == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let frame = after.get(3..8)?;
            let number =
                |at: usize| frame.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes).map(i32::from);
            return Some((number(2)?, number(0)?, *frame.get(4)?));
        }
        rest = after.get(length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_tells_its_size_and_anything_else_nothing() {
        let file = [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 30, 0, 40, 3, 1, 0x11, 0, 2, 0x11,
            1, 3, 0x11, 1,
        ];
        assert_eq!(jpeg(&file), Some((40, 30, 3)));
        for bad in [
            &b""[..],
            b"\x89PNG\r\n",
            &[0xFF, 0xD8, 0xFF],
            &[0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF],
            &[0xFF, 0xD8, 0xFF, 0xC0, 0, 1],
        ] {
            assert_eq!(jpeg(bad), None);
        }
    }
}
