//! Orders that this device or the 12 words sign: the server's copy of the family goes, or stays; the account ends; records
//! are purged.

use super::KeysClient;
use super::notices::signed;
use super::own::Own;
use super::queries;
use super::recovery::{RecoveryKey, entropy_of};
use super::server::Server;
use crate::crypto::sign::SignKey;
use crate::error::{Error, Result};
use crate::http::Method;
use kinfolio_protocol::family::{ErasureItem, Notices, OrderRequest, ProofRequest};
use kinfolio_protocol::json::{Deletion, Me};
use kinfolio_protocol::log::{Role, Signer};
use kinfolio_protocol::purge::BlobsRequest;
use kinfolio_protocol::sync::PushRequest;
use kinfolio_protocol::{AccountId, FamilyId, SpaceId, encode, sign};

/// What an order signs, by issuer, family and nonce.
type Message = fn(&str, FamilyId, &[u8; 32]) -> Vec<u8>;

impl KeysClient {
    /// Orders that the server's copy of the family is erased; gives the day, milliseconds since 1970: 14 days from now, or
    /// what an order that stands says. Parents are told by mail, every phone by its next sync, and any parent's phone calls
    /// it off ([`Self::cancel_erasure`]). What is on the phones stays. Call after the person confirmed with biometric or PIN.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`] while sync was never turned on, and when this device was removed; [`Error::NotFound`] from a
    /// phone that is no parent's; [`Error::SignedOut`], [`Error::Offline`].
    pub async fn order_erasure(&self) -> Result<i64> {
        let _one = self.busy.lock().await;
        let (own, reply) = self.ordered("erasure", sign::erase_family).await?;
        let erasure: ErasureItem = reply.read()?;
        let known = self.context.storage.read(|tx| queries::notices(tx, own.family))?;
        let known = known.map(|(known, _)| known).unwrap_or_default();
        self.keep_notices(&own, &Notices { erasure: Some(erasure), ..known })?;
        Ok(signed(erasure.due_ms))
    }

    /// The same by the 12 words, for who has no phone of the family any more: signed in to the server by any account.
    /// `family` stands on the paper beside the words. Nothing is kept on this phone.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for words that are none, or not this family's; [`Error::SignedOut`], [`Error::Offline`].
    pub async fn order_erasure_by_words(&self, family: [u8; 16], words: &str) -> Result<i64> {
        let key = RecoveryKey::derive(&*entropy_of(words)?).sign;
        let (family, signer) = (FamilyId(family), Signer::Recovery(key.public()));
        let issuer = self.door.who()?.issuer;
        let server = Server(&*self.door);
        let request = sign_order(&server, &issuer, family, signer, &key, sign::erase_family).await?;
        match server.order(family, "erasure", &request).await {
            Err(Error::Refused { status: 404, .. }) => {
                Err(Error::invalid("this server has no family with these words: check the paper"))
            }
            reply => Ok(signed(reply?.read::<ErasureItem>()?.due_ms)),
        }
    }

    /// Calls the erasing off: the server's copy of the family stays. Where it would go with this account, as the last
    /// parent's, the account stays too. Calling off what nobody ordered is no error.
    ///
    /// # Errors
    /// As [`Self::order_erasure`].
    pub async fn cancel_erasure(&self) -> Result<()> {
        let _one = self.busy.lock().await;
        self.ordered("erasure/cancel", sign::keep_family).await?;
        self.read_notices().await
    }

    /// Begins the end of the account that this phone is signed in with; gives the day, milliseconds since 1970. 7 days from
    /// now; where the account is the last parent's and the server's copy of the family goes with it, 14 as this device
    /// signs, 30 for a phone that is not enrolled. One on its way goes on as it is. It is called off by
    /// [`keep_account`](crate::account::AccountClient::keep_account).
    ///
    /// # Errors
    /// [`Error::TwoFactorRequired`] unless the person signed in within the last ten minutes: sign in once more, then call
    /// this again. [`Error::SignedOut`], [`Error::Offline`].
    pub async fn delete_account(&self) -> Result<i64> {
        let _one = self.busy.lock().await;
        let server = Server(&*self.door);
        let signed = match self.signed_end(&server).await? {
            Some(body) => Some(server.end_account(body).await),
            None => None,
        };
        match signed {
            // Signed by a device that is no parent's of this account: as if it had none.
            None | Some(Err(Error::Refused { status: 404, .. })) => server.end_account(Vec::new()).await,
            Some(done) => done,
        }
    }

