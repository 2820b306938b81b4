//! Padmé: sizes rounded up so that a blob's length says little about the photo inside it.

/// The padded size of `length` bytes: at most 12 % larger, and with only O(log log n) bits of its
/// length left to see.
///
/// Source: "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
/// Nikitin et al., PoPETs 2019, algorithm 1. Sizes below 2 stay as they are; a size so large that
/// rounding would overflow is returned unchanged.
pub fn padded_size(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1u64 << (exponent - kept_bits)) - 1;
    length.checked_add(mask).map_or(length, |sum| sum & !mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_paper() {
        let expected = [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 3),
            (9, 10),
            (100, 104),
            (1_000, 1_024),
            (398_000, 401_408),
            (1 << 20, 1 << 20),
        ];
        for (length, padded) in expected {
            assert_eq!(padded_size(length), padded, "for {length}");
        }
    }

    #[test]
    fn padding_never_shrinks_never_adds_more_than_an_eighth_and_settles_at_once() {
        for length in (0..20_000u64).chain((0..63).flat_map(|e| [(1 << e) - 1, 1 << e, (1 << e) + 1])) {
            let padded = padded_size(length);
            assert!(padded >= length, "{length}");
            assert!(u128::from(padded - length) * 100 <= u128::from(length) * 12, "{length} -> {padded}");
            assert_eq!(padded_size(padded), padded, "{length}");
        }
    }

    #[test]
    fn a_megabyte_of_sizes_falls_into_few_buckets() {
        let distinct: std::collections::BTreeSet<u64> = (500_000..1_000_000u64).map(padded_size).collect();
        assert!(distinct.len() <= 33, "{} distinct sizes", distinct.len());
    }

    #[test]
    fn a_size_at_the_end_of_the_range_does_not_overflow() {
        assert!(padded_size(u64::MAX) == u64::MAX);
    }
}
