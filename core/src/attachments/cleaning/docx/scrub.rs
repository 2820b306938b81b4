//! One part of a document written anew: its words and their look stay, who wrote them, when and on which computer go.

use std::collections::BTreeSet;

use super::xml::{Piece, Pieces, local};
use super::{JOINED, Stop};

/// What every part begins with.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Elements that say what the reader of a document need not know: editing sessions, the document's id and variables, the
/// template on somebody's disk, addresses of a mailing, ties to data that is not kept, the original of a picture that was
/// changed, moments of a drawing.
const GONE: &[&str] = &[
    "rsids",
    "rsid",
    "docId",
    "docVars",
    "attachedTemplate",
    "mailMerge",
    "dataBinding",
    "imgProps",
    "timestamp",
];
/// Files inside that hold words of the document: without them it would not be whole.
const OF_OTHER_FILES: &[&str] = &["altChunk", "subDoc"];
/// When, by which account, with which device; and pictures packed into a text.
const UNTOLD: &[&str] = &[
    "date",
    "dateUtc",
    "userId",
    "providerId",
    "ed",
    "manufacturer",
    "model",
    "serialNo",
    "timeOffset",
    "timestampRef",
    "gfxdata",
];
/// Elements that keep their words, or their place, when what they point to goes.
const WITHOUT_TARGET: &[&str] = &["hyperlink", "blip", "imagedata", "fill"];

/// Writes a part anew; `gone` are the relationships that do not stay.
pub(super) fn part(text: &str, gone: &BTreeSet<String>) -> Result<String, Stop> {
    let mut pieces = Pieces::of(text);
    let mut out = String::with_capacity(text.len());
    out.push_str(HEAD);
    // Prefixes of attributes that name relationships.
    let mut prefixes = BTreeSet::new();
    // How deep in an element that is left out.
    let mut outside = 0_usize;
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(tag) if outside > 0 => outside += usize::from(!tag.empty),
            Piece::Close(_) if outside > 0 => outside -= 1,
            Piece::Text(_) if outside > 0 => {}
            Piece::Text(text) => out.push_str(text),
            Piece::Close(name) => {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
            Piece::Open(mut tag) => {
                if OF_OTHER_FILES.contains(&tag.local()) {
                    return Err(JOINED);
                }
                let declared = tag.attributes.iter().filter(|(_, value)| names_relationships(value));
                prefixes.extend(declared.filter_map(|(name, _)| name.strip_prefix("xmlns:")));
                let dangling = |(name, value): &(&str, &str)| {
                    name.split_once(':').is_some_and(|(prefix, _)| prefixes.contains(prefix))
                        && gone.contains(*value)
                };
                let without = WITHOUT_TARGET.contains(&tag.local());
                if GONE.contains(&tag.local()) || (!without && tag.attributes.iter().any(dangling)) {
                    outside += usize::from(!tag.empty);
                    continue;
                }
                tag.attributes.retain(|told| !dangling(told) && !is_untold(told.0));
                for (name, value) in &mut tag.attributes {
                    match local(name) {
                        // The format wants a name, and this is the one that Word puts in when asked to tell nobody's.
                        "author" => *value = "Author",
                        "initials" => *value = "A",
                        _ if is_place_on_a_disk(value) => *value = "",
                        _ => {}
                    }
                }
                tag.write(&mut out);
            }
        }
    }
    Ok(out)
}

fn names_relationships(value: &str) -> bool {
    value.ends_with("officeDocument/2006/relationships")
        || value.ends_with("ooxml/officeDocument/relationships")
}

fn is_untold(name: &str) -> bool {
    let name = local(name);
    UNTOLD.contains(&name) || name.starts_with("rsid")
}

/// Older programs describe a picture by the place that it came from.
fn is_place_on_a_disk(value: &str) -> bool {
    value.contains(":\\") || ["file:", "/Users/", "/home/"].iter().any(|begin| value.starts_with(begin))
}
