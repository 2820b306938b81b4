//! A lost authenticator app: a phone of the family, or the 12 words on a phone that has nothing, lets one sign-in through.

use super::phone::Phone;
use super::{ANN, BEN, ann, founded};
use crate::sign_in::clock;
use crate::sign_in::two_step::switch_on;
use kinfolio_core::Error;
use support::authenticator;
use support::browser::{Answer, Browser, mail_saying};
use support::engine::Engine;
use support::on_each_engine;
use support::phone::PASSWORD;
use support::server::InProcess;

on_each_engine!(
    a_phone_of_the_family_lets_one_sign_in_of_its_own_account_through_once,
    the_twelve_words_let_a_sign_in_through_from_a_phone_that_has_nothing,
    words_of_a_family_let_no_account_through_that_is_no_parent_there,
    a_family_that_a_thief_founded_with_the_account_stands_in_for_nothing_once_they_are_signed_out,
    since_two_step_sign_in_is_on_a_phone_comes_into_a_family_by_a_new_sign_in_only,
);

/// Ann switches two-step sign-in on.
async fn two_step_on(server: &InProcess) {
    authenticator::switch_on(&mut server.browser(), ANN, PASSWORD).await;
}

/// The 12 words of a phone's family, in force.
async fn paper(phone: &Phone) -> String {
    let words = phone.keys.make_recovery_words().unwrap().join(" ");
    phone.keys.confirm_recovery(&words).await.unwrap();
    words
}

/// A browser behind the right password, at the page for who has lost app and codes; and the digits on it.
async fn lost(server: &InProcess) -> (Browser, Answer, String) {
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let fields = [("email", ANN), ("password", PASSWORD)];
    let page = browser.fill(&page, "/login", &fields).await;
    let page = browser.get(&page.link("/login/lost").unwrap()).await;
    let digits =
        page.text.split("<p class=\"digits\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    (browser, page, digits)
}

fn is_refused(answer: Result<(), Error>) -> bool {
    matches!(answer, Err(Error::InvalidInput(why)) if why.contains("waits with these digits"))
}

async fn a_phone_of_the_family_lets_one_sign_in_of_its_own_account_through_once(server: &InProcess) {
    let (phone, ben) = super::two(server).await;
    two_step_on(server).await;
    let (mut browser, page, digits) = lost(server).await;
    let early = browser.fill(&page, "/login/approved", &[]).await;
    assert!(
        early.status == 422 && early.text.contains("Nobody has let this sign-in through yet"),
        "{}",
        early.text
    );
    assert!(is_refused(ben.keys.let_sign_in_through(&digits).await), "another account's phone");
    assert!(is_refused(phone.keys.let_sign_in_through("00000 00000").await));
    phone.keys.let_sign_in_through(&digits).await.unwrap();
    assert!(is_refused(phone.keys.let_sign_in_through(&digits).await), "once");
    // Another browser behind the same password gains nothing by it.
    let (mut thief, thiefs, _) = lost(server).await;
    assert_eq!(thief.fill(&thiefs, "/login/approved", &[]).await.status, 422);
    let done = browser.fill(&page, "/login/approved", &[]).await;
    assert!(done.is_in(), "{}", done.text);
    assert!(browser.get("/account/two-step").await.text.contains("It is on"), "it stays on");
    mail_saying(&server.mail(), ANN, "Subject: A sign-in was let through").await;
}

async fn the_twelve_words_let_a_sign_in_through_from_a_phone_that_has_nothing(server: &InProcess) {
    let phone = ann(server).await;
    let words = paper(&phone).await;
    two_step_on(server).await;
    let (mut browser, page, digits) = lost(server).await;
    let (family, new) = (phone.keys.place().unwrap().family, Phone::new("A new phone", server));
    let other = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let by = async |family, words: &str| {
        new.keys.let_sign_in_through_by_words(server.base(), family, words, &digits).await
    };
    assert!(is_refused(by(family, other).await), "other words");
    assert!(is_refused(by([7; 16], &words).await), "another family");
    assert!(matches!(by(family, "legal winner").await, Err(Error::InvalidInput(_))));
    by(family, &words).await.unwrap();
    assert!(is_refused(by(family, &words).await), "once");
    let done = browser.fill(&page, "/login/approved", &[]).await;
    assert!(done.is_in(), "{}", done.text);
    let told = mail_saying(&server.mail(), ANN, "Subject: A sign-in was let through").await;
    assert!(told.replace("\r\n", " ").contains("the 12 words of your family"), "{told}");
}

async fn words_of_a_family_let_no_account_through_that_is_no_parent_there(server: &InProcess) {
    let phone = ann(server).await;
    let ben = founded(server, "Ben's phone", BEN).await;
    let words = paper(&ben).await;
    two_step_on(server).await;
    let (_, _, digits) = lost(server).await;
    let bens = ben.keys.place().unwrap().family;
    let by_words = ben.keys.let_sign_in_through_by_words(server.base(), bens, &words, &digits).await;
    assert!(is_refused(by_words), "his words, her account");
    phone.keys.let_sign_in_through(&digits).await.unwrap();
}

async fn a_family_that_a_thief_founded_with_the_account_stands_in_for_nothing_once_they_are_signed_out(
    server: &InProcess,
) {
    let phone = ann(server).await;
    // With her password, from before two-step sign-in.
    let thief = Phone::new("A stranger's phone", server);
    thief.sign_in(server, ANN).await;
    thief.keys.turn_on_sync().await.unwrap();
    let words = paper(&thief).await;
    let theirs = thief.keys.place().unwrap().family;
    for sign_in in phone.account.sign_ins().await.unwrap().iter().filter(|sign_in| !sign_in.current) {
        // Of another family: it takes the password once more, which she typed just now.
        phone.account.end_sign_in(&sign_in.id).await.unwrap();
    }
    two_step_on(server).await;
    let (_, _, digits) = lost(server).await;
    assert!(is_refused(thief.keys.let_sign_in_through(&digits).await));
    let by_words = thief.keys.let_sign_in_through_by_words(server.base(), theirs, &words, &digits).await;
    assert!(is_refused(by_words));
    phone.keys.let_sign_in_through(&digits).await.unwrap();
}

async fn since_two_step_sign_in_is_on_a_phone_comes_into_a_family_by_a_new_sign_in_only(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let phone = ann(&server).await;
    // Signed in before, as a token is that was stolen then.
    let (late, founds) = (Phone::new("A late phone", &server), Phone::new("One that founds", &server));
    late.sign_in(&server, ANN).await;
    founds.sign_in(&server, ANN).await;
    let mut browser = server.browser();
    browser.log_in(ANN, PASSWORD).await;
    let (app, _) = switch_on(&mut browser, &clock).await;
    clock.advance(601);
    assert_eq!(founds.keys.turn_on_sync().await, Err(Error::TwoFactorRequired));
    assert!(matches!(late.keys.ask().await, Err(Error::TwoFactorRequired)));
    let mut again = server.browser();
    let page = again.log_in(ANN, PASSWORD).await;
    assert!(again.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await.is_in());
    late.authorize(&mut again, server.base()).await;
    late.join(&phone).await;
    let (_, _, digits) = lost(&server).await;
    late.keys.let_sign_in_through(&digits).await.unwrap();
}
