//! The tests that run in Debian's Chromium, driven by Node from tests/web.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// tests/web with its one dependency installed: once, however many tests ask at the same time.
pub fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let web = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/web"));
        if !web.join("node_modules/playwright-core").exists() {
            let mut npm = Command::new("npm");
            let install =
                npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&web).status().expect("npm runs");
            assert!(install.success(), "npm ci in tests/web");
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
