//! Random schedules: several phones found, join, rename, make recovery words and approve each other at once, while
//! requests and replies get lost and processes die between any two steps. In the end nobody is stuck, all agree, and
//! no key ever left a phone unsealed.

use std::sync::Arc;

use std::collections::BTreeSet;

use kinfolio_core::keys::{AskDetails, JoinState};
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::{Error, Result};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::phone::Phone;
use support::line::Fate;
use support::server::InProcess;

/// Schedules in one run; KINFOLIO_KEY_SEEDS asks for more.
const SEEDS: u64 = 25;
const PHONES: usize = 4;
const STEPS: usize = 90;

/// What must have happened for the run to mean anything.
#[derive(Debug, Default)]
struct Counts {
    joined_under_fire: u64,
    deaths: u64,
    lost_replies: u64,
    looks_again: u64,
    papers: u64,
    drafts: u64,
}

struct Seat {
    phone: Option<Phone>,
    member: bool,
    /// The code that it scanned: who showed it, and what that phone saw of the answer.
    code: Option<(usize, [u8; 16], Option<AskDetails>)>,
}

struct Schedule {
    seed: u64,
    random: StdRng,
    seats: Vec<Seat>,
    /// Every secret that any phone ever held, with what it was: a draft, a link and a death end them.
    secrets: BTreeSet<(&'static str, Vec<u8>)>,
    counts: Counts,
}

/// What a step may end in; anything else is a fault of the code.
fn tolerable(error: &Error) -> bool {
    matches!(error, Error::Offline(_) | Error::Refused { .. } | Error::NotFound(_) | Error::InvalidInput(_))
}

impl Schedule {
    async fn new(seed: u64, server: &InProcess) -> Self {
        let mut seats = Vec::new();
        for number in 0..PHONES {
            let phone = Phone::new(&format!("phone {number}"), server);
            phone.sign_in(server, &account(number)).await;
            seats.push(Seat { phone: Some(phone), member: number == 0, code: None });
        }
        Self {
            seed,
            random: StdRng::seed_from_u64(seed),
            seats,
            secrets: BTreeSet::new(),
            counts: Counts::default(),
        }
    }

    fn phone(&self, number: usize) -> &Phone {
        self.seats[number].phone.as_ref().expect("a phone")
    }

    fn restart(&mut self, number: usize) {
        let phone = self.seats[number].phone.take().expect("a phone");
        self.seats[number].phone = Some(phone.restart());
    }

    /// Bad luck for the next operation of this phone.
    fn set_fates(&mut self, number: usize) {
        let mut random = StdRng::seed_from_u64(self.random.random());
        self.phone(number).line.decide(move |_| match random.random_range(0..100) {
            0..2 => Fate::Lost,
            2..5 => Fate::ReplyLost,
            5..7 => Fate::DiesBefore,
            7..10 => Fate::DiesAfter,
            _ => Fate::Answered,
        });
    }

    /// Takes down the secrets that a phone holds now.
    fn note_secrets(&mut self, number: usize) {
        let held = secrets(self.phone(number));
        self.secrets.extend(held);
    }

    /// Runs one operation of a phone, which may die on the way and starts anew then. Its secrets are noted before and
    /// after: an operation may be the last that needs one.
    async fn operate<T>(
        &mut self,
        number: usize,
        operation: impl AsyncFnOnce(&Phone) -> Result<T>,
    ) -> Option<T> {
        self.note_secrets(number);
        let ended = self.run(number, operation).await;
        self.note_secrets(number);
        ended
    }

    async fn run<T>(&mut self, number: usize, operation: impl AsyncFnOnce(&Phone) -> Result<T>) -> Option<T> {
        let phone = self.phone(number);
        let line = phone.line.clone();
        let ended = tokio::select! {
            biased;
            () = line.death() => None,
            ended = operation(phone) => Some(ended),
        };
        match ended {
            None => {
                self.counts.deaths += 1;
                self.restart(number);
                None
            }
            Some(Ok(value)) => Some(value),
            Some(Err(error)) => {
                // Before sync is on there is nobody to invite.
                let early =
                    error == Error::NotEnrolled && self.phone(number).keys.place().unwrap().server.is_none();
                assert!(early || tolerable(&error), "seed {}: phone {number}: {error:?}", self.seed);
                if let Error::Refused { code, .. } = &error {
                    self.counts.looks_again += u64::from(code == "confirm_again");
                }
                None
            }
        }
    }

