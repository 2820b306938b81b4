//! Writing HTML: everything that came from a person passes through here and is escaped.
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::export::text::{Piece, Text};

/// Longer names may wrap at their spaces.
const UNBROKEN: usize = 24;

/// An HTML document that is being written, with the names that stand in it.
pub struct Writer<'a, W: Write> {
    out: W,
    names: &'a [Zeroizing<String>],
    /// Names can be changed in the file: places carry their reference.
    pub renamable: bool,
}

impl<'a, W: Write> Writer<'a, W> {
    pub fn new(out: W, names: &'a [Zeroizing<String>], renamable: bool) -> Self {
        Self { out, names, renamable }
    }

    /// The name of somebody in the cast.
    pub fn name_of(&self, who: usize) -> &'a str {
        self.names.get(who).map_or("", |name| name.as_str())
    }

    /// Text with the names filled in.
    pub fn plain(&self, text: &Text) -> String {
        let names: Vec<&str> = self.names.iter().map(|name| name.as_str()).collect();
        text.plain(&names)
    }

    /// Markup written by this program.
    pub fn raw(&mut self, markup: &str) -> Result<()> {
        self.bytes(markup.as_bytes())
    }

    /// Words of a person, as text or as the value of a quoted attribute.
    pub fn words(&mut self, words: &str) -> Result<()> {
        let mut from = 0;
        for (at, found) in words.match_indices(['&', '<', '>', '"', '\'', '\0', '\r']) {
            self.raw(words.get(from..at).unwrap_or_default())?;
            self.raw(match found {
                "&" => "&amp;",
                "<" => "&lt;",
                ">" => "&gt;",
                "\"" => "&quot;",
                "'" => "&#39;",
                _ => "",
            })?;
            from = at + found.len();
        }
        self.raw(words.get(from..).unwrap_or_default())
    }

    /// A name as its own element, identical everywhere.
    pub fn name(&mut self, who: usize) -> Result<()> {
        let name = self.name_of(who);
        let long = name.chars().count() > UNBROKEN;
        match (self.renamable, long) {
            (true, false) => self.raw(&format!("<span data-learner=\"{}\" dir=\"auto\">", who + 1))?,
            (true, true) => {
                self.raw(&format!("<span data-learner=\"{}\" dir=\"auto\" class=\"long\">", who + 1))?
            }
            (false, false) => self.raw("<span class=\"name\" dir=\"auto\">")?,
            (false, true) => self.raw("<span class=\"name long\" dir=\"auto\">")?,
        }
        self.words(name)?;
        self.raw("</span>")
    }

    /// Text whose names are elements.
    pub fn text(&mut self, text: &Text) -> Result<()> {
        for piece in &text.pieces {
            match piece {
                Piece::Words(words) => self.words(words)?,
                Piece::Name(who) => self.name(*who)?,
            }
        }
        Ok(())
    }

    /// The attribute from which the script rebuilds a text that cannot hold elements, if a name is in it: a JSON list
    /// of words and of the cast's numbers.
    pub fn parts(&mut self, text: &Text) -> Result<()> {
        if !self.renamable || !text.has_name() {
            return Ok(());
        }
        let parts: Vec<serde_json::Value> = text
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.as_str().into(),
                Piece::Name(who) => (who + 1).into(),
            })
            .collect();
        self.raw(" data-parts=\"")?;
        self.words(&serde_json::Value::from(parts).to_string())?;
        self.raw("\"")
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|error| written(&error))
    }

    /// Base64 of bytes, as in a data: address.
    pub fn base64(&mut self, bytes: &[u8]) -> Result<()> {
        // Pieces of whole groups of three, so that padding stands at the end only. (The encoder over a writer takes one that
        // deflates, and accepts a part at a time, for one that is full.)
        bytes.chunks(3 * 4096).try_for_each(|piece| self.raw(&STANDARD.encode(piece)))
    }

    pub fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|error| written(&error))
    }
}

/// What a failed write means to the parent.
pub fn written(error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::StorageFull,
        kind if Error::is_of_the_place(kind) => {
            Error::invalid("the document can't be written there: choose another folder or name")
        }
        kind => Error::Internal(format!("the document could not be written: {kind}")),
    }
}
