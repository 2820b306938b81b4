//! The append-only log of what happened to accounts. No secrets, no content.

use crate::store::{Result, Tx, Value};

/// What is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An account was made.
    Registered,
    /// The right password.
    LoginOk,
    /// A wrong password, or an address without an account.
    LoginFailed,
    /// The right code of an authenticator app.
    SecondStepOk,
    /// A phone of the family, or its 12 words, stood in for the second step.
    SecondStepApproved,
    /// A wrong code behind a right first step.
    SecondStepFailed,
    /// A code of an authenticator app that had been used already.
    CodeUsedAgain,
    /// A backup code was used up.
    BackupCodeUsed,
    /// Eight new backup codes; older ones are void.
    BackupCodesMade,
    /// Two-step sign-in was switched on.
    TwoStepOn,
    /// Two-step sign-in was switched off.
    TwoStepOff,
    /// Somebody behind the password asked to have two-step sign-in removed, as everything for it is lost.
    RemovalAsked,
    /// That was stopped: by the link in a mail, on a page, by a right code or by a new password.
    RemovalStopped,
    /// The address was changed, to one that took a mailed code.
    AddressChanged,
    /// The address from before was put back by the link in the mail to it.
    AddressPutBack,
    /// The account is to be deleted after a wait.
    DeletionAsked,
    /// It is kept after all.
    DeletionStopped,
    /// It is gone; its lines stay, without an address.
    AccountDeleted,
    /// A family's copy here was ordered to go after a wait.
    ErasureOrdered,
    /// It stays after all.
    ErasureStopped,
    /// What the server knows about the account was downloaded.
    DataDownloaded,
    /// The password was changed by somebody who knew the old one.
    PasswordChanged,
    /// A new password was set by a mailed code, and by the second step where it is on.
    PasswordReset,
    /// Another service said who it is.
    LinkedOk,
    /// An account without a password: the code that was mailed to its address.
    MailedCodeOk,
    /// A sign-in at another service was linked.
    Linked,
    /// It was unlinked.
    Unlinked,
    /// A signed-in device got another name.
    SignInRenamed,
    /// A browser signed out.
    LoggedOut,
    /// A device signed in.
    SignedIn,
    /// A code was redeemed a second time with the right verifier.
    CodeReplay,
    /// A refresh token was used against the rules of sign-in.md 2.6.
    RefreshReuse,
    /// A used refresh token of an enrolled device came without that device's signature.
    OldKeyShown,
    /// A sign-in was ended.
    Revoked,
    /// A sign-in proved which enrolled device it is.
    DeviceBound,
    /// The device of a sign-in was removed from its family.
    DeviceUnbound,
    /// One of its devices gave a family new keys.
    KeysRotated,
    /// A sign-in without a device fetched the grant to the recovery key.
    RecoveryRead,
}

/// Every event: the word that is kept, and what the account's person reads.
const EVENTS: [(Event, &str, &str); 38] = [
    (Event::Registered, "registered", "Account created"),
    (Event::LoginOk, "login_ok", "Password typed"),
    (Event::LoginFailed, "login_failed", "Wrong password typed"),
    (Event::SecondStepOk, "second_step_ok", "Code from the authenticator app typed"),
    (Event::SecondStepApproved, "second_step_approved", "Sign-in let through by a phone or the 12 words"),
    (Event::SecondStepFailed, "second_step_failed", "Wrong code typed as the second step"),
    (Event::CodeUsedAgain, "totp_replay", "A code typed that had been used already"),
    (Event::BackupCodeUsed, "backup_code_used", "Backup code used"),
    (Event::BackupCodesMade, "backup_codes_made", "New backup codes made"),
    (Event::TwoStepOn, "two_step_on", "Two-step sign-in switched on"),
    (Event::TwoStepOff, "two_step_off", "Two-step sign-in switched off"),
    (Event::RemovalAsked, "removal_asked", "Asked to remove two-step sign-in after 72 hours"),
    (Event::RemovalStopped, "removal_stopped", "Removal of two-step sign-in stopped"),
    (Event::AddressChanged, "address_changed", "E-mail address changed"),
    (Event::AddressPutBack, "address_put_back", "The e-mail address from before put back"),
    (Event::DeletionAsked, "deletion_asked", "Asked to delete the account"),
    (Event::DeletionStopped, "deletion_stopped", "Deletion of the account stopped"),
    (Event::AccountDeleted, "account_deleted", "Account deleted"),
    (Event::ErasureOrdered, "erasure_ordered", "Ordered to erase the family's sealed copy"),
    (Event::ErasureStopped, "erasure_stopped", "Erasing of the family's sealed copy called off"),
    (Event::DataDownloaded, "data_downloaded", "Account data downloaded"),
    (Event::PasswordChanged, "password_changed", "Password changed"),
    (Event::PasswordReset, "password_reset", "New password set by a mailed code"),
    (Event::LinkedOk, "linked_ok", "Came by a linked sign-in"),
    (Event::MailedCodeOk, "mailed_code_ok", "Code from a mail typed"),
    (Event::Linked, "linked", "Sign-in with another service linked"),
    (Event::Unlinked, "unlinked", "Sign-in with another service unlinked"),
    (Event::SignInRenamed, "sign_in_renamed", "Renamed"),
    (Event::LoggedOut, "logged_out", "Browser signed out"),
    (Event::SignedIn, "signed_in", "Signed in"),
    (Event::CodeReplay, "code_replay", "A sign-in code came twice; signed out"),
    (Event::RefreshReuse, "refresh_reuse", "An old sign-in key came again; signed out"),
    (Event::OldKeyShown, "old_key_shown", "An old sign-in key came from elsewhere; refused"),
    (Event::Revoked, "revoked", "Signed out"),
    (Event::DeviceBound, "device_bound", "Became part of a family"),
    (Event::DeviceUnbound, "device_unbound", "Removed from a family"),
    (Event::KeysRotated, "keys_rotated", "Gave the family new keys"),
    (Event::RecoveryRead, "recovery_read", "Asked for the lock of the 12 words"),
];

