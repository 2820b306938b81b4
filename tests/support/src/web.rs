//! What Node runs from tests/web: tests of pages in Debian's Chromium, and programs that nobody here wrote.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// tests/web with its dependencies installed as the lock file has them: once, however many tests ask at the same time.
pub fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let web = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/web"));
        // What the folder was filled from lies in it: after another checkout it is filled anew.
        let (wanted, installed) = (web.join("package-lock.json"), web.join("node_modules/filled-from.json"));
        let wanted = fs::read(wanted).expect("the lock file");
        if fs::read(&installed).ok().as_ref() != Some(&wanted) {
            let mut npm = Command::new("npm");
            let install =
                npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&web).status().expect("npm runs");
            assert!(install.success(), "npm ci in tests/web");
            fs::write(installed, wanted).expect("a note beside what is installed");
        }
        web
    })
}

/// Runs one test file of tests/web; panics with its output when it fails.
pub fn run(file: &str, variables: &[(&str, &OsStr)]) {
    let mut node = Command::new("node");
    node.args(["--test", file]).current_dir(folder()).envs(variables.iter().copied());
    let ran = node.output().expect("node runs");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}\n{err}");
}

/// npm oidc-provider, certified for OpenID Connect, on a port of this machine.
pub struct Issuer {
    child: Child,
    url: String,
    /// Node would end at its next line if nobody held the other end.
    _stdout: BufReader<ChildStdout>,
}

impl Issuer {
    /// Runs one of the programs of tests/web that print where they listen.
    pub fn start(file: &str, variables: &[(&str, &str)]) -> Self {
        let mut node = Command::new("node");
        node.arg(file).current_dir(folder()).envs(variables.iter().copied());
        let mut child = node.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("node runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        stdout.read_line(&mut line).expect("its first line");
        let url = line.trim().strip_prefix("listening on ").expect("where it listens").to_owned();
        Self { child, url, _stdout: stdout }
    }

    /// A provider with one client of this id and secret, which may come back to these addresses.
    pub fn provider(client_id: &str, client_secret: &str, redirect_uris: &[&str]) -> Self {
        Self::provider_that_says(true, client_id, client_secret, redirect_uris)
    }

    /// The same, which tells addresses that it has not verified, and says so.
    pub fn provider_of_unproven_addresses(
        client_id: &str,
        client_secret: &str,
        redirect_uris: &[&str],
    ) -> Self {
        Self::provider_that_says(false, client_id, client_secret, redirect_uris)
    }

    fn provider_that_says(
        email_verified: bool,
        client_id: &str,
        client_secret: &str,
        redirect_uris: &[&str],
    ) -> Self {
        let variables = [
            ("EMAIL_VERIFIED", if email_verified { "yes" } else { "no" }),
            ("CLIENT_ID", client_id),
            ("CLIENT_SECRET", client_secret),
            ("REDIRECT_URIS", &redirect_uris.join(" ")),
        ];
        Self::start("provider.mjs", &variables)
    }

    /// Its issuer.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
