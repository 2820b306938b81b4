//! How fast a new phone takes in what the server holds: opened, merged, shown and indexed by the real rooms.
//!
//! Prints its figure; `KINFOLIO_ROWS=50000` in an optimised build is the measurement of performance.md 2.

use std::collections::HashMap;
use std::time::Instant;

use kinfolio_protocol::encode;
use kinfolio_protocol::ids::DeviceId;
use kinfolio_protocol::sync::{HeadResponse, PullItem, PullResponse};
use zeroize::Zeroizing;

use super::*;
use crate::http::{Door, Method, Response, SignedIn};
use crate::ids::LearnerId;
use crate::progress::Watch;
use crate::records::fields::{entry, learner};
use crate::records::{Key, Sealer};

const INCARNATION: [u8; 16] = [8; 16];
const PAGE: usize = kinfolio_protocol::limits::PULL_RECORDS;
/// Even an unoptimised build on a busy machine is faster than this, in rows a second.
const FLOOR: f64 = 50.0;

/// A server that only ever answers what it prepared.
struct Prepared(HashMap<String, Vec<u8>>);

impl Door for Prepared {
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
        _: Method,
        path: &'a str,
        _: Vec<(String, String)>,
        _: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>> {
        let body = path.rsplit('/').next().and_then(|last| self.0.get(last)).cloned();
        let reply = match body {
            Some(body) => Response { status: 200, headers: Vec::new(), body },
            None => Response { status: 404, headers: Vec::new(), body: Vec::new() },
        };
        futures::future::ready(Ok(reply)).boxed()
    }
}

fn prepared(rows: &[PullItem]) -> Prepared {
    let head = rows.len() as u64;
    let mut answers =
        HashMap::from([("head".to_owned(), encode(&HeadResponse { incarnation: INCARNATION, head }))]);
    let page = |records: Vec<PullItem>, more| {
        encode(&PullResponse { incarnation: INCARNATION, head, more, records })
    };
    answers.insert(format!("pull?after={head}&limit={PAGE}"), page(Vec::new(), false));
    let mut before = rows.len();
    loop {
        let from = before.saturating_sub(PAGE);
        let records: Vec<PullItem> = rows[from..before].iter().rev().cloned().collect();
        answers.insert(format!("pull?before={}&limit={PAGE}", before + 1), page(records, from > 0));
        if from == 0 {
            return Prepared(answers);
        }
        before = from;
    }
}

/// An entry as families write them: a note of 600 characters, two learners, three tags, three photos.
fn an_entry(number: u64, stamper: &Stamper) -> Document {
    let mut doc = Document::new(Kind::Entry);
    let words = ["pond", "frog", "count", "together", "rain", "bridge", "story", "fraction", "leaf", "music"];
    let note: Vec<&str> = (0..110)
        .map(|at| words[(number.wrapping_mul(2_654_435_761).wrapping_add(at * at * 7) % 97 % 10) as usize])
        .collect();
    doc.edit_text(entry::NOTE, None, &note.join(" "), stamper).unwrap();
    doc.set(entry::TITLE, Value::Text(format!("Day {number}")), stamper);
    doc.set(
        entry::LEARNED_ON,
        Value::Text(format!("20{:02}-{:02}-{:02}", number % 10 + 16, number % 12 + 1, number % 28 + 1)),
        stamper,
    );
    doc.set(entry::RECORDED_AT, Value::Int(stamper.now_ms), stamper);
    doc.set(entry::ON_RECORD, Value::Bool(true), stamper);
    for learner in 0..=number % 2 {
        doc.put(entry::LEARNERS, Key::id([learner as u8 + 1; 16]), Value::Text(String::new()), stamper);
    }
    for tag in 0..3 {
        doc.put(entry::TAGS, Key::text(words[((number + tag) % 10) as usize]), Value::Bool(true), stamper);
    }
    for photo in 0..3 {
        let (id, value) = a_photo(number * 3 + photo);
        doc.put(entry::ATTACHMENTS, Key::id(id), value, stamper);
    }
    doc
}

/// A photo's element: two copies with id, key, size and hash, then what is shown of it.
fn a_photo(number: u64) -> ([u8; 16], Value) {
    let noise = |salt: u8| sha256(&[&number.to_be_bytes()[..], &[salt]].concat()).0.to_vec();
    let copy = |salt, size| {
        [
            Value::Bytes(noise(salt)[..16].to_vec()),
            Value::Bytes(noise(salt + 1)),
            Value::Int(size),
            Value::Bytes(noise(salt + 2)),
        ]
    };
    let text = |text: &str| Value::Text(text.into());
    let mut list = [copy(0, 398_000), copy(3, 33_000)].concat();
    list.extend([
        Value::Int(2048),
        Value::Int(1536),
        text("LEHV6nWB2yk8pyo0adR*.7kCMdnj"),
        text("2026-05-03T10:20:30"),
    ]);
    list.extend([text("image/jpeg"), Value::Int(number as i64 % 3), text("By the pond"), text("")]);
    (noise(6)[..16].try_into().unwrap(), Value::List(list))
}

fn rows(count: u64) -> Vec<PullItem> {
    let phone = Phone::new(&server(), 1);
    let stamper = Stamper { now_ms: 1_700_000_000_000, device_no: 1, text_client: 1 };
    let mut docs: Vec<([u8; 16], Document)> = (1..=2u8)
        .map(|number| {
            let mut doc = Document::new(Kind::Learner);
            doc.set(learner::NICKNAME, Value::Text(format!("Learner {number}")), &stamper);
            (LearnerId([number; 16]).0, doc)
        })
        .collect();
    docs.extend((0..count).map(|number| {
        let mut id = sha256(&number.to_be_bytes()).0[..16].to_vec();
        id[0] |= 1;
        (id.try_into().unwrap(), an_entry(number, &stamper))
    }));
    phone
        .context
        .storage
        .read(|tx| {
            let sealer = Sealer::current(tx, &*phone.context.random)?;
            docs.iter()
                .zip(1..)
                .map(|((id, doc), seq)| {
                    let sealed = sealer.seal(RecordId(*id), doc)?;
                    let device = DeviceId([9; 16]);
                    Ok(PullItem {
                        record: RecordId(*id),
                        seq,
                        format: sealed.fmt,
                        epoch: sealed.epoch,
                        ciphertext: sealed.bytes,
                        device,
                    })
                })
                .collect()
        })
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_phone_takes_in_a_family_fast() {
    let asked = std::env::var("KINFOLIO_ROWS").ok().and_then(|rows| rows.parse().ok());
    let count: u64 = asked.unwrap_or(500);
    let rows = rows(count);
    let bytes: usize = rows.iter().map(|row| row.ciphertext.len()).sum();
    let door = Arc::new(prepared(&rows));
    let phone = Phone::with_rooms(&server(), 2);
    let client = SyncClient::new(phone.context.clone(), door, phone.log.clone(), Arc::new(Tended));
    let began = Instant::now();
    let engine = client.engine().await.unwrap();
    let watch = Watch::new(Cancel::new(), Arc::new(NoProgress));
    client.records(&engine, &watch).await.unwrap();
    let took = began.elapsed();
    let rate = rows.len() as f64 / took.as_secs_f64();
    println!(
        "{} rows ({} MB) pulled, opened, merged and indexed in {took:.2?}: {rate:.0} rows/s",
        rows.len(),
        bytes >> 20
    );
    assert_eq!(client.report().pulled, rows.len() as u64);
    let shown: u64 = phone
        .context
        .storage
        .read(|tx| Ok(tx.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(shown, count);
    assert!(rate > FLOOR, "{rate:.0} rows/s");
}
