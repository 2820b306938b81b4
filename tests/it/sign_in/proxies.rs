//! What a proxy may say about a request, and what anybody else may say in its place.

use std::sync::Arc;

use kinfolio_server::clock::SystemClock;
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::pages::told;

on_each_engine!(
    rfc_9700_21_asvs_4_1_3_nobody_but_a_trusted_proxy_says_who_is_asking,
    rfc_9700_21_forwarded_host_and_scheme_change_no_byte,
);

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// How many of 100 token requests of one peer are refused, when the n-th says `forwarded(n)`.
async fn refused(server: &InProcess, forwarded: impl Fn(u32) -> String) -> u32 {
    let mut browser = server.browser();
    let mut refused = 0;
    for n in 0..100 {
        let said = forwarded(n);
        let headers = [FORM, ("x-forwarded-for", said.as_str())];
        let answer =
            browser.send("POST", "/oauth/token", &headers, Some("client_id=app.kinfolio".into())).await;
        refused += u32::from(answer.status == 429);
    }
    refused
}

async fn rfc_9700_21_asvs_4_1_3_nobody_but_a_trusted_proxy_says_who_is_asking(engine: &Engine) {
    let server = engine.server().await;
    assert!(refused(&server, |n| format!("203.0.113.{n}")).await > 0, "a stranger chose its address");
    let trusting = |config: &mut kinfolio_server::Config| {
        config.trusted_proxy = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let server = engine.server_with(trusting, Arc::new(SystemClock)).await;
    assert_eq!(refused(&server, |n| format!("203.0.113.{n}")).await, 0, "people behind the proxy");
    let spoofed = |n: u32| format!("198.51.100.{n}, 192.0.2.9");
    assert!(
        refused(&server, spoofed).await > 0,
        "the proxy's own entry counts, not what came with the request"
    );
}

async fn rfc_9700_21_forwarded_host_and_scheme_change_no_byte(engine: &Engine) {
    let trusting = |config: &mut kinfolio_server::Config| {
        config.trusted_proxy = vec!["127.0.0.0/8".parse().unwrap()];
    };
    for server in [engine.server().await, engine.server_with(trusting, Arc::new(SystemClock)).await] {
        let lies = [
            // A person's browser: its pages are compared, where a program's errors have ids.
            ("accept", "text/html"),
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "host=evil.example;proto=https"),
        ];
        for path in ["/.well-known/oauth-authorization-server", "/login", "/", "/nothing-here"] {
            let plain = server.browser().send("GET", path, &lies[..1], None).await;
            let lied = server.browser().send("GET", path, &lies, None).await;
            assert_eq!(told(&plain, "-"), told(&lied, "-"), "{path}");
            let cookie = lied.header("set-cookie");
            assert!(!cookie.contains("Secure") && !cookie.contains("__Host-"), "{cookie}");
            assert!(!lied.text.contains("evil.example") && !lied.text.contains("https://"), "{}", lied.text);
        }
    }
}
