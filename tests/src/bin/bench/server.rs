//! Pushing and pulling 10,000 records of 1 KiB over one connection, against the bare probe in the same run.

use std::time::Instant;

use anyhow::{Result, ensure};
use kinfolio_protocol::sync::{PullReply, PushItem, PushReply, PushRequest};
use kinfolio_protocol::{decode, encode};
use support::plane::record;

use crate::Plan;
use crate::child::{Part, Running};
use crate::measure::{median, ms};
use crate::table::{Budget, Row, Table};
use crate::wire::Wire;

const RECORDS: usize = 10_000;
const CIPHERTEXT: usize = 1_024;
const SINGLES: usize = 1_000;
const BARE: &str = "axum + one SQLite file, WAL FULL, no auth, isolation or audit";

/// One server's figures of one run.
struct Figures {
    batched: f64,
    single: f64,
    single_p99: f64,
    pulled: f64,
    up: f64,
    memory: f64,
}

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does falls on both.
    for _ in 0..plan.runs {
        bare.push(run(Part::Bare)?);
        ours.push(run(Part::Ours)?);
    }
    let middle = |runs: &[Figures], figure: fn(&Figures) -> f64| median(runs.iter().map(figure).collect());
    let mut both = |work: &str, unit, figure: fn(&Figures) -> f64, budget| {
        let bare = Some((middle(&bare, figure), BARE));
        table.row(Row { work: work.into(), ours: middle(&ours, figure), unit, bare, budget });
    };
    both("push in batches of 100", "rec/s", |f| f.batched, Budget::LeastOfBare(0.9));
    both("single push", "rec/s", |f| f.single, Budget::None);
    both("single push, p99", "ms", |f| f.single_p99, Budget::Most(2.0));
    both("pull of 1,000", "rec/s", |f| f.pulled, Budget::LeastOfBare(0.65));
    both("bytes up for one of ciphertext", "x", |f| f.up, Budget::Most(1.05));
    both("server memory after it", "MB", |f| f.memory, Budget::Most(45.0));
    Ok(())
}

fn run(part: Part) -> Result<Figures> {
    let server = Running::start(part)?;
    let mut wire = Wire::to(&server.told)?;
    let mut push_no = 0;
    let mut body = |count: usize| {
        push_no += 1;
        let items =
            (0..count).map(|_| PushItem { ciphertext: support::plane::sealed(CIPHERTEXT), ..record() });
        encode(&PushRequest { push_no, if_head: None, records: items.collect() })
    };

    let batches: Vec<Vec<u8>> = (0..RECORDS / 100).map(|_| body(100)).collect();
    let start = Instant::now();
    for batch in &batches {
        wire.post("push", batch)?;
    }
    let batched = RECORDS as f64 / start.elapsed().as_secs_f64();
    let up = wire.sent as f64 / (RECORDS * CIPHERTEXT) as f64;

    let singles: Vec<Vec<u8>> = (0..SINGLES).map(|_| body(1)).collect();
    let mut times = Vec::with_capacity(SINGLES);
    let start = Instant::now();
    for single in &singles {
        let sent = Instant::now();
        let reply: PushReply = decode(&wire.post("push", single)?)?;
        times.push(ms(sent.elapsed()));
        ensure!(reply.results.len() == 1, "one answer for one record");
    }
    let single = SINGLES as f64 / start.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let single_p99 = times.get(SINGLES * 99 / 100).copied().unwrap_or(f64::NAN);

    let mut speeds = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        let (mut cursor, mut count) = (0, 0);
        loop {
            let reply: PullReply = decode(&wire.get(&format!("pull?after={cursor}&limit=1000"))?)?;
            count += reply.records.len();
            cursor = reply.records.last().map_or(reply.head, |record| record.seq);
            if !reply.more {
                break;
            }
        }
        ensure!(count == RECORDS + SINGLES, "{count} records came back");
        speeds.push(count as f64 / start.elapsed().as_secs_f64());
    }
    Ok(Figures { batched, single, single_p99, pulled: median(speeds), up, memory: server.memory_mb()? })
}
