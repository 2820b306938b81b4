//! The whole round with a provider that nobody here wrote, npm oidc-provider, certified for OpenID Connect, on both engines:
//! its own pages, its own signatures, its own time.

use std::sync::Arc;

use kinfolio_server::clock::SystemClock;
use support::browser::{Answer, Browser, mail_saying, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;
use support::web::Issuer;

use super::two_step::Authenticator;
use super::upstream::proves_nothing;
use super::{App, EMAIL, PASSWORD};

on_each_engine!(
    a_certified_provider_creates_finds_and_asks_again_and_the_second_step_stays,
    a_certified_provider_is_linked_and_unlinked_and_links_nothing_by_an_address,
    rfc_9700_28_a_certified_provider_that_calls_an_address_unverified_links_and_proves_nothing,
    who_says_no_at_a_certified_provider_is_led_back_calmly,
);

const CLIENT_ID: &str = "kinfolio";
const CLIENT_SECRET: &str = "a secret & more: 100%";
const BACK: &str = "http://127.0.0.1:8484/upstream/garden/callback";

async fn with_garden(engine: &Engine, trusts_email: bool) -> (Issuer, InProcess) {
    with(engine, Issuer::provider(CLIENT_ID, CLIENT_SECRET, &[BACK]), trusts_email).await
}

async fn with(engine: &Engine, garden: Issuer, trusts_email: bool) -> (Issuer, InProcess) {
    let trusts = if trusts_email { "yes" } else { "no" };
    let variables = [
        ("ISSUER", garden.url()),
        ("LABEL", "Garden"),
        ("CLIENT_ID", CLIENT_ID),
        ("CLIENT_SECRET", CLIENT_SECRET),
        ("TRUSTS_EMAIL", trusts),
    ];
    let add = |config: &mut kinfolio_server::Config| {
        config.upstream.upstream.push("garden".into());
        let named =
            variables.map(|(what, value)| (format!("KINFOLIO_UPSTREAM_GARDEN_{what}"), value.to_owned()));
        config.upstream.variables.extend(named);
    };
    let server = engine.server_with(add, Arc::new(SystemClock)).await;
    (garden, server)
}

/// The first form of a page of the provider's, sent with these fields more.
async fn send_form(browser: &mut Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some(tag[start..].split('"').next()?.to_owned())
    };
    let form = page.text.split("<form").nth(1).unwrap_or_else(|| panic!("a form: {}", page.text));
    let form = form.split("</form>").next().unwrap();
    let action = attribute(form, "action").expect("where it leads");
    let hidden: Vec<(String, String)> = form
        .split("<input")
        .skip(1)
        .filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect();
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (&**name, &**value)).collect();
    all.extend_from_slice(fields);
    let answer = browser.post(&action, &all).await;
    follow_there(browser, answer).await
}

/// Follows the provider's redirects until a page of its, or the way back.
async fn follow_there(browser: &mut Browser, mut answer: Answer) -> Answer {
    for _ in 0..10 {
        match answer.location().map(str::to_owned) {
            Some(next) if !next.starts_with(BACK) => answer = browser.get(&next).await,
            _ => return answer,
        }
    }
    panic!("the provider leads in circles");
}

/// Walks the provider's pages as `name`, and gives the address that leads back.
async fn agree(there: &mut Browser, location: &str, name: &str) -> String {
    let answer = there.get(location).await;
    let mut page = follow_there(there, answer).await;
    for _ in 0..3 {
        if let Some(back) = page.location() {
            return back.to_owned();
        }
        // Signing in first, then agreeing; only the first form has a field for a name.
        let fields = [("login", name), ("password", "any")];
        let fields = if page.text.contains("name=\"login\"") { &fields[..] } else { &[] };
        page = send_form(there, &page, fields).await;
    }
    page.location().unwrap_or_else(|| panic!("back: {}", page.text)).to_owned()
}

/// From a page of ours to the provider and back, in the browser `there` for its side.
async fn by_garden(here: &mut Browser, there: &mut Browser, start: &str, name: &str) -> Answer {
    let sent = here.get(start).await;
    let location = sent.location().unwrap_or_else(|| panic!("to the provider: {}", sent.text)).to_owned();
    let back = agree(there, &location, name).await;
    assert!(query_of(&back, "iss").is_some(), "it says whose answer it is: {back}");
    let answer = here.get(&back).await;
    here.follow(answer).await
}

