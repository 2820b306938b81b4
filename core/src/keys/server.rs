//! The family plane's membership routes, typed, over the signed-in door.

use super::own::Own;
use crate::error::{Error, Result};
use crate::http::{Door, Method, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::family::{GrantsRequest, PROOF_HEADER, ProofNonce, ProofRequest, SealedKeyring};
use kinfolio_protocol::grant::Grant;
use kinfolio_protocol::json::code;
use kinfolio_protocol::link::{LinkPost, LinkRequest, LinkResponse};
use kinfolio_protocol::log::Entry;
use kinfolio_protocol::sync::{PullResponse, Start};
use kinfolio_protocol::{FamilyId, LinkId, SpaceId, Wire, encode, sign};
use zeroize::Zeroizing;

/// One server, for the length of one operation.
pub(super) struct Server<'a>(pub &'a dyn Door);

/// Whether an append lost the race: another entry stands where this one should.
pub(super) fn is_behind(error: &Error) -> bool {
    matches!(error, Error::Refused { code, .. } if code == code::LOG_BEHIND || code == code::HEAD_MOVED)
}

impl Server<'_> {
    pub async fn send(&self, method: Method, path: String, body: Vec<u8>) -> Result<Response> {
        self.0.send(method, &path, vec![], body).await
    }

    pub async fn get<T: Wire>(&self, path: String) -> Result<T> {
        self.send(Method::Get, path, vec![]).await?.ok()?.read()
    }

    async fn put(&self, path: String, body: Vec<u8>) -> Result<()> {
        self.send(Method::Put, path, body).await?.ok().map(drop)
    }

    /// The same bytes again get the same answer.
    pub async fn found(&self, request: Vec<u8>) -> Result<()> {
        self.send(Method::Post, "/api/v1/families".into(), request).await?.ok().map(drop)
    }

    /// The same for a family that was erased there, with a fresh proof that this device was a parent's at its end.
    pub async fn found_again(&self, request: Vec<u8>, own: &Own) -> Result<()> {
        let issuer = own.issuer.as_deref().ok_or(Error::NotEnrolled)?;
        let (asked, family, device) = (self.nonce().await?, own.family, own.device);
        let message = sign::device_proof(issuer, family, device, asked.sign_in, &asked.nonce);
        let proof = ProofRequest { family, device, nonce: asked.nonce, signature: own.sign.sign(&message) };
        let headers = vec![(PROOF_HEADER.to_owned(), URL_SAFE_NO_PAD.encode(encode(&proof)))];
        self.0.send(Method::Post, "/api/v1/families", headers, request).await?.ok().map(drop)
    }

    /// The same bytes again get the same answer; [`is_behind`] when the race is lost.
    pub async fn append(&self, family: FamilyId, request: Vec<u8>) -> Result<()> {
        let path = format!("/api/v1/families/{family}/log");
        self.send(Method::Post, path, request).await?.ok().map(drop)
    }

    /// Every entry after number `after`, page by page, still unverified.
    pub async fn log(&self, family: FamilyId, mut after: u64) -> Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let page: Vec<Entry> = self.get(format!("/api/v1/families/{family}/log?after={after}")).await?;
            // Numbers must go up by one: a server that repeats a page would otherwise keep us here for ever.
            for entry in page.iter() {
                if entry.body().number != after + 1 {
                    return Err(Error::Sealed("the server's log has a gap"));
                }
                after += 1;
            }
            if page.is_empty() {
                return Ok(entries);
            }
            entries.extend(page);
        }
    }

    /// The sealed keyring as it lies there.
    pub async fn keyring(&self, family: FamilyId) -> Result<Option<Vec<u8>>> {
        let path = format!("/api/v1/families/{family}/keyring");
        let reply = self.send(Method::Get, path, vec![]).await?;
        if reply.status == 404 {
            return Ok(None);
        }
        let SealedKeyring { sealed, .. } = reply.ok()?.read()?;
        Ok(Some(sealed))
    }

    pub async fn put_keyring(&self, family: FamilyId, number: u64, sealed: Vec<u8>) -> Result<()> {
        let body = encode(&SealedKeyring { number, sealed });
        self.put(format!("/api/v1/families/{family}/keyring"), body).await
    }

    /// Grants that wait for this sign-in's bound device.
    pub async fn grants(&self, family: FamilyId) -> Result<Vec<Grant>> {
        self.get(format!("/api/v1/families/{family}/grants")).await
    }

    /// Grants from this device that are missing there; those that are there stay as they are.
    pub async fn put_grants(&self, family: FamilyId, grants: Vec<Grant>) -> Result<()> {
        let body = encode(&GrantsRequest { grants });
        self.put(format!("/api/v1/families/{family}/grants"), body).await
    }

    /// The grant of this entry is durable here and may go.
    pub async fn acknowledge(&self, family: FamilyId, number: u64) -> Result<()> {
        let path = format!("/api/v1/families/{family}/grants/{number}");
        let reply = self.send(Method::Delete, path, vec![]).await?;
        if reply.status == 404 { Ok(()) } else { reply.ok().map(drop) }
    }

    /// Whether a recovery grant lies there.
    pub async fn has_recovery(&self, family: FamilyId) -> Result<bool> {
        let path = format!("/api/v1/families/{family}/recovery");
        let reply = self.send(Method::Get, path, vec![]).await?;
        if reply.status == 404 { Ok(false) } else { reply.ok().map(|_| true) }
    }

    pub async fn put_recovery(&self, family: FamilyId, grant: &Grant) -> Result<()> {
        self.put(format!("/api/v1/families/{family}/recovery"), encode(grant)).await
    }

    pub async fn nonce(&self) -> Result<ProofNonce> {
        Ok(self.nonce_as().await?.0)
    }

    /// A nonce, and the access token of the sign-in that it names.
    pub async fn nonce_as(&self) -> Result<(ProofNonce, Zeroizing<String>)> {
        let (reply, asked) = self.0.send_as(Method::Post, "/api/v1/device-proof/nonce").await?;
        Ok((reply.ok()?.read()?, asked))
    }

    pub async fn prove(&self, proof: &ProofRequest) -> Result<()> {
        self.send(Method::Post, "/api/v1/device-proof".into(), encode(proof)).await?.ok().map(drop)
    }

    pub async fn open_link(&self, link: LinkId, request: &LinkRequest) -> Result<()> {
        self.put(format!("/api/v1/links/{link}"), encode(request)).await
    }

    pub async fn post_link(&self, link: LinkId, post: &LinkPost) -> Result<()> {
        self.put(format!("/api/v1/links/{link}/post"), encode(post)).await
    }

    /// One page of a space's records, oldest first.
    pub async fn pull(&self, family: FamilyId, space: SpaceId, after: u64) -> Result<PullResponse> {
        let path = format!("/api/v1/families/{family}/spaces/{space}/pull?after={after}");
        let page: PullResponse = self.get(path).await?;
        let fits = page.in_order(Start::After(after));
        if fits { Ok(page) } else { Err(Error::Sealed("the server's page is out of order")) }
    }

    pub async fn link(&self, link: LinkId) -> Result<LinkResponse> {
        self.get(format!("/api/v1/links/{link}")).await
    }
}
