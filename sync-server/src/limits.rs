//! How often one address may try (sign-in.md 2.10), and how many records one sign-in may move (sync.md 2.4), in
//! memory. Account throttles are in `accounts::throttle`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use governor::clock::{Clock as _, QuantaInstant};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::config::{AddressBlock, LimitSettings, StartError};
use crate::error::ApiError;
use crate::planted;
use crate::state::State;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Posting a password.
    Login,
    /// Having a new password judged, which takes a turn of the hasher.
    NewPassword,
    /// Asking for a code by mail.
    Register,
    /// Calling the token endpoint.
    Token,
    /// Bringing a request for a sign-in, which is kept.
    Authorize,
}

/// One bucket per address and action, and one per sign-in. IPv6 counts by /64.
pub struct Limits {
    login: DefaultKeyedRateLimiter<IpAddr>,
    new_password: DefaultKeyedRateLimiter<IpAddr>,
    register: DefaultKeyedRateLimiter<IpAddr>,
    token: DefaultKeyedRateLimiter<IpAddr>,
    authorize: DefaultKeyedRateLimiter<IpAddr>,
    records: DefaultKeyedRateLimiter<[u8; 16]>,
    calls: AtomicU32,
}

impl Limits {
    /// Buckets of the sizes in `settings`.
    ///
    /// # Errors
    /// [`StartError::Config`] for a size of 0, or one below a whole page of records.
    pub fn new(settings: &LimitSettings) -> Result<Self, StartError> {
        settings.check()?;
        Ok(Self {
            login: bucket(settings.login_burst, settings.login_per_minute, 60)?,
            new_password: bucket(settings.login_burst, settings.login_per_minute, 60)?,
            register: bucket(settings.register_burst, settings.register_per_hour, 3600)?,
            token: bucket(settings.token_per_minute, settings.token_per_minute, 60)?,
            authorize: bucket(settings.token_per_minute, settings.token_per_minute, 60)?,
            records: bucket(settings.records_per_minute, settings.records_per_minute, 60)?,
            calls: AtomicU32::new(0),
        })
    }

    /// Takes `count` records of a sign-in, all of them or none, or says 429 and how long to wait.
    ///
    /// # Errors
    /// 429 `slow_down`; 413 for more than the bucket ever holds.
    pub fn take_records(&self, sign_in: [u8; 16], count: usize) -> Result<(), ApiError> {
        let Some(count) = u32::try_from(count).ok().and_then(NonZeroU32::new) else { return Ok(()) };
        self.tidy(&self.records);
        match self.records.check_key_n(&sign_in, count) {
            Ok(taken) => taken.map_err(|until| wait(&until)),
            // More than the bucket ever holds: a start with such a limit is refused, see `new`.
            Err(_) => Err(ApiError::too_large("send less at once")),
        }
    }

    /// Full buckets are forgotten now and then, or memory would grow with every address ever seen.
    fn tidy<K: Hash + Eq + Clone>(&self, buckets: &DefaultKeyedRateLimiter<K>) {
        if self.calls.fetch_add(1, Ordering::Relaxed) % 1024 == 1023 {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
    }

    /// Takes one try of `address`, or says 429 and how long to wait.
    ///
    /// # Errors
    /// 429 `slow_down`.
    pub fn take(&self, action: Action, address: IpAddr) -> Result<(), ApiError> {
        let bucket = match action {
            Action::Login => &self.login,
            Action::NewPassword => &self.new_password,
            Action::Register => &self.register,
            Action::Token => &self.token,
            Action::Authorize => &self.authorize,
        };
        self.tidy(bucket);
        bucket.check_key(&network(address)).map_err(|until| wait(&until))
    }
}

fn wait(until: &NotUntil<QuantaInstant>) -> ApiError {
    let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
    ApiError::too_many(wait.as_secs() + 1)
}

fn bucket<K: Hash + Eq + Clone>(
    burst: u32,
    count: u32,
    seconds: u64,
) -> Result<DefaultKeyedRateLimiter<K>, StartError> {
    let wrong = || StartError::Config("a limit must be at least 1".into());
    let burst = NonZeroU32::new(burst).ok_or_else(wrong)?;
    let each = Duration::from_secs(seconds).checked_div(count).ok_or_else(wrong)?;
    let quota = Quota::with_period(each).ok_or_else(wrong)?.allow_burst(burst);
    Ok(RateLimiter::keyed(quota))
}

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

/// Connections that have not asked for anything yet, counted by where they come from: whoever opens many and is silent keeps
/// nobody else out.
pub(crate) struct Silent {
    most: u32,
    trusted: Vec<AddressBlock>,
    /// Nothing hides what is said on this listener: only this machine and a proxy of ours may use it.
    plain: bool,
    open: Mutex<HashMap<IpAddr, u32>>,
}

impl Silent {
    pub(crate) fn new(most: u32, trusted: &[AddressBlock], plain: bool) -> Arc<Self> {
        Arc::new(Self { most, trusted: trusted.to_vec(), plain, open: Mutex::default() })
    }

