//! The one HTTP door: a small transport trait, its reqwest implementation, and the two seams between rooms that
//! speak to the server.

use crate::error::{Error, Result};
use futures::future::BoxFuture;
use kinfolio_protocol::json::code;
use kinfolio_protocol::{Wire, decode};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use zeroize::Zeroizing;

/// The largest reply that is read, in bytes; a sealed page, a log or a keyring stays far below it.
pub const MAX_REPLY: usize = 16 << 20;

const CONNECT: Duration = Duration::from_secs(10);
/// Silence on an open connection.
const SILENCE: Duration = Duration::from_secs(30);
/// One request with its reply. Pages, pushes and parts of photos are 1 MiB at most, so that a line of 6 kB a second is
/// enough for each; on a slower one even a moving transfer is cut, and begun again by the next sync.
const WHOLE: Duration = Duration::from_secs(180);

/// The verbs that Kinfolio's server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// The verb as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One request. Its `Debug` shows verb and path only: headers hold tokens, bodies hold ciphertext or forms.
#[derive(Clone)]
pub struct Request {
    /// Verb.
    pub method: Method,
    /// Absolute address: https, or http to 127.0.0.1 or \[::1\].
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Empty where the verb has none.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        write!(f, "{} {path} ({} bytes)", self.method.as_str(), self.body.len())
    }
}

/// One reply of any status. Its `Debug` shows status and length only.
#[derive(Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// At most [`MAX_REPLY`] bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// Whether the token is good, but its person has to sign in once more first (RFC 9470).
    pub fn wants_step_up(&self) -> bool {
        let challenge = self.header("www-authenticate").unwrap_or_default();
        self.status == 401 && challenge.contains("insufficient_user_authentication")
    }

    /// The reply itself when it is 2xx, else the server's error in core's words.
    ///
    /// # Errors
    /// [`Error::ServerFull`] for 507, [`Error::Offline`] for other 5xx and 429 (worth another try later), [`Error::UpdateApp`] for 426,
    /// [`Error::NotEnrolled`] for `device_not_enrolled`, [`Error::TwoFactorRequired`] for a 401 that [wants a step up](Self::wants_step_up),
    /// [`Error::SignedOut`] for any other, else [`Error::Refused`]
    /// with the envelope's code.
    pub fn ok(self) -> Result<Self> {
        if self.is_success() {
            return Ok(self);
        }
        let ErrorBody { error } = serde_json::from_slice(&self.body).unwrap_or_default();
        Err(match (self.status, error.code.as_str()) {
            (401, code::INSUFFICIENT_USER_AUTHENTICATION) => Error::TwoFactorRequired,
            (401, _) => Error::SignedOut,
            (403, code::DEVICE_NOT_ENROLLED) => Error::NotEnrolled,
            (426, _) => Error::UpdateApp,
            (507, _) => Error::ServerFull,
            (429 | 500.., _) => Error::Offline(format!("server answered {}", self.status)),
            (status, _) => Error::Refused { status, code: error.code, message: error.message },
        })
    }
}

