//! Other services that may sign people in: their names are flags, what belongs to each stands in variables.

use std::collections::BTreeMap;

use clap::Args;
use zeroize::Zeroizing;

/// Which providers there are. A secret in a flag would stand in the process list: what belongs to a provider is read
/// from `KINFOLIO_UPSTREAM_<NAME>_…`.
#[derive(Args, Clone, Default)]
pub struct UpstreamSettings {
    /// Let people sign in with this service too: google, microsoft, or a name of your own for any other OpenID Connect
    /// provider; may be repeated. Its id and secret come from variables: see "Other sign-ins" in docs/operating.md.
    #[arg(long = "upstream", env = "KINFOLIO_UPSTREAM", value_delimiter = ',')]
    pub upstream: Vec<String>,
    /// Variables by their whole names, for a server inside another program: each goes before the environment's own.
    #[arg(skip)]
    pub variables: BTreeMap<String, String>,
}

impl UpstreamSettings {
    /// What is set for a provider: `setting("google", "CLIENT_ID")` is `KINFOLIO_UPSTREAM_GOOGLE_CLIENT_ID`. Empty is not set.
    #[must_use]
    pub fn setting(&self, provider: &str, what: &str) -> Option<Zeroizing<String>> {
        let name = variable(provider, what);
        let value = self.variables.get(&name).cloned().or_else(|| std::env::var(&name).ok())?;
        Some(Zeroizing::new(value)).filter(|value| !value.trim().is_empty())
    }
}

/// The name of a provider's variable.
#[must_use]
pub fn variable(provider: &str, what: &str) -> String {
    format!("KINFOLIO_UPSTREAM_{}_{what}", provider.replace('-', "_").to_ascii_uppercase())
}
