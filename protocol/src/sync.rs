//! Push, pull, head, digest and bucket of one space.

use crate::cbor::{wire_array, wire_enum};
use crate::ids::{Hash32, RecordId};
use crate::labels;

/// A server's incarnation: new after a restore from a backup, so that phones compare digests.
pub type Incarnation = [u8; 16];

/// One record to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushItem {
    /// Which record.
    pub record: RecordId,
    /// The sequence number that the phone last saw for it; 0 for a record that the server has never had.
    pub base_seq: u64,
    /// Format of the plaintext.
    pub format: u16,
    /// Epoch of the key that sealed it; only the space's newest is taken.
    pub epoch: u32,
    /// Whether this is a tombstone: the versions it replaces go into the 14 days before destruction.
    pub purge: bool,
    /// The sealed record.
    pub ciphertext: Vec<u8>,
}
wire_array!(PushItem[record, base_seq, format, epoch, purge, ciphertext]);

/// The header of a push that purges: the device's signature over [`crate::sign::purge`], base64url, unpadded.
pub const PURGE_HEADER: &str = "kinfolio-purge-order";

/// `POST …/push`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushRequest {
    /// How many pushes this device made before, plus one.
    pub push_no: u64,
    /// Store only if the head is still this (checkpoints).
    pub if_head: Option<u64>,
    /// The records, each at most once.
    pub records: Vec<PushItem>,
}
wire_array!(PushRequest [1, push_no, if_head, records]);

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushStatus {
    /// Stored under a new sequence number.
    Stored,
    /// The same ciphertext was there already.
    Same,
    /// Somebody else wrote in between: theirs is in the answer.
    Conflict,
}
wire_enum!(PushStatus { 0: Stored, 1: Same, 2: Conflict });

/// The answer for one record, in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushResult {
    /// What became of it.
    pub status: PushStatus,
    /// Its sequence number now; 0 in a conflict over a record that the server does not have.
    pub seq: u64,
    /// In a conflict: format of the server's version.
    pub format: Option<u16>,
    /// In a conflict: epoch of the server's version.
    pub epoch: Option<u32>,
    /// In a conflict: the server's version, unless the answers together grew too large (then pull).
    pub ciphertext: Option<Vec<u8>>,
}
wire_array!(PushResult[status, seq, format, epoch, ciphertext]);

/// Response to a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushResponse {
    /// The server's incarnation.
    pub incarnation: Incarnation,
    /// The space's head now.
    pub head: u64,
    /// One answer a record.
    pub results: Vec<PushResult>,
}
wire_array!(PushResponse [1, incarnation, head, results]);

/// One record of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullItem {
    /// Which record.
    pub record: RecordId,
    /// Its sequence number.
    pub seq: u64,
    /// Format of the plaintext.
    pub format: u16,
    /// Epoch of its key.
    pub epoch: u32,
    /// The sealed record.
    pub ciphertext: Vec<u8>,
    /// Which device pushed it.
    pub device: crate::DeviceId,
}
wire_array!(PullItem[record, seq, format, epoch, ciphertext, device]);

/// Response to a pull: `?after=N` ascending, `?before=N` descending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullResponse {
    /// The server's incarnation.
    pub incarnation: Incarnation,
    /// The space's head, read in the same transaction as the page.
    pub head: u64,
    /// Whether more records lie beyond this page.
    pub more: bool,
    /// At most [`crate::limits::PULL_RECORDS`] records or [`crate::limits::PUSH_BYTES`].
    pub records: Vec<PullItem>,
}
wire_array!(PullResponse [1, incarnation, head, more, records]);

/// Where a page begins, and which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Records above this number, ascending.
    After(u64),
    /// Records below this number, descending.
    Before(u64),
}

impl PullResponse {
    /// Whether this page answers a pull from `from`: one whose numbers don't move one way would let a lying server
    /// skip records or repeat them for ever.
    pub fn in_order(&self, from: Start) -> bool {
        let mut last = from;
        let ordered = self.records.iter().all(|record| {
            let (fits, now) = match last {
                Start::After(seq) => (seq < record.seq, Start::After(record.seq)),
                Start::Before(seq) => (seq > record.seq, Start::Before(record.seq)),
            };
            last = now;
            fits && record.seq <= self.head
        });
        ordered && (!self.more || !self.records.is_empty())
    }
}

/// `GET …/head`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadResponse {
    /// The server's incarnation.
    pub incarnation: Incarnation,
    /// The space's newest sequence number.
    pub head: u64,
}
wire_array!(HeadResponse [1, incarnation, head]);

/// `GET …/digest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestResponse {
    /// The server's incarnation.
    pub incarnation: Incarnation,
    /// The head that the buckets describe.
    pub head: u64,
    /// 256 buckets by the first byte of the record id ([`bucket`]).
    pub buckets: Vec<[u8; 16]>,
}
wire_array!(DigestResponse [1, incarnation, head, buckets]);

/// One item of `GET …/bucket/{b}`, sorted by record id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketItem {
    /// Which record.
    pub record: RecordId,
    /// Its sequence number.
    pub seq: u64,
    /// SHA-256 of its ciphertext.
    pub ct_hash: Hash32,
}
wire_array!(BucketItem[record, seq, ct_hash]);

/// One bucket: the first 16 bytes of SHA-256 over `record id || ct_hash` of its records, sorted by id, without
/// checkpoints. `ct_hash` is the plain SHA-256 of the sealed record.
pub fn bucket(sorted: impl IntoIterator<Item = (RecordId, Hash32)>) -> [u8; 16] {
    let mut all = Vec::new();
    for (record, ct_hash) in sorted {
        all.extend_from_slice(record.as_bytes());
        all.extend_from_slice(ct_hash.as_bytes());
    }
    let Hash32(hash) = labels::sha256(&all);
    hash.first_chunk::<16>().copied().unwrap_or_default()
}

/// The root over all 256 buckets, in order.
pub fn root(buckets: &[[u8; 16]]) -> Hash32 {
    labels::hash(labels::ROOT, buckets.as_flattened())
}
