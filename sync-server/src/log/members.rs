//! Which account is which member: rows of the account plane, written before the family plane (tenancy.md 1).

use kinfolio_protocol::json::code;
use kinfolio_protocol::{AccountId, FamilyId, MemberId};

use crate::error::ApiError;
use crate::store::{Result, Tx, Value};

/// Says that `account` is `member`, and tells whether that is new. Said again to the same account it is the same; to
/// another it is 409.
///
/// The row alone opens nothing: the membership log has to list the member.
pub fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    family: FamilyId,
    member: MemberId,
    now_us: i64,
) -> Result<bool> {
    let made = tx.execute(
        "INSERT INTO memberships (family_id, member_id, user_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (family_id, member_id) DO NOTHING",
        &[family.0.into(), member.0.into(), account.0.into(), Value::Int(now_us)],
    )?;
    match account_of(tx, family, member)? {
        Some(owner) if owner == account => Ok(made > 0),
        _ => Err(ApiError::conflict(code::CONFLICT, "this member is another account")),
    }
}

/// Takes back what was said for a founding that then lost to another.
pub fn release(tx: &mut Tx<'_>, account: AccountId, family: FamilyId, member: MemberId) -> Result<()> {
    tx.execute(
        "DELETE FROM memberships WHERE family_id = $1 AND member_id = $2 AND user_id = $3",
        &[family.0.into(), member.0.into(), account.0.into()],
    )?;
    Ok(())
}

/// The account of a member.
pub fn account_of(tx: &mut Tx<'_>, family: FamilyId, member: MemberId) -> Result<Option<AccountId>> {
    tx.query_one(
        "SELECT user_id FROM memberships WHERE family_id = $1 AND member_id = $2",
        &[family.0.into(), member.0.into()],
    )?
    .map(|row| row.id(0).map(AccountId))
    .transpose()
}

/// Every member that an account is or was in a family, newest first.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId, family: FamilyId) -> Result<Vec<MemberId>> {
    tx.query(
        "SELECT member_id FROM memberships WHERE user_id = $1 AND family_id = $2 ORDER BY created_at DESC",
        &[account.0.into(), family.0.into()],
    )?
    .iter()
    .map(|row| row.id(0).map(MemberId))
    .collect()
}
