//! The server as sync sees it: typed requests over the session's signed-in door.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::blob::{BlobCompleteRequest, BlobRequest, BlobResponse, PART_HASH_HEADER};
use kinfolio_protocol::family::{NOTICES_HEADER, Notices};
use kinfolio_protocol::ids::Hash32;
use kinfolio_protocol::purge::{BlobsRequest, LeftResponse, PurgedResponse};
use kinfolio_protocol::sync::{
    BucketItem, DigestResponse, HeadResponse, PURGE_HEADER, PullResponse, PushRequest, PushResponse, Start,
};
use kinfolio_protocol::{Wire, decode, encode};

use super::offset;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::http::{Door, Method, Response};
use crate::ids::{BlobId, FamilyId, SpaceId};

/// How often a busy server is asked again within one sync.
const PATIENCE: u32 = 3;
/// The longest that one sync waits because the server said so; beyond it, the next sync tries again.
const LONGEST_WAIT_S: u64 = 5;

/// One family's half of the server.
pub struct Remote {
    door: Arc<dyn Door>,
    clock: Arc<dyn Clock>,
    family: FamilyId,
    /// Server time minus phone time, as the last reply showed it; `i64::MIN` before any.
    offset: AtomicI64,
    /// What the last page of a pull told the phones of the family.
    told: Mutex<Option<Notices>>,
}

impl Remote {
    /// The family's half of the server behind `door`.
    pub fn new(door: Arc<dyn Door>, clock: Arc<dyn Clock>, family: FamilyId) -> Self {
        Self { door, clock, family, offset: AtomicI64::new(i64::MIN), told: Mutex::default() }
    }

    /// Server time minus phone time in milliseconds, once a reply has shown it.
    pub fn offset_ms(&self) -> Option<i64> {
        let offset = self.offset.load(Ordering::Relaxed);
        (offset != i64::MIN).then_some(offset)
    }

