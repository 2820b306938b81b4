//! Looks for secrets in every byte that the server holds, raw and in every encoding that text hides in.
pub mod embedded;
pub mod encodings;
pub mod places;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};

/// Something that must be nowhere on the server.
#[derive(Clone)]
pub struct Needle {
    /// What it is, in words that a report may hold.
    pub what: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// It may stand in mail (the one-time code).
    pub in_mail: bool,
}

impl Needle {
    pub fn new(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { what: what.into(), bytes: bytes.into(), in_mail: false }
    }
}

/// All needles in all encodings, searched for in one go.
pub struct Search {
    automaton: AhoCorasick,
    patterns: Vec<(usize, &'static str)>,
    needles: Vec<Needle>,
}

/// A needle that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct Hit {
    pub what: String,
    pub encoding: &'static str,
    pub place: String,
    pub at: usize,
}

impl Search {
    pub fn new(needles: Vec<Needle>) -> Result<Self> {
        let mut bytes = Vec::new();
        let mut patterns = Vec::new();
        for (index, needle) in needles.iter().enumerate() {
            for (encoding, encoded) in encodings::all(&needle.bytes) {
                bytes.push(encoded);
                patterns.push((index, encoding));
            }
        }
        let automaton = AhoCorasick::new(&bytes).context("the search")?;
        Ok(Self { automaton, patterns, needles })
    }

    pub fn needles(&self) -> usize {
        self.needles.len()
    }

    pub fn patterns(&self) -> usize {
        self.patterns.len()
    }

    /// Every hit in these bytes.
    pub fn hits(&self, place: &str, mail: bool, haystack: &[u8]) -> Vec<Hit> {
        self.automaton
            .find_overlapping_iter(haystack)
            .filter_map(|found| {
                let (needle, encoding) = self.patterns.get(found.pattern().as_usize())?;
                let needle = self.needles.get(*needle)?;
                let hit = || Hit {
                    what: needle.what.clone(),
                    encoding,
                    place: place.to_owned(),
                    at: found.start(),
                };
                (!(mail && needle.in_mail)).then(hit)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn a_secret_is_found_in_every_encoding_at_every_offset() {
        let secret = "Zoë's Hedgehog 7";
        let search = Search::new(vec![Needle::new("the secret", secret)]).unwrap();
        let found = |haystack: &[u8]| !search.hits("here", false, haystack).is_empty();
        for shift in 0..6 {
            let text = format!("{}{secret} and more", "x".repeat(shift));
            assert!(found(text.as_bytes()));
            assert!(found(STANDARD.encode(&text).as_bytes()), "base64 at {shift}");
            let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            assert!(found(hex.as_bytes()));
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(found(&wide));
        }
        let percent =
            percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
        assert!(
            found(percent.as_bytes())
                && found(
                    percent.to_lowercase().replace("zo", "Zo").replace("hedgehog", "Hedgehog").as_bytes()
                )
        );
        assert!(!found(b"nothing of it here"));
    }
    #[test]
    fn a_part_of_a_note_is_found_in_base64_wherever_it_was_cut() {
        let note = "Observational drawing with the neighbour's cat, who stayed still for eleven minutes.";
        let pieces = crate::step2_year::pieces_of(note);
        let search = Search::new(pieces.map(|piece| Needle::new("the note", piece)).collect()).unwrap();
        for from in 0..note.len() - 36 {
            for before in ["", "x", "xx"] {
                let text = STANDARD.encode(format!("{before}{}", &note[from..from + 36]));
                assert!(!search.hits("here", false, text.as_bytes()).is_empty(), "cut at {from}");
            }
        }
    }
}
