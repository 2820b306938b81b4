//! What mails say: no family names, UTC, and no links but those that take something back (documents.md).

use super::letter::{Text, text, wrap};
use crate::clock::utc;

pub(crate) use super::account_texts::*;
pub(crate) use super::link_texts::*;

/// The one-time code. Never in the subject: lock screens show it.
pub(crate) fn code(host: &str, code: &str) -> Text {
    let (first, second) = code.split_at_checked(4).unwrap_or((code, ""));
    let body = [
        wrap(&format!("Your code for {host} is"), 0),
        format!("    {first} {second}"),
        wrap("Type it on the page that asked for it, within 10 minutes. Tell it to nobody.", 0),
        wrap("Did not ask for it? Do nothing: nothing has changed.", 0),
    ];
    text("Your Kinfolio code", &body, host)
}

/// The code that a browser needs before the password, after many wrong ones.
pub(crate) fn sign_in_code(host: &str, digits: &str) -> Text {
    let mut mail = code(host, digits);
    let why = "Many wrong passwords were typed for your account. Until you have signed in, a browser that has \
               not signed in before needs a code first. Nobody has got in, and your phones go on working.";
    if let Some(end) = mail.body.find("\n\n-- \n") {
        mail.body.insert_str(end, &format!("\n\n{}", wrap(why, 0)));
    }
    mail
}

/// Somebody asked for a code with an address that has an account: the page says the same either way.
pub(crate) fn has_account(host: &str) -> Text {
    let body = [
        wrap(&format!("Somebody, perhaps you, asked to create an account on {host} with this address."), 0),
        wrap("You already have one. Go back to the app and sign in with your password.", 0),
        wrap("Did not ask for it? Do nothing: nothing has changed.", 0),
    ];
    text("You already have a Kinfolio account", &body, host)
}

/// A device signed in.
pub(crate) fn new_sign_in(host: &str, device: &str, name: Option<&str>, with: &str, at_us: i64) -> Text {
    let shown = name.unwrap_or(device);
    let label = capitalised(device);
    let facts = format!(
        "    {label:<10}{}\n    {:<10}{}\n    {:<10}{with}",
        name.unwrap_or("without a name"),
        "When",
        utc(at_us),
        "With"
    );
    let body = [
        wrap(&format!("A {device} signed in to your account on {host}."), 0),
        facts,
        wrap("Was it you? Then there is nothing to do.", 0),
        format!(
            "If not:\n  {}\n  {}",
            wrap(
                &format!(
                    "1. In Kinfolio on a phone of yours, choose Safety, Devices and sign this {device} out."
                ),
                5
            ),
            wrap(&format!("2. Change your password at {host}/account."), 5)
        ),
        wrap("This sign-in alone does not open your family's records.", 0),
    ];
    text(&format!("New sign-in to Kinfolio: {shown}"), &body, host)
}

/// A sign-in that is no enrolled device fetched the grant to the recovery key. `own`: with the reader's account.
pub(crate) fn recovery_read(host: &str, own: bool, at_us: i64) -> Text {
    let whose = if own { "your account" } else { "another parent's account" };
    let body = [
        wrap(
            &format!(
                "Somebody signed in to {whose} on {host} and asked for the lock that the 12 words open."
            ),
            0,
        ),
        format!("    {:<10}{}", "When", utc(at_us)),
        wrap(
            "That is how a record is opened again when every phone is lost. Without the 12 words it opens nothing.",
            0,
        ),
        wrap("Was it one of you? Then there is nothing to do.", 0),
        format!(
            "If not:\n  {}\n  {}",
            wrap(
                "1. In Kinfolio on a phone of that account, choose Safety, Devices and sign out what you do not know.",
                5
            ),
            wrap("2. If somebody else may have seen the 12 words, make new ones there.", 5)
        ),
    ];
    text("Somebody asked to open your record with the 12 words", &body, host)
}

