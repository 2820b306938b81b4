//! The line to the server: TLS 1.2 and 1.3 only, shown with Debian's openssl; never plain beyond this machine.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use support::engine::{Engine, Place};
use support::on_each_engine;
use support::server::Process;
use support::smtp::{Pair, make_pair};
use tokio::io::AsyncReadExt as _;

on_each_engine!(
    tls_1_1_is_refused_and_1_2_and_1_3_are_accepted,
    a_certificate_exchanged_on_disk_is_served_without_a_restart,
    a_client_that_never_finishes_the_handshake_is_cut_off,
    a_plain_listener_beyond_this_machine_needs_a_trusted_proxy,
);

/// openssl offers TLS 1.1 only at its lowest security level.
const OLD: [&str; 3] = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn start(place: &Place, folder: &Path, pair: &Pair, more: &[&str]) -> Process {
    let mut flags =
        vec!["--listen", "127.0.0.1:0", "--tls-cert", text(&pair.cert), "--tls-key", text(&pair.key)];
    flags.extend(more);
    place.process(folder, &flags, &[])
}

fn port(server: &Process) -> &str {
    server.base().strip_prefix("https://").expect("it says https")
}

/// openssl's client: `flags` as they are, `said` once the line stands.
fn s_client(address: &str, flags: &[&str], said: &str) -> Output {
    let mut client = Command::new("openssl");
    client.args(["s_client", "-connect", address, "-ign_eof"]).args(flags);
    client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = client.spawn().unwrap();
    // A refused client may be gone already.
    let _ = child.stdin.take().unwrap().write_all(said.as_bytes());
    child.wait_with_output().unwrap()
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

async fn tls_1_1_is_refused_and_1_2_and_1_3_are_accepted(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let pair = make_pair(folder.path(), "one");
    let mut server = start(&engine.place().await, folder.path(), &pair, &[]);
    for (version, word) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let trust = ["-CAfile", text(&pair.cert), "-verify_return_error", "-verify_ip", "127.0.0.1", version];
        let out = s_client(port(&server), &trust, HEALTH);
        let shown = String::from_utf8_lossy(&out.stdout);
        assert!(shown.contains(&format!("New, {word}")), "{shown}");
        assert!(shown.contains("HTTP/1.1 200") && shown.contains(r#""status":"ok""#), "{shown}");
        assert!(shown.contains("strict-transport-security"), "an https page's headers: {shown}");
    }
    let out = s_client(port(&server), &OLD, HEALTH);
    let shown = String::from_utf8_lossy(&out.stdout);
    assert!(!out.status.success() && !shown.contains("HTTP/1.1"), "{shown}");
    assert!(String::from_utf8_lossy(&out.stderr).contains("SSL alert number"), "the server said no");
    // The same client speaks TLS 1.1 to a server that takes it: what was refused above was not its own doing.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut lax = Command::new("openssl")
        .args(["s_server", "-accept", &free, "-cert", text(&pair.cert), "-key", text(&pair.key), "-www"])
        .args(OLD)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    let mut spoken = false;
    while !spoken && Instant::now() < until {
        let out = s_client(&free, &OLD, "GET / HTTP/1.0\r\n\r\n");
        let shown = String::from_utf8_lossy(&out.stdout).into_owned();
        spoken = shown.contains("HTTP/1.0 200") && shown.contains("TLSv1.1");
    }
    lax.kill().unwrap();
    lax.wait().unwrap();
    assert!(spoken, "openssl's own server takes TLS 1.1 from this client");
    // Plain HTTP on this listener is no way in.
    let mut line = TcpStream::connect(port(&server)).unwrap();
    line.write_all(HEALTH.as_bytes()).unwrap();
    let mut plain = Vec::new();
    let _ = line.read_to_end(&mut plain);
    assert!(!plain.windows(4).any(|four| four == b"HTTP"), "{}", String::from_utf8_lossy(&plain));
    assert_eq!(server.terminate(), Some(0));
}

/// The name in the certificate that a new client is shown.
fn shown_name(server: &Process) -> String {
    let out = s_client(port(server), &[], HEALTH);
    let shown = String::from_utf8_lossy(&out.stdout).into_owned();
    let line = shown.lines().find(|line| line.starts_with("subject=")).unwrap_or_else(|| panic!("{shown}"));
    line.rsplit('=').next().unwrap().trim().to_owned()
}

fn wait_for(what: &str, mut so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

async fn a_certificate_exchanged_on_disk_is_served_without_a_restart(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (pair, next) = (make_pair(folder.path(), "one"), make_pair(folder.path(), "two"));
    let mut server = start(&engine.place().await, folder.path(), &pair, &[]);
    assert_eq!(shown_name(&server), "one");
    // Half exchanged: the new certificate beside the old key. The old pair goes on being served, and the log says so.
    std::fs::copy(&next.cert, &pair.cert).unwrap();
    wait_for("the log names the mismatch", || server.log().contains("don't belong together"));
    assert_eq!(shown_name(&server), "one");
    std::fs::copy(&next.key, &pair.key).unwrap();
    wait_for("the new certificate is served", || shown_name(&server) == "two");
    // A file that is gone for a moment changes nothing.
    std::fs::remove_file(&pair.key).unwrap();
    wait_for("the log names the file", || server.log().contains("cannot be read"));
    assert_eq!(shown_name(&server), "two");
    assert_eq!(server.log().matches("don't belong together").count(), 1, "said once");
    assert_eq!(server.terminate(), Some(0));
}

fn refused(folder: &Path, flags: &[&str], why: &str) -> String {
    match Process::try_start_as_for_people(folder, flags, &[]) {
        Ok(_) => panic!("it started with {flags:?}"),
        Err((code, log)) => {
            assert_eq!(code, Some(78), "{flags:?}: {log}");
            assert!(log.contains(why), "{flags:?}: {log}");
            log
        }
    }
}

async fn a_plain_listener_beyond_this_machine_needs_a_trusted_proxy(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let public = ["--public-url", "https://sync.example.org"];
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let flags = [&["--listen", listen][..], &public].concat();
        refused(folder.path(), &flags, "--tls-cert and --tls-key, or name the proxy");
        assert!(!folder.path().join("server").exists(), "nothing was made");
    }
    let flags = [&["--listen", "0.0.0.0:0", "--trusted-proxy", "10.0.0.0/8"][..], &public].concat();
    let mut behind = place.process_for_people(folder.path(), &flags);
    assert_eq!(behind.terminate(), Some(0));
    assert!(!behind.log().contains("counts as one address"), "{}", behind.log());
    // On this machine a proxy is at hand; without its name all people share one limit, which the log says.
    let flags = [&["--listen", "127.0.0.1:0"][..], &public].concat();
    let mut unnamed = place.process_for_people(folder.path(), &flags);
    assert_eq!(unnamed.terminate(), Some(0));
    assert!(unnamed.log().contains("counts as one address"), "{}", unnamed.log());
    // With TLS of its own it needs nobody in front.
    let pair = make_pair(folder.path(), "one");
    let tls = ["--listen", "0.0.0.0:0", "--tls-cert", text(&pair.cert), "--tls-key", text(&pair.key)];
    let flags = [&tls[..], &public].concat();
    let mut own = place.process_for_people(folder.path(), &flags);
    assert!(own.base().starts_with("https://0.0.0.0:"), "{}", own.base());
    assert_eq!(own.terminate(), Some(0));
    refused(folder.path(), &tls, "needs --public-url");
}

#[test]
fn a_certificate_that_cannot_be_served_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (make_pair(folder.path(), "one"), make_pair(folder.path(), "two"));
    let junk = folder.path().join("junk.pem");
    std::fs::write(&junk, "no PEM at all").unwrap();
    let (cert, key) = (text(&one.cert), text(&one.key));
    let here = ["--listen", "127.0.0.1:0"];
    for (flags, why) in [
        (vec!["--tls-cert", cert], "give both"),
        (vec!["--tls-key", key], "give both"),
        (vec!["--tls-cert", cert, "--tls-key", text(&two.key)], "don't belong together"),
        (vec!["--tls-cert", text(&junk), "--tls-key", key], "holds none"),
        (vec!["--tls-cert", cert, "--tls-key", cert], "no PEM private key"),
        (vec!["--tls-cert", cert, "--tls-key", "/nowhere/key.pem"], "/nowhere/key.pem cannot be read"),
        (
            vec!["--tls-cert", cert, "--tls-key", key, "--public-url", "http://127.0.0.1:8484"],
            "must begin with https://",
        ),
    ] {
        refused(folder.path(), &[&here[..], &flags].concat(), why);
    }
}

#[test]
fn a_database_on_another_machine_needs_verify_full() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "canary-of-the-database";
    let there = format!("postgres://kinfolio_app:{secret}@db.invalid/kinfolio?sslmode=require");
    let flags = ["--listen", "127.0.0.1:0", "--database-url", &there];
    let log = refused(folder.path(), &flags, "sslmode=verify-full");
    assert!(!log.contains(secret), "{log}");
    let safe = there.replace("require", "verify-full");
    let flags = ["--listen", "127.0.0.1:0", "--database-url", &safe, "--accounts-database-url", &there];
    let log = match Process::try_start_as_for_people(folder.path(), &flags, &[]) {
        Ok(_) => panic!("no database is there"),
        Err((_, log)) => log,
    };
    assert!(log.contains("sslmode=verify-full"), "the account plane's URL is looked at too: {log}");
    let ran = Command::new(support::server::binary())
        .args(["migrate", "--migrator-database-url", &there])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(78));
}

async fn a_client_that_never_finishes_the_handshake_is_cut_off(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let pair = make_pair(folder.path(), "one");
    let mut server = start(&engine.place().await, folder.path(), &pair, &["--limits-header-seconds", "1"]);
    let mut silent = tokio::net::TcpStream::connect(port(&server)).await.unwrap();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(60), silent.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection is still open");
    assert_eq!(server.terminate(), Some(0));
}
