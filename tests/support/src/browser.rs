//! A tiny browser without a screen: cookies, links, forms, and the mailbox of its person. It signs up and in
//! through the real pages.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tower::ServiceExt;

/// A browser with its own cookies and its own address in 127.0.0.0/8.
pub struct Browser {
    door: Door,
    base: String,
    cookies: BTreeMap<String, String>,
    address: Ipv4Addr,
    /// Sent with every post as a browser does; None sends nothing.
    pub origin: Option<String>,
    trail: Option<Trail>,
}

/// What browsers asked for and were answered, in order.
#[derive(Clone, Default)]
pub struct Trail(Arc<Mutex<Vec<Answer>>>);

impl Trail {
    /// All of it so far.
    pub fn answers(&self) -> Vec<Answer> {
        self.0.lock().expect("nobody stops while writing").clone()
    }
}

enum Door {
    Wire(reqwest::Client),
    Router(Router),
}

/// What a page answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
    /// The path and query it was asked for.
    pub url: String,
}

impl Answer {
    /// Where it leads, if it is a redirect.
    pub fn location(&self) -> Option<&str> {
        self.headers.get("location").and_then(|value| value.to_str().ok())
    }

    /// Whether it greets somebody who is signed in.
    pub fn is_in(&self) -> bool {
        self.text.contains("You are signed in")
    }

    /// A header, or the empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The action and the hidden fields of the form that posts to `path`.
    pub fn form(&self, path: &str) -> Option<(String, Vec<(String, String)>)> {
        let start = self.text.find(&format!("action=\"{path}"))?;
        let begin = self.text[..start].rfind("<form")?;
        let end = begin + self.text[begin..].find("</form>")?;
        let form = &self.text[begin..end];
        let action = attribute(form, "action")?;
        let hidden = form.split("<input ").skip(1).filter(|tag| tag.contains("type=\"hidden\""));
        let fields = hidden.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)));
        Some((action, fields.collect()))
    }

    /// The CSRF token of its forms.
    pub fn csrf(&self) -> String {
        let start = self.text.find("name=\"csrf\"").expect("a form with a token");
        attribute(&self.text[start..], "value").expect("the token")
    }

    /// The address behind a link whose path is `path`.
    pub fn link(&self, path: &str) -> Option<String> {
        let start = self.text.find(&format!("href=\"{path}"))?;
        attribute(&self.text[start..], "href")
    }
}

/// The value of the first attribute `name="…"` in a piece of HTML.
fn attribute(html: &str, name: &str) -> Option<String> {
    let rest = &html[html.find(&format!("{name}=\""))? + name.len() + 2..];
    let value = &rest[..rest.find('"')?];
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'"))
}

impl Browser {
    /// A browser on the server that listens at `base`.
    pub fn new(base: &str) -> Self {
        Self::at_address(base, next_address())
    }

    /// A browser that connects from `address`.
    pub fn at_address(base: &str, address: Ipv4Addr) -> Self {
        // Installed once for the process; a second time is no error here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .local_address(IpAddr::V4(address))
            .tls_certs_only([])
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        Self::with(Door::Wire(client), base, address)
    }

    /// A browser that calls a router in this process; `base` is the server's public URL.
    pub fn in_process(router: Router, base: &str) -> Self {
        Self::with(Door::Router(router), base, next_address())
    }

    /// The same from `address`.
    #[must_use]
    pub fn from(self, address: Ipv4Addr) -> Self {
        Self { address, ..self }
    }

    /// The same, which leaves a trail that somebody looks through afterwards.
    #[must_use]
    pub fn watched_by(self, trail: &Trail) -> Self {
        Self { trail: Some(trail.clone()), ..self }
    }

    fn with(door: Door, base: &str, address: Ipv4Addr) -> Self {
        let (base, origin) = (base.to_owned(), Some(base.to_owned()));
        Self { door, base, cookies: BTreeMap::new(), address, origin, trail: None }
    }

    /// Asks for a page of the server, by path or by whole address.
    pub async fn get(&mut self, url: &str) -> Answer {
        self.send("GET", url, &[], None).await
    }

