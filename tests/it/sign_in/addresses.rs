//! Every address that shows a page is looked at: in a real browser, and for where its links and forms lead.

use std::collections::BTreeSet;

use kinfolio_server::router::{Plane, routes};
use serde_json::json;
use support::browser::{Answer, Browser, code_from, mail_saying, next_mail, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::provider::Provider;
use support::server::InProcess;

use super::reset::ask_on;
use super::two_step::Authenticator;
use super::upstream::by_owl;
use super::{App, EMAIL, PASSWORD, signed_in};

on_each_engine!(no_page_links_to_an_address_that_is_not_there);

/// What the router shows; `/` and the way to another service only lead on, and assets and files are no pages.
fn page_addresses() -> Vec<&'static str> {
    let leads_on = |path: &str| path == "/" || path.ends_with("/start");
    let shows = |path: &str| !leads_on(path) && !path.starts_with("/assets/") && !path.ends_with(".json");
    let table = routes();
    let pages = table.iter().filter(|route| route.plane == Plane::Page && route.method == "GET");
    pages.map(|route| route.path).filter(|path| shows(path)).collect()
}

/// The row of the router's table for a path, where an id is 32 hex digits.
fn row_of(target: &str) -> String {
    let path = target.split('?').next().unwrap();
    let parts: Vec<&str> = path.split('/').map(|part| if part.len() == 32 { "{id}" } else { part }).collect();
    parts.join("/").replace("/upstream/owl/", "/upstream/{provider}/")
}

/// A server with texts of its operator, which asks for a code after one wrong password, and a provider that it knows.
async fn server(engine: &Engine) -> (InProcess, Provider) {
    let clock = std::sync::Arc::new(kinfolio_server::clock::SystemClock);
    let owl = Provider::start(clock.clone()).await;
    let change = |config: &mut kinfolio_server::Config| {
        owl.add_to(config, "owl", false);
        config.limits.account_code_failures = 1;
        let folder = config.data.join("pages");
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["privacy.txt", "terms.txt"] {
            std::fs::write(folder.join(name), "What the operator says.").unwrap();
        }
    };
    (engine.server_with(change, clock).await, owl)
}

/// What somebody new sees who was sent here by an app, up to signing out.
async fn newcomer(server: &InProcess) -> Vec<Answer> {
    let (mut browser, app) = (server.browser(), App::phone(server.base()));
    let mut pages = vec![browser.get("/oauth/authorize").await, browser.get("/nothing").await];
    let start = browser.get(&app.authorize_url()).await;
    let login = browser.follow(start).await;
    let register = browser.get(&login.link("/register").unwrap()).await;
    let code = browser.fill(&register, "/register", &[("email", "ben@example.org")]).await;
    let digits = code_from(&next_mail(&server.mail(), "ben@example.org", 0).await);
    let password = browser.fill(&code, "/register/code", &[("code", &digits)]).await;
    let confirm =
        browser.fill(&password, "/register/password", &[("password", PASSWORD), ("adult", "yes")]).await;
    let signed_in = browser.get("/signed-in").await;
    let signed_out = browser.fill(&signed_in, "/logout", &[]).await;
    pages.extend([login, register, code, password, confirm, signed_in, signed_out]);
    for path in ["/login", "/privacy", "/terms"] {
        pages.push(server.browser().get(path).await);
    }
    pages
}

/// What somebody sees who comes from another service, and a parent who links one.
async fn from_elsewhere(server: &InProcess, owl: &Provider, parent: &mut Browser) -> Vec<Answer> {
    let start = "/upstream/owl/start";
    let mut browser = server.browser();
    let sent = browser.get(start).await;
    let state = query_of(sent.location().unwrap(), "state").unwrap();
    let declined = browser.get(&format!("/upstream/owl/callback?error=access_denied&state={state}")).await;
    let person = json!({ "sub": "ida-at-owl" });
    let address = by_owl(&mut browser, owl, start, &person).await;
    let code = browser.fill(&address, "/register/linked", &[("email", "ida@example.org")]).await;
    let digits = code_from(&next_mail(&server.mail(), "ida@example.org", 0).await);
    let account = browser.fill(&code, "/register/linked/code", &[("code", &digits)]).await;
    browser.fill(&account, "/register/linked/account", &[("adult", "yes")]).await;
    let csrf = browser.get("/account").await.csrf();
    let again = browser.post("/login/again", &[("csrf", &csrf)]).await;
    let again = browser.follow(again).await;
    let linked = browser.get("/account/linked").await;
    let only = browser.get(&linked.link("/account/linked/").unwrap()).await;
    let none = parent.get("/account/linked").await;
    let link = by_owl(parent, owl, &none.link(start).unwrap(), &json!({ "sub": "maya-at-owl" })).await;
    vec![declined, address, code, account, again, linked, only, none, link]
}

