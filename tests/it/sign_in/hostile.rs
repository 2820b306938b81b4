//! Bodies of the pages and token endpoints that no page or app sends: a clear 4xx, never a 5xx, and the server goes on.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use kinfolio_server::router::{Plane, routes};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::{App, EMAIL, PASSWORD, clock, oauth_error, signed_in};

on_each_engine!(
    a_hostile_form_gets_a_clear_4xx_on_every_page_and_token_route,
    a_field_of_a_megabyte_leaves_nothing_half_done,
    a_path_that_is_no_text_is_answered_like_one_that_does_not_exist,
    a_hostile_field_behind_a_right_token_is_no_fault_of_the_server,
    a_request_that_breaks_off_or_is_no_http_does_not_stop_the_server,
    what_can_be_read_in_two_ways_is_refused_and_nothing_is_done,
    a_form_that_cannot_be_read_says_so_and_only_one_of_another_browser_is_an_old_page,
);

async fn a_form_that_cannot_be_read_says_so_and_only_one_of_another_browser_is_an_old_page(
    server: &InProcess,
) {
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let mut browser = server.browser();
    let (token, foreign) = (browser.get("/login").await.csrf(), server.browser().get("/login").await.csrf());
    let form = "application/x-www-form-urlencoded";
    let fields = format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"));
    let whole = format!("csrf={token}&{fields}");
    let (unread, old) = ("This form cannot be read", "This page is too old");
    for (kind, body, head) in [
        (form, format!("{whole}&x=%zz"), unread),
        (form, format!("csrf={token}&email=%ff&password=x"), unread),
        (form, format!("{whole}&email=b"), unread),
        (form, fields.clone(), unread),
        (form, String::new(), unread),
        ("application/json", whole.clone(), unread),
        ("multipart/form-data; boundary=x", whole.clone(), unread),
        (form, format!("csrf={foreign}&{fields}"), old),
    ] {
        let answer = browser.send("POST", "/login", &[("content-type", kind)], Some(body.clone())).await;
        assert_eq!(answer.status, 400, "{kind} {body}");
        for said in [unread, old] {
            assert_eq!(answer.text.contains(said), said == head, "{kind} {body}: {}", answer.text);
        }
    }
    // The same page's form, whole, still signs in.
    let answer = browser.send("POST", "/login", &[("content-type", form)], Some(whole)).await;
    assert!(browser.follow(answer).await.is_in());
}

async fn a_hostile_form_gets_a_clear_4xx_on_every_page_and_token_route(server: &InProcess) {
    let endless = format!("email={}", "x".repeat(16 << 10));
    let nested = format!("email{}=1", "[]".repeat(2_000));
    let bodies = [
        "",
        "=",
        "&&&&",
        "a=%",
        "a=%zz",
        "%ff=%fe",
        "email=a&email=b",
        "{\"email\":1}",
        "<xml/>",
        "\0\0",
        "grant_type=refresh_token",
        "grant_type=authorization_code&code=%ff&code=2",
        "token=&token=",
        "csrf=%00&email=%00&password=%00",
        &nested,
        &endless,
    ];
    let mut asked = 0;
    for route in routes().iter().filter(|route| matches!(route.plane, Plane::Page | Plane::OAuth)) {
        if route.method != "POST" {
            continue;
        }
        for body in bodies {
            for kind in ["application/x-www-form-urlencoded", "application/json", "nonsense"] {
                let headers = [("content-type", kind), ("origin", server.base())];
                // An address of its own each, or the limits would answer.
                let mut browser = server.browser();
                let answer = browser.send("POST", route.path, &headers, Some(body.to_owned())).await;
                let shown = &body[..body.len().min(40)];
                assert!(
                    (400..500).contains(&answer.status),
                    "{} {kind} {shown}: {}",
                    route.path,
                    answer.status
                );
                assert!(!answer.text.is_empty(), "{} {shown}: no word about it", route.path);
                if matches!(route.plane, Plane::OAuth) {
                    let told: serde_json::Value = serde_json::from_str(&answer.text).expect("RFC 6749 5.2");
                    assert!(told["error"].is_string(), "{} {shown}: {}", route.path, answer.text);
                }
                asked += 1;
            }
        }
    }
    assert!(asked >= 400, "{asked} forms");
    assert_eq!(server.browser().get("/healthz").await.status, 200);
}