    /// This device's signature for what a push purges; `None` when it purges nothing.
    pub(crate) fn sign_purge(&self, space: SpaceId, push: &PushRequest) -> Result<Option<[u8; 64]>> {
        let own = self.context.storage.read(Own::load)?;
        let issuer = own.issuer.as_deref().ok_or(Error::NotEnrolled)?;
        Ok(sign::purge(issuer, own.family, space, push).map(|order| own.sign.sign(&order)))
    }

    /// This device's signature for files that a purge left without a record.
    pub(crate) fn sign_left(&self, space: SpaceId, left: &BlobsRequest) -> Result<[u8; 64]> {
        let own = self.context.storage.read(Own::load)?;
        let issuer = own.issuer.as_deref().ok_or(Error::NotEnrolled)?;
        Ok(own.sign.sign(&sign::purge_blobs(issuer, own.family, space, left)))
    }

    /// This device's signature for the account's end, if it is a parent's in a family on this very server.
    async fn signed_end(&self, server: &Server<'_>) -> Result<Option<Vec<u8>>> {
        let (own, log) = self.context.storage.read(|tx| Ok((Own::load(tx)?, queries::log(tx)?)))?;
        let issuer = self.door.who()?.issuer;
        let parent = log.device(own.device).is_some_and(|device| device.role == Role::Parent);
        if own.issuer.as_deref() != Some(&issuer) || !parent {
            return Ok(None);
        }
        let (account, nonce) = (server.account().await?, server.nonce().await?.nonce);
        let message = sign::end_account(&issuer, own.family, account, &nonce);
        let signature = own.sign.sign(&message);
        Ok(Some(encode(&ProofRequest { family: own.family, device: own.device, nonce, signature })))
    }

    /// Sends an order of this device; a sign-in of today that was never bound is bound first.
    async fn ordered(&self, path: &str, message: Message) -> Result<(Own, crate::http::Response)> {
        let own = self.context.storage.read(Own::load)?;
        let server = self.server(&own)?;
        let issuer = own.issuer.clone().ok_or(Error::NotEnrolled)?;
        let send = async || {
            let signer = Signer::Device(own.device);
            let request = sign_order(&server, &issuer, own.family, signer, &own.sign, message).await?;
            server.order(own.family, path, &request).await
        };
        let sent = match send().await {
            Err(Error::NotEnrolled) if self.bind_again().await? => send().await,
            sent => sent,
        };
        match sent {
            Err(Error::Refused { status: 404, .. }) => Err(Error::NotFound("family on the server")),
            sent => Ok((own, sent?)),
        }
    }
}

async fn sign_order(
    server: &Server<'_>,
    issuer: &str,
    family: FamilyId,
    signer: Signer,
    key: &SignKey,
    message: Message,
) -> Result<OrderRequest> {
    let nonce = server.nonce().await?.nonce;
    let signature = key.sign(&message(issuer, family, &nonce));
    Ok(OrderRequest { signer, nonce, signature })
}

impl Server<'_> {
    async fn order(
        &self,
        family: FamilyId,
        path: &str,
        order: &OrderRequest,
    ) -> Result<crate::http::Response> {
        let path = format!("/api/v1/families/{family}/{path}");
        self.send(Method::Post, path, encode(order)).await?.ok()
    }

    /// Which account this is.
    async fn account(&self) -> Result<AccountId> {
        let reply = self.send(Method::Get, "/api/v1/me".into(), vec![]).await?.ok()?;
        let me: Me = serde_json::from_slice(&reply.body).map_err(|_| Error::UpdateApp)?;
        me.account.parse().map_err(|_| Error::UpdateApp)
    }

    async fn end_account(&self, signed: Vec<u8>) -> Result<i64> {
        let reply = self.send(Method::Post, "/api/v1/me/deletion".into(), signed).await?.ok()?;
        let Deletion { deletion_ms } = serde_json::from_slice(&reply.body).map_err(|_| Error::UpdateApp)?;
        Ok(deletion_ms)
    }
}
