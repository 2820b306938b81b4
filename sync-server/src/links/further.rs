//! An account that comes into a family: by a stolen token alone nobody makes it a member elsewhere, or lets a device of theirs stand in
//! for its second step. Its person is told.

use kinfolio_protocol::{AccountId, FamilyId};

use crate::accounts::{Bearer, sign_ins, totp, users};
use crate::error::ApiError;
use crate::log::members;
use crate::mail::{self, texts};
use crate::store::{Result, Tx};

/// Refuses a sign-in of longer ago than ten minutes, where the account is in another family than this one (None: than whichever it
/// will be), or asks for a second step by now.
///
/// # Errors
/// 401 that asks to sign in once more; the store's ([`crate::store`]).
pub fn check(tx: &mut Tx<'_>, bearer: Bearer, family: Option<FamilyId>, now_us: i64) -> Result<()> {
    let asks = totp::is_on(tx, bearer.account.0)? || is_elsewhere(tx, bearer.account, family)?;
    if asks && !sign_ins::is_new_or_fresh(tx, bearer.sign_in.0, now_us)? {
        return Err(ApiError::step_up());
    }
    Ok(())
}

/// Tells the person of an account that came into a family while it is in another.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn tell(
    tx: &mut Tx<'_>,
    account: AccountId,
    family: FamilyId,
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<()> {
    if is_elsewhere(tx, account, Some(family))?
        && let Some(email) = users::email_of(tx, account.0)?
    {
        mail::enqueue(tx, mail_id, &email, &texts::one_more_family(host, now_us), now_us)?;
    }
    Ok(())
}

fn is_elsewhere(tx: &mut Tx<'_>, account: AccountId, family: Option<FamilyId>) -> Result<bool> {
    Ok(members::everywhere(tx, account)?.iter().any(|(other, _)| Some(*other) != family))
}
