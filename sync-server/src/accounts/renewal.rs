//! A browser gets a new `tx` secret whenever it has shown something, and when its session ends: whoever knew the one from
//! before, because they put it there or saw it, has nothing of what is shown.

use super::second_step;
use crate::store::{Result, Tx, Value};

/// The secret before and after, as the store knows them. Whatever moves here needs the new cookie in the same answer.
#[derive(Clone, Copy)]
pub(crate) struct Renewal {
    pub(crate) from: [u8; 32],
    pub(crate) to: [u8; 32],
}

impl Renewal {
    /// What the browser began and has shown goes on under its new secret. A wait for a second step ends, as the digits for
    /// another phone name the browser: who begins one does so after this, under the new secret.
    pub(crate) fn carry(self, tx: &mut Tx<'_>) -> Result<()> {
        self.carry_requests(tx)?;
        second_step::forget_browser(tx, self.from)?;
        tx.execute("UPDATE email_codes SET browser_hash = $1 WHERE browser_hash = $2", &self.hashes())?;
        tx.execute("UPDATE upstream_arrivals SET browser_hash = $1 WHERE browser_hash = $2", &self.hashes())?;
        tx.execute("UPDATE upstream_tx SET browser_hash = $1 WHERE browser_hash = $2", &self.hashes())?;
        Ok(())
    }

    /// As [`Renewal::carry`] where somebody else may sit down now: an app's request goes on, what was shown is over.
    pub(crate) fn leave(self, tx: &mut Tx<'_>) -> Result<()> {
        self.carry_requests(tx)?;
        second_step::forget_browser(tx, self.from)?;
        tx.execute("DELETE FROM email_codes WHERE browser_hash = $1", &[self.from.into()])?;
        tx.execute("DELETE FROM upstream_arrivals WHERE browser_hash = $1", &[self.from.into()])?;
        Ok(())
    }

    fn carry_requests(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute("UPDATE auth_tx SET browser_hash = $1 WHERE browser_hash = $2", &self.hashes())?;
        Ok(())
    }

    fn hashes(self) -> [Value; 2] {
        [self.to.into(), self.from.into()]
    }
}
