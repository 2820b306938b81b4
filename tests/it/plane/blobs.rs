//! Blobs: in parts, in any order, again and again; complete only when all is there and right.

use kinfolio_protocol::blob::{BlobCompleteRequest, BlobRequest, BlobResponse, has_part, root};
use kinfolio_protocol::family::Quota;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::{BlobId, Hash32, limits};
use support::on_each_engine;
use support::plane::{Answer, Body, Family, Phone, Server, random, sealed};

on_each_engine!(
    a_blob_arrives_in_parts_in_any_order_and_is_read_back_whole,
    other_bytes_for_a_part_or_an_id_are_refused,
    two_uploads_of_one_part_at_once_leave_one,
    a_blob_is_complete_only_with_every_part_and_its_root,
);

struct Upload {
    phone: Phone,
    family: Family,
    id: BlobId,
    parts: Vec<Vec<u8>>,
}

impl Upload {
    async fn new(server: &Server, size: usize) -> Self {
        let phone = Phone::new(server.account("ann@example.org").await);
        let family = Family::founded(server, &phone).await;
        let parts = sealed(size).chunks(limits::BLOB_PART).map(<[u8]>::to_vec).collect();
        Self { phone, family, id: BlobId(random()), parts }
    }

    fn root(&self) -> Hash32 {
        root(&self.parts.iter().map(|part| sha256(part)).collect::<Vec<_>>())
    }

    fn request(&self) -> BlobRequest {
        BlobRequest {
            blob: self.id,
            space: self.family.space,
            size: self.parts.iter().map(|part| part.len() as u64).sum(),
            parts: self.parts.len() as u32,
            root: self.root(),
        }
    }

    async fn announce(&self, server: &Server, request: &BlobRequest) -> Answer {
        server.call(&self.phone.who, "POST", &self.family.path("/blobs"), request).await
    }

    async fn put(&self, server: &Server, number: usize, bytes: &[u8]) -> Answer {
        let body = Body::Part(bytes.to_vec(), sha256(bytes).to_string());
        server.call(&self.phone.who, "PUT", &self.path(&format!("/parts/{number}")), body).await
    }

    async fn complete(&self, server: &Server) -> Answer {
        let request = BlobCompleteRequest { parts: self.parts.len() as u32, root: self.root() };
        server.call(&self.phone.who, "POST", &self.path("/complete"), &request).await
    }

    fn path(&self, rest: &str) -> String {
        self.family.path(&format!("/blobs/{}{rest}", self.id))
    }
}

async fn a_blob_arrives_in_parts_in_any_order_and_is_read_back_whole(server: &Server) {
    let upload = Upload::new(server, 2 * limits::BLOB_PART + 777).await;
    upload.announce(server, &upload.request()).await.is(200);
    for number in [2, 0, 1] {
        upload.put(server, number, &upload.parts[number]).await.is(204);
        let state: BlobResponse =
            server.call(&upload.phone.who, "GET", &upload.path(""), Body::None).await.read();
        assert!(has_part(&state.have, number as u32) && !state.complete);
        upload.put(server, number, &upload.parts[number]).await.is(204);
    }
    // A phone that begins again finds what is there.
    let state: BlobResponse = upload.announce(server, &upload.request()).await.read();
    assert!((0..3).all(|number| has_part(&state.have, number)));
    for _ in 0..2 {
        let state: BlobResponse = upload.complete(server).await.is(200).read();
        assert!(state.complete);
    }
    for (number, part) in upload.parts.iter().enumerate() {
        let path = upload.path(&format!("/parts/{number}"));
        let answer = server.call(&upload.phone.who, "GET", &path, Body::None).await.is(200);
        assert!(answer.bytes == *part, "part {number} is byte-equal");
    }
    let quota: Quota =
        server.call(&upload.phone.who, "GET", &upload.family.path("/quota"), Body::None).await.read();
    assert_eq!(quota.used, 2 * limits::BLOB_PART as u64 + 777);
}

async fn other_bytes_for_a_part_or_an_id_are_refused(server: &Server) {
    let upload = Upload::new(server, limits::BLOB_PART + 10).await;
    upload.put(server, 0, &upload.parts[0]).await.is(404);
    upload.announce(server, &upload.request()).await.is(200);
    upload.put(server, 0, &upload.parts[0]).await.is(204);
    upload.put(server, 0, &sealed(limits::BLOB_PART)).await.is(409);
    upload.put(server, 1, &sealed(11)).await.is(400);
    upload.put(server, 2, &sealed(10)).await.is(400);
    upload.put(server, 0, &sealed(limits::BLOB_PART + 1)).await.is(413);
    upload.put(server, 4_000_000, &sealed(10)).await.is(400);
    let damaged = Body::Part(upload.parts[1].clone(), sha256(b"else").to_string());
    server.call(&upload.phone.who, "PUT", &upload.path("/parts/1"), damaged).await.is(400);
    for header in ["", "zz", "é"] {
        let odd = Body::Part(upload.parts[1].clone(), header.into());
        server.call(&upload.phone.who, "PUT", &upload.path("/parts/1"), odd).await.is(400);
    }
    let request = upload.request();
    for other in [
        BlobRequest { root: Hash32(random()), ..request.clone() },
        BlobRequest { size: request.size + 1, ..request.clone() },
    ] {
        upload.announce(server, &other).await.is(409);
    }
    for (size, parts) in [(0, 0), (0, 1), (10, 2), (u64::MAX, 1), (513 << 20, 513)] {
        let odd = BlobRequest { blob: BlobId(random()), size, parts, ..request.clone() };
        upload.announce(server, &odd).await.is(400);
    }
}

async fn two_uploads_of_one_part_at_once_leave_one(server: &Server) {
    let upload = Upload::new(server, 9_000).await;
    upload.announce(server, &upload.request()).await.is(200);
    let other = sealed(9_000);
    let (mine, theirs) = tokio::join!(upload.put(server, 0, &upload.parts[0]), upload.put(server, 0, &other));
    let mut statuses = [mine.status.as_u16(), theirs.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    let winner = if mine.status.is_success() { &upload.parts[0] } else { &other };
    let path = upload.path("/parts/0");
    let stored = server.call(&upload.phone.who, "GET", &path, Body::None).await.is(200);
    assert!(stored.bytes == *winner);
}

async fn a_blob_is_complete_only_with_every_part_and_its_root(server: &Server) {
    let upload = Upload::new(server, limits::BLOB_PART + 10).await;
    upload.announce(server, &upload.request()).await.is(200);
    upload.put(server, 1, &upload.parts[1]).await.is(204);
    let answer = upload.complete(server).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "parts_missing"));
    server.call(&upload.phone.who, "GET", &upload.path("/parts/0"), Body::None).await.is(404);
    // A part of the right size that is not the announced one.
    upload.put(server, 0, &sealed(limits::BLOB_PART)).await.is(204);
    upload.complete(server).await.is(409);
    let state: BlobResponse =
        server.call(&upload.phone.who, "GET", &upload.path(""), Body::None).await.read();
    assert!(!state.complete);
}
