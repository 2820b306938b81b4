//! Which account is which member: rows of the account plane, written before the family plane (tenancy.md 1).

use kinfolio_protocol::json::code;
use kinfolio_protocol::{AccountId, FamilyId, MemberId};

use crate::error::ApiError;
use crate::store::{Result, Tx, Value};

/// Families that an account may belong to.
const FAMILIES: i64 = 500;

/// Says that `account` is `member`, and tells whether that is new. Said again to the same account it is the same; to
/// another it is 409, and so is one family too many.
///
/// The row alone opens nothing: the membership log has to list the member.
///
/// # Errors
/// 409 `conflict` as said; the store's ([`crate::store`]).
pub fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    family: FamilyId,
    member: MemberId,
    now_us: i64,
) -> Result<bool> {
    // Two at once count each other.
    tx.lock(&account.0)?;
    let made = tx.execute(
        "INSERT INTO memberships (family_id, member_id, user_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (family_id, member_id) DO NOTHING",
        &[family.0.into(), member.0.into(), account.0.into(), Value::Int(now_us)],
    )?;
    if account_of(tx, family, member)? != Some(account) {
        return Err(ApiError::conflict(code::CONFLICT, "this member is another account"));
    }
    if made > 0 && count_families(tx, account)? > FAMILIES {
        return Err(ApiError::conflict(code::CONFLICT, "this account is in too many families"));
    }
    Ok(made > 0)
}

fn count_families(tx: &mut Tx<'_>, account: AccountId) -> Result<i64> {
    let row = tx.query_one(
        "SELECT count(DISTINCT family_id) FROM memberships WHERE user_id = $1",
        &[account.0.into()],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Takes back what was said for a founding that then lost to another.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn release(tx: &mut Tx<'_>, account: AccountId, family: FamilyId, member: MemberId) -> Result<()> {
    tx.execute(
        "DELETE FROM memberships WHERE family_id = $1 AND member_id = $2 AND user_id = $3",
        &[family.0.into(), member.0.into(), account.0.into()],
    )?;
    Ok(())
}

/// The account of a member.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn account_of(tx: &mut Tx<'_>, family: FamilyId, member: MemberId) -> Result<Option<AccountId>> {
    tx.query_one(
        "SELECT user_id FROM memberships WHERE family_id = $1 AND member_id = $2",
        &[family.0.into(), member.0.into()],
    )?
    .map(|row| row.id(0).map(AccountId))
    .transpose()
}

/// Every member that an account is or was in a family, newest first.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn of_account(tx: &mut Tx<'_>, account: AccountId, family: FamilyId) -> Result<Vec<MemberId>> {
    tx.query(
        "SELECT member_id FROM memberships WHERE user_id = $1 AND family_id = $2 ORDER BY created_at DESC",
        &[account.0.into(), family.0.into()],
    )?
    .iter()
    .map(|row| row.id(0).map(MemberId))
    .collect()
}

/// Every member that an account is or was, in any family, oldest first.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn everywhere(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<(FamilyId, MemberId)>> {
    tx.query(
        "SELECT family_id, member_id FROM memberships WHERE user_id = $1 ORDER BY created_at, family_id",
        &[account.0.into()],
    )?
    .iter()
    .map(|row| Ok((FamilyId(row.id(0)?), MemberId(row.id(1)?))))
    .collect()
}

/// Every member of a family whose account is known.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn of_family(tx: &mut Tx<'_>, family: FamilyId) -> Result<Vec<MemberId>> {
    tx.query("SELECT member_id FROM memberships WHERE family_id = $1", &[family.0.into()])?
        .iter()
        .map(|row| row.id(0).map(MemberId))
        .collect()
}

/// Forgets a family that was erased, who waits at a link of it, and who asked for its recovery grant.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn forget(tx: &mut Tx<'_>, family: FamilyId) -> Result<()> {
    tx.execute("DELETE FROM links WHERE family_id = $1", &[family.0.into()])?;
    tx.execute("DELETE FROM bindings WHERE family_id = $1", &[family.0.into()])?;
    tx.execute("DELETE FROM recovery_reads WHERE family_id = $1", &[family.0.into()])?;
    tx.execute("DELETE FROM memberships WHERE family_id = $1", &[family.0.into()])?;
    Ok(())
}

/// The next families by id after `last`, at most `count` of them.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn families(tx: &mut Tx<'_>, last: FamilyId, count: i64) -> Result<Vec<FamilyId>> {
    tx.query(
        "SELECT DISTINCT family_id FROM memberships WHERE family_id > $1 ORDER BY family_id LIMIT $2",
        &[last.0.into(), Value::Int(count)],
    )?
    .iter()
    .map(|row| row.id(0).map(FamilyId))
    .collect()
}
