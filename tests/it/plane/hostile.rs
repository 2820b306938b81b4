//! Malformed, truncated, oversized and hostile bodies get a clear 4xx with an envelope, never a 5xx.

use kinfolio_protocol::limits;
use kinfolio_protocol::log::{Entry, Log};
use support::plane::{Body, Server};

use super::on_each_engine;
use super::routes::{Household, family_routes};

on_each_engine!(a_hostile_body_gets_a_clear_4xx_on_every_route);

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
            Body::Cbor(good) => {
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
