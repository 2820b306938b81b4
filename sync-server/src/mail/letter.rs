//! The form of a mail: plain text of 72 columns, signed with the server's name.

use std::fmt;

use askama::Template;

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

/// The mail of a template: its first line is the subject. Sentences are broken at 72 columns; what stands behind four spaces
/// stays as it is, and a numbered point hangs from its number.
pub(super) fn letter(template: &impl Template, host: &str) -> Text {
    // Writing into a String does not fail, and our templates call nothing that does.
    let drawn = template.render().unwrap_or_default();
    let (subject, body) = drawn.split_once('\n').unwrap_or((&drawn, ""));
    let lines: Vec<String> = body.trim().lines().map(broken).collect();
    let body = format!("{}\n\n-- \nKinfolio on {host}\n", lines.join("\n"));
    Text { subject: subject.to_owned(), body }
}

fn broken(line: &str) -> String {
    match line.strip_prefix("  ") {
        Some(rest) if rest.starts_with("  ") => line.to_owned(),
        Some(point) => format!("  {}", wrap(point, 5)),
        None => wrap(line, 0),
    }
}

/// Breaks a sentence at 72 columns; later lines, and the width of all, are indented by `indent`.
fn wrap(sentence: &str, indent: usize) -> String {
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
    #[test]
    fn a_mail_shows_its_subject_only() {
        let shown = format!("{:?}", crate::mail::texts::code("sync.example.org", "48271936"));
        assert!(shown.contains("Your Kinfolio code") && !shown.contains("4827"), "{shown}");
    }
}
