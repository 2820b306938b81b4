//! The session: hands out access tokens, refreshes them one at a time, and is the signed-in door of keys and sync.

use super::queries::{self, EndedRow, SignInRow, Token};
use super::sign_in;
use crate::calendar::DAY_MS;
use crate::changes::{Change, ChangeKind};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::http::{Door, Method, Proof, Prover, Request, Response, SignedIn, Transport, check_address};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use kinfolio_protocol::family::RefreshProof;
use kinfolio_protocol::json::Me;
use kinfolio_protocol::{DeviceId, FamilyId, SignInId, labels};
use oauth2::{ClientId, RefreshToken, TokenUrl};
use std::fmt;
use std::sync::Arc;

/// An access token with less left than this is refreshed first, so that it does not run out on the way.
const MARGIN_MS: i64 = 30_000;

/// The signed-in door.
pub struct Session {
    context: Arc<Context>,
    pub(super) transport: Arc<dyn Transport>,
    prover: Arc<dyn Prover>,
    /// One refresh at a time: two with the same token look like a theft to the server.
    refreshing: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    pub(super) fn new(context: Arc<Context>, transport: Arc<dyn Transport>, prover: Arc<dyn Prover>) -> Self {
        Self { context, transport, prover, refreshing: tokio::sync::Mutex::new(()) }
    }

    fn row(&self) -> Result<SignInRow> {
        self.context.storage.read(queries::sign_in)?.ok_or(Error::SignedOut)
    }

    fn usable(&self, row: &SignInRow) -> Option<Token> {
        let left = row.access_until_ms.saturating_sub(self.context.clock.now_ms());
        // More than a day left means the clock was turned back: such a token is not trusted to live.
        row.access_token.clone().filter(|_| left > MARGIN_MS && left < DAY_MS)
    }

    /// An access token that lives for another half minute at least.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when nobody is signed in or the server ended the sign-in; [`Error::Offline`] keeps
    /// everything as it is.
    pub async fn access_token(&self) -> Result<Token> {
        let row = self.row()?;
        if let (Some(token), Some(_)) = (self.usable(&row), &row.refresh_token) {
            return Ok(token);
        }
        let _one = self.refreshing.lock().await;
        // Whoever held the lock before may have done the work.
        let row = self.row()?;
        match (self.usable(&row), &row.refresh_token) {
            (_, None) => Err(Error::SignedOut),
            (Some(token), Some(_)) => Ok(token),
            (None, Some(refresh)) => self.refresh(&row, refresh).await,
        }
    }

    /// Exchanges the refresh token. The new one is durable before anybody sees the new access token: using that
    /// tells the server that its answer arrived, and ends the old refresh token.
    async fn refresh(&self, row: &SignInRow, refresh: &Token) -> Result<Token> {
        let token = RefreshToken::new(refresh.to_string());
        let client = sign_in::TokenClient::new(ClientId::new(row.client_id.clone()))
            .set_token_uri(TokenUrl::new(row.token_url.clone()).map_err(|_| Error::UpdateApp)?);
        let mut request = client.exchange_refresh_token(&token);
        if let Some(proof) = self.proof(row, refresh)? {
            request = request.add_extra_param("device_proof", proof);
        }
        let carrier = sign_in::Carrier(&*self.transport);
        let reply = request.request_async(&carrier).await.map_err(sign_in::refusal);
        match reply.and_then(|reply| sign_in::tokens(&reply, Some(refresh), self.context.clock.now_ms())) {
            Ok(tokens) => {
                let kept = self.context.storage.write(|tx| queries::replace_tokens(tx, refresh, &tokens))?;
                // Signed out, or in anew, while this was under way: these tokens belong to nobody now.
                if !kept {
                    return Err(Error::SignedOut);
                }
                if let Err(error) = self.end_replaced().await {
                    tracing::warn!(%error, "a replaced sign-in is not ended yet");
                }
                Ok(tokens.access)
            }
            Err(Error::SignedOut) => {
                if self.context.storage.write(|tx| queries::end(tx, refresh))? {
                    tracing::warn!("the server ended this sign-in; local data stays");
                    self.context.changes.tell(vec![Change::all(ChangeKind::Account)]);
                }
                Err(Error::SignedOut)
            }
            Err(error) => Err(error),
        }
    }

