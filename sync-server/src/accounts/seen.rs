//! What a sign-in's app says of itself in `User-Agent`, and from which network it came: enough to tell one's own devices apart
//! in a list, and no more.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

/// Platforms by the word that apps send, and as people read it.
const PLATFORMS: [(&str, &str); 5] =
    [("android", "Android"), ("ios", "iOS"), ("linux", "Linux"), ("macos", "macOS"), ("windows", "Windows")];
/// Longest version that is kept.
const VERSION_CHARS: usize = 20;

/// Where and by what the token endpoint was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) platform: Option<&'static str>,
    pub(crate) app_version: Option<String>,
    pub(crate) network: Option<String>,
}

impl Seen {
    /// Of `Kinfolio/0.1.0 (android)`. Another client's word is its own business and is not kept. `block` is the one that the
    /// address lies in ([`neighbourhood`](crate::limits::neighbourhood)): a provider's customers of one place, never a household.
    pub(crate) fn of(headers: &HeaderMap, block: IpAddr) -> Self {
        let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let ours = said.and_then(|said| said.strip_prefix("Kinfolio/")).and_then(|rest| rest.split_once(' '));
        let network = Some(written(block));
        let Some((version, system)) = ours else { return Self { network, ..Self::default() } };
        let is_version = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let whole = !version.is_empty() && version.len() <= VERSION_CHARS && version.chars().all(is_version);
        let word = system.strip_prefix('(').and_then(|rest| rest.split([')', ';', ' ']).next());
        let platform = PLATFORMS.iter().find(|(known, _)| word == Some(known)).map(|(known, _)| *known);
        Self { platform, app_version: whole.then(|| version.to_owned()), network }
    }
}

/// A platform's word as people read it.
pub(crate) fn platform_name(word: &str) -> Option<&'static str> {
    PLATFORMS.iter().find(|(known, _)| *known == word).map(|(_, name)| *name)
}

/// A block as people write it: the /24 of IPv4, the /48 of IPv6.
fn written(block: IpAddr) -> String {
    format!("{block}/{}", if block.is_ipv4() { 24 } else { 48 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(agent: &str, address: &str) -> Seen {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        Seen::of(&headers, crate::limits::neighbourhood(address.parse().unwrap()))
    }

    #[test]
    fn a_sign_in_keeps_platform_version_and_a_network_that_is_no_household() {
        let own = seen("Kinfolio/0.1.0 (android)", "203.0.113.77");
        assert_eq!((own.platform, own.app_version.as_deref()), (Some("android"), Some("0.1.0")));
        assert_eq!(own.network.as_deref(), Some("203.0.113.0/24"));
        let six = seen("Kinfolio/1.2.0-rc.1 (ios; 17)", "2001:db8:1:2::7");
        assert_eq!((six.platform, six.network.as_deref()), (Some("ios"), Some("2001:db8:1::/48")));
        assert_eq!(seen("x", "::ffff:192.0.2.9").network.as_deref(), Some("192.0.2.0/24"));
        let long = format!("Kinfolio/{} (android)", "1".repeat(21));
        for foreign in ["Mozilla/5.0 (Linux)", "Kinfolio/<b> (evil)", "Kinfolio/", "Kinfolio/1", &long] {
            assert_eq!(seen(foreign, "192.0.2.9").app_version, None, "{foreign}");
        }
        assert_eq!(seen("Kinfolio/1.0 (toaster)", "192.0.2.9").platform, None);
    }
}
