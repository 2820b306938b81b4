//! Starting and stopping: one line, a private secrets file, the right environment, no role that could look
//! past row security, and logs that hold nothing.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use kinfolio_server::clock::{OsRandomness, SystemClock};
use kinfolio_server::config::{Environment, StartError};
use kinfolio_server::{Config, State};
use support::authenticator::Authenticator;
use support::browser::{Browser, code_from, mails_to};
use support::engine::{Engine, Place};
use support::on_each_engine;
use support::postgres::ScratchPostgres;
use support::server::{Process, config, is_let_go};

use super::{App, EMAIL, PASSWORD};

on_each_engine!(
    rfc_9700_32_asvs_16_2_5_the_servers_log_holds_no_password_code_token_cookie_or_address,
    a_start_says_which_limits_it_keeps,
    a_first_start_makes_a_secrets_file_for_its_owner_alone,
    a_store_and_its_secrets_belong_to_one_environment,
    a_store_without_the_secrets_it_was_made_with_stops_the_start,
    a_store_with_the_secrets_of_another_says_so,
);

/// A configuration in this folder, whose rows are kept at this place.
fn config_at(folder: &Path, place: &Place) -> Config {
    let mut config = config(folder);
    place.written_to(&mut config);
    config
}

/// Starts a server once, and waits until it has let go of its folder.
async fn start_and_stop(config: Config) {
    let data = config.data.clone();
    drop(start(config).await.unwrap());
    is_let_go(&data).await;
}

async fn start(config: Config) -> Result<State, StartError> {
    State::start_with(config, Arc::new(SystemClock), Arc::new(OsRandomness)).await
}

async fn rfc_9700_32_asvs_16_2_5_the_servers_log_holds_no_password_code_token_cookie_or_address(
    engine: &Engine,
) {
    let folder = tempfile::tempdir().unwrap();
    let place = engine.place().await;
    let (flags, variables) = (["--listen", "127.0.0.1:0"], [("KINFOLIO_LOG", "trace")]);
    let mut server = place.process(folder.path(), &flags, &variables);
    let (base, mail) = (server.base().to_owned(), folder.path().join("mail"));
    let mut browser = Browser::new(&base);
    browser.register(EMAIL, PASSWORD, &mail).await;
    let mut app = App::desktop(&base);
    let callback = browser.authorize(&app.authorize_url()).await;
    app.redeem(&mut browser, &callback).await;
    let page = browser.get("/account/two-step").await;
    let page = browser.fill(&page, "/account/two-step", &[]).await;
    let authenticator = Authenticator::typed_from(&page);
    let digits = authenticator.now();
    let typed = format!("{} {}", &digits[..3], &digits[3..]);
    let paper = browser.fill(&page, "/account/two-step/new", &[("code", &typed)]).await;
    let paper = paper.text.split("<li>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let old = app.refresh.clone();
    app.refresh(&mut browser).await;
    app.api(&mut browser, "GET", "/api/v1/me").await;
    app.try_refresh(&mut browser, &old).await;
    browser.get(&format!("/api/v1/me?access_token={}", app.access)).await;
    let code = support::browser::query_of(&callback, "code").unwrap();
    let mail_code = code_from(&mails_to(&mail, EMAIL)[0]);
    let cookies =
        ["sid", "tx", "known"].map(|name| browser.cookie(name).unwrap_or("none-such-cookie").to_owned());
    assert_eq!(server.terminate(), Some(0), "SIGTERM is a clean stop");
    let log = server.log();
    assert!(log.contains("\"started\"") || log.contains("started"), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "JSON lines");
    let secrets = std::fs::read_to_string(folder.path().join("server/secrets.json")).unwrap();
    let secrets: serde_json::Value = serde_json::from_str(&secrets).unwrap();
    let keys = ["store_key", "mac_key", "pepper"].map(|name| secrets[name].as_str().unwrap().to_owned());
    let digits = mail_code.replace(' ', "");
    let canaries = [
        PASSWORD,
        EMAIL,
        &code,
        &digits,
        &mail_code,
        &app.access,
        &app.refresh,
        &old,
        &app.verifier,
        &app.state,
        &typed,
        &authenticator.key,
        &paper,
        &cookies[0],
        &cookies[1],
        &cookies[2],
        &keys[0],
        &keys[1],
        &keys[2],
    ];
    for canary in canaries {
        assert!(!log.contains(canary), "the log holds {canary}");
        let encoded = support::browser::encode(canary);
        assert!(!log.contains(&encoded), "the log holds {encoded}");
    }
}

async fn a_start_says_which_limits_it_keeps(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--listen", "127.0.0.1:0", "--limits-totp-per-hour", "7"];
    let mut server = engine.place().await.process(folder.path(), &flags, &[]);
    assert_eq!(server.terminate(), Some(0));
    let log = server.log();
    for said in ["login_burst: 10", "register_per_hour: 3", "token_per_minute: 60", "totp_per_hour: 7"] {
        assert!(log.contains(said), "{said}: {log}");
    }
}

async fn a_first_start_makes_a_secrets_file_for_its_owner_alone(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    start_and_stop(config_at(folder.path(), &place)).await;
    let path = folder.path().join("server/secrets.json");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(start(config_at(folder.path(), &place)).await, Err(StartError::Config(_))));
}

