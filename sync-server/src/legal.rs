//! Privacy and terms: the operator's own words, as text files in the data folder's `pages/`.

use std::fs;
use std::path::Path;

/// The operator's texts, read at start. A page that is not there is not linked either.
#[derive(Debug, Default)]
pub struct Legal {
    pub(crate) privacy: Option<Vec<String>>,
    pub(crate) terms: Option<Vec<String>>,
}

impl Legal {
    /// Reads `privacy.txt` and `terms.txt` from `folder`. Paragraphs stand apart by an empty line.
    pub(crate) fn read(folder: &Path) -> Self {
        let paragraphs = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).ok()?;
            let parts: Vec<String> = text
                .split("\n\n")
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then_some(parts)
        };
        Self { privacy: paragraphs("privacy.txt"), terms: paragraphs("terms.txt") }
    }
}