async fn a_field_of_a_megabyte_leaves_nothing_half_done(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    mail_is_out(&server.state).await;
    let csrf = parent.get("/signed-in").await.csrf();
    let count = "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM passwords), (SELECT COUNT(*) FROM codes),
                        (SELECT COUNT(*) FROM browser_sessions), (SELECT COUNT(*) FROM email_codes),
                        (SELECT COUNT(*) FROM signins), (SELECT COUNT(*) FROM access_tokens),
                        (SELECT COUNT(*) FROM refresh_tokens), (SELECT COUNT(*) FROM auth_tx),
                        (SELECT COUNT(*) FROM outbox), (SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM throttles),
                        (SELECT COUNT(*) FROM totp), (SELECT COUNT(*) FROM account_deletions)";
    let rows = async || -> Vec<i64> {
        let row = server.state.store.account_read(move |tx| tx.query_one(count, &[])).await;
        let row = row.unwrap().unwrap();
        (0..14).map(|column| row.int(column).unwrap()).collect()
    };
    let before = rows().await;
    let megabyte = "x".repeat(1 << 20);
    let mut asked = 0;
    for route in routes().iter().filter(|route| matches!(route.plane, Plane::Page | Plane::OAuth)) {
        if route.method != "POST" {
            continue;
        }
        let path = route.path.replace("{id}", &"0".repeat(32));
        for name in ["email", "password", "code", "name", "token", "refresh_token"] {
            let known = [("csrf", &*csrf), ("client_id", "app.kinfolio"), ("grant_type", "refresh_token")];
            let answer = parent.post(&path, &[known.as_slice(), &[(name, &*megabyte)]].concat()).await;
            assert_eq!(answer.status, 400, "{path} {name}: {}", answer.text);
            asked += 1;
        }
    }
    assert!(asked >= 100, "{asked}");
    assert_eq!(rows().await, before);
    assert_eq!(parent.get("/account").await.status, 200, "the session lasts");
}

async fn a_path_that_is_no_text_is_answered_like_one_that_does_not_exist(server: &InProcess) {
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let mut app = App::desktop(server.base());
    let callback = browser.authorize(&app.authorize_url()).await;
    app.redeem(&mut browser, &callback).await;
    let mut asked = 0;
    for route in routes().iter().filter(|route| route.path.contains('{')) {
        let mut parts: Vec<&str> = route.path.split('/').collect();
        for part in parts.iter_mut().filter(|part| part.starts_with('{')) {
            *part = "%ff";
        }
        let path = parts.join("/");
        let answer = match route.plane {
            Plane::Account | Plane::Family => app.api(&mut browser, route.method.as_str(), &path).await,
            _ if route.method == "GET" => browser.get(&path).await,
            // Without the page's hidden field: refused before anything is looked up, but by a page.
            _ => browser.post(&path, &[]).await,
        };
        let kind = answer.header("content-type").to_owned();
        // What brings a body hears first what is wrong with that.
        let looked_up = route.method == "GET" || route.method == "DELETE";
        let refused = if looked_up { answer.status == 404 } else { (400..500).contains(&answer.status) };
        assert!(refused, "{} {path}: {} {}", route.method, answer.status, answer.text);
        let page = route.plane == Plane::Page && !path.starts_with("/assets");
        let kind_is_right = kind.starts_with(if page { "text/html" } else { "application/json" });
        assert!(kind_is_right, "{} {path}: {kind}", route.method);
        asked += 1;
    }
    assert!(asked >= 25, "{asked} routes");
}

