//! The ZIP itself: photos as they are, everything else deflated, written as it comes.

use crate::error::{Error, Result};
use crate::export::html::written;
use jiff::civil::Date;
use std::cell::Cell;
use std::io::{self, Seek, SeekFrom, Write};
use std::rc::Rc;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Where a document is written to: a file, or memory to measure it.
pub trait Out: Write + Seek {}

impl<T: Write + Seek> Out for T {}

/// A ZIP that is being written.
pub struct Archive<'a> {
    zip: Option<ZipWriter<Quiet<'a>>>,
    given_up: Rc<Cell<bool>>,
    made_on: DateTime,
}

impl Drop for Archive<'_> {
    /// What is not finished is given up.
    fn drop(&mut self) {
        self.given_up.set(true);
    }
}

impl<'a> Archive<'a> {
    pub fn new(out: &'a mut dyn Out, made_on: Date) -> Self {
        let given_up = Rc::new(Cell::new(false));
        let quiet = Quiet { out, given_up: Rc::clone(&given_up), at: 0, end: 0 };
        Self { zip: Some(ZipWriter::new(quiet)), given_up, made_on: day(made_on) }
    }

    /// Begins a file; what was begun before is at its end.
    pub fn start(&mut self, name: &str) -> Result<&mut dyn Write> {
        self.begin(name, CompressionMethod::Deflated, self.made_on)?;
        Ok(self.zip()?)
    }

    /// A photo, dated by its entry's day. A JPEG does not get smaller.
    pub fn photo(&mut self, name: &str, learned_on: &str, bytes: &[u8]) -> Result<()> {
        let on = learned_on.parse().map_or(self.made_on, day);
        self.begin(name, CompressionMethod::Stored, on)?;
        self.more(bytes)
    }

    /// The next bytes of it.
    pub fn more(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip()?.write_all(bytes).map_err(|error| written(&error))
    }

    fn begin(&mut self, name: &str, method: CompressionMethod, on: DateTime) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(method).last_modified_time(on);
        self.zip()?.start_file(name, options).map_err(|error| failed(&error))
    }

    pub fn finish(mut self) -> Result<()> {
        let zip = self.zip.take().ok_or_else(|| Error::internal("a ZIP that is finished"))?;
        zip.finish().map(drop).map_err(|error| failed(&error))
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<Quiet<'a>>> {
        self.zip.as_mut().ok_or_else(|| Error::internal("a ZIP that is finished"))
    }
}

/// Passes on what is written until something fails or the ZIP is given up. It tries to end itself even then, and would
/// tell on standard error that it can't.
struct Quiet<'a> {
    out: &'a mut dyn Out,
    given_up: Rc<Cell<bool>>,
    at: u64,
    end: u64,
}

impl Quiet<'_> {
    fn noted<T>(&self, result: io::Result<T>) -> io::Result<T> {
        // A call that was interrupted is made again.
        if result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.given_up.set(true);
        }
        result
    }
}

impl Write for Quiet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = if self.given_up.get() {
            bytes.len()
        } else {
            let result = self.out.write(bytes);
            self.noted(result)?
        };
        self.at += count as u64;
        self.end = self.end.max(self.at);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.given_up.get() {
            return Ok(());
        }
        let result = self.out.flush();
        self.noted(result)
    }
}

impl Seek for Quiet<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.at = if self.given_up.get() {
            match place {
                SeekFrom::Start(at) => at,
                SeekFrom::Current(by) => self.at.saturating_add_signed(by),
                SeekFrom::End(by) => self.end.saturating_add_signed(by),
            }
        } else {
            let result = self.out.seek(place);
            self.noted(result)?
        };
        self.end = self.end.max(self.at);
        Ok(self.at)
    }
}

/// Dates of a ZIP reach from 1980 to 2107.
fn day(date: Date) -> DateTime {
    let fit = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1980);
    DateTime::from_date_and_time(year, fit(date.month()), fit(date.day()), 0, 0, 0).unwrap_or_default()
}

fn failed(error: &ZipError) -> Error {
    match error {
        ZipError::Io(error) => written(error),
        _ => Error::internal("writing a ZIP"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{BufReader, BufWriter, Cursor, Read};
    use zip::ZipArchive;

    fn read(zip: &mut ZipArchive<BufReader<File>>, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// A disk with room for so many bytes.
    struct Full {
        disk: Cursor<Vec<u8>>,
        room: usize,
        refused: u32,
    }

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.disk.get_ref().len() + bytes.len() > self.room {
                self.refused += 1;
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.disk.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.disk.flush()
        }
    }

    impl Seek for Full {
        fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
            self.disk.seek(place)
        }
    }

    #[test]
    fn a_full_disk_is_told_once_and_nothing_more_is_written() {
        for room in [10, 100, 300, 1_000] {
            let mut disk = Full { disk: Cursor::default(), room, refused: 0 };
            let mut zip = Archive::new(&mut disk, "2026-05-03".parse().unwrap());
            let mut number = 0;
            let refused = loop {
                number += 1;
                if let Err(error) = zip.photo(&format!("photos/{number}.jpg"), "2026-05-03", &[7; 90]) {
                    break error;
                }
            };
            assert_eq!(refused, Error::StorageFull);
            drop(zip);
            assert_eq!(disk.refused, 1, "room for {room}");
        }
    }

    /// The file begins behind 5 GB that take no room on the disk.
    #[test]
    fn a_zip_beyond_4_gib_reads_back() {
        const BEFORE: u64 = 5 << 30;
        let file = tempfile::tempfile().unwrap();
        let mut out = BufWriter::new(file.try_clone().unwrap());
        out.seek(SeekFrom::Start(BEFORE)).unwrap();
        let mut zip = Archive::new(&mut out, "2026-05-03".parse().unwrap());
        zip.photo("photos/1.jpg", "2026-05-03", b"a photo").unwrap();
        zip.start("record.json").unwrap().write_all(b"{}").unwrap();
        zip.finish().unwrap();
        out.flush().unwrap();
        assert!(file.metadata().unwrap().len() > BEFORE);
        let mut zip = ZipArchive::new(BufReader::new(file)).unwrap();
        assert_eq!(
            (read(&mut zip, "photos/1.jpg"), read(&mut zip, "record.json")),
            (b"a photo".to_vec(), b"{}".to_vec())
        );
        assert!(zip.by_name("record.json").unwrap().header_start() > BEFORE);
    }

    #[test]
    fn a_zip_of_more_than_65_535_files_reads_back() {
        let file = tempfile::tempfile().unwrap();
        let mut out = BufWriter::new(file.try_clone().unwrap());
        let mut zip = Archive::new(&mut out, "2026-05-03".parse().unwrap());
        for number in 0..66_000 {
            zip.photo(&format!("photos/{number}.jpg"), "2026-05-03", &[7]).unwrap();
        }
        zip.start("record.json").unwrap().write_all(b"{}").unwrap();
        zip.finish().unwrap();
        out.flush().unwrap();
        let mut zip = ZipArchive::new(BufReader::new(file)).unwrap();
        assert_eq!((zip.len(), read(&mut zip, "record.json")), (66_001, b"{}".to_vec()));
        assert_eq!(read(&mut zip, "photos/65999.jpg"), [7]);
    }
}
