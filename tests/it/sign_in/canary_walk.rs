//! A walk through all of signing in, on the pages and by the API, that notes every secret on its way.

use std::path::Path;

use serde_json::{Value, json};
use support::authenticator::Authenticator;
use support::browser::{Browser, Trail, code_from, mail_saying, mails_to, next_mail, query_of};
use support::provider::Provider;

use super::account::NEW_PASSWORD;
use super::upstream::by_owl;
use super::{App, EMAIL, PASSWORD};

const WRONG: &str = "canary of a wrong password";
const OTHER: &str = "other@example.org";

/// The whole walk.
pub async fn walk(base: &str, mail: &Path, owl: &Provider) -> Walk {
    let mut walk = Walk::default();
    let (mut browser, _) = register_and_sign_an_app_in(&mut walk, base, mail).await;
    let (authenticator, paper) = switch_two_step_on(&mut walk, &mut browser).await;
    sign_in_again(&mut walk, base, mail, (&authenticator, &paper)).await;
    let mut browser = set_passwords(&mut walk, base, mail, &paper).await;
    change_the_address(&mut walk, base, mail, &mut browser).await;
    by_another_service(&mut walk, base, mail, owl).await;
    walk.note_what_was_handed_out();
    walk
}

/// What was asked and answered on the way, and the secrets by what they are.
#[derive(Default)]
pub struct Walk {
    pub trail: Trail,
    pub secrets: Vec<(&'static str, String)>,
}

impl Walk {
    fn browser(&self, base: &str) -> Browser {
        Browser::new(base).watched_by(&self.trail)
    }

    /// Remembers a secret.
    pub fn note(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 6, "{what}: {secret}");
        self.secrets.push((what, secret.to_owned()));
    }

    /// The newest code in the mails to an address, as it is typed; noted as it is typed and as digits.
    fn code(&mut self, mail: &str) -> String {
        let code = code_from(mail);
        self.note("code by mail", &code.replace(' ', ""));
        self.note("code by mail", &code);
        code
    }

    fn callback(&mut self, callback: &str) {
        self.note("authorization code", &query_of(callback, "code").expect("a code"));
    }

    /// The path behind the link in a mail.
    fn link(&mut self, mail: &str) -> String {
        let link = mail.split_whitespace().find(|word| word.contains("/undo?key=")).expect("a link");
        let (_, key) = link.split_once("key=").expect("a key");
        self.note("key of a link in a mail", key);
        format!("/undo?key={key}")
    }

    /// Every cookie and token that was handed out on the way.
    fn note_what_was_handed_out(&mut self) {
        for answer in self.trail.answers() {
            for cookie in answer.headers.get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                if !pair.1.is_empty() {
                    self.note("cookie", pair.1);
                }
            }
            let tokens: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            for name in ["access_token", "refresh_token"] {
                if let Some(token) = tokens[name].as_str() {
                    self.note(name, token);
                }
            }
        }
    }
}

/// Registering, an app, its tokens used rightly and wrongly, and its end.
async fn register_and_sign_an_app_in(walk: &mut Walk, base: &str, mail: &Path) -> (Browser, App) {
    let mut browser = walk.browser(base);
    let page = browser.get("/register").await;
    let asked = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let code = walk.code(&next_mail(mail, EMAIL, 0).await);
    assert_eq!(browser.fill(&asked, "/register/code", &[("code", "0000 0000")]).await.status, 422);
    let page = browser.fill(&asked, "/register/code", &[("code", &code)]).await;
    let twice = browser.fill(&asked, "/register/code", &[("code", &code)]).await;
    assert_eq!((twice.status, twice.url.as_str()), (200, "/register/password"), "led on: {}", twice.text);
    let asked = browser.get("/register/code").await;
    assert_eq!(browser.fill(&asked, "/register/code", &[("code", &code)]).await.status, 422);
    let fields = [("password", PASSWORD), ("adult", "no")];
    assert_eq!(browser.fill(&page, "/register/password", &fields).await.status, 422);
    let fields = [("password", PASSWORD), ("adult", "yes")];
    assert_eq!(browser.fill(&page, "/register/password", &fields).await.status, 200);
    let mut app = App::desktop(base);
    let (callback, burnt) =
        (browser.authorize(&app.authorize_url()).await, browser.authorize(&app.authorize_url()).await);
    for callback in [&callback, &burnt] {
        walk.callback(callback);
    }
    app.redeem(&mut browser, &callback).await;
    // A wrong verifier, a token of another kind, of another client, in a body that is none, and twice.
    let right = std::mem::replace(&mut app.verifier, "canary-of-a-wrong-verifier-of-43-characters-".into());
    assert_eq!(app.try_redeem(&mut browser, &burnt).await.status, 400);
    walk.note("verifier", &app.verifier);
    app.verifier = right;
    walk.note("verifier", &app.verifier);
    assert_eq!(app.try_refresh(&mut browser, &app.access).await.status, 400);
    let refresh = app.refresh.clone();
    for fields in [
        vec![("grant_type", "refresh_token"), ("client_id", "app.kinfolio"), ("refresh_token", &refresh)],
        vec![("grant_type", "refresh_token"), ("client_id", "nobody"), ("refresh_token", &refresh)],
        vec![("grant_type", &*refresh), ("client_id", "app.kinfolio.desktop")],
        vec![("grant_type", "refresh_token"), ("refresh_token", &refresh), ("refresh_token", &refresh)],
    ] {
        assert_eq!(browser.post("/oauth/token", &fields).await.status, 400);
    }
    for kind in ["application/json", "text/plain"] {
        let body = json!({ "refresh_token": refresh, "password": PASSWORD, "email": EMAIL }).to_string();
        for path in ["/oauth/token", "/oauth/revoke", "/login"] {
            let answer = browser.send("POST", path, &[("content-type", kind)], Some(body.clone())).await;
            assert_eq!(answer.status, 400, "{path}");
        }
    }
    app.refresh(&mut browser).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/families/x/quota").await.status, 404);
    // The used one again: it ends the sign-in, and its person is told.
    assert_eq!(app.try_refresh(&mut browser, &refresh).await.status, 400);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    let callback = browser.authorize(&app.authorize_url()).await;
    walk.callback(&callback);
    app.redeem(&mut browser, &callback).await;
    (browser, app)
}