async fn a_store_and_its_secrets_belong_to_one_environment(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    start_and_stop(config_at(folder.path(), &place)).await;
    let mut other = config_at(folder.path(), &place);
    other.environment = Some(Environment::Production);
    assert!(matches!(start(other.clone()).await, Err(StartError::Config(_))), "its secrets");
    // With secrets of its own the store says no.
    let path = folder.path().join("server/secrets.json");
    let text = std::fs::read_to_string(&path).unwrap().replace("development", "production");
    std::fs::write(&path, text).unwrap();
    match start(other).await {
        Err(StartError::Config(why)) => assert!(why.contains("the store belongs to development"), "{why}"),
        _ => panic!("the other environment's store was opened"),
    }
}

async fn a_store_without_the_secrets_it_was_made_with_stops_the_start(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let with_data = |data: &str| {
        let mut config = config_at(folder.path(), &place);
        config.data = folder.path().join(data);
        config
    };
    let mut again_in = vec![with_data("one")];
    // A second machine on the same database needs the first one's secrets too.
    again_in.extend(place.database().map(|_| with_data("two")));
    for again in again_in {
        let made = with_data("one");
        start_and_stop(made.clone()).await;
        let (path, fresh) = (made.data.join("secrets.json"), again.data.join("secrets.json"));
        let copy = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        for _ in 0..2 {
            match start(again.clone()).await {
                Err(StartError::Config(why)) => assert!(why.contains("from its copy"), "{why}"),
                _ => panic!("it started with new secrets"),
            }
            assert!(!fresh.exists(), "no secrets are left that belong to no store");
        }
        std::fs::write(&fresh, copy).unwrap();
        std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600)).unwrap();
        start_and_stop(again).await;
        std::fs::rename(fresh, path).unwrap();
    }
}

/// Starts a server whose files may not grow beyond so many KiB. Whether it came to listen; then it is killed.
fn starts_within(folder: &Path, kib: u64) -> bool {
    let limited = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    let mut server = Command::new("bash");
    server.args(["-c", &limited]).arg(support::server::binary());
    server.args(["serve", "--weak-hash", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("server"));
    server.arg("--mail").arg(format!("dir:{}", folder.join("mail").display()));
    let mut child = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _ = child.kill();
    child.wait().unwrap();
    line.starts_with("listening on ")
}

#[test]
fn a_first_start_that_stops_at_a_full_disk_leaves_a_store_that_starts_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    assert!(starts_within(folder.path(), 100_000));
    // What a first start writes: killed, it leaves its log as it was.
    let whole = std::fs::metadata(folder.path().join("server/accounts.db-wal")).unwrap().len() / 1024;
    let mut stopped = 0;
    // Its last writes, a page after the other: the last of all says whose the store is.
    for kib in (whole.saturating_sub(20)..=whole + 4).step_by(4) {
        let folder = tempfile::tempdir().unwrap();
        let started = starts_within(folder.path(), kib);
        stopped += usize::from(!started);
        assert!(starts_within(folder.path(), 100_000), "with room again, after {kib} of {whole} KiB");
    }
    assert!((2..=6).contains(&stopped), "{stopped} of 7 starts stopped: the disk was full at the wrong time");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(config(folder.path())).await.unwrap();
    match start(config(folder.path())).await {
        Err(StartError::Config(why)) => assert!(why.contains("another server uses the data folder"), "{why}"),
        _ => panic!("a second one started"),
    }
    drop(first);
}

