//! Names of files in a ZIP: by day and subject, numbered, such as every system takes.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// Numbers files of one day and subject.
#[derive(Debug, Default)]
pub struct Filing(BTreeMap<String, u32>);

impl Filing {
    /// The next file of a day, `YYYY-MM-DD`, and subject.
    pub fn name(&mut self, folder: &str, day: &str, subject: Option<&str>, mime: &str) -> String {
        let stem = subject.map(slug).filter(|slug| !slug.is_empty());
        let stem = format!("{folder}/{day}_{}", stem.as_deref().unwrap_or("entry"));
        let number = self.0.entry(stem.clone()).or_default();
        *number += 1;
        format!("{stem}_{number}.{}", ending(mime))
    }
}

/// Small letters and digits without accents, with `-` between words.
fn slug(name: &str) -> String {
    let plain = name.nfd().filter(|c| c.is_ascii()).map(|c| c.to_ascii_lowercase());
    let dashed: String = plain.map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    dashed.split_whitespace().collect::<Vec<_>>().join("-").chars().take(40).collect()
}

pub fn ending(mime: &str) -> &str {
    match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "video/quicktime" => "mov",
        "video/mp4" => "mp4",
        "video/3gpp" | "audio/3gpp" => "3gp",
        _ => "bin",
    }
}
