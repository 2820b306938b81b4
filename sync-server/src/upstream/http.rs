//! The one door to providers: rustls with Mozilla's roots, no redirects, bounded times and sizes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use super::provider::is_safe;
use crate::config::StartError;

/// Discovery documents, key sets and token answers are a tenth of it at most.
const MOST_BYTES: usize = 256 << 10;
const CONNECT: Duration = Duration::from_secs(5);
/// One request with its answer: somebody looks at an empty page meanwhile.
const WHOLE: Duration = Duration::from_secs(8);

/// Sends what the openidconnect crate asks for.
#[derive(Clone)]
pub(super) struct Door {
    client: reqwest::Client,
    /// Whether plain http on this machine is spoken to: only where the issuer itself is such an address.
    plain_here: bool,
}

/// Why no answer came. It names no address: those may hold a code.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoAnswer(pub(super) &'static str);

impl Door {
    pub(super) fn open(plain_here: bool) -> Result<Self, StartError> {
        let broken = || StartError::Config("the client for other sign-ins cannot be made".into());
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| broken())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent(concat!("kinfolio-server/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| broken())?;
        Ok(Self { client, plain_here })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| NoAnswer("an address cannot be read"))?;
        if !is_safe(&url, self.plain_here) {
            return Err(NoAnswer("an address is not https"));
        }
        let sent = self.client.request(parts.method, url).headers(parts.headers).body(body).send();
        let mut reply = sent.await.map_err(|error| no_answer(&error))?;
        let mut answer = http::Response::builder().status(reply.status());
        for (name, value) in reply.headers() {
            answer = answer.header(name, value);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(|error| no_answer(&error))? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(NoAnswer("an answer is too large"));
            }
            bytes.extend_from_slice(&chunk);
        }
        answer.body(bytes).map_err(|_| NoAnswer("an answer cannot be read"))
    }
}

impl<'c> AsyncHttpClient<'c> for Door {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

/// reqwest's own text names the address.
fn no_answer(error: &reqwest::Error) -> NoAnswer {
    NoAnswer(if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke off"
    })
}
