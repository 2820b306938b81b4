//! A small server in memory, behind the session's door, for unit tests of the loops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use kinfolio_protocol::blob::{self, BlobCompleteRequest, BlobRequest, BlobResponse, PART_HASH_HEADER};
use kinfolio_protocol::ids::{BlobId, DeviceId, Hash32, RecordId};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::purge::{BlobsRequest, LeftItem, LeftResponse, PurgedItem, PurgedResponse};
use kinfolio_protocol::sync::{
    BucketItem, DigestResponse, HeadResponse, PullItem, PullResponse, PushRequest, PushResponse, PushResult,
    PushStatus, bucket,
};
use kinfolio_protocol::{Wire, decode, encode};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::http::{Door, Method, Response, SignedIn};

/// What the next matching request meets instead of a plain answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request never arrives.
    Lost,
    /// The request is acted upon, the reply never arrives.
    ReplyLost,
}

/// One blob as the server has it.
#[derive(Debug, Clone, Default)]
pub struct Blob {
    pub size: u64,
    pub root: Option<Hash32>,
    pub parts: BTreeMap<u32, Vec<u8>>,
    pub complete: bool,
}

/// All that the server remembers; tests reach in to damage it.
#[derive(Debug, Clone)]
pub struct Memory {
    pub incarnation: [u8; 16],
    pub head: u64,
    pub epoch: u32,
    pub rows: BTreeMap<RecordId, PullItem>,
    pub blobs: BTreeMap<BlobId, Blob>,
    /// Verb and first word of the path below the space or the blobs, of every request so far.
    pub log: Vec<String>,
    /// Faults by request number, counted from the first request.
    pub faults: BTreeMap<usize, Fault>,
    /// Records above this many bytes are refused with 413.
    pub largest: usize,
    /// Rows a page at most.
    pub page: usize,
    /// The `Date` of replies.
    pub date: Option<String>,
    /// Whatever is sent here is answered with this status, and with these seconds as `Retry-After`.
    pub refusing: Option<(u16, Option<u64>)>,
    /// What purges replaced.
    pub purged: Vec<PurgedItem>,
    /// Files that wait for their end.
    pub left: BTreeSet<BlobId>,
    /// An older server, which knows nothing of what purges leave.
    pub is_older: bool,
    /// Records that devices keep checkpoints under.
    pub checkpoints: BTreeSet<RecordId>,
}

/// The server.
#[derive(Debug, Default)]
pub struct MemoryRemote(pub Mutex<Memory>);

impl Default for Memory {
    fn default() -> Self {
        Self {
            incarnation: [1; 16],
            head: 0,
            epoch: 1,
            rows: BTreeMap::new(),
            blobs: BTreeMap::new(),
            log: Vec::new(),
            faults: BTreeMap::new(),
            largest: 256 << 10,
            page: 256,
            date: None,
            refusing: None,
            purged: Vec::new(),
            left: BTreeSet::new(),
            is_older: false,
            checkpoints: BTreeSet::new(),
        }
    }
}

impl Door for MemoryRemote {
    fn who(&self) -> Result<SignedIn> {
        Ok(SignedIn { issuer: "https://memory".into() })
    }

    fn note_sign_in(&self, _: &str, _: &[u8; 16]) -> Result<()> {
        Ok(())
    }

    fn send_signed<'a>(&'a self, _: &'a str, _: &'a str, _: Vec<u8>) -> BoxFuture<'a, Result<Response>> {
        futures::future::ready(Err(Error::Offline("only sync is here".into()))).boxed()
    }

    fn send_as<'a>(
        &'a self,
        method: Method,
        path: &'a str,
    ) -> BoxFuture<'a, Result<(Response, Zeroizing<String>)>> {
        self.send(method, path, vec![], vec![]).map(|reply| Ok((reply?, Zeroizing::default()))).boxed()
    }

    fn send<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>> {
        async move {
            // Lets the loops interleave as they would on a real connection.
            tokio::task::yield_now().await;
            let mut memory = self.0.lock().unwrap();
            let number = memory.log.len();
            let fault = memory.faults.remove(&number);
            let path = path.split_once("/families/").map_or(path, |(_, rest)| rest);
            let words: Vec<&str> = path.split(['/', '?']).skip(1).collect();
            memory.log.push(format!("{} {}", method.as_str(), words.get(2).unwrap_or(&"")));
            if fault == Some(Fault::Lost) {
                return Err(Error::Offline("lost".into()));
            }
            let mut reply = match memory.refusing {
                Some((status, wait)) if method != Method::Get => put_off(status, wait),
                _ => memory.answer(method, &words, &headers, &body),
            };
            if let Some(date) = &memory.date {
                reply.headers.push(("date".into(), date.clone()));
            }
            if fault == Some(Fault::ReplyLost) { Err(Error::Offline("reply lost".into())) } else { Ok(reply) }
        }
        .boxed()
    }
}

