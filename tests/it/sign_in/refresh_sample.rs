//! The rule of refreshing (sign-in.md 2.6) over HTTP: a fixed sample of schedules, on Postgres alone as issue 4 asks. The model beside the rule
//! walks all of them on the embedded store.

use futures::{StreamExt as _, stream};
use kinfolio_server::store::{Tx, Value as Sql};
use serde_json::Value;
use sha2::{Digest, Sha256};
use support::browser::Browser;
use support::postgres::ScratchPostgres;
use support::server::InProcess;

use super::{EMAIL, PASSWORD, oauth_error};

/// Schedules of either kind.
const SAMPLE: u64 = 1_000;
const HONEST: u32 = 9;
const WITH_THIEF: u32 = 7;

/// A pair of tokens.
#[derive(Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// One sign-in, and the two that hold its tokens.
pub struct Schedule<'a> {
    pub server: &'a InProcess,
    browser: Browser,
    sign_in: [u8; 16],
    pub phone: Tokens,
    pub thief: Tokens,
}

impl<'a> Schedule<'a> {
    /// A sign-in of this account as the token endpoint would store it, under a known pair of tokens.
    pub async fn begin(server: &'a InProcess, user: [u8; 16], number: u64) -> Self {
        let name = |kind: &str| format!("{kind}_dev_{number:043}");
        let tokens = Tokens { access: name("hat"), refresh: name("hrt") };
        let hash = |text: &str| <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
        let (access, refresh) = (hash(&tokens.access), hash(&tokens.refresh));
        let sign_in = u128::from(number).to_be_bytes();
        let until = server.state.clock.now_us() + 900_000_000;
        let keep = move |tx: &mut Tx<'_>| {
            tx.execute(
                "INSERT INTO signins (signin_id, user_id, client_id, scope, amr, auth_time, created_at, last_used_at,
                                      idle_expires_at, expires_at)
                 VALUES ($1, $2, 'app.kinfolio', 'sync', 'pwd', 0, 0, 0, $3, $3)",
                &[sign_in.into(), user.into(), Sql::Int(until)],
            )?;
            tx.execute(
                "INSERT INTO access_tokens (token_hash, signin_id, expires_at) VALUES ($1, $2, $3)",
                &[access.into(), sign_in.into(), Sql::Int(until)],
            )?;
            tx.execute(
                "INSERT INTO refresh_tokens (token_hash, signin_id, state, access_hash, created_at)
                 VALUES ($1, $2, 'live', $3, 0)",
                &[refresh.into(), sign_in.into(), access.into()],
            )
        };
        server.state.store.account(keep).await.unwrap();
        Self { server, browser: server.browser(), sign_in, phone: tokens.clone(), thief: tokens }
    }

    /// The new pair, or none when the sign-in is over.
    pub async fn refresh(&mut self, refresh: &str) -> Option<Tokens> {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "app.kinfolio"), ("refresh_token", refresh)];
        let answer = self.browser.post("/oauth/token", &fields).await;
        if answer.status != 200 {
            assert_eq!(oauth_error(&answer), "invalid_grant");
            return None;
        }
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Some(Tokens { access: text("access_token"), refresh: text("refresh_token") })
    }

    /// Whether an access token is let in.
    pub async fn works(&mut self, access: &str) -> bool {
        let bearer = format!("Bearer {access}");
        let answer = self.browser.send("GET", "/api/v1/me", &[("authorization", &bearer)], None).await;
        assert!(matches!(answer.status, 200 | 401), "{}", answer.text);
        answer.status == 200
    }

    /// How many of its refresh tokens are live, and whether it is not revoked.
    pub async fn branches(&self) -> (i64, bool) {
        let sign_in = self.sign_in;
        let read = move |tx: &mut Tx<'_>| {
            tx.query_one(
                "SELECT (SELECT count(*) FROM refresh_tokens WHERE signin_id = $1 AND state = 'live'),
                        (SELECT count(*) FROM signins WHERE signin_id = $1 AND revoked_at IS NULL)",
                &[sign_in.into()],
            )?
            .map(|row| Ok((row.int(0)?, row.int(1)? == 1)))
            .transpose()
        };
        self.server.state.store.account_read(read).await.unwrap().unwrap()
    }
}

/// One of all the schedules of `steps` moves out of `kinds`: evenly spread, and the same at every run.
fn moves(number: u64, kinds: u64, steps: u32) -> Vec<u64> {
    let schedule = number * 7_919 % kinds.pow(steps);
    (0..steps).map(|step| schedule / kinds.pow(step) % kinds).collect()
}

async fn honest(mut schedule: Schedule<'_>, number: u64) {
    let moves = moves(number, 3, HONEST);
    for step in &moves {
        let phone = schedule.phone.clone();
        if *step == 2 {
            assert!(schedule.works(&phone.access).await, "what came last works: {moves:?}");
            continue;
        }
        let fresh = schedule.refresh(&phone.refresh).await;
        let fresh = fresh.unwrap_or_else(|| panic!("an honest phone is signed out: {moves:?}"));
        // Of 0 the answer arrives, of 1 it is lost.
        if *step == 0 {
            schedule.phone = fresh;
        }
    }
    assert_eq!(schedule.branches().await, (1, true), "{moves:?}");
}

async fn with_thief(mut schedule: Schedule<'_>, number: u64) {
    let moves = moves(number, 6, WITH_THIEF);
    for step in &moves {
        let mine = if *step < 3 { schedule.phone.clone() } else { schedule.thief.clone() };
        match step % 3 {
            0 => {
                let fresh = schedule.refresh(&mine.refresh).await.unwrap_or(mine);
                *(if *step < 3 { &mut schedule.phone } else { &mut schedule.thief }) = fresh;
            }
            1 => drop(schedule.refresh(&mine.refresh).await),
            _ => drop(schedule.works(&mine.access).await),
        }
        let (live, alive) = schedule.branches().await;
        assert!(live <= 1, "two live branches: {moves:?}");
        if !alive {
            break;
        }
    }
    for mine in [schedule.phone.clone(), schedule.thief.clone()] {
        if let Some(fresh) = schedule.refresh(&mine.refresh).await {
            schedule.works(&fresh.access).await;
        }
    }
    assert!(!schedule.branches().await.1, "both have acted, and the sign-in lives: {moves:?}");
    for mine in [schedule.phone.clone(), schedule.thief.clone()] {
        assert!(!schedule.works(&mine.access).await, "a token outlives the sign-in: {moves:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_schedules_on_postgres_keep_honest_phones_signed_in_and_thieves_out() {
    let server = InProcess::start_on(&ScratchPostgres::shared().database()).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let user = server.state.store.account_read(|tx| tx.query_one("SELECT user_id FROM users", &[])).await;
    let user = user.unwrap().unwrap().id(0).unwrap();
    let server = &server;
    let run = |number: u64| async move {
        let schedule = Schedule::begin(server, user, number).await;
        match number < SAMPLE {
            true => honest(schedule, number).await,
            false => with_thief(schedule, number - SAMPLE).await,
        }
    };
    let walked = stream::iter(0..2 * SAMPLE).map(run).buffer_unordered(8).count().await;
    assert_eq!(walked, 2_000);
}
