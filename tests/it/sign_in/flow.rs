//! The way that works: an account, a code, tokens, a second phone, signing out.

use serde_json::Value;
use support::browser::{mails_to, next_mail, query_of};
use support::engine::Engine;
use support::on_each_engine;

use super::{App, EMAIL, PASSWORD};

on_each_engine!(
    a_parent_signs_up_and_in_through_the_pages,
    a_real_browser_walks_through_all_of_sign_in_with_and_without_scripts_and_no_policy_is_broken,
);

async fn a_parent_signs_up_and_in_through_the_pages(engine: &Engine) {
    let server = engine.listening().await;
    let (mut browser, base, mail) = (server.browser(), server.base(), &server.mail());
    browser.register(EMAIL, PASSWORD, mail).await;
    let mut app = App::desktop(base);
    let callback = browser.authorize(&app.authorize_url()).await;
    assert!(callback.starts_with(&app.redirect_uri));
    assert_eq!(query_of(&callback, "iss").as_deref(), Some(base));
    assert_eq!(query_of(&callback, "state").as_deref(), Some(app.state.as_str()));
    app.redeem(&mut browser, &callback).await;
    let me = app.api(&mut browser, "GET", "/api/v1/me").await;
    let me: Value = serde_json::from_str(&me.text).unwrap();
    assert_eq!((&me["email"], &me["environment"]), (&EMAIL.into(), &"development".into()));
    let told = next_mail(mail, EMAIL, 1).await;
    assert!(told.contains("Subject: New sign-in to Kinfolio") && told.contains("A computer signed in"));
    app.refresh(&mut browser).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    let list = app.api(&mut browser, "GET", "/api/v1/sign-ins").await;
    let list: Value = serde_json::from_str(&list.text).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1);
    let revoked = app.revoke(&mut browser).await;
    assert_eq!(revoked.status, 200);
    let after = app.api(&mut browser, "GET", "/api/v1/me").await;
    assert_eq!(after.status, 401);
    assert!(after.header("www-authenticate").starts_with("Bearer"));
    // One code, one note of a new sign-in, nothing else: a later mail comes after all that went before.
    let page = browser.get("/reset").await;
    browser.fill(&page, "/reset", &[("email", "later@example.org")]).await;
    next_mail(mail, "later@example.org", 0).await;
    assert_eq!(mails_to(mail, EMAIL).len(), 2);
    server.stop().await;
}

async fn a_real_browser_walks_through_all_of_sign_in_with_and_without_scripts_and_no_policy_is_broken(
    engine: &Engine,
) {
    engine.place().await.web("walk.test.mjs");
}
