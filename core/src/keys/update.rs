//! Following the membership log: one entry at a time, keys as they are granted, an alarm when history differs.

use super::grant::{self, From, Granted};
use super::keyring::{self, Keyring, SpaceKeys};
use super::own::Own;
use super::server::Server;
use super::{KeysClient, queries};
use crate::changes::{Change, ChangeKind};
use crate::crypto::SpaceKey;
use crate::error::{Error, Result};
use kinfolio_protocol::grant::{Grant, Recipient};
use kinfolio_protocol::log::{Entry, Log, Role};
use kinfolio_protocol::{SpaceId, labels};

/// How often the log is read again when the keyring is already that of a newer entry.
const TRIES: usize = 4;

impl KeysClient {
    /// Sends what is unanswered, then takes in what the server's log has beyond mine.
    pub(super) async fn step(&self) -> Result<Log> {
        match self.step_once().await {
            // A sign-in of today that was never bound: a lost reply, or somebody signed in anew.
            // Or a restored one that has forgotten which member this account is: this phone's key says it again.
            Err(Error::NotEnrolled | Error::Refused { status: 404, .. }) if self.bind_again().await? => {
                self.step_once().await
            }
            done => done,
        }
    }

    /// Binds the present sign-in when this device is still listed and its family syncs; says whether it did.
    pub(super) async fn bind_again(&self) -> Result<bool> {
        let (own, log) = self.context.storage.read(|tx| Ok((Own::load(tx)?, queries::log(tx)?)))?;
        if own.issuer.is_none() || own.history_differs || log.device(own.device).is_none() {
            return Ok(false);
        }
        self.bind_own(&self.server(&own)?, &own).await?;
        Ok(true)
    }

    async fn step_once(&self) -> Result<Log> {
        self.settle().await?;
        let (own, mine) = self.context.storage.read(|tx| Ok((Own::load(tx)?, queries::log(tx)?)))?;
        if own.history_differs {
            return Err(Error::HistoryDiffers);
        }
        if own.issuer.is_none() {
            return Ok(mine);
        }
        let server = self.server(&own)?;
        let new = self.fetch(&server, &own, &mine).await?;
        self.take_in(&server, &own, mine, new).await
    }

    /// The entries that follow mine. Asks for my newest one too: it shows whether the server still has it.
    async fn fetch(&self, server: &Server<'_>, own: &Own, mine: &Log) -> Result<Vec<Entry>> {
        let mut served = server.log(own.family, mine.length() - 1).await?.into_iter();
        match served.next() {
            Some(first) if first.hash() == mine.head().hash => Ok(served.collect()),
            Some(_) => self.alarm(),
            None => {
                self.put_back(server, own, mine).await?;
                Ok(Vec::new())
            }
        }
    }

    /// Looks once more after the alarm. It is lifted when the server shows the log that this phone knows, or one
    /// that goes on from it: an operator restored the right backup, or another phone put back what was lost.
    ///
    /// # Errors
    /// [`Error::HistoryDiffers`] when it still shows another one; else as [`Self::update`].
    pub async fn look_again(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        let (own, mine) = self.context.storage.read(|tx| Ok((Own::load(tx)?, queries::log(tx)?)))?;
        if own.history_differs {
            self.fetch(&self.server(&own)?, &own, &mine).await?;
            self.set_alarm(false)?;
        }
        self.step().await.map(drop)
    }

    /// Whether the log, as far as this phone has read it, announces a space's epoch.
    pub(crate) fn announces(&self, space: SpaceId, epoch: u32) -> Result<bool> {
        let log = self.context.storage.read(queries::log)?;
        Ok(log.spaces().get(&space).is_some_and(|space| space.epoch(epoch).is_some()))
    }

    pub(crate) fn alarm<T>(&self) -> Result<T> {
        tracing::error!("the server's history departs from the one on this phone");
        self.set_alarm(true)?;
        Err(Error::HistoryDiffers)
    }

