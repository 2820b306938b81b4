//! Turning sync on: the membership log goes to a server as it stands, and once more to one that lost it.

use super::own::Own;
use super::queries::{Outgoing, Purpose};
use super::{KeysClient, queries};
use crate::changes::{Change, ChangeKind};
use crate::error::{Error, Result};
use kinfolio_protocol::encode;
use kinfolio_protocol::family::FoundRequest;
use kinfolio_protocol::log::Role;

impl KeysClient {
    /// Turns sync on: uploads the membership log as it stands, with keyring and grants, and binds this device to the
    /// sign-in. Safe to call again: what was done is not done twice. Where the family's own server has the family no
    /// more, it is founded there again, and the next sync uploads everything anew.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::Offline`] (call again later), [`Error::Refused`]; the last also for a sign-in
    /// whose account is not in the family that this phone syncs: nothing changes then.
    pub async fn turn_on_sync(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        match self.settle().await {
            // An entry for a family that this server does not show to this account: seen to below.
            Err(Error::Refused { status: 404, .. }) => {}
            settled => settled?,
        }
        let own = self.context.storage.read(Own::load)?;
        if own.issuer.is_none() {
            self.found(&own, Purpose::Found).await?;
        }
        let own = self.context.storage.read(Own::load)?;
        match self.bind_own(&self.server(&own)?, &own).await {
            // Erased with its last account; this phone has all of it. Where the family is there
            // and the account is not in it, the founding is refused.
            Err(Error::Refused { status: 404, .. }) => {
                self.check_gone(&own).await?;
                self.found(&own, Purpose::FoundAgain).await?;
                self.bind_own(&self.server(&own)?, &own).await?;
            }
            bound => bound?,
        }
        self.context.changes.tell(vec![Change::all(ChangeKind::Keys), Change::all(ChangeKind::Sync)]);
        Ok(())
    }

    /// A server that shows the log has the family: it is this device that it knows no more.
    async fn check_gone(&self, own: &Own) -> Result<()> {
        match self.server(own)?.log(own.family, 0).await {
            Err(Error::Refused { status: 404, .. }) => Ok(()),
            shown => shown.and(Err(Error::NotEnrolled)),
        }
    }

    async fn found(&self, own: &Own, purpose: Purpose) -> Result<()> {
        let issuer = self.door.who()?.issuer;
        let request = self.found_request(own)?;
        self.context.storage.write(|tx| {
            if purpose == Purpose::FoundAgain {
                // What was under way went to a family that is gone.
                queries::drop_outgoing(tx)?;
            }
            // From here on the log is frozen until the server answers: the next entry goes through it.
            queries::save_own(tx, &Own { issuer: Some(issuer), ..Own::load(tx)? })?;
            queries::save_outgoing(tx, &Outgoing { purpose, link: None, request })
        })?;
        self.resume().await
    }

    fn found_request(&self, own: &Own) -> Result<Vec<u8>> {
        let (entries, log, keyring) = self.context.storage.read(|tx| {
            let log = queries::log(tx)?;
            let keyring = queries::keyring(tx, log.length())?;
            Ok((queries::entries(tx)?, log, keyring))
        })?;
        if log.device(own.device).map(|device| device.role) != Some(Role::Parent) {
            return Err(Error::NotEnrolled);
        }
        let keyring = keyring.ok_or(Error::NotFound("keyring"))?;
        let grants = self.grants_again(own, &log)?;
        let recovery = self.recovery_grant_again(own, &log, log.length())?;
        Ok(encode(&FoundRequest { log: entries, keyring, grants, recovery }))
    }
}
