//! Slowing down guesses at one account, without ever locking it (sign-in.md 2.10).

use crate::clock::{DAY_US, HOUR_US, MINUTE_US, SECOND_US};
use crate::error::ApiError;
use crate::secrets::Secrets;
use crate::store::{Result, Tx, Value};

/// A longest wait: never permanent.
const MOST_US: i64 = 15 * MINUTE_US;

/// Whose tries are counted. A known browser has a bucket of its own: a stranger cannot slow it down.
pub(crate) fn key(secrets: &Secrets, purpose: &str, email_ci: &str, known_browser: Option<&str>) -> [u8; 32] {
    let browser = known_browser.unwrap_or_default();
    secrets.mac("throttle", &[purpose.as_bytes(), email_ci.as_bytes(), browser.as_bytes()])
}

/// Counts one try before it is made, so that many at once are all counted. `Some(seconds)`: not yet.
pub(crate) fn begin_try(tx: &mut Tx<'_>, key: [u8; 32], free_tries: u32, now_us: i64) -> Result<Option<u64>> {
    let limits = Limits { free: free_tries, most_us: MOST_US };
    let counted = count_try(tx, key, limits, now_us, |failures, _| {
        let failures = failures.saturating_add(1);
        (failures, now_us + delay_us(failures, free_tries))
    })?;
    Ok(counted.err())
}

/// Takes back a try that [`begin_try`] counted and that was never made.
pub(crate) fn give_back(tx: &mut Tx<'_>, key: [u8; 32], now_us: i64) -> Result<()> {
    tx.lock(&key)?;
    tx.execute(
        "UPDATE throttles SET failures = failures - 1, next_at = $1 WHERE throttle_key = $2 AND failures > 0",
        &[Value::Int(now_us), key.into()],
    )?;
    Ok(())
}

/// What a bucket lets through: so many tries without any wait, and its longest wait.
#[derive(Clone, Copy)]
struct Limits {
    free: u32,
    most_us: i64,
}

/// Counts one try: `next` makes new failures and a new time from the old ones. `Err(seconds)`: not yet.
fn count_try(
    tx: &mut Tx<'_>,
    key: [u8; 32],
    limits: Limits,
    now_us: i64,
    next: impl FnOnce(i64, i64) -> (i64, i64),
) -> Result<Result<i64, u64>> {
    tx.lock(&key)?;
    let row =
        tx.query_one("SELECT failures, next_at FROM throttles WHERE throttle_key = $1", &[key.into()])?;
    let (failures, next_at) = match row {
        Some(row) => (row.int(0)?, row.int(1)?),
        None => (0, 0),
    };
    // A free try waits for nothing: the time that stands there may be that of a try at the same moment, which came first.
    let waits = failures >= i64::from(limits.free);
    if let Some(seconds) = seconds_until(next_at, limits.most_us, now_us).filter(|_| waits) {
        return Ok(Err(seconds));
    }
    let (failures, next_at) = next(failures, next_at);
    tx.execute(
        "INSERT INTO throttles (throttle_key, failures, next_at) VALUES ($1, $2, $3)
         ON CONFLICT (throttle_key) DO UPDATE SET failures = excluded.failures, next_at = excluded.next_at",
        &[key.into(), Value::Int(failures), Value::Int(next_at)],
    )?;
    Ok(Ok(failures))
}

/// For how many seconds [`begin_try`] takes none, counting none.
pub(crate) fn wait(tx: &mut Tx<'_>, key: [u8; 32], now_us: i64) -> Result<Option<u64>> {
    let row = tx.query_one("SELECT next_at FROM throttles WHERE throttle_key = $1", &[key.into()])?;
    Ok(seconds_until(row.map_or(Ok(0), |row| row.int(0))?, MOST_US, now_us))
}

/// A time further ahead than the longest wait was written by a clock that ran ahead and was put right: it counts as over, and
/// the try that it lets through writes a right one. What failed before stays counted.
fn seconds_until(next_at: i64, most_us: i64, now_us: i64) -> Option<u64> {
    let waiting = (1..=most_us).contains(&(next_at - now_us));
    waiting.then(|| (next_at - now_us).unsigned_abs().div_ceil(SECOND_US.unsigned_abs()))
}