/// Two-step sign-in, on; the codes that are still good.
async fn switch_two_step_on(walk: &mut Walk, browser: &mut Browser) -> (Authenticator, Vec<String>) {
    let page = browser.get("/account/two-step").await;
    let page = browser.fill(&page, "/account/two-step", &[]).await;
    let authenticator = Authenticator::typed_from(&page);
    walk.note("secret of the authenticator app", &authenticator.key);
    assert_eq!(browser.fill(&page, "/account/two-step/new", &[("code", "000000")]).await.status, 422);
    let digits = authenticator.now();
    let typed = format!("{} {}", &digits[..3], &digits[3..]);
    walk.note("code of the authenticator app", &typed);
    let page = browser.fill(&page, "/account/two-step/new", &[("code", &typed)]).await;
    let codes = |text: &str| -> Vec<String> {
        text.split("<li>").skip(1).map(|item| item.split('<').next().unwrap().to_owned()).collect()
    };
    let old = codes(&page.text);
    let page = browser.get("/account/two-step").await;
    let fresh = codes(&browser.fill(&page, "/account/two-step/codes", &[]).await.text);
    assert_eq!((old.len(), fresh.len()), (8, 8));
    for code in old.iter().chain(&fresh) {
        walk.note("backup code", code);
    }
    (authenticator, fresh)
}

/// A wrong password, a right one, codes wrong and right; the app and the codes lost, and the removal stopped.
async fn sign_in_again(walk: &mut Walk, base: &str, mail: &Path, (app, paper): (&Authenticator, &[String])) {
    walk.note("password", WRONG);
    let mut browser = walk.browser(base);
    for (password, status) in [(WRONG, 422), (PASSWORD, 200)] {
        let page = browser.get("/login").await;
        let answer = browser.fill(&page, "/login", &[("email", EMAIL), ("password", password)]).await;
        assert_eq!(answer.status, status);
    }
    let page = browser.get("/login/totp").await;
    assert_eq!(browser.fill(&page, "/login/totp", &[("code", "000000")]).await.status, 422);
    let page = browser.get("/login/lost").await;
    let page = browser.fill(&page, "/login/approved", &[]).await;
    assert_eq!(page.status, 422);
    browser.fill(&page, "/login/lost", &[]).await;
    let link = walk.link(&mail_saying(mail, EMAIL, "is about to be removed").await);
    let page = browser.get("/login/backup-code").await;
    assert_eq!(browser.fill(&page, "/login/backup-code", &[("code", "nonsense")]).await.status, 422);
    assert!(
        browser.fill(&page, "/login/backup-code", &[("code", &paper[0])]).await.text.contains("signed in")
    );
    let page = browser.get(&link).await;
    assert_eq!(page.status, 410, "signing in has stopped it: {}", page.text);
    // By the app, with the code that comes next; a used backup code no more.
    let mut browser = walk.browser(base);
    let page = browser.get("/login").await;
    browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let page = browser.get("/login/backup-code").await;
    assert_eq!(browser.fill(&page, "/login/backup-code", &[("code", &paper[0])]).await.status, 422);
    let page = browser.get("/login/totp").await;
    let next = app.next();
    let answer = browser.fill(&page, "/login/totp", &[("code", &next)]).await;
    assert!(answer.is_in(), "{}", answer.text);
    let page = browser.get("/signed-in").await;
    browser.fill(&page, "/logout", &[]).await;
}

