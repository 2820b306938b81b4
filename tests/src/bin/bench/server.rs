//! Pushing and pulling 10,000 records of 1 KiB over one connection, against the bare probe in the same run.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use kinfolio_protocol::sync::{PullResponse, PushItem, PushRequest, PushResponse};
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
/// Records that a new Postgres is given before it is measured.
const WARM_UP: usize = 1_000;
const BARE: &str = "axum + one SQLite file, WAL FULL, no auth, isolation or audit";

/// One server's figures of one run.
struct Figures {
    batched: f64,
    single: f64,
    single_p99: f64,
    pulled: f64,
    up: f64,
    down: f64,
    memory: f64,
}

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    const PARTS: [Part; 4] = [Part::Bare, Part::Encrypted, Part::Ours, Part::Postgres];
    let mut figures: [Vec<Figures>; 4] = Default::default();
    // In turns, so that whatever else the machine does falls on all of them.
    for _ in 0..plan.runs {
        for (part, figures) in PARTS.into_iter().zip(&mut figures) {
            figures.push(run(part)?);
        }
    }
    let [bare, encrypted, ours, postgres] = figures;
    let middle = |runs: &[Figures], figure: fn(&Figures) -> f64| median(runs.iter().map(figure).collect());
    let mut beside = |runs: &[Figures], work: &str, unit, figure: fn(&Figures) -> f64, bare, budget| {
        let (bare, what): (&[Figures], _) = bare;
        let bare = Some((middle(bare, figure), what));
        table.row(Row { work: work.into(), ours: middle(runs, figure), unit, bare, budget });
    };
    let plain = (&bare[..], BARE);
    beside(&ours, "push in batches of 100", "rec/s", |f| f.batched, plain, Budget::LeastOfBare(0.9));
    beside(&ours, "single push", "rec/s", |f| f.single, plain, Budget::None);
    beside(&ours, "single push, p99", "ms", |f| f.single_p99, plain, Budget::Most(2.0));
    beside(&ours, "pull of 1,000", "rec/s", |f| f.pulled, plain, Budget::LeastOfBare(0.65));
    beside(&ours, "bytes up for one of ciphertext", "x", |f| f.up, plain, Budget::Most(1.05));
    beside(&ours, "bytes down for one of ciphertext", "x", |f| f.down, plain, Budget::None);
    beside(&ours, "server memory after it", "MB", |f| f.memory, plain, Budget::Most(45.0));
    // Ours is encrypted at rest, the probe is not: this tells that cost apart from everything else.
    let sealed = (&encrypted[..], "the same probe on SQLCipher");
    beside(&ours, "push in batches of 100, both encrypted", "rec/s", |f| f.batched, sealed, Budget::None);
    beside(&ours, "pull of 1,000, both encrypted", "rec/s", |f| f.pulled, sealed, Budget::None);
    // Held to the figures of another sync server on Postgres, measured on a machine like this one.
    beside(
        &postgres,
        "Postgres: push in batches of 100",
        "rec/s",
        |f| f.batched,
        plain,
        Budget::Least(19_300.0),
    );
    beside(&postgres, "Postgres: single push", "rec/s", |f| f.single, plain, Budget::Least(1_000.0));
    beside(&postgres, "Postgres: pull of 1,000", "rec/s", |f| f.pulled, plain, Budget::Least(160_000.0));
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

    if matches!(part, Part::Postgres) {
        // Until its autovacuum has counted a new table's rows, Postgres plans every look-up as a walk over the space.
        for _ in 0..WARM_UP / 100 {
            wire.post("push", &body(100))?;
        }
        thread::sleep(Duration::from_secs(3));
    }
    let sent = wire.sent;
    let batches: Vec<Vec<u8>> = (0..RECORDS / 100).map(|_| body(100)).collect();
    let start = Instant::now();
    for batch in &batches {
        wire.post("push", batch)?;
    }
    let batched = RECORDS as f64 / start.elapsed().as_secs_f64();
    let up = (wire.sent - sent) as f64 / (RECORDS * CIPHERTEXT) as f64;

    let singles: Vec<Vec<u8>> = (0..SINGLES).map(|_| body(1)).collect();
    let mut times = Vec::with_capacity(SINGLES);
    let start = Instant::now();
    for single in &singles {
        let sent = Instant::now();
        let reply: PushResponse = decode(&wire.post("push", single)?)?;
        times.push(ms(sent.elapsed()));
        ensure!(reply.results.len() == 1, "one answer for one record");
    }
    let single = SINGLES as f64 / start.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let single_p99 = times.get(SINGLES * 99 / 100).copied().unwrap_or(f64::NAN);

    let (mut speeds, mut down) = (Vec::new(), 0.0);
    for _ in 0..3 {
        let (start, received) = (Instant::now(), wire.received);
        let (mut cursor, mut count) = (0, 0);
        loop {
            let reply: PullResponse = decode(&wire.get(&format!("pull?after={cursor}&limit=1000"))?)?;
            count += reply.records.len();
            cursor = reply.records.last().map_or(reply.head, |record| record.seq);
            if !reply.more {
                break;
            }
        }
        ensure!(count >= RECORDS + SINGLES, "{count} records came back");
        down = (wire.received - received) as f64 / (count * CIPHERTEXT) as f64;
        speeds.push(count as f64 / start.elapsed().as_secs_f64());
    }
    Ok(Figures { batched, single, single_p99, pulled: median(speeds), up, down, memory: server.memory_mb()? })
}
