//! How often codes are mailed to one address, by who asks: nobody's asking uses up the turns of somebody elsewhere.

use std::net::IpAddr;

use super::email_codes::Purpose;
use super::throttle;
use crate::secrets::Secrets;
use crate::store::{Result, Tx};

/// A block of addresses may ask this many times as often as one address of it.
const BLOCK_SHARE: u32 = 4;

/// The buckets in which one asker is counted, with the turns that each gives before it slows down.
#[derive(Clone)]
pub(crate) struct Turns(Vec<([u8; 32], u32)>);

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
        Self(match known {
            Some(browser) => vec![(bucket(browser), free)],
            None => vec![
                (bucket(&format!("network {network}")), free),
                (bucket(&format!("block {block}")), free.saturating_mul(BLOCK_SHARE)),
            ],
        })
    }

    /// For how many seconds there is no turn, counting none.
    pub(crate) fn wait(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<Option<u64>> {
        let mut most = None;
        for (key, _) in &self.0 {
            most = most.max(throttle::wait(tx, *key, now_us)?);
        }
        Ok(most)
    }

    /// Takes a turn of each bucket, or of none. `Some(seconds)`: not yet.
    pub(crate) fn take(&self, tx: &mut Tx<'_>, now_us: i64) -> Result<Option<u64>> {
        for (key, _) in &self.0 {
            tx.lock(key)?;
        }
        if let Some(seconds) = self.wait(tx, now_us)? {
            return Ok(Some(seconds));
        }
        for (key, free) in &self.0 {
            throttle::begin_try(tx, *key, *free, now_us)?;
        }
        Ok(None)
    }

    /// Whoever typed the code begins anew.
    pub(crate) fn clear(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.0.iter().try_for_each(|(key, _)| throttle::clear(tx, *key))
    }
}
