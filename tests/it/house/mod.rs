//! The house keeps its shape: arrows between packages and rooms, the place of every dependency, manners of files.
mod asvs;
mod asvs_words;
mod decisions;
mod engines;
mod features;
mod planted;
mod rules;
pub mod sources;
mod tables;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The members' folders, with their examples and benchmarks.
const MEMBERS: &[&str] = &["protocol", "core", "ffi", "sync-server", "tests"];

/// Where the members' own sources are.
const SOURCES: &[&str] = &["protocol/src", "core/src", "ffi/src", "ffi/bindgen/src", "sync-server/src"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn no_faults(faults: &[String]) -> Result<()> {
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Ok(())
}

/// What `cargo metadata` says about the workspace.
struct Workspace {
    /// (package, package of the workspace), normal dependencies.
    edges: Vec<(String, String)>,
    /// Dependencies from outside.
    declared: Vec<rules::Declared>,
    /// Package name -> the name that code uses.
    names: BTreeMap<String, String>,
}

fn workspace() -> Result<Workspace> {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()?;
    ensure!(cargo.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&cargo.stderr));
    let metadata: Value = serde_json::from_slice(&cargo.stdout)?;
    let workspace_root = metadata["workspace_root"].as_str().context("workspace_root")?.to_owned();
    let packages = metadata["packages"].as_array().context("packages")?;
    let mut read = Workspace { edges: Vec::new(), declared: Vec::new(), names: BTreeMap::new() };
    let is_member = |package: &Value| package["source"].is_null();
    let members: Vec<&str> =
        packages.iter().filter(|p| is_member(p)).filter_map(|p| p["name"].as_str()).collect();
    for package in packages {
        let name = package["name"].as_str().context("name")?;
        for target in package["targets"].as_array().into_iter().flatten() {
            let kinds = target["kind"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if kinds.into_iter().any(|kind| kind.ends_with("lib") || kind == "proc-macro") {
                read.names.insert(name.to_owned(), target["name"].as_str().unwrap_or(name).replace('-', "_"));
            }
        }
        if !is_member(package) {
            continue;
        }
        let folder = package["manifest_path"].as_str().context("manifest_path")?;
        let folder = folder
            .trim_start_matches(&workspace_root)
            .trim_start_matches('/')
            .trim_end_matches("/Cargo.toml");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().context("dependency name")?;
            let normal = dependency["kind"].is_null();
            if members.contains(&to) {
                if normal || to == "kinfolio-tests" {
                    read.edges.push((name.to_owned(), to.to_owned()));
                }
            } else {
                read.declared.push(rules::Declared {
                    folder: folder.to_owned(),
                    package: to.to_owned(),
                    normal,
                });
            }
        }
    }
    Ok(read)
}

fn table() -> Result<Vec<rules::Row>> {
    let table = rules::dependency_table(&std::fs::read_to_string(root().join("ARCHITECTURE.md"))?);
    ensure!(table.len() > 20, "the dependency table of ARCHITECTURE.md was not read: {} rows", table.len());
    Ok(table)
}

#[test]
fn packages_link_only_along_the_arrows() -> Result<()> {
    let edges = workspace()?.edges;
    ensure!(edges.len() >= 4, "cargo metadata showed only {} arrows", edges.len());
    no_faults(&rules::crate_arrows(&edges))
}

#[test]
fn rooms_of_the_core_use_only_what_stands_below_them() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), &["core/src"], ".rs")?)?;
    no_faults(&rules::room_arrows("core", tables::CORE, tables::CORE_GROUND, &files))
}

#[test]
fn rooms_of_the_server_use_only_what_stands_below_them() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), &["sync-server/src"], ".rs")?)?;
    no_faults(&rules::room_arrows("sync-server", tables::SERVER, tables::SERVER_GROUND, &files))
}

#[test]
fn a_dependency_is_named_where_the_table_says_and_nowhere_else() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), SOURCES, ".rs")?)?;
    no_faults(&rules::dependency_places(&table()?, &workspace()?.names, &files))
}

#[test]
fn every_dependency_stands_in_the_table_of_architecture_md() -> Result<()> {
    no_faults(&rules::dependency_declarations(&table()?, &workspace()?.declared))
}

#[test]
fn every_dependency_of_a_member_is_named_in_its_code() -> Result<()> {
    let Workspace { declared, names, .. } = workspace()?;
    no_faults(&rules::unused_dependencies(&declared, &names, &sources::read_all(&root(), MEMBERS, ".rs")?))
}

#[test]
fn sql_of_the_core_stands_in_queries_records_and_storage() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), &["core/src"], ".rs")?)?;
    no_faults(&rules::sql_places(&files))
}

#[test]
fn cryptography_merging_and_the_protocol_do_no_input_or_output() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), SOURCES, ".rs")?)?;
    no_faults(&rules::purity(&files))
}

#[test]
fn every_source_file_is_one_subject_and_says_which() -> Result<()> {
    let files = sources::read_all(&root(), MEMBERS, ".rs")?;
    ensure!(files.len() > 10, "only {} files were read", files.len());
    no_faults(&rules::file_manners(&files))
}

#[test]
fn no_field_for_a_legal_name_exists_anywhere() -> Result<()> {
    let files = sources::names_of(&sources::read_all(&root(), SOURCES, ".rs")?)?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for file in files {
        fields.extend(file.fields.into_iter().map(|field| (file.path.clone(), field)));
    }
    fields.extend(sources::read_all(&root(), &["migrations"], ".sql")?.iter().flat_map(rules::columns));
    no_faults(&rules::forbidden_fields(&fields))
}

#[test]
fn the_facade_holds_no_rules() -> Result<()> {
    no_faults(&rules::thin_methods(&sources::read_all(&root(), &["ffi/src"], ".rs")?))
}

#[test]
fn the_lock_file_holds_one_sqlite_one_tls_and_one_http_client() -> Result<()> {
    no_faults(&rules::lock_file(&std::fs::read_to_string(root().join("Cargo.lock"))?))
}