    fn set_alarm(&self, history_differs: bool) -> Result<()> {
        self.context.storage.write(|tx| {
            let own = Own { history_differs, ..Own::load(tx)? };
            queries::save_own(tx, &own)
        })?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys), Change::all(ChangeKind::Sync)]);
        Ok(())
    }

    /// Verifies the new entries, finds the keys that they announce, and keeps both in one transaction.
    async fn take_in(
        &self,
        server: &Server<'_>,
        own: &Own,
        mut log: Log,
        mut new: Vec<Entry>,
    ) -> Result<Log> {
        new.iter().try_for_each(|entry| apply(&mut log, entry))?;
        let known = self.context.storage.read(|tx| queries::keyring(tx, log.length()))?;
        if new.is_empty() && known.is_some() {
            return Ok(log);
        }
        let role = log.device(own.device).map(|device| device.role);
        if role != Some(Role::Parent) {
            // Removed, or never a parent's: the entries are kept, the keyring is not for us.
            self.keep(&new, None, &SpaceKeys::new(), &Granted::default())?;
            return if role.is_some() { Ok(log) } else { Err(Error::NotEnrolled) };
        }
        for _ in 0..TRIES {
            let granted = self.granted(server, own, &log).await?;
            let sealed = server.keyring(own.family).await?.ok_or(Error::NotFound("keyring"))?;
            if labels::keyring_hash(&sealed) == log.keyring() {
                let key = self.family_key(&log, &granted.keys)?;
                let opened = keyring::open(&sealed, &log, &key)?;
                self.keep(&new, Some(&sealed), &opened.keys, &granted)?;
                self.acknowledge(server, own, &log).await;
                return Ok(log);
            }
            // Somebody appended between the two requests.
            let more = server.log(own.family, log.length()).await?;
            more.iter().try_for_each(|entry| apply(&mut log, entry))?;
            new.extend(more);
        }
        Err(Error::Sealed("keyring is not the one that the log names"))
    }

    /// Keys granted to this device, when the store lacks the family's newest one; else nothing.
    async fn granted(&self, server: &Server<'_>, own: &Own, log: &Log) -> Result<Granted> {
        if self.family_key(log, &SpaceKeys::new()).is_ok() {
            return Ok(Granted::default());
        }
        let mut all = Granted::default();
        for offer in server.grants(own.family).await? {
            // One that does not hold (a stranger's, of another key) is no reason to miss the one that does.
            match grant::open(&offer, log, Recipient::Device(own.device), &own.kem, &From::Log) {
                Ok(granted) => all.add(granted),
                Err(error) => tracing::warn!(number = offer.number, %error, "grant refused"),
            }
        }
        Ok(all)
    }

    /// The family space's newest key: out of the store, or just granted.
    fn family_key(&self, log: &Log, granted: &SpaceKeys) -> Result<SpaceKey> {
        let space = log.family_space();
        let epoch = newest_epoch(log)?;
        let fresh = granted.get(&space).and_then(|epochs| epochs.get(&epoch)).cloned();
        match fresh {
            Some(key) => Ok(key),
            None => {
                let kept = self.context.storage.read(|tx| queries::key(tx, space, epoch))?;
                kept.ok_or(Error::Sealed("no grant holds the family's newest key"))
            }
        }
    }

    fn keep(&self, new: &[Entry], sealed: Option<&[u8]>, keys: &SpaceKeys, granted: &Granted) -> Result<()> {
        self.context.storage.write(|tx| {
            for entry in new {
                queries::add_entry(tx, entry, None)?;
            }
            if let Some(sealed) = sealed {
                queries::save_keyring(tx, queries::length(tx)?, sealed)?;
            }
            queries::add_keys(tx, keys)?;
            queries::add_keys(tx, &granted.keys)?;
            queries::add_seen(tx, &granted.seen)
        })?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys)]);
        Ok(())
    }

    /// Lets grants go that are no longer needed; a failure only leaves them lying there.
    async fn acknowledge(&self, server: &Server<'_>, own: &Own, log: &Log) {
        let Ok(offers) = server.grants(own.family).await else { return };
        for Grant { number, .. } in offers.iter().filter(|offer| offer.number <= log.length()) {
            let gone = server.acknowledge(own.family, *number).await.is_ok();
            tracing::debug!(number, gone, "grant acknowledged");
        }
    }

    /// The opened keyring of the newest entry that this phone has.
    pub(super) fn opened_keyring(&self, log: &Log) -> Result<Keyring> {
        let key = self.family_key(log, &SpaceKeys::new())?;
        let sealed = self.context.storage.read(|tx| queries::keyring(tx, log.length()))?;
        keyring::open(&sealed.ok_or(Error::NotFound("keyring"))?, log, &key)
    }
}

/// The newest epoch of the family space.
pub(super) fn newest_epoch(log: &Log) -> Result<u32> {
    let space = log.space(log.family_space()).and_then(|space| space.newest());
    space.map(|epoch| epoch.epoch).ok_or(Error::Sealed("the log has no family space"))
}

/// One more entry, verified; a refusal says so and changes nothing.
pub(super) fn apply(log: &mut Log, entry: &Entry) -> Result<()> {
    log.apply(entry).map_err(|error| match error {
        kinfolio_protocol::Error::UpdateApp => Error::UpdateApp,
        _ => Error::Sealed("an entry of the server's log does not hold"),
    })
}
