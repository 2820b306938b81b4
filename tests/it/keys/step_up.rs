//! The app is told to sign in once more, and its person does so in the one browser of the phone, which is still signed in.

use super::phone::Phone;
use super::{ANN, ann};
use crate::sign_in::clock;
use crate::sign_in::upstream::{by_owl, create_by_owl, maya, with_owl};
use kinfolio_core::Error;
use kinfolio_core::account::CLIENT_DESKTOP;
use serde_json::Value;
use support::browser::{Answer, Browser, code_from, mails_to, query_of};
use support::engine::Engine;
use support::line::Fate;
use support::on_each_engine;
use support::phone::{PASSWORD, REDIRECT};
use support::server::{InProcess, mail_is_out};

on_each_engine!(
    a_parent_signs_in_once_more_in_a_browser_that_is_still_signed_in_and_deletes_the_account,
    whoever_came_by_a_service_that_does_not_say_when_it_saw_them_deletes_the_account_by_a_mailed_code,
    a_sign_in_over_a_live_one_ends_that_at_the_server_and_one_that_could_not_be_told_ends_later,
);

/// Signs in once more: what the browser shows for the app's address.
async fn once_more(phone: &Phone, server: &InProcess, browser: &mut Browser) -> Answer {
    let url = phone.account.begin(server.base(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    assert_eq!(query_of(&url, "max_age").as_deref(), Some("600"));
    let answer = browser.get(&url).await;
    browser.follow(answer).await
}

async fn a_parent_signs_in_once_more_in_a_browser_that_is_still_signed_in_and_deletes_the_account(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (phone, mut browser) = (Phone::new("Ann's phone", &server), server.browser());
    phone.found_family(&mut browser, server.base(), ANN, &server.mail()).await;
    clock.advance(720);
    assert_eq!(phone.keys.delete_account().await, Err(Error::TwoFactorRequired));
    let page = once_more(&phone, &server, &mut browser).await;
    assert!(page.text.contains("show once more that it is you"), "{}", page.text);
    let page = browser.fill(&page, "/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let callback = browser.confirm(&page).await;
    phone.account.finish(&callback).await.unwrap();
    phone.keys.delete_account().await.unwrap();
}

async fn whoever_came_by_a_service_that_does_not_say_when_it_saw_them_deletes_the_account_by_a_mailed_code(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut person = maya();
    person["auth_time"] = Value::Null;
    let (phone, mut browser) = (Phone::new("Maya's phone", &server), server.browser());
    create_by_owl(&mut browser, &owl, &person).await;
    phone.authorize(&mut browser, server.base()).await;
    assert_eq!(phone.keys.delete_account().await, Err(Error::TwoFactorRequired));
    let page = once_more(&phone, &server, &mut browser).await;
    let start = page.link("/upstream/owl/start").unwrap();
    let page = by_owl(&mut browser, &owl, &start, &person).await;
    assert!(page.text.contains("Owl does not say that it asked you again"), "{}", page.text);
    let page = browser.fill(&page, "/login/again", &[]).await;
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), "maya@example.org");
    let code = code_from(mails.iter().find(|mail| mail.contains("Your Kinfolio code")).unwrap());
    let page = browser.fill(&page, "/login/again/code", &[("code", &code)]).await;
    let callback = browser.confirm(&page).await;
    phone.account.finish(&callback).await.unwrap();
    phone.keys.delete_account().await.unwrap();
    // One that does say it needs no mail, in a browser that is not signed in either.
    clock.advance(720);
    phone.account.keep_account().await.unwrap_err();
    let mut other = server.browser();
    let page = once_more(&phone, &server, &mut other).await;
    let start = page.link("/upstream/owl/start").unwrap();
    let mut seen = maya();
    seen["auth_time"] = (server.state.clock.now_us() / 1_000_000).into();
    let page = by_owl(&mut other, &owl, &start, &seen).await;
    let callback = other.confirm(&page).await;
    phone.account.finish(&callback).await.unwrap();
    phone.account.keep_account().await.unwrap();
}

async fn a_sign_in_over_a_live_one_ends_that_at_the_server_and_one_that_could_not_be_told_ends_later(
    server: &InProcess,
) {
    let phone = ann(server).await;
    let ids = async || {
        let list = phone.account.sign_ins().await.unwrap();
        list.into_iter().map(|item| (item.id, item.current)).collect::<Vec<_>>()
    };
    let before = ids().await;
    phone.sign_in(server, ANN).await;
    let after = ids().await;
    assert!(matches!(after[..], [(_, true)]), "one phone, one sign-in: {after:?}");
    assert_ne!(after, before);
    // The server can't be told: the new sign-in works, and the old one ends with the next refresh.
    phone.line.once("/oauth/revoke", Fate::Lost);
    phone.sign_in(server, ANN).await;
    let own = [(after[0].0.clone(), false)];
    assert!(matches!(&ids().await[..], [(_, true), old] if own.contains(old)));
    phone.keys.bind().await.unwrap();
    phone.clock().advance(900_000);
    assert!(matches!(ids().await[..], [(_, true)]));
    phone.sync().await;
}
