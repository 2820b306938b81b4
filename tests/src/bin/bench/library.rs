//! What a phone carries: the façade's library, optimised for size and stripped.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::Plan;
use crate::table::{Budget, Row, Table};

/// The rows of this group.
pub fn rows(table: &mut Table, _plan: &Plan) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--profile", "phone", "-p", "kinfolio-ffi"])
        .current_dir(&root)
        .status()?;
    ensure!(built.success(), "the phone library does not build");
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), Into::into);
    let size = std::fs::metadata(target.join("phone/libkinfolio.so"))?.len() as f64 / 1e6;
    table.row(Row {
        work: "phone library, stripped".into(),
        ours: size,
        unit: "MB",
        bare: None,
        budget: Budget::Most(9.5),
    });
    table.note("library: x86-64 stand-in on the system's libcrypto; with vendored OpenSSL, as on Android, about 4.4 MB more");
    Ok(())
}
