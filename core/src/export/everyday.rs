//! Nicknames that are everyday words too, so that a capital alone does not show who is meant.

/// Words that stand without an article at the start of a sentence or carry a capital anyway: helping verbs, months,
/// seasons, weekdays, school subjects, and plain nouns and verbs that are given as names.
const WORDS: &str = " art will rose mark bill may june july april august summer autumn winter spring sunday monday \
 tuesday wednesday thursday friday saturday grace joy hope faith charity patience grant frank jack rob pat sue drew \
 dawn eve ray guy penny poppy daisy violet ivy iris lily holly hazel heather olive ruby pearl amber jade crystal coral \
 sky star sunny rain snow storm river brook forest reed basil ginger honey sugar pepper cookie biscuit pumpkin peanut \
 chip buddy ace max chase hunter archer mason carter page scout robin jay martin wren bob nick peg don rich van earl \
 victor miles norm gene dot bea mercy constance melody harmony carol angel noel christian gray grey brown green red \
 blue white black pink sandy rusty dusty rocky cliff glen dale heath wood stone english maths math mathematics science \
 history geography music drama dance sport sports computing french german spanish welsh reading writing spelling \
 nature cooking gardening swimming london paris florence chelsea sidney sydney dakota georgia virginia india kenya can \
 must shall do so say see mum dad baby little big one two three north south east west early late ";

/// Whether this nickname is such a word.
pub fn is_everyday(nickname: &str) -> bool {
    let word = nickname.trim().to_lowercase();
    !word.is_empty() && !word.contains(' ') && WORDS.contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests {
    use super::is_everyday;

    #[test]
    fn words_are_told_from_names() {
        for word in ["Art", "will", "Rose", "May"] {
            assert!(is_everyday(word), "{word}");
        }
        for name in ["Hedgehog", "Otter", "Bean", "Zoë", "O'Neill", "", "art will"] {
            assert!(!is_everyday(name), "{name}");
        }
    }
}
