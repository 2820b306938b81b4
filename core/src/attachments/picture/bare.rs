//! Whether a JPEG holds a picture and nothing else: no EXIF, XMP, IPTC, comment, profile, thumbnail, nothing behind its end.

/// Walks over all segments; what is not known to be part of the picture counts against it.
pub(super) fn is_bare(jpeg: &[u8]) -> bool {
    let Some(mut rest) = jpeg.strip_prefix(&[0xFF, 0xD8]) else { return false };
    loop {
        let [0xFF, marker, after @ ..] = rest else { return false };
        match marker {
            0xD9 => return after.is_empty(),
            // Tables, frames and scans; JFIF without a thumbnail.
            0xC0..=0xC2 | 0xC4 | 0xDA | 0xDB | 0xDD | 0xE0 => {
                let Some((&length, _)) = after.split_first_chunk::<2>() else { return false };
                let length = usize::from(u16::from_be_bytes(length));
                let Some((segment, behind)) = after.split_at_checked(length) else { return false };
                if length < 2 || (*marker == 0xE0 && !is_plain_jfif(segment)) {
                    return false;
                }
                rest = if *marker == 0xDA { behind_scan(behind) } else { behind };
            }
            _ => return false,
        }
    }
}

/// Length 16, "JFIF", version, density, and a thumbnail of no size.
fn is_plain_jfif(segment: &[u8]) -> bool {
    segment.len() == 16 && segment.get(2..7) == Some(b"JFIF\0") && segment.ends_with(&[0, 0])
}

/// What follows a scan's data: the first marker that is neither a stuffed byte nor a restart.
fn behind_scan(data: &[u8]) -> &[u8] {
    let marker =
        data.windows(2).position(|pair| matches!(pair, [0xFF, next] if !matches!(next, 0x00 | 0xD0..=0xD7)));
    marker.and_then(|at| data.get(at..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder};

    #[test]
    fn a_picture_alone_is_told_from_one_that_carries_anything_else() {
        let mut plain = Vec::new();
        Encoder::new(&mut plain, 80).encode(&[90; 64 * 48 * 3], 64, 48, ColorType::Rgb).unwrap();
        assert!(is_bare(&plain));
        for segment in [
            &b"\xFF\xE1\x00\x08Exif\0\0"[..],
            b"\xFF\xFE\x00\x06hey!",
            b"\xFF\xE2\x00\x05ICC",
            b"\xFF\xED\x00\x04ab",
        ] {
            let mut told = plain.clone();
            told.splice(2..2, segment.iter().copied());
            assert!(!is_bare(&told), "{segment:?}");
        }
        for wrong in [&plain[..plain.len() - 1], &[&plain[..], b"more"].concat(), b"", b"\xFF\xD8", b"GIF89a"]
        {
            assert!(!is_bare(wrong));
        }
    }
}
