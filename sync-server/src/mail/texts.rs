//! What mails say: no family names, UTC, and no links but those that take something back (documents.md). The words are
//! in `templates/mail/en/`, a file each; another language is another folder beside it.

use std::fmt::{self, Write as _};

use askama::Template;

use super::letter::{Text, letter};
use crate::clock;

/// A moment as mails say it.
pub(crate) struct When(i64);

impl From<i64> for When {
    fn from(us: i64) -> Self {
        Self(us)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clock::utc(self.0))
    }
}

/// The digits of a mailed code, as they are read.
pub(crate) struct Code(String);

impl From<&str> for Code {
    fn from(digits: &str) -> Self {
        Self(digits.to_owned())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_char(' ')?;
            }
            f.write_char(digit)?;
        }
        Ok(())
    }
}

/// A function for each mail: the server's name, then what its template shows.
macro_rules! letters {
    ($($(#[$doc:meta])* $name:ident = $file:literal ($($field:ident: $type:ty),*);)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(host: &str $(, $field: impl Into<$type>)*) -> Text {
            #[derive(Template)]
            #[template(path = $file, escape = "none")]
            struct Letter<'a> {
                host: &'a str,
                $($field: $type,)*
            }
            letter(&Letter { host $(, $field: $field.into())* }, host)
        }
    )*};
}

letters! {
    /// The one-time code. Never in the subject: lock screens show it.
    code = "mail/en/code.txt" (code: Code);
    /// The code that a browser needs before the password, after many wrong ones.
    sign_in_code = "mail/en/sign_in_code.txt" (code: Code);
    /// Somebody asked for a code with an address that has an account: the page says the same either way.
    has_account = "mail/en/has_account.txt" ();
    /// The same, from another service.
    has_account_to_link = "mail/en/has_account_to_link.txt" ();
    /// Somebody forgot the password of an account that is not there: the page says the same either way.
    no_account = "mail/en/no_account.txt" ();
    /// Somebody gave this address to their account, and it has one of its own: the page says the same either way.
    address_in_use = "mail/en/address_in_use.txt" ();
    /// A device signed in, `with` a password, a code, or both. `password`: here and below, whether the account has one.
    new_sign_in = "mail/en/new_sign_in.txt" (device: String, name: Option<String>, platform: Option<String>, with: String, password: bool, when: When);
    /// A refresh token was used a second time, and the sign-in was ended.
    sync_stopped = "mail/en/sync_stopped.txt" (device: String, name: Option<String>, password: bool, when: When);
    /// A sign-in that is no enrolled device fetched the grant to the recovery key. `own`: with the reader's account.
    recovery_read = "mail/en/recovery_read.txt" (own: bool, when: When);
    /// Two-step sign-in was switched on.
    two_step_on = "mail/en/two_step_on.txt" (link: String, when: When);
    /// It was switched off.
    two_step_off = "mail/en/two_step_off.txt" (when: When);
    /// New backup codes replace the old ones.
    backup_codes_made = "mail/en/backup_codes_made.txt" (when: When);
    /// A backup code was used up.
    backup_code_used = "mail/en/backup_code_used.txt" (left: i64, when: When);
    /// A phone of the family, or its 12 words, stood in for a lost authenticator app.
    sign_in_approved = "mail/en/sign_in_approved.txt" (by_words: bool, when: When);
    /// Wrong codes behind the mailed code of a reset.
    mailbox_known = "mail/en/mailbox_known.txt" (when: When);
    /// Wrong codes behind the right password, or behind a linked sign-in.
    first_step_known = "mail/en/first_step_known.txt" (linked: bool, when: When);
    /// Two-step sign-in comes off at `when`, unless its person stops that.
    removal_asked = "mail/en/removal_asked.txt" (link: String, when: When);
    /// The password was changed. `stay`, `ended`: the phones of families that it left signed in, and that it did not.
    /// `deletion`, `removal`: of the account, and of two-step sign-in, which it has stopped.
    password_changed = "mail/en/password_changed.txt" (stay: Vec<String>, ended: Vec<String>, deletion: bool, removal: bool, when: When);
    /// To the old address, with the only kind of link that a mail of ours has: one that takes something back.
    address_changed = "mail/en/address_changed.txt" (to: String, link: String, when: When);
    /// To the address that an account had until the one before it was put back.
    address_put_back = "mail/en/address_put_back.txt" ();
    /// The account is deleted at `when`, unless its person keeps it. Said when it is asked for, when it is put off, and before
    /// the end. `families`: a family's copy goes with it.
    deletion_asked = "mail/en/deletion_asked.txt" (families: bool, put_off: bool, link: String, when: When);
    /// The last mail to an address.
    account_deleted = "mail/en/account_deleted.txt" (when: When);
    /// A family's copy goes at `when`, unless a parent's phone keeps it. Said when it is ordered, and before the end.
    erasure_ordered = "mail/en/erasure_ordered.txt" (when: When);
    /// It was called off.
    erasure_stopped = "mail/en/erasure_stopped.txt" (when: When);
    /// It is gone.
    family_erased = "mail/en/family_erased.txt" (when: When);
    /// The account became a member of a further family.
    one_more_family = "mail/en/one_more_family.txt" (when: When);
    /// A sign-in with another service was linked.
    linked = "mail/en/linked.txt" (label: String, password: bool, when: When);
    /// It was unlinked.
    unlinked = "mail/en/unlinked.txt" (label: String, when: When);
}
