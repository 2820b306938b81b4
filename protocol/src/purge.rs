//! What a purge leaves on the server: versions that can be brought back, and files that nobody names any more.

use crate::cbor::wire_array;
use crate::ids::{BlobId, RecordId};

/// `POST …/purged/blobs`: files that no record names any more wait for their end; with
/// [`PURGE_HEADER`](crate::sync::PURGE_HEADER) over [`crate::sign::purge_blobs`]. `POST …/purged/blobs/keep`: they stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobsRequest {
    /// At most [`crate::limits::PURGE_BLOBS`].
    pub blobs: Vec<BlobId>,
}
wire_array!(BlobsRequest [1, blobs]);

/// A file that waits for its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftItem {
    /// Which.
    pub blob: BlobId,
    /// When it is destroyed at the earliest, milliseconds since 1970.
    pub ends_ms: u64,
}
wire_array!(LeftItem[blob, ends_ms]);

/// Response to `GET …/purged/blobs?start=BLOB`, by ascending id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftResponse {
    /// Where the next page begins; `None` after the last.
    pub next: Option<BlobId>,
    /// At most [`crate::limits::PURGE_BLOBS`].
    pub blobs: Vec<LeftItem>,
}
wire_array!(LeftResponse [1, next, blobs]);

/// A version that a purge, or an edit before it, replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgedItem {
    /// Of which record.
    pub record: RecordId,
    /// The number that it had.
    pub seq: u64,
    /// Format of the plaintext.
    pub format: u16,
    /// Epoch of its key.
    pub epoch: u32,
    /// When it is destroyed at the earliest, milliseconds since 1970.
    pub ends_ms: u64,
    /// The sealed record.
    pub ciphertext: Vec<u8>,
}
wire_array!(PurgedItem[record, seq, format, epoch, ends_ms, ciphertext]);

/// Response to `GET …/purged?after=N`, by ascending number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgedResponse {
    /// Whether more lie beyond this page.
    pub more: bool,
    /// At most [`crate::limits::PULL_RECORDS`] versions or [`crate::limits::PUSH_BYTES`].
    pub versions: Vec<PurgedItem>,
}
wire_array!(PurgedResponse [1, more, versions]);
