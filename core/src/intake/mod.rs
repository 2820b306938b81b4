//! What other apps share into this one: a draft with everything in it, or, for pictures and files of a day out, that day's
//! one entry.

mod day_out;
mod inbox;
mod letter;

#[cfg(test)]
mod tests;

pub use inbox::{InboxKey, TakenIn, put};

use crate::attachments::{self, AttachmentsClient, ImportSource, Prepared};
use crate::context::Context;
use crate::entries::{self, EntriesClient, Entry, EntryDraft, LearnerLine, MAX_TITLE};
use crate::error::{Error, Result};
use crate::ids::{EntryId, LearnerId};
use crate::progress::{Cancel, Progress};
use std::sync::Arc;

/// Most files that are shared at once.
const MAX_FILES: usize = 100;

/// What another app shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// The title of a page or message; empty where there is none.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Its address, as in `https://example.org/ponds`.
    pub url: String,
    /// Pictures, PDFs, recordings, videos, in their order.
    pub files: Vec<SharedFile>,
    /// Whose it is, where that was asked.
    pub learners: Vec<LearnerId>,
    /// Today on this phone, `YYYY-MM-DD`.
    pub day: String,
}

/// A file that another app shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedFile {
    /// Its bytes, or where they are.
    pub source: ImportSource,
    /// What it is called there.
    pub name: String,
}

/// The room of what comes in.
#[derive(Debug, Clone)]
pub struct IntakeClient {
    context: Arc<Context>,
    attachments: Arc<AttachmentsClient>,
    inbox: InboxKey,
}

impl IntakeClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>, attachments: Arc<AttachmentsClient>, inbox: InboxKey) -> Self {
        Self { context, attachments, inbox }
    }

    /// Takes something shared into a draft of its own; pictures and files alone go into the day out that is open, with the title as
    /// their caption. All of
    /// it is there when this returns, or nothing. Nothing of the record is needed or shown for it, but the entry that it
    /// gives back.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names the file or the text that can't be kept; [`Error::NotFound`] an unknown learner;
    /// [`Error::StorageFull`]; [`Error::Cancelled`].
    pub fn take(&self, shared: Shared, cancel: &Cancel, progress: &dyn Progress) -> Result<Entry> {
        let Shared { title, text, url, files, learners, day } = shared;
        let (title, note) = words(&title, &text, &url, files.len())?;
        let open = if note.is_empty() && !files.is_empty() { self.day_out(&day)? } else { None };
        // In a day out the title is what its pictures are called.
        let caption = if open.is_some() { title.as_str() } else { "" };
        let prepared = self.prepare(files, caption, cancel, progress)?;
        let kept = cancel.check().and_then(|()| match &open {
            Some(open) => self.attachments.keep(open.id, &prepared).map(|_| open.id),
            None => {
                let id = EntryId::make(&*self.context.random);
                self.keep_draft(id, draft(title, note, day, learners), &prepared).map(|()| id)
            }
        });
        if kept.is_err() {
            self.attachments.discard(&prepared);
        }
        self.entries().get(kept?)
    }

    fn prepare(
        &self,
        files: Vec<SharedFile>,
        caption: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Vec<Prepared>> {
        let of = files.len() as u64;
        let mut prepared = Vec::new();
        for (number, SharedFile { source, name }) in (0..).zip(files) {
            let each = Each { number, of, all: progress };
            match self.attachments.prepare_file(source, &name, caption, cancel, &each) {
                Ok(file) => prepared.push(file),
                Err(error) => {
                    self.attachments.discard(&prepared);
                    return Err(error);
                }
            }
            each.progress(1, 1);
        }
        Ok(prepared)
    }

    fn keep_draft(&self, id: EntryId, draft: EntryDraft, files: &[Prepared]) -> Result<()> {
        self.context.edit(|tx| {
            entries::add(tx, id, draft, |tx, doc| attachments::attach(tx, id, doc, files).map(drop)).map(drop)
        })
    }

    fn entries(&self) -> EntriesClient {
        EntriesClient::new(Arc::clone(&self.context))
    }
}

/// Progress of one file among others, each a thousand steps long.
struct Each<'a> {
    number: u64,
    of: u64,
    all: &'a dyn Progress,
}

impl Progress for Each<'_> {
    fn progress(&self, done: u64, total: u64) {
        let within = done.saturating_mul(1000).checked_div(total).unwrap_or_default().min(1000);
        self.all.progress(self.number * 1000 + within, self.of * 1000);
    }
}

/// Title and note of what was shared.
fn words(title: &str, text: &str, url: &str, files: usize) -> Result<(String, String)> {
    let (title, note) = (shortened(title), note(text, url));
    if title.is_empty() && note.is_empty() && files == 0 {
        return Err(Error::invalid("nothing was shared: share a text, an address, a picture or a file"));
    }
    if files > MAX_FILES {
        return Err(Error::invalid(format!("more than {MAX_FILES} files at once: share them in parts")));
    }
    Ok((title, note))
}

fn draft(title: String, note: String, day: String, learners: Vec<LearnerId>) -> EntryDraft {
    let learners = learners.into_iter().map(LearnerLine::from).collect();
    EntryDraft { title, note, learned_on: day, learners, ..EntryDraft::default() }
}

/// What is longer than a title was written for another place, and is cut.
fn shortened(title: &str) -> String {
    let title = title.trim();
    if title.chars().count() <= MAX_TITLE {
        return title.to_owned();
    }
    let short: String = title.chars().take(MAX_TITLE - 1).collect();
    format!("{}…", short.trim_end())
}

/// The text, and the address under it unless the text holds it.
fn note(text: &str, url: &str) -> String {
    let (text, url) = (text.trim(), url.trim());
    match (text.is_empty(), url.is_empty() || text.contains(url)) {
        (_, true) => text.to_owned(),
        (true, false) => url.to_owned(),
        (false, false) => format!("{text}\n\n{url}"),
    }
}
