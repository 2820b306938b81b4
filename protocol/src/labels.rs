//! Every label, and the two ways bytes are joined before they are hashed, signed or bound: `LP` and `H`.
//!
//! Each hash, key derivation, signature and associated data begins with its own label, so that bytes made
//! for one purpose never pass for another. No label holds a server's name: a family can move.

use sha2::{Digest, Sha256};

use crate::Hash32;

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = concat!("kinfolio/v1/", $text);)*
        /// All labels; a test says that they are distinct.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

labels! {
    /// Signed: the body of a membership log entry.
    LOG_ENTRY = "log-entry";
    /// Hash of a membership log entry's body.
    LOG_HASH = "log-hash";
    /// Commitment to a space key, written into the log.
    COMMIT = "commit";
    /// Key and associated data of the sealed keyring.
    KEYRING = "keyring";
    /// Hash of the sealed keyring, pinned by the log.
    KEYRING_HASH = "keyring-hash";
    /// Info of a grant's HPKE.
    GRANT = "grant";
    /// Link id, from the QR's secret.
    LINK_ID = "link-id";
    /// Key and message of a link post's MAC.
    LINK_MAC = "link-mac";
    /// HPKE pre-shared key, from the QR's secret.
    LINK_PSK = "link-psk";
    /// Key that seals a new phone's name inside a link post.
    LINK_NAME = "link-name";
    /// X25519 secret of the recovery key.
    RECOVERY_KEM = "recovery-kem";
    /// Ed25519 seed of the recovery key.
    RECOVERY_SIGN = "recovery-sign";
    /// Signed: "this sign-in is this device".
    DEVICE_PROOF = "device-proof";
    /// Signed: an order such as erase or wipe.
    ORDER = "order";
    /// Signed: a checkpoint.
    CHECKPOINT = "checkpoint";
    /// Record id of a device's checkpoint.
    CHECKPOINT_ID = "checkpoint-id";
    /// Hash over a space's 256 buckets.
    ROOT = "root";
    /// Key and associated data of a sealed record.
    RECORD = "record";
    /// Associated data of a blob's segments.
    BLOB = "blob";
    /// X25519 secret of a phone's inbox, and info of the HPKE of what lies in it.
    INBOX = "inbox";
    /// Associated data of the pieces of a sealed file.
    SEALED_FILE = "sealed-file";
    /// Hash over the hashes of a blob's parts.
    BLOB_ROOT = "blob-root";
    /// Id of a record that several phones make of one thing by themselves.
    DERIVED_ID = "derived-id";
}

/// `LP(x)`: length as u32 big-endian, then the bytes. Appends to `out`.
///
/// Fields are far below 4 GiB ([`crate::limits`]); a longer one would be cut at its length field only, and
/// then match nothing.
pub fn lp(out: &mut Vec<u8>, field: &[u8]) {
    let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(field);
}

/// `LP(label) || LP(field)…`: every associated data, info and signed string has this shape.
pub fn joined(label: &str, fields: &[&[u8]]) -> Vec<u8> {
    let total = fields.iter().map(|field| field.len() + 4).sum::<usize>() + label.len() + 4;
    let mut out = Vec::with_capacity(total);
    lp(&mut out, label.as_bytes());
    for field in fields {
        lp(&mut out, field);
    }
    out
}

/// `H(label, x)` = SHA-256(LP(label) || LP(x)).
pub fn hash(label: &str, bytes: &[u8]) -> Hash32 {
    sha256(&joined(label, &[bytes]))
}

/// Plain SHA-256, used where a stranger should be able to run `sha256sum`: ciphertexts and blob parts.
pub fn sha256(bytes: &[u8]) -> Hash32 {
    Hash32(Sha256::digest(bytes).into())
}

/// The hash of a sealed keyring that a log entry pins.
pub fn keyring_hash(sealed: &[u8]) -> Hash32 {
    hash(KEYRING_HASH, sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_distinct_and_of_one_form() {
        let distinct: std::collections::BTreeSet<_> = ALL.iter().collect();
        assert_eq!(distinct.len(), ALL.len());
        assert!(ALL.iter().all(|label| label.starts_with("kinfolio/v1/")));
    }

    #[test]
    fn fields_cannot_slide_into_each_other() {
        assert_ne!(joined("l", &[b"ab", b"c"]), joined("l", &[b"a", b"bc"]));
        assert_ne!(joined("l", &[b"a"]), joined("l", &[b"a", b""]));
        assert_eq!(joined("l", &[b"a"]), b"\0\0\0\x01l\0\0\0\x01a");
    }
}
