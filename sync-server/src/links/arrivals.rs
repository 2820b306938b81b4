//! An account that comes into one more family: only from a sign-in of the last ten minutes, and its person is told. By a stolen
//! token alone nobody makes an account a parent elsewhere.

use kinfolio_protocol::{AccountId, FamilyId, MemberId};

use crate::accounts::{Bearer, sign_ins, users};
use crate::error::ApiError;
use crate::log::members;
use crate::mail::{self, texts};
use crate::store::{Result, Tx};

/// Refuses a sign-in of longer ago, if its account is in another family than this one; None: than whichever it will be.
///
/// # Errors
/// 401 that asks to sign in once more; the store's ([`crate::store`]).
pub fn check(tx: &mut Tx<'_>, bearer: Bearer, family: Option<FamilyId>, now_us: i64) -> Result<()> {
    if is_elsewhere(tx, bearer.account, family)? && !sign_ins::is_fresh(tx, bearer.sign_in.0, now_us)? {
        return Err(ApiError::step_up());
    }
    Ok(())
}

/// As [`members::claim`], and a mail tells the person of an account that is in another family, too.
///
/// # Errors
/// Those of [`members::claim`].
pub fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    (family, member): (FamilyId, MemberId),
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<bool> {
    let is_new = members::claim(tx, account, family, member, now_us)?;
    if is_new
        && is_elsewhere(tx, account, Some(family))?
        && let Some(email) = users::email_of(tx, account.0)?
    {
        mail::enqueue(tx, mail_id, &email, &texts::one_more_family(host, now_us), now_us)?;
    }
    Ok(is_new)
}

fn is_elsewhere(tx: &mut Tx<'_>, account: AccountId, family: Option<FamilyId>) -> Result<bool> {
    Ok(members::everywhere(tx, account)?.iter().any(|(other, _)| Some(*other) != family))
}
