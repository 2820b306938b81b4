//! The one key derivation that everything uses: KDF(key, label, fields).

use super::Secret32;
use hkdf::Hkdf;
pub use kinfolio_protocol::labels;
use kinfolio_protocol::labels::joined;
use sha2::Sha256;

/// KDF(k, l, f…) = HKDF-SHA256 with input key `key`, no salt, info LP(l) || LP(f)…, 32 bytes out.
pub fn derive(key: &[u8], label: &str, fields: &[&[u8]]) -> Secret32 {
    let mut out = [0; 32];
    // 32 bytes are far below HKDF's limit of 255 * 32, its only error.
    let filled = Hkdf::<Sha256>::new(None, key).expand(&joined(label, fields), &mut out);
    debug_assert!(filled.is_ok(), "HKDF gives 32 bytes");
    Secret32::from_bytes(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hkdf_without_salt_gives_the_bytes_of_rfc_5869_a_3() {
        let mut okm = [0; 42];
        Hkdf::<Sha256>::new(None, &[0x0b; 22]).expand(&[], &mut okm).unwrap();
        assert_eq!(okm[..8], [0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f]);
    }

    #[test]
    fn different_labels_give_different_keys() {
        let key = [7; 32];
        assert_ne!(derive(&key, labels::RECORD, &[]), derive(&key, labels::KEYRING, &[]));
        assert_eq!(derive(&key, labels::RECORD, &[]), derive(&key, labels::RECORD, &[]));
    }
}