async fn a_store_with_the_secrets_of_another_says_so(engine: &Engine) {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = engine.place().await;
    start_and_stop(config_at(folder.path(), &place)).await;
    start_and_stop(config_at(other.path(), &engine.place().await)).await;
    let secrets = |folder: &Path| config(folder).data.join("secrets.json");
    std::fs::copy(secrets(other.path()), secrets(folder.path())).unwrap();
    match start(config_at(folder.path(), &place)).await {
        Err(StartError::Config(why)) => {
            assert!(why.contains("secrets file") && why.contains("back"), "{why}")
        }
        _ => panic!("it started with the secrets of another store"),
    }
}

#[tokio::test]
async fn families_without_their_accounts_stop_the_start_and_a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    start_and_stop(config.clone()).await;
    let (accounts, family) = (config.data.join("accounts.db"), config.data.join("families/00.db"));
    let whole = std::fs::read(&accounts).unwrap();
    let says = async |wanted: &str| match start(config.clone()).await {
        Err(error) => assert!(error.to_string().contains(wanted), "{error}"),
        Ok(_) => panic!("it started: {wanted}"),
    };
    std::fs::write(&family, "a family").unwrap();
    std::fs::write(&accounts, "").unwrap();
    says("put accounts.db and what begins with its name back").await;
    std::fs::remove_file(&accounts).unwrap();
    says("accounts.db is missing or empty").await;
    assert!(!accounts.exists(), "nothing is made in its place");
    std::fs::write(&accounts, &whole[..whole.len() / 2]).unwrap();
    says("accounts.db in the data folder cannot be opened").await;
    // Behind its first page.
    let mut bitten = whole.clone();
    bitten[whole.len() / 2] ^= 1;
    bitten[5000] ^= 1;
    std::fs::write(&accounts, &bitten).unwrap();
    match start(config.clone()).await {
        Err(error) => assert!(!error.to_string().contains("500"), "{error}"),
        Ok(_) => panic!("it started on a damaged store"),
    }
    is_let_go(&config.data).await;
    std::fs::write(&accounts, &whole).unwrap();
    start_and_stop(config).await;
}

#[tokio::test]
async fn a_limit_of_nothing_and_another_kind_of_database_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let [mut none, mut never, mut foreign] = ["a", "b", "c"].map(|name| config(&folder.path().join(name)));
    none.limits.register_per_hour = 0;
    never.limits.header_seconds = 0;
    foreign.database_url = Some("mysql://kinfolio:geheim@127.0.0.1:1/kinfolio".into());
    let wrong =
        [(none, "limits-register-per-hour"), (never, "limits-header-seconds"), (foreign, "use postgres://")];
    for (config, says) in wrong {
        match start(config).await {
            Err(StartError::Config(why)) => assert!(why.contains(says) && !why.contains("geheim"), "{why}"),
            _ => panic!("it started, or went on trying"),
        }
    }
}

#[test]
fn a_planted_fault_is_refused_beyond_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let planted = [("KINFOLIO_PLANTED", "csrf")];
    // Behind a proxy on the same machine, too.
    for listen in ["0.0.0.0:0", "127.0.0.1:0"] {
        let flags =
            ["--listen", listen, "--trusted-proxy", "10.0.0.0/8", "--public-url", "https://a.example"];
        let Err((code, log)) = Process::try_start_as_for_people(folder.path(), &flags, &planted) else {
            panic!("it started without a defence");
        };
        assert_eq!(code, Some(78), "{log}");
        assert!(log.contains("planted faults are for tests on this machine only"), "{log}");
    }
}

