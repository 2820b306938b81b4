//! Each house rule as a pure function from what was read to the list of what breaks it.
use super::sources::{Named, Source, module_of};
use super::tables;
use std::collections::{BTreeMap, BTreeSet};

/// Longest file that is still one subject, in lines.
const LONGEST_FILE: usize = 400;

/// `edges`: (package, package it links).
pub fn crate_arrows(edges: &[(String, String)]) -> Vec<String> {
    let allowed = |from: &str, to: &str| {
        tables::CRATES.iter().any(|(package, may)| *package == from && may.contains(&to))
    };
    let wrong = edges.iter().filter(|(from, to)| !allowed(from, to));
    wrong.map(|(from, to)| format!("{from} may not link {to}")).collect()
}

/// Which rooms of one crate use which: `crate_dir` is `core` or `sync-server`, `always` the rooms open to all.
pub fn room_arrows(crate_dir: &str, rooms: tables::Rooms, always: &[&str], files: &[Named]) -> Vec<String> {
    let mut faults = Vec::new();
    let known = |name: &str| rooms.iter().any(|(room, _)| *room == name && !name.is_empty());
    for file in files {
        let (dir, module) = module_of(&file.path);
        if dir != crate_dir {
            continue;
        }
        let room = module.first().map_or("", String::as_str);
        let Some((_, may)) = rooms.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{}: room `{room}` is not in the table of rooms", file.path));
            continue;
        };
        for path in file.paths.iter().filter(|path| path.first().is_some_and(|root| root == "crate")) {
            let Some(target) = path.get(1).filter(|target| known(target) && *target != room) else {
                continue;
            };
            let allowed = always.contains(&target.as_str())
                || may.iter().any(|entry| {
                    let wanted: Vec<&str> = entry.split("::").collect();
                    *entry == "*"
                        || wanted.iter().zip(path.iter().skip(1)).filter(|(w, p)| w == p).count()
                            == wanted.len()
                });
            if !allowed {
                faults.push(format!("{}: room `{room}` may not use {}", file.path, path.join("::")));
            }
        }
    }
    faults
}

/// One line of ARCHITECTURE.md's dependency table: crates, and the places (prefixes, `*` = one segment).
pub struct Row {
    /// Package names.
    pub crates: Vec<String>,
    /// `core/src/*/queries.rs`
    pub places: Vec<String>,
}

/// Reads the rows of the table under `## Dependencies`: first cell the crates, second the places, in backticks.
pub fn dependency_table(architecture: &str) -> Vec<Row> {
    let section = architecture.split("\n## Dependencies").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split('|');
        Row {
            crates: quoted(cells.next().unwrap_or_default()),
            places: quoted(cells.next().unwrap_or_default()),
        }
    })
    .collect()
}

fn matches(place: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    place.split('/').all(|wanted| segments.next().is_some_and(|got| wanted == "*" || wanted == got))
}

/// `names`: package name -> name in code. Each file may name a dependency only where the table says, and no place is
/// left over: some file of it names the package.
pub fn dependency_places(table: &[Row], names: &BTreeMap<String, String>, files: &[Named]) -> Vec<String> {
    let mut faults = Vec::new();
    for row in table {
        for package in &row.crates {
            let Some(in_code) = names.get(package) else { continue };
            let naming: Vec<&Named> = files.iter().filter(|file| uses(file, in_code)).collect();
            for file in naming.iter().filter(|file| !row.places.iter().any(|p| matches(p, &file.path))) {
                faults.push(format!("{}: may not use {package}", file.path));
            }
            // What tests alone use is not among the files.
            for place in row.places.iter().filter(|place| *place != "tests") {
                if !naming.iter().any(|file| matches(place, &file.path)) {
                    faults.push(format!(
                        "the dependency table gives {package} to {place}, where no file names it"
                    ));
                }
            }
        }
    }
    faults
}

