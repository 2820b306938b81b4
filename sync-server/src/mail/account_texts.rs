//! Mails about the account itself: what was changed, when, and what to do if it was somebody else.

use super::letter::{Text, text, wrap};
use crate::clock::utc;

/// Two-step sign-in was switched on.
pub(crate) fn two_step_on(host: &str, at_us: i64) -> Text {
    let sentence = format!(
        "Two-step sign-in is on for your account on {host}. Signing in now also asks for a code from your \
         authenticator app, or for one of the backup codes."
    );
    notice("Two-step sign-in is on", &sentence, host, at_us)
}

/// It was switched off.
pub(crate) fn two_step_off(host: &str, at_us: i64) -> Text {
    let sentence = format!(
        "Two-step sign-in is off for your account on {host}. Signing in asks for the password only, and the backup \
         codes are void."
    );
    notice("Two-step sign-in is off", &sentence, host, at_us)
}

/// New backup codes replace the old ones.
pub(crate) fn backup_codes_made(host: &str, at_us: i64) -> Text {
    let sentence =
        format!("New backup codes were made for your account on {host}. The ones you had before are void.");
    notice("New backup codes for Kinfolio", &sentence, host, at_us)
}

/// A phone of the family, or its 12 words, stood in for a lost authenticator app.
pub(crate) fn sign_in_approved(host: &str, by_words: bool, at_us: i64) -> Text {
    let who = if by_words { "the 12 words of your family" } else { "a phone of your family" };
    let sentence = format!(
        "Somebody signed in to your account on {host} with the password, and {who} stood in for the code. Two-step \
         sign-in stays on."
    );
    notice("A sign-in was let through", &sentence, host, at_us)
}

/// A backup code was used up.
pub(crate) fn backup_code_used(host: &str, left: i64, at_us: i64) -> Text {
    let rest = match left {
        0 => "None is left: make new ones on your account page.".to_owned(),
        1 => "One is left: make new ones on your account page.".to_owned(),
        more => format!("{more} are left."),
    };
    let sentence = format!("Somebody signed in to your account on {host} with a backup code. {rest}");
    notice("A backup code was used", &sentence, host, at_us)
}

/// The password was changed.
pub(crate) fn password_changed(host: &str, at_us: i64) -> Text {
    let sentence = format!(
        "The password of your account on {host} was changed. Browsers and phones outside your family are signed out."
    );
    let body = [
        wrap(&sentence, 0),
        format!("    {:<10}{}", "When", utc(at_us)),
        wrap("Was it you? Then there is nothing to do.", 0),
        format!(
            "If not:\n  {}",
            wrap(&format!("1. At {host}/login choose \"Forgot your password?\" and set a new one."), 5)
        ),
        wrap("The account alone does not open your family's records.", 0),
    ];
    text("Your Kinfolio password was changed", &body, host)
}

/// Somebody forgot the password of an account that is not there: the page says the same either way.
pub(crate) fn no_account(host: &str) -> Text {
    let body = [
        wrap(&format!("Somebody, perhaps you, asked {host} for a new password with this address."), 0),
        wrap("There is no account with this address. Perhaps you signed up with another one.", 0),
        wrap("Did not ask for it? Do nothing: nothing has changed.", 0),
    ];
    text("No Kinfolio account with this address", &body, host)
}

/// Wrong codes behind the right password, or behind a linked sign-in.
pub(crate) fn first_step_known(host: &str, linked: bool, at_us: i64) -> Text {
    let (subject, first) = if linked {
        (
            "Somebody may use your linked sign-in",
            format!("came to your account on {host} by a linked sign-in"),
        )
    } else {
        (
            "Somebody may know your Kinfolio password",
            format!("typed the right password of your account on {host}"),
        )
    };
    let sentence =
        format!("Somebody {first}, and then typed five wrong codes. Two-step sign-in has kept them out.");
    notice(subject, &sentence, host, at_us)
}

/// To the old address, with the only kind of link that a mail of ours has: one that takes something back.
pub(crate) fn address_changed(host: &str, to: &str, link: &str, at_us: i64) -> Text {
    let sentence = format!(
        "The e-mail address of your account on {host} was changed. Mails go to the new one from now on."
    );
    let body = [
        wrap(&sentence, 0),
        format!("    {:<10}{to}\n    {:<10}{}", "To", "When", utc(at_us)),
        wrap("Was it you? Then there is nothing to do.", 0),
        wrap("If not, this page puts the old address back, within 7 days, and signs browsers out:", 0),
        link.to_owned(),
        wrap("The account alone does not open your family's records.", 0),
    ];
    text("Your Kinfolio address was changed", &body, host)
}

