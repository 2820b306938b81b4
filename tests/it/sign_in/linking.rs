//! Linking and unlinking: by a fresh sign-in, with a mail each, and never the last way in, on both engines.

use serde_json::json;
use support::browser::{Answer, Browser, code_from, mail_saying, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::provider::Provider;

use super::account::{NEW_PASSWORD, enrol, sign_in_of};
use super::upstream::{by_owl, create_by_owl, maya, with_owl, with_owl_and_elk};
use super::{App, EMAIL, PASSWORD, clock};

on_each_engine!(
    asvs_7_5_1_a_linked_sign_in_opens_the_account_until_it_is_unlinked_and_its_person_is_told,
    asvs_7_4_3_unlinking_ends_every_sign_in_outside_a_family_and_the_familys_phones_that_are_ticked,
    nobody_is_made_to_link_a_strangers_identity_to_their_account,
    an_identity_that_has_an_account_is_linked_to_no_other,
    the_last_way_into_an_account_is_not_unlinked_until_there_is_a_password,
    of_two_last_ways_unlinked_at_once_one_stays,
    putting_an_address_back_unlinks_what_a_thief_may_have_linked,
    what_is_linked_stands_in_the_account_data_and_goes_with_the_account,
    no_mail_tells_an_account_without_a_password_to_change_it,
);

/// Links Maya's identity at a provider to the account that the browser is signed in to.
async fn link(browser: &mut Browser, provider: &Provider, name: &str) -> Answer {
    let page = browser.get("/account/linked").await;
    let start = page.link(&format!("/upstream/{name}/start")).expect("an offer to link");
    let page = by_owl(browser, provider, &start, &maya()).await;
    assert!(page.url == "/account/linked/new" && page.text.contains(EMAIL), "{}", page.text);
    browser.fill(&page, "/account/linked/new", &[]).await
}

/// The page that asks whether to unlink the first one listed.
async fn ask_unlink(browser: &mut Browser) -> Answer {
    let page = browser.get("/account/linked").await;
    let start = page.text.find("aria-label=\"Unlink").expect("something to unlink");
    let href = page.text[..start].rfind("/account/linked/").unwrap();
    let href = page.text[href..].split('"').next().unwrap().to_owned();
    browser.get(&href).await
}

async fn asvs_7_5_1_a_linked_sign_in_opens_the_account_until_it_is_unlinked_and_its_person_is_told(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, false).await;

    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let page = link(&mut browser, &owl, "owl").await;
    assert!(page.text.contains("Linked on 14 Sept 2026"), "{}", page.text);
    assert!(page.link("/upstream/owl/start").is_none(), "one of a service is enough");
    let mail = mail_saying(&server.mail(), EMAIL, "Owl now signs in to Kinfolio").await;
    assert!(mail.contains("unlink it"), "{mail}");
    let overview = browser.get("/account").await;
    assert!(overview.text.contains("Linked sign-ins") && overview.text.contains("Owl"));
    let mut other = server.browser();
    assert!(by_owl(&mut other, &owl, "/upstream/owl/start", &maya()).await.is_in());
    let page = ask_unlink(&mut browser).await;
    assert!(page.text.contains("<h1>Unlink Owl?</h1>"), "{}", page.text);
    let page = browser.fill(&page, "/account/linked/", &[]).await;
    assert!(page.link("/upstream/owl/start").is_some(), "{}", page.text);
    mail_saying(&server.mail(), EMAIL, "Owl no longer signs in to Kinfolio").await;
    assert!(other.get("/account").await.location().is_some(), "what it opened elsewhere is ended");
    assert_eq!(browser.get("/account").await.status, 200, "this browser goes on");
    let page = by_owl(&mut server.browser(), &owl, "/upstream/owl/start", &maya()).await;
    assert!(!page.is_in(), "{}", page.text);
    let activity = browser.get("/account/activity").await.text;
    assert!(activity.contains("another service linked") && activity.contains("another service unlinked"));
    // The mails: a code at registration, linked, unlinked.
    assert_eq!(mails_to(&server.mail(), EMAIL).len(), 3);
}

