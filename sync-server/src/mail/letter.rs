//! The form of a mail: plain text of 72 columns, signed with the server's name.

use std::fmt;

/// Columns of a mail.
pub(super) const WIDTH: usize = 72;

/// One mail. Its body may hold a code, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Paragraphs and the signature.
pub(super) fn text(subject: &str, paragraphs: &[String], host: &str) -> Text {
    let body = format!("{}\n\n-- \nKinfolio on {host}\n", paragraphs.join("\n\n"));
    Text { subject: subject.to_owned(), body }
}

/// Breaks a sentence at 72 columns; later lines, and the width of all, are indented by `indent`.
pub(super) fn wrap(sentence: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    // The first line stands behind two columns of its own when it begins a list item.
    let mut room = WIDTH - indent.min(2);
    for word in sentence.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => {
                if !lines.is_empty() {
                    room = WIDTH - indent;
                }
                lines.push(word.to_owned());
            }
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_shows_its_subject_only() {
        let shown =
            format!("{:?}", text("Your Kinfolio code", &["4827 1936".to_owned()], "sync.example.org"));
        assert!(shown.contains("Your Kinfolio code") && !shown.contains("4827"), "{shown}");
    }
}
