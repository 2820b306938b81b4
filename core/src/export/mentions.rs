//! Nicknames in free text: whole words only, Unicode and case aware, never inside another word.
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::everyday;

/// A nickname to look for.
#[derive(Debug, Clone)]
pub struct Known {
    /// Place in the cast.
    pub who: usize,
    /// The nickname in NFC.
    pub nickname: String,
    /// Also an everyday word or a subject: a capital alone does not make it a name.
    pub everyday: bool,
}

impl Known {
    /// A nickname, and the names of the family's subjects ("Art" may be both).
    pub fn new(who: usize, nickname: &str, subjects: &[String]) -> Self {
        let nickname: String = nickname.trim().nfc().collect();
        let everyday = everyday::is_everyday(&nickname)
            || subjects.iter().any(|subject| subject.trim().to_lowercase() == nickname.to_lowercase());
        Self { who, nickname, everyday }
    }
}

/// A place where a nickname stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Whose nickname.
    pub who: usize,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Surely the name: no everyday word, no "a hedgehog", no part of "Bean-pole" or "O'Bean".
    pub certain: bool,
}

/// Finds every mention in `text`, which must be NFC. Longer nicknames win; mentions never overlap.
pub fn find(text: &str, known: &[Known]) -> Vec<Mention> {
    let mut longest_first: Vec<&Known> = known.iter().filter(|one| !one.nickname.is_empty()).collect();
    longest_first.sort_by_key(|one| std::cmp::Reverse(one.nickname.len()));
    let mut mentions = Vec::new();
    let mut done = 0;
    for (at, _) in text.char_indices() {
        if at < done {
            continue;
        }
        let here = longest_first.iter().find_map(|one| mention_at(text, at, one));
        if let Some(mention) = here {
            done = mention.range.end;
            mentions.push(mention);
        }
    }
    mentions
}

fn mention_at(text: &str, at: usize, known: &Known) -> Option<Mention> {
    let (before, rest) = text.split_at_checked(at)?;
    let (matched, exact) = starts_with(rest, &known.nickname)?;
    let after = rest.get(matched..)?;
    let first_is_letter = known.nickname.chars().next().is_some_and(is_letter);
    let last_is_letter = known.nickname.chars().next_back().is_some_and(is_letter);
    let mut joined = false;
    if first_is_letter {
        let mut back = before.chars().rev();
        match back.next() {
            Some(near) if is_letter(near) => return None,
            Some(near) if is_joint(near) => joined = back.next().is_some_and(is_letter),
            _ => {}
        }
    } else if before.ends_with('\u{200d}') {
        return None;
    }
    if last_is_letter {
        joined |= !ends_well(after)?;
    } else if after.starts_with(|c: char| c == '\u{200d}' || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)) {
        return None;
    }
    let certain = !known.everyday && !joined && exact && !follows_article(before);
    Some(Mention { who: known.who, range: at..at + matched, certain })
}

/// Bytes of `rest` that spell the nickname, and whether the case is that of a name: as typed, or all capitals.
fn starts_with(rest: &str, nickname: &str) -> Option<(usize, bool)> {
    let mut letters = rest.char_indices();
    let mut end = 0;
    let mut same = true;
    for wanted in nickname.chars() {
        let (at, letter) = letters.next()?;
        if letter != wanted {
            if !letter.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            same = false;
        }
        end = at + letter.len_utf8();
    }
    let matched = rest.get(..end)?;
    let capitals = nickname.chars().count() > 1 && !matched.chars().any(char::is_lowercase);
    // A nickname typed in small letters is as sure at the start of a sentence.
    let starts_small = nickname.chars().next().is_some_and(char::is_lowercase);
    let rest_same = matched.chars().skip(1).eq(nickname.chars().skip(1));
    Some((end, same || capitals || (starts_small && rest_same)))
}

/// What may follow a name: `None` inside a word, `Some(false)` in a longer joined word.
fn ends_well(after: &str) -> Option<bool> {
    let mut ahead = after.chars();
    match ahead.next() {
        None => Some(true),
        // "Beans' den": plural possessive.
        Some('s' | 'S') => {
            let apostrophe = ahead.next().is_some_and(is_apostrophe);
            (apostrophe && !ahead.next().is_some_and(is_letter)).then_some(true)
        }
        Some(near) if is_letter(near) => None,
        Some(near) if is_apostrophe(near) => {
            let tail: String = ahead.take_while(|c| is_letter(*c)).flat_map(char::to_lowercase).collect();
            Some(["", "s", "ll", "d", "ve", "re", "m"].contains(&tail.as_str()))
        }
        Some(near) if is_joint(near) => Some(!ahead.next().is_some_and(is_letter)),
        Some(_) => Some(true),
    }
}

