//! Privacy and terms: the operator's own words, as text files in the data folder's `pages/`.

use std::fs;
use std::io::ErrorKind;
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
            let text = fs::read_to_string(folder.join(name))
                .inspect_err(|error| {
                    if error.kind() != ErrorKind::NotFound {
                        tracing::warn!(cause = %error, name, "a page of your own is not shown: save it as UTF-8 text");
                    }
                })
                .ok()?;
            let parts: Vec<String> = text
                .replace("\r\n", "\n")
                .split("\n\n")
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect();
            (!parts.is_empty()).then_some(parts)
        };
        Self { privacy: paragraphs("privacy.txt"), terms: paragraphs("terms.txt") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_stand_apart_whatever_ends_a_line_and_what_is_no_text_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("privacy.txt"), "One.\r\n\r\nTwo\r\nlines.\r\n").unwrap();
        fs::write(folder.path().join("terms.txt"), b"caf\xe9").unwrap();
        let legal = Legal::read(folder.path());
        assert_eq!(legal.privacy.unwrap(), ["One.", "Two\nlines."]);
        assert_eq!(legal.terms, None);
    }
}
