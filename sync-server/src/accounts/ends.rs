//! What the end of an account and the end of a family's copy have in common: a mail before it, however late, and whose turn it
//! is to bring it about. Of several servers on one database one does, or the slower one would destroy what was founded again.

use kinfolio_protocol::FamilyId;

use crate::clock::{DAY_US, MINUTE_US};
use crate::state::Parts;
use crate::store::{Result, Tx, Value};

/// The second mail comes so long before the end.
pub(crate) const REMINDER_US: i64 = 3 * DAY_US;
/// One when it is asked for, one before the end.
pub(crate) const MAILS: i64 = 2;
/// So long an end belongs to the server that took it, from the last time that it said so.
const LEASE_US: i64 = 10 * MINUTE_US;

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// An account, and the families that have no parent left with it.
    Account([u8; 16]),
    /// A family's copy, by a signed order.
    Family(FamilyId),
}

impl End {
    fn id(self) -> Value {
        match self {
            Self::Account(user) => user.into(),
            Self::Family(family) => family.0.into(),
        }
    }
}

/// Counts the second mail, and says when the end is: however late the mail comes, three days after it. None: it was called
/// off, or another server sent the mail.
pub(crate) fn remind(tx: &mut Tx<'_>, end: End, now_us: i64) -> Result<Option<i64>> {
    let values = [Value::Int(now_us + REMINDER_US), end.id(), Value::Int(now_us), Value::Int(MAILS)];
    let row = match end {
        End::Account(_) => tx.query_one(
            "UPDATE account_deletions SET mails_sent = mails_sent + 1,
                    due_at = CASE WHEN due_at > $1 THEN due_at ELSE $1 END,
                    next_at = CASE WHEN due_at > $1 THEN due_at ELSE $1 END
              WHERE user_id = $2 AND next_at <= $3 AND mails_sent < $4 RETURNING due_at",
            &values,
        ),
        End::Family(_) => tx.query_one(
            "UPDATE family_erasures SET mails_sent = mails_sent + 1,
                    due_at = CASE WHEN due_at > $1 THEN due_at ELSE $1 END,
                    next_at = CASE WHEN due_at > $1 THEN due_at ELSE $1 END
              WHERE family_id = $2 AND next_at <= $3 AND mails_sent < $4 RETURNING due_at",
            &values,
        ),
    };
    row?.map(|row| row.int(0)).transpose()
}

/// An end that is this server's to bring about: others pass it over until it is given back or, should this one die, until
/// its time is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    end: End,
    until_us: i64,
}

impl Turn {
    /// Takes an end that is due. None: it was called off or put off, or another server has it.
    pub(crate) fn take(tx: &mut Tx<'_>, end: End, now_us: i64) -> Result<Option<Self>> {
        let until_us = now_us + LEASE_US;
        let values = [Value::Int(until_us), end.id(), Value::Int(now_us), Value::Int(MAILS)];
        let taken = match end {
            End::Account(_) => tx.execute(
                "UPDATE account_deletions SET next_at = $1 WHERE user_id = $2 AND next_at <= $3 AND mails_sent >= $4",
                &values,
            ),
            End::Family(_) => tx.execute(
                "UPDATE family_erasures SET next_at = $1 WHERE family_id = $2 AND next_at <= $3 AND mails_sent >= $4",
                &values,
            ),
        }?;
        Ok((taken > 0).then_some(Self { end, until_us }))
    }

    pub(crate) fn end(self) -> End {
        self.end
    }

    /// Takes it for longer, and keeps others from it until this transaction is over. False: another server has it, or it is
    /// done.
    pub(crate) fn renew(&mut self, tx: &mut Tx<'_>, now_us: i64) -> Result<bool> {
        let renewed = Self { until_us: now_us + LEASE_US, ..*self };
        let held = self.change(tx, renewed.until_us)?;
        if held {
            *self = renewed;
        }
        Ok(held)
    }

    /// Whether it still is this server's: asked before each thing that is destroyed.
    pub(crate) async fn holds(&mut self, parts: &Parts) -> Result<bool> {
        let (turn, now) = (*self, parts.clock.now_us());
        if turn.until_us - now > LEASE_US / 2 {
            let values = [turn.end.id(), Value::Int(turn.until_us)];
            let look = move |tx: &mut Tx<'_>| match turn.end {
                End::Account(_) => tx.query_one(
                    "SELECT 1 FROM account_deletions WHERE user_id = $1 AND next_at = $2",
                    &values,
                ),
                End::Family(_) => tx.query_one(
                    "SELECT 1 FROM family_erasures WHERE family_id = $1 AND next_at = $2",
                    &values,
                ),
            };
            return Ok(parts.store.account_read(look).await?.is_some());
        }
        let renew = move |tx: &mut Tx<'_>| {
            let mut turn = turn;
            Ok(turn.renew(tx, now)?.then_some(turn))
        };
        let renewed = parts.store.account(renew).await?;
        *self = renewed.unwrap_or(turn);
        Ok(renewed.is_some())
    }

    /// Lets the next round, of any server, go on with what failed here.
    pub(crate) async fn give_back(self, parts: &Parts) -> Result<()> {
        let now = parts.clock.now_us();
        parts.store.account(move |tx| self.change(tx, now).map(drop)).await
    }

    fn change(self, tx: &mut Tx<'_>, next_us: i64) -> Result<bool> {
        let values = [Value::Int(next_us), self.end.id(), Value::Int(self.until_us)];
        let changed = match self.end {
            End::Account(_) => tx.execute(
                "UPDATE account_deletions SET next_at = $1 WHERE user_id = $2 AND next_at = $3",
                &values,
            ),
            End::Family(_) => tx.execute(
                "UPDATE family_erasures SET next_at = $1 WHERE family_id = $2 AND next_at = $3",
                &values,
            ),
        }?;
        Ok(changed > 0)
    }
}