impl Memory {
    /// What waits for its end now: files, and versions of what was purged up to this number.
    pub fn waiting(&self) -> (BTreeSet<BlobId>, u64) {
        (self.left.clone(), self.head)
    }

    /// 14 days have gone by since these waited: what of them still does is destroyed.
    pub fn destroy(&mut self, (files, head): &(BTreeSet<BlobId>, u64)) {
        let due: BTreeSet<BlobId> = self.left.intersection(files).copied().collect();
        self.left.retain(|blob| !due.contains(blob));
        self.blobs.retain(|blob, _| !due.contains(blob));
        self.purged.retain(|one| one.ends_ms > *head);
    }

    fn answer(
        &mut self,
        method: Method,
        words: &[&str],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Response {
        match (method, words) {
            (Method::Get, ["spaces", _, "head"]) => {
                ok(&HeadResponse { incarnation: self.incarnation, head: self.head })
            }
            (Method::Post, ["spaces", _, "push"]) => self.push(decode(body).unwrap()),
            (Method::Get, ["spaces", _, "pull", query]) => ok(&self.pull(query)),
            (Method::Get, ["spaces", _, "digest"]) => ok(&self.digest()),
            (_, ["spaces", _, "purged", ..]) if self.is_older => refusal(404, code::NOT_FOUND),
            (Method::Get, ["spaces", _, "purged", "blobs", _]) => {
                let blobs = self.left.iter().map(|blob| LeftItem { blob: *blob, ends_ms: 1 }).collect();
                ok(&LeftResponse { next: None, blobs })
            }
            (Method::Post, ["spaces", _, "purged", "blobs", rest @ ..]) => {
                let BlobsRequest { blobs } = decode(body).unwrap();
                for blob in blobs {
                    if !rest.is_empty() {
                        self.left.remove(&blob);
                    } else if self.blobs.contains_key(&blob) {
                        self.left.insert(blob);
                    }
                }
                plain(204, Vec::new())
            }
            (Method::Get, ["spaces", _, "purged", _]) => {
                ok(&PurgedResponse { more: false, versions: self.purged.clone() })
            }
            (Method::Get, ["spaces", _, "bucket", number]) => ok(&self.bucket(number.parse().unwrap())),
            (Method::Post, ["blobs"]) => {
                let BlobRequest { blob, size, root, .. } = decode(body).unwrap();
                let known = self.blobs.entry(blob).or_default();
                (known.size, known.root) = (size, Some(root));
                plain(201, Vec::new())
            }
            (_, ["blobs", id, rest @ ..]) => self.blob(method, id.parse().unwrap(), rest, headers, body),
            _ => refusal(404, code::NOT_FOUND),
        }
    }

    fn push(&mut self, request: PushRequest) -> Response {
        if request.records.iter().any(|item| item.ciphertext.len() > self.largest) {
            return refusal(413, code::TOO_LARGE);
        }
        if request.records.iter().any(|item| item.epoch != self.epoch) {
            return refusal(409, code::EPOCH_OLD);
        }
        let mut results = Vec::new();
        for item in request.records {
            let held = self.rows.get(&item.record);
            let seq = held.map_or(0, |row| row.seq);
            let mut result =
                PushResult { status: PushStatus::Same, seq, format: None, epoch: None, ciphertext: None };
            if held.is_some_and(|row| row.ciphertext == item.ciphertext) {
            } else if seq != item.base_seq {
                result.status = PushStatus::Conflict;
                result.format = held.map(|row| row.format);
                result.epoch = held.map(|row| row.epoch);
                result.ciphertext = held.map(|row| row.ciphertext.clone());
            } else {
                if let Some(old) = held.filter(|_| item.purge) {
                    let PullItem { record, seq, format, epoch, ciphertext, .. } = old.clone();
                    // In the place of a time, the number of the purge.
                    let ends_ms = self.head + 1;
                    self.purged.push(PurgedItem { record, seq, format, epoch, ends_ms, ciphertext });
                    self.purged.sort_by_key(|one| one.seq);
                }
                (result.status, result.seq) =
                    (PushStatus::Stored, self.put(item.record, item.epoch, item.ciphertext));
            }
            results.push(result);
        }
        ok(&PushResponse { incarnation: self.incarnation, head: self.head, results })
    }

    /// Stores a row as another phone would; gives its number.
    pub fn put(&mut self, record: RecordId, epoch: u32, ciphertext: Vec<u8>) -> u64 {
        self.head += 1;
        let row =
            PullItem { record, seq: self.head, format: 1, epoch, ciphertext, device: DeviceId([9; 16]) };
        self.rows.insert(record, row);
        self.head
    }

    fn pull(&self, query: &str) -> PullResponse {
        let from: u64 = query.split(['=', '&']).nth(1).unwrap().parse().unwrap();
        let ascending = query.starts_with("after");
        let mut records: Vec<PullItem> = self
            .rows
            .values()
            .filter(|row| if ascending { row.seq > from } else { row.seq < from })
            .cloned()
            .collect();
        records.sort_by_key(|row| row.seq);
        if !ascending {
            records.reverse();
        }
        let more = records.len() > self.page;
        records.truncate(self.page);
        PullResponse { incarnation: self.incarnation, head: self.head, more, records }
    }

    fn digest(&self) -> DigestResponse {
        let one = |number: u8| bucket(self.bucket(number).iter().map(|row| (row.record, row.ct_hash)));
        DigestResponse {
            incarnation: self.incarnation,
            head: self.head,
            buckets: (0..=255).map(one).collect(),
        }
    }

    fn bucket(&self, number: u8) -> Vec<BucketItem> {
        let rows = self.rows.values().filter(|row| row.record.0[0] == number);
        let rows = rows.filter(|row| !self.checkpoints.contains(&row.record));
        rows.map(|row| BucketItem { record: row.record, seq: row.seq, ct_hash: sha256(&row.ciphertext) })
            .collect()
    }

    fn blob(
        &mut self,
        method: Method,
        id: BlobId,
        rest: &[&str],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Response {
        let Some(blob) = self.blobs.get_mut(&id) else { return refusal(404, code::NOT_FOUND) };
        let parts = blob::parts_of(blob.size).unwrap();
        match (method, rest) {
            (Method::Get, []) => {
                let mut have = vec![0; parts.div_ceil(8) as usize];
                for number in blob.parts.keys() {
                    have[*number as usize / 8] |= 1 << (number % 8);
                }
                ok(&BlobResponse { size: blob.size, parts, have, complete: blob.complete })
            }
            (Method::Put, ["parts", number]) => {
                let said = headers.iter().find(|(name, _)| *name == PART_HASH_HEADER).unwrap();
                assert_eq!(said.1, sha256(body).to_string());
                blob.parts.insert(number.parse().unwrap(), body.to_vec());
                plain(204, Vec::new())
            }
            (Method::Get, ["parts", number]) if blob.complete => {
                plain(200, blob.parts[&number.parse().unwrap()].clone())
            }
            (Method::Post, ["complete"]) => {
                let request: BlobCompleteRequest = decode(body).unwrap();
                let hashes: Vec<Hash32> = blob.parts.values().map(|part| sha256(part)).collect();
                if hashes.len() != parts as usize || blob::root(&hashes) != request.root {
                    return refusal(409, code::PARTS_MISSING);
                }
                blob.complete = true;
                plain(204, Vec::new())
            }
            _ => refusal(404, code::NOT_FOUND),
        }
    }
}

fn plain(status: u16, body: Vec<u8>) -> Response {
    Response { status, headers: Vec::new(), body }
}

fn ok<T: Wire>(value: &T) -> Response {
    plain(200, encode(value))
}

fn refusal(status: u16, code: &str) -> Response {
    plain(status, format!(r#"{{"error":{{"code":"{code}","message":"no","id":"1"}}}}"#).into_bytes())
}

fn put_off(status: u16, wait_s: Option<u64>) -> Response {
    let mut reply = refusal(status, code::SLOW_DOWN);
    reply.headers.extend(wait_s.map(|seconds| ("retry-after".into(), seconds.to_string())));
    reply
}
