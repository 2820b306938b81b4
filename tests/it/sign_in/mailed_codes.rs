//! Codes by mail: who asks for many keeps nobody else from one, and no block of addresses fills a mailbox.

use std::net::Ipv4Addr;

use support::browser::{Answer, Browser, code_from, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::account::NEW_PASSWORD;
use super::{EMAIL, PASSWORD, clock};

on_each_engine!(
    asvs_6_3_1_a_strangers_asking_keeps_nobody_elsewhere_from_a_code_and_no_known_browser_anywhere,
    asvs_6_3_1_a_strangers_asking_keeps_nobody_elsewhere_from_the_code_before_the_password,
    asvs_6_3_8_6_6_3_past_a_hundred_mails_a_day_codes_to_an_address_are_long_and_nobody_waits,
    asvs_6_3_1_a_mailbox_is_not_filled_from_one_block_of_addresses,
    asvs_6_3_1_a_refused_asking_for_one_address_leaves_its_network_what_it_has_for_others,
);

/// An address of the block number `block`.
fn address(block: u8, number: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 77, block, number)
}

async fn ask(browser: &mut Browser, email: &str) -> Answer {
    let page = browser.get("/reset").await;
    browser.fill(&page, "/reset", &[("email", email)]).await
}

/// Sets a new password by the code in the mail that comes next.
pub async fn reset(server: &InProcess, browser: &mut Browser) {
    let page = super::reset::reset(server, browser).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
}

async fn asvs_6_3_1_a_strangers_asking_keeps_nobody_elsewhere_from_a_code_and_no_known_browser_anywhere(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut known = server.browser();
    known.register(EMAIL, PASSWORD, &server.mail()).await;
    // From forty networks, as often as they give.
    for block in 0..40 {
        let mut stranger = server.browser().from(address(block, 1));
        for _ in 0..4 {
            ask(&mut stranger, EMAIL).await;
        }
    }
    reset(&server, &mut server.browser().from(address(100, 1))).await;
    // A block that has used up its own turns, and a browser there that has signed in to the account before.
    let page = known.get("/login").await;
    let page = known.fill(&page, "/login", &[("email", EMAIL), ("password", NEW_PASSWORD)]).await;
    assert!(page.is_in(), "{}", page.text);
    let page = known.get("/signed-in").await;
    known.fill(&page, "/logout", &[]).await;
    let mut last = 200;
    for number in 0..30 {
        last = ask(&mut server.browser().from(address(101, number)), EMAIL).await.status;
    }
    assert_eq!(last, 429);
    // Even at the very address of the one who asks.
    reset(&server, &mut known.from(address(101, 29))).await;
}

async fn asvs_6_3_1_a_strangers_asking_keeps_nobody_elsewhere_from_the_code_before_the_password(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_with(|config| config.limits.account_code_failures = 1, clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for block in 0..40 {
        let mut stranger = server.browser().from(address(block, 1));
        let page = stranger.get("/login").await;
        stranger.fill(&page, "/login", &[("email", EMAIL), ("password", "wrong wrong wrong")]).await;
    }
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), EMAIL);
    let mut person = server.browser().from(address(100, 1));
    let page = person.get("/login").await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let page = person.fill(&page, "/login", &fields).await;
    assert_eq!((page.status, page.url.as_str()), (200, "/login/code"), "{}", page.text);
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    let fresh = mails.iter().find(|mail| !before.contains(mail)).expect("a code");
    let page = person.fill(&page, "/login/code", &[("code", &code_from(fresh))]).await;
    let page = person.fill(&page, "/login", &fields).await;
    assert!(page.is_in(), "{}", page.text);
}

async fn asvs_6_3_1_a_mailbox_is_not_filled_from_one_block_of_addresses(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), EMAIL).len();
    let mut sent = 0;
    for _ in 0..4 {
        for number in 0..60 {
            let answer = ask(&mut server.browser().from(address(1, number)), EMAIL).await;
            assert!(matches!(answer.status, 200 | 429), "{}", answer.text);
            sent += usize::from(answer.status == 200);
        }
        // A mail of which the ten minutes are over is not sent.
        mail_is_out(&server.state).await;
        clock.advance(15 * 60);
    }
    assert!((20..=23).contains(&sent), "four times what one address has, and then one a wait: {sent}");
    assert_eq!(mails_to(&server.mail(), EMAIL).len() - before, sent);
    clock.advance(-4 * 15 * 60);
}

async fn asvs_6_3_1_a_refused_asking_for_one_address_leaves_its_network_what_it_has_for_others(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    for number in 0..30 {
        ask(&mut server.browser().from(address(2, number)), EMAIL).await;
    }
    let mut neighbour = server.browser().from(address(2, 200));
    for _ in 0..5 {
        assert_eq!(ask(&mut neighbour, EMAIL).await.status, 429);
    }
    for other in ["a@example.org", "b@example.org", "c@example.org"] {
        assert_eq!(ask(&mut neighbour, other).await.status, 200);
    }
    next_mail(&server.mail(), "c@example.org", 0).await;
}

async fn asvs_6_3_8_6_6_3_past_a_hundred_mails_a_day_codes_to_an_address_are_long_and_nobody_waits(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for email in [EMAIL, "nobody@example.org"] {
        // Five tries at each would add up: from a hundred blocks, each asking less than it might.
        for block in 0..50 {
            for number in [1, 2] {
                let page = ask(&mut server.browser().from(address(block, number)), email).await;
                assert!(page.text.contains("We sent 8 digits to"), "{block}: {}", page.text);
            }
        }
        let page = ask(&mut server.browser().from(address(100, 1)), email).await;
        assert!(page.text.contains("We sent 16 digits to"), "{}", page.text);
        assert!(page.text.contains("16-digit code"), "{}", page.text);
    }
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    let long = mails.iter().filter(|mail| mail.contains("Your code for") && code_from(mail).len() == 19);
    assert_eq!(long.count(), 1, "in fours, like 0000 0000 0000 0000");
    reset(&server, &mut server.browser().from(address(101, 1))).await;
    clock.advance(24 * 3600);
    let page = ask(&mut server.browser().from(address(102, 1)), EMAIL).await;
    assert!(page.text.contains("We sent 8 digits to"), "another day: {}", page.text);
}
