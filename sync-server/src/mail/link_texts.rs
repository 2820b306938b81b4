//! Mails about signing in with another service.

use super::account_texts::notice;
use super::letter::{Text, text, wrap};
use crate::clock::utc;

/// A sign-in with another service was linked.
pub(crate) fn linked(host: &str, label: &str, at_us: i64) -> Text {
    let sentence = format!(
        "Your account on {host} is linked with a sign-in at {label}: who signs in there gets in without your password."
    );
    let body = [
        wrap(&sentence, 0),
        format!("    {:<10}{}", "When", utc(at_us)),
        wrap("Was it you? Then there is nothing to do.", 0),
        format!(
            "If not:\n  {}\n  {}",
            wrap(&format!("1. Change your password at {host}/account."), 5),
            wrap(
                "2. On the same page choose Linked sign-ins and unlink it: the new password alone does not.",
                5
            )
        ),
        wrap("The account alone does not open your family's records.", 0),
    ];
    text(&format!("{label} now signs in to Kinfolio"), &body, host)
}

/// It was unlinked.
pub(crate) fn unlinked(host: &str, label: &str, at_us: i64) -> Text {
    let sentence = format!(
        "Your account on {host} is no longer linked with a sign-in at {label}. Other browsers are signed out."
    );
    notice(&format!("{label} no longer signs in to Kinfolio"), &sentence, host, at_us)
}

/// Somebody from another service typed an address that has an account: the page says the same either way.
pub(crate) fn has_account_to_link(host: &str) -> Text {
    let body = [
        wrap(
            &format!(
                "Somebody, perhaps you, signed in with another service on {host} and gave this address."
            ),
            0,
        ),
        wrap(
            "It has an account already. Sign in as you did before, then choose Linked sign-ins on your account page.",
            0,
        ),
        wrap("Did not ask for it? Do nothing: nothing has changed.", 0),
    ];
    text("You already have a Kinfolio account", &body, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_of_a_link_says_what_it_opens_and_how_to_take_it_back() {
        let text = linked("sync.example.org", "Google", 1_789_394_520_000_000);
        insta::assert_snapshot!(format!("Subject: {}\n\n{}", text.subject, text.body), @r"
        Subject: Google now signs in to Kinfolio

        Your account on sync.example.org is linked with a sign-in at Google: who
        signs in there gets in without your password.

            When      14 Sept 2026, 14:02 UTC

        Was it you? Then there is nothing to do.

        If not:
          1. Change your password at sync.example.org/account.
          2. On the same page choose Linked sign-ins and unlink it: the new
             password alone does not.

        The account alone does not open your family's records.

        -- 
        Kinfolio on sync.example.org
        ");
    }
}
