//! The two steps at a provider: where a browser is sent, and what the code that it brings back is worth. What a provider
//! says about itself is asked for when it is first needed.

use std::fmt;
use std::sync::Arc;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope, StandardErrorResponse,
    StandardTokenResponse,
};
use tokio::sync::{Mutex, Semaphore};
use zeroize::Zeroizing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;

use super::claims::{self, Doubt, Hosted, Identity};
use super::http::{Door, NoAnswer};
use super::provider::{Again, Checked, is_safe};
use super::transactions::Goal;
use crate::clock::{HOUR_US, MINUTE_US, SECOND_US};
use crate::config::StartError;
use crate::secrets::Secrets;

/// So long what a provider says about itself is taken for true.
const KNOWN_US: i64 = HOUR_US;
/// An unknown key is a reason to ask again, but not for everybody who makes one up.
const ASK_AGAIN_US: i64 = MINUTE_US;
/// After no answer, nobody waits for another one for so long.
const SILENT_US: i64 = 10 * SECOND_US;
/// Codes that are redeemed at one provider at the same time.
const SLOTS: usize = 32;

type Reply = StandardTokenResponse<
    IdTokenFields<
        Hosted,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type OidcClient = Client<
    Hosted,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Reply,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a provider signs nobody in just now. No word of it comes from the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// It did not answer: worth another try later.
    #[error("no answer: {0}")]
    Silent(&'static str),
    /// It answered what must not be believed.
    #[error("not believed: {0}")]
    Refused(&'static str),
}

/// Where a browser is sent.
pub(crate) struct Sent {
    pub(crate) url: Zeroizing<String>,
    /// Comes back with the browser; kept as SHA-256.
    pub(crate) state: Zeroizing<String>,
}

/// What a provider said about itself, and when.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, i64)>,
    silent_at_us: Option<i64>,
}

/// A service that signs people in.
pub struct Provider {
    settings: Checked,
    door: Door,
    known: Mutex<Known>,
    slots: Semaphore,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.settings.name).finish()
    }
}

impl Provider {
    pub(super) fn new(settings: Checked) -> Result<Self, StartError> {
        let door = Door::open(settings.issuer.url().scheme() == "http")?;
        Ok(Self { settings, door, known: Mutex::default(), slots: Semaphore::new(SLOTS) })
    }

