//! Device keys, the membership log, the keyring, grants, joining by code, recovery words.

mod append;
mod approve;
mod bind;
mod code;
mod erasing;
mod founding;
mod grant;
mod join;
mod keyring;
mod link_queries;
mod look;
mod notices;
mod own;
mod queries;
mod recovery;
mod server;
mod stand_in;
mod take_over;
mod update;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::http::{Door, SignedIn};
use crate::storage::Transaction;
use append::Plan;
use kinfolio_protocol::log::{Log, Role, Signer};
use own::Own;
use server::Server;
use std::fmt;
use std::sync::{Arc, Mutex};

pub use approve::AskDetails;
pub use bind::DeviceProver;
pub use code::Code;
pub use join::{JoinState, Scanned};
pub use look::{JoinPreview, PreviewLearner};
pub(crate) use notices::erasure_ms;
pub use notices::{Erasure, FamilyNotices, OrderedBy, RecoveryRead};
pub use own::found;
pub use recovery::RecoveryState;
pub use take_over::{Choice, LearnerChoice, TakeOver};

/// One phone of the family, past ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: [u8; 16],
    /// Its number, as it stands in stamps and in the family log.
    pub number: u32,
    /// What it calls itself; empty when the keyring does not say.
    pub name: String,
    /// Whose it is; empty when the keyring does not say.
    pub member: String,
    /// What the phone that added it calls itself; empty for the first one.
    pub added_by: String,
    /// When it was added, milliseconds since 1970 by the adder's clock; 0 when unknown.
    pub added_ms: u64,
    /// Whether it is this phone.
    pub this: bool,
    /// Whether it was removed.
    pub removed: bool,
}

/// This phone's place in its family, for sync and for stamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The family.
    pub family: [u8; 16],
    /// The family space.
    pub space: [u8; 16],
    /// This device.
    pub device: [u8; 16],
    /// Its number, as it stands in stamps.
    pub device_no: u32,
    /// The server that holds the family's log; `None` until sync is turned on.
    pub server: Option<String>,
    /// The alarm: a server showed another history than the one this phone knows.
    pub history_differs: bool,
}

/// The keys room.
#[derive(Clone)]
pub struct KeysClient {
    context: Arc<Context>,
    door: Arc<dyn Door>,
    /// One conversation about the log at a time.
    busy: Arc<tokio::sync::Mutex<()>>,
    /// The last look into a family that is about to be joined: joining does not read its whole space again.
    looked: Arc<Mutex<Option<look::Looked>>>,
}

impl fmt::Debug for KeysClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysClient")
    }
}

/// This phone's place, inside a caller's transaction.
///
/// # Errors
/// [`Error::StoreDamaged`] in a store where [`found`] never ran.
pub fn place(tx: &Transaction<'_>) -> Result<Place> {
    let own = Own::load(tx)?;
    Ok(Place {
        family: own.family.0,
        space: own.space.0,
        device: own.device.0,
        device_no: own.device_no,
        server: own.issuer,
        history_differs: own.history_differs,
    })
}

/// Whether this phone is signed in to the server of its family. Asked before anything is sent.
///
/// # Errors
/// [`Error::NotEnrolled`] while sync was never turned on, [`Error::InvalidInput`] for a sign-in at another server.
pub(crate) fn check_server(family: Option<&str>, signed_in: &SignedIn) -> Result<()> {
    match family {
        Some(issuer) if issuer == signed_in.issuer => Ok(()),
        Some(_) => Err(Error::invalid("this family syncs with another server: sign in there")),
        None => Err(Error::NotEnrolled),
    }
}

impl KeysClient {
    /// The room over a store and a signed-in door.
    pub fn new(context: Arc<Context>, door: Arc<dyn Door>) -> Self {
        Self { context, door, busy: Arc::default(), looked: Arc::default() }
    }