/// "a hedgehog", "two otters": the animal, not the learner.
fn follows_article(before: &str) -> bool {
    let Some(gap) = before.chars().next_back() else { return false };
    if !gap.is_whitespace() {
        return false;
    }
    let word: String = before.trim_end().chars().rev().take_while(|c| is_letter(*c)).collect();
    let word: String = word.chars().rev().flat_map(char::to_lowercase).collect();
    ["a", "an", "the", "another", "every", "each", "some", "any", "no", "one"].contains(&word.as_str())
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || c == '_'
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}')
}

fn is_joint(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, nickname: &str) -> Vec<(String, bool)> {
        let text: String = text.nfc().collect();
        find(&text, &[Known::new(0, nickname, &["Art".into()])])
            .into_iter()
            .map(|mention| (text[mention.range].to_owned(), mention.certain))
            .collect()
    }
    fn sure(text: &str, nickname: &str) -> usize {
        found(text, nickname).iter().filter(|(_, certain)| *certain).count()
    }

    #[test]
    fn a_nickname_is_found_as_a_whole_word_with_its_possessive() {
        assert_eq!(sure("Bean's boots, Bean’s hat, Beans' den and Bean, Bean.", "Bean"), 5);
        assert_eq!(sure("(Bean) \"Bean\" Bean: Bean-", "Bean"), 4);
        assert_eq!(sure("Bean'll go, Bean’d been", "Bean"), 2);
    }

    #[test]
    fn a_nickname_is_never_found_inside_a_word() {
        assert_eq!(found("beanstalk Beans runner-up Beanie soyBean Bean_1 Beanë", "Bean"), []);
        assert_eq!(found("Artist, party, Bart", "Art"), []);
        assert_eq!(found("Zoe\u{301}", "Zo"), []);
    }

    #[test]
    fn joined_words_and_the_animal_itself_are_shown_but_left_off() {
        for text in ["a Bean-pole", "O'Bean", "a Bean grew", "one hedgehog-Bean", "BEan"] {
            assert_eq!(found(text, "Bean").iter().filter(|(_, certain)| *certain).count(), 0, "{text}");
            assert_eq!(found(text, "Bean").len(), 1, "{text}");
        }
        assert_eq!(found("we saw hedgehogs and a hedgehog", "Hedgehog"), [("hedgehog".into(), false)]);
        assert_eq!(sure("WELL DONE HEDGEHOG", "Hedgehog"), 1);
    }

    #[test]
    fn everyday_words_and_subjects_are_left_off() {
        for (text, nickname) in
            [("Art was fun", "Art"), ("Will we go? Will went.", "Will"), ("A rose. Rose", "Rose")]
        {
            assert!(!found(text, nickname).is_empty());
            assert_eq!(sure(text, nickname), 0, "{text}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_name() {
        assert_eq!(sure("Zoe\u{308} and Zo\u{eb}", "Zoe\u{308}"), 2);
        assert_eq!(sure("O'Neill and O'Neill's", "O'Neill"), 2);
        assert_eq!(sure("Anne-Marie met Anne", "Anne-Marie"), 1);
        assert_eq!(sure("Anne-Marie met Anne", "Anne"), 1);
    }

    #[test]
    fn an_emoji_nickname_is_found_but_not_inside_a_joined_emoji() {
        assert_eq!(sure("🦔 dug; 🦔🦔", "🦔"), 3);
        assert_eq!(found("👩\u{200d}🚀", "🚀"), []);
        assert_eq!(found("👋🏽", "👋"), []);
    }

    #[test]
    fn right_to_left_names_and_markup_are_names_like_others() {
        assert_eq!(sure("נועה קראה ספר. נועה!", "נועה"), 2);
        assert_eq!(sure("<script> wrote & ]]> read", "<script>"), 1);
        assert_eq!(sure("]]> & ]]>", "]]>"), 2);
    }

    #[test]
    fn the_longer_nickname_wins() {
        let known = [Known::new(0, "Bean", &[]), Known::new(1, "Bean Junior", &[])];
        let who: Vec<_> = find("Bean Junior and Bean", &known).iter().map(|mention| mention.who).collect();
        assert_eq!(who, [1, 0]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_nickname_give_ordered_ranges_that_spell_the_nickname(text in ".{0,80}", nickname in ".{1,6}") {
            let text: String = text.nfc().collect();
            let known = Known::new(0, &nickname, &[]);
            let mut last = 0;
            for mention in find(&text, std::slice::from_ref(&known)) {
                assert!(mention.range.start >= last);
                last = mention.range.end;
                assert_eq!(text[mention.range].to_lowercase(), known.nickname.to_lowercase());
            }
        }
    }
}
