//! Two servers on one Postgres that come to the same end: one of them brings it about, and one that lost its turn stops.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use kinfolio_protocol::sign;
use support::browser::mails_to;
use support::plane::{Body, Family, Phone, Server, record};
use support::postgres::{Database, ScratchPostgres};
use support::server::mail_is_out;

const DAY: i64 = 86_400;
const EMAIL: &str = "ann@example.org";

/// Two servers, and Ann's family, a photo of which lies in the folder of each.
struct Two {
    database: Database,
    servers: [Server; 2],
    ann: Phone,
    family: Family,
}

impl Two {
    async fn new() -> Self {
        let database = ScratchPostgres::shared().migrated().await;
        let first = Server::on(&database).await;
        let secrets = first.state.config.data.join("secrets.json");
        let second = Server::with(|mut config| {
            config.secrets = Some(secrets);
            config.database_url = Some(database.app_url());
            config.accounts_database_url = Some(database.accounts_url());
            config
        })
        .await;
        let ann = Phone::new(first.account(EMAIL).await);
        let family = Family::founded(&first, &ann).await;
        family.stored(&first, &ann, vec![record()]).await;
        let two = Self { database, servers: [first, second], ann, family };
        for photo in two.photos() {
            std::fs::create_dir_all(photo.parent().unwrap()).unwrap();
            std::fs::write(photo, "sealed").unwrap();
        }
        two
    }

    fn photos(&self) -> [PathBuf; 2] {
        let name = format!("blobs/{}/{}/0-{}", self.family.id, "a".repeat(32), "b".repeat(64));
        [0, 1].map(|at: usize| self.servers[at].state.config.data.join(&name))
    }

    fn photos_left(&self) -> usize {
        self.photos().iter().filter(|photo| photo.exists()).count()
    }

    fn advance(&self, seconds: i64) {
        self.servers.iter().for_each(|server| server.clock.advance(seconds));
    }

    /// Somebody else's transaction that has locked what `sql` selects, until [`Self::let_go`].
    fn hold(&self, sql: &str) -> std::thread::JoinHandle<()> {
        let held = format!("BEGIN; {sql} FOR UPDATE; SELECT pg_sleep(9);");
        let (url, database) = (self.database.superuser_url(), self.database.clone());
        let holding = std::thread::spawn(move || drop(database.try_psql(&url, &held)));
        self.until("query = 'SELECT pg_sleep(9);'", 1);
        holding
    }

