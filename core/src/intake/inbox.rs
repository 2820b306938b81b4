//! The inbox: what is shared or noted while the record is locked. Whoever holds the phone may put something in, sealed to
//! the record's own key; only the open record takes it out, each thing once, as a draft of its own.

use super::{Each, IntakeClient, Shared, draft, letter, words};
use crate::attachments::Prepared;
use crate::calendar;
use crate::clock::Randomness;
use crate::crypto::hpke::KemKey;
use crate::crypto::kdf;
use crate::entries::EntryDraft;
use crate::error::{Error, Result};
use crate::ids::{EntryId, make};
use crate::plain::{hex_id, id_hex};
use crate::progress::{Cancel, Progress};
use crate::records;
use crate::storage::StoreKey;
use kinfolio_protocol::labels;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folder beside the store.
const FOLDER: &str = "inbox";
/// File of the key to which things are sealed, 32 bytes.
const KEY: &str = "key";
const ENDING: &str = "sealed";
/// How long something may take to be put in: a day.
const UNFINISHED_MS: u64 = 86_400_000;

/// The key that opens the inbox of one store. It follows from the store's key, so that what waits can be opened as long as
/// the store can.
#[derive(Clone, Debug)]
pub struct InboxKey(Arc<KemKey>);

impl InboxKey {
    /// Whether a store was opened in this folder before.
    pub(crate) fn is_published(dir: &Path) -> bool {
        dir.join(FOLDER).join(KEY).exists()
    }

    /// Tells the inbox of the store in `dir` to what key things are sealed.
    ///
    /// # Errors
    /// [`Error::StorageFull`]; when the folder can't be written.
    pub(crate) fn publish(dir: &Path, key: &StoreKey) -> Result<Self> {
        let key = KemKey::from_secret(kdf::derive(key.bytes(), labels::INBOX, &[]));
        let (folder, public) = (dir.join(FOLDER), key.public());
        if fs::read(folder.join(KEY)).ok().as_deref() != Some(&public) {
            fs::create_dir_all(&folder).map_err(|error| Error::of_photo_file(&error))?;
            place(&folder, KEY, |path| {
                fs::write(path, public).map_err(|error| Error::of_photo_file(&error))
            })?;
        }
        Ok(Self(Arc::new(key)))
    }
}

/// Puts something into the inbox of the store in `dir`, which may be locked: nothing is opened for it, and nothing of the
/// record can be seen by who does it. It lies there whole when this returns, or not at all.
///
/// # Errors
/// [`Error::InvalidInput`] for nothing, a file that can't be read or is too heavy, a text that is too long, and when the
/// record was never opened; [`Error::StorageFull`].
pub fn put(dir: &Path, shared: &Shared, now_ms: i64, random: &dyn Randomness) -> Result<()> {
    let (_, note) = words(&shared.title, &shared.text, &shared.url, shared.files.len())?;
    records::text::normalised(&note, "the text")?;
    calendar::day(&shared.day, "the day")?;
    let folder = dir.join(FOLDER);
    let key = fs::read(folder.join(KEY)).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
    let key = key.ok_or_else(|| Error::invalid("open Kinfolio once before something is shared into it"))?;
    let id = make(random);
    let name = format!("{:016x}-{}.{ENDING}", now_ms.max(0), id_hex(&id));
    place(&folder, &name, |path| letter::write(path, id, shared, &key, random))
}

