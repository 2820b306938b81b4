//! A look into the family that is about to be joined: its learners and subjects, before anything on this phone changes.

use super::KeysClient;
use super::join::Joined;
use super::server::Server;
use crate::error::{Error, Result};
use crate::ids::{RecordId, SpaceId};
use crate::progress::{Cancel, Progress, Watch};
use crate::records::fields::{learner, subject};
use crate::records::seal::Opener;
use crate::records::{Document, Kind};
use kinfolio_protocol::LinkId;
use kinfolio_protocol::log::Signer;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A learner of the family that is about to be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewLearner {
    /// Record id.
    pub id: [u8; 16],
    /// Nickname.
    pub nickname: String,
}

/// A subject of the family, by whose name the same one of this phone is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PreviewSubject {
    /// Record id.
    pub id: [u8; 16],
    /// Its name.
    pub name: String,
}

/// What the person is shown before anything on this phone changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinPreview {
    /// The name of the phone that added this one.
    pub added_by: String,
    /// The family's learners.
    pub learners: Vec<PreviewLearner>,
    /// The family's subjects, by which same-named ones of this phone are joined.
    pub(super) subjects: Vec<PreviewSubject>,
}

/// How much of the family's space was looked through: the next look goes on from there.
pub(super) struct Looked {
    link: LinkId,
    /// The life of the server's store that `after` belongs to; none before the first page.
    incarnation: Option<[u8; 16]>,
    after: u64,
    learners: Vec<PreviewLearner>,
    subjects: Vec<PreviewSubject>,
}

impl KeysClient {
    /// The family's learners and who added this phone, to be shown before anything is taken over. Cancelled, it may be
    /// asked again and goes on where it stopped. `progress` counts the family's records.
    ///
    /// # Errors
    /// [`Error::NotFound`] before [`Self::join_state`] says ready, [`Error::InvalidInput`] when this phone turned sync
    /// on for its own family meanwhile or is signed in to another server than the code's, [`Error::Sealed`],
    /// [`Error::Offline`], [`Error::Cancelled`].
    pub async fn join_preview(&self, cancel: Cancel, progress: Arc<dyn Progress>) -> Result<JoinPreview> {
        let _one = self.busy.lock().await;
        let watch = Watch::new(cancel, progress);
        watch.cancel.check()?;
        let joined = self.collect().await?;
        self.preview(&joined, &watch).await
    }

    pub(super) async fn preview(&self, joined: &Joined, watch: &Watch) -> Result<JoinPreview> {
        let by = joined.log.device(joined.joining.device).map(|device| device.added_by);
        let added_by = match by {
            Some(Signer::Device(id)) => {
                joined.keyring.devices.get(&id).map(|note| note.name.clone()).unwrap_or_default()
            }
            _ => String::new(),
        };
        let mut looked = match lock(&self.looked).take() {
            Some(looked) if looked.link == joined.row.link => looked,
            _ => Looked::nothing(joined.row.link),
        };
        let read = self.look_through(joined, &mut looked, watch).await;
        let preview =
            JoinPreview { added_by, learners: looked.learners.clone(), subjects: looked.subjects.clone() };
        if matches!(read, Ok(()) | Err(Error::Cancelled | Error::Offline(_))) {
            *lock(&self.looked) = Some(looked);
        }
        read.map(|()| preview)
    }

    /// Reads what the family's space has beyond what was looked through.
    async fn look_through(&self, joined: &Joined, looked: &mut Looked, watch: &Watch) -> Result<()> {
        let server = Server(&*self.door);
        let space = joined.log.family_space();
        let opener = self.context.storage.read(|tx| Opener::load(tx, SpaceId(space.0)))?;
        loop {
            watch.cancel.check()?;
            let page = server.pull(joined.family, space, looked.after).await?;
            if looked.incarnation.is_some_and(|known| known != page.incarnation) {
                *looked = Looked::nothing(looked.link);
                return Err(Error::Offline("the server's store was replaced: try again".into()));
            }
            looked.incarnation = Some(page.incarnation);
            watch.expect(page.head.saturating_sub(looked.after));
            for item in &page.records {
                looked.after = looked.after.max(item.seq);
                // What can't be opened here is sync's to report; it is no learner to choose from.
                if let Ok((document, _)) = opener.open(RecordId(item.record.0), item.format, &item.ciphertext)
                {
                    looked.add(item.record.0, &document);
                }
            }
            watch.did(page.records.len() as u64);
            if !page.more || page.records.is_empty() {
                return Ok(());
            }
        }
    }

    /// Once this phone has joined there is nothing more to look at.
    pub(super) fn forget_looked(&self) {
        *lock(&self.looked) = None;
    }
}

impl Looked {
    const fn nothing(link: LinkId) -> Self {
        Self { link, incarnation: None, after: 0, learners: vec![], subjects: vec![] }
    }

    /// Takes in a record as it stands; what was seen of it before counts no more.
    fn add(&mut self, id: [u8; 16], document: &Document) {
        self.learners.retain(|learner| learner.id != id);
        self.subjects.retain(|subject| subject.id != id);
        if document.is_purged() || document.is_trashed() {
            return;
        }
        let text = |field| document.register(field).and_then(|value| value.as_text()).map(str::to_owned);
        if document.kind() == u16::from(Kind::Learner) {
            let nickname = text(learner::NICKNAME).unwrap_or_default();
            self.learners.push(PreviewLearner { id, nickname });
        } else if document.kind() == u16::from(Kind::Subject)
            && let Some(name) = text(subject::NAME)
        {
            self.subjects.push(PreviewSubject { id, name });
        }
    }
}

fn lock(looked: &Mutex<Option<Looked>>) -> MutexGuard<'_, Option<Looked>> {
    looked.lock().unwrap_or_else(PoisonError::into_inner)
}