    fn let_go(&self, holding: std::thread::JoinHandle<()>) {
        self.database.psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND query = 'SELECT pg_sleep(9);'",
        );
        holding.join().unwrap();
    }

    fn until(&self, what: &str, count: usize) {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid() AND {what}"
        );
        let end = Instant::now() + Duration::from_secs(8);
        while self.database.psql(&sql) != count.to_string() {
            assert!(Instant::now() < end, "never {count} with {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Both servers have looked for what is due before either does it.
    async fn sweep_at_once(&self, held: &str) {
        let holding = self.hold(held);
        let rounds: Vec<_> = self.servers.iter().map(|server| server.state.clone()).collect();
        let rounds = rounds.into_iter().map(|state| {
            tokio::spawn(async move { kinfolio_server::erase::round(&state).await.expect("a round") })
        });
        let rounds: Vec<_> = rounds.collect();
        self.until("wait_event_type = 'Lock'", 2);
        self.let_go(holding);
        for round in rounds {
            round.await.unwrap();
        }
    }

    async fn mails(&self, subject: &str) -> usize {
        let mut count = 0;
        for server in &self.servers {
            mail_is_out(&server.state).await;
            count += mails_to(&server.mail(), EMAIL).iter().filter(|mail| mail.contains(subject)).count();
        }
        count
    }

    async fn ordered(&self) {
        let request = self.ann.order(&self.servers[0], self.family.id, sign::erase_family).await;
        let path = self.family.path("/erasure");
        self.servers[0].call(&self.ann.who, "POST", &path, &request).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_servers_that_come_to_an_ordered_end_at_once_one_erases_and_each_mail_goes_out_once() {
    let two = Two::new().await;
    two.ordered().await;
    two.advance(11 * DAY);
    two.sweep_at_once("SELECT 1 FROM accounts.family_erasures").await;
    assert_eq!(two.mails("about to be erased").await, 2, "when it is ordered, and before the end");
    two.advance(3 * DAY);
    two.sweep_at_once("SELECT 1 FROM accounts.family_erasures").await;
    assert_eq!(two.mails("copy was erased").await, 1);
    assert_eq!(two.photos_left(), 1, "the other server destroyed nothing");
    assert_eq!(two.database.psql("SELECT count(*) FROM accounts.memberships"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_servers_that_come_to_an_accounts_end_at_once_one_puts_it_off_reminds_and_deletes() {
    let two = Two::new().await;
    // As the page begins it for an account without a family: due after seven days, both mails sent.
    two.database.psql(
        "INSERT INTO accounts.account_deletions (user_id, asked_at, due_at, mails_sent, next_at)
         SELECT user_id, created_at, created_at + 604800000000, 2, created_at + 604800000000 FROM accounts.users",
    );
    let held = "SELECT 1 FROM accounts.users u JOIN accounts.account_deletions d USING (user_id)";
    for (days, mails) in [(7, 1), (20, 2)] {
        two.advance(days * DAY);
        two.sweep_at_once(held).await;
        assert_eq!(two.mails("about to be deleted").await, mails, "{days} days on");
        assert_eq!(two.database.psql("SELECT mails_sent FROM accounts.account_deletions"), mails.to_string());
    }
    two.advance(3 * DAY);
    two.sweep_at_once(held).await;
    assert_eq!(two.mails("account was deleted").await, 1);
    assert_eq!(two.photos_left(), 1, "the other server destroyed nothing");
    for table in ["users", "memberships", "erasures"] {
        assert_eq!(two.database.psql(&format!("SELECT count(*) FROM accounts.{table}")), "0", "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lost_its_turn_destroys_nothing_more_and_the_next_goes_on_after_a_while() {
    let two = Two::new().await;
    two.ordered().await;
    for days in [11, 3] {
        two.advance(days * DAY);
        if days == 11 {
            kinfolio_server::erase::round(&two.servers[0].state).await.unwrap();
        }
    }
    // The first one stands still for so long that another takes the end in hand.
    let holding = two.hold("SELECT 1 FROM family.family");
    let state = two.servers[0].state.clone();
    let round = tokio::spawn(async move { kinfolio_server::erase::round(&state).await });
    two.until("wait_event_type = 'Lock'", 1);
    two.database.psql("UPDATE accounts.family_erasures SET next_at = next_at + 1");
    two.let_go(holding);
    round.await.unwrap().unwrap();
    assert_eq!(two.photos_left(), 2);
    assert_eq!(two.database.psql("SELECT count(*) FROM accounts.memberships"), "1");
    kinfolio_server::erase::round(&two.servers[1].state).await.unwrap();
    assert_eq!(two.photos_left(), 2, "it belongs to another");
    two.advance(601);
    kinfolio_server::erase::round(&two.servers[1].state).await.unwrap();
    assert!(!two.photos()[1].exists());
    assert_eq!(two.database.psql("SELECT count(*) FROM accounts.memberships"), "0");
    let request = two.ann.founding_again(&two.servers[1], &two.family).await;
    two.servers[1].call(&two.ann.who, "POST", "/families", request).await.is(201);
    let quota = two.family.path("/quota");
    two.servers[1].call(&two.ann.who, "GET", &quota, Body::None).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_called_off_in_the_moment_it_begins_leaves_nothing_behind() {
    let two = Two::new().await;
    two.ordered().await;
    two.advance(11 * DAY);
    kinfolio_server::erase::round(&two.servers[0].state).await.unwrap();
    two.advance(3 * DAY);
    let (url, database) = (two.database.superuser_url(), two.database.clone());
    let call_off = "BEGIN; DELETE FROM accounts.family_erasures; SELECT pg_sleep(3); COMMIT;";
    let calling_off = std::thread::spawn(move || database.try_psql(&url, call_off).unwrap());
    two.until("query = 'SELECT pg_sleep(3);'", 1);
    kinfolio_server::erase::round(&two.servers[0].state).await.unwrap();
    calling_off.join().unwrap();
    assert_eq!(two.database.psql("SELECT count(*) FROM accounts.family_erasures"), "0");
    assert_eq!(two.database.psql("SELECT count(*) FROM accounts.erased_devices"), "0");
    assert_eq!(two.photos_left(), 2, "it stays");
}
