//! WordprocessingML: paragraphs of runs, and names as content controls that are bound to one place each.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::export::text::{Piece, Text};

/// The custom XML part's id: controls find it by this.
pub const STORE: &str = "{6B1F3C52-8D0E-4F7A-9C35-5E2D7A41B0F8}";
/// The namespace of the names.
pub const NAMES: &str = "urn:kinfolio:names";

/// XML that is being written, with the names that stand in it.
pub struct Xml<'a> {
    pub xml: Zeroizing<String>,
    names: &'a [Zeroizing<String>],
    /// Ids of controls, bookmarks and pictures, each used once.
    next: u32,
}

impl<'a> Xml<'a> {
    pub fn new(names: &'a [Zeroizing<String>]) -> Self {
        Self { xml: Zeroizing::new(String::new()), names, next: 1 }
    }

    /// A number that nothing else in this part has.
    pub fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Markup written by this program.
    pub fn raw(&mut self, markup: &str) {
        self.xml.push_str(markup);
    }

    /// Words of a person, as text or as the value of a quoted attribute; what XML can't hold is left out.
    pub fn words(&mut self, words: &str) {
        escape(&mut self.xml, words);
    }

    /// The text with names filled in, for attributes.
    pub fn plain(&mut self, text: &Text) {
        let plain = Zeroizing::new(text.plain(self.names));
        self.words(&plain);
    }

    /// A paragraph of one style, filled by `fill`.
    pub fn paragraph(&mut self, style: &str, fill: impl FnOnce(&mut Self)) {
        self.raw(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>"));
        fill(self);
        self.raw("</w:p>");
    }

    /// A paragraph of words and names.
    pub fn text_paragraph(&mut self, style: &str, text: &Text) {
        self.paragraph(style, |xml| xml.text(text));
    }

    /// Keeps the last paragraph on the page of what follows.
    pub fn keep_with_next(&mut self) {
        const PROPERTIES: &str = "</w:pPr>";
        let last = self.xml.rfind("<w:p><w:pPr>").unwrap_or_default();
        let end = self.xml.get(last..).and_then(|rest| rest.find(PROPERTIES));
        if let Some(end) = end {
            self.xml.insert_str(last + end, "<w:keepNext/>");
        }
    }

    /// One run of words; a new line is a line break.
    pub fn run(&mut self, words: &str) {
        self.run_in(words, "");
    }

    /// The same in bold.
    pub fn bold(&mut self, words: &str) {
        self.run_in(words, "<w:rPr><w:b/></w:rPr>");
    }

    fn run_in(&mut self, words: &str, properties: &str) {
        if words.is_empty() {
            return;
        }
        self.raw(&format!("<w:r>{properties}"));
        for (nth, line) in words.split('\n').enumerate() {
            if nth > 0 {
                self.raw("<w:br/>");
            }
            self.raw("<w:t xml:space=\"preserve\">");
            self.words(line);
            self.raw("</w:t>");
        }
        self.raw("</w:r>");
    }

    /// Words and names.
    pub fn text(&mut self, text: &Text) {
        for piece in &text.pieces {
            match piece {
                Piece::Words(words) => self.run(words),
                Piece::Name(who) => self.name(*who),
            }
        }
    }

    /// A name: a plain-text control bound to its one node, and one unbroken run, so that any editor's Find and Replace
    /// finds it, too.
    pub fn name(&mut self, who: usize) {
        let number = who + 1;
        let id = self.number();
        self.raw(&format!(
            "<w:sdt><w:sdtPr><w:alias w:val=\"Name {number}\"/><w:tag w:val=\"learner-{number}\"/><w:id w:val=\"{id}\"/>\
             <w:dataBinding w:prefixMappings=\"xmlns:k='{NAMES}'\" w:xpath=\"/k:names[1]/k:name[{number}]\" \
             w:storeItemID=\"{STORE}\"/><w:text/></w:sdtPr><w:sdtContent><w:r><w:t xml:space=\"preserve\">"
        ));
        let name = self.names.get(who).map_or("", |name| name.as_str());
        escape(&mut self.xml, name);
        self.raw("</w:t></w:r></w:sdtContent></w:sdt>");
    }
}

/// Adds words to XML; control characters and the two that are no characters are no part of XML 1.0.
pub fn escape(xml: &mut String, words: &str) {
    for letter in words.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' => xml.push('\t'),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => xml.push(letter),
        }
    }
}

/// The part that holds every name once.
pub fn names_part(names: &[Zeroizing<String>]) -> Zeroizing<String> {
    let mut xml = Zeroizing::new(format!("{PROLOGUE}<names xmlns=\"{NAMES}\">"));
    for name in names {
        xml.push_str("<name>");
        escape(&mut xml, name);
        xml.push_str("</name>");
    }
    let _ = write!(xml, "</names>");
    xml
}

/// What every part begins with.
pub const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_run_in_a_bound_control_whatever_is_in_it() {
        let names = [Zeroizing::new("O'Neill & <b>]]>\u{1}".to_owned())];
        let mut xml = Xml::new(&names);
        xml.text(&Text::name(0));
        assert!(xml.xml.contains(
            "<w:t xml:space=\"preserve\">O'Neill &amp; &lt;b&gt;]]&gt;</w:t></w:r></w:sdtContent>"
        ));
        assert_eq!(xml.xml.matches("<w:r>").count(), 1);
        assert!(names_part(&names).contains("<name>O'Neill &amp; &lt;b&gt;]]&gt;</name>"));
    }
}
