//! Which places are found, and which of them are surely the name.

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

#[test]
fn a_nickname_is_found_where_words_stand_without_a_space_or_grow_a_prefix() {
    for (text, nickname) in [
        ("今天小豆去公园。", "小豆"),
        ("まめは本を読んだ", "まめ"),
        ("민수는 책을 읽었다", "민수"),
        ("วันนี้มะลิอ่านหนังสือ", "มะลิ"),
        ("ונועה קראה", "נועה"),
        ("הלכנו לנועה", "נועה"),
        ("שבנועה", "נועה"),
        ("بن־נועה", "נועה"),
        ("وليلى قرأت", "ليلى"),
        ("we met Little-Bear", "Little Bear"),
        ("we met Anne Marie", "Anne-Marie"),
        ("we met Little\nBear", "Little Bear"),
    ] {
        assert_eq!(
            found(text, nickname).iter().map(|(_, sure)| *sure).collect::<Vec<_>>(),
            [false],
            "{text}"
        );
    }
    for (text, nickname) in [
        ("今天Bean去公园", "Bean"),
        ("Then 小豆, who", "小豆"),
        ("Little  Bear dug", "Little Bear"),
        ("Little\u{a0}Bear dug", "Little Bear"),
        ("LITTLE  BEAR", "Little Bear"),
        ("O’Neill dug", "O'Neill"),
    ] {
        assert_eq!(sure(text, nickname), 1, "{text}");
    }
    for (text, nickname) in [
        ("Little\n\nBear", "Little Bear"),
        ("דנועה", "נועה"),
        ("LittleBear", "Little Bear"),
        ("มะลิ\u{e48}", "มะลิ"),
    ] {
        assert_eq!(found(text, nickname), [], "{text}");
    }
}

#[test]
fn a_place_somebody_else_and_a_title_of_the_record_are_shown_but_left_off() {
    for text in ["a walk on Fern Hill", "with Auntie Fern", "Mr. Fern came", "Dr Fern's class"] {
        assert_eq!(found(text, "Fern"), [("Fern".into(), false)], "{text}");
    }
    assert_eq!(sure("We saw an owl. Fern and I, then Fern I think", "Fern"), 2);
    let works = ["The Bean Tree".to_owned(), "Bean, Sean".to_owned(), "Nothing".to_owned()];
    let lookout = Lookout::new(vec![Known::new(0, "Bean", &[])], &works);
    assert_eq!(lookout.works.len(), 2, "what holds no nickname is not looked for");
    let text = "Bean read The Bean Tree by Bean, Sean. Bean, too.";
    let certain: Vec<bool> = lookout.find(text).iter().map(|one| one.certain).collect();
    assert_eq!(certain, [true, false, false, true]);
}

/// Letters only: what stands between the words of a name may differ.
fn plain(name: &str) -> String {
    let plain = name.chars().filter(|c| !c.is_whitespace() && !edges::is_dash(*c));
    plain.map(|c| if edges::is_apostrophe(c) { '\'' } else { c }).flat_map(char::to_lowercase).collect()
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
            assert_eq!(plain(&text[mention.range]), plain(&known.nickname));
        }
    }
}
