//! The tests that Node drives from tests/web: pages in Debian's Chromium, and programs that nobody here wrote.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
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
