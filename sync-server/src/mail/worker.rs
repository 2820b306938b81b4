//! The worker: empties the outbox.

use std::sync::Weak;
use std::time::Duration;

use zeroize::Zeroizing;

use super::smtp::Failure;
use super::{Mail, Sender};
use crate::clock::{DAY_US, HOUR_US, MINUTE_US, latest_us};
use crate::error::ApiError;
use crate::hex::hex;
use crate::secrets::MailSeal;
use crate::state::Parts;
use crate::store::{Tx, Value};

/// Without a wake the outbox is looked at so often, for mails to be tried again.
const ROUND: Duration = Duration::from_secs(15);
/// A mail that could not be handed over for so long is given up, and said in the log (RFC 5321 4.5.4.1).
const GIVE_UP_US: i64 = 4 * DAY_US;
/// The longest time from one try to the next.
const LONGEST_PAUSE_US: i64 = 4 * HOUR_US;
/// So long the handing over of one mail may take.
const PATIENCE: Duration = Duration::from_secs(100);
/// So long a mail belongs to the worker that took it: longer than it may take.
const LEASE_US: i64 = 2 * MINUTE_US;

/// Runs until the server's state is gone.
pub(crate) async fn work(parts: Weak<Parts>, mail: Mail, sender: Sender) {
    loop {
        {
            let Some(parts) = parts.upgrade() else { return };
            if let Err(error) = empty(&parts, &sender).await {
                tracing::warn!(cause = %error, "the outbox cannot be read");
            }
        }
        let _ = tokio::time::timeout(ROUND, mail.0.work.notified()).await;
    }
}

struct Waiting {
    id: [u8; 16],
    to: String,
    subject: String,
    /// Sealed; in the clear from before that was so.
    sealed: Option<Vec<u8>>,
    clear: String,
    created_us: i64,
    tries: i64,
    /// Not worth sending from then on.
    over_us: Option<i64>,
}

impl Waiting {
    fn body(&self, seal: &MailSeal) -> Result<Zeroizing<String>, Failure> {
        let opened = self.sealed.as_ref().map(|sealed| seal.open(self.id, sealed)).transpose();
        let opened = opened.map_err(|_| Failure::of_mail("what a mail says does not open"))?;
        Ok(opened.unwrap_or_else(|| Zeroizing::new(self.clear.clone())))
    }

    fn is_over(&self, at_us: i64) -> bool {
        self.over_us.is_some_and(|over_us| over_us <= at_us)
    }
}

/// Sends what is due: new mails first, of them those with a code that somebody waits for, or one account with many notices would
/// keep everybody else waiting. A mail may be sent twice after a crash, never zero times. While the server
/// cannot be used it is asked for one mail a round: the others would each wait for the same silence.
async fn empty(parts: &Parts, sender: &Sender) -> Result<(), ApiError> {
    let seal = parts.secrets.mail_seal();
    let now = parts.clock.now_us();
    parts.store.account(move |tx| put_right(tx, now)).await?;
    loop {
        let now = parts.clock.now_us();
        let Some(one) = parts.store.account(move |tx| claim(tx, now)).await? else { return Ok(()) };
        if one.is_over(now) {
            let (id, tries) = (one.id, one.tries);
            if !one.is_over(one.created_us) {
                tracing::warn!(mail = hex(&id), tries, "a mail lapsed unsent: what it brings is over");
            }
            parts.store.account(move |tx| delete(tx, id)).await?;
            continue;
        }
        let body = match one.body(&seal) {
            Ok(body) => body,
            // The mail server was not asked: this says nothing about it.
            Err(failure) => {
                settle(parts, &one, Err(failure)).await?;
                continue;
            }
        };
        let sent = hand_over(sender, &one, &body).await;
        let down = sent.as_ref().is_err_and(|failure| failure.of_server);
        parts.mail.note(down);
        settle(parts, &one, sent).await?;
        if down {
            return Ok(());
        }
    }
}

