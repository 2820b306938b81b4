//! Linked sign-ins: who somebody is at another service is (issuer, subject) there, never an e-mail address.

use super::users;
use crate::store::{Result, Tx, Value};

/// A link, as its account's person sees it.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) id: [u8; 16],
    pub(crate) issuer: String,
    pub(crate) linked_at_us: i64,
}

/// The account of an identity, disabled ones included.
pub(crate) fn owner(tx: &mut Tx<'_>, issuer: &str, subject: &str) -> Result<Option<[u8; 16]>> {
    tx.query_one(
        "SELECT user_id FROM upstream_links WHERE issuer = $1 AND subject = $2",
        &[issuer.into(), subject.into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}

/// Links an identity to an account. False: it has an account, or this account has another identity of that issuer.
pub(crate) fn link(
    tx: &mut Tx<'_>,
    id: [u8; 16],
    user: [u8; 16],
    issuer: &str,
    subject: &str,
    now_us: i64,
) -> Result<bool> {
    let linked = tx.execute(
        "INSERT INTO upstream_links (issuer, subject, user_id, link_id, linked_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        &[issuer.into(), subject.into(), user.into(), id.into(), Value::Int(now_us)],
    )?;
    Ok(linked == 1)
}

/// The links of an account, oldest first.
pub(crate) fn of_user(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Link>> {
    tx.query(
        "SELECT link_id, issuer, linked_at FROM upstream_links WHERE user_id = $1 ORDER BY linked_at, issuer",
        &[user.into()],
    )?
    .iter()
    .map(|row| Ok(Link { id: row.id(0)?, issuer: row.text(1)?, linked_at_us: row.int(2)? }))
    .collect()
}

/// Whether an account could still sign in without one of its links: by password, or by a link that `works` says is
/// to a provider of this server.
pub(crate) fn can_do_without(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    id: [u8; 16],
    works: impl Fn(&str) -> bool,
) -> Result<bool> {
    if users::password_set_at(tx, user)?.is_some() {
        return Ok(true);
    }
    Ok(of_user(tx, user)?.iter().any(|link| link.id != id && works(&link.issuer)))
}

/// Takes a link away. False: it is gone, or another account's.
pub(crate) fn unlink(tx: &mut Tx<'_>, user: [u8; 16], id: [u8; 16]) -> Result<bool> {
    let sql = "DELETE FROM upstream_links WHERE user_id = $1 AND link_id = $2";
    Ok(tx.execute(sql, &[user.into(), id.into()])? == 1)
}

/// Takes all of an account's away.
pub(crate) fn unlink_all(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("DELETE FROM upstream_links WHERE user_id = $1", &[user.into()])?;
    Ok(())
}