async fn a_certified_provider_creates_finds_and_asks_again_and_the_second_step_stays(engine: &Engine) {
    let (garden, server) = with_garden(engine, true).await;
    let start = "/upstream/garden/start";

    let (mut browser, mut there) = (server.browser(), Browser::new(garden.url()));
    let mut app = App::phone(server.base());
    let page = browser.get(&app.authorize_url()).await;
    let page = browser.follow(page).await;
    assert!(page.text.contains("Continue with Garden"), "{}", page.text);
    let with_request = page.link(start).unwrap();
    let page = by_garden(&mut browser, &mut there, &with_request, "maya").await;
    assert!(page.text.contains("Create an account with Garden?") && page.text.contains(EMAIL));
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    // Another browser of ours, still signed in there: no page of the provider's in between.
    let mut second = server.browser();
    assert!(by_garden(&mut second, &mut there, start, "nobody is asked").await.is_in());
    // Two-step sign-in, once the provider has asked its person again, and the code after the provider.
    assert_eq!(browser.get("/account/two-step").await.location(), Some("/login?next=two-step"));
    let page = by_garden(&mut browser, &mut there, &format!("{start}?next=two-step"), "maya").await;
    let page = browser.fill(&page, "/account/two-step", &[]).await;
    let authenticator = Authenticator::typed_from(&page);
    let page = browser.fill(&page, "/account/two-step/new", &[("code", &authenticator.now())]).await;
    let paper = page.text.split("<li>").nth(1).and_then(|item| item.split('<').next()).unwrap().to_owned();
    let mut third = server.browser();
    let page = by_garden(&mut third, &mut there, start, "maya").await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>") && third.cookie("sid").is_none());
    let page = third.get("/login/backup-code").await;
    assert!(third.fill(&page, "/login/backup-code", &[("code", &paper)]).await.is_in());
    // To change something the provider asks its person again, and says when it did.
    let again = format!("{start}?next=password");
    let sent = third.get(&again).await;
    let answer = there.get(sent.location().unwrap()).await;
    let page = follow_there(&mut there, answer).await;
    assert!(page.text.contains("name=\"login\""), "asked anew: {}", page.text);
    let page = by_garden(&mut third, &mut there, &again, "maya").await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
}

async fn a_certified_provider_is_linked_and_unlinked_and_links_nothing_by_an_address(engine: &Engine) {
    let (garden, server) = with_garden(engine, true).await;
    let start = "/upstream/garden/start";

    let (mut browser, mut there) = (server.browser(), Browser::new(garden.url()));
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let mut stranger = server.browser();
    let page = by_garden(&mut stranger, &mut there, start, "maya").await;
    assert!(page.status == 409 && page.text.contains("You have an account already"), "{}", page.text);
    let page = browser.get("/account/linked").await;
    let page = by_garden(&mut browser, &mut there, &page.link(start).unwrap(), "maya").await;
    assert!(page.text.contains("Link Garden?") && page.text.contains(EMAIL), "{}", page.text);
    browser.fill(&page, "/account/linked/new", &[]).await;
    mail_saying(&server.mail(), EMAIL, "Garden now signs in to Kinfolio").await;
    assert!(by_garden(&mut stranger, &mut there, start, "maya").await.is_in());
    let page = browser.get("/account/linked").await;
    let id = page.text.split("/account/linked/").nth(1).unwrap()[..32].to_owned();
    let page = browser.get(&format!("/account/linked/{id}")).await;
    browser.fill(&page, "/account/linked/", &[]).await;
    let page = by_garden(&mut server.browser(), &mut there, start, "maya").await;
    assert!(page.status == 409, "{}", page.text);
}

/// Trusted for what it says, and it says `email_verified: false`.
async fn rfc_9700_28_a_certified_provider_that_calls_an_address_unverified_links_and_proves_nothing(
    engine: &Engine,
) {
    let unproven = Issuer::provider_of_unproven_addresses(CLIENT_ID, CLIENT_SECRET, &[BACK]);
    let (garden, server) = with(engine, unproven, true).await;
    let (mut parent, start) = (server.browser(), "/upstream/garden/start");
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    for name in ["maya", "nina"] {
        let (mut browser, mut there) = (server.browser(), Browser::new(garden.url()));
        let page = by_garden(&mut browser, &mut there, start, name).await;
        assert!(page.text.contains(&format!("{name}@example.org")), "it did tell the address: {}", page.text);
        proves_nothing(&server, &mut browser, &page).await;
        // What is typed there takes a code of ours; where there is an account, its mailbox hears of it, and nothing else.
        let email = format!("{name}@example.org");
        let page = browser.fill(&page, "/register/linked", &[("email", &email)]).await;
        assert!(page.text.contains("Type the code from your mail"), "{}", page.text);
        let words = if name == "maya" { "choose Linked sign-ins" } else { "code for" };
        mail_saying(&server.mail(), &email, words).await;
        let page = browser.fill(&page, "/register/linked/code", &[("code", "0000 0000")]).await;
        assert!(page.text.contains("That code did not match"), "{}", page.text);
        let page = browser.get("/register/linked").await;
        proves_nothing(&server, &mut browser, &page).await;
    }
    let linked = parent.get("/account/linked").await;
    assert!(linked.text.contains("Link Garden") && !linked.text.contains("Unlink"), "{}", linked.text);
}

async fn who_says_no_at_a_certified_provider_is_led_back_calmly(engine: &Engine) {
    let (garden, server) = with_garden(engine, false).await;

    let (mut browser, mut there) = (server.browser(), Browser::new(garden.url()));
    let sent = browser.get("/upstream/garden/start").await;
    let answer = there.get(sent.location().unwrap()).await;
    let page = follow_there(&mut there, answer).await;
    let abort = page.text.split("href=\"").find(|part| part.contains("/abort\"")).expect("a way to say no");
    let answer = there.get(abort.split('"').next().unwrap()).await;
    let back = follow_there(&mut there, answer).await;
    let back = back.location().expect("the way back").to_owned();
    assert_eq!(query_of(&back, "error").as_deref(), Some("access_denied"), "{back}");
    let page = browser.get(&back).await;
    assert!(page.status == 422 && page.text.contains("Garden did not sign you in"), "{}", page.text);
    assert!(browser.cookie("sid").is_none());
    // By a provider whose word is not trusted, the address takes a code of ours.
    let page = by_garden(&mut browser, &mut there, "/upstream/garden/start", "maya").await;
    assert!(page.url == "/register/linked" && page.text.contains(EMAIL), "{}", page.text);
}
