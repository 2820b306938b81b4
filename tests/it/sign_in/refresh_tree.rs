//! The rule of refreshing (sign-in.md 2.6) over the real handler on the embedded store: every schedule up to a length, as a
//! tree. What one branch did is put back before the next, so that each branch costs one request.
//!
//! The longer schedules with a thief, each of which takes 8 ms here, are walked against the rule itself, below the handler (`refresh_model.rs`), and over HTTP on Postgres as a
//! sample (`refresh_sample.rs`).

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use kinfolio_server::store::{Row, Tx};
use support::server::InProcess;

use super::refresh_sample::{Schedule, Tokens};
use super::{EMAIL, PASSWORD, clock};

/// Longest schedule of an honest phone: 3 + 9 + … + 3^9 are 29,523 of them, at less than a millisecond each.
const HONEST: usize = 9;
/// Longest schedule with a thief; one that has ended the sign-in is not made longer.
const WITH_THIEF: usize = 4;

/// The rows of the one sign-in.
struct Kept {
    refresh: Vec<Row>,
    access: Vec<Row>,
}

struct Tree<'a> {
    schedule: Schedule<'a>,
    schedules: u64,
}

impl Tree<'_> {
    async fn keep(&self) -> Kept {
        let read = |tx: &mut Tx<'_>| {
            let refresh = tx.query(
                "SELECT token_hash, signin_id, state, next_hash, access_hash, created_at FROM refresh_tokens",
                &[],
            )?;
            let access = tx.query(
                "SELECT token_hash, signin_id, expires_at, first_used_at, superseded_at FROM access_tokens",
                &[],
            )?;
            Ok(Kept { refresh, access })
        };
        self.schedule.server.state.store.account_read(read).await.unwrap()
    }

    /// Takes everything back that was done since.
    async fn put_back(&self, kept: &Kept) {
        let values = |rows: &[Row], columns: usize| {
            let row = |row: &Row| (0..columns).map(|at| row.value(at).unwrap().clone()).collect::<Vec<_>>();
            rows.iter().flat_map(row).collect::<Vec<_>>()
        };
        let (refresh, access) = (values(&kept.refresh, 6), values(&kept.access, 5));
        let write = move |tx: &mut Tx<'_>| {
            tx.execute("DELETE FROM refresh_tokens", &[])?;
            tx.execute("DELETE FROM access_tokens", &[])?;
            tx.execute("UPDATE signins SET revoked_at = NULL, revoked_reason = NULL", &[])?;
            tx.execute_many(
                "INSERT INTO access_tokens (token_hash, signin_id, expires_at, first_used_at, superseded_at) VALUES",
                5,
                &access,
                "",
            )?;
            tx.execute_many(
                "INSERT INTO refresh_tokens (token_hash, signin_id, state, next_hash, access_hash, created_at) VALUES",
                6,
                &refresh,
                "",
            )
        };
        self.schedule.server.state.store.account(write).await.unwrap();
    }

    fn honest(&mut self, phone: Tokens, steps: usize) -> LocalBoxFuture<'_, ()> {
        async move {
            if steps == 0 {
                return;
            }
            let kept = self.keep().await;
            // The answer arrives, is lost, or the access token is used.
            for step in 0..3 {
                let next = match step {
                    2 => {
                        assert!(self.schedule.works(&phone.access).await, "what came last works");
                        phone.clone()
                    }
                    _ => {
                        let fresh = self.schedule.refresh(&phone.refresh).await;
                        let fresh = fresh.expect("an honest phone is never signed out");
                        if step == 0 { fresh } else { phone.clone() }
                    }
                };
                self.schedules += 1;
                self.honest(next, steps - 1).await;
                self.put_back(&kept).await;
            }
        }
        .boxed_local()
    }

    fn with_thief(&mut self, phone: Tokens, thief: Tokens, steps: usize) -> LocalBoxFuture<'_, ()> {
        async move {
            let kept = self.keep().await;
            let (live, alive) = self.schedule.branches().await;
            assert!(live <= 1, "never two live branches");
            // From here, both act once: whoever is second ends it for both.
            for order in [[&phone, &thief], [&thief, &phone]] {
                for holder in order {
                    if let Some(fresh) = self.schedule.refresh(&holder.refresh).await {
                        self.schedule.works(&fresh.access).await;
                    }
                }
                assert!(!self.schedule.branches().await.1, "both have acted: the sign-in is dead");
                self.put_back(&kept).await;
            }
            if steps == 0 || !alive {
                return;
            }
            for step in 0..6 {
                let (mut phone, mut thief) = (phone.clone(), thief.clone());
                let mine = if step < 3 { &mut phone } else { &mut thief };
                match step % 3 {
                    0 => *mine = self.schedule.refresh(&mine.refresh).await.unwrap_or_else(|| mine.clone()),
                    1 => drop(self.schedule.refresh(&mine.refresh).await),
                    _ => drop(self.schedule.works(&mine.access).await),
                }
                self.schedules += 1;
                self.with_thief(phone, thief, steps - 1).await;
                self.put_back(&kept).await;
            }
        }
        .boxed_local()
    }
}

/// A server with one account, whose limits and disk are no part of what is measured.
async fn server(folder: &tempfile::TempDir) -> InProcess {
    let data = folder.path().join("server");
    let change = move |config: &mut kinfolio_server::Config| {
        config.data = data;
        config.limits.token_per_minute = u32::MAX;
        config.limits.records_per_minute = u32::MAX;
    };
    let server = InProcess::start_with(change, clock()).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    server
}

async fn tree(server: &InProcess) -> Tree<'_> {
    let user = server.state.store.account_read(|tx| tx.query_one("SELECT user_id FROM users", &[])).await;
    let user = user.unwrap().unwrap().id(0).unwrap();
    Tree { schedule: Schedule::begin(server, user, 1).await, schedules: 0 }
}

/// In memory, where this machine has such a folder: nothing here is about disks.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_short_schedule_of_lost_answers_over_the_handler_keeps_an_honest_phone_signed_in() {
    let folder = folder();
    let server = server(&folder).await;
    let begun = std::time::Instant::now();
    let mut tree = tree(&server).await;
    let phone = tree.schedule.phone.clone();
    tree.honest(phone, HONEST).await;
    println!("{} schedules in {:?}", tree.schedules, begun.elapsed());
    assert_eq!(tree.schedules, (3_u64.pow(HONEST as u32 + 1) - 3) / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_handler_a_thief_with_a_copy_of_the_refresh_token_never_lives_beside_the_phone() {
    let folder = folder();
    let server = server(&folder).await;
    let begun = std::time::Instant::now();
    let mut tree = tree(&server).await;
    let (phone, thief) = (tree.schedule.phone.clone(), tree.schedule.thief.clone());
    tree.with_thief(phone, thief, WITH_THIEF).await;
    println!("{} schedules in {:?}", tree.schedules, begun.elapsed());
    assert!(tree.schedules > 1_000, "{}", tree.schedules);
}
