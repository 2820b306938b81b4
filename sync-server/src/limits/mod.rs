//! How often one address may try (sign-in.md 2.10), and how many records one sign-in may move (sync.md 2.4), in
//! memory. Account throttles are in `accounts::throttle`.

mod address;
mod bodies;
mod connections;

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub use address::ClientAddress;
pub(crate) use address::{neighbourhood, network};
use connections::PerAddress;
pub(crate) use connections::{Counted, Silent};
use governor::clock::{Clock as _, QuantaInstant};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::config::{LimitSettings, StartError};
use crate::error::ApiError;

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
    bodies: Arc<PerAddress>,
    patience: Duration,
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
            bodies: PerAddress::new(settings.connections),
            patience: Duration::from_secs(settings.header_seconds.into()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
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
}
