//! What mails say, word for word where it matters most.

use super::letter::{Text, WIDTH};
use super::texts::*;

const HOST: &str = "sync.example.org";
/// 14 September 2026, 14:02 UTC.
const AT: i64 = 1_789_394_520_000_000;
const LINK: &str =
    "https://a-rather-long-name-for-a-server.homes.example.co.uk:8443/undo?key=0123456789abcdefghij";

fn platform() -> Option<String> {
    Some("Android".to_owned())
}

fn phones() -> Vec<String> {
    let shown = "Pixel 8, Android, in its family since 3 Sept 2026, last from network 203.0.113.0/24";
    vec![shown.to_owned(), "One without a name".to_owned()]
}

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
    insta::assert_snapshot!(whole(&new_sign_in(HOST, "phone", Some("Pixel 8".to_owned()), platform(), "password and two-step code", true, AT)), @r"
    Subject: New sign-in to Kinfolio: Pixel 8

    A phone signed in to your account on sync.example.org.

        Phone     Pixel 8, Android
        When      14 Sept 2026, 14:02 UTC
        With      password and two-step code

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
    insta::assert_snapshot!(whole(&sync_stopped(HOST, "phone", Some("Pixel 8".to_owned()), true, AT)), @r"
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
    Subject: Somebody asked to open your records with the 12 words

    Somebody signed in to another parent's account on sync.example.org and
    asked for the lock that the 12 words open.

        When      14 Sept 2026, 14:02 UTC

    That is how records are opened again when every phone is lost. Without
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
fn a_notice_says_what_when_and_what_to_do() {
    let text = backup_code_used(HOST, 6, AT);
    insta::assert_snapshot!(whole(&text), @r"
    Subject: A backup code was used

    Somebody signed in to your account on sync.example.org with a backup
    code. 6 are left.

        When      14 Sept 2026, 14:02 UTC

    Was it you? Then there is nothing to do.

    If not:
      1. If you sign in with a password, change it at
         sync.example.org/account.
      2. If another service signs you in, change your password there.

    The account alone does not open your family's records.

    -- 
    Kinfolio on sync.example.org
    ");
}

#[test]
fn the_mail_of_a_new_password_lists_the_phones_that_stay_and_those_that_do_not() {
    let text = password_changed(HOST, phones(), vec!["Moto G".to_owned()], true, true, AT);
    insta::assert_snapshot!(whole(&text), @r#"
    Subject: Your Kinfolio password was changed

    The password of your account on sync.example.org was changed. Browsers
    and phones outside your family are signed out.

        When      14 Sept 2026, 14:02 UTC

    Signed out with them, because this account has been in their family for
    less than 30 days:
      - Moto G
    If that is yours, sign in on it again: nothing on it is lost.

    Still signed in:
      - Pixel 8, Android, in its family since 3 Sept 2026, last from network
         203.0.113.0/24
      - One without a name

    The account was to be deleted. The new password has stopped that:
    whoever meant it begins it anew at sync.example.org/account.

    Two-step sign-in stays on: somebody had asked to have it removed, and
    the new password has stopped that.

    Was it you? Then look whether you know each phone: others are signed out
    at sync.example.org/account, Phones and computers.

    If not:
      1. At sync.example.org/login choose "Forgot your password?" and set a
         new one.

    The account alone does not open your family's records.

    -- 
    Kinfolio on sync.example.org
    "#);
}

#[test]
fn the_mail_of_a_link_says_what_it_opens_and_how_to_take_it_back() {
    let text = linked(HOST, "Google", true, AT);
    insta::assert_snapshot!(whole(&text), @r"
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

#[test]
fn what_to_do_about_a_strange_linked_sign_in_is_done_where_it_is() {
    insta::assert_snapshot!(whole(&first_step_known(HOST, true, AT)), @r"
    Subject: Somebody may use your linked sign-in

    Somebody came to your account on sync.example.org by a linked sign-in,
    and then typed five wrong codes. Two-step sign-in has kept them out.

        When      14 Sept 2026, 14:02 UTC

    Was it you? Then there is nothing to do.

    If not:
      1. Change your password at that other service: a new one here does not
         keep them from coming.
      2. If you sign in another way, too, choose Linked sign-ins at
         sync.example.org/account and unlink it.

    The account alone does not open your family's records.

    -- 
    Kinfolio on sync.example.org
    ");
}

/// Without the breaks of its lines.
fn flat(text: &Text) -> String {
    text.body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_mail_before_a_deletion_says_that_the_familys_copy_goes_too_and_when_it_is_put_off() {
    let copy = "The sealed copy of your family's records on the server goes with it";
    let later = "later than you were told";
    for (families, put_off) in [(false, false), (true, false), (true, true)] {
        let said = flat(&deletion_asked(HOST, families, put_off, LINK, AT));
        assert_eq!((said.contains(copy), said.contains(later)), (families, put_off), "{said}");
    }
}

#[test]
fn no_mail_speaks_of_a_password_to_who_may_have_none_or_of_more_deleted_than_is() {
    let approved = flat(&sign_in_approved(HOST, false, AT));
    assert!(!approved.contains("with the password") && approved.contains("stood in for the code"));
    for mail in [two_step_off(HOST, AT), removal_asked(HOST, LINK, AT)] {
        let said = flat(&mail);
        assert!(!said.contains("password only") && said.contains("asks for no code"), "{said}");
    }
    let gone = flat(&account_deleted(HOST, AT));
    assert!(!gone.contains("all that the server kept") && gone.contains("lines of its log stay"), "{gone}");
}

#[test]
fn an_account_without_a_password_is_told_what_it_can_do_instead_of_changing_one() {
    let here = "sync.example.org/account.";
    let mails = |password| {
        [
            new_sign_in(HOST, "phone", None, platform(), "linked sign-in", password, AT),
            linked(HOST, "Owl", password, AT),
            sync_stopped(HOST, "phone", None, password, AT),
        ]
        .map(|text| whole(&text).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    for (with, without) in mails(true).iter().zip(&mails(false)) {
        let elsewhere = |mail: &str| mail.contains("hange your password at the service that signs you in");
        assert!(with.contains(&format!("hange your password at {here}")) && !elsewhere(with), "{with}");
        assert!(!without.contains(&format!("your password at {here}")) && elsewhere(without), "{without}");
    }
    let [signed_in, linked, _] = mails(false);
    assert!(signed_in.contains("sign this phone out"), "{signed_in}");
    assert!(signed_in.contains("Linked sign-ins, and unlink what you do not know"), "{signed_in}");
    assert!(linked.contains("choose Linked sign-ins and unlink it"), "{linked}");
    assert!(
        linked.contains("choose Devices, and sign out") && !linked.contains("without your password"),
        "{linked}"
    );
}

#[test]
fn no_line_is_wider_than_72_columns_whatever_the_host() {
    let host = "a-rather-long-name-for-a-server.homes.example.co.uk:8443";
    let name = || Some("Fairphone 5 of the family in the hall, Android".to_owned());
    for text in [
        code(host, "00000000"),
        sign_in_code(host, "00000000"),
        has_account(host),
        new_sign_in(host, "computer", name(), platform(), "linked sign-in and two-step code", true, AT),
        new_sign_in(host, "computer", name(), platform(), "linked sign-in and two-step code", false, AT),
        sync_stopped(host, "computer", name(), true, AT),
        sync_stopped(host, "phone", None, false, AT),
        recovery_read(host, true, AT),
        recovery_read(host, false, AT),
        two_step_on(host, LINK, AT),
        two_step_off(host, AT),
        backup_codes_made(host, AT),
        backup_code_used(host, 7, AT),
        backup_code_used(host, 0, AT),
        mailbox_known(host, AT),
        first_step_known(host, false, AT),
        first_step_known(host, true, AT),
        linked(host, "A provider with a label of 32 letters", true, AT),
        linked(host, "A provider with a label of 32 letters", false, AT),
        unlinked(host, "A provider with a label of 32 letters", AT),
        one_more_family(host, AT),
        has_account_to_link(host),
        password_changed(host, phones(), phones(), true, true, AT),
        password_changed(host, vec![], vec![], false, false, AT),
        no_account(host),
        erasure_ordered(host, AT),
        erasure_stopped(host, AT),
        family_erased(host, AT),
        address_in_use(host),
        address_put_back(host),
        address_changed(host, "somebody@example.org", LINK, AT),
        removal_asked(host, LINK, AT),
        deletion_asked(host, false, false, LINK, AT),
        deletion_asked(host, true, true, LINK, AT),
        account_deleted(host, AT),
        sign_in_approved(host, true, AT),
        sign_in_approved(host, false, AT),
    ] {
        // A link stands on a line of its own, however long.
        for line in text.body.lines().filter(|line| *line != LINK) {
            assert!(!line.contains("http") && line.chars().count() <= WIDTH, "{line}");
        }
    }
}
