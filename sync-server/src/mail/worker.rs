//! The worker: empties the outbox.

use std::sync::Weak;
use std::time::Duration;

use super::{Mail, Sender};
use crate::accounts::SECOND_US;
use crate::error::ApiError;
use crate::state::Parts;
use crate::store::Value;

/// Without a wake the outbox is looked at so often, for mails to be tried again.
const ROUND: Duration = Duration::from_secs(15);
/// A mail that failed so often (about a day) is given up, and said in the log.
const MOST_TRIES: i64 = 20;

/// Runs until the server's state is gone.
pub(crate) async fn work(parts: Weak<Parts>, mail: Mail, sender: Sender) {
    loop {
        {
            let Some(parts) = parts.upgrade() else { return };
            if let Err(error) = empty(&parts, &sender).await {
                tracing::warn!(cause = %error, "the outbox cannot be read");
            }
        }
        let _ = tokio::time::timeout(ROUND, mail.0.notified()).await;
    }
}

struct Waiting {
    id: [u8; 16],
    to: String,
    subject: String,
    body: String,
    created_us: i64,
    tries: i64,
}

/// Sends what is due. A mail may be sent twice after a crash, never zero times.
async fn empty(parts: &Parts, sender: &Sender) -> Result<(), ApiError> {
    loop {
        let now = parts.clock.now_us();
        let due = parts
            .store
            .account_read(move |tx| {
                tx.query(
                    "SELECT mail_id, recipient, subject, body, created_at, tries FROM outbox
                      WHERE next_try_at <= $1 ORDER BY created_at LIMIT 20",
                    &[Value::Int(now)],
                )?
                .iter()
                .map(|row| {
                    Ok(Waiting {
                        id: row.id(0)?,
                        to: row.text(1)?,
                        subject: row.text(2)?,
                        body: row.text(3)?,
                        created_us: row.int(4)?,
                        tries: row.int(5)?,
                    })
                })
                .collect::<Result<Vec<_>, ApiError>>()
            })
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        for one in due {
            let sent = sender.send(one.id, &one.to, &one.subject, &one.body, one.created_us).await;
            settle(parts, &one, sent).await?;
        }
    }
}

/// Takes a sent mail out, or puts a failed one off: 1, 2, 4, … minutes, at most 2 hours.
async fn settle(parts: &Parts, one: &Waiting, sent: Result<(), ApiError>) -> Result<(), ApiError> {
    let (id, tries) = (one.id, one.tries + 1);
    let Err(error) = sent else {
        return parts.store.account(move |tx| delete(tx, id)).await;
    };
    if tries >= MOST_TRIES {
        tracing::error!(cause = %error, tries, "a mail is given up");
        return parts.store.account(move |tx| delete(tx, id)).await;
    }
    tracing::warn!(cause = %error, tries, "a mail waits for its next try");
    let wait = (60 * SECOND_US) << (tries - 1).clamp(0, 7);
    let next = parts.clock.now_us() + wait;
    parts
        .store
        .account(move |tx| {
            tx.execute(
                "UPDATE outbox SET tries = $1, next_try_at = $2 WHERE mail_id = $3",
                &[Value::Int(tries), Value::Int(next), id.into()],
            )
            .map(|_| ())
        })
        .await
}

fn delete(tx: &mut crate::store::Tx<'_>, id: [u8; 16]) -> Result<(), ApiError> {
    tx.execute("DELETE FROM outbox WHERE mail_id = $1", &[id.into()]).map(|_| ())
}
