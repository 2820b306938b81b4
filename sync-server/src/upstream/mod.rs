//! Signing in with another service: OpenID Connect, with this server as the relying party (sign-in.md 2.11). Who somebody
//! is there is (issuer, subject); no token of theirs is kept. The pages are in `pages/upstream`.

pub(crate) mod arrivals;
mod claims;
mod http;
mod oidc;
mod provider;
pub(crate) mod transactions;

pub(crate) use claims::Identity;
pub(crate) use oidc::Fault;
pub use oidc::Provider;

use crate::config::{StartError, UpstreamSettings};
use crate::origin::Origin;

/// The providers of this server, in the order of its flags.
pub struct Upstream(Vec<Provider>);

impl Upstream {
    /// Reads what is set for each provider. None is asked anything yet: the server starts while one is down.
    ///
    /// # Errors
    /// [`StartError::Config`] names the variable that is missing or wrong, and never shows a secret.
    pub fn open(settings: &UpstreamSettings, origin: &Origin) -> Result<Self, StartError> {
        let mut providers: Vec<Provider> = Vec::new();
        // An empty variable is none.
        for name in settings.upstream.iter().filter(|name| !name.is_empty()) {
            let checked = provider::read(settings, name, origin)?;
            if providers.iter().any(|other| other.is(&checked)) {
                return Err(StartError::Config(format!("upstream {name} is there twice")));
            }
            tracing::info!(provider = %name, redirect_uri = %checked.redirect_uri, "signs people in too");
            providers.push(Provider::new(checked)?);
        }
        Ok(Self(providers))
    }

    /// All of them.
    pub fn providers(&self) -> &[Provider] {
        &self.0
    }

    /// The one of a name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.name() == name)
    }

    /// The one that is an issuer.
    #[must_use]
    pub fn by_issuer(&self, issuer: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.issuer() == issuer)
    }
}
