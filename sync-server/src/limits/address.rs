//! Where a request comes from, and who counts as one household.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::config::AddressBlock;
use crate::planted;
use crate::state::State;

/// The whole address for IPv4, the /64 for IPv6: one household has a /64 at least.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
    }
}

/// The block around a network that one owner may have whole: the /24 for IPv4, the /48 for IPv6.
pub(crate) fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() >> 8 << 8).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 80 << 80).into()),
    }
}

pub(super) fn is_one_of(blocks: &[AddressBlock], address: IpAddr) -> bool {
    blocks.iter().any(|block| block.contains(address.to_canonical()))
}

/// Where a request comes from: the peer, or what a trusted proxy says.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<State> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        // Without a listener (a call in process) there is no peer: it counts as this machine.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
        let forwarded =
            parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        Ok(Self(client_of(peer, forwarded, &state.config.trusted_proxy)))
    }
}

/// Walks X-Forwarded-For from the right, as far as the proxies are ours.
fn client_of<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[AddressBlock]) -> IpAddr {
    let ours = |address: IpAddr| planted::off("proxy") || is_one_of(trusted, address);
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        if !ours(client) {
            break;
        }
        match address_of(hop) {
            Some(address) => client = address,
            None => break,
        }
    }
    client
}

/// An address as proxies write it: with a port or without, of the sixth version in brackets or without.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn rfc_9700_21_asvs_4_1_3_a_stranger_cannot_choose_its_own_address() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_of(ip("203.0.113.9"), ["1.2.3.4"].into_iter(), &trusted), ip("203.0.113.9"));
        assert_eq!(client_of(ip("10.0.0.1"), ["1.2.3.4"].into_iter(), &[]), ip("10.0.0.1"));
        let spoofed = ["9.9.9.9, 203.0.113.9, 10.0.0.7"].into_iter();
        assert_eq!(client_of(ip("10.0.0.1"), spoofed, &trusted), ip("203.0.113.9"));
        assert_eq!(client_of(ip("10.0.0.1"), ["junk"].into_iter(), &trusted), ip("10.0.0.1"));
        for (hop, address) in [
            ("203.0.113.9:5555", "203.0.113.9"),
            ("[2001:db8::9]:443", "2001:db8::9"),
            ("[2001:db8::9]", "2001:db8::9"),
        ] {
            assert_eq!(client_of(ip("10.0.0.1"), [hop].into_iter(), &trusted), ip(address), "{hop}");
        }
    }

    #[test]
    fn addresses_of_one_household_share_a_bucket() {
        assert_eq!(network(ip("2001:db8:1:2:3::4")), network(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(network(ip("2001:db8:1:2::4")), network(ip("2001:db8:1:3::4")));
        assert_eq!(network(ip("::ffff:10.0.0.1")), ip("10.0.0.1"));
        assert_eq!(neighbourhood(ip("2001:db8:1:2::4")), neighbourhood(ip("2001:db8:1:ffff::9")));
        assert_ne!(neighbourhood(ip("2001:db8:1:2::4")), neighbourhood(ip("2001:db8:2:2::4")));
        assert_eq!(neighbourhood(ip("::ffff:10.0.0.1")), neighbourhood(ip("10.0.0.254")));
        assert_ne!(neighbourhood(ip("10.0.0.1")), neighbourhood(ip("10.0.1.1")));
    }
}
