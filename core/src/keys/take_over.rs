//! The last step of joining: what is on this phone already goes along, learner by learner as the person chose, and
//! the phone becomes a member; all of it in one transaction.

use super::KeysClient;
use super::join::{Joined, alone};
use super::link_queries;
use super::look::JoinPreview;
use super::own::Own;
use super::queries;
use super::server::Server;
use crate::changes::{Change, ChangeKind};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::ids::RecordId;
use crate::progress::{Cancel, Progress, Watch};
use crate::records::fields::{family_log, subject, versions};
use crate::records::value::Key;
use crate::records::{self, Document, Kind, Named, Stamper, Value, shown_in};
use crate::storage::Transaction;
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// What becomes of one of this phone's learners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is this learner of the family: its entries become theirs.
    SameAs([u8; 16]),
    /// The family gets it, with its entries.
    Add,
    /// It stays on this phone with every entry that names it, and is never sent.
    Leave,
}

/// The choice for one learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearnerChoice {
    /// This phone's learner.
    pub learner: [u8; 16],
    /// What becomes of it.
    pub choice: Choice,
}

/// What was taken along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakeOver {
    /// Records that the family gets.
    pub added: u64,
    /// Learners and subjects that the family had already.
    pub same: u64,
    /// Records that stay on this phone.
    pub left: u64,
}

impl KeysClient {
    /// Joins. Every learner on this phone needs a choice; entries keep their ids and stamps, and are sealed anew
    /// under the family's key. All of it happens in one transaction, or nothing does: cancelled before that is
    /// durable, this phone is as it was and may join later. `progress` counts the family's records that
    /// [`Self::join_preview`] has not seen, then this phone's.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when a learner has no choice or is said to be one that the family lacks, when this phone
    /// turned sync on for its own family meanwhile or is signed in to another server than the code's;
    /// [`Error::NotFound`] before [`Self::join_state`] says ready; [`Error::Sealed`], [`Error::Offline`],
    /// [`Error::Cancelled`].
    pub async fn complete_join(
        &self,
        choices: &[LearnerChoice],
        cancel: Cancel,
        progress: Arc<dyn Progress>,
    ) -> Result<TakeOver> {
        let _one = self.busy.lock().await;
        let watch = Arc::new(Watch::new(cancel, progress));
        watch.cancel.check()?;
        let joined = self.collect().await?;
        let preview = match self.context.storage.read(records::is_empty)? {
            true => JoinPreview { added_by: String::new(), learners: vec![], subjects: vec![] },
            false => self.preview(&joined, &watch).await?,
        };
        let (family, grants) = (joined.family, joined.grants.clone());
        let (context, watched, choices) = (Arc::clone(&self.context), Arc::clone(&watch), choices.to_vec());
        let taken = watch
            .blocking(move || {
                let (taken, mut changes) = context.storage.write(|tx| {
                    let mut plan = Plan::load(tx, &choices, &preview)?;
                    let text_client = context.text_client;
                    let now_ms = records::corrected_now(tx, &*context.clock)?;
                    // Given up meanwhile: then nothing is joined.
                    let bound = link_queries::bound_sign_in(tx, joined.row.link)?.ok_or(Error::Cancelled)?;
                    become_member(tx, &joined, Some(bound))?;
                    let device_no = Own::load(tx)?.device_no;
                    let stamper = Stamper { now_ms, device_no, text_client };
                    let changes = plan.carry_out(tx, &context, &stamper, &watched)?;
                    watched.cancel.check()?;
                    Ok((plan.taken, changes))
                })?;
                changes.push(Change::all(ChangeKind::Keys));
                context.changes.tell(changes);
                Ok(taken)
            })
            .await?;
        self.forget_looked();
        let server = Server(&*self.door);
        for number in grants {
            let gone = server.acknowledge(family, number).await.is_ok();
            tracing::debug!(number, gone, "grant acknowledged");
        }
        Ok(taken)
    }
}

