//! An authenticator app for tests.

use kinfolio_server::clock::{Clock as _, FixedClock, SystemClock};
use totp_rs::{Builder, Secret};

use crate::browser::{Answer, Browser};

/// An authenticator app, written apart from the server's half: it knows what the page shows.
pub struct Authenticator {
    totp: totp_rs::Totp,
    /// What it was told to keep, as it was typed.
    pub key: String,
}

impl Authenticator {
    /// Takes the key over that a page shows for typing.
    pub fn typed_from(page: &Answer) -> Self {
        let start = page.text.find("<p class=\"key\">").expect("a key to type") + 15;
        let key = page.text[start..].split('<').next().unwrap().replace(' ', "");
        let link = page.link("otpauth://totp/").expect("a link to tap");
        assert!(link.contains(&format!("secret={key}")) && link.contains("issuer=Kinfolio"), "{link}");
        let secret = Secret::try_from_base32(key.clone()).unwrap();
        Self { totp: Builder::new().with_secret(secret).build().unwrap(), key }
    }

    /// The code by a test's clock.
    pub fn code(&self, clock: &FixedClock) -> String {
        self.at(clock, 0)
    }

    /// The code by the machine's clock.
    pub fn now(&self) -> String {
        self.totp.generate_current().to_string()
    }

    /// The code that comes next: a server takes it already, and one that was used it takes no more.
    pub fn next(&self) -> String {
        let at = SystemClock.now_us() / 1_000_000 + 30;
        self.totp.generate(at.try_into().expect("a time")).to_string()
    }

    /// The code of some 30 seconds later or earlier.
    pub fn at(&self, clock: &FixedClock, steps: i64) -> String {
        let at = clock.now_us() / 1_000_000 + 30 * steps;
        let digits = self.totp.generate(at.try_into().unwrap()).to_string();
        format!("{} {}", &digits[..3], &digits[3..])
    }
}

/// Signs a person in through the pages and switches two-step sign-in on, by the machine's clock. What comes with the app
/// is the page of backup codes.
pub async fn switch_on(browser: &mut Browser, email: &str, password: &str) -> (Authenticator, Answer) {
    let page = browser.get("/login").await;
    browser.fill(&page, "/login", &[("email", email), ("password", password)]).await;
    let page = browser.get("/account/two-step").await;
    let page = browser.fill(&page, "/account/two-step", &[]).await;
    let app = Authenticator::typed_from(&page);
    let paper = browser.fill(&page, "/account/two-step/new", &[("code", &app.now())]).await;
    assert!(paper.text.contains("Your backup codes"), "{}", paper.text);
    (app, paper)
}
