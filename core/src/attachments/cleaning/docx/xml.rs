//! XML tag by tag: what a part of a package needs to be written anew, and no more. Entities stay as they are typed; comments
//! and instructions are passed over; what declares a document type is refused, as packages may not.

use super::{DAMAGED, Stop};

/// The next thing of a part.
pub(super) enum Piece<'a> {
    /// Between tags, as it stands.
    Text(&'a str),
    Open(Tag<'a>),
    /// The end of an element of this name.
    Close(&'a str),
}

/// A tag that begins an element, or is one.
pub(super) struct Tag<'a> {
    /// With its prefix.
    pub name: &'a str,
    /// Names with prefixes, and values as they are typed between their quotes.
    pub attributes: Vec<(&'a str, &'a str)>,
    pub empty: bool,
}

impl<'a> Tag<'a> {
    /// Its name without the prefix.
    pub fn local(&self) -> &'a str {
        local(self.name)
    }

    /// The attribute of this name, whatever its prefix.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(full, _)| local(full) == name).map(|(_, value)| *value)
    }

    pub fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            // A quote of the other kind may stand in it.
            out.push_str(&value.replace('"', "&quot;"));
            out.push('"');
        }
        out.push_str(if self.empty { "/>" } else { ">" });
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// A part's pieces in their order; every element that begins also ends.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
}

impl<'a> Pieces<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{FEFF}'), open: Vec::new() }
    }

    /// The next one; none at the end.
    pub fn next(&mut self) -> Result<Option<Piece<'a>>, Stop> {
        loop {
            if self.rest.is_empty() {
                return if self.open.is_empty() { Ok(None) } else { Err(DAMAGED) };
            }
            let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
            if !text.is_empty() {
                self.rest = rest;
                match (self.open.is_empty(), text.trim().is_empty()) {
                    (true, true) => continue,
                    (true, false) => return Err(DAMAGED),
                    (false, _) => return Ok(Some(Piece::Text(text))),
                }
            }
            if let Some(after) = rest.strip_prefix("<!--") {
                (_, self.rest) = after.split_once("-->").ok_or(DAMAGED)?;
            } else if let Some(after) = rest.strip_prefix("<?") {
                (_, self.rest) = after.split_once("?>").ok_or(DAMAGED)?;
            } else if rest.starts_with("<![CDATA[") {
                let end = rest.find("]]>").ok_or(DAMAGED)?;
                let (data, after) = rest.split_at_checked(end + 3).ok_or(DAMAGED)?;
                self.rest = after;
                return if self.open.is_empty() { Err(DAMAGED) } else { Ok(Some(Piece::Text(data))) };
            } else if let Some(after) = rest.strip_prefix("</") {
                let (name, after) = after.split_once('>').ok_or(DAMAGED)?;
                self.rest = after;
                let name = name.trim_end();
                return if self.open.pop() == Some(name) {
                    Ok(Some(Piece::Close(name)))
                } else {
                    Err(DAMAGED)
                };
            } else {
                return self.tag(rest.strip_prefix('<').ok_or(DAMAGED)?).map(Some);
            }
        }
    }

    fn tag(&mut self, text: &'a str) -> Result<Piece<'a>, Stop> {
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'');
        let (name, mut rest) = text.split_at(text.find(ends).ok_or(DAMAGED)?);
        if name.is_empty() || name.starts_with('!') {
            return Err(DAMAGED);
        }
        let mut tag = Tag { name, attributes: Vec::new(), empty: false };
        loop {
            let trimmed = rest.trim_start();
            if let Some(after) = trimmed.strip_prefix("/>") {
                (self.rest, tag.empty) = (after, true);
                return Ok(Piece::Open(tag));
            }
            if let Some(after) = trimmed.strip_prefix('>') {
                self.rest = after;
                self.open.push(name);
                return Ok(Piece::Open(tag));
            }
            // Attributes stand apart.
            if trimmed.len() == rest.len() {
                return Err(DAMAGED);
            }
            let (attribute, after) = trimmed.split_at(trimmed.find(ends).ok_or(DAMAGED)?);
            let value = after.trim_start().strip_prefix('=').ok_or(DAMAGED)?.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(DAMAGED)?;
            let (value, after) = value.split_at(1).1.split_once(quote).ok_or(DAMAGED)?;
            if attribute.is_empty() || value.contains('<') {
                return Err(DAMAGED);
            }
            tag.attributes.push((attribute, value));
            rest = after;
        }
    }
}