/// A refresh token was used a second time, and the sign-in was ended.
pub(crate) fn sync_stopped(host: &str, device: &str, name: Option<&str>, at_us: i64) -> Text {
    let your = format!("your {device}");
    let shown = name.unwrap_or(&your);
    let body = [
        wrap(&format!("{} was signed out of {host} on {}.", capitalised(shown), utc(at_us)), 0),
        wrap(
            &format!(
                "An old sign-in key of this {device} was used a second time. That can happen when a {device} is \
                 restored from a copy, or when somebody else has the key."
            ),
            0,
        ),
        wrap(&format!("Nothing is lost: the records are on the {device}, and new entries wait there."), 0),
        format!(
            "What to do:\n  {}\n  {}",
            wrap(&format!("1. In Kinfolio on {shown}, choose Sign in."), 5),
            wrap(
                &format!(
                    "2. If you did not restore that {device}, also change your password at {host}/account."
                ),
                5
            )
        ),
    ];
    text(&format!("Sync has stopped on {shown}"), &body, host)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::letter::WIDTH;
    use super::*;

    const HOST: &str = "sync.example.org";
    /// 14 September 2026, 14:02 UTC.
    const AT: i64 = 1_789_394_520_000_000;

    fn whole(text: &Text) -> String {
        format!("Subject: {}\n\n{}", text.subject, text.body)
    }

    #[test]
    fn the_code_mail_is_the_designs() {
        insta::assert_snapshot!(whole(&code(HOST, "48271936")), @r"
        Subject: Your Kinfolio code

        Your code for sync.example.org is

            4827 1936

        Type it on the page that asked for it, within 10 minutes. Tell it to
        nobody.

        Did not ask for it? Do nothing: nothing has changed.

        -- 
        Kinfolio on sync.example.org
        ");
    }

    #[test]
    fn the_sign_in_mail_says_what_where_and_when() {
        insta::assert_snapshot!(whole(&new_sign_in(HOST, "phone", Some("Pixel 8, Android"), "password", AT)), @r"
        Subject: New sign-in to Kinfolio: Pixel 8, Android

        A phone signed in to your account on sync.example.org.

            Phone     Pixel 8, Android
            When      14 Sept 2026, 14:02 UTC
            With      password

        Was it you? Then there is nothing to do.

        If not:
          1. In Kinfolio on a phone of yours, choose Safety, Devices and sign
             this phone out.
          2. Change your password at sync.example.org/account.

        This sign-in alone does not open your family's records.

        -- 
        Kinfolio on sync.example.org
        ");
    }

    #[test]
    fn the_stopped_mail_says_that_nothing_is_lost() {
        insta::assert_snapshot!(whole(&sync_stopped(HOST, "phone", Some("Pixel 8"), AT)), @r"
        Subject: Sync has stopped on Pixel 8

        Pixel 8 was signed out of sync.example.org on 14 Sept 2026, 14:02 UTC.

        An old sign-in key of this phone was used a second time. That can happen
        when a phone is restored from a copy, or when somebody else has the key.

        Nothing is lost: the records are on the phone, and new entries wait
        there.

        What to do:
          1. In Kinfolio on Pixel 8, choose Sign in.
          2. If you did not restore that phone, also change your password at
             sync.example.org/account.

        -- 
        Kinfolio on sync.example.org
        ");
    }

    #[test]
    fn the_recovery_mail_says_whose_account_it_was_and_what_to_do() {
        insta::assert_snapshot!(whole(&recovery_read(HOST, false, AT)), @r"
        Subject: Somebody asked to open your record with the 12 words

        Somebody signed in to another parent's account on sync.example.org and
        asked for the lock that the 12 words open.

            When      14 Sept 2026, 14:02 UTC

        That is how a record is opened again when every phone is lost. Without
        the 12 words it opens nothing.

        Was it one of you? Then there is nothing to do.

        If not:
          1. In Kinfolio on a phone of that account, choose Safety, Devices and
             sign out what you do not know.
          2. If somebody else may have seen the 12 words, make new ones there.

        -- 
        Kinfolio on sync.example.org
        ");
    }

    #[test]
    fn no_line_is_wider_than_72_columns_whatever_the_host() {
        let host = "a-rather-long-name-for-a-server.homes.example.co.uk:8443";
        let name = Some("Fairphone 5 of the family in the hall, Android");
        for text in [
            code(host, "00000000"),
            sign_in_code(host, "00000000"),
            has_account(host),
            new_sign_in(host, "computer", name, "password and code", AT),
            sync_stopped(host, "computer", name, AT),
            sync_stopped(host, "phone", None, AT),
            recovery_read(host, true, AT),
            recovery_read(host, false, AT),
            two_step_on(host, AT),
            two_step_off(host, AT),
            backup_codes_made(host, AT),
            backup_code_used(host, 7, AT),
            backup_code_used(host, 0, AT),
            first_step_known(host, false, AT),
            first_step_known(host, true, AT),
            linked(host, "A provider with a label of 32 letters", AT),
            unlinked(host, "A provider with a label of 32 letters", AT),
            has_account_to_link(host),
            password_changed(host, AT),
            no_account(host),
        ] {
            for line in text.body.lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
        }
    }
}