/// Tries in a row without a right one.
pub(crate) fn failures(tx: &mut Tx<'_>, key: [u8; 32]) -> Result<i64> {
    let row = tx.query_one("SELECT failures FROM throttles WHERE throttle_key = $1", &[key.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// May a second step be tried?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hourly {
    /// Yes; this is the how-manieth try without a right one.
    Try(i64),
    /// Not for so many seconds.
    Wait(u64),
}

/// Counts one try of a second step: `per_hour` of them, then one after 1 h, 2 h, 4 h, … at most a day. Only who
/// knows the password gets here, so no stranger can make the account's own person wait.
pub(crate) fn begin_hourly(tx: &mut Tx<'_>, key: [u8; 32], per_hour: u32, now_us: i64) -> Result<Hourly> {
    let limits = Limits { free: per_hour, most_us: DAY_US };
    let counted = count_try(tx, key, limits, now_us, |failures, next_at| {
        // Below the limit `next_at` is the time of the last try: an hour without one begins anew.
        let fresh = failures < i64::from(per_hour) && now_us - next_at >= HOUR_US;
        let failures = if fresh { 1 } else { failures.saturating_add(1) };
        (failures, now_us + hourly_delay_us(failures, per_hour))
    })?;
    Ok(counted.map_or_else(Hourly::Wait, Hourly::Try))
}

fn hourly_delay_us(failures: i64, per_hour: u32) -> i64 {
    let over = failures - i64::from(per_hour);
    if over < 0 {
        return 0;
    }
    let doubled = u32::try_from(over).ok().and_then(|over| HOUR_US.checked_shl(over.min(10)));
    doubled.unwrap_or(DAY_US).min(DAY_US)
}

/// A right password clears the bucket.
pub(crate) fn clear(tx: &mut Tx<'_>, key: [u8; 32]) -> Result<()> {
    tx.execute("DELETE FROM throttles WHERE throttle_key = $1", &[key.into()])?;
    Ok(())
}

/// True for the first call of a day under `key`: for what is worth one mail, not one a request.
pub(crate) fn once_a_day(tx: &mut Tx<'_>, key: [u8; 32], now_us: i64) -> Result<bool> {
    let changed = tx.execute(
        "INSERT INTO throttles (throttle_key, failures, next_at) VALUES ($1, 0, $2)
         ON CONFLICT (throttle_key) DO UPDATE SET next_at = excluded.next_at
          WHERE throttles.next_at <= $3 OR throttles.next_at > $2",
        &[key.into(), Value::Int(now_us + DAY_US), Value::Int(now_us)],
    )?;
    Ok(changed > 0)
}

/// Counts one more under `key`, and tells how many that makes in the day that began with the first of them.
pub(crate) fn count_in_a_day(tx: &mut Tx<'_>, key: [u8; 32], now_us: i64) -> Result<i64> {
    let row = tx.query_one(
        "INSERT INTO throttles (throttle_key, failures, next_at) VALUES ($1, 1, $2)
         ON CONFLICT (throttle_key) DO UPDATE
            SET failures = CASE WHEN throttles.next_at > $3 AND throttles.next_at <= $2
                                THEN throttles.failures + 1 ELSE 1 END,
                next_at = CASE WHEN throttles.next_at > $3 AND throttles.next_at <= $2
                               THEN throttles.next_at ELSE $2 END
         RETURNING failures",
        &[key.into(), Value::Int(now_us + DAY_US), Value::Int(now_us)],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// What is told by a mail each time may be begun and called off so often a day.
const BEGINNINGS_A_DAY: i64 = 5;

/// Counts one more such beginning under `key`.
///
/// # Errors
/// 429 `slow_down` after the fifth of a day; the store's ([`crate::store`]).
pub(crate) fn begin_anew(tx: &mut Tx<'_>, key: [u8; 32], now_us: i64) -> Result<()> {
    match count_in_a_day(tx, key, now_us)? {
        ..=BEGINNINGS_A_DAY => Ok(()),
        _ => Err(ApiError::too_many(DAY_US.unsigned_abs() / SECOND_US.unsigned_abs())),
    }
}

/// Nothing for the free tries, then 1 s, 2 s, 4 s, … 15 min before the next one.
fn delay_us(failures: i64, free_tries: u32) -> i64 {
    let over = failures - i64::from(free_tries);
    if over < 0 {
        return 0;
    }
    let doubled = u32::try_from(over).ok().and_then(|over| SECOND_US.checked_shl(over.min(20)));
    doubled.unwrap_or(MOST_US).min(MOST_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_free_then_waiting_doubles_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> = (1..=8).map(|failures| delay_us(failures, 5) / SECOND_US).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8]);
        assert_eq!(delay_us(100, 5), MOST_US);
        assert_eq!(delay_us(i64::MAX, 5), MOST_US);
    }

    #[test]
    fn tries_of_one_moment_make_each_other_wait_for_nothing_while_they_are_free() {
        let connection = crate::store::memory::accounts();
        let mut tx = crate::store::memory::tx(&connection);
        let now = 1_789_394_520_000_000;
        for later in [4, 3, 2, 1] {
            assert_eq!(begin_try(&mut tx, [7; 32], 5, now + later).unwrap(), None);
            assert_eq!(begin_hourly(&mut tx, [8; 32], 5, now + later).unwrap(), Hourly::Try(5 - later));
        }
        assert_eq!(begin_try(&mut tx, [7; 32], 5, now).unwrap(), None);
        assert_eq!(begin_try(&mut tx, [7; 32], 5, now).unwrap(), Some(1));
    }

    #[test]
    fn ten_codes_an_hour_are_free_then_waiting_doubles_from_an_hour_to_a_day() {
        let hours: Vec<i64> = (9..=16).map(|failures| hourly_delay_us(failures, 10) / HOUR_US).collect();
        assert_eq!(hours, [0, 1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(hourly_delay_us(i64::MAX, 10), DAY_US);
    }

    #[test]
    fn an_hour_without_a_try_begins_anew_and_a_right_code_clears() {
        let connection = crate::store::memory::accounts();
        let mut tx = crate::store::memory::tx(&connection);
        let (key, mut now) = ([7; 32], 1_789_394_520_000_000);
        for tries in 1..=9 {
            assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Try(tries));
        }
        now += HOUR_US;
        for tries in 1..=10 {
            assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Try(tries));
        }
        assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Wait(3600));
        now += HOUR_US;
        assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Try(11));
        assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Wait(7200));
        clear(&mut tx, key).unwrap();
        assert_eq!(begin_hourly(&mut tx, key, 10, now).unwrap(), Hourly::Try(1));
    }
}