    fn some(&mut self, member: bool) -> Option<usize> {
        let those: Vec<_> = (0..PHONES).filter(|number| self.seats[*number].member == member).collect();
        match those.len() {
            0 => None,
            count => Some(those[self.random.random_range(0..count)]),
        }
    }

    async fn step(&mut self) {
        let (Some(member), outsider) = (self.some(true), self.some(false)) else { return };
        self.set_fates(member);
        if let Some(outsider) = outsider {
            self.set_fates(outsider);
        }
        match (self.random.random_range(0..16), outsider) {
            (0, _) => {
                self.operate(0, async |phone| phone.keys.turn_on_sync().await).await;
            }
            (1..=4, Some(outsider)) if self.seats[outsider].code.is_none() => {
                self.invite(member, outsider).await
            }
            (1..=10, Some(outsider)) => self.go_on(outsider).await,
            (11, _) => {
                let name = format!("renamed {}", self.random.random_range(0..1000));
                self.operate(member, async |phone| phone.keys.rename_device(&name).await).await;
            }
            (12, _) => {
                let made = self.phone(member).keys.make_recovery_words();
                if let Ok(words) = made {
                    let words = words.join(" ");
                    let set =
                        self.operate(member, async |phone| phone.keys.confirm_recovery(&words).await).await;
                    self.counts.papers += u64::from(set.is_some());
                }
            }
            (13, _) => {
                self.operate(member, async |phone| phone.keys.resume_pending().await).await;
            }
            (14, _) => self.restart(member),
            _ => {
                self.operate(member, async |phone| phone.keys.update().await).await;
            }
        }
    }

    async fn invite(&mut self, member: usize, outsider: usize) {
        let code = self.operate(member, async |phone| phone.keys.invite(false).await).await;
        let Some(code) = code else { return };
        self.phone(outsider).keys.scan(&code.payload).expect("an invite");
        self.seats[outsider].code = Some((member, code.link, None));
    }

    /// One more step of whoever is joining.
    async fn go_on(&mut self, outsider: usize) {
        let Some((host, link, seen)) = self.seats[outsider].code.clone() else { return };
        self.set_fates(host);
        match (self.random.random_range(0..3), seen) {
            (0, _) => {
                let state = self.operate(outsider, async |phone| phone.keys.join_state().await).await;
                match state {
                    Some(JoinState::Ready) => {
                        let joined = self
                            .operate(outsider, async |phone| {
                                phone.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await
                            })
                            .await;
                        // It may have died after the commit.
                        let joined =
                            joined.is_some() || self.phone(outsider).keys.place().unwrap().server.is_some();
                        self.seats[outsider].member = joined;
                        self.counts.joined_under_fire += u64::from(joined);
                    }
                    Some(JoinState::Expired | JoinState::None) => self.seats[outsider].code = None,
                    _ => {}
                }
            }
            (1, _) | (_, None) => {
                let seen = self.operate(host, async |phone| phone.keys.pending(link).await).await.flatten();
                if seen.is_some() {
                    self.seats[outsider].code = Some((host, link, seen));
                }
            }
            (_, Some(seen)) => {
                self.operate(host, async |phone| phone.keys.approve(&seen, "somebody").await).await;
            }
        }
    }

    /// The network is well again: everybody finishes what was begun, and everybody outside joins.
    async fn settle(&mut self) {
        for number in 0..PHONES {
            self.phone(number).line.mend();
        }
        self.phone(0).keys.turn_on_sync().await.expect("sync is on");
        for number in 0..PHONES {
            if self.seats[number].member {
                let settled = self.phone(number).keys.resume_pending().await;
                assert!(settled.is_ok(), "seed {}: phone {number} is stuck: {settled:?}", self.seed);
            }
        }
        for number in 1..PHONES {
            if self.seats[number].member {
                continue;
            }
            let (phone, host) = (self.phone(number), self.phone(0));
            if !matches!(phone.keys.join_state().await, Ok(JoinState::Ready)) {
                phone.keys.cancel_join().unwrap();
                let code = host.keys.invite(false).await.unwrap();
                phone.keys.scan(&code.payload).unwrap();
                assert_eq!(phone.keys.join_state().await, Ok(JoinState::Waiting), "seed {}", self.seed);
                let seen = host.keys.pending(code.link).await.unwrap().unwrap();
                host.keys.approve(&seen, "late").await.unwrap();
            }
            assert_eq!(phone.keys.join_state().await, Ok(JoinState::Ready), "seed {}", self.seed);
            phone.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
            self.seats[number].member = true;
        }
    }

