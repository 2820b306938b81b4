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
pub struct CertifiedProvider {
    child: Child,
    issuer: String,
    /// Node would end at its next line if nobody held the other end.
    _stdout: BufReader<ChildStdout>,
}

impl CertifiedProvider {
    /// Starts it for a client of this id and secret that may come back to these addresses.
    pub fn start(client_id: &str, client_secret: &str, redirect_uris: &[&str]) -> Self {
        let mut node = Command::new("node");
        node.arg("provider.mjs").current_dir(folder()).stdout(Stdio::piped()).stderr(Stdio::null());
        node.env("CLIENT_ID", client_id).env("CLIENT_SECRET", client_secret);
        let mut child = node.env("REDIRECT_URIS", redirect_uris.join(" ")).spawn().expect("node runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        stdout.read_line(&mut line).expect("its first line");
        let issuer = line.trim().strip_prefix("listening on ").expect("where it listens").to_owned();
        Self { child, issuer, _stdout: stdout }
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl Drop for CertifiedProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
