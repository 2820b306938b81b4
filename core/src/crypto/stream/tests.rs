//! What a sealed blob promises: whatever happened to it, the bytes come back whole or not at all.

use std::io::{self, Read, Write};

use super::*;
use crate::clock::SeededRandomness;

const ID: BlobId = BlobId(*b"a blob's own id!");

fn key() -> BlobKey {
    BlobKey::from_bytes(std::array::from_fn(|i| i as u8))
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 + i / 251) as u8).collect()
}

/// Lengths around every edge of segments and padding.
fn edges() -> [usize; 9] {
    [0, 1, 2, 1_000, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5]
}

#[test]
fn what_was_sealed_opens_again_at_every_edge_length() {
    for length in edges() {
        let plain = bytes(length);
        let sealed = seal(&key(), &ID, &plain).unwrap();
        assert_eq!(sealed.len() as u64, sealed_size(length as u64), "sealed size of {length}");
        assert_eq!(*open(&key(), &ID, length as u64, &sealed).unwrap(), plain, "length {length}");
    }
}

#[test]
fn writing_and_reading_in_odd_pieces_gives_the_same_bytes() {
    let plain = bytes(2 * SEGMENT + 77);
    let mut writer = BlobWriter::new(&key(), &ID, Vec::new());
    for piece in plain.chunks(9_973) {
        writer.write_all(piece).unwrap();
    }
    let (sealed, length) = writer.finish().unwrap();
    assert_eq!(length, plain.len() as u64);
    assert_eq!(sealed, seal(&key(), &ID, &plain).unwrap());

    let mut reader = BlobReader::new(&key(), &ID, length, sealed.as_slice()).unwrap();
    let (mut opened, mut piece) = (Vec::new(), [0; 311]);
    loop {
        let n = reader.read(&mut piece).unwrap();
        if n == 0 {
            break;
        }
        opened.extend_from_slice(&piece[..n]);
    }
    assert_eq!(opened, plain);
}

#[test]
fn any_part_of_a_blob_opens_by_itself_to_the_same_bytes() {
    for length in edges() {
        let plain = bytes(length);
        let mut sealed = io::Cursor::new(seal(&key(), &ID, &plain).unwrap());
        for place in [
            0,
            1,
            SEGMENT - 1,
            SEGMENT,
            SEGMENT + 1,
            2 * SEGMENT,
            length.saturating_sub(1),
            length,
            length + 9,
        ] {
            for most in [0, 1, 100, SEGMENT, SEGMENT + 1, 4 * SEGMENT] {
                let opened =
                    open_part(&key(), &ID, length as u64, &mut sealed, place as u64, most as u64).unwrap();
                let (from, to) = (place.min(length), (place + most).min(length));
                assert_eq!(*opened, plain[from..to.max(from)], "{most} from {place} of {length}");
            }
        }
    }
}

#[test]
fn a_part_of_a_changed_cut_or_other_blob_is_refused() {
    let plain = bytes(3 * SEGMENT);
    let sealed = seal(&key(), &ID, &plain).unwrap();
    let part = |id: &BlobId, length: usize, sealed: &[u8]| {
        open_part(&key(), id, length as u64, &mut io::Cursor::new(sealed), SEGMENT as u64 + 5, 10)
    };
    assert!(part(&ID, plain.len(), &sealed).is_ok());
    let mut changed = sealed.clone();
    changed[SEALED_SEGMENT + 100] ^= 1;
    assert!(part(&ID, plain.len(), &changed).is_err());
    let mut moved = sealed.clone();
    moved[..2 * SEALED_SEGMENT].rotate_left(SEALED_SEGMENT);
    assert!(part(&ID, plain.len(), &moved).is_err());
    assert!(part(&ID, plain.len(), &sealed[..2 * SEALED_SEGMENT]).is_err());
    assert!(part(&ID, 2 * SEGMENT, &sealed[..2 * SEALED_SEGMENT]).is_err(), "the last one is not the last");
    assert!(part(&BlobId(*b"another blob's i"), plain.len(), &sealed).is_err());
}

#[test]
fn a_bit_flipped_anywhere_is_refused() {
    let plain = bytes(SEGMENT + 300);
    let sealed = seal(&key(), &ID, &plain).unwrap();
    // Every byte of the edges of both segments, and every 997th between.
    let edge = |i: usize| i < 32 || i.abs_diff(SEALED_SEGMENT) < 32 || sealed.len() - i < 32;
    for at in (0..sealed.len()).filter(|i| edge(*i) || i % 997 == 0) {
        let mut changed = sealed.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(open(&key(), &ID, plain.len() as u64, &changed).is_err(), "byte {at}");
    }
}

