//! Where a file is cleaned: what comes in is read in pieces, what goes out is written in order, and either may stop.

use std::io::{Read, Seek, SeekFrom, Write};

use super::Cancel;
use crate::error::Error;

/// Bytes that are copied at once: one segment of a sealed file.
const PIECE: usize = 65_536;

/// A file that can be read from any place.
pub(in crate::attachments) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Why a file was not taken in.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::attachments) enum Stop {
    /// Because of what it is; the words follow the file's name.
    Refused(&'static str),
    /// Because of something else.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// One file's cleaning.
pub(in crate::attachments) struct Desk<'a> {
    source: &'a mut dyn Source,
    /// Bytes of the file.
    pub size: u64,
    out: &'a mut dyn Write,
    cancel: &'a Cancel,
    /// Hears how many bytes more were written.
    step: &'a dyn Fn(u64),
}

impl<'a> Desk<'a> {
    pub fn new(
        source: &'a mut dyn Source,
        size: u64,
        out: &'a mut dyn Write,
        cancel: &'a Cancel,
        step: &'a dyn Fn(u64),
    ) -> Self {
        Self { source, size, out, cancel, step }
    }

    /// Fills `into` from this place of the file on.
    pub fn read_at(&mut self, place: u64, into: &mut [u8]) -> Result<(), Stop> {
        self.source.seek(SeekFrom::Start(place)).map_err(unreadable)?;
        self.source.read_exact(into).map_err(unreadable)
    }

    /// `N` bytes from this place on.
    pub fn bytes_at<const N: usize>(&mut self, place: u64) -> Result<[u8; N], Stop> {
        let mut bytes = [0; N];
        self.read_at(place, &mut bytes)?;
        Ok(bytes)
    }

    /// The file from its beginning, in pieces as one likes.
    pub fn reader(&mut self) -> Result<&mut dyn Source, Stop> {
        self.source.rewind().map_err(unreadable)?;
        Ok(&mut *self.source)
    }

    /// The whole file, of a size that was looked at.
    pub fn whole(&mut self) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size).unwrap_or_default());
        self.source.rewind().map_err(unreadable)?;
        (&mut *self.source).take(self.size).read_to_end(&mut bytes).map_err(unreadable)?;
        self.check()?;
        Ok(bytes)
    }

    /// Copies a part of the file.
    pub fn copy(&mut self, place: u64, length: u64) -> Result<(), Stop> {
        self.source.seek(SeekFrom::Start(place)).map_err(unreadable)?;
        let mut piece = vec![0; PIECE];
        let mut left = length;
        while left > 0 {
            self.check()?;
            let (now, _) = piece.split_at_mut(usize::try_from(left).unwrap_or(PIECE).min(PIECE));
            self.source.read_exact(now).map_err(unreadable)?;
            self.out.write_all(now).map_err(unwritable)?;
            left = left.saturating_sub(now.len() as u64);
            (self.step)(now.len() as u64);
        }
        Ok(())
    }

    /// Writes bytes of our own.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        for piece in bytes.chunks(PIECE) {
            self.check()?;
            self.out.write_all(piece).map_err(unwritable)?;
            (self.step)(piece.len() as u64);
        }
        Ok(())
    }

    /// Writes this many zeros.
    pub fn zeros(&mut self, length: u64) -> Result<(), Stop> {
        let piece = vec![0; usize::try_from(length).unwrap_or(PIECE).min(PIECE)];
        let mut left = length;
        while left > 0 {
            let (now, _) = piece.split_at(usize::try_from(left).unwrap_or(PIECE).min(piece.len()));
            self.put(now)?;
            left = left.saturating_sub(now.len() as u64);
        }
        Ok(())
    }

    /// Stops when somebody cancelled.
    pub fn check(&self) -> Result<(), Stop> {
        Ok(self.cancel.check()?)
    }
}

fn unreadable(error: std::io::Error) -> Stop {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Stop::Refused("it stops half-way: choose it again from where it opens")
        }
        _ => Stop::Refused("it can't be read: choose it again"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn unwritable(error: std::io::Error) -> Stop {
    Stop::Failed(Error::of_photo_file(&error))
}
