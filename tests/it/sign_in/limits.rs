//! Trying often: by address, and at one account (sign-in.md 2.10).

use std::net::Ipv4Addr;

use support::browser::{Browser, code_from, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;

use super::account::NEW_PASSWORD;
use super::pages::told;
use super::{App, EMAIL, PASSWORD, clock};

on_each_engine!(
    asvs_6_3_1_guessing_at_an_account_is_slowed_down_and_its_own_browser_notices_nothing,
    a_browser_is_known_for_180_days_however_long_it_keeps_its_cookie,
    rfc_9700_24_asvs_6_3_8_an_unknown_address_is_slowed_down_in_the_same_way,
    asvs_6_3_1_one_address_gets_ten_sign_ins_three_codes_and_sixty_token_requests,
    asvs_6_3_1_a_try_that_has_to_wait_costs_no_hash,
    asvs_6_3_1_new_passwords_are_judged_ten_times_for_one_address_and_requests_kept_sixty_times,
    a_client_that_is_slow_to_say_what_it_wants_is_cut_off,
    whoever_opens_many_connections_and_is_silent_keeps_nobody_else_out,
);

async fn asvs_6_3_1_guessing_at_an_account_is_slowed_down_and_its_own_browser_notices_nothing(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    // Every guess from an address of its own: the limit by address does not help.
    for _ in 0..5 {
        assert_eq!(server.browser().log_in(EMAIL, "wrong wrong wrong").await.status, 422);
    }
    let answer = server.browser().log_in(EMAIL, PASSWORD).await;
    assert_eq!(answer.status, 429, "not even the right one, before its time");
    assert!(answer.text.contains("Please wait 1 second"), "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "1");
    clock.advance(1);
    assert_eq!(server.browser().log_in(EMAIL, "wrong wrong wrong").await.status, 422);
    let answer = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(answer.text.contains("Please wait 2 seconds"), "{}", answer.text);
    // The parent's browser is known: it has a bucket of its own.
    let page = parent.get("/signed-in").await;
    parent.fill(&page, "/logout", &[]).await;
    assert_eq!(parent.log_in(EMAIL, PASSWORD).await.status, 200);
    // And never longer than a quarter of an hour, however often it was tried.
    for _ in 0..30 {
        clock.advance(15 * 60);
        assert_eq!(server.browser().log_in(EMAIL, "wrong wrong wrong").await.status, 422);
    }
    clock.advance(15 * 60);
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 200);
}

async fn asvs_6_3_1_new_passwords_are_judged_ten_times_for_one_address_and_requests_kept_sixty_times(
    engine: &Engine,
) {
    let server = engine.listening().await;
    // Who has one mailbox types weak passwords for as long as its code lives.
    for (start, email) in [("/register", "pat@example.org"), ("/reset", EMAIL)] {
        let mut browser = server.browser();
        if start == "/reset" {
            browser.register(EMAIL, PASSWORD, &server.mail()).await;
        }
        let before = mails_to(&server.mail(), email).len();
        let page = browser.get(start).await;
        let page = browser.fill(&page, start, &[("email", email)]).await;
        let code = code_from(&next_mail(&server.mail(), email, before).await);
        let mut page = browser.fill(&page, &format!("{start}/code"), &[("code", &code)]).await;
        let mut statuses = Vec::new();
        for _ in 0..16 {
            let answer = browser.fill(&page, &format!("{start}/password"), &[("password", "x")]).await;
            statuses.push(answer.status);
            page = browser.get(&format!("{start}/password")).await;
        }
        assert!(statuses.iter().take(9).all(|status| *status == 422), "{statuses:?}");
        assert!(statuses.contains(&429), "{statuses:?}");
    }
    let mut browser = server.browser();
    let url = App::phone(server.base()).authorize_url();
    let path = url.strip_prefix(server.base()).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..90 {
        statuses.push(browser.get(path).await.status);
    }
    assert!(statuses.iter().take(60).all(|status| *status == 303), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}

async fn asvs_6_3_1_a_try_that_has_to_wait_costs_no_hash(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let hashes = || server.state.hasher.computed();
    // By account, whether there is one or not.
    for email in [EMAIL, "nobody@example.org"] {
        let log_in = async |password: &str| {
            let mut browser = server.browser();
            let page = browser.get("/login").await;
            browser.fill(&page, "/login", &[("email", email), ("password", password)]).await.status
        };
        let before = hashes();
        for _ in 0..5 {
            assert_eq!(log_in("wrong wrong wrong").await, 422);
        }
        assert_eq!(hashes(), before + 5, "one each");
        for password in [PASSWORD, "wrong wrong wrong"] {
            assert_eq!(log_in(password).await, 429);
        }
        assert_eq!(hashes(), before + 5, "{email}: none while it has to wait");
    }
    // By the current password of somebody who is signed in.
    let before = hashes();
    for (status, cost) in [(422, 1), (422, 2), (422, 3), (422, 4), (422, 5), (429, 5), (429, 5)] {
        let page = parent.get("/account/password").await;
        let fields = [("current", "wrong wrong wrong"), ("password", NEW_PASSWORD)];
        assert_eq!(parent.fill(&page, "/account/password", &fields).await.status, status);
        assert_eq!(hashes(), before + cost);
    }
    // By network, each time another account.
    let (before, mut hashed, mut refused) = (hashes(), 0, 0);
    // Its bucket fills again by the machine's own clock.
    while refused < 3 {
        let mut browser = server.browser().from(Ipv4Addr::new(127, 9, 9, 8));
        let page = browser.get("/login").await;
        let email = format!("c{hashed}@example.org");
        let answer = browser.fill(&page, "/login", &[("email", &email), ("password", PASSWORD)]).await;
        match answer.status {
            422 => hashed += 1,
            status => refused += u32::from(status == 429),
        }
        assert_eq!(hashes(), before + hashed, "after {refused} refusals");
    }
}

async fn a_browser_is_known_for_180_days_however_long_it_keeps_its_cookie(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let known = parent.cookie("known").map(str::to_owned);
    for (seconds, wrong, status) in [(180 * 24 * 3600 - 1, 5, 200), (1, 1, 429)] {
        clock.advance(seconds);
        for _ in 0..wrong {
            assert_eq!(server.browser().log_in(EMAIL, "wrong wrong wrong").await.status, 422);
        }
        let mut copy = server.browser();
        copy.set_cookie("known", known.as_deref());
        assert_eq!(copy.log_in(EMAIL, PASSWORD).await.status, status);
    }
}

async fn rfc_9700_24_asvs_6_3_8_an_unknown_address_is_slowed_down_in_the_same_way(engine: &Engine) {
    // A clock that stands still: a busy machine must not let a second go by between two tries.
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut seen = Vec::new();
    // Of the same length, so that bodies can be compared.
    for email in [EMAIL, "nina@example.org"] {
        let mut answers = Vec::new();
        for tries in 0..9 {
            let mut browser = server.browser();
            let page = browser.get("/login").await;
            let fields = [("email", email), ("password", "wrong wrong wrong")];
            let answer = browser.fill(&page, "/login", &fields).await;
            assert_eq!(answer.status, if tries < 5 || tries == 7 { 422 } else { 429 });
            answers.push(told(&answer, email));
            // Then one more try, and a longer wait.
            clock.advance(i64::from(tries == 6));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
}

async fn asvs_6_3_1_one_address_gets_ten_sign_ins_three_codes_and_sixty_token_requests(engine: &Engine) {
    let server = engine.listening().await;
    let mut browser = Browser::at_address(server.base(), Ipv4Addr::new(127, 9, 9, 9));
    let mut codes = Vec::new();
    for n in 0..5 {
        let page = browser.get("/register").await;
        let email = format!("a{n}@example.org");
        codes.push(browser.fill(&page, "/register", &[("email", &email)]).await.status);
    }
    assert_eq!(codes, [200, 200, 200, 429, 429]);
    let mut logins = Vec::new();
    for n in 0..16 {
        let page = browser.get("/login").await;
        let email = format!("b{n}@example.org");
        logins.push(browser.fill(&page, "/login", &[("email", &email), ("password", "x")]).await.status);
    }
    // Buckets fill again by the machine's own clock: on a slow one a few more get through.
    assert!(logins.iter().take(10).all(|status| *status == 422), "{logins:?}");
    assert!(logins.contains(&429), "{logins:?}");
    let mut refused = 0;
    for _ in 0..90 {
        // A header from somebody who is no proxy of ours changes nothing.
        let headers =
            [("x-forwarded-for", "203.0.113.9"), ("content-type", "application/x-www-form-urlencoded")];
        let answer =
            browser.send("POST", "/oauth/token", &headers, Some("client_id=app.kinfolio".into())).await;
        if answer.status == 429 {
            refused += 1;
            assert!(!answer.header("retry-after").is_empty());
        }
    }
    assert!((1..=30).contains(&refused), "{refused}");
    // Another household is not touched.
    assert_eq!(server.browser().get("/login").await.status, 200);
    server.stop().await;
}

/// A client that never finishes its headers or its body holds a connection for a while, not for ever.
async fn a_client_that_is_slow_to_say_what_it_wants_is_cut_off(engine: &Engine) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = engine.listening_with(|config| config.limits.header_seconds = 1).await;
    let host = server.base().strip_prefix("http://").unwrap().to_owned();
    for beginning in [
        "",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n",
        "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 900\r\n\r\ngrant_type=",
    ] {
        let (mut from, mut to) = tokio::net::TcpStream::connect(&host).await.unwrap().into_split();
        to.write_all(beginning.as_bytes()).await.unwrap();
        let end = async {
            let mut answer = Vec::new();
            let _ = from.read_to_end(&mut answer).await;
            answer
        };
        // Far longer than the second it takes, so that a busy machine passes; without a limit it never ends.
        let answer = tokio::time::timeout(std::time::Duration::from_secs(60), end).await;
        let answer = answer.unwrap_or_else(|_| panic!("still open after {beginning:?}"));
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    // A header a time does not help.
    let (mut from, mut to) = tokio::net::TcpStream::connect(&host).await.unwrap().into_split();
    let dribble = tokio::spawn(async move {
        let _ = to.write_all(b"GET /healthz HTTP/1.1\r\n").await;
        for number in 0..600 {
            if to.write_all(format!("x-{number}: y\r\n").as_bytes()).await.is_err() {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        false
    });
    let mut answer = Vec::new();
    let _ = from.read_to_end(&mut answer).await;
    assert!(dribble.await.unwrap(), "a minute of headers was listened to");
    assert_eq!(server.browser().get("/healthz").await.status, 200, "others are served");
    server.stop().await;
}

async fn whoever_opens_many_connections_and_is_silent_keeps_nobody_else_out(engine: &Engine) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = engine.listening_with(|config| config.limits.connections = 3).await;
    let host: std::net::SocketAddr = server.base().strip_prefix("http://").unwrap().parse().unwrap();
    let open = async || {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.7.7.7:0".parse().unwrap()).unwrap();
        socket.connect(host).await.unwrap()
    };
    // The whole of an answer's first bytes, or nothing when the server closes.
    let said = async |connection: &mut tokio::net::TcpStream| {
        let mut answer = [0; 12];
        let _ = connection.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let read =
            tokio::time::timeout(std::time::Duration::from_secs(60), connection.read_exact(&mut answer));
        read.await.expect("an answer or an end").is_ok() && answer == *b"HTTP/1.1 200"
    };
    // Those that have asked for something stay open and are not counted.
    let mut used = Vec::new();
    for _ in 0..5 {
        let mut connection = open().await;
        assert!(said(&mut connection).await);
        used.push(connection);
    }
    let mut silent = [open().await, open().await, open().await];
    assert!(!said(&mut open().await).await, "the fourth is closed");
    assert_eq!(server.browser().get("/healthz").await.status, 200, "another household");
    assert!(said(&mut silent[0]).await, "what is open goes on");
    assert!(said(&mut open().await).await, "and makes room");
    server.stop().await;
}
