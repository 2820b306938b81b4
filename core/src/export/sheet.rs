//! A table as Excel, LibreOffice and Numbers open it: RFC 4180 in UTF-8, and no cell that becomes a formula.

use crate::error::Result;
use crate::export::html::written;
use std::borrow::Cow;
use std::io::{Error as IoError, Write};

/// A table that is being written.
pub struct Sheet<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// Begins with the mark by which Excel knows UTF-8, and the columns' names.
    pub fn new(mut out: W, columns: &[impl AsRef<str>]) -> Result<Self> {
        out.write_all(b"\xEF\xBB\xBF").map_err(|error| written(&error))?;
        let mut builder = csv::WriterBuilder::new();
        let csv = builder.terminator(csv::Terminator::CRLF).from_writer(out);
        let mut sheet = Self { csv };
        sheet.row(columns)?;
        Ok(sheet)
    }

    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> Result<()> {
        let guarded = cells.iter().map(|cell| guarded(cell.as_ref()).into_owned());
        self.csv.write_record(guarded).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => written(&error),
            _ => written(&IoError::other("a row")),
        })
    }

    pub fn finish(mut self) -> Result<()> {
        self.csv.flush().map_err(|error| written(&error))
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front, which shows it as text.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula_and_every_character_comes_through() {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(&mut out, &["a", "b"]).unwrap();
        sheet.row(&["=1+1", "says \"hi\", twice"]).unwrap();
        sheet.row(&["@cmd", "two\nlines"]).unwrap();
        sheet.row(&["-3", "1-2"]).unwrap();
        sheet.finish().unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\u{feff}a,b\r\n'=1+1,\"says \"\"hi\"\", twice\"\r\n'@cmd,\"two\nlines\"\r\n'-3,1-2\r\n"
        );
    }
}
