//! What every answer of the server carries, whatever the address, the method and the outcome.

use kinfolio_server::Config;
use kinfolio_server::router::{Plane, routes};
use support::browser::{Answer, code_from, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;
use tokio::sync::OnceCell;

use super::{EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    rfc_9700_14_asvs_3_4_6_no_answer_can_be_framed,
    rfc_9700_15_asvs_3_4_5_no_answer_lets_a_referrer_out_or_loads_from_elsewhere,
    rfc_9700_23_no_script_of_another_site_may_read_an_answer,
    asvs_3_4_1_3_4_3_3_4_4_14_3_2_every_answer_has_the_headers_of_the_design_and_no_page_a_script,
    asvs_3_3_1_3_3_2_3_3_3_3_3_4_every_cookie_is_this_hosts_alone_and_no_scripts,
    rfc_9700_13_what_a_form_leads_to_is_asked_for_anew_and_never_posted_again,
);

/// An answer, and whether the server is reached by https.
type Seen = (Answer, bool);

/// One answer of every address by every method, errors among them, from a server behind http and one behind https.
async fn answers(engine: &Engine) -> &'static [Seen] {
    static ANSWERS: [OnceCell<Vec<Seen>>; 2] = [const { OnceCell::const_new() }; 2];
    let [embedded, postgres] = &ANSWERS;
    let answers = if *engine == Engine::Embedded { embedded } else { postgres };
    answers.get_or_init(|| ask_everything(engine)).await
}

/// A server that is reached by https, or by http.
async fn behind(engine: &Engine, https: bool) -> InProcess {
    let change = move |config: &mut Config| {
        if https {
            config.public_url = Some("https://sync.example.org".into());
            config.weak_hash = false;
        }
    };
    engine.server_with(change, clock()).await
}

async fn ask_everything(engine: &Engine) -> Vec<Seen> {
    let mut seen = Vec::new();
    for https in [false, true] {
        let server = behind(engine, https).await;
        let mut browser = server.browser();
        let table = routes();
        assert!(table.len() > 20);
        for route in &table {
            let path = route.path.replace("{name}", "literata.woff2").replace(['{', '}'], "");
            for method in [route.method.as_str(), "GET", "PUT"] {
                let answer = browser.send(method, &path, &[("accept", "text/html")], None).await;
                assert!(answer.status < 500, "{method} {path}: {}", answer.status);
                seen.push((answer, https));
            }
        }
        // And behind a sign-in, the pages themselves.
        let mut parent = server.browser();
        parent.register(EMAIL, PASSWORD, &server.mail()).await;
        let behind = table.iter().filter(|route| route.method == "GET" && route.path.starts_with("/account"));
        for path in behind.map(|route| route.path.replace(['{', '}'], "")).chain(["/signed-in".into()]) {
            seen.push((parent.get(&path).await, https));
        }
        let pages =
            seen.iter().filter(|(answer, _)| answer.status == 200 && answer.url.starts_with("/account"));
        assert!(pages.count() >= 8, "pages behind a sign-in");
        for path in ["/nothing", "/assets/../../etc/passwd", "/assets/fonts/none", "/%00", "/login?tx=%ff"] {
            seen.push((browser.get(path).await, https));
        }
    }
    seen
}

fn is_page(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
}

async fn rfc_9700_14_asvs_3_4_6_no_answer_can_be_framed(engine: &Engine) {
    for (answer, _) in answers(engine).await {
        assert_eq!(answer.header("x-frame-options"), "DENY", "{}", answer.url);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{}: {policy}", answer.url);
    }
    // The one page with a policy of its own: its form may lead to the app that asks, and nowhere else.
    let server = behind(engine, false).await;
    let (mut browser, app) = signed_in(&server).await;
    let answer = browser.get(&app.authorize_url()).await;
    let page = browser.follow(answer).await;
    assert!(page.url.starts_with("/confirm?tx="), "{}", page.url);
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("content-security-policy"), policy(" app.kinfolio:"));
}

