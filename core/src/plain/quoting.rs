//! Names in the lists of a table's cells: one with a mark in it stands in quotation marks, so that it is read as one.

use std::borrow::Cow;

/// Marks that end a name in a list or before a learner's own line.
const MARKS: [char; 5] = [';', ',', ':', '"', '\n'];

/// A name as it stands in a list.
pub fn quoted(name: &str) -> Cow<'_, str> {
    if name.contains(MARKS) { format!("\"{}\"", name.replace('"', "\"\"")).into() } else { name.into() }
}

/// The name that a text begins with if it stands in quotation marks, and what comes after them.
pub fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text.strip_prefix('"')?;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

/// The items of a list between marks; what stands in quotation marks is one item.
pub fn items(list: &str, mark: char) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start();
        let quoted = unquoted(rest).and_then(|(name, after)| {
            let after = after.trim_start();
            (after.is_empty() || after.starts_with(mark)).then_some((name, after))
        });
        let (item, after) = quoted.unwrap_or_else(|| {
            let end = rest.find(mark).unwrap_or(rest.len());
            let (item, after) = rest.split_at(end);
            (item.trim().to_owned(), after)
        });
        items.push(item);
        match after.strip_prefix(mark) {
            Some(more) => rest = more,
            None => break,
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_type_is_read_as_they_mean_it() {
        assert_eq!(items("Maths; Art, craft", ';'), ["Maths", "Art, craft"]);
        assert_eq!(items("\"Big\" maths, Art", ','), ["\"Big\" maths", "Art"]);
        assert_eq!(items("\"never closed, Art", ','), ["\"never closed", "Art"]);
        assert_eq!(items(" ;; ", ';'), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(names in proptest::collection::vec("[a-c;,:\" ]{0,6}[a-c]", 0..5)) {
            let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
            let list: Vec<_> = names.iter().map(|name| quoted(name)).collect();
            prop_assert_eq!(items(&list.join("; "), ';'), names);
        }
    }
}
