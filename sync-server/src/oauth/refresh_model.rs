//! The model of sign-in.md 2.6, walked exhaustively against the real rule: an honest phone is never signed
//! out, and a thief with a copy never lives beside it.

use std::cell::Cell;

use rusqlite::Connection;

use super::{Client, Outcome, Presented, Seen, rotate};
use crate::accounts::{acknowledge, look_up};
use crate::oauth::token::keep;
use crate::store::memory;

/// Longest honest schedule: 3 + 9 + … + 3^9 of them.
const HONEST: usize = 9;
/// Longest schedule with a thief; one that has ended the sign-in is not made longer.
const WITH_THIEF: usize = 7;

/// What somebody holds: numbers stand for tokens.
#[derive(Clone, Copy)]
struct Holder {
    refresh: u64,
    access: Option<u64>,
}

struct World<'a> {
    store: &'a Connection,
    next: Cell<u64>,
    schedules: Cell<u64>,
}

fn token(number: u64, kind: u8) -> [u8; 32] {
    let mut hash = [kind; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash
}

impl World<'_> {
    /// Presents a refresh token: the new pair if it is accepted.
    fn refresh(&self, refresh: u64) -> Option<Holder> {
        let fresh = self.next.get();
        self.next.set(fresh + 1);
        let presented = Presented {
            hash: token(refresh, b'r'),
            client: Client::Phone,
            proof: None,
            issuer: String::new(),
            access: token(fresh, b'a'),
            fresh: token(fresh, b'r'),
            seen: Seen::default(),
            now_us: 1,
        };
        let outcome = rotate(&mut memory::tx(self.store), &presented).unwrap();
        matches!(outcome, Outcome::Fresh(_)).then_some(Holder { refresh: fresh, access: Some(fresh) })
    }

    /// Uses an access token as a request does.
    fn use_access(&self, access: u64) -> bool {
        let mut tx = memory::tx(self.store);
        match look_up(&mut tx, token(access, b'a'), 1) {
            Ok((_, true)) => acknowledge(&mut tx, token(access, b'a'), 1).is_ok(),
            Ok(_) => true,
            Err(_) => false,
        }
    }

    fn count(&self, sql: &str) -> i64 {
        self.store.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Runs `f` and takes everything back: how one store walks a whole tree of schedules.
    fn branch(&self, f: impl FnOnce()) {
        self.store.execute_batch("SAVEPOINT branch").unwrap();
        f();
        self.store.execute_batch("ROLLBACK TO branch; RELEASE branch").unwrap();
    }

    fn honest(&self, phone: Holder, steps: usize) {
        if steps == 0 {
            return;
        }
        let arrived = || {
            let phone = self.refresh(phone.refresh).expect("an honest phone is never signed out");
            self.schedules.set(self.schedules.get() + 1);
            self.honest(phone, steps - 1);
        };
        let lost = || {
            self.refresh(phone.refresh).expect("an honest phone is never signed out");
            self.schedules.set(self.schedules.get() + 1);
            self.honest(phone, steps - 1);
        };
        let used = || {
            if let Some(access) = phone.access {
                assert!(self.use_access(access), "what came last works, whatever was lost since");
            }
            self.schedules.set(self.schedules.get() + 1);
            self.honest(phone, steps - 1);
        };
        self.branch(arrived);
        self.branch(lost);
        self.branch(used);
    }

    fn with_thief(&self, phone: Holder, thief: Holder, steps: usize) {
        assert!(
            self.count("SELECT count(*) FROM refresh_tokens WHERE state = 'live'") <= 1,
            "never two live branches"
        );
        // From here, both act once: whoever is second ends it for both.
        for order in [[phone, thief], [thief, phone]] {
            self.branch(|| {
                for holder in order {
                    if let Some(fresh) = self.refresh(holder.refresh) {
                        self.use_access(fresh.refresh);
                    }
                }
                let alive = self.count("SELECT count(*) FROM signins WHERE revoked_at IS NULL");
                assert_eq!(alive, 0, "both have acted: the sign-in is dead");
            });
        }
        // The branch above has shown that a dead sign-in answers nobody: nothing is to be learnt after its end.
        let over = self.count("SELECT count(*) FROM signins WHERE revoked_at IS NULL") == 0;
        if steps == 0 || over {
            return;
        }
        let moves: [&dyn Fn(); 6] = [
            &|| self.with_thief(self.refresh(phone.refresh).unwrap_or(phone), thief, steps - 1),
            &|| {
                self.refresh(phone.refresh);
                self.with_thief(phone, thief, steps - 1);
            },
            &|| {
                phone.access.map(|access| self.use_access(access));
                self.with_thief(phone, thief, steps - 1);
            },
            &|| self.with_thief(phone, self.refresh(thief.refresh).unwrap_or(thief), steps - 1),
            &|| {
                self.refresh(thief.refresh);
                self.with_thief(phone, thief, steps - 1);
            },
            &|| {
                thief.access.map(|access| self.use_access(access));
                self.with_thief(phone, thief, steps - 1);
            },
        ];
        for step in moves {
            self.schedules.set(self.schedules.get() + 1);
            self.branch(step);
        }
    }
}

fn with_world(walk: impl FnOnce(&World<'_>, Holder)) -> u64 {
    let store = memory::accounts();
    store
        .execute_batch(
            "PRAGMA synchronous = OFF;
             INSERT INTO users (user_id, email, email_ci, email_verified_at, adult_at, adult_text, created_at)
             VALUES (zeroblob(16), 'a@b.c', 'a@b.c', 0, 0, '', 0);
             INSERT INTO signins VALUES (zeroblob(16), zeroblob(16), 'app.kinfolio', NULL, 'sync', 'pwd', 0, 0, 0,
                                         9000000000000000, 9000000000000000, NULL, NULL, NULL, NULL, NULL, NULL);
             BEGIN;",
        )
        .unwrap();
    keep(&mut memory::tx(&store), [0; 16], token(0, b'a'), token(0, b'r'), 1).unwrap();
    let world = World { store: &store, next: Cell::new(1), schedules: Cell::new(0) };
    walk(&world, Holder { refresh: 0, access: Some(0) });
    world.schedules.get()
}

#[test]
fn no_schedule_of_lost_answers_ever_signs_an_honest_phone_out() {
    let schedules = with_world(|world, phone| world.honest(phone, HONEST));
    assert_eq!(schedules, 29_523);
}

#[test]
fn a_thief_with_a_copy_of_the_refresh_token_never_lives_beside_the_phone() {
    let schedules = with_world(|world, phone| {
        world.with_thief(phone, Holder { access: None, ..phone }, WITH_THIEF);
    });
    assert_eq!(schedules, 172_962);
}