    /// Posts a form.
    pub async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        if let Some(origin) = &self.origin {
            headers.push(("origin", origin.clone()));
        }
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send("POST", url, &headers, Some(body.join("&"))).await
    }

    /// Any request, with the cookies and headers of the caller's.
    pub async fn send(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let path = url.strip_prefix(&self.base).unwrap_or(url).to_owned();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = match &self.door {
            Door::Router(router) => {
                let peer = SocketAddr::from((self.address, 40_000));
                let request = request.uri(&path).extension(ConnectInfo(peer));
                let request = request.body(Body::from(body.unwrap_or_default())).expect("a request");
                let response = router.clone().oneshot(request).await.expect("a router never fails");
                let (parts, body) = response.into_parts();
                let bytes = to_bytes(body, 16 << 20).await.expect("a body");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Answer { status: parts.status.as_u16(), headers: parts.headers, text, url: path }
            }
            Door::Wire(client) => {
                let uri = format!("{}{path}", self.base);
                let request = request.uri(&uri).body(body.unwrap_or_default()).expect("a request");
                let response =
                    client.execute(request.try_into().expect("a request")).await.expect("an answer");
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let text = response.text().await.expect("a body");
                Answer { status, headers, text, url: path }
            }
        };
        self.take_cookies(&answer.headers);
        if let Some(Trail(answers)) = &self.trail {
            answers.lock().expect("nobody stops while writing").push(answer.clone());
        }
        answer
    }

    fn take_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all("set-cookie") {
            let text = value.to_str().expect("a readable cookie");
            let (name, rest) = text.split_once('=').expect("a cookie has a value");
            let value = rest.split(';').next().unwrap_or_default();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// A cookie's value, by its name without `__Host-`.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let found = self.cookies.iter().find(|(key, _)| key.trim_start_matches("__Host-") == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Puts a cookie there, or takes it away.
    pub fn set_cookie(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.cookies.insert(name.to_owned(), value.to_owned()),
            None => self.cookies.remove(name),
        };
    }

    /// Follows redirects within the server; stops at a page, or at the address of an app.
    pub async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            match answer.location().map(str::to_owned) {
                Some(next) if next.starts_with('/') => answer = self.get(&next).await,
                _ => return answer,
            }
        }
        panic!("the server leads in circles");
    }

    /// Fills in the form that posts to `path` on a page, and follows where that leads.
    pub async fn fill(&mut self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (action, hidden) = page.form(path).unwrap_or_else(|| panic!("no form to {path}: {}", page.text));
        let mut all: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend_from_slice(fields);
        let answer = self.post(&action, &all).await;
        self.follow(answer).await
    }

    /// Types an address and a password on the sign-in page; returns what follows.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Answer {
        let page = self.get("/login").await;
        self.fill(&page, "/login", &[("email", email), ("password", password)]).await
    }

    /// Creates an account through the pages, reading the code from the server's mail folder. Ends signed in.
    pub async fn register(&mut self, email: &str, password: &str, mail: &Path) {
        let page = self.get("/register").await;
        let page = self.register_from(&page, email, password, mail).await;
        assert!(page.is_in(), "registered: {}", page.text);
    }

    /// The same, beginning at a registration page; returns what follows the password.
    pub async fn register_from(&mut self, page: &Answer, email: &str, password: &str, mail: &Path) -> Answer {
        let before = mails_to(mail, email).len();
        let page = self.fill(page, "/register", &[("email", email)]).await;
        assert!(page.text.contains("Type the code"), "a code is asked for: {}", page.text);
        let code = code_from(&next_mail(mail, email, before).await);
        let page = self.fill(&page, "/register/code", &[("code", &code)]).await;
        assert!(page.text.contains("Choose a password"), "the code is right: {}", page.text);
        self.fill(&page, "/register/password", &[("password", password), ("adult", "yes")]).await
    }

    /// Opens an authorization address, signs in with what the browser is signed in as, confirms, and returns
    /// the address that leads back to the app. Panics when a password is asked for: see [`Browser::sign_in`].
    pub async fn authorize(&mut self, url: &str) -> String {
        let answer = self.get(url).await;
        let page = self.follow(answer).await;
        self.confirm(&page).await
    }

    /// As [`Browser::authorize`], typing the address and the password.
    pub async fn sign_in(&mut self, url: &str, email: &str, password: &str) -> String {
        let answer = self.get(url).await;
        let page = self.follow(answer).await;
        let page = self.fill(&page, "/login", &[("email", email), ("password", password)]).await;
        self.confirm(&page).await
    }

    /// Presses "Continue" on the confirmation page.
    pub async fn confirm(&mut self, page: &Answer) -> String {
        assert!(page.text.contains("Continue only if you opened this page"), "a question: {}", page.text);
        let answer = self.fill(page, "/confirm", &[("choice", "continue")]).await;
        answer.location().unwrap_or_else(|| panic!("back to the app: {}", answer.text)).to_owned()
    }
}

/// A new address for each browser: limits by address stay as they are for people.
fn next_address() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    // Every process begins elsewhere: two test programs may share a server.
    let seed = std::process::id().wrapping_mul(7919) << 8;
    // Every second one: 127.255.255.255 is no address of anybody.
    let number = (seed ^ NEXT.fetch_add(2, Ordering::Relaxed)) & 0x00ff_fffe;
    Ipv4Addr::from_bits(0x7f00_0000 | number.max(2))
}

/// Percent-encodes a form field.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A parameter of an address's query.
pub fn query_of(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| *key == name)?;
    Some(percent_decode_str(found.1).decode_utf8().expect("UTF-8").into_owned())
}

/// Every mail to `email` in a mail folder, oldest first.
pub fn mails_to(folder: &Path, email: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    let mails = paths.into_iter().filter_map(|path| std::fs::read_to_string(path).ok());
    mails.filter(|mail| mail.lines().any(|line| line == format!("To: {email}"))).collect()
}

/// Waits for the mail after the first `before` ones.
pub async fn next_mail(folder: &Path, email: &str, before: usize) -> String {
    for _ in 0..400 {
        if let Some(mail) = mails_to(folder, email).get(before) {
            return mail.clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no mail came to {email}");
}

/// Waits for a mail that says `words`, lines joined. Under a clock that stands still mails come in no order.
pub async fn mail_saying(folder: &Path, email: &str, words: &str) -> String {
    for _ in 0..400 {
        let mails = mails_to(folder, email).into_iter().map(|mail| mail.replace("\r\n", " "));
        if let Some(mail) = mails.into_iter().find(|mail| mail.contains(words)) {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no mail to {email} says {words}");
}

/// The digits of the code in a mail, as they stand there: in fours.
pub fn code_from(mail: &str) -> String {
    let is_code =
        |line: &&str| matches!(line.len(), 9 | 19) && line.chars().all(|c| c.is_ascii_digit() || c == ' ');
    mail.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code in: {mail}")).to_owned()
}