/// Replaces this phone's own family by the joined one. Runs inside the caller's transaction.
fn become_member(tx: &Transaction<'_>, joined: &Joined, bound: Option<[u8; 16]>) -> Result<()> {
    let own = Own::load(tx)?;
    alone(&own)?;
    let device =
        joined.log.device(joined.joining.device).ok_or(Error::Sealed("this phone was removed again"))?;
    queries::save_own(
        tx,
        &Own {
            family: joined.family,
            space: joined.log.family_space(),
            device: joined.joining.device,
            device_no: device.number,
            member: device.member,
            name: own.name,
            kem: joined.joining.kem.clone(),
            sign: joined.joining.sign.clone(),
            issuer: Some(joined.row.issuer.clone()),
            bound,
            history_differs: false,
        },
    )?;
    queries::clear_log(tx)?;
    for entry in &joined.entries {
        let newest = entry.body().number == joined.log.length();
        queries::add_entry(tx, entry, newest.then_some(joined.sealed.as_slice()))?;
    }
    // The old family's keys stay: records that are left on this phone lie under them.
    queries::add_keys(tx, &joined.keyring.keys)?;
    queries::add_keys(tx, &joined.granted.keys)?;
    queries::add_seen(tx, &joined.granted.seen)?;
    // The old family's paper opens nothing any more.
    queries::drop_draft(tx)?;
    link_queries::delete(tx, joined.row.link)?;
    link_queries::forget_joining(tx)
}

/// What becomes of every record of this phone.
struct Plan {
    records: Vec<RecordId>,
    learners: BTreeMap<[u8; 16], Choice>,
    /// This phone's subjects that the family has under the same name.
    subjects: BTreeMap<[u8; 16], [u8; 16]>,
    taken: TakeOver,
}

impl Plan {
    fn load(tx: &Transaction<'_>, choices: &[LearnerChoice], preview: &JoinPreview) -> Result<Self> {
        let rows = records::shared(tx)?;
        let (mut learners, mut subjects) = (BTreeMap::new(), BTreeMap::new());
        for (RecordId(rid), kind) in &rows {
            if *kind == u16::from(Kind::Learner) {
                let theirs = preview.learners.iter().any(|learner| learner.id == *rid);
                let chosen = choices.iter().find(|choice| choice.learner == *rid).map(|choice| choice.choice);
                let choice = match chosen {
                    // A learner whose very id the family has is the same one, whatever was said.
                    _ if theirs => Choice::Add,
                    Some(Choice::SameAs(id)) if !preview.learners.iter().any(|learner| learner.id == id) => {
                        return Err(Error::invalid("the family has no such learner: choose again"));
                    }
                    Some(choice) => choice,
                    None if is_gone(tx, *rid)? => Choice::Add,
                    None => return Err(Error::invalid("choose for every learner on this phone")),
                };
                learners.insert(*rid, choice);
            } else if *kind == u16::from(Kind::Subject)
                && let Some(same) = same_subject(tx, *rid, preview)?
            {
                subjects.insert(*rid, same);
            }
        }
        let records = rows.into_iter().map(|(rid, _)| rid).collect();
        Ok(Self { records, learners, subjects, taken: TakeOver::default() })
    }

    /// Moves, joins or leaves every record. This phone is a member already: the sealer is the family's.
    fn carry_out(
        &mut self,
        tx: &Transaction<'_>,
        context: &Context,
        stamper: &Stamper,
        watch: &Watch,
    ) -> Result<Vec<Change>> {
        let sealer = context.sealer(tx)?;
        let mut changes = Vec::new();
        watch.expect(self.records.len() as u64);
        for rid in std::mem::take(&mut self.records) {
            watch.cancel.check()?;
            watch.count(1);
            let Some(mut stored) = records::load(tx, rid)? else { continue };
            let same = matches!(self.learners.get(&rid.0), Some(Choice::SameAs(_)))
                || self.subjects.contains_key(&rid.0);
            if same {
                // The family's own record stands for it. Purged here only: the family never had this one.
                stored.doc.purge(stamper);
                records::save(tx, &sealer, rid, &stored.doc)?;
                records::leave(tx, rid)?;
                changes.extend(context.materialise(tx, rid, &stored.doc)?);
                self.taken.same += 1;
            } else {
                self.sign_log(&mut stored.doc, stamper);
                // What is left names the family's learners and subjects too: this phone's same ones are gone.
                let renamed = self.rename(&mut stored.doc, stamper);
                let stays = self.stays(tx, rid, &stored.doc)?;
                let changed = renamed || stored.doc.kind() == u16::from(Kind::FamilyLog);
                records::keep(tx, &sealer, rid, &stored.doc)?;
                if changed {
                    changes.extend(context.materialise(tx, rid, &stored.doc)?);
                }
                if stays {
                    records::leave(tx, rid)?;
                }
                // What goes along with others is counted with them.
                if shown_in(stored.doc.kind()).is_some() {
                    *(if stays { &mut self.taken.left } else { &mut self.taken.added }) += 1;
                }
            }
        }
        Ok(changes)
    }