/// A forgotten password, and a changed one.
async fn set_passwords(walk: &mut Walk, base: &str, mail: &Path, paper: &[String]) -> Browser {
    let mut browser = walk.browser(base);
    let page = browser.get("/reset").await;
    let before = mails_to(mail, EMAIL);
    let asked = browser.fill(&page, "/reset", &[("email", EMAIL)]).await;
    let mut codes = Vec::new();
    for _ in 0..400 {
        codes = mails_to(mail, EMAIL);
        codes.retain(|mail| !before.contains(mail) && mail.contains("Subject: Your Kinfolio code"));
        if !codes.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let code = walk.code(&codes[0]);
    assert_eq!(browser.fill(&asked, "/reset/code", &[("code", "0000 0000")]).await.status, 422);
    let page = browser.fill(&asked, "/reset/code", &[("code", &code)]).await;
    let twice = browser.fill(&asked, "/reset/code", &[("code", &code)]).await;
    assert_eq!((twice.status, twice.url.as_str()), (200, "/reset/password"), "led on: {}", twice.text);
    walk.note("password", "passwordpassword");
    let fields = [("password", "passwordpassword")];
    assert_eq!(browser.fill(&page, "/reset/password", &fields).await.status, 422);
    browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    let page = browser.get("/login/backup-code").await;
    let page = browser.fill(&page, "/login/backup-code", &[("code", &paper[1])]).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    for (current, status) in [(WRONG, 422), (NEW_PASSWORD, 200)] {
        let page = browser.get("/account/password").await;
        let fields = [("current", current), ("password", "orbit candle mustard fence canary")];
        assert_eq!(browser.fill(&page, "/account/password", &fields).await.status, status);
    }
    for password in [PASSWORD, NEW_PASSWORD, "orbit candle mustard fence canary"] {
        walk.note("password", password);
    }
    browser
}

/// Another address, taken back by the link in the mail to the old one.
async fn change_the_address(walk: &mut Walk, base: &str, mail: &Path, browser: &mut Browser) {
    let page = browser.get("/account/email").await;
    let page = browser.fill(&page, "/account/email", &[("email", OTHER)]).await;
    let code = walk.code(&next_mail(mail, OTHER, 0).await);
    browser.fill(&page, "/account/email/code", &[("code", "0000 0000")]).await;
    browser.fill(&page, "/account/email/code", &[("code", &code)]).await;
    let told = mail_saying(mail, EMAIL, "Subject: Your Kinfolio address was changed").await;
    let link = walk.link(&told);
    let mut mailbox = walk.browser(base);
    let page = mailbox.get(&link).await;
    assert_eq!(mailbox.fill(&page, "/undo", &[]).await.status, 200);
    assert_eq!(mailbox.get(&link).await.status, 410);
}

/// By another service: refused once, then in, and all of it deleted and kept again.
async fn by_another_service(walk: &mut Walk, base: &str, mail: &Path, owl: &Provider) {
    let mut browser = walk.browser(base);
    let ida = json!({ "sub": "ida-at-owl", "email": "ida@example.org", "email_verified": true });
    for agrees in [false, true] {
        let sent = browser.get("/upstream/owl/start").await;
        let location = sent.location().expect("to the other service").to_owned();
        let state = query_of(&location, "state").expect("a state");
        walk.note("state for the other service", &state);
        if agrees {
            let back = owl.agree(&location, &ida);
            walk.note("code of the other service", &query_of(&back, "code").expect("a code"));
            let answer = browser.get(&back).await;
            assert_eq!(browser.get(&back).await.status, 400, "once");
            let page = browser.follow(answer).await;
            browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
        } else {
            let no = format!("/upstream/owl/callback?error=access_denied&state={state}");
            assert_eq!(browser.get(&no).await.status, 422);
        }
    }
    let mut app = App::desktop(base);
    let callback = browser.authorize(&app.authorize_url()).await;
    walk.callback(&callback);
    app.redeem(&mut browser, &callback).await;
    let csrf = browser.get("/account").await.csrf();
    browser.post("/login/again", &[("csrf", &csrf)]).await;
    let code = walk.code(&mail_with_lines(mail, "ida@example.org", "Subject: Your Kinfolio code").await);
    let page = browser.get("/login/again/code").await;
    browser.fill(&page, "/login/again/code", &[("code", &code)]).await;
    // Asked for by the app and taken back by the link; asked for on the page and kept by the app.
    assert_eq!(app.api(&mut browser, "POST", "/api/v1/me/deletion").await.status / 100, 2);
    let link = walk.link(&mail_saying(mail, "ida@example.org", "is about to be deleted").await);
    let page = browser.get(&link).await;
    browser.fill(&page, "/undo", &[]).await;
    let page = browser.get("/account/delete").await;
    browser.fill(&page, "/account/delete", &[]).await;
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 204);
    assert_eq!(app.revoke(&mut browser).await.status, 200);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    by_owl(&mut browser, owl, "/upstream/owl/start", &ida).await;
}

async fn mail_with_lines(mail: &Path, email: &str, words: &str) -> String {
    mail_saying(mail, email, words).await;
    mails_to(mail, email).into_iter().rfind(|mail| mail.contains(words)).expect("it was there")
}