impl Response {
    /// Reads a CBOR reply that fills its body exactly.
    ///
    /// # Errors
    /// [`Error::UpdateApp`] for a newer version's reply, [`Error::Internal`] for anything else.
    pub fn read<T: Wire>(&self) -> Result<T> {
        decode(&self.body).map_err(|error| match error {
            kinfolio_protocol::Error::UpdateApp => Error::UpdateApp,
            _ => Error::internal("server sent a malformed reply"),
        })
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

/// The error envelope of everything that is not OAuth.
#[derive(Default, serde::Deserialize)]
struct ErrorBody {
    error: ErrorFields,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct ErrorFields {
    code: String,
    message: String,
}

/// What this app calls itself to servers: version and platform, such as `Kinfolio/0.1.0 (android)`. The account's person finds
/// their devices by it.
pub fn user_agent() -> String {
    format!("Kinfolio/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS)
}

/// Carries one request to a server and its reply back. [`Reqwest`] in life; tests plug the server's router in.
pub trait Transport: Send + Sync {
    /// # Errors
    /// [`Error::Offline`] when no reply came; the request may or may not have been acted upon.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>>;
}

/// The signed-in door to the server: what the session offers to keys and sync. Paths begin with `/api/v1/`.
pub trait Door: Send + Sync {
    /// The server that this phone is signed in to.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when nobody is signed in.
    fn who(&self) -> Result<SignedIn>;

    /// Keeps the sign-in's id, as the server named it to whoever asked with the access token `asked`. It must be durable
    /// before this device binds itself to the sign-in: from then on every refresh signs for that id.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when nobody is signed in, or in anew since; and those of the store.
    fn note_sign_in(&self, asked: &str, sign_in: &[u8; 16]) -> Result<()>;

    /// Sends without a sign-in, to any server: for what a signature alone proves.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an address that is not https (or this machine), [`Error::Offline`].
    fn send_signed<'a>(
        &'a self,
        issuer: &'a str,
        path: &'a str,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>>;

    /// Sends with a bearer token, refreshing it once when the server says 401; gives replies of every other
    /// status as they are.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::Offline`].
    fn send<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Response>>;

    /// As [`Door::send`], and says with which access token: what the answer says of the sign-in is true of that one alone.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::Offline`].
    fn send_as<'a>(
        &'a self,
        method: Method,
        path: &'a str,
    ) -> BoxFuture<'a, Result<(Response, Zeroizing<String>)>>;
}

/// Which server this phone is signed in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The issuer, without a trailing slash.
    pub issuer: String,
}

/// A device's signature over a nonce, as a refresh of a bound sign-in carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The family that the sign-in is bound for.
    pub family: [u8; 16],
    /// The enrolled device.
    pub device: [u8; 16],
    /// Ed25519 over the device-proof string.
    pub signature: [u8; 64],
}

/// What keys offers to the session: proofs by the device key, once this sign-in was (or may have been) bound.
pub trait Prover: Send + Sync {
    /// `None` as long as binding `sign_in` was never tried.
    ///
    /// # Errors
    /// Those of the store.
    fn prove(&self, issuer: &str, sign_in: &[u8; 16], nonce: &[u8; 32]) -> Result<Option<Proof>>;
}

/// The real transport: rustls on ring with Mozilla's roots compiled in, no redirects, bounded times and sizes.
///
/// It is built at its first request: reading all roots takes longer than opening the store, and a cold start makes
/// no request before the first screen.
#[derive(Clone, Debug, Default)]
pub struct Reqwest(OnceLock<reqwest::Client>);

impl Reqwest {
    /// # Errors
    /// [`Error::Internal`] when the TLS library refuses its own defaults.
    fn client(&self) -> Result<&reqwest::Client> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let client = Self::build()?;
        Ok(self.0.get_or_init(|| client))
    }

    fn build() -> Result<reqwest::Client> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        // The provider is handed over by name: nothing depends on which crate installed a global one first.
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| Error::Internal("tls has no protocol version in common with itself".into()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .user_agent(user_agent())
            .build()
            .map_err(|_| Error::Internal("http client could not be built".into()))
    }

    async fn exchange(&self, request: Request) -> Result<Response> {
        check_address(&request.url)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = self.client()?.request(method, &request.url).body(request.body);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let mut reply = builder.send().await.map_err(|error| offline(&error))?;
        let headers = reply
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let status = reply.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(|error| offline(&error))? {
            if body.len() + chunk.len() > MAX_REPLY {
                return Err(Error::Internal("server sent more than fits one reply".into()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

impl Transport for Reqwest {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.exchange(request))
    }
}

/// reqwest's own text names the address, which holds ids: say only what kind of failure it was.
fn offline(error: &reqwest::Error) -> Error {
    let what = if error.is_timeout() {
        "server did not answer in time"
    } else if error.is_connect() {
        "server cannot be reached"
    } else {
        "connection broke off"
    };
    Error::Offline(what.into())
}

/// Refuses every address that is not https, except http to this very machine.
///
/// # Errors
/// [`Error::InvalidInput`].
pub fn check_address(url: &str) -> Result<()> {
    let parsed = reqwest::Url::parse(url)
        .map_err(|_| Error::InvalidInput("server address is no web address".into()))?;
    match (parsed.scheme(), parsed.host_str()) {
        _ if !parsed.username().is_empty() || parsed.password().is_some() => {
            Err(Error::InvalidInput("server address must not hold a user name".into()))
        }
        ("https", Some(_)) | ("http", Some("127.0.0.1" | "[::1]")) => Ok(()),
        _ => Err(Error::InvalidInput("server address must begin with https://".into())),
    }
}

/// The address of a server: no path, as it stands at the root of its host.
///
/// # Errors
/// As [`check_address`].
pub fn check_server(url: &str) -> Result<()> {
    check_address(url)?;
    let parsed = reqwest::Url::parse(url).ok();
    if parsed.is_some_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none()) {
        return Ok(());
    }
    Err(Error::invalid("server address must end after its name, as https://kinfolio.example does"))
}

#[cfg(test)]
mod tests;
