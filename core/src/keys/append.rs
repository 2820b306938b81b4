//! Appending to the membership log: built, stored, sent, kept. One compare-and-swap request holds entry, keyring and
//! grants; its exact bytes are stored before they are sent and sent again until the server answers.

use super::grant::{self, Granter, To};
use super::keyring::{self, DeviceNote};
use super::link_queries::{self, Stage};
use super::own::Own;
use super::queries::{Outgoing, Purpose};
use super::recovery::RecoveryKey;
use super::update::{apply, newest_epoch};
use super::{KeysClient, bind, queries, server};
use crate::changes::{Change as Changed, ChangeKind};
use crate::crypto::Secret32;
use crate::error::{Error, Result};
use crate::records;
use crate::storage::Transaction;
use kinfolio_protocol::family::AppendRequest;
use kinfolio_protocol::grant::Recipient;
use kinfolio_protocol::log::{AddDevice, Body, Change, Entry, Log, Role, SetRecovery, Signer};
use kinfolio_protocol::sign::LogHead;
use kinfolio_protocol::{LinkId, decode, encode, labels};

/// Races that are lost in a row before the person is asked to try later.
const TRIES: usize = 5;

/// What an entry is for.
pub(super) enum Plan<'a> {
    /// A new parent's device, answering a link.
    Add(Box<NewDevice>),
    /// The recovery key of words that were confirmed.
    Recovery(&'a RecoveryKey),
    /// Nothing but a keyring with changed names.
    Names,
}

/// A device to add, as it was looked at.
pub(super) struct NewDevice {
    pub link: LinkId,
    pub psk: Secret32,
    pub add: AddDevice,
    pub name: String,
    pub member_name: String,
    /// `invite` or `ask`.
    pub how: &'static str,
    /// Length of the log that the person looked at.
    pub looked_at: u64,
}

impl KeysClient {
    /// Appends one entry. A family that no server holds yet gets it at once; else it goes through the server, and a
    /// lost race builds everything anew on the winner's entry.
    pub(super) async fn append(&self, plan: &Plan<'_>) -> Result<()> {
        let first = self.step().await?.length();
        for _ in 0..TRIES {
            let log = self.step().await?;
            let looked_at = match plan {
                Plan::Add(new) => new.looked_at,
                Plan::Recovery(_) | Plan::Names => first,
            };
            self.check_unchanged(&log, looked_at)?;
            let own = self.context.storage.read(Own::load)?;
            let request = self.build(&own, &log, plan)?;
            let outgoing =
                Outgoing { purpose: Purpose::Append, link: request.link, request: encode(&request) };
            if own.issuer.is_none() {
                self.context.storage.write(|tx| finish(tx, &outgoing))?;
                self.context.changes.tell(vec![Changed::all(ChangeKind::Keys)]);
                return Ok(());
            }
            self.context.storage.write(|tx| queries::save_outgoing(tx, &outgoing))?;
            match self.resume().await {
                Err(error) if server::is_behind(&error) => tracing::info!("lost a race, building anew"),
                done => return done,
            }
        }
        Err(Error::Offline("others are changing the family right now".into()))
    }

    /// What a person confirmed must still be what there is: a device added meanwhile wants another look.
    fn check_unchanged(&self, log: &Log, looked_at: u64) -> Result<()> {
        let added_since = log.devices().values().any(|device| u64::from(device.number) > looked_at);
        match added_since {
            true => Err(Error::Refused {
                status: 409,
                code: "confirm_again".into(),
                message: "a device was added meanwhile: look at the devices and confirm again".into(),
            }),
            false => Ok(()),
        }
    }

    /// As [`Self::resume`]; a request of an earlier run that lost its race is gone, which is no error of this run.
    pub(super) async fn settle(&self) -> Result<()> {
        match self.resume().await {
            Err(error) if server::is_behind(&error) => {
                tracing::info!("a request of an earlier run had lost its race");
                Ok(())
            }
            settled => settled,
        }
    }

