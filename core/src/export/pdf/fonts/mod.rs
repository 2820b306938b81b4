//! Fonts of one document: faces, words as glyphs, what is put into the file.

mod embed;
mod faces;
mod installed;
mod pictures;
mod shaping;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::rc::Rc;

use faces::{FACES, Face};
use installed::installed;

pub use embed::resource;
pub use pictures::Picture;
pub use shaping::{Drawn, Glyph, Shaped};

/// Words that are kept as glyphs; a document of ten years has fewer.
const MOST_WORDS: usize = 60_000;

/// Face, digits of one width, from right to left.
type Wanted = (usize, bool, bool);
type Words = HashMap<String, Rc<[Shaped]>>;

/// The fonts of one document.
pub struct Fonts {
    faces: Vec<Face>,
    /// The four inside the program, ready to shape with.
    inside: Vec<rustybuzz::Face<'static>>,
    /// Which installed face stands where among the faces.
    loaded: HashMap<usize, Option<usize>>,
    /// Which face has a letter that the wanted one lacks.
    others: HashMap<char, Option<usize>>,
    words: HashMap<Wanted, Words>,
    /// Pictures of emoji, in the order of first use.
    pub pictures: Vec<Picture>,
    /// Letters that no font of this phone has.
    pub missing: BTreeSet<char>,
}