    /// What this phone did before it had the number that the family gave it.
    fn sign_log(&self, document: &mut Document, stamper: &Stamper) {
        if document.kind() == u16::from(Kind::FamilyLog) {
            document.set(family_log::DEVICE, Value::Int(stamper.device_no.into()), stamper);
        }
    }

    /// A learner who is left stays, and so does everything that names one: a shared note is about both. Earlier versions
    /// stay with their entry, and what this phone did before with anybody who stays.
    fn stays(&self, tx: &Transaction<'_>, rid: RecordId, document: &Document) -> Result<bool> {
        let mut left =
            self.learners.iter().filter(|(_, choice)| **choice == Choice::Leave).map(|(id, _)| *id);
        if document.kind() == u16::from(Kind::FamilyLog) {
            return Ok(left.next().is_some());
        }
        if left.any(|id| id == rid.0 || !document.naming(id).is_empty()) {
            return Ok(true);
        }
        let entry = document.register(versions::ENTRY).and_then(Value::as_bytes);
        let entry = entry.filter(|_| document.kind() == u16::from(Kind::Versions));
        let Some(entry) = entry.and_then(|id| id.try_into().ok()).map(RecordId) else { return Ok(false) };
        records::load(tx, entry)?.map_or(Ok(false), |stored| self.stays(tx, entry, &stored.doc))
    }

    /// Puts the family's learners and subjects where this phone's same ones stood, with the stamps that these had.
    fn rename(&self, document: &mut Document, stamper: &Stamper) -> bool {
        let learners = self.learners.iter().filter_map(|(from, choice)| match choice {
            Choice::SameAs(to) => Some((from, to)),
            Choice::Add | Choice::Leave => None,
        });
        let mut changed = false;
        for (from, to) in learners.chain(&self.subjects) {
            for named in document.naming(*from) {
                changed |= match named {
                    Named::Element { field, .. } => document.move_key(field, &Key::id(*from), Key::id(*to)),
                    Named::Register(field) => document.set(field, Value::Bytes(to.to_vec()), stamper),
                };
            }
        }
        changed
    }
}

fn is_gone(tx: &Transaction<'_>, rid: [u8; 16]) -> Result<bool> {
    Ok(records::load(tx, RecordId(rid))?
        .is_none_or(|stored| stored.doc.is_purged() || stored.doc.is_trashed()))
}

/// The family's subject of the same name, letter case aside, unless it is the very same record.
fn same_subject(tx: &Transaction<'_>, rid: [u8; 16], preview: &JoinPreview) -> Result<Option<[u8; 16]>> {
    let plain = |name: &str| name.trim().nfkc().collect::<String>().to_lowercase();
    let Some(stored) = records::load(tx, RecordId(rid))? else { return Ok(None) };
    let Some(name) = stored.doc.register(subject::NAME).and_then(|value| value.as_text()).map(plain) else {
        return Ok(None);
    };
    if preview.subjects.iter().any(|subject| subject.id == rid) {
        return Ok(None);
    }
    Ok(preview.subjects.iter().find(|subject| plain(&subject.name) == name).map(|subject| subject.id))
}