    /// The device's signature, once this sign-in is bound: a stolen refresh token alone refreshes nothing.
    fn proof(&self, row: &SignInRow, refresh: &Token) -> Result<Option<String>> {
        let Some(sign_in) = row.sign_in else { return Ok(None) };
        let nonce = labels::sha256(refresh.as_bytes());
        let proof = self.prover.prove(&row.issuer, &sign_in, nonce.as_bytes())?;
        Ok(proof.map(|Proof { family, device, signature }| {
            URL_SAFE_NO_PAD.encode(kinfolio_protocol::encode(&RefreshProof {
                family: FamilyId(family),
                device: DeviceId(device),
                signature,
            }))
        }))
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<(Response, Token)> {
        let token = self.access_token().await?;
        let reply = self.once(method, path, headers.clone(), body.clone(), &token).await?;
        if reply.status != 401 || reply.wants_step_up() {
            return Ok((reply, token));
        }
        self.context.storage.write(|tx| queries::forget_access(tx, &token))?;
        let token = self.access_token().await?;
        Ok((self.once(method, path, headers, body, &token).await?, token))
    }

    async fn once(
        &self,
        method: Method,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        token: &Token,
    ) -> Result<Response> {
        let issuer = self.row()?.issuer;
        let mut all = vec![("authorization".to_owned(), format!("Bearer {}", token.as_str()))];
        if !body.is_empty() && !headers.iter().any(|(name, _)| name == "content-type") {
            all.push(("content-type".into(), "application/cbor".into()));
        }
        all.extend(headers);
        self.transport.send(Request { method, url: format!("{issuer}{path}"), headers: all, body }).await
    }

    /// Asks the server who this is, and keeps the answer. Gives the time at which the account is to be deleted.
    pub(super) async fn me(&self) -> Result<Option<i64>> {
        let (reply, asked) = self.exchange(Method::Get, "/api/v1/me", vec![], vec![]).await?;
        let me: Me = serde_json::from_slice(&reply.ok()?.body).map_err(|_| Error::UpdateApp)?;
        let sign_in: SignInId = me.sign_in.parse().map_err(|_| Error::UpdateApp)?;
        // Signed in anew while this was under way: it says nothing of who this is now.
        if !self.context.storage.write(|tx| queries::save_me(tx, &asked, sign_in.as_bytes(), &me.email))? {
            return Err(Error::SignedOut);
        }
        self.context.changes.tell(vec![Change::all(ChangeKind::Account)]);
        Ok(me.deletion_ms)
    }

    pub(super) async fn sign_out(&self) -> Result<()> {
        let _one = self.refreshing.lock().await;
        let Some(row) = self.context.storage.read(queries::sign_in)? else {
            return self.context.storage.write(queries::drop_pending);
        };
        let mut ended = self.context.storage.read(queries::replaced)?;
        self.context.storage.write(queries::forget)?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Account)]);
        let SignInRow { client_id, revoke_url, refresh_token, .. } = row;
        ended.extend(refresh_token.map(|refresh_token| EndedRow { client_id, revoke_url, refresh_token }));
        for ended in ended {
            let told = self.revoke(ended).await.is_ok();
            tracing::info!(told, "signed out");
        }
        Ok(())
    }

    /// Tells the server that sign-ins which newer ones replaced are over: nobody can use them any more, and they would be
    /// listed as this phone for half a year. What can't be told now is kept: the next refresh tries again.
    pub(super) async fn end_replaced(&self) -> Result<()> {
        for ended in self.context.storage.read(queries::replaced)? {
            let token = ended.refresh_token.clone();
            if !matches!(self.revoke(ended).await, Err(Error::Offline(_))) {
                self.context.storage.write(|tx| queries::drop_replaced(tx, &token))?;
            }
        }
        Ok(())
    }

    /// RFC 7009, by hand: the oauth2 crate refuses to revoke at a loopback server.
    async fn revoke(&self, ended: EndedRow) -> Result<()> {
        // Finished before the wait: the serializer can't cross threads.
        let form = oauth2::url::form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &ended.refresh_token)
            .append_pair("client_id", &ended.client_id)
            .finish();
        let request = Request {
            method: Method::Post,
            url: ended.revoke_url,
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: form.into_bytes(),
        };
        self.transport.send(request).await.and_then(Response::ok).map(|_| ())
    }
}

impl Door for Session {
    fn who(&self) -> Result<SignedIn> {
        let row = self.row()?;
        match row.refresh_token {
            Some(_) => Ok(SignedIn { issuer: row.issuer }),
            None => Err(Error::SignedOut),
        }
    }

    fn note_sign_in(&self, asked: &str, sign_in: &[u8; 16]) -> Result<()> {
        match self.context.storage.write(|tx| queries::note_sign_in(tx, asked, sign_in))? {
            true => Ok(()),
            false => Err(Error::SignedOut),
        }
    }

    fn send_signed<'a>(
        &'a self,
        issuer: &'a str,
        path: &'a str,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let issuer = issuer.trim_end_matches('/');
            check_address(issuer)?;
            let headers = vec![("content-type".into(), "application/cbor".into())];
            let request = Request { method: Method::Post, url: format!("{issuer}{path}"), headers, body };
            self.transport.send(request).await
        })
    }

    fn send<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move { Ok(self.exchange(method, path, headers, body).await?.0) })
    }

    fn send_as<'a>(&'a self, method: Method, path: &'a str) -> BoxFuture<'a, Result<(Response, Token)>> {
        Box::pin(self.exchange(method, path, vec![], vec![]))
    }
}
