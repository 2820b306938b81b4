//! The way that works: an account, a code, tokens, a second phone, signing out.

use serde_json::Value;
use support::browser::{Browser, mails_to, next_mail, query_of};
use support::postgres::ScratchPostgres;
use support::server::{InProcess, Listening};

use super::{App, EMAIL, PASSWORD};

async fn whole_way(mut browser: Browser, base: &str, mail: &std::path::Path) {
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
}

#[tokio::test]
async fn a_parent_signs_up_and_in_through_the_pages_on_the_embedded_store() {
    let server = Listening::start().await;
    whole_way(server.browser(), server.base(), &server.mail()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_parent_signs_up_and_in_through_the_pages_on_postgres() {
    let server = InProcess::start_on(&ScratchPostgres::shared().database()).await;
    whole_way(server.browser(), server.base(), &server.mail()).await;
}
