//! Mail: an outbox in the store and a worker, so that an answer never waits for SMTP, and its time never
//! tells whether a mail was sent.

mod letter;
#[cfg(test)]
mod said;
mod send;
mod smtp;
pub(crate) mod texts;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::store::{Result, Tx, Value};
pub(crate) use letter::Text;
pub(crate) use send::Sender;
pub(crate) use worker::work;

/// Tells the worker that there is something to do, and everybody whether mail gets out.
#[derive(Clone, Default)]
pub struct Mail(Arc<Line>);

#[derive(Default)]
struct Line {
    work: Notify,
    failing: AtomicBool,
}

impl Mail {
    /// Looks into the outbox now instead of at the next round.
    pub fn wake(&self) {
        self.0.work.notify_one();
    }

    /// Whether the mail server could not be used when it was last tried. Never a number of mails, and nothing about
    /// one of them: `/healthz` shows it to anybody, who could learn from it which address has an account.
    pub(crate) fn is_failing(&self) -> bool {
        self.0.failing.load(Ordering::Relaxed)
    }

    fn note(&self, failing: bool) {
        self.0.failing.store(failing, Ordering::Relaxed);
    }
}

/// Puts a mail into the outbox, in the transaction of what it tells about. Its words lie there sealed: whoever takes a copy of
/// the database finds no code and no link that works.
pub(crate) fn enqueue(tx: &mut Tx<'_>, id: [u8; 16], to: &str, text: &Text, now_us: i64) -> Result<()> {
    put(tx, id, to, text, now_us, None)
}

/// As [`enqueue`], for what helps nobody once it is over: it is not sent after that. Over from the first moment, it costs what
/// a mail costs and nobody gets one.
pub(crate) fn enqueue_until(
    tx: &mut Tx<'_>,
    id: [u8; 16],
    to: &str,
    text: &Text,
    now_us: i64,
    over_us: i64,
) -> Result<()> {
    put(tx, id, to, text, now_us, Some(over_us))
}

fn put(
    tx: &mut Tx<'_>,
    id: [u8; 16],
    to: &str,
    text: &Text,
    now_us: i64,
    over_us: Option<i64>,
) -> Result<()> {
    let sealed = tx.mail_seal()?.seal(id, &text.body)?;
    tx.execute(
        "INSERT INTO outbox (mail_id, recipient, subject, body, sealed, created_at, next_try_at, tries, over_at)
         VALUES ($1, $2, $3, '', $4, $5, $5, 0, $6)",
        &[
            id.into(),
            to.into(),
            text.subject.as_str().into(),
            sealed.into(),
            Value::Int(now_us),
            over_us.into(),
        ],
    )?;
    Ok(())
}