impl Fonts {
    pub fn new() -> Self {
        let mut faces = Vec::new();
        let mut inside = Vec::new();
        for (name, data) in FACES {
            faces.extend(Face::read(name, Cow::Borrowed(data), 0));
            inside.extend(rustybuzz::Face::from_slice(data, 0));
        }
        Self {
            faces,
            inside,
            loaded: HashMap::new(),
            others: HashMap::new(),
            words: HashMap::new(),
            pictures: Vec::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Ascent and descent of a face, ems; the descent is negative.
    pub fn reach(&self, face: usize) -> (f32, f32) {
        self.faces.get(face).map_or((1.0, -0.3), |face| (face.ascent, face.descent))
    }

    /// A word as glyphs. A name is not kept among the words.
    pub fn word(
        &mut self,
        word: &str,
        face: usize,
        tabular: bool,
        right_to_left: bool,
        is_name: bool,
    ) -> Rc<[Shaped]> {
        let key = (face, tabular, right_to_left);
        if let Some(known) = self.words.get(&key).and_then(|words| words.get(word)) {
            return Rc::clone(known);
        }
        let mut shaped = Vec::new();
        for (range, has) in self.stretches(word, face) {
            let text = word.get(range).unwrap_or_default();
            match has {
                Some(face) => shaped.extend(self.shape_in(text, face, tabular, right_to_left)),
                None => {
                    self.missing.extend(text.chars().take(1));
                    shaped.push(self.space_that_says(text, 600, Some(Drawn::Frame)));
                }
            }
        }
        if right_to_left {
            shaped.reverse();
        }
        let shaped: Rc<[Shaped]> = shaped.into();
        let words = self.words.entry(key).or_default();
        if !is_name && words.len() < MOST_WORDS {
            words.insert(word.to_owned(), Rc::clone(&shaped));
        }
        shaped
    }

    /// The face for a letter: the wanted one, another inside the program of its weight, one of this phone.
    fn face_of(&mut self, letter: char, wanted: usize) -> Option<usize> {
        // Spaces of every width are made of the one space.
        if letter.is_whitespace() {
            return Some(wanted);
        }
        // Literata and Atkinson of one weight stand two apart.
        let other = (wanted + 2) % FACES.len();
        let has = |face: usize| self.inside.get(face).is_some_and(|face| face.glyph_index(letter).is_some());
        if let Some(face) = [wanted, other].into_iter().find(|face| has(*face)) {
            return Some(face);
        }
        if let Some(known) = self.others.get(&letter) {
            return *known;
        }
        let is_emoji = u32::from(letter) >= 0x1F000;
        let found = installed().iter().enumerate().filter(|(_, face)| face.covers(letter));
        let (pictures, outlines): (Vec<_>, Vec<_>) = found.partition(|(_, face)| face.pictures);
        let order = if is_emoji { [pictures, outlines] } else { [outlines, pictures] };
        let face = order.into_iter().flatten().find_map(|(place, _)| self.load(place));
        self.others.insert(letter, face);
        face
    }

    fn load(&mut self, place: usize) -> Option<usize> {
        if let Some(known) = self.loaded.get(&place) {
            return *known;
        }
        let read = || {
            let found = installed().get(place)?;
            let name = found.path.file_stem()?.to_str()?.to_owned();
            let mut face = Face::read(&name, Cow::Owned(fs::read(&found.path).ok()?), found.index)?;
            face.pictures = found.pictures;
            // A font that can't be cut down can't be put into a file.
            face.outlines =
                subsetter::subset(&face.data, face.index, &subsetter::GlyphRemapper::new()).is_ok();
            (face.pictures || face.outlines).then_some(face)
        };
        let face = read().map(|face| {
            self.faces.push(face);
            self.faces.len() - 1
        });
        self.loaded.insert(place, face);
        face
    }

    /// Works with a face; one of this phone is read anew each time, which few words need.
    fn with<T>(&self, face: usize, work: impl FnOnce(&rustybuzz::Face<'_>) -> T) -> Option<T> {
        if let Some(font) = self.inside.get(face) {
            return Some(work(font));
        }
        let face = self.faces.get(face)?;
        rustybuzz::Face::from_slice(&face.data, face.index).map(|font| work(&font))
    }

    fn code(&mut self, face: usize, glyph: u16, says: &str) -> (u16, bool) {
        self.faces.get_mut(face).map_or((0, false), |face| face.code(glyph, says))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fonts: &Fonts, word: &[Shaped]) -> String {
        word.iter()
            .flat_map(|part| {
                part.glyphs.iter().map(|glyph| &*fonts.faces[part.face].codes[usize::from(glyph.code)].text)
            })
            .collect()
    }

    #[test]
    fn what_is_copied_is_what_was_typed() {
        let mut fonts = Fonts::new();
        for word in [
            "a\u{2003}b",
            "The",
            "office",
            "Zoë",
            "Zoe\u{308}",
            "O'Neill",
            "]]>",
            "&",
            "<script>",
            "Łukasz",
            "Ŵyn",
        ] {
            let shaped = fonts.word(word, 0, false, false, false);
            assert_eq!(said(&fonts, &shaped), word);
            assert!(shaped.iter().all(|part| part.says.is_none() && part.drawn.is_none()), "{word}");
        }
        assert!(fonts.missing.is_empty());
    }

    #[test]
    fn what_joins_emoji_needs_no_picture_and_is_copied_all_the_same() {
        let mut fonts = Fonts::new();
        for word in ["👨\u{200d}🍎", "👍\u{200d}", "👩\u{200d}🚀"] {
            let shaped = fonts.word(word, 0, false, false, false);
            assert!(
                shaped.iter().all(|part| fonts.faces[part.face].outlines),
                "{word}: a face that cannot be put into a file"
            );
            assert_eq!(said(&fonts, &shaped).replace('\u{200b}', ""), word);
        }
    }

    #[test]
    fn one_glyph_that_stands_for_two_texts_has_two_codes() {
        let mut fonts = Fonts::new();
        let hyphens = ["-", "\u{2010}"].map(|text| fonts.word(text, 0, false, false, false));
        let codes = hyphens.map(|word| (word[0].face, word[0].glyphs[0].code));
        assert_ne!(codes[0], codes[1]);
    }

    #[test]
    fn a_letter_that_no_font_has_is_told_and_keeps_its_text() {
        let mut fonts = Fonts::new();
        let shaped = fonts.word("a\u{10FFFD}b", 0, false, false, false);
        assert_eq!(said(&fonts, &shaped), "a\u{10FFFD}b");
        assert_eq!(fonts.missing, BTreeSet::from(['\u{10FFFD}']));
        assert_eq!(shaped[1].drawn, Some(Drawn::Frame));
    }

    #[test]
    fn a_name_is_not_kept_among_the_words() {
        let mut fonts = Fonts::new();
        fonts.word("Canary", 0, false, false, true);
        assert!(fonts.words.values().all(HashMap::is_empty));
    }
}