/// Writes a file under another name first.
fn place(folder: &Path, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let unfinished = folder.join(format!("{name}.unfinished"));
    let placed = write(&unfinished).and_then(|()| {
        fs::rename(&unfinished, folder.join(name)).map_err(|error| Error::of_photo_file(&error))
    });
    if placed.is_err() {
        // What can't be removed either is no thing of the inbox: nobody reads it.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

/// What came out of the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// The new drafts, oldest first.
    pub entries: Vec<EntryId>,
    /// What could not be taken in, and why.
    pub problems: Vec<String>,
}

impl IntakeClient {
    /// How many things wait in the inbox.
    pub fn waiting(&self) -> u32 {
        u32::try_from(self.things().len()).unwrap_or(u32::MAX)
    }

    /// Takes out what waits: each thing is a draft with all of its files, in one transaction, and then it is gone from the
    /// inbox. Stopped or killed, the next time goes on there. A file that can't be taken in is told, and its draft comes
    /// without it.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::StorageFull`]: what is not yet taken out stays.
    pub fn take_waiting(&self, cancel: &Cancel, progress: &dyn Progress) -> Result<TakenIn> {
        let things = self.things();
        let of = things.len() as u64;
        let mut taken = TakenIn::default();
        for (number, (id, path)) in (0..).zip(things) {
            let each = Each { number, of, all: progress };
            match self.take_one(EntryId(id), &path, &mut taken, cancel, &each) {
                Ok(()) => fs::remove_file(&path).map_err(|error| Error::of_photo_file(&error))?,
                // It can't be read, today or ever: only its sender can help.
                Err(Error::Sealed(why)) => {
                    taken
                        .problems
                        .push(format!("something that was shared can't be opened, {why}: share it again"));
                    fs::remove_file(&path).map_err(|error| Error::of_photo_file(&error))?;
                }
                Err(error @ (Error::InvalidInput(_) | Error::UpdateApp)) => {
                    taken.problems.push(error.to_string());
                }
                // Its file can't be read just now; those after it can.
                Err(Error::Internal(_)) => {
                    taken.problems.push("something that was shared can't be read just now: it stays".into());
                }
                Err(error) => return Err(error),
            }
            each.progress(1, 1);
        }
        Ok(taken)
    }

    fn take_one(
        &self,
        id: EntryId,
        path: &Path,
        taken: &mut TakenIn,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<()> {
        cancel.check()?;
        // Killed after it was kept, before it was gone from here.
        if self.context.storage.read(|tx| records::load(tx, id))?.is_some() {
            return Ok(());
        }
        let mut letter = letter::open(path, id.0, &self.inbox.0)?;
        let mut files = Vec::new();
        let kept = self.prepare_all(&mut letter, &mut files, taken, cancel, progress).and_then(|()| {
            let Shared { title, text, url, learners, day, .. } = letter.shared;
            // Nothing but files, and none of them could be taken in: that was told.
            let Ok((title, note)) = words(&title, &text, &url, files.len()) else { return Ok(false) };
            let draft = draft(title, note, day, learners);
            match self.keep_draft(id, draft.clone(), &files) {
                // Somebody left the family meanwhile.
                Err(Error::NotFound(_)) => {
                    self.keep_draft(id, EntryDraft { learners: Vec::new(), ..draft }, &files)
                }
                kept => kept,
            }
            .map(|()| true)
        });
        match kept {
            Ok(true) => taken.entries.push(id),
            Ok(false) => {}
            Err(_) => self.attachments.discard(&files),
        }
        kept.map(drop)
    }

    fn prepare_all(
        &self,
        letter: &mut letter::Letter,
        prepared: &mut Vec<Prepared>,
        taken: &mut TakenIn,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<()> {
        let of = letter.files();
        let mut number = 0;
        while let Some(file) = letter.next()? {
            let each = Each { number, of, all: progress };
            match self.attachments.prepare_file(file.source, &file.name, "", cancel, &each) {
                Ok(file) => prepared.push(file),
                Err(Error::InvalidInput(why)) => taken.problems.push(why),
                Err(error) => return Err(error),
            }
            number += 1;
        }
        Ok(())
    }

    /// What lies in the inbox, oldest first.
    fn things(&self) -> Vec<([u8; 16], PathBuf)> {
        let folder = fs::read_dir(self.context.dir.join(FOLDER)).into_iter().flatten().flatten();
        let thing = |path: PathBuf| {
            let (at, rest) = path.file_name()?.to_str()?.split_once('-')?;
            let (id, ending) = rest.split_once('.')?;
            if ending != ENDING {
                // Whoever wrote it was killed.
                let age = self.context.clock.now_ms().abs_diff(i64::from_str_radix(at, 16).ok()?);
                if ending.starts_with(ENDING) && age > UNFINISHED_MS {
                    let _ = fs::remove_file(&path);
                }
                return None;
            }
            Some((hex_id(id)?, path))
        };
        let mut things: Vec<_> = folder.filter_map(|file| thing(file.path())).collect();
        things.sort_by(|one, other| one.1.cmp(&other.1));
        things
    }
}