    /// Sends the request that is under way, if there is one, until it is answered.
    ///
    /// # Errors
    /// [`Error::Offline`], [`Error::ServerFull`] and [`Error::SignedOut`] keep it for later; any refusal of the request
    /// itself drops it.
    pub(super) async fn resume(&self) -> Result<()> {
        let Some(outgoing) = self.context.storage.read(queries::outgoing)? else { return Ok(()) };
        let own = self.context.storage.read(Own::load)?;
        let server = self.server(&own)?;
        let mut sent = self.send(&server, &own, &outgoing).await;
        if matches!(sent, Err(Error::NotEnrolled)) && outgoing.purpose == Purpose::Append {
            self.bind_own(&server, &own).await?;
            sent = self.send(&server, &own, &outgoing).await;
        }
        match sent {
            Ok(()) => {
                self.context.storage.write(|tx| finish(tx, &outgoing))?;
                self.context.changes.tell(vec![Changed::all(ChangeKind::Keys)]);
                Ok(())
            }
            Err(error @ Error::Refused { .. }) => {
                // Its keys and grants may have been read by the server: none of it is ever used again.
                self.context.storage.write(|tx| {
                    queries::drop_outgoing(tx)?;
                    match outgoing.purpose {
                        Purpose::Found => queries::save_own(tx, &Own { issuer: None, ..Own::load(tx)? }),
                        Purpose::Append | Purpose::FoundAgain => Ok(()),
                    }
                })?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn send(&self, server: &server::Server<'_>, own: &Own, outgoing: &Outgoing) -> Result<()> {
        match outgoing.purpose {
            Purpose::Found => server.found(outgoing.request.clone()).await,
            Purpose::FoundAgain => server.found_again(outgoing.request.clone(), own).await,
            Purpose::Append => server.append(own.family, outgoing.request.clone()).await,
        }
    }

    pub(super) async fn bind_own(&self, server: &server::Server<'_>, own: &Own) -> Result<()> {
        let issuer = own.issuer.as_deref().ok_or(Error::NotEnrolled)?;
        bind::bind(server, issuer, own.family, own.device, &own.sign, |sign_in| {
            self.context
                .storage
                .write(|tx| queries::save_own(tx, &Own { bound: Some(*sign_in), ..Own::load(tx)? }))
        })
        .await
    }

    /// The whole request on top of `log`: verified here by the same rules as everywhere, before it is sent.
    fn build(&self, own: &Own, log: &Log, plan: &Plan<'_>) -> Result<AppendRequest> {
        let random = &*self.context.random;
        let number = log.length() + 1;
        let signer = Signer::Device(own.device);
        let at_ms = u64::try_from(self.context.clock.now_ms()).unwrap_or_default();
        let mut keyring = self.opened_keyring(log)?;
        if let Some(note) = keyring.devices.get_mut(&own.device) {
            note.name.clone_from(&own.name);
        }
        let mut recovery = None;
        let changes = match plan {
            Plan::Names => vec![],
            Plan::Recovery(key) => {
                recovery = Some(*key);
                vec![Change::SetRecovery(SetRecovery {
                    kem_pk: key.kem.public(),
                    sign_pk: key.sign.public(),
                })]
            }
            Plan::Add(new) => {
                let note =
                    DeviceNote { name: new.name.clone(), added_by: signer, how: new.how.into(), at_ms };
                keyring.devices.insert(new.add.device, note);
                keyring.members.entry(new.add.member).or_insert_with(|| new.member_name.clone());
                vec![Change::AddDevice(new.add.clone())]
            }
        };
        let space = log.family_space();
        let epoch = newest_epoch(log)?;
        let key = self.context.storage.read(|tx| queries::key(tx, space, epoch))?;
        let key = key.ok_or(Error::Sealed("the family's newest key is not on this phone"))?;
        let sealed = keyring::seal(&keyring, own.family, number, &key, random)?;
        let body = Body {
            family: own.family,
            number,
            previous: log.head().hash,
            changes,
            keyring: labels::keyring_hash(&sealed),
            signer,
        };
        let entry = Entry::sign(body, own.sign.pair(), recovery.map(|key| key.sign.pair()));
        apply(&mut log.clone(), &entry)?;

        let seen = self.context.storage.read(queries::seen)?;
        let granter = Granter {
            family: own.family,
            head: LogHead { number, hash: entry.hash() },
            sender: signer,
            sender_kem: &own.kem,
            seen: &seen,
            random,
        };
        let keys = grant::only(space, epoch, &key);
        let mut grants =
            vec![granter.seal(&To::Member(Recipient::Device(own.device)), &own.kem.public(), &keys)?];
        if let Plan::Add(new) = plan {
            let to = To::Join(Recipient::Device(new.add.device), new.link, &new.psk);
            grants.push(granter.seal(&to, &new.add.kem_pk, &keys)?);
        }
        let recovery = match recovery {
            Some(new) => {
                let to = To::Recovery(Recipient::Recovery(new.sign.public()));
                Some(granter.seal(&to, &new.kem.public(), &keys)?)
            }
            None => None,
        };
        let link = match plan {
            Plan::Add(new) => Some(new.link),
            Plan::Recovery(_) | Plan::Names => None,
        };
        Ok(AppendRequest { entry, keyring: sealed, grants, recovery, link })
    }

    /// Puts back what a server lost: every entry of mine that it lacks, after checking that the rest is the same.
    pub(super) async fn put_back(&self, server: &server::Server<'_>, own: &Own, mine: &Log) -> Result<()> {
        let served: Vec<_> = server.log(own.family, 0).await?.iter().map(Entry::hash).collect();
        match kinfolio_protocol::log::compare(mine.hashes(), &served) {
            kinfolio_protocol::log::Standing::Departs => return self.alarm(),
            kinfolio_protocol::log::Standing::Shorter => {}
            // It caught up between two requests.
            _ => return Ok(()),
        }
        let entries = self.context.storage.read(queries::entries)?;
        for (index, entry) in entries.iter().enumerate().skip(served.len()) {
            let number = index as u64 + 1;
            let keyring = self.context.storage.read(|tx| queries::keyring(tx, number))?;
            let keyring = keyring
                .ok_or_else(|| Error::Offline("another phone must first put back the server's log".into()))?;
            // Grants go with an entry only from its signer; mine follow below.
            let (entry, grants) = (entry.clone(), vec![]);
            let request = AppendRequest { entry, keyring, grants, recovery: None, link: None };
            server.append(own.family, encode(&request)).await?;
        }
        self.bind_own(server, own).await?;
        server.put_grants(own.family, self.grants_again(own, mine)?).await?;
        if let Some(grant) = self.recovery_grant_again(own, mine, mine.length())? {
            server.put_recovery(own.family, &grant).await?;
        }
        tracing::warn!(from = served.len() + 1, "put membership log entries back on the server");
        Ok(())
    }

    /// A grant of the newest family key to every parent's device, from this one.
    pub(super) fn grants_again(&self, own: &Own, log: &Log) -> Result<Vec<kinfolio_protocol::grant::Grant>> {
        let (seen, key) = self.granting(log)?;
        let granter = self.granter(own, log, log.length(), &seen)?;
        let keys = grant::only(log.family_space(), newest_epoch(log)?, &key);
        log.enrolled()
            .filter(|(_, device)| device.role == Role::Parent)
            .map(|(id, device)| granter.seal(&To::Member(Recipient::Device(id)), &device.kem_pk, &keys))
            .collect()
    }

    /// The recovery grant anew, for the entry that the server needs one with: the one that set the key in force.
    pub(super) fn recovery_grant_again(
        &self,
        own: &Own,
        log: &Log,
        number: u64,
    ) -> Result<Option<kinfolio_protocol::grant::Grant>> {
        let Some(recovery) = log.recovery().filter(|recovery| recovery.set <= number) else {
            return Ok(None);
        };
        let (seen, key) = self.granting(log)?;
        let granter = self.granter(own, log, number, &seen)?;
        let keys = grant::only(log.family_space(), newest_epoch(log)?, &key);
        let to = To::Recovery(Recipient::Recovery(recovery.sign_pk));
        granter.seal(&to, &recovery.kem_pk, &keys).map(Some)
    }

    fn granting(
        &self,
        log: &Log,
    ) -> Result<(std::collections::BTreeMap<kinfolio_protocol::SpaceId, grant::Seen>, crate::crypto::SpaceKey)>
    {
        let epoch = newest_epoch(log)?;
        self.context.storage.read(|tx| {
            let key = queries::key(tx, log.family_space(), epoch)?;
            let key = key.ok_or(Error::Sealed("the family's newest key is not on this phone"))?;
            Ok((queries::seen(tx)?, key))
        })
    }

    fn granter<'a>(
        &'a self,
        own: &'a Own,
        log: &Log,
        number: u64,
        seen: &'a std::collections::BTreeMap<kinfolio_protocol::SpaceId, grant::Seen>,
    ) -> Result<Granter<'a>> {
        let hash = log.hash_of(number).ok_or_else(|| Error::internal("entry number"))?;
        Ok(Granter {
            family: own.family,
            head: LogHead { number, hash },
            sender: Signer::Device(own.device),
            sender_kem: &own.kem,
            seen,
            random: &*self.context.random,
        })
    }
}

/// The server answered: the entry, its keyring and all that hung on it become true, in one transaction.
fn finish(tx: &Transaction<'_>, outgoing: &Outgoing) -> Result<()> {
    queries::drop_outgoing(tx)?;
    match outgoing.purpose {
        Purpose::Found => return Ok(()),
        Purpose::FoundAgain => {
            // The server's history is this phone's own now, and it has none of the records yet.
            queries::save_own(tx, &Own { history_differs: false, ..Own::load(tx)? })?;
            return records::doubt_all(tx);
        }
        Purpose::Append => {}
    }
    let request: AppendRequest =
        decode(&outgoing.request).map_err(|_| Error::StoreDamaged("outgoing request".into()))?;
    queries::add_entry(tx, &request.entry, Some(&request.keyring))?;
    if request.entry.body().changes.iter().any(|change| matches!(change, Change::SetRecovery(_))) {
        queries::drop_draft(tx)?;
    }
    if let Some(link) = outgoing.link {
        link_queries::set_stage(tx, link, Stage::Done)?;
    }
    Ok(())
}
