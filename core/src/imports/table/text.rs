//! From a table's bytes to its rows: whatever program saved it.

use crate::error::{Error, Result};
use crate::imports::archive;
use std::io::Read;
use std::path::Path;

/// The largest table that is read, in bytes.
const MAX_FILE: u64 = 64 << 20;
/// Most rows.
const MAX_ROWS: usize = 100_000;

/// A table's columns and rows.
pub(super) struct Rows {
    pub header: Vec<String>,
    /// Each with its row as a spreadsheet counts: the header is 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a table: UTF-8, UTF-16 or Windows' Western script; commas, semicolons or tabs.
pub(super) fn read(path: &Path) -> Result<Rows> {
    let unreadable = |_| Error::invalid("this file can't be read: choose it again");
    let mut bytes = Vec::new();
    archive::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Error::invalid("this table is larger than 64 MB: split it"));
    }
    if bytes.starts_with(b"PK") {
        return Err(Error::invalid("this is a workbook or a ZIP file: save it as CSV first"));
    }
    rows(&decoded(&bytes)?)
}

pub(super) fn rows(text: &str) -> Result<Rows> {
    // Excel may say in a first line which mark it put between the cells.
    let text = text.strip_prefix("sep=").and_then(|rest| Some(rest.split_once('\n')?.1)).unwrap_or(text);
    let mark = delimiter(text);
    check_quotes(text.as_bytes(), mark)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut found = Rows { header: Vec::new(), rows: Vec::new() };
    let mut row = 0;
    for record in reader.records() {
        let record =
            record.map_err(|_| Error::invalid("this table can't be read: save it as CSV once more"))?;
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default();
        row += 1 + empty_rows(text.as_bytes(), at);
        let cells: Vec<String> = record.iter().map(|cell| unguarded(cell.trim()).to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if found.header.is_empty() {
            found.header = cells;
        } else {
            found.rows.push((row, cells));
        }
        if found.rows.len() > MAX_ROWS {
            return Err(Error::invalid("this table has more than 100000 rows: split it"));
        }
    }
    if found.rows.is_empty() {
        return Err(Error::invalid("this table has no rows below its header: choose another file"));
    }
    Ok(found)
}

/// Rows without anything, which the reader passes over without a word, from this byte on.
fn empty_rows(text: &[u8], at: usize) -> u64 {
    let is_end = |byte: &u8| [b'\r', b'\n'].contains(byte);
    // The second half of the row's end before.
    let after_half = at.checked_sub(1).is_some_and(|before| text.get(before) == Some(&b'\r'));
    let ends = text.get(at - usize::from(after_half)..).unwrap_or_default();
    let mut ends = ends.iter().take_while(|byte| is_end(byte)).peekable();
    let mut count = 0;
    while let Some(byte) = ends.next() {
        count += u64::from(*byte == b'\n' || ends.peek() != Some(&&b'\n'));
    }
    count - u64::from(after_half)
}

/// A quote mark that is never closed would swallow every row after it without a word.
fn check_quotes(text: &[u8], mark: u8) -> Result<()> {
    let (mut row, mut bytes) = (1_u32, text.iter().copied().peekable());
    let (mut is_start, mut opened) = (true, None);
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (None, b'"') if is_start => opened = Some(row),
            (Some(_), b'"') if bytes.peek() == Some(&b'"') => drop(bytes.next()),
            (Some(at), b'"') => {
                if bytes.peek().is_some_and(|next| ![mark, b'\r', b'\n'].contains(next)) {
                    return Err(unclosed(at));
                }
                opened = None;
            }
            _ => {}
        }
        row += u32::from(opened.is_none() && byte == b'\n');
        is_start = opened.is_none() && [mark, b'\r', b'\n'].contains(&byte);
    }
    opened.map_or(Ok(()), |at| Err(unclosed(at)))
}

fn unclosed(row: u32) -> Error {
    Error::invalid(format!(
        "row {row} of this table has a quote mark that is never closed: close it, or save the table as CSV once more"
    ))
}

/// The mark that stands most often in the header, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.lines().next().unwrap_or_default().bytes() {
        quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(mark, _)| *mark == byte && !quoted) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(mark, _)| *mark)
}

/// Without the apostrophe that keeps a spreadsheet from running a cell as a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

fn decoded(bytes: &[u8]) -> Result<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty());
        text.ok_or_else(|| Error::invalid("this table is cut off or damaged: save it as CSV once more"))
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, text @ ..] => Ok(western_unless_utf8(text)),
        [0xFF, 0xFE, text @ ..] => wide(text, u16::from_le_bytes),
        [0xFE, 0xFF, text @ ..] => wide(text, u16::from_be_bytes),
        text => Ok(western_unless_utf8(text)),
    }
}

fn western_unless_utf8(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| western(*byte)).collect(),
    }
}

/// Windows-1252.
fn western(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_program_saved_it_the_words_are_the_same() {
        let text =
            "sep=;\r\nDate;Title\r\n2026-05-03;\"Zoë's “pond”; – €3\"\r\n;\r\n\r\n2026-05-04;'=1+1\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let windows: Vec<u8> =
            text.chars().map(|c| (0..=255).find(|byte| western(*byte) == c).unwrap()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat(),
            [&b"\xFF\xFE"[..], &utf16].concat(),
            [&b"\xFE\xFF"[..], &big].concat(),
            windows,
        ] {
            let found = rows(&decoded(&bytes).unwrap()).unwrap();
            assert_eq!(found.header, ["Date", "Title"]);
            let numbers: Vec<u64> = found.rows.iter().map(|(row, _)| *row).collect();
            let cells: Vec<&[String]> = found.rows.iter().map(|(_, cells)| cells.as_slice()).collect();
            assert_eq!(cells, [["2026-05-03", "Zoë's “pond”; – €3"], ["2026-05-04", "=1+1"]]);
            assert_eq!(numbers, [2, 5]);
        }
        assert!(decoded(b"\xFF\xFEa").is_err());
        assert!(rows("Date,Title\n").is_err());
    }

    #[test]
    fn a_quote_mark_that_is_never_closed_is_told_with_its_row_and_swallows_nothing() {
        let head = "Date,Title\n2026-05-01,\"Pond, with \"\"frogs\"\"\nand newts\"\n";
        for (rest, row) in [
            ("2026-05-02,\"Sums\n2026-05-03,Pond\n", 3),
            ("2026-05-02,\"Sums\n2026-05-03,\"Pond\"\n", 3),
            ("2026-05-02,Sums\n\"2026-05-03,Pond\n", 4),
        ] {
            let refused = rows(&format!("{head}{rest}")).err().unwrap().to_string();
            assert!(refused.starts_with(&format!("row {row} of this table has a quote mark")), "{refused}");
        }
        let fine = rows(&format!("{head}2026-05-02,A 5\" pipe and a \"word\"\r\n2026-05-03,\"\"")).unwrap();
        assert_eq!(fine.rows.len(), 3);
        assert_eq!(fine.rows[0].1[1], "Pond, with \"frogs\"\nand newts");
    }
}