/// The policy of sign-in.md 2.5; `also` is where a form may lead besides.
fn policy(also: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'{also}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

async fn rfc_9700_15_asvs_3_4_5_no_answer_lets_a_referrer_out_or_loads_from_elsewhere(engine: &Engine) {
    for (answer, _) in answers(engine).await {
        let url = &answer.url;
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{url}");
        let lower = answer.text.to_lowercase();
        if is_page(answer) {
            for loads in ["src=\"http", "src=\"//", "rel=\"stylesheet\" href=\"http", "http-equiv", "//cdn"] {
                assert!(!lower.contains(loads), "{url}: {loads}");
            }
        }
    }
}

async fn rfc_9700_23_no_script_of_another_site_may_read_an_answer(engine: &Engine) {
    for (answer, _) in answers(engine).await {
        assert_eq!(answer.header("access-control-allow-origin"), "", "{}", answer.url);
    }
    // Nor one that says where it comes from, or asks first whether it may.
    let server = behind(engine, false).await;
    let mut browser = server.browser();
    for route in routes() {
        let path = route.path.replace("{name}", "literata.woff2").replace(['{', '}'], "");
        let headers = [
            ("origin", "https://evil.example"),
            ("access-control-request-method", route.method.as_str()),
            ("access-control-request-headers", "authorization, content-type"),
        ];
        for method in [route.method.as_str(), "OPTIONS"] {
            let answer = browser.send(method, &path, &headers, None).await;
            let allows = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(allows, None, "{method} {path}");
        }
    }
}

async fn asvs_3_4_1_3_4_3_3_4_4_14_3_2_every_answer_has_the_headers_of_the_design_and_no_page_a_script(
    engine: &Engine,
) {
    for (answer, https) in answers(engine).await {
        let url = &answer.url;
        assert_eq!(answer.header("content-security-policy"), policy(""), "{url}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{url}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{url}");
        assert!(!answer.header("permissions-policy").is_empty(), "{url}");
        assert!(!answer.header("cache-control").is_empty(), "{url}");
        let only_https = if *https { "max-age=31536000; includeSubDomains" } else { "" };
        assert_eq!(answer.header("strict-transport-security"), only_https, "{url}");
        if is_page(answer) {
            assert_eq!(answer.header("cache-control"), "no-store", "{url}");
            let lower = answer.text.to_lowercase();
            for banned in ["<script", "javascript:", " onclick", " style=", "<style"] {
                assert!(!lower.contains(banned), "{url}: {banned}");
            }
        }
    }
}

async fn asvs_3_3_1_3_3_2_3_3_3_3_3_4_every_cookie_is_this_hosts_alone_and_no_scripts(engine: &Engine) {
    for https in [false, true] {
        let server = behind(engine, https).await;
        let mut browser = server.browser();
        let first = browser.get("/register").await;
        let page = browser.fill(&first, "/register", &[("email", EMAIL)]).await;
        let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
        let page = browser.fill(&page, "/register/code", &[("code", &code)]).await;
        let (action, hidden) = page.form("/register/password").unwrap();
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        fields.extend([("password", PASSWORD), ("adult", "yes")]);
        let last = browser.post(&action, &fields).await;
        let set = |answer: &Answer| -> Vec<String> {
            let all = answer.headers.get_all("set-cookie").iter();
            all.map(|value| value.to_str().unwrap().to_owned()).collect()
        };
        let set = [set(&first), set(&last)].concat();
        for name in ["tx", "known", "sid"] {
            let name = if https { format!("__Host-{name}=") } else { format!("{name}=") };
            let found = set.iter().find(|text| text.starts_with(&name) && !text.contains("Max-Age=0"));
            let text = found.unwrap_or_else(|| panic!("{name} in {set:?}"));
            let mut words: Vec<&str> =
                text.split("; ").skip(1).filter(|word| !word.starts_with("Max-Age=")).collect();
            words.sort_unstable();
            let wanted = ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"];
            assert_eq!(words, wanted[..if https { 4 } else { 3 }], "{name}");
        }
    }
}

/// RFC 9700 4.12: a 307 would hand the password on to where it leads.
async fn rfc_9700_13_what_a_form_leads_to_is_asked_for_anew_and_never_posted_again(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let table = routes();
    let pages = table.iter().filter(|route| route.plane == Plane::Page && route.method == "POST");
    let token = browser.get("/account").await.csrf();
    let mut led = 0;
    // The ways out come last.
    let ends = |path: &str| matches!(path, "/logout" | "/account/delete");
    let (last, first): (Vec<&str>, Vec<&str>) = pages.map(|route| route.path).partition(|path| ends(path));
    for path in first.into_iter().chain(last) {
        let path = path.replace("{id}", &"0".repeat(32));
        let answer = browser.post(&path, &[("csrf", &token)]).await;
        if answer.location().is_some() {
            assert_eq!(answer.status, 303, "{path}");
            led += 1;
        }
    }
    assert!(led >= 3, "{led}");
    let mut browser = server.browser();
    let page = browser.get(&app.authorize_url()).await;
    let page = browser.follow(page).await;
    let (action, hidden) = page.form("/login").unwrap();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    fields.extend([("email", EMAIL), ("password", PASSWORD)]);
    let answer = browser.post(&action, &fields).await;
    assert_eq!(answer.status, 303, "with the password");
    let page = browser.follow(answer).await;
    let (action, hidden) = page.form("/confirm").unwrap();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    fields.push(("choice", "continue"));
    let answer = browser.post(&action, &fields).await;
    assert_eq!(answer.status, 303, "with the code");
    assert!(answer.location().unwrap().starts_with("app.kinfolio:/oauth2redirect?code="));
}