    /// Counts one more until what this gives is dropped. None: there are too many from there, or a password would travel
    /// in the clear. A proxy of ours speaks for everybody, and looks after its own clients.
    pub(crate) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Counted> {
        if is_one_of(&self.trusted, peer) {
            return Some(Counted(None));
        }
        if self.plain && !peer.to_canonical().is_loopback() {
            return None;
        }
        let from = network(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(from).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted(Some((Arc::clone(self), from))))
    }
}

/// One connection that is counted.
pub(crate) struct Counted(Option<(Arc<Silent>, IpAddr)>);

impl Drop for Counted {
    fn drop(&mut self) {
        let Some((silent, from)) = self.0.take() else { return };
        let mut open = silent.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                open.remove(&from);
            }
        }
    }
}

fn is_one_of(blocks: &[AddressBlock], address: IpAddr) -> bool {
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
    fn the_eleventh_sign_in_at_once_has_to_wait() {
        let limits = Limits::new(&LimitSettings::default()).unwrap();
        for _ in 0..10 {
            limits.take(Action::Login, ip("127.0.0.2")).unwrap();
        }
        let refused = limits.take(Action::Login, ip("127.0.0.2")).unwrap_err();
        assert!(refused.retry_after_s().is_some_and(|seconds| (1..=7).contains(&seconds)));
        limits.take(Action::Login, ip("127.0.0.3")).unwrap();
        limits.take(Action::Register, ip("127.0.0.2")).unwrap();
    }

    #[test]
    fn silent_connections_are_counted_by_household_until_they_end_and_a_proxys_are_not() {
        let silent = Silent::new(2, &["10.0.0.5".parse().unwrap()], false);
        let held: Vec<_> = (0..2).map(|_| silent.enter(ip("2001:db8:1:2::4")).unwrap()).collect();
        assert!(silent.enter(ip("2001:db8:1:2:ffff::9")).is_none());
        assert!(silent.enter(ip("2001:db8:1:3::4")).is_some(), "the neighbours");
        let proxied: Vec<_> = (0..9).map(|_| silent.enter(ip("::ffff:10.0.0.5")).unwrap()).collect();
        drop((held, proxied));
        assert!(silent.enter(ip("2001:db8:1:2::4")).is_some());
        assert!(silent.open.lock().unwrap().is_empty(), "nothing is kept of who has left");
    }

    #[test]
    fn a_plain_listener_is_for_this_machine_and_the_proxy_in_front_alone() {
        let silent = Silent::new(2, &["10.0.0.5".parse().unwrap()], true);
        for own in ["10.0.0.5", "127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(silent.enter(ip(own)).is_some(), "{own}");
        }
        for other in ["10.0.0.6", "192.0.2.1", "2001:db8::1"] {
            assert!(silent.enter(ip(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn a_sign_in_waits_for_records_not_for_requests_and_nobody_waits_with_it() {
        let settings = LimitSettings { records_per_minute: 1_000, ..LimitSettings::default() };
        let limits = Limits::new(&settings).unwrap();
        limits.take_records([1; 16], 900).unwrap();
        let refused = limits.take_records([1; 16], 256).unwrap_err();
        assert_eq!(refused.status(), axum::http::StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.retry_after_s().is_some_and(|seconds| (8..=11).contains(&seconds)), "{refused}");
        // A refused push took nothing: a smaller one still fits.
        limits.take_records([1; 16], 90).unwrap();
        limits.take_records([2; 16], 256).unwrap();
        let narrow = LimitSettings { records_per_minute: 999, ..LimitSettings::default() };
        assert!(Limits::new(&narrow).is_err(), "a page must fit");
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