/// To the address that an account had until the one before it was put back.
pub(crate) fn address_put_back(host: &str) -> Text {
    let body = [
        wrap(
            &format!(
                "This address belongs to no account on {host} any more: the one that had it went back to the address from before."
            ),
            0,
        ),
        wrap("Did you change the address yourself? Sign in with the old one, and change it again.", 0),
    ];
    text("Your Kinfolio address was put back", &body, host)
}

/// Somebody gave this address to their account, and it has one of its own: the page says the same either way.
pub(crate) fn address_in_use(host: &str) -> Text {
    let body = [
        wrap(&format!("Somebody, perhaps you, wanted to use this address for an account on {host}."), 0),
        wrap("It has an account of its own already, so it cannot be used for another one.", 0),
        wrap("Did not ask for it? Do nothing: nothing has changed.", 0),
    ];
    text("This address has a Kinfolio account already", &body, host)
}

/// Two-step sign-in comes off at `due_us`, unless its person stops that.
pub(crate) fn removal_asked(host: &str, link: &str, due_us: i64) -> Text {
    let sentence = format!(
        "Somebody who knows your password, or reads this mailbox, says that the authenticator app and the backup codes of \
         your account on {host} are lost."
    );
    let body = [
        wrap(&sentence, 0),
        format!("    {:<10}{}", "Comes off", utc(due_us)),
        wrap(
            "Two-step sign-in is removed then, and signing in asks for the password only. Was it you? Then there is nothing to do.",
            0,
        ),
        wrap("If not, this page keeps two-step sign-in. Then change your password:", 0),
        link.to_owned(),
        wrap(
            "Signing in with a code stops it as well. The account alone does not open your family's records.",
            0,
        ),
    ];
    text("Two-step sign-in is about to be removed", &body, host)
}

/// The account is deleted at `due_us`, unless its person keeps it. Said when it is asked for, and before the end.
pub(crate) fn deletion_asked(host: &str, link: &str, due_us: i64) -> Text {
    let body = [
        wrap(&format!("Your account on {host} is to be deleted, as was asked on its page."), 0),
        format!("    {:<10}{}", "Deleted", utc(due_us)),
        wrap(
            "Records on your phones stay there. Was it you? Then there is nothing to do. If not, or if you changed your \
             mind, this page keeps the account:",
            0,
        ),
        link.to_owned(),
        wrap("If it was not you, set a new password after that: somebody else may know the old one.", 0),
    ];
    text("Your Kinfolio account is about to be deleted", &body, host)
}

/// The last mail to an address.
pub(crate) fn account_deleted(host: &str, at_us: i64) -> Text {
    let body = [
        wrap(&format!("Your account on {host} was deleted, with all that the server kept about it."), 0),
        format!("    {:<10}{}", "When", utc(at_us)),
        wrap(
            "Records on your phones are still there, and open without an account. This is the last mail.",
            0,
        ),
    ];
    text("Your Kinfolio account was deleted", &body, host)
}

/// What happened, when, and what to do.
pub(super) fn notice(subject: &str, sentence: &str, host: &str, at_us: i64) -> Text {
    let body = [
        wrap(sentence, 0),
        format!("    {:<10}{}", "When", utc(at_us)),
        wrap("Was it you? Then there is nothing to do.", 0),
        format!("If not:\n  {}", wrap(&format!("1. Change your password at {host}/account."), 5)),
        wrap("The account alone does not open your family's records.", 0),
    ];
    text(subject, &body, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_when_and_what_to_do() {
        let text = backup_code_used("sync.example.org", 6, 1_789_394_520_000_000);
        insta::assert_snapshot!(format!("Subject: {}\n\n{}", text.subject, text.body), @r"
        Subject: A backup code was used

        Somebody signed in to your account on sync.example.org with a backup
        code. 6 are left.

            When      14 Sept 2026, 14:02 UTC

        Was it you? Then there is nothing to do.

        If not:
          1. Change your password at sync.example.org/account.

        The account alone does not open your family's records.

        -- 
        Kinfolio on sync.example.org
        ");
    }
}
