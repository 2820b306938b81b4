//! Malformed, truncated, oversized and hostile bodies get a clear 4xx with an envelope, never a 5xx.

use kinfolio_protocol::limits;
use kinfolio_protocol::log::{Entry, Log};
use support::on_each_engine;
use support::plane::{Body, Server};

use super::routes::{Household, family_routes};

on_each_engine!(
    a_hostile_body_gets_a_clear_4xx_on_every_route,
    a_body_over_every_limit_is_413_on_every_route_that_takes_one,
    a_query_that_cannot_be_read_is_a_clear_400,
);

/// Bytes that are wrong everywhere.
fn hostile() -> Vec<Vec<u8>> {
    vec![
        vec![],
        vec![0xff],
        vec![0xf6],
        b"{\"log\":[]}".to_vec(),
        b"<xml/>".to_vec(),
        vec![0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
        vec![0xbb, 255, 255, 255, 255, 255, 255, 255, 255],
        vec![0x5b, 255, 255, 255, 255, 255, 255, 255, 255],
        vec![0x5b, 0, 0, 0, 1, 0, 0, 0, 0, 1],
        // Deeply nested arrays, maps and tags; an endless array.
        vec![0x81; 3_000],
        vec![0xa1; 3_000],
        vec![0xc1; 3_000],
        vec![0x9f; 3_000],
        // A text that is not UTF-8.
        vec![0x62, 0xc3, 0x28],
    ]
}

async fn a_hostile_body_gets_a_clear_4xx_on_every_route(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let mut sent = 0;
    for (method, path) in family_routes() {
        let filled = ann.names().fill(&path);
        let bodies = match ann.body(&method, &path) {
            Body::None => vec![],
            Body::Part(part, hash) => vec![
                Body::Part(vec![], hash.clone()),
                Body::Part(part[..100].to_vec(), hash.clone()),
                Body::Part(vec![7; limits::BLOB_PART + 1], hash),
                Body::Cbor(part),
            ],
            Body::Cbor(good) | Body::Headed(good, ..) => {
                let cuts = (0..good.len()).step_by(1 + good.len() / 40).map(|cut| good[..cut].to_vec());
                let bent = (0..good.len()).step_by(1 + good.len() / 60).map(|at| {
                    let mut bent = good.clone();
                    bent[at] = !bent[at];
                    bent
                });
                let longer = [good.as_slice(), &[0]].concat();
                let oversized = vec![0x5a; limits::FAMILY_BODY + 1];
                let all = cuts.chain(hostile()).chain([longer, oversized]);
                let refused = all.map(Body::Cbor).collect::<Vec<_>>();
                // A bent byte inside sealed bytes is none of the server's business, but it must not break it.
                for body in bent.map(Body::Cbor) {
                    let answer = server.call(&ann.phone.who, &method, &filled, body).await;
                    assert!(!answer.status.is_server_error(), "{method} {path}: {answer}");
                }
                refused
            }
        };
        for body in bodies {
            let answer = server.call(&ann.phone.who, &method, &filled, body).await;
            assert!(answer.status.is_client_error(), "{method} {path}: {answer}");
            assert!(!answer.code().is_empty());
            sent += 1;
        }
    }
    assert!(sent > 500, "{sent} bodies");
    // What was taken all the same is whole: an entry's own bytes were never bent.
    let served: Vec<Entry> =
        server.call(&ann.phone.who, "GET", &ann.family.path("/log"), Body::None).await.read();
    Log::replay(&served).unwrap();
    server.call(&ann.phone.who, "GET", &ann.family.path("/quota"), Body::None).await.is(200);
}

async fn a_body_over_every_limit_is_413_on_every_route_that_takes_one(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let mut asked = 0;
    for (method, path) in family_routes() {
        // No route takes more than this; those with a smaller limit of their own refuse at that one.
        let limit = match path.rsplit('/').next().unwrap() {
            "push" => limits::PUSH_BODY,
            "{part}" => limits::BLOB_PART,
            "{link}" | "post" => limits::LINK_BODY,
            "device-proof" | "complete" | "blobs" | "erasure" | "cancel" => limits::SMALL_BODY,
            _ => limits::FAMILY_BODY,
        };
        let over = vec![0; limit + 1];
        let body = match ann.body(&method, &path) {
            Body::None => continue,
            Body::Part(_, hash) => Body::Part(over, hash),
            Body::Cbor(_) | Body::Headed(..) => Body::Cbor(over),
        };
        let answer = server.call(&ann.phone.who, &method, &ann.names().fill(&path), body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too_large"), "{method} {path}");
        asked += 1;
    }
    assert!(asked >= 12, "{asked} routes");
}

async fn a_query_that_cannot_be_read_is_a_clear_400(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let pull = ann.family.path(&format!("/spaces/{}/pull", ann.family.space));
    let log = ann.family.path("/log");
    let wrong = ["-1", "x", "1.5", "18446744073709551616", "%ff", "", "1&after=2", "%00", "1%20"];
    let queries = wrong.map(|value| format!("after={value}"));
    let more = wrong.iter().filter(|value| !value.contains("after")).map(|value| format!("limit={value}"));
    for query in queries.into_iter().chain(more) {
        let paths = if query.starts_with("limit") { vec![&pull] } else { vec![&pull, &log] };
        for path in paths {
            let answer = server.call(&ann.phone.who, "GET", &format!("{path}?{query}"), Body::None).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code().as_str()),
                (400, "malformed"),
                "{path}?{query}"
            );
        }
    }
    let both = server.call(&ann.phone.who, "GET", &format!("{pull}?after=1&before=2"), Body::None).await;
    assert_eq!(both.is(400).code(), "malformed");
    // The largest number that can be read is only far away.
    let far = format!("{pull}?after={}", u64::MAX);
    server.call(&ann.phone.who, "GET", &far, Body::None).await.is(200);
}
