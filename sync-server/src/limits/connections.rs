//! Connections that say nothing, counted.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::address::{is_one_of, network};
use crate::config::AddressBlock;

/// Connections that have not asked for anything yet, counted by where they come from: whoever opens many and is silent keeps
/// nobody else out.
pub(crate) struct Silent {
    trusted: Vec<AddressBlock>,
    /// Nothing hides what is said on this listener: only this machine and a proxy of ours may use it.
    plain: bool,
    open: Arc<PerAddress>,
}

impl Silent {
    pub(crate) fn new(most: u32, trusted: &[AddressBlock], plain: bool) -> Arc<Self> {
        Arc::new(Self { trusted: trusted.to_vec(), plain, open: PerAddress::new(most) })
    }

    /// Counts one more until what this gives is dropped. None: there are too many from there, or a password would travel
    /// in the clear. A proxy of ours speaks for everybody, and looks after its own clients.
    pub(crate) fn enter(&self, peer: IpAddr) -> Option<Counted> {
        if is_one_of(&self.trusted, peer) {
            return Some(Counted(None));
        }
        if self.plain && !peer.to_canonical().is_loopback() {
            return None;
        }
        self.open.enter(peer)
    }
}

/// What is open at a time, counted by household.
pub(crate) struct PerAddress {
    most: u32,
    open: Mutex<HashMap<IpAddr, u32>>,
}

impl PerAddress {
    pub(crate) fn new(most: u32) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// Counts one more until what this gives is dropped. None: there are too many from there.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Counted> {
        let from = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(from).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted(Some((Arc::clone(self), from))))
    }
}

/// One that is counted.
pub(crate) struct Counted(Option<(Arc<PerAddress>, IpAddr)>);

impl Drop for Counted {
    fn drop(&mut self) {
        let Some((counter, from)) = self.0.take() else { return };
        let mut open = counter.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                open.remove(&from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
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
        assert!(silent.open.open.lock().unwrap().is_empty(), "nothing is kept of who has left");
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
}
