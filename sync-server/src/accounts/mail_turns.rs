//! How often codes are mailed to one address, by who asks: nobody's asking uses up the turns of somebody elsewhere. Counted over
//! all askers it makes the codes longer, and nobody wait.

use std::net::IpAddr;

use super::email_codes::{Digits, Purpose};
use super::throttle;
use crate::secrets::Secrets;
use crate::store::{Result, Tx};

/// A block of addresses may ask this many times as often as one address of it.
const BLOCK_SHARE: u32 = 4;
/// Mails to one address in a day, whoever asks, after which its codes are long: five tries at each short one would add up for
/// whoever asks from many blocks.
const SHORT_CODES: i64 = 100;

/// The buckets in which one asker is counted, with the turns that each gives before it slows down.
#[derive(Clone)]
pub(crate) struct Turns {
    own: Vec<([u8; 32], u32)>,
    /// The count over all askers.
    address: [u8; 32],
    /// The account knows the browser that asks.
    known: bool,
}

impl Turns {
    /// A browser that the account knows (`known` is its name there) has turns of its own. Any other shares those of its
    /// network, and of the block around that: who owns a block must not fill a mailbox from one address after the other.
    pub(crate) fn of(
        secrets: &Secrets,
        purpose: Purpose,
        email_ci: &str,
        known: Option<&str>,
        (network, block): (IpAddr, IpAddr),
        free: u32,
    ) -> Self {
        let bucket = |who: &str| throttle::key(secrets, purpose.bucket(), email_ci, Some(who));
        let own = match known {
            Some(browser) => vec![(bucket(browser), free)],
            None => vec![
                (bucket(&format!("network {network}")), free),
                (bucket(&format!("block {block}")), free.saturating_mul(BLOCK_SHARE)),
            ],
        };
        Self { own, address: bucket("everybody"), known: known.is_some() }
    }

    /// Whether the browser that asks has turns of its own: nobody at its address uses them up.
    pub(crate) fn are_its_own(&self) -> bool {
        self.known
    }

    /// Counts one mail to the address, and tells how long its code is.
    pub(crate) fn digits(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<Digits> {
        let mails = throttle::count_in_a_day(tx, self.address, now_us)?;
        Ok(if mails > SHORT_CODES { Digits::Sixteen } else { Digits::Eight })
    }

    /// For how many seconds there is no turn, counting none.
    pub(crate) fn wait(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<Option<u64>> {
        let mut most = None;
        for (key, _) in &self.own {
            most = most.max(throttle::wait(tx, *key, now_us)?);
        }
        Ok(most)
    }

    /// Takes a turn of each bucket, or of none. `Some(seconds)`: not yet.
    pub(crate) fn take(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<Option<u64>> {
        for (key, _) in &self.own {
            tx.lock(key)?;
        }
        if let Some(seconds) = self.wait(tx, now_us)? {
            return Ok(Some(seconds));
        }
        for (key, free) in &self.own {
            throttle::begin_try(tx, *key, *free, now_us)?;
        }
        Ok(None)
    }

    /// Whoever typed the code begins anew.
    pub(crate) fn clear(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.own.iter().try_for_each(|(key, _)| throttle::clear(tx, *key))
    }
}
