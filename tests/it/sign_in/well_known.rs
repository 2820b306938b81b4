//! What the operator says about the server: whom to write to, which apps belong to it, privacy and terms.

use serde_json::{Value, json};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::{EMAIL, NOW, PASSWORD, clock};

on_each_engine!(
    what_the_operator_did_not_say_is_not_there,
    a_password_manager_is_led_to_the_page_that_changes_the_password,
    security_txt_and_app_links_say_what_the_operator_said,
    privacy_and_terms_are_the_operators_words_and_are_linked_only_where_they_exist,
    eighteen_or_over_is_kept_with_its_time_and_the_version_of_its_text,
    a_public_server_without_privacy_and_terms_warns_at_start,
);

const OF_OPERATOR: [&str; 3] =
    ["/.well-known/security.txt", "/.well-known/apple-app-site-association", "/.well-known/assetlinks.json"];

async fn what_the_operator_did_not_say_is_not_there(server: &InProcess) {
    for path in OF_OPERATOR {
        assert_eq!(server.browser().get(path).await.status, 404, "{path}");
    }
}

async fn a_password_manager_is_led_to_the_page_that_changes_the_password(server: &InProcess) {
    let answer = server.browser().get("/.well-known/change-password").await;
    assert_eq!((answer.status, answer.location()), (303, Some("/account/password")));
}

async fn security_txt_and_app_links_say_what_the_operator_said(engine: &Engine) {
    let print = ["AB"; 32].join(":");
    let android = format!("app.kinfolio={print}");
    let change = |config: &mut kinfolio_server::Config| {
        config.apps.security_contact = ["mailto:security@example.org", "https://example.org/report"]
            .map(|one| one.parse().unwrap())
            .into();
        config.apps.apple_app = vec!["ABCDE12345.app.kinfolio".parse().unwrap()];
        config.apps.android_app = vec![android.parse().unwrap()];
    };
    let server = engine.server_with(change, clock()).await;
    let mut browser = server.browser();
    let security = browser.get(OF_OPERATOR[0]).await;
    assert_eq!(security.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        security.text,
        "Contact: mailto:security@example.org\nContact: https://example.org/report\n\
         Expires: 2027-03-13T14:02:00Z\nCanonical: http://127.0.0.1:8484/.well-known/security.txt\n"
    );
    let mut json = Vec::new();
    for path in &OF_OPERATOR[1..] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{path}");
        json.push(serde_json::from_str::<Value>(&answer.text).unwrap());
    }
    let ids = json!(["ABCDE12345.app.kinfolio"]);
    let links = json!({ "details": [{ "appIDs": ids, "components": [{ "/": "/app/callback" }] }] });
    assert_eq!(json[0], json!({ "applinks": links, "webcredentials": { "apps": ids } }));
    let target = json!({
        "namespace": "android_app", "package_name": "app.kinfolio", "sha256_cert_fingerprints": [print]
    });
    let relation = json!(["delegate_permission/common.handle_all_urls"]);
    assert_eq!(json[1], json!([{ "relation": relation, "target": target }]));
}

async fn privacy_and_terms_are_the_operators_words_and_are_linked_only_where_they_exist(engine: &Engine) {
    let server = engine.server().await;
    for path in ["/privacy", "/terms"] {
        assert_eq!(server.browser().get(path).await.status, 404, "{path}");
        assert!(server.browser().get("/login").await.link(path).is_none(), "{path}");
    }
    let change = |config: &mut kinfolio_server::Config| {
        let pages = config.data.join("pages");
        std::fs::create_dir_all(&pages).unwrap();
        std::fs::write(pages.join("privacy.txt"), "We keep <little>.\n\nAnd not for long.").unwrap();
        std::fs::write(pages.join("terms.txt"), "Be kind.").unwrap();
    };
    let server = engine.server_with(change, clock()).await;
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    for (path, words) in
        [("/privacy", vec!["We keep &#60;little&#62;.", "And not for long."]), ("/terms", vec!["Be kind."])]
    {
        let page = browser.get(&login.link(path).expect("a link")).await;
        assert_eq!(page.status, 200, "{path}");
        for word in words {
            assert!(page.text.contains(word), "{path}: {}", page.text);
        }
    }
}

async fn a_public_server_without_privacy_and_terms_warns_at_start(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let flags = ["--listen", "127.0.0.1:0", "--public-url", "https://sync.example.org"];
    let warns = || {
        let mut server = place.process_for_people(folder.path(), &flags);
        assert_eq!(server.terminate(), Some(0));
        server.log().contains("pages/privacy.txt or pages/terms.txt is missing")
    };
    assert!(warns());
    let pages = folder.path().join("server/pages");
    std::fs::create_dir_all(&pages).unwrap();
    std::fs::write(pages.join("privacy.txt"), "We keep little.").unwrap();
    assert!(warns(), "one of them is not enough");
    std::fs::write(pages.join("terms.txt"), "Be kind.").unwrap();
    assert!(!warns());
}

async fn eighteen_or_over_is_kept_with_its_time_and_the_version_of_its_text(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let kept = server.state.store.account_read(|tx| {
        let row = tx.query_one("SELECT adult_at, adult_text FROM users", &[])?.expect("the account");
        Ok((row.int(0)?, row.text(1)?))
    });
    assert_eq!(kept.await.unwrap(), (NOW, "18-or-over/1".to_owned()));
}
