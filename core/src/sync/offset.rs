//! How far this phone's clock stands from the server's, learnt from the `Date` of its replies.

use std::sync::Arc;

use jiff::fmt::rfc2822;

use super::engine::Engine;
use super::state::CLOCK_TOLD_MS;
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::progress::blocking;
use crate::records;

/// A `Date` header has whole seconds and replies take time: smaller moves are noise and not stored.
const NOISE_MS: i64 = 3_000;

/// Server time minus phone time in milliseconds, from one reply.
///
/// `sent_ms` and `received_ms` are phone times around the request; the server is taken to have
/// answered half-way. Returns `None` for a missing or malformed date.
pub fn observe(date: Option<&str>, sent_ms: i64, received_ms: i64) -> Option<i64> {
    let server = rfc2822::parse(date?.trim()).ok()?.timestamp().as_millisecond();
    let middle = sent_ms.checked_add(received_ms.checked_sub(sent_ms)? / 2)?;
    // The header is cut to whole seconds: half a second is the expected loss.
    server.checked_add(500)?.checked_sub(middle)
}

impl Engine {
    /// Stores how far the clock stands from the server's, when that moved. The first time that it is learnt, what
    /// this phone wrote by a wrong clock and no server has yet gets the stamps that a right one would have given: so
    /// this is asked before anything is pushed.
    pub(super) async fn learn_offset(self: &Arc<Self>) -> Result<()> {
        let Some(seen) = self.remote.offset_ms() else { return Ok(()) };
        let engine = Arc::clone(self);
        blocking(move || {
            let context = &engine.context;
            let known = context.storage.read(records::seen_clock_offset)?;
            // Of two right clocks, each rounded its own way, the later edit would seem the earlier one.
            let seen = if known.is_none() && !moved(0, seen) { 0 } else { seen };
            if known.is_some_and(|known| !moved(known, seen)) {
                return Ok(());
            }
            let wrong = known.is_none() && seen.saturating_abs() > CLOCK_TOLD_MS && records::is_applied(seen);
            let changes = context.storage.write(|tx| {
                records::set_clock_offset(tx, seen)?;
                let mut changes = vec![Change::all(ChangeKind::Sync)];
                if wrong {
                    for (rid, document) in records::reissue(tx, &context.sealer(tx)?, seen)? {
                        // When an entry was put into the trash is shown by its stamp.
                        changes.extend(context.materialise(tx, rid, &document)?);
                    }
                }
                Ok(changes)
            })?;
            context.changes.tell(changes);
            Ok(())
        })
        .await
    }
}

/// Whether a newly seen offset differs enough from the stored one to be worth a write.
fn moved(stored_ms: i64, seen_ms: i64) -> bool {
    stored_ms.saturating_sub(seen_ms).saturating_abs() > NOISE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const DATE_MS: i64 = 784_111_777_000;

    #[test]
    fn the_servers_date_gives_the_offset_at_the_middle_of_the_request() {
        assert_eq!(observe(Some(DATE), DATE_MS - 100, DATE_MS + 100), Some(500));
        assert_eq!(observe(Some(DATE), DATE_MS - 60_000, DATE_MS - 60_000), Some(60_500));
    }

    #[test]
    fn a_missing_or_malformed_date_says_nothing() {
        assert_eq!(observe(None, 0, 0), None);
        assert_eq!(observe(Some("yesterday"), 0, 0), None);
        assert_eq!(observe(Some(DATE), i64::MIN, i64::MAX), None);
    }

    #[test]
    fn noise_is_not_worth_a_write() {
        assert!(!moved(0, 900));
        assert!(moved(0, 10_000));
    }
}