#[test]
fn a_small_blob_refuses_every_single_bit_flip() {
    let sealed = seal(&key(), &ID, b"two eggs, one nest").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&key(), &ID, 18, &changed).is_err(), "bit {bit}");
    }
}

#[test]
fn a_truncated_blob_is_refused_wherever_it_was_cut() {
    let plain = bytes(3 * SEGMENT);
    let sealed = seal(&key(), &ID, &plain).unwrap();
    for keep in [0, 1, TAG, SEALED_SEGMENT - 1, SEALED_SEGMENT, 2 * SEALED_SEGMENT, sealed.len() - 1] {
        assert!(open(&key(), &ID, plain.len() as u64, &sealed[..keep]).is_err(), "whole, cut at {keep}");
        assert!(read_all(&sealed[..keep], plain.len() as u64).is_err(), "streaming, cut at {keep}");
        // Not even when the record claims the shorter length.
        let claimed = (keep / SEALED_SEGMENT * SEGMENT) as u64;
        assert!(read_all(&sealed[..keep], claimed).is_err(), "cut at {keep}, length {claimed} claimed");
    }
}

#[test]
fn reordered_doubled_dropped_and_appended_segments_are_refused() {
    let plain = bytes(4 * SEGMENT);
    let sealed = seal(&key(), &ID, &plain).unwrap();
    let parts: Vec<&[u8]> = sealed.chunks(SEALED_SEGMENT).collect();
    for order in [
        vec![1, 0, 2, 3],
        vec![0, 2, 1, 3],
        vec![0, 0, 1, 3],
        vec![0, 1, 2, 3, 3],
        vec![0, 1, 3],
        vec![3],
        vec![0, 1, 2, 2],
    ] {
        let changed: Vec<u8> = order.iter().flat_map(|i| parts[*i].to_vec()).collect();
        for claimed in [plain.len() as u64, (order.len() * SEGMENT) as u64] {
            assert!(read_all(&changed, claimed).is_err(), "{order:?} with length {claimed}");
        }
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(read_all(&longer, plain.len() as u64).is_err());
}

#[test]
fn an_empty_last_segment_after_a_full_one_is_refused() {
    let mut stream = EncryptorBE32::<XChaCha20Poly1305>::new(key().bytes().into(), &zero_nonce());
    let (mut first, mut last) = (bytes(SEGMENT), Vec::new());
    stream.encrypt_next_in_place(&aad(&ID), &mut first).unwrap();
    stream.encrypt_last_in_place(&aad(&ID), &mut last).unwrap();
    first.extend(last);
    assert!(read_all(&first, SEGMENT as u64).is_err());
}

#[test]
fn another_key_another_blob_id_or_another_length_opens_nothing() {
    let plain = bytes(5_000);
    let sealed = seal(&key(), &ID, &plain).unwrap();
    let other_key = BlobKey::make(&SeededRandomness::new(1));
    assert!(open(&other_key, &ID, 5_000, &sealed).is_err());
    assert!(open(&key(), &BlobId(*b"another blob's i"), 5_000, &sealed).is_err());
    assert!(open(&key(), &ID, padded_size(5_000) + 1, &sealed).is_err());
}

/// The vectors were made by a second implementation, written from keys-bytes.md alone (HChaCha20 in
/// Python, ChaCha20-Poly1305 by OpenSSL).
#[test]
fn the_bytes_are_the_ones_that_formats_md_gives() {
    use sha2::{Digest, Sha256};
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(hex(&seal(&key(), &ID, b"").unwrap()), "11af63483edd2cc97816bc5a39ca5707");
    assert_eq!(
        hex(&seal(&key(), &ID, b"two eggs, one nest").unwrap()),
        "3103b29185d051815217a83d515e2bca3a029c5a2ec46b91b13f47238db5f6994195"
    );
    let long = seal(&key(), &ID, &bytes(SEGMENT + 300)).unwrap();
    assert_eq!(
        hex(&Sha256::digest(&long)),
        "43475b78201dd04f0e1b2c9858f35213fe9c83d40bded65e1dccad51c8406e04"
    );
}

fn read_all(sealed: &[u8], length: u64) -> io::Result<Vec<u8>> {
    let mut opened = Vec::new();
    BlobReader::new(&key(), &ID, length, sealed)?.read_to_end(&mut opened)?;
    Ok(opened)
}