    /// The server of this family, refused when this phone is signed in to another one.
    fn server(&self, own: &Own) -> Result<Server<'_>> {
        check_server(own.issuer.as_deref(), &self.door.who()?)?;
        Ok(Server(&*self.door))
    }

    /// Binds the present sign-in to this device again, as after signing in anew.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`] when sync was never turned on or the device was removed; [`Error::Offline`].
    pub async fn bind(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        let own = self.context.storage.read(Own::load)?;
        self.bind_own(&self.server(&own)?, &own).await
    }

    /// Takes in what the membership log has beyond mine: devices, names, new keys. Sync calls it when a record is
    /// sealed under an unknown epoch, or under one that is no longer the newest.
    ///
    /// # Errors
    /// [`Error::HistoryDiffers`], [`Error::NotEnrolled`] when this device was removed, [`Error::UpdateApp`],
    /// [`Error::Offline`].
    pub async fn update(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        self.step().await.map(drop)
    }

    /// Finishes what an earlier run began: the request under way, recovery words that were confirmed, and what the
    /// server lost of keyring and recovery grant. Call it at start and when the network comes back.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub async fn resume_pending(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        self.set_recovery().await?;
        let log = self.step().await?;
        match self.repair(&log).await {
            Err(Error::NotEnrolled) if self.bind_again().await? => self.repair(&log).await,
            done => done,
        }
    }

    /// Writes again what the server lost and this phone has.
    async fn repair(&self, log: &Log) -> Result<()> {
        let own = self.context.storage.read(Own::load)?;
        if own.issuer.is_none() || log.device(own.device).map(|device| device.role) != Some(Role::Parent) {
            return Ok(());
        }
        let server = self.server(&own)?;
        if server.keyring(own.family).await?.is_none()
            && let Some(sealed) = self.context.storage.read(|tx| queries::keyring(tx, log.length()))?
        {
            server.put_keyring(own.family, log.length(), sealed).await?;
        }
        if log.recovery().is_some()
            && !server.has_recovery(own.family).await?
            && let Some(grant) = self.recovery_grant_again(&own, log, log.length())?
        {
            server.put_recovery(own.family, &grant).await?;
        }
        Ok(())
    }

    /// Calls this phone by another name, on every phone of the family.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an empty or overlong name, and as [`Self::update`]; the name is kept and told
    /// with the next entry.
    pub async fn rename_device(&self, name: &str) -> Result<()> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(Error::invalid("a phone's name has 1 to 60 letters"));
        }
        let _one = self.busy.lock().await;
        let changed = self.context.storage.write(|tx| {
            let own = Own::load(tx)?;
            let changed = own.name != name;
            queries::save_own(tx, &Own { name: name.into(), ..own })?;
            Ok(changed)
        })?;
        if changed { self.append(&Plan::Names).await } else { Ok(()) }
    }

    /// This phone's place in its family.
    ///
    /// # Errors
    /// Those of the store.
    pub fn place(&self) -> Result<Place> {
        self.context.storage.read(place)
    }

    /// Every phone of the family as this phone knows it; asks nobody.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`], [`Error::Sealed`].
    pub fn devices(&self) -> Result<Vec<Device>> {
        let (own, log) = self.context.storage.read(|tx| Ok((Own::load(tx)?, queries::log(tx)?)))?;
        // A removed phone has no newest key and sees ids instead of names.
        let keyring = self.opened_keyring(&log).unwrap_or_default();
        let name = |id| keyring.devices.get(&id).map(|note| note.name.clone()).unwrap_or_default();
        let mut devices: Vec<_> = log.devices().iter().collect();
        devices.sort_by_key(|(_, device)| device.number);
        Ok(devices
            .into_iter()
            .map(|(id, device)| Device {
                id: id.0,
                number: device.number,
                name: if *id == own.device { own.name.clone() } else { name(*id) },
                member: keyring.members.get(&device.member).cloned().unwrap_or_default(),
                added_by: match device.added_by {
                    Signer::Device(by) if by != *id => name(by),
                    _ => String::new(),
                },
                added_ms: keyring.devices.get(id).map(|note| note.at_ms).unwrap_or_default(),
                this: *id == own.device,
                removed: device.removed.is_some(),
            })
            .collect())
    }
}
