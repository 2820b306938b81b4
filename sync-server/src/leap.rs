//! A clock that leaps ahead: a machine whose own ran wrong starts in a year to come, and is put right a minute later. By then no
//! household may have been signed out, nor any copy destroyed, because its time seemed to be over.

use crate::clock::DAY_US;
use crate::error::ApiError;
use crate::store::{Store, Tx, Value};

/// A server may have stood still for so long, and is believed at once.
const MOST_US: i64 = 7 * DAY_US;
/// A time further ahead is believed once it has lasted.
const LASTS_US: i64 = DAY_US;

/// Whether what is due by `now_us` may be destroyed. False, and said in the log, for a day after the time has leapt.
///
/// # Errors
/// The store's ([`crate::store`]).
pub async fn is_believed(store: &Store, now_us: i64) -> Result<bool, ApiError> {
    let (believed, since) = store.account(move |tx| look(tx, now_us)).await?;
    if let Some(before_us) = since {
        let hours = now_us.saturating_sub(before_us) / crate::clock::HOUR_US;
        tracing::error!(
            hours,
            "the clock is far ahead of what it showed last: nothing is swept until that has lasted for a day"
        );
    }
    Ok(believed)
}

/// And what it showed before, where it has leapt just now.
fn look(tx: &mut Tx<'_>, now_us: i64) -> Result<(bool, Option<i64>), ApiError> {
    tx.lock(b"clock")?;
    let row = tx.query_one("SELECT clock_at, leapt_at FROM server_stamp", &[])?;
    let (seen, leapt) =
        row.map_or(Ok((None, None)), |row| Ok::<_, ApiError>((row.opt_int(0)?, row.opt_int(1)?)))?;
    let stands = leapt.map(|leapt| now_us - leapt).filter(|stands| (0..=MOST_US).contains(stands));
    let far = seen.filter(|seen| now_us - seen > MOST_US);
    let (Some(before_us), false) = (far, stands.is_some_and(|stands| stands >= LASTS_US)) else {
        tx.execute("UPDATE server_stamp SET clock_at = $1, leapt_at = NULL", &[Value::Int(now_us)])?;
        return Ok((true, None));
    };
    if stands.is_some() {
        return Ok((false, None));
    }
    tx.execute("UPDATE server_stamp SET leapt_at = $1", &[Value::Int(now_us)])?;
    Ok((false, Some(before_us)))
}