/// The file names the crate: what a `use` or a `mod` of its own brings in begins with `crate`.
fn uses(file: &Named, in_code: &String) -> bool {
    file.paths.iter().any(|path| path.first() == Some(in_code))
}

/// `texts`: every file of every member, its tests too. What a member depends on is named in some file of it.
pub fn unused_dependencies(
    declared: &[Declared],
    names: &BTreeMap<String, String>,
    texts: &[Source],
) -> Vec<String> {
    let named = |text: &str, name: &str| {
        let whole = |at: usize| {
            let ends = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            ends(before.chars().next_back()) && ["::", ";", " as "].iter().any(|next| after.starts_with(next))
        };
        text.match_indices(name).any(|(at, _)| whole(at))
    };
    let unused = declared.iter().filter(|Declared { folder, package, .. }| {
        let inside = format!("{folder}/");
        !names.get(package).is_some_and(|name| {
            texts.iter().any(|file| file.path.starts_with(&inside) && named(&file.text, name))
        })
    });
    unused.map(|d| format!("{} depends on {}, and no file of it names it", d.folder, d.package)).collect()
}

/// `declared`: (member folder, package), development dependencies included. Every package stands in the table; a
/// member other than the tests depends on it only where the table names that member; and the member that a place
/// stands in depends on the package, or only its tests do and the place is `tests`.
pub fn dependency_declarations(table: &[Row], declared: &[Declared]) -> Vec<String> {
    let mut faults = Vec::new();
    for Declared { folder, package, normal } in declared {
        let places: Vec<&String> =
            table.iter().filter(|row| row.crates.contains(package)).flat_map(|row| &row.places).collect();
        if places.is_empty() {
            faults.push(format!("{package} is not in the dependency table of ARCHITECTURE.md"));
        } else if *normal && folder != "tests" && !places.iter().any(|place| overlap(folder, place)) {
            faults.push(format!("{folder} may not depend on {package}"));
        }
    }
    for row in table {
        for (package, place) in
            row.crates.iter().flat_map(|package| row.places.iter().map(move |p| (package, p)))
        {
            let mut of_package = declared.iter().filter(|declared| declared.package == *package);
            if !of_package.any(|d| if d.normal { overlap(&d.folder, place) } else { place == "tests" }) {
                faults.push(format!(
                    "the dependency table gives {package} to {place}, which does not depend on it"
                ));
            }
        }
    }
    faults
}

/// One of the two folders is the other, or holds it.
fn overlap(one: &str, other: &str) -> bool {
    let within = |outer: &str, inner: &str| outer == inner || inner.starts_with(&format!("{outer}/"));
    within(one, other) || within(other, one)
}

/// SQL of the core stands where its tables are known: in a room's queries, in `records`, in `storage`.
pub fn sql_places(files: &[Named]) -> Vec<String> {
    let may = |path: &str| {
        let queries = |part: &str| part == "queries" || part.ends_with("_queries");
        path.trim_end_matches(".rs").split('/').any(queries)
            || tables::SQL.iter().any(|place| matches(place, path))
    };
    let elsewhere = files.iter().filter(|file| file.path.starts_with("core/src/") && !may(&file.path));
    elsewhere
        .flat_map(|file| {
            let statements = file.texts.iter().filter(|text| is_sql(text));
            statements.map(|text| format!("{}: SQL outside of queries: {:?}", file.path, text.trim()))
        })
        .collect()
}

/// The text begins as a statement, or a part of one, does.
fn is_sql(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|first| tables::SQL_BEGINS.contains(&first)) && words.next().is_some()
}

/// A dependency as a member declares it.
pub struct Declared {
    /// The member's folder.
    pub folder: String,
    /// The package that it depends on.
    pub package: String,
    /// Not only for its tests.
    pub normal: bool,
}

