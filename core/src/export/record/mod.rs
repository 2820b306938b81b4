//! The whole record as one ZIP that any computer reads, and hours and reading as tables of their own.

mod json;
mod material;
mod page;
mod tables;

#[cfg(test)]
mod tests;

use super::client::ExportClient;
use super::file::write_file;
use super::period::{self, Period};
use super::renaming::Renaming;
use super::write::unreadable;
use crate::attachments::{MOST_AT_ONCE, Size};
use crate::error::{Error, Result};
use crate::export::archive::Archive;
use crate::ids::LearnerId;
use crate::plain;
use crate::private::PrivateClient;
use crate::progress::{Cancel, Progress};
use material::{Album, Material};
use std::path::Path;
use std::sync::Arc;

/// What the ZIP would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPreview {
    /// Entries, drafts too.
    pub entries: u32,
    /// Photos in it.
    pub photos: u32,
    /// Photos that have not come to this phone, or were put away: they would be missing.
    pub photos_elsewhere: u32,
    /// Bytes of the photos, which is nearly all of it.
    pub photo_bytes: u64,
    /// Offered as file name; holds no name.
    pub file_name: String,
}

/// Whose and which days a table lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePeriod {
    /// Whose.
    pub learner: LearnerId,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
}

impl ExportClient {
    /// What the ZIP of the whole record would hold.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn record_preview(&self) -> Result<RecordPreview> {
        let album = self.context.storage.read(|tx| Album::of(tx, &self.attachments))?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let here: Vec<_> = album.photos().filter(|photo| photo.here).collect();
        Ok(RecordPreview {
            entries: count(album.entries.len()),
            photos: count(here.len()),
            photos_elsewhere: count(album.photos().count() - here.len()),
            photo_bytes: here.iter().map(|photo| photo.size).sum(),
            file_name: format!("kinfolio-{}.zip", self.today()),
        })
    }

    /// Writes the whole record to `path` and returns the file's length in bytes: `record.json`, which can be read in
    /// again, tables for Excel, a page for any browser, and every photo, one in memory at a time. What lies in the
    /// trash is left out. Needs notes and assessments are in it only with `private`, which takes who is there.
    /// Cancelled or failed, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a path that can't be written, and, unless `without_missing`, for a photo that is not on
    /// this phone or can't be read; [`Error::Cancelled`]; [`Error::StorageFull`].
    pub fn write_record(
        &self,
        private: Option<&PrivateClient>,
        without_missing: bool,
        path: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<u64> {
        if private.is_some_and(|private| !Arc::ptr_eq(&private.context, &self.context)) {
            return Err(Error::invalid("needs notes of another store: unlock those of this one"));
        }
        let mut album = self.context.storage.read(|tx| Album::of(tx, &self.attachments))?;
        let file = write_file(path, |out| {
            let mut zip = Archive::new(out, self.today());
            self.write_photos(&mut album, &mut zip, without_missing, progress, cancel)?;
            let kinds = plain::KINDS.iter().filter(|kind| !kind.private || private.is_some()).collect();
            let hours = tables::all_hours(self)?;
            self.context.storage.read(|tx| {
                let material =
                    Material::new(tx, &self.attachments, kinds, &album, self.context.clock.now_ms())?;
                json::write(&material, zip.start("record.json")?, cancel)?;
                cancel.check()?;
                tables::entries(&material, zip.start("entries.csv")?, cancel)?;
                tables::hours(&hours, &material.names, zip.start("hours.csv")?)?;
                tables::reading(&material, zip.start("reading.csv")?)?;
                cancel.check()?;
                page::write(&material, self.today(), zip.start("index.html")?, cancel)
            })?;
            zip.finish()
        })?;
        self.stand(file, None)
    }

    fn write_photos(
        &self,
        album: &mut Album,
        zip: &mut Archive<'_>,
        without_missing: bool,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<()> {
        let total = album.photos().count() as u64;
        for (done, photo) in (1..).zip(album.photos_mut()) {
            cancel.check()?;
            let first = if photo.whole {
                self.attachments.read_part_out(photo.id, 0, MOST_AT_ONCE)
            } else {
                self.attachments.read_out(photo.id, Size::Display)
            };
            match first {
                Ok(bytes) => {
                    zip.photo(&photo.file, &photo.day, &bytes)?;
                    let mut place = bytes.len() as u64;
                    while photo.whole && place < photo.size {
                        cancel.check()?;
                        let piece = self.attachments.read_part_out(photo.id, place, MOST_AT_ONCE)?;
                        place = place.saturating_add((piece.len() as u64).max(1));
                        zip.more(&piece)?;
                    }
                    photo.written = true;
                }
                Err(Error::NotFound(_) | Error::StoreDamaged(_)) if without_missing => {}
                Err(error) => {
                    let what = if photo.whole { "file" } else { "photograph" };
                    return Err(unreadable(
                        what,
                        &period::parse_date(&photo.day).map(period::date).unwrap_or_default(),
                        error,
                    ));
                }
            }
            progress.progress(done, total);
        }
        Ok(())
    }

    /// Writes a learner's hours as a table (CSV) and returns the file's length. Nothing of the renaming is kept.
    ///
    /// # Errors
    /// As [`ExportClient::preview`] and [`ExportClient::write_portfolio`].
    pub fn write_hours(&self, request: &TablePeriod, renaming: &Renaming, path: &Path) -> Result<u64> {
        Period::parse(&request.first_day, &request.last_day)?;
        let names = tables::names(self, renaming)?;
        let hours = tables::hours_of(self, request)?;
        self.learners.get(request.learner)?;
        let file = write_file(path, |out| tables::hours(&hours, &names, out))?;
        self.stand(file, Some(request.learner))
    }

    /// Writes a learner's books and other materials of these days as a table (CSV) and returns the file's length.
    ///
    /// # Errors
    /// As [`ExportClient::write_hours`].
    pub fn write_reading(&self, request: &TablePeriod, renaming: &Renaming, path: &Path) -> Result<u64> {
        Period::parse(&request.first_day, &request.last_day)?;
        let names = tables::names(self, renaming)?;
        self.learners.get(request.learner)?;
        let books = tables::books_of(self, request)?;
        let file = write_file(path, |out| tables::books(&books, Some(request.learner), &names, out))?;
        self.stand(file, Some(request.learner))
    }
}
