//! Pictures inside documents, cleaned without being decoded: only the parts that a picture is made of are kept.

/// A JPEG without EXIF, XMP, profiles, comments and whatever follows its end; `None` when it is none.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xFF, 0xD8]);
    loop {
        // Any number of 0xFF may stand before a marker.
        while let Some(after) = rest.strip_prefix(&[0xFF, 0xFF]) {
            rest = bytes.get(bytes.len() - after.len() - 1..)?;
        }
        let [0xFF, marker, after @ ..] = rest else { return None };
        if *marker == 0xD9 {
            out.extend([0xFF, 0xD9]);
            return Some(out);
        }
        if matches!(marker, 0x01 | 0xD0..=0xD7) {
            out.extend([0xFF, *marker]);
            rest = after;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let (segment, after) = after.split_at_checked(length)?;
        // JFIF, and how Adobe's colours are to be read; all other application segments and comments go.
        if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
            out.extend([0xFF, *marker]);
            // JFIF may hold a thumbnail.
            out.extend_from_slice(if *marker == 0xE0 { jfif(segment)? } else { segment });
        }
        rest = after;
        if *marker == 0xDA {
            let end = scan_end(rest)?;
            let (scan, after) = rest.split_at_checked(end)?;
            out.extend_from_slice(scan);
            rest = after;
        }
    }
}

/// JFIF's first 16 bytes say all but the thumbnail; a segment that holds one is replaced by one that does not.
fn jfif(segment: &[u8]) -> Option<&[u8]> {
    const PLAIN: &[u8] = b"\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    let plain = segment.len() == 16 && segment.get(2..7)? == b"JFIF\0";
    Some(if plain { segment } else { PLAIN })
}

/// Where the next marker stands that ends a scan.
fn scan_end(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(2)
        .position(|pair| matches!(pair, [0xFF, second] if !matches!(second, 0x00 | 0xD0..=0xD7 | 0xFF)))
}

/// A JPEG 2000 without XMP and other foreign boxes; `None` when it is none.
pub(super) fn jpeg_2000(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let length = if length == 0 { rest.len() } else { length };
        let (found, after) = rest.split_at_checked(length).filter(|_| length >= 8)?;
        if matches!(found.get(4..8)?, b"jP  " | b"ftyp" | b"jp2h" | b"jp2c") {
            out.extend_from_slice(found);
        }
        rest = after;
    }
    (!out.is_empty()).then_some(out)
}
