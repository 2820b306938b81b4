//! A record's own ZIP, read in again.

use super::archive::Archive;
use super::stream::{self, Head};
use super::take::{Taker, name};
use super::{FoundLearner, ImportPreview, ImportReport, ImportsClient, SameLearner, are_here, named, tell};
use crate::error::{Error, Result};
use crate::ids::{LearnerId, RecordId};
use crate::plain::{self, Limits, Object};
use crate::progress::{Cancel, Progress};
use crate::records::{self, Kind};
use crate::storage::Transaction;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// What a first walk over the file tells.
#[derive(Default)]
struct Scan {
    preview: ImportPreview,
    records: u64,
    subjects: Vec<([u8; 16], String)>,
}

impl ImportsClient {
    /// What a record's ZIP holds, and what of it is here. Nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a file that can't be read, is damaged, hostile or another program's;
    /// [`Error::UpdateApp`] for a newer version's.
    pub fn preview_record(&self, path: &Path) -> Result<ImportPreview> {
        Ok(self.scan(&mut Archive::open(path)?, &Cancel::new())?.preview)
    }

    /// Reads a record's ZIP in. What is here stays as it is; what is not comes in under its own id, so that a second run
    /// adds nothing, and one that was cancelled or killed is taken up by running it again.
    ///
    /// # Errors
    /// As [`ImportsClient::preview_record`], before anything is written; [`Error::InvalidInput`] when a learner has the
    /// nickname of one here and `choices` does not say whether they are the same; [`Error::NotFound`] for a choice of
    /// nobody; [`Error::Cancelled`]; [`Error::StorageFull`].
    pub fn import_record(
        &self,
        path: &Path,
        choices: &[SameLearner],
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<ImportReport> {
        let mut archive = Archive::open(path)?;
        let scan = self.scan(&mut archive, cancel)?;
        let mut ids = self.learner_ids(&scan.preview.learners, choices)?;
        ids.extend(self.context.storage.read(|tx| same_subjects(tx, &scan.subjects))?);
        let mut taker = Taker::new(self, cancel, (ids, Limits::Kept), scan.preview.made_at)?;
        // A second handle: the first one is being read from while photos are fetched.
        let mut photos = Archive::open(path)?;
        let mut done = 0;
        let json = archive.text(RECORD)?.ok_or_else(missing)?;
        let head = stream::record(json, &mut |kind, nth, object| {
            taker.take(kind, nth, &object, &mut |file| photos.photo(file))?;
            done += 1;
            progress.progress(done, scan.records);
            Ok(())
        })?;
        taker.flush()?;
        tell_unknown(&head, &mut taker.report.problems);
        Ok(taker.report)
    }

    fn scan(&self, archive: &mut Archive, cancel: &Cancel) -> Result<Scan> {
        let mut scan = Scan::default();
        let json = archive.text(RECORD)?.ok_or_else(missing)?;
        let here = self.here()?;
        let mut seen = BTreeSet::new();
        let head = stream::record(json, &mut |kind, nth, object| {
            cancel.check()?;
            scan.records += 1;
            let preview = &mut scan.preview;
            let stamper = records::Stamper { now_ms: 0, device_no: 0, text_client: 1 };
            let id = match plain::read(kind, &object, &stamper, &|id| id, Limits::Kept) {
                Ok((id, _)) if seen.insert(id) => id,
                Ok(_) => {
                    tell(&mut preview.problems, name(kind, nth, &object), "its id stands twice in the file");
                    return Ok(());
                }
                Err(error) => {
                    tell(&mut preview.problems, name(kind, nth, &object), error.to_string());
                    return Ok(());
                }
            };
            let is_here = here.contains(&RecordId(id));
            let string = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
            match kind.kind {
                Kind::Entry => {
                    preview.entries += 1;
                    preview.entries_here += u32::from(is_here);
                    preview.photos += photos(&object);
                }
                other => {
                    preview.others += 1;
                    preview.others_here += u32::from(is_here);
                    preview.private += u32::from(kind.private);
                    if other == Kind::Learner {
                        let nickname = string("nickname");
                        preview.learners.push(FoundLearner {
                            id: LearnerId(id),
                            nickname,
                            here: is_here,
                            same_nickname: Vec::new(),
                        });
                    }
                    if other == Kind::Subject && !object.contains_key("merged_into") {
                        scan.subjects.push((id, string("name")));
                    }
                }
            }
            Ok(())
        })?;
        self.context.storage.read(|tx| Self::find_namesakes(tx, &mut scan.preview.learners))?;
        tell_unknown(&head, &mut scan.preview.problems);
        scan.preview.made_at = head.made_at;
        Ok(scan)
    }

    /// Learners here whom the file does not know by id, but by nickname.
    fn find_namesakes(tx: &Transaction<'_>, found: &mut [FoundLearner]) -> Result<()> {
        let of_file: BTreeSet<LearnerId> = found.iter().map(|one| one.id).collect();
        let here = named(tx, Kind::Learner)?.into_iter().map(|(id, nickname)| (LearnerId(id), nickname));
        let here: Vec<_> = here.filter(|(id, _)| !of_file.contains(id)).collect();
        for one in found.iter_mut().filter(|one| !one.here) {
            let same = here.iter().filter(|(_, nickname)| alike(nickname, &one.nickname));
            one.same_nickname = same.map(|(id, _)| *id).collect();
        }
        Ok(())
    }

    /// Which learners of the file are somebody else's id here.
    fn learner_ids(
        &self,
        found: &[FoundLearner],
        choices: &[SameLearner],
    ) -> Result<HashMap<[u8; 16], [u8; 16]>> {
        let mut ids = HashMap::new();
        if !choices.iter().all(|choice| found.iter().any(|one| one.id == choice.found)) {
            return Err(Error::NotFound("learner of this file"));
        }
        let chosen = choices.iter().filter_map(|choice| Some(choice.into?.0));
        self.context.storage.read(|tx| are_here(tx, Kind::Learner, "learner", chosen))?;
        for one in found.iter().filter(|one| !one.here) {
            match choices.iter().find(|choice| choice.found == one.id) {
                Some(SameLearner { into: Some(into), .. }) => {
                    ids.insert(one.id.0, into.0);
                }
                None if !one.same_nickname.is_empty() => {
                    return Err(Error::invalid(
                        "a learner of this file has the nickname of one here: say whether they are the same",
                    ));
                }
                _ => {}
            }
        }
        Ok(ids)
    }
}

/// The name of the file inside the ZIP.
const RECORD: &str = "record.json";

fn missing() -> Error {
    Error::invalid("there is no record.json in this ZIP file: choose one that Kinfolio wrote")
}

pub(super) fn photos(entry: &Object) -> u32 {
    let photos = entry.get(plain::ATTACHMENTS).and_then(Json::as_array).map_or(0, Vec::len);
    u32::try_from(photos).unwrap_or(u32::MAX)
}

fn tell_unknown(head: &Head, problems: &mut Vec<super::Problem>) {
    for list in &head.unknown {
        tell(problems, format!("the list \"{list}\""), Error::UpdateApp.to_string());
    }
}

/// Two spellings of one name.
pub(super) fn alike(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Subjects of the file that are here under another id and the same name: two families' Maths is one.
fn same_subjects(
    tx: &Transaction<'_>,
    of_file: &[([u8; 16], String)],
) -> Result<HashMap<[u8; 16], [u8; 16]>> {
    let known: BTreeSet<[u8; 16]> = of_file.iter().map(|(id, _)| *id).collect();
    let here = named(tx, Kind::Subject)?;
    let here: Vec<_> = here.into_iter().filter(|(id, _)| !known.contains(id)).collect();
    let mut ids = HashMap::new();
    for (id, name) in of_file {
        if records::load(tx, RecordId(*id))?.is_none()
            && let Some((same, _)) = here.iter().find(|(_, here)| alike(here, name))
        {
            ids.insert(*id, *same);
        }
    }
    Ok(ids)
}