    /// All agree, and what the server was sent holds no secret of any phone.
    async fn check(&mut self) {
        let mut histories = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for number in 0..PHONES {
            let phone = self.phone(number);
            phone.keys.update().await.unwrap();
            assert!(!phone.has_unanswered());
            histories.insert(phone.log_head());
            keys.insert(phone.newest_key());
            let names: Vec<_> = phone.keys.devices().unwrap().into_iter().map(|device| device.name).collect();
            assert!(names.iter().all(|name| !name.is_empty()), "seed {}: {names:?}", self.seed);
        }
        assert_eq!((histories.len(), keys.len()), (1, 1), "seed {}", self.seed);

        let sent: Vec<u8> = (0..PHONES).flat_map(|number| self.phone(number).line.sent()).collect();
        // Each window once: a set makes the search for many secrets one pass.
        let windows: BTreeSet<&[u8]> = sent.windows(32).collect();
        let short: BTreeSet<&[u8]> = sent.windows(16).collect();
        for number in 0..PHONES {
            self.note_secrets(number);
        }
        for (what, secret) in &self.secrets {
            let set = if secret.len() == 32 { &windows } else { &short };
            assert!(!set.contains(secret.as_slice()), "seed {}: leaked: {what}", self.seed);
            self.counts.drafts += u64::from(*what == DRAFT);
        }
        for number in 0..PHONES {
            self.counts.lost_replies += self.phone(number).line.lost_replies();
        }
    }
}

const DRAFT: &str = "SELECT entropy FROM recovery_draft";

/// Every private key, space key, code secret and entropy in a phone's store, with the question that found it.
fn secrets(phone: &Phone) -> Vec<(&'static str, Vec<u8>)> {
    phone
        .store()
        .read(|tx| {
            let mut secrets = Vec::new();
            for sql in [
                "SELECT kem_secret FROM family_self",
                "SELECT sign_seed FROM family_self",
                "SELECT key FROM space_key",
                "SELECT secret FROM link",
                "SELECT kem_secret FROM link WHERE kem_secret IS NOT NULL",
                "SELECT sign_seed FROM link WHERE sign_seed IS NOT NULL",
                DRAFT,
            ] {
                let mut statement = tx.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                secrets.extend(rows.map(|row| (sql, row.expect("a column"))));
            }
            Ok(secrets)
        })
        .unwrap()
}

fn account(number: usize) -> String {
    format!("parent{number}@example.org")
}

#[tokio::test]
async fn random_schedules_leave_nobody_stuck_and_no_key_in_the_open() {
    let server = InProcess::start().await;
    for number in 0..PHONES {
        Phone::new("for the account", &server).sign_up(&server, &account(number)).await;
    }
    let asked = std::env::var("KINFOLIO_KEY_SEEDS").ok().and_then(|asked| asked.parse().ok());
    let mut total = Counts::default();
    for seed in 0..asked.unwrap_or(SEEDS) {
        let mut schedule = Schedule::new(seed, &server).await;
        for _ in 0..STEPS {
            schedule.step().await;
        }
        schedule.settle().await;
        schedule.check().await;
        let counts = schedule.counts;
        total.joined_under_fire += counts.joined_under_fire;
        total.deaths += counts.deaths;
        total.lost_replies += counts.lost_replies;
        total.looks_again += counts.looks_again;
        total.papers += counts.papers;
        total.drafts += counts.drafts;
    }
    println!("{total:?}");
    if asked.is_none() {
        assert!(
            total.joined_under_fire >= SEEDS / 4 && total.papers >= SEEDS / 4 && total.drafts >= total.papers,
            "{total:?}"
        );
        assert!(total.deaths >= SEEDS && total.lost_replies >= SEEDS && total.looks_again > 0, "{total:?}");
    }
}
