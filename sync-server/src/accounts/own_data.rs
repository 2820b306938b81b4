//! All that is kept about an account, in words: what its person may take away. No secret and no hash is in it.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{backup_codes, deletion, sessions, settled, sign_ins as sign_in_rows, totp, two_step_removal};
use crate::audit;
use crate::error::ApiError;
use crate::hex::hex;
use crate::store::{Result, Row, Tx};

/// Lines of the account's log: years of it.
const LINES: i64 = 100_000;

/// The file, format 1. Times are RFC 3339, UTC; what is not there is `null`.
pub(crate) fn of(tx: &mut Tx<'_>, user: [u8; 16], host: &str, now_us: i64) -> Result<Json> {
    let row = tx.query_one(
        "SELECT u.email, u.email_verified_at, u.adult_at, u.adult_text, u.created_at, p.set_at
           FROM users u LEFT JOIN passwords p ON p.user_id = u.user_id WHERE u.user_id = $1",
        &[user.into()],
    )?;
    let row = row.ok_or_else(ApiError::not_found)?;
    let two_step = totp::is_on(tx, user)?;
    Ok(json!({
        "format": "kinfolio-account/1",
        "server": host,
        "made_at": time(Some(now_us)),
        "account": {
            "id": hex(&user),
            "email": row.text(0)?,
            "email_verified_at": time(row.opt_int(1)?),
            "said_18_or_over_at": time(row.opt_int(2)?),
            "said_18_or_over_text": row.text(3)?,
            "created_at": time(row.opt_int(4)?),
            "deleted_on": time(deletion::due_at(tx, user)?),
        },
        "password_set_at": time(row.opt_int(5)?),
        "two_step": {
            "on": two_step,
            "backup_codes_left": backup_codes::left(tx, user)?,
            "comes_off_at": time(two_step_removal::due_at(tx, user)?),
        },
        "linked_sign_ins": linked(tx, user)?,
        "links_in_mails": links_in_mails(tx, user)?,
        "mails_waiting": mails(tx, user)?,
        "invitations": invitations(tx, user)?,
        "sign_ins": sign_ins(tx, user)?,
        "browsers": browsers(tx, user)?,
        "families": families(tx, user)?,
        "devices": devices(tx, user)?,
        "activity": audit::of_user(tx, user, LINES)?.into_iter().map(|line| {
            json!({
                "at": time(Some(line.at_us)), "what": line.told, "device": line.device,
                "times": line.times, "first_at": time(Some(line.first_us)),
            })
        }).collect::<Vec<_>>(),
    }))
}

fn linked(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let sql = "SELECT issuer, subject, linked_at FROM upstream_links WHERE user_id = $1 ORDER BY linked_at";
    each(&tx.query(sql, &[user.into()])?, |row| {
        Ok(
            json!({ "service": row.text(0)?, "known_there_as": row.text(1)?, "linked_at": time(row.opt_int(2)?) }),
        )
    })
}

fn sign_ins(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let rows = tx.query(
        "SELECT device_name, client_id, created_at, last_used_at, revoked_at, platform, app_version, network,
                revoked_reason
           FROM signins WHERE user_id = $1 ORDER BY created_at",
        &[user.into()],
    )?;
    each(&rows, |row| {
        Ok(json!({
            "device": row.opt_text(0)?,
            "app": row.text(1)?,
            "app_version": row.opt_text(6)?,
            "platform": row.opt_text(5)?,
            "network": row.opt_text(7)?,
            "signed_in_at": time(row.opt_int(2)?),
            "last_used_day": time(Some(sign_in_rows::coarse(row.int(3)?))),
            "signed_out_at": time(row.opt_int(4)?),
            "signed_out_by": row.opt_text(8)?.map(|reason| ended_by(&reason).to_owned()),
        }))
    })
}

/// What ended a sign-in, in words.
fn ended_by(reason: &str) -> &str {
    match reason {
        "signed_out" => "the app, another device or the account page",
        "password_changed" => "a new password",
        settled::REASON => "a new password: the account was in its family for less than 30 days",
        "address_put_back" => "the e-mail address from before, put back",
        "two_step_undone" => "two-step sign-in, taken back",
        "unlinked" => "a sign-in with another service, unlinked",
        "code_replay" => "a sign-in code that came twice",
        "refresh_reuse" => "an old sign-in key that came again",
        other => other,
    }
}

/// As which device of which family a sign-in has proved itself.
fn devices(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let rows = tx.query(
        "SELECT b.family_id, b.device_id, b.bound_at FROM bindings b JOIN signins s ON s.signin_id = b.signin_id
          WHERE s.user_id = $1 ORDER BY b.bound_at",
        &[user.into()],
    )?;
    each(&rows, |row| {
        Ok(json!({ "family": hex(&row.id(0)?), "device": hex(&row.id(1)?), "since": time(row.opt_int(2)?) }))
    })
}

/// What can be taken back, and to which address.
fn links_in_mails(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let sql = "SELECT purpose, email, expires_at FROM undo_links WHERE user_id = $1 ORDER BY expires_at";
    each(&tx.query(sql, &[user.into()])?, |row| {
        Ok(
            json!({ "takes_back": row.text(0)?, "to_address": row.opt_text(1)?, "until": time(row.opt_int(2)?) }),
        )
    })
}

fn mails(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let rows = tx.query(
        "SELECT o.subject, o.created_at FROM outbox o JOIN users u ON u.email = o.recipient
          WHERE u.user_id = $1 ORDER BY o.created_at",
        &[user.into()],
    )?;
    each(&rows, |row| Ok(json!({ "subject": row.text(0)?, "since": time(row.opt_int(1)?) })))
}

/// Where this account opened or answered an invitation that is not over.
fn invitations(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let sql = "SELECT opener_user, expires_at FROM links WHERE opener_user = $1 OR poster_user = $1";
    each(&tx.query(sql, &[user.into()])?, |row| {
        Ok(json!({ "opened_here": row.id(0)? == user, "until": time(row.opt_int(1)?) }))
    })
}

fn browsers(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let sql = "SELECT expires_at FROM browser_sessions WHERE user_id = $1 ORDER BY expires_at";
    each(&tx.query(sql, &[user.into()])?, |row| {
        let until = row.int(0)?;
        Ok(json!({ "signed_in_at": time(Some(sessions::begun_at(until))), "until": time(Some(until)) }))
    })
}

fn families(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<Vec<Json>> {
    let sql =
        "SELECT family_id, member_id, created_at FROM memberships WHERE user_id = $1 ORDER BY created_at";
    each(&tx.query(sql, &[user.into()])?, |row| {
        let (family, member) = (hex(&row.id(0)?), hex(&row.id(1)?));
        Ok(json!({ "family": family, "member": member, "since": time(row.opt_int(2)?) }))
    })
}

fn each(rows: &[Row], said: impl Fn(&Row) -> Result<Json>) -> Result<Vec<Json>> {
    rows.iter().map(said).collect()
}

fn time(at_us: Option<i64>) -> Option<String> {
    at_us.and_then(|at_us| Timestamp::from_microsecond(at_us).ok()).map(|time| time.to_string())
}