async fn asvs_7_4_3_unlinking_ends_every_sign_in_outside_a_family_and_the_familys_phones_that_are_ticked(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    link(&mut browser, &owl, "owl").await;
    // Three phones that came by Owl; two of them became a family's.
    let mut phones = Vec::new();
    for _ in 0..3 {
        let (mut came, mut phone) = (server.browser(), App::phone(server.base()));
        let page = came.get(&phone.authorize_url()).await;
        let page = came.follow(page).await;
        let page = by_owl(&mut came, &owl, &page.link("/upstream/owl/start").unwrap(), &maya()).await;
        let callback = came.confirm(&page).await;
        phone.redeem(&mut came, &callback).await;
        phones.push(phone);
    }
    let mut signs_in = Vec::new();
    for phone in &phones[..2] {
        let sign_in = sign_in_of(phone, &mut browser).await;
        enrol(&server, &sign_in).await;
        signs_in.push(sign_in);
    }
    let page = ask_unlink(&mut browser).await;
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 2, "{}", page.text);
    let tick = format!("out-{}", signs_in[1]);
    let page = browser.fill(&page, "/account/linked/", &[(&tick, "yes")]).await;
    assert!(page.url == "/account/linked" && page.status == 200, "this browser goes on: {}", page.text);
    for (phone, status) in phones.iter().zip([200, 401, 401]) {
        assert_eq!(phone.api(&mut server.browser(), "GET", "/api/v1/me").await.status, status);
    }
}

async fn nobody_is_made_to_link_a_strangers_identity_to_their_account(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, false).await;

    let (mut maya_s, mut ben) = (server.browser(), server.browser());
    maya_s.register(EMAIL, PASSWORD, &server.mail()).await;
    ben.register("ben@example.org", PASSWORD, &server.mail()).await;
    let start = "/upstream/owl/start?for=link&next=linked";
    // Without a session, or with one that is not fresh, nothing begins.
    let stranger = server.browser().get(start).await;
    assert_eq!(stranger.location(), Some("/login?next=linked"));
    // Another site can send Maya's browser there and back, but the last word is a form of ours.
    let page =
        by_owl(&mut maya_s, &owl, start, &json!({ "sub": "mallory", "email": "m@evil.example" })).await;
    assert!(page.text.contains("m@evil.example"), "she sees who: {}", page.text);
    assert!(!maya_s.get("/account/linked").await.text.contains("Linked on"), "nothing is linked yet");
    let forged = maya_s.post("/account/linked/new", &[("csrf", "made-up")]).await;
    assert_eq!((forged.status, forged.link("/account/linked")), (400, Some("/account/linked".to_owned())));
    assert!(!maya_s.get("/account/linked").await.text.contains("Linked on"), "nor by a made-up form");
    // What came back for Maya is nothing for Ben, in the same browser even.
    let (sid, tx) = (ben.cookie("sid").unwrap().to_owned(), maya_s.cookie("tx").unwrap().to_owned());
    let mut shared = server.browser();
    shared.set_cookie("sid", Some(&sid));
    shared.set_cookie("tx", Some(&tx));
    assert_eq!(shared.get("/account/linked/new").await.location(), Some("/account/linked"));
    // Grown old, the form asks for a fresh sign-in.
    clock.advance(600);
    let (_, fields) = page.form("/account/linked/new").unwrap();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let old = maya_s.post("/account/linked/new", &fields).await;
    assert_eq!(old.location(), Some("/login?next=linked"));
    let count = "SELECT 1 FROM upstream_links";
    assert!(server.state.store.account_read(move |tx| tx.query(count, &[])).await.unwrap().is_empty());
    clock.advance(-600);
}

async fn an_identity_that_has_an_account_is_linked_to_no_other(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    let mut ben = server.browser();
    ben.register("ben@example.org", PASSWORD, &server.mail()).await;
    let page = ben.get("/account/linked").await;
    let start = page.link("/upstream/owl/start").unwrap();
    let page = by_owl(&mut ben, &owl, &start, &maya()).await;
    assert!(page.status == 409 && page.text.contains("Owl has another account here"), "{}", page.text);
    assert!(!page.text.contains(EMAIL), "whose it is stays unsaid");
    assert_eq!(ben.get("/account/linked/new").await.location(), Some("/account/linked"));
    // Its own account links it twice to no effect.
    let mut again = server.browser();
    by_owl(&mut again, &owl, "/upstream/owl/start", &maya()).await;
    let page = by_owl(&mut again, &owl, "/upstream/owl/start?for=link&next=linked", &maya()).await;
    assert!(page.url == "/account/linked" && page.status == 200, "{}", page.text);
}

async fn no_mail_tells_an_account_without_a_password_to_change_it(engine: &Engine) {
    let clock = clock();
    let (owl, elk, server) = with_owl_and_elk(engine, &clock).await;
    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    link(&mut browser, &elk, "elk").await;
    let mut app = App::phone(server.base());
    let callback = browser.authorize(&app.authorize_url()).await;
    app.redeem(&mut browser, &callback).await;
    // A refresh token that comes once more after its successor was used.
    let old = app.refresh.clone();
    app.refresh(&mut browser).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    assert_eq!(app.try_refresh(&mut browser, &old).await.status, 400);
    for subject in ["Elk now signs in", "New sign-in to Kinfolio", "Sync has stopped"] {
        let mail = mail_saying(&server.mail(), EMAIL, subject).await;
        let mail = mail.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(mail.contains("hange your password at the service that signs you in"), "{mail}");
        assert_eq!(mail.matches("your password").count(), 1, "{mail}");
    }
}

