//! Links in mails that take something back: 128 random bits, kept as SHA-256, each for one thing. Longer ones would not
//! fit a line of a mail.

use zeroize::Zeroizing;

use super::tokens::sha256;
use crate::clock::Randomness;
use crate::error::ApiError;
use crate::hex::hex;
use crate::origin::Origin;
use crate::store::{Result, Tx, Value};

/// What a link takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undo {
    /// A changed address.
    Address,
    /// The removal of two-step sign-in.
    TwoStep,
    /// Two-step sign-in that was switched on.
    TwoStepOn,
    /// The deletion of the account.
    Deletion,
}

impl Undo {
    fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::TwoStep => "two-step",
            Self::TwoStepOn => "two-step-on",
            Self::Deletion => "deletion",
        }
    }

    fn of(word: &str) -> Result<Self> {
        [Self::Address, Self::TwoStep, Self::TwoStepOn, Self::Deletion]
            .into_iter()
            .find(|undo| undo.word() == word)
            .ok_or_else(|| ApiError::internal("a link takes back something unknown"))
    }
}

/// What a link that still works stands for.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) user: [u8; 16],
    pub(crate) undo: Undo,
    /// The address that the account has now.
    pub(crate) email: String,
    /// The one to go back to.
    pub(crate) before: Option<String>,
    pub(crate) expires_at_us: i64,
}

/// What a step that sends such a link needs besides the store.
#[derive(Clone, Copy)]
pub(crate) struct LinkMail<'a> {
    pub(crate) origin: &'a Origin,
    pub(crate) mail_id: [u8; 16],
    /// The secret of the link.
    pub(crate) link: &'a str,
    pub(crate) now_us: i64,
}

/// The secret of a new link.
pub(crate) fn make(random: &dyn Randomness) -> Zeroizing<String> {
    Zeroizing::new(hex(&random.make::<16>()))
}

/// Keeps a link. `before` is the address that it goes back to.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    secret: &str,
    user: [u8; 16],
    undo: Undo,
    before: Option<&str>,
    expires_at_us: i64,
) -> Result<()> {
    tx.execute(
        "INSERT INTO undo_links (link_hash, user_id, purpose, email, expires_at) VALUES ($1, $2, $3, $4, $5)",
        &[sha256(secret).into(), user.into(), undo.word().into(), before.into(), Value::Int(expires_at_us)],
    )?;
    Ok(())
}

/// Where the secret of a mail leads.
pub(crate) fn address(origin: &Origin, secret: &str) -> String {
    format!("{}/undo?key={secret}", origin.url())
}

/// Looks a link up; None when it never was, is used or over.
pub(crate) fn find(tx: &mut Tx<'_>, secret: &str, now_us: i64) -> Result<Option<Found>> {
    tx.query_one(
        "SELECT l.user_id, l.purpose, u.email, l.email, l.expires_at FROM undo_links l JOIN users u ON u.user_id = l.user_id
          WHERE l.link_hash = $1 AND l.expires_at > $2 AND u.disabled_at IS NULL",
        &[sha256(secret).into(), Value::Int(now_us)],
    )?
    .map(|row| {
        Ok(Found {
            user: row.id(0)?,
            undo: Undo::of(&row.text(1)?)?,
            email: row.text(2)?,
            before: row.opt_text(3)?,
            expires_at_us: row.int(4)?,
        })
    })
    .transpose()
}

/// Uses a link up.
pub(crate) fn spend(tx: &mut Tx<'_>, secret: &str) -> Result<()> {
    tx.execute("DELETE FROM undo_links WHERE link_hash = $1", &[sha256(secret).into()])?;
    Ok(())
}

/// Links of the same kind and account that were sent after this one work no more: they take back what came after it.
pub(crate) fn forget_later(tx: &mut Tx<'_>, than: &Found) -> Result<()> {
    tx.execute(
        "DELETE FROM undo_links WHERE user_id = $1 AND purpose = $2 AND expires_at > $3",
        &[than.user.into(), than.undo.word().into(), Value::Int(than.expires_at_us)],
    )?;
    Ok(())
}

/// The links of one kind work no more.
pub(crate) fn forget(tx: &mut Tx<'_>, user: [u8; 16], undo: Undo) -> Result<()> {
    let sql = "DELETE FROM undo_links WHERE user_id = $1 AND purpose = $2";
    tx.execute(sql, &[user.into(), undo.word().into()])?;
    Ok(())
}