/// What the owner of an account sees who goes through all of it and switches two-step sign-in on.
async fn owner(server: &InProcess, browser: &mut Browser) -> Vec<Answer> {
    let mut pages = Vec::new();
    for path in ["", "/password", "/password/changed", "/activity", "/data", "/delete"] {
        pages.push(browser.get(&format!("/account{path}")).await);
    }
    let devices = browser.get("/account/devices").await;
    pages.push(browser.get(&devices.link("/account/devices/").unwrap()).await);
    pages.push(devices);
    let email = browser.get("/account/email").await;
    let asked = browser.fill(&email, "/account/email", &[("email", "other@example.org")]).await;
    let digits = code_from(&next_mail(&server.mail(), "other@example.org", 0).await);
    let changed = browser.fill(&asked, "/account/email/code", &[("code", &digits)]).await;
    pages.extend([email, asked, changed]);
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio address was changed").await;
    let link = told.split(server.base()).find(|part| part.starts_with("/undo?key=")).unwrap();
    let undo = browser.get(link.split_whitespace().next().unwrap()).await;
    let done = browser.fill(&undo, "/undo", &[]).await;
    let reset = browser.get(&done.link("/reset").expect("a way on")).await;
    // The old password opens nothing any more.
    let [_, password] = forgotten(server, browser, &reset).await;
    browser.fill(&password, "/reset/password", &[("password", PASSWORD)]).await;
    pages.extend([undo, done, reset]);
    let off = browser.get("/account/two-step").await;
    let new = browser.fill(&off, "/account/two-step", &[]).await;
    let code = Authenticator::typed_from(&new).now();
    let paper = browser.fill(&new, "/account/two-step/new", &[("code", &code)]).await;
    let on = browser.get("/account/two-step").await;
    pages.extend([off, new, paper, on, browser.get("/account/two-step/off").await]);
    pages
}

/// The page that takes the mailed code, and the one behind it, for a new password.
async fn forgotten(server: &InProcess, browser: &mut Browser, reset: &Answer) -> [Answer; 2] {
    let (page, code) = ask_on(reset, server, browser, EMAIL).await;
    let password = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    [page, password]
}

/// What somebody sees who comes back without the password, or without the app for codes.
async fn returning(server: &InProcess) -> Vec<Answer> {
    let mut pages = Vec::new();
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    pages.push(browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await);
    pages.push(browser.get("/login/backup-code").await);
    let lost = browser.get("/login/lost").await;
    let asked = browser.fill(&lost, "/login/lost", &[]).await;
    pages.extend([lost, asked]);

    let mut browser = server.browser();
    let reset = browser.get("/reset").await;
    pages.extend(forgotten(server, &mut browser, &reset).await);
    pages.push(reset);

    let mut stranger = server.browser();
    for _ in 0..2 {
        let page = stranger.get("/login").await;
        let fields = [("email", "eve@example.org"), ("password", "a wrong one")];
        pages.push(stranger.fill(&page, "/login", &fields).await);
    }
    pages
}

async fn no_page_links_to_an_address_that_is_not_there(engine: &Engine) {
    let (server, owl) = server(engine).await;
    let mut parent = signed_in(&server).await.0;
    let mut pages = newcomer(&server).await;
    pages.extend(from_elsewhere(&server, &owl, &mut parent).await);
    pages.extend(owner(&server, &mut parent).await);
    pages.extend(returning(&server).await);

    let seen: BTreeSet<String> = pages.iter().map(|page| row_of(&page.url)).collect();
    let left_out: Vec<_> = page_addresses().into_iter().filter(|path| !seen.contains(*path)).collect();
    assert!(left_out.is_empty(), "nobody looks at {left_out:?}");
    let known: BTreeSet<&str> = routes().iter().map(|route| route.path).collect();
    let mut led = 0;
    for page in pages {
        let expected = match row_of(&page.url).as_str() {
            "/nothing" => 404,
            "/oauth/authorize" => 400,
            "/login" if page.text.contains("role=\"alert\"") => 422,
            "/upstream/{provider}/callback" => 422,
            _ => 200,
        };
        assert_eq!(page.status, expected, "{}: {}", page.url, page.text);
        for target in page.text.split('"').filter(|part| part.starts_with('/')) {
            assert!(known.contains(row_of(target).as_str()), "{} leads to {target}", page.url);
            led += 1;
        }
    }
    assert!(led > 100, "{led}");
}

#[test]
fn every_page_is_looked_at_in_a_real_browser_and_fits_a_narrow_phone_and_twice_the_text() {
    let (program, pages) = (support::server::binary(), page_addresses().join(","));
    let variables = [("KINFOLIO_SERVER", program.as_os_str()), ("KINFOLIO_PAGES", pages.as_ref())];
    support::web::run("sign-in.test.mjs", &variables);
}