async fn the_last_way_into_an_account_is_not_unlinked_until_there_is_a_password(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    let overview = browser.get("/account").await;
    assert!(
        overview.text.contains("<dd>None</dd>") && overview.text.contains("Set a password"),
        "{}",
        overview.text
    );
    assert_eq!(browser.get("/account/password").await.location(), Some("/reset"), "where one is set");
    let page = ask_unlink(&mut browser).await;
    assert!(page.text.contains("your only way to sign in") && page.link("/reset").is_some());
    let path = format!("{}/unlink", page.url);
    let csrf = browser.get("/account").await.csrf();
    let answer = browser.post(&path, &[("csrf", &csrf)]).await;
    assert_eq!(answer.status, 409, "not by hand either: {}", answer.text);
    // A wrong password opens nothing where there is none.
    let answer = server.browser().log_in(EMAIL, "").await;
    assert_eq!(answer.status, 422);
    // By the reset's way a password is set, and then it goes.
    let before = mails_to(&server.mail(), EMAIL).len();
    let page = browser.get("/reset").await;
    let page = browser.fill(&page, "/reset", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, before).await);
    let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    let page = browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    assert!(page.text.contains("/account/linked"), "a new password leaves linked sign-ins: {}", page.text);
    let page = ask_unlink(&mut browser).await;
    let page = browser.fill(&page, "/account/linked/", &[]).await;
    assert!(page.status == 200 && page.link("/upstream/owl/start").is_some(), "{}", page.text);
    assert!(server.browser().log_in(EMAIL, NEW_PASSWORD).await.is_in());
}

async fn of_two_last_ways_unlinked_at_once_one_stays(engine: &Engine) {
    let clock = clock();
    let (owl, elk, server) = with_owl_and_elk(engine, &clock).await;

    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    link(&mut browser, &elk, "elk").await;
    let page = browser.get("/account/linked").await;
    let ids = page.text.split("/account/linked/").skip(1).map(|part| part[..32].to_owned());
    let ids: Vec<String> = ids.collect();
    assert_eq!(ids.len(), 2);
    let cookies = ["sid", "tx"].map(|name| browser.cookie(name).unwrap().to_owned());
    let csrf = browser.get(&format!("/account/linked/{}", ids[0])).await.csrf();
    let mut tasks = Vec::new();
    for id in ids {
        let (mut twin, cookies, csrf) = (server.browser(), cookies.clone(), csrf.clone());
        twin.set_cookie("sid", Some(&cookies[0]));
        twin.set_cookie("tx", Some(&cookies[1]));
        let path = format!("/account/linked/{id}/unlink");
        tasks.push(tokio::spawn(async move { twin.post(&path, &[("csrf", &csrf)]).await.status }));
    }
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

async fn putting_an_address_back_unlinks_what_a_thief_may_have_linked(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, false).await;

    let mut thief = server.browser();
    thief.register(EMAIL, PASSWORD, &server.mail()).await;
    link(&mut thief, &owl, "owl").await;
    let page = thief.get("/account/email").await;
    let page = thief.fill(&page, "/account/email", &[("email", "thief@example.org")]).await;
    let code = code_from(&next_mail(&server.mail(), "thief@example.org", 0).await);
    thief.fill(&page, "/account/email/code", &[("code", &code)]).await;
    let mail = mail_saying(&server.mail(), EMAIL, "puts the old address back").await;
    let way = mail.split_whitespace().find(|word| word.contains("/undo?key=")).unwrap().to_owned();
    let mut owner = server.browser();
    let page = owner.get(&way).await;
    assert!(page.text.contains("linked sign-ins are unlinked"), "{}", page.text);
    owner.fill(&page, "/undo", &[]).await;
    let page = by_owl(&mut server.browser(), &owl, "/upstream/owl/start", &maya()).await;
    assert!(!page.is_in(), "{}", page.text);
}

async fn what_is_linked_stands_in_the_account_data_and_goes_with_the_account(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    let page = browser.get("/account/data").await;
    let file = browser.get(&page.link("/account/data/").unwrap()).await;
    let data: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    let linked = &data["linked_sign_ins"][0];
    assert_eq!(linked["service"], owl.issuer());
    assert_eq!(linked["known_there_as"], "maya-at-owl");
    assert_eq!(linked["linked_at"], "2026-09-14T14:02:00Z");
    let gone = "DELETE FROM users";
    server.state.store.account(move |tx| tx.execute(gone, &[])).await.unwrap();
    let count = "SELECT 1 FROM upstream_links";
    assert!(server.state.store.account_read(move |tx| tx.query(count, &[])).await.unwrap().is_empty());
}