/// Files that must stay pure name nothing that reads or writes outside of memory.
pub fn purity(files: &[Named]) -> Vec<String> {
    let pure = files.iter().filter(|file| tables::PURE.iter().any(|place| matches(place, &file.path)));
    pure.flat_map(|file| {
        let touched = file.paths.iter().map(|path| path.join("::")).filter(|path| {
            tables::INPUT_OUTPUT.iter().any(|io| path == io || path.starts_with(&format!("{io}::")))
        });
        touched.map(|path| format!("{}: does no I/O, and names {path}", file.path))
    })
    .collect()
}

/// Length, opening sentence, name, and `forbid(unsafe_code)` in every crate root but the façade's.
pub fn file_manners(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for Source { path, text } in files {
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{path}: {lines} lines; split it at {LONGEST_FILE}"));
        }
        if path.ends_with(".rs") && !text.starts_with("//! ") {
            faults.push(format!("{path}: open with one `//!` sentence of purpose"));
        }
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if tables::EMPTY_NAMES.contains(&stem) {
            faults.push(format!("{path}: `{stem}` names no subject"));
        }
        if is_crate_root(path) && path != "ffi/src/lib.rs" && !text.contains("#![forbid(unsafe_code)]") {
            faults.push(format!("{path}: #![forbid(unsafe_code)] is missing"));
        }
    }
    faults
}

/// The library, a program, a test binary, an example or a benchmark: what begins a crate of its own.
fn is_crate_root(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    matches!(file, "lib.rs" | "main.rs") || matches!(folder, "bin" | "examples" | "benches")
}

/// `fields`: (where, name) of struct fields and SQL columns. No legal name, and no second word for a learner.
pub fn forbidden_fields(fields: &[(String, String)]) -> Vec<String> {
    let bad = |name: &str| tables::FORBIDDEN_FIELDS.iter().any(|part| name.to_lowercase().contains(part));
    let wrong = fields.iter().filter(|(_, name)| bad(name));
    wrong.map(|(place, name)| format!("{place}: no field may be called {name}")).collect()
}

/// Crates that must never be resolved, and the one HTTP client that may be there once.
pub fn lock_file(lock: &str) -> Vec<String> {
    let packages: Vec<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \""))
        .map(|rest| rest.trim_end_matches('"'))
        .collect();
    let mut faults: Vec<String> = ["sqlx-sqlite", "sqlx-mysql", "aws-lc-rs", "aws-lc-sys", "native-tls"]
        .iter()
        .filter(|banned| packages.contains(banned))
        .map(|banned| format!("Cargo.lock holds {banned}"))
        .collect();
    for single in ["reqwest", "libsqlite3-sys", "rustls", "ring"] {
        let count = packages.iter().filter(|name| **name == single).count();
        if count != 1 {
            faults.push(format!("Cargo.lock holds {single} {count} times"));
        }
    }
    faults
}

/// A façade has no rules in it: bodies of exported methods hold at most three statements.
pub fn thin_methods(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let Ok(syntax) = syn::parse_file(&file.text) else {
            faults.push(format!("{}: does not parse", file.path));
            continue;
        };
        let exported = syntax.items.iter().filter_map(|item| match item {
            syn::Item::Impl(item) if item.attrs.iter().any(is_export) => Some(item),
            _ => None,
        });
        for method in exported.flat_map(|item| &item.items) {
            if let syn::ImplItem::Fn(method) = method
                && method.block.stmts.len() > 3
            {
                faults.push(format!("{}: {} is longer than three statements", file.path, method.sig.ident));
            }
        }
    }
    faults
}

fn is_export(attribute: &syn::Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "export")
}

/// Every word of a migration outside its comments, tables and columns among them.
pub fn columns(file: &Source) -> Vec<(String, String)> {
    let code = file.text.lines().map(|line| line.split("--").next().unwrap_or_default());
    let words = code.flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let names: BTreeSet<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    names.into_iter().map(|name| (file.path.clone(), name)).collect()
}