async fn a_hostile_field_behind_a_right_token_is_no_fault_of_the_server(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (session, known) =
        (parent.cookie("sid").unwrap().to_owned(), parent.cookie("known").unwrap().to_owned());
    let endless = "x".repeat(12 << 10);
    let fields =
        ["%00", "a%00%40b.example", "%ff%fe", "%E2%80%AE", "a&{}=b", &endless, "%0d%0aBcc:%20x%40y.example"];
    let names = ["email", "password", "current", "code", "name", "choice", "key", "adult"];
    let mut asked = 0;
    let mut routes: Vec<_> =
        routes().into_iter().filter(|route| matches!(route.plane, Plane::Page)).collect();
    // The one that ends the session comes last.
    routes.sort_by_key(|route| route.path == "/logout");
    for route in &routes {
        let path = route.path.replace("{id}", "00000000000000000000000000000000");
        for field in fields {
            let text: Vec<String> =
                names.iter().map(|name| format!("{name}={}", field.replace("{}", name))).collect();
            // An address of its own each, or the limits would answer; the session while it lasts.
            let mut browser = server.browser();
            browser.set_cookie("sid", Some(&session));
            browser.set_cookie("known", Some(&known));
            let page = browser.get("/signed-in").await;
            assert!(page.status == 200 || route.path == "/logout", "{path}: the session lasts");
            let page = if page.status == 200 { page } else { browser.get("/login").await };
            let csrf = page.csrf();
            let answer = if route.method == "POST" {
                let headers =
                    [("content-type", "application/x-www-form-urlencoded"), ("origin", server.base())];
                let body = format!("csrf={csrf}&{}", text.join("&"));
                browser.send("POST", &path, &headers, Some(body)).await
            } else {
                browser.get(&format!("{path}?key={field}&state={field}&tx={field}&next={field}")).await
            };
            assert!(answer.status < 500, "{} {path} {field:.40}: {}", route.method, answer.status);
            // What is no text is in no field of ours: nothing of such a form is taken.
            if route.method == "POST" && (field.contains("%00") || field.contains("%ff")) {
                assert_eq!(answer.status, 400, "{path} {field}: {}", answer.text);
            }
            asked += 1;
        }
    }
    assert!(asked >= 300, "{asked} forms");
}

async fn a_request_that_breaks_off_or_is_no_http_does_not_stop_the_server(engine: &Engine) {
    let server = engine.listening().await;
    let address = server.base().trim_start_matches("http://").to_owned();
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000));
    let requests: Vec<Vec<u8>> = vec![
        b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
          Content-Length: 1000\r\n\r\ngrant_type="
            .to_vec(),
        b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"
            .to_vec(),
        b"GET /healthz HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        vec![0; 100_000],
        long.into_bytes(),
    ];
    for request in requests {
        let (address, shown) =
            (address.clone(), String::from_utf8_lossy(&request[..20.min(request.len())]).into_owned());
        let answer = tokio::task::spawn_blocking(move || {
            let mut wire = TcpStream::connect(address).unwrap();
            wire.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            // The server may hang up in the middle, which is an answer too.
            let _ = wire.write_all(&request).and_then(|()| wire.shutdown(Shutdown::Write));
            let mut answer = Vec::new();
            let _ = wire.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        })
        .await
        .unwrap();
        let refused =
            answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4");
        assert!(refused, "{shown:?}: {answer}");
        assert_eq!(server.browser().get("/healthz").await.status, 200, "after {shown:?}");
    }
    server.stop().await;
}

async fn what_can_be_read_in_two_ways_is_refused_and_nothing_is_done(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let answer = browser.get(&app.authorize_url()).await;
    let page = browser.follow(answer).await;
    let (action, _) = page.form("/confirm").expect("a question");
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", server.base())];
    for choice in [
        "choice=continue&choice=continue",
        "choice=continue&choice=other",
        "choice=continue&x=%",
        "choice=%zz",
        "choice=",
        "choice=Other",
        "x=1",
    ] {
        let body = format!("csrf={}&{choice}", page.csrf());
        let answer = browser.send("POST", &action, &form, Some(body)).await;
        assert_eq!((answer.status, answer.location()), (400, None), "{choice}");
    }
    let tx = action.split_once('?').expect("the request").1;
    for query in [&*format!("{tx}&{tx}"), &format!("{tx}&tx="), "tx=%zz", "tx=%", "next=data&next=delete"] {
        let answer = browser.get(&format!("/login?{query}")).await;
        assert_eq!((answer.status, answer.location()), (400, None), "{query}");
    }
    let broken = format!("{}&x=%zz", app.authorize_url());
    assert_eq!(browser.get(&broken).await.status, 400);
    for path in ["/oauth/token", "/oauth/revoke"] {
        let body =
            format!("client_id=app.kinfolio&grant_type=refresh_token&refresh_token={}&token=%", app.refresh);
        let answer = browser.send("POST", path, &form, Some(body)).await;
        assert_eq!((answer.status, oauth_error(&answer)), (400, "invalid_request".into()), "{path}");
    }
    // Still signed in, in the browser and in the app; and the question can be answered.
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    browser.confirm(&page).await;
}