#[tokio::test]
async fn weak_hashes_are_refused_beyond_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let mut public = config(folder.path());
    public.public_url = Some("https://sync.example.org".into());
    assert!(matches!(start(public).await, Err(StartError::Config(_))));
    let mut listens = config(folder.path());
    listens.listen = "0.0.0.0:0".parse().unwrap();
    listens.public_url = Some("http://127.0.0.1:1".into());
    assert!(matches!(start(listens).await, Err(StartError::Config(_))));
}

fn exit_of(folder: &Path, flags: &[&str]) -> (Option<i32>, String) {
    match Process::try_start(folder, flags, &[]) {
        Ok(_) => panic!("it started with {flags:?}"),
        Err(ended) => ended,
    }
}

#[test]
fn a_mistyped_mail_address_stops_the_start_and_shows_no_password() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in ["smpt://user:canary@mail.example.org", "user:canary@mail.example.org:587", "dir:"] {
        let (code, log) = exit_of(folder.path(), &["--listen", "127.0.0.1:0", "--mail", wrong]);
        assert_eq!(code, Some(78), "{log}");
        assert!(log.contains("use dir:FOLDER or smtp://") && !log.contains("canary"), "{log}");
        let mut serve = Command::new(support::server::binary());
        serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("server"));
        let ended = serve.env("KINFOLIO_MAIL", wrong).output().unwrap();
        let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
        assert_eq!(ended.status.code(), Some(78), "{said}");
        assert!(said.contains("use dir:FOLDER or smtp://") && !said.contains("canary"), "{said}");
    }
}

#[tokio::test]
async fn a_role_that_could_bypass_row_security_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let database = ScratchPostgres::start(&[]).database();
    database.migrate().await;
    let (app, accounts) = (database.app_url(), database.accounts_url());
    let refused = |app: &str, accounts: &str, why: &str| {
        let flags = ["--listen", "127.0.0.1:0", "--database-url", app, "--accounts-database-url", accounts];
        let (code, log) = exit_of(folder.path(), &flags);
        assert_eq!(code, Some(78), "{why}: {log}");
        assert!(log.contains(why), "{why}: {log}");
    };
    refused(&database.superuser_url(), &accounts, "is a superuser");
    refused(&app, &database.superuser_url(), "is a superuser");
    refused(&database.migrator_url(), &accounts, "is a member of another role");
    for (fault, mend, why) in [
        ("ALTER ROLE kinfolio_app BYPASSRLS", "ALTER ROLE kinfolio_app NOBYPASSRLS", "has BYPASSRLS"),
        ("ALTER ROLE kinfolio_app CREATEROLE", "ALTER ROLE kinfolio_app NOCREATEROLE", "has CREATEROLE"),
        ("GRANT kinfolio_owner TO kinfolio_app", "REVOKE kinfolio_owner FROM kinfolio_app", "is a member"),
        (
            "ALTER TABLE family.family OWNER TO kinfolio_app",
            "ALTER TABLE family.family OWNER TO kinfolio_owner",
            "owns tables",
        ),
    ] {
        database.psql(fault);
        refused(&app, &accounts, why);
        database.psql(mend);
    }
    // Mended, it starts.
    let flags = ["--listen", "127.0.0.1:0", "--database-url", &app];
    let mut server = Process::start_with(folder.path(), &flags, &[]);
    assert_eq!(server.terminate(), Some(0));
}

#[tokio::test]
async fn an_empty_database_is_not_touched_by_the_servers_own_role() {
    let folder = tempfile::tempdir().unwrap();
    let database = ScratchPostgres::shared().database();
    let flags = ["--listen", "127.0.0.1:0", "--database-url", &database.app_url()];
    let (code, log) = exit_of(folder.path(), &flags);
    assert_eq!(code, Some(78), "{log}");
    assert!(log.contains("kinfolio-server migrate"), "{log}");
    let status = Command::new(support::server::binary())
        .args(["migrate", "--migrator-database-url", &database.migrator_url()])
        .status()
        .unwrap();
    assert!(status.success());
    let mut server = Process::start_with(folder.path(), &flags, &[]);
    assert_eq!(server.terminate(), Some(0));
}
