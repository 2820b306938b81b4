//! Where the demo leaves things: target/demo.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders of one run, emptied at its start.
pub struct Folders {
    pub root: PathBuf,
}

impl Folders {
    pub fn fresh() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/demo");
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| format!("empty {}", root.display()))?;
        }
        fs::create_dir_all(&root)?;
        let folders = Self { root: root.canonicalize()? };
        for folder in ["server", "mail", "phone-1", "phone-2", "phone-falcon", "camera", "captured"] {
            fs::create_dir_all(folders.path(folder))?;
        }
        Ok(folders)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}