    /// What the phones of the family are told, once a pull came to its end.
    pub fn told(&self) -> Option<Notices> {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The space's incarnation and newest number.
    pub async fn head(&self, space: SpaceId) -> Result<HeadResponse> {
        self.get(&format!("spaces/{space}/head")).await
    }

    /// Offers records; each is stored, already there, or in conflict. A purge carries the device's `signature`.
    pub async fn push(
        &self,
        space: SpaceId,
        request: &PushRequest,
        signature: Option<[u8; 64]>,
    ) -> Result<PushResponse> {
        let path = format!("spaces/{space}/push");
        let mut headers = vec![content(CBOR)];
        headers.extend(signature.map(|signed| (PURGE_HEADER.into(), URL_SAFE_NO_PAD.encode(signed))));
        let reply = self.ask(Method::Post, &path, headers, encode(request)).await?;
        let reply: PushResponse = reply.read()?;
        if reply.results.len() == request.records.len() {
            Ok(reply)
        } else {
            Err(Error::internal("server answered for another number of records"))
        }
    }

    /// One page of rows.
    pub async fn pull(&self, space: SpaceId, from: Start, limit: usize) -> Result<PullResponse> {
        let range = match from {
            Start::After(seq) => format!("after={seq}"),
            Start::Before(seq) => format!("before={seq}"),
        };
        let path = format!("spaces/{space}/pull?{range}&limit={limit}");
        let reply = self.ask(Method::Get, &path, Vec::new(), Vec::new()).await?;
        let page: PullResponse = reply.read()?;
        if !page.more {
            // What a newer server tells and this app can't read is no reason not to sync.
            let told = reply.header(NOTICES_HEADER).map_or_else(|| Some(Notices::default()), notices_of);
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
        }
        if page.in_order(from) { Ok(page) } else { Err(Error::internal("server sent a page out of order")) }
    }

    /// A page of what purges replaced, above this number.
    pub async fn purged(&self, space: SpaceId, after: u64) -> Result<PurgedResponse> {
        let page: PurgedResponse = self.get(&format!("spaces/{space}/purged?after={after}")).await?;
        let mut last = after;
        let ordered = page.versions.iter().all(|one| std::mem::replace(&mut last, one.seq) < one.seq);
        if ordered && (!page.more || last > after) {
            Ok(page)
        } else {
            Err(Error::internal("server sent a page out of order"))
        }
    }

    /// A page of the files that wait for their end.
    pub async fn left(&self, space: SpaceId, start: BlobId) -> Result<LeftResponse> {
        let page: LeftResponse = self.get(&format!("spaces/{space}/purged/blobs?start={start}")).await?;
        if page.next.is_none_or(|next| next > start) {
            Ok(page)
        } else {
            Err(Error::internal("server sent a page out of order"))
        }
    }

    /// Says which files no record names any more; the device signed for it.
    pub async fn leave(&self, space: SpaceId, left: &BlobsRequest, signature: [u8; 64]) -> Result<()> {
        let headers = vec![content(CBOR), (PURGE_HEADER.into(), URL_SAFE_NO_PAD.encode(signature))];
        self.ask(Method::Post, &format!("spaces/{space}/purged/blobs"), headers, encode(left)).await.map(drop)
    }

    /// Says which files a record names after all.
    pub async fn keep(&self, space: SpaceId, named: &BlobsRequest) -> Result<()> {
        let path = format!("spaces/{space}/purged/blobs/keep");
        self.ask(Method::Post, &path, vec![content(CBOR)], encode(named)).await.map(drop)
    }

    /// The 256 bucket digests at one head.
    pub async fn digest(&self, space: SpaceId) -> Result<DigestResponse> {
        let reply: DigestResponse = self.get(&format!("spaces/{space}/digest")).await?;
        if reply.buckets.len() == 256 {
            Ok(reply)
        } else {
            Err(Error::internal("server sent a short digest"))
        }
    }

    /// What the server holds in one bucket, by first byte of the record id.
    pub async fn bucket(&self, space: SpaceId, bucket: u8) -> Result<Vec<BucketItem>> {
        self.get(&format!("spaces/{space}/bucket/{bucket}")).await
    }

    /// Says that a blob is coming. Saying the same again changes nothing.
    pub async fn announce(&self, request: &BlobRequest) -> Result<()> {
        self.ask(Method::Post, "blobs", vec![content(CBOR)], encode(request)).await.map(drop)
    }

    /// What the server has of a blob; `None` when it never heard of it.
    pub async fn blob(&self, blob: BlobId) -> Result<Option<BlobResponse>> {
        match self.get(&format!("blobs/{blob}")).await {
            Ok(reply) => Ok(Some(reply)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends one part. The same bytes again are taken again.
    pub async fn put_part(&self, blob: BlobId, number: u32, hash: Hash32, bytes: Vec<u8>) -> Result<()> {
        let headers = vec![content("application/octet-stream"), (PART_HASH_HEADER.into(), hash.to_string())];
        let path = format!("blobs/{blob}/parts/{number}");
        self.ask(Method::Put, &path, headers, bytes).await.map_err(gone).map(drop)
    }

    /// Fetches one part.
    pub async fn get_part(&self, blob: BlobId, number: u32) -> Result<Vec<u8>> {
        let path = format!("blobs/{blob}/parts/{number}");
        Ok(self.ask(Method::Get, &path, Vec::new(), Vec::new()).await.map_err(gone)?.body)
    }

    /// Says that all parts are there; only when the server agrees is the blob stored.
    pub async fn complete(&self, blob: BlobId, request: &BlobCompleteRequest) -> Result<()> {
        self.ask(Method::Post, &format!("blobs/{blob}/complete"), vec![content(CBOR)], encode(request))
            .await
            .map_err(gone)
            .map(drop)
    }

    async fn get<T: Wire>(&self, path: &str) -> Result<T> {
        self.ask(Method::Get, path, Vec::new(), Vec::new()).await?.read()
    }

    /// One request below `/families/{f}`, repeated a few times when the server says that it is busy.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<Response> {
        let path = format!("/api/v1/families/{}/{path}", self.family);
        for _ in 1..PATIENCE {
            let reply = self.once(method, &path, headers.clone(), body.clone()).await?;
            match asked_to_wait(&reply) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return reply.ok(),
            }
        }
        self.once(method, &path, headers, body).await?.ok()
    }

    async fn once(
        &self,
        method: Method,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<Response> {
        let sent = self.clock.now_ms();
        let reply = self.door.send(method, path, headers, body).await?;
        if let Some(offset) = offset::observe(reply.header("date"), sent, self.clock.now_ms()) {
            self.offset.store(offset, Ordering::Relaxed);
        }
        Ok(reply)
    }
}

fn notices_of(header: &str) -> Option<Notices> {
    decode(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}

const CBOR: &str = "application/cbor";

fn content(kind: &str) -> (String, String) {
    ("content-type".into(), kind.into())
}

/// 404 for a blob that the server has just told of is about that blob; elsewhere it may be about the whole family.
fn gone(error: Error) -> Error {
    match error {
        Error::Refused { status: 404, .. } => Error::NotFound("photo file on the server"),
        other => other,
    }
}

/// A busy server's own wish, if it is short enough to be waited for here.
fn asked_to_wait(reply: &Response) -> Option<Duration> {
    let seconds = match reply.status {
        429 | 503 => reply.header("retry-after")?.trim().parse::<u64>().ok()?,
        _ => return None,
    };
    (seconds <= LONGEST_WAIT_S).then(|| Duration::from_secs(seconds))
}