impl Event {
    fn word(self) -> &'static str {
        EVENTS.iter().find(|(event, _, _)| *event == self).map_or("unknown", |(_, word, _)| word)
    }
}

/// One line of an account's log.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) at_us: i64,
    /// The same happened so often, one after the other, and when first.
    pub(crate) times: i64,
    pub(crate) first_us: i64,
    /// What happened, for its person.
    pub(crate) told: &'static str,
    /// The device it happened to, if it is signed in under a name.
    pub(crate) device: Option<String>,
}

/// The newest `limit` lines about an account. Wrong passwords after one another are one line: anybody can type them, and a
/// hundred would push out of sight what did happen.
pub(crate) fn of_user(tx: &mut Tx<'_>, user: [u8; 16], limit: i64) -> Result<Vec<Entry>> {
    let rows = tx.query(
        "SELECT MAX(r.at), r.kind, MAX(s.device_name), COUNT(*), MIN(r.at)
           FROM (SELECT e.number, e.at, e.kind, e.signin_id,
                        SUM(CASE WHEN e.kind = $1 AND e.prior = $1 THEN 0 ELSE 1 END) OVER (ORDER BY e.number) AS run
                   FROM (SELECT number, at, kind, signin_id, LAG(kind) OVER (ORDER BY number) AS prior
                           FROM audit WHERE user_id = $2) e) r
           LEFT JOIN signins s ON s.signin_id = r.signin_id
          GROUP BY r.run, r.kind ORDER BY r.run DESC LIMIT $3",
        &[Event::LoginFailed.word().into(), user.into(), Value::Int(limit)],
    )?;
    rows.iter()
        .map(|row| {
            let kind = row.text(1)?;
            let known = EVENTS.iter().find(|(_, word, _)| *word == kind);
            Ok(Entry {
                at_us: row.int(0)?,
                times: row.int(3)?,
                first_us: row.int(4)?,
                told: known.map_or("Something a newer server wrote", |(_, _, told)| told),
                device: row.opt_text(2)?,
            })
        })
        .collect()
}

/// Whether this happened to an account in the transaction of this moment.
pub(crate) fn happened(tx: &mut Tx<'_>, user: [u8; 16], event: Event, at_us: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM audit WHERE user_id = $1 AND kind = $2 AND at = $3 LIMIT 1";
    Ok(tx.query_one(sql, &[user.into(), event.word().into(), Value::Int(at_us)])?.is_some())
}

/// Adds one line, in the transaction of what it tells about.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn record(
    tx: &mut Tx<'_>,
    at_us: i64,
    event: Event,
    user: Option<[u8; 16]>,
    sign_in: Option<[u8; 16]>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO audit (at, kind, user_id, signin_id) VALUES ($1, $2, $3, $4)",
        &[Value::Int(at_us), event.word().into(), user.into(), sign_in.into()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_word_of_its_own() {
        for (event, word, told) in EVENTS {
            assert_eq!(event.word(), word);
            assert!(!told.is_empty() && EVENTS.iter().filter(|other| other.1 == word).count() == 1, "{word}");
        }
    }
}