async fn hand_over(sender: &Sender, one: &Waiting, body: &str) -> Result<(), Failure> {
    let sent = sender.send(one.id, &one.to, &one.subject, body, one.created_us);
    tokio::time::timeout(PATIENCE, sent).await.unwrap_or_else(|_| {
        Err(Failure::of_server("the mail server takes longer than a mail is waited for".into()))
    })
}

/// What a clock that ran ahead has written down counts from now on, and what was to be over in minutes is.
fn put_right(tx: &mut Tx<'_>, now_us: i64) -> Result<(), ApiError> {
    let (now, latest) = (Value::Int(now_us), Value::Int(latest_us(now_us, 0)));
    tx.execute(
        "UPDATE outbox SET over_at = $1 WHERE created_at > $2 AND over_at IS NOT NULL",
        &[now.clone(), latest.clone()],
    )?;
    tx.execute("UPDATE outbox SET created_at = $1 WHERE created_at > $2", &[now, latest]).map(|_| ())
}

/// Takes the next mail that is due, or was put off by a clock that ran ahead, for this worker alone: other servers on the same database pass it over. Should this one
/// die, the mail is due again after [`LEASE_US`].
fn claim(tx: &mut Tx<'_>, now_us: i64) -> Result<Option<Waiting>, ApiError> {
    tx.lock(b"outbox")?;
    tx.query_one(
        "UPDATE outbox SET next_try_at = $1
          WHERE mail_id = (SELECT mail_id FROM outbox WHERE next_try_at <= $2 OR next_try_at > $3
                            ORDER BY tries, over_at IS NULL, created_at LIMIT 1)
          RETURNING mail_id, recipient, subject, body, created_at, tries, sealed, over_at",
        &[Value::Int(now_us + LEASE_US), Value::Int(now_us), Value::Int(latest_us(now_us, LONGEST_PAUSE_US))],
    )?
    .map(|row| {
        Ok(Waiting {
            id: row.id(0)?,
            to: row.text(1)?,
            subject: row.text(2)?,
            clear: row.text(3)?,
            sealed: row.opt_bytes(6)?,
            created_us: row.int(4)?,
            tries: row.int(5)?,
            over_us: row.opt_int(7)?,
        })
    })
    .transpose()
}

/// Takes a sent mail out, or puts a failed one off: 1, 2, 4, … minutes, at most four hours.
async fn settle(parts: &Parts, one: &Waiting, sent: Result<(), Failure>) -> Result<(), ApiError> {
    let (id, tries, now) = (one.id, one.tries + 1, parts.clock.now_us());
    let Err(failure) = sent else {
        return parts.store.account(move |tx| delete(tx, id)).await;
    };
    // Its id, not its address: the receiving server's log knows the same one.
    let mail = hex(&id);
    if now - one.created_us >= GIVE_UP_US {
        tracing::error!(cause = failure.why, mail, tries, "a mail is given up");
        return parts.store.account(move |tx| delete(tx, id)).await;
    }
    let next = now + (MINUTE_US << (tries - 1).clamp(0, 8)).min(LONGEST_PAUSE_US);
    if one.is_over(next) {
        tracing::warn!(
            cause = failure.why,
            mail,
            tries,
            "a mail is not tried again: by then what it brings is over"
        );
        return parts.store.account(move |tx| delete(tx, id)).await;
    }
    let waiting = parts
        .store
        .account(move |tx| {
            tx.execute(
                "UPDATE outbox SET tries = $1, next_try_at = $2 WHERE mail_id = $3",
                &[Value::Int(tries), Value::Int(next), id.into()],
            )?;
            let row = tx.query_one("SELECT count(*) FROM outbox WHERE tries > 0", &[])?;
            row.map_or(Ok(0), |row| row.int(0))
        })
        .await?;
    tracing::warn!(cause = failure.why, mail, tries, waiting, "a mail waits for its next try");
    Ok(())
}

fn delete(tx: &mut Tx<'_>, id: [u8; 16]) -> Result<(), ApiError> {
    tx.execute("DELETE FROM outbox WHERE mail_id = $1", &[id.into()]).map(|_| ())
}
