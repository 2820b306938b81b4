//! What tests may do to a server is built into no program that people run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::root;

/// Weak hashes, and defences that are taken away.
const OF_TESTS: &[&str] = &["weak-hash", "planted-faults"];

/// The features of our packages in a build, as cargo resolves them.
fn features(build: &[&str]) -> Result<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "--locked",
        "--edges",
        "normal",
        "--depth",
        "1",
        "--format",
        "{lib} [{f}]",
    ]);
    let told = cargo.args(build).current_dir(root()).output()?;
    ensure!(told.status.success(), "cargo tree: {}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8(told.stdout)?;
    Ok(told.lines().filter(|line| line.contains("kinfolio")).collect::<Vec<_>>().join("\n"))
}

#[test]
fn no_program_for_people_can_hash_weakly_or_leave_a_defence_out() -> Result<()> {
    let of_tests = features(&["--workspace"])?;
    ensure!(OF_TESTS.iter().all(|name| of_tests.contains(name)), "nothing would be noticed: {of_tests}");
    for package in ["kinfolio-server", "kinfolio-ffi"] {
        let built = features(&["--package", package])?;
        ensure!(built.contains("kinfolio"), "{package} is not in its own tree");
        ensure!(!OF_TESTS.iter().any(|name| built.contains(name)), "{package} for people has {built}");
    }
    // That is the build that operators are told of, and the switches are read nowhere but behind their feature.
    let operating = std::fs::read_to_string(root().join("docs/operating.md"))?;
    let told = operating.lines().find(|line| line.contains("cargo build")).context("how it is built")?;
    ensure!(told.starts_with("`cargo build --release -p kinfolio-server` makes the program"), "{told}");
    let state = std::fs::read_to_string(root().join("sync-server/src/state.rs"))?;
    ensure!(
        state.contains("config.weak_hash && !may_hash_weakly(cfg!(feature = \"weak-hash\"), "),
        "the gate"
    );
    Ok(())
}

/// Whether a program with the feature leaves out the defence that its environment names.
fn leaves_out(planted: &str, debug_assertions: &str) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let (main, program) = (folder.path().join("main.rs"), folder.path().join("program"));
    let asks = "fn main() { std::process::exit(i32::from(planted::off(\"csrf\"))) }";
    std::fs::write(&main, format!("#[path = {:?}] mod planted; {asks}", root().join(planted)))?;
    let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    rustc.args(["--edition", "2024", "--cap-lints", "allow", "--cfg", "feature=\"planted-faults\"", "-C"]);
    rustc.arg(format!("debug-assertions={debug_assertions}")).arg("-o").arg(&program).arg(&main);
    let built = rustc.output()?;
    ensure!(built.status.success(), "{planted}: {}", String::from_utf8_lossy(&built.stderr));
    Ok(Command::new(program).env("KINFOLIO_PLANTED", "csrf").status()?.code() == Some(1))
}

#[test]
fn a_release_build_leaves_no_defence_out_whatever_it_is_built_with() -> Result<()> {
    for planted in ["sync-server/src/planted.rs", "core/src/planted.rs"] {
        ensure!(leaves_out(planted, "on")?, "nothing would be noticed: {planted}");
        ensure!(!leaves_out(planted, "off")?, "{planted}");
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    ensure!(!manifest.contains("debug-assertions"), "a profile that people get has debug assertions");
    Ok(())
}
