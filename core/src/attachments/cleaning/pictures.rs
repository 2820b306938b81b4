//! Pictures inside documents, cleaned without being decoded: only the parts that a picture is made of are kept.

/// A picture of a kind that documents hold, without what is told beside it; `None` when it is damaged or no kind of which
/// that is known.
pub(super) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0xFF, 0xD8, ..] => jpeg(bytes),
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        _ if bytes.starts_with(b"GIF8") => gif(bytes),
        _ if bytes.get(40..44) == Some(b" EMF") => emf(bytes),
        // Nothing but a drawing or pixels.
        [0xD7, 0xCD, 0xC6, 0x9A, ..] | [1 | 2, 0, 9, 0, ..] | [b'B', b'M', ..] => Some(bytes.to_vec()),
        _ => None,
    }
}

/// A PNG without texts, times, profiles, EXIF and whatever follows its end.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (beginning, mut rest) = bytes.split_at_checked(8)?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(beginning);
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let (chunk, after) = rest.split_at_checked(length.checked_add(12)?)?;
        match chunk.get(4..8)? {
            b"IEND" => {
                out.extend_from_slice(chunk);
                return Some(out);
            }
            b"IHDR" | b"PLTE" | b"IDAT" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"bKGD"
            | b"pHYs" | b"acTL" | b"fcTL" | b"fdAT" => out.extend_from_slice(chunk),
            _ => {}
        }
        rest = after;
    }
}

/// A GIF without comments and what programs wrote for themselves, but for how often it plays.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let head = 13 + colours(*bytes.get(10)?);
    let (head, mut rest) = bytes.split_at_checked(head)?;
    let mut out = head.to_vec();
    loop {
        let (data, keep) = match rest {
            [0x3B, ..] => {
                out.push(0x3B);
                return Some(out);
            }
            [0x21, label, ..] => (2, matches!(label, 0xF9 | 0x01) || rest.get(3..14) == Some(b"NETSCAPE2.0")),
            [0x2C, ..] => (11 + colours(*rest.get(9)?), true),
            _ => return None,
        };
        let mut end = data;
        loop {
            let length = usize::from(*rest.get(end)?);
            end += 1 + length;
            if length == 0 {
                break;
            }
        }
        let (block, after) = rest.split_at_checked(end)?;
        if keep {
            out.extend_from_slice(block);
        }
        rest = after;
    }
}

/// A drawing of Windows without its description: the program and the name of the picture.
fn emf(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?) as usize);
    let (letters, place) = (number(60)?, number(64)?);
    let mut out = bytes.to_vec();
    out.get_mut(60..68)?.fill(0);
    out.get_mut(place..place.checked_add(letters.checked_mul(2)?)?)?.fill(0);
    Some(out)
}

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
