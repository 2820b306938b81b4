//! Blobs: sealed attachment files, in parts of 1 MiB that can be sent again.

use crate::cbor::wire_map;
use crate::ids::{BlobId, Hash32, SpaceId};
use crate::{labels, limits};

/// Header of a part's upload: SHA-256 of its bytes, 64 lower-case hex digits.
pub const PART_HASH_HEADER: &str = "kinfolio-sha256";

/// `POST /families/{f}/blobs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRequest {
    /// Chosen by the phone.
    pub blob: BlobId,
    /// The space whose records refer to it.
    pub space: SpaceId,
    /// Bytes of ciphertext.
    pub size: u64,
    /// Parts of 1 MiB; the last may be shorter.
    pub parts: u32,
    /// [`root`] over the parts' hashes.
    pub root: Hash32,
}
wire_map!(BlobRequest { 0: blob, 1: space, 2: size, 3: parts, 4: root });

/// `GET /families/{f}/blobs/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobResponse {
    /// Bytes of ciphertext.
    pub size: u64,
    /// How many parts.
    pub parts: u32,
    /// One bit a part, part 0 in the lowest bit of the first byte: the server has it.
    pub have: Vec<u8>,
    /// Whether all is there and checked: the only state that a phone may trust.
    pub complete: bool,
}
wire_map!(BlobResponse { 0: size, 1: parts, 2: have, 3: complete });

/// `POST /families/{f}/blobs/{id}/complete`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobCompleteRequest {
    /// How many parts.
    pub parts: u32,
    /// As announced.
    pub root: Hash32,
}
wire_map!(BlobCompleteRequest { 0: parts, 1: root });

/// How many parts a blob of this size has; `None` for an empty or too large one.
pub fn parts_of(size: u64) -> Option<u32> {
    let parts = u32::try_from(size.div_ceil(limits::BLOB_PART as u64)).ok()?;
    (1..=limits::BLOB_PARTS).contains(&parts).then_some(parts)
}

/// The length of part `number`, from 0; `None` past the end.
pub fn part_length(size: u64, number: u32) -> Option<u64> {
    let part = limits::BLOB_PART as u64;
    let left = size.checked_sub(u64::from(number) * part)?;
    (left > 0).then_some(left.min(part))
}

/// Hash over the plain SHA-256 of each part, in order.
pub fn root(parts: &[Hash32]) -> Hash32 {
    let all: Vec<u8> = parts.iter().flat_map(|hash| hash.0).collect();
    labels::hash(labels::BLOB_ROOT, &all)
}

/// Whether a have-bitmap holds part `number`.
pub fn has_part(have: &[u8], number: u32) -> bool {
    let byte = usize::try_from(number / 8).ok().and_then(|at| have.get(at));
    byte.is_some_and(|byte| byte >> (number % 8) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_blob_exactly() {
        let part = limits::BLOB_PART as u64;
        for size in [1, part - 1, part, part + 1, 3 * part, 512 * part] {
            let parts = parts_of(size).unwrap();
            assert_eq!((0..parts).map(|n| part_length(size, n).unwrap()).sum::<u64>(), size);
            assert_eq!(part_length(size, parts), None);
        }
        assert_eq!((parts_of(0), parts_of(512 * part + 1)), (None, None));
    }

    #[test]
    fn a_bitmap_is_read_from_its_lowest_bit() {
        assert!(has_part(&[0b10, 1], 1) && has_part(&[0b10, 1], 8));
        assert!(!has_part(&[0b10, 1], 0) && !has_part(&[0b10, 1], 16));
    }
}
