//! Text of a document: words, and names that are filled in last.
use std::ops::Range;

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The parent's words.
    Words(String),
    /// The name of somebody in the cast, by place in it.
    Name(usize),
}

/// Text whose names are references.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The pieces in reading order.
    pub pieces: Vec<Piece>,
}

impl Text {
    /// Text without a name in it.
    pub fn words(words: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Words(words.into())] }
    }

    /// Nothing but one name.
    pub fn name(who: usize) -> Self {
        Self { pieces: vec![Piece::Name(who)] }
    }

    /// Puts words at the end.
    pub fn push_words(&mut self, words: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Words(last)) => last.push_str(words),
            _ if words.is_empty() => {}
            _ => self.pieces.push(Piece::Words(words.to_owned())),
        }
    }

    /// Puts other text at the end.
    pub fn push(&mut self, other: Self) {
        for piece in other.pieces {
            match piece {
                Piece::Words(words) => self.push_words(&words),
                name @ Piece::Name(_) => self.pieces.push(name),
            }
        }
    }

    /// Those texts that hold something, with `between` between them.
    pub fn joined(texts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut all = Self::default();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            if !all.pieces.is_empty() {
                all.push_words(between);
            }
            all.push(text);
        }
        all
    }

    /// Takes spaces and one full stop off the end, so that the text can go on.
    pub fn trim_full_stop(&mut self) {
        if let Some(Piece::Words(last)) = self.pieces.last_mut() {
            let trimmed = last.trim_end();
            last.truncate(trimmed.strip_suffix('.').unwrap_or(trimmed).len());
        }
    }

    /// No piece holds anything.
    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Words(words) if words.trim().is_empty()))
    }

    /// Somebody's name is in it.
    pub fn has_name(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Name(_)))
    }

    /// The text with these names, for attributes and titles.
    pub fn plain(&self, names: &[impl AsRef<str>]) -> String {
        let mut plain = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => plain.push_str(words),
                Piece::Name(who) => plain.push_str(names.get(*who).map_or("", AsRef::as_ref)),
            }
        }
        plain
    }
}

/// One field of an entry as typed, with what stands at certain places of it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The field in Unicode NFC.
    pub text: String,
    /// Replacements in order, not overlapping: byte range of `text`, and what stands there.
    pub replaced: Vec<(Range<usize>, Piece)>,
}

impl Field {
    /// The part of the field between two bytes, with its replacements.
    pub fn slice(&self, part: Range<usize>) -> Text {
        let mut text = Text::default();
        let mut at = part.start;
        for (range, piece) in
            self.replaced.iter().filter(|(range, _)| range.start >= part.start && range.end <= part.end)
        {
            text.push_words(self.text.get(at..range.start).unwrap_or_default());
            match piece {
                Piece::Words(words) => text.push_words(words),
                Piece::Name(who) => text.pieces.push(Piece::Name(*who)),
            }
            at = range.end;
        }
        text.push_words(self.text.get(at..part.end).unwrap_or_default());
        text
    }

    /// The whole field.
    pub fn whole(&self) -> Text {
        self.slice(0..self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_keeps_the_names_inside_it_and_nothing_else() {
        let field = Field {
            text: "Bean dug. Bean slept.".into(),
            replaced: vec![(0..4, Piece::Name(0)), (10..14, Piece::Name(0))],
        };
        assert_eq!(field.slice(10..21).plain(&["Zoë"]), "Zoë slept.");
        assert_eq!(field.whole().plain(&["Zoë"]), "Zoë dug. Zoë slept.");
        assert_eq!(field.slice(2..9).plain(&["Zoë"]), "an dug.");
    }
}