    /// Its name in addresses.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its name for people.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.settings.label
    }

    /// Its issuer, exactly.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    pub(super) fn is(&self, other: &Checked) -> bool {
        self.settings.name == other.name || self.issuer() == other.issuer.as_str()
    }

    /// Makes a request of this provider, with the random `state` of the caller's.
    pub(crate) async fn authorize(
        &self,
        secrets: &Secrets,
        state: Zeroizing<String>,
        goal: Goal,
        now_us: i64,
    ) -> Result<Sent, Fault> {
        let metadata = self.metadata(now_us, now_us - KNOWN_US).await?;
        if !is_safe(metadata.authorization_endpoint().url(), self.settings.issuer.url().scheme() == "http") {
            return Err(Fault::Refused("its authorization endpoint is not https"));
        }
        let Bound { nonce, verifier } = Bound::to(secrets, &state);
        let (client, csrf) = (self.client(&metadata), CsrfToken::new(state.to_string()));
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || csrf, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if goal == Goal::Again {
            request = match self.settings.again {
                Again::Login => {
                    request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO)
                }
                Again::Choose => request.add_prompt(CoreAuthPrompt::SelectAccount),
            };
        }
        let (url, _, _) = request.url();
        Ok(Sent { url: Zeroizing::new(url.into()), state })
    }

    /// Redeems the code that a browser brought back with `state`, and tells whose it is. The tokens are dropped.
    pub(crate) async fn redeem(
        &self,
        secrets: &Secrets,
        state: &str,
        code: &str,
        now_us: i64,
    ) -> Result<Identity, Fault> {
        let _slot = self.slots.try_acquire().map_err(|_| Fault::Silent("too many at once"))?;
        let mut metadata = self.metadata(now_us, now_us - KNOWN_US).await?;
        let Bound { nonce, verifier } = Bound::to(secrets, state);
        let client = self.client(&metadata);
        let reply: Reply = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| Fault::Refused("it has no token endpoint"))?
            .set_pkce_verifier(verifier)
            .request_async(&self.door)
            .await
            .map_err(|error| token_fault(&error))?;
        let token = reply.extra_fields().id_token().ok_or(Fault::Refused("no id_token"))?;
        let mut verdict = claims::verify(&self.settings, metadata.jwks(), token, &nonce, now_us);
        if verdict.as_ref().err() == Some(&Doubt::UnknownKey) {
            // It may have changed its keys since.
            metadata = self.metadata(now_us, now_us - ASK_AGAIN_US).await?;
            verdict = claims::verify(&self.settings, metadata.jwks(), token, &nonce, now_us);
        }
        verdict.map_err(|doubt| match doubt {
            Doubt::UnknownKey => Fault::Refused("key"),
            Doubt::Wrong(what) => Fault::Refused(what),
        })
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OidcClient {
        let settings = &self.settings;
        let secret = ClientSecret::new(settings.client_secret.to_string());
        let basic = CoreClientAuthMethod::ClientSecretBasic;
        let by_post =
            metadata.token_endpoint_auth_methods_supported().is_some_and(|ways| !ways.contains(&basic));
        Client::from_provider_metadata(
            metadata.clone(),
            ClientId::new(settings.client_id.clone()),
            Some(secret),
        )
        .set_redirect_uri(settings.redirect_uri.clone())
        .set_auth_type(if by_post { AuthType::RequestBody } else { AuthType::BasicAuth })
    }

    /// What the provider says about itself, no older than `oldest_us`. Who comes meanwhile waits for the same answer.
    async fn metadata(&self, now_us: i64, oldest_us: i64) -> Result<Arc<CoreProviderMetadata>, Fault> {
        let mut known = self.known.lock().await;
        if let Some((metadata, at_us)) = &known.metadata
            && (oldest_us..=now_us).contains(at_us)
        {
            return Ok(Arc::clone(metadata));
        }
        if known.silent_at_us.is_some_and(|at_us| (0..SILENT_US).contains(&(now_us - at_us))) {
            return Err(Fault::Silent("a moment ago it gave none either"));
        }
        match CoreProviderMetadata::discover_async(self.settings.issuer.clone(), &self.door).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some((Arc::clone(&metadata), now_us)), silent_at_us: None };
                Ok(metadata)
            }
            Err(error) => {
                known.silent_at_us = Some(now_us);
                Err(discovery_fault(&error))
            }
        }
    }
}

/// What binds an answer to its request. Made from the state and this server's secrets: nothing of it lies in the store.
struct Bound {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl Bound {
    fn to(secrets: &Secrets, state: &str) -> Self {
        let made = |purpose| BASE64URL.encode(secrets.mac(purpose, &[state.as_bytes()]));
        Self {
            nonce: Nonce::new(made("upstream-nonce")),
            verifier: PkceCodeVerifier::new(made("upstream-verifier")),
        }
    }
}

fn discovery_fault(error: &DiscoveryError<NoAnswer>) -> Fault {
    match error {
        DiscoveryError::Request(no_answer) => Fault::Silent(no_answer.0),
        DiscoveryError::Response(status, _, _) if status.is_server_error() => {
            Fault::Silent("an error of its own")
        }
        DiscoveryError::Response(..) => Fault::Refused("its discovery has another status or type"),
        DiscoveryError::Validation(_) => Fault::Refused("its discovery names another issuer"),
        _ => Fault::Refused("its discovery cannot be read"),
    }
}

fn token_fault(error: &RequestTokenError<NoAnswer, StandardErrorResponse<CoreErrorResponseType>>) -> Fault {
    match error {
        RequestTokenError::Request(no_answer) => Fault::Silent(no_answer.0),
        RequestTokenError::ServerResponse(said) => Fault::Refused(match said.error() {
            CoreErrorResponseType::InvalidClient => "it refuses our client id or secret",
            CoreErrorResponseType::InvalidGrant => "it refuses its code",
            _ => "it refuses our request",
        }),
        _ => Fault::Refused("its token answer cannot be read"),
    }
}
