//! What is too large: the same figures on the phone (refused at saving) and on the server (refused with 413).
//! Sizes are in bytes.

/// One sealed record.
pub const RECORD: usize = 256 << 10;
/// Records in one push.
pub const PUSH_RECORDS: usize = 256;
/// Files in one word about what a purge left, and in one page of what waits.
pub const PURGE_BLOBS: usize = 512;
/// Records in one pulled page.
pub const PULL_RECORDS: usize = 1_000;
/// Ciphertext in one push or one pulled page; a single larger record still makes a page of its own.
pub const PUSH_BYTES: usize = 1 << 20;
/// A push's whole body: the ciphertext and its framing.
pub const PUSH_BODY: usize = PUSH_BYTES + (64 << 10);
/// One part of a blob; only the last may be shorter.
pub const BLOB_PART: usize = 1 << 20;
/// Parts of one blob (512 MiB).
pub const BLOB_PARTS: u32 = 512;
/// One membership log entry.
pub const LOG_ENTRY: usize = 64 << 10;
/// Entries of a log that founds a family on a server.
pub const FOUND_ENTRIES: usize = 1_024;
/// Changes in one entry.
pub const LOG_CHANGES: usize = 600;
/// Devices that a family may have at one time.
pub const DEVICES: usize = 256;
/// Spaces that a family may have at one time.
pub const SPACES: usize = 256;
/// Entries of the log in one request or reply; the reader asks again from where it stands.
pub const LOG_PAGE: usize = 256;
/// One sealed keyring.
pub const KEYRING: usize = 512 << 10;
/// One grant's ciphertext: a share's grant holds every epoch of its space.
pub const GRANT: usize = 64 << 10;
/// Grants in one request.
pub const GRANTS: usize = DEVICES;
/// The whole body of founding, appending or writing grants again.
pub const FAMILY_BODY: usize = 4 << 20;
/// A link post's whole body.
pub const LINK_BODY: usize = 4 << 10;
/// A device's sealed name in a link post.
pub const LINK_NAME: usize = 1 << 10;
/// Longest life of a link (48 hours, in seconds); in person it is 60 minutes.
pub const LINK_SECONDS: u64 = 48 * 3600;
/// Any other small body.
pub const SMALL_BODY: usize = 16 << 10;
/// Head sequence numbers and epochs stay below this (they are signed 64-bit integers in every database and
/// exact in every language).
pub const SEQ: u64 = 1 << 53;
