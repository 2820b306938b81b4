//! The language that a document says it is in: a reader's voice and hyphens go by it.

use crate::error::{Error, Result};

/// What documents are in unless somebody says otherwise.
pub const ENGLISH: &str = "en-GB";

/// The tag of a document's text, `en-GB` for an empty one. Headings and dates are English: a tag of another language would
/// have them read out in a wrong voice.
///
/// # Errors
/// [`Error::InvalidInput`] for a tag of another language, or for what is none.
pub fn language(tag: &str) -> Result<String> {
    let mut parts = tag.split('-');
    let is_english = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("en"))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    match tag {
        "" => Ok(ENGLISH.into()),
        _ if is_english && tag.len() <= 35 => Ok(tag.to_owned()),
        _ => Err(Error::invalid("documents are written in English: choose en-GB, en-US or another English")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_no_language_that_it_is_not_in() {
        assert_eq!(language("").unwrap(), "en-GB");
        for tag in ["en", "en-US", "en-AU", "EN-gb", "en-GB-oxendict"] {
            assert_eq!(language(tag).unwrap(), tag);
        }
        for tag in ["cy", "zz", "english", "en-", "en-GB\"><script>", "e", "-en"] {
            assert!(matches!(language(tag), Err(Error::InvalidInput(_))), "{tag}");
        }
    }
}
