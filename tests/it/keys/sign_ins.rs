//! Where an account is signed in, as a phone shows it, and an account that a phone keeps from being deleted.

use super::phone::Phone;
use super::{ANN, ann, founded};
use kinfolio_core::Error;
use kinfolio_core::account::AccountState;
use kinfolio_core::clock::Clock as _;
use kinfolio_server::store::Value;
use support::engine::Engine;
use support::on_each_engine;
use support::phone::PASSWORD;
use support::server::InProcess;

on_each_engine!(
    a_phone_lists_where_the_account_is_signed_in_and_ends_a_lost_phones_sign_in_at_once,
    a_phone_outside_the_family_ends_other_sign_ins_within_ten_minutes_only_and_stays_signed_in,
    a_phone_of_the_family_tells_that_the_account_is_to_be_deleted_and_keeps_it,
    the_page_says_that_the_last_parents_account_takes_the_sealed_copy_along_after_thirty_days,
    a_sign_in_is_listed_with_its_platform_version_and_coarse_network_as_of_its_last_refresh,
    a_phone_is_told_thirty_days_before_its_sign_in_ends,
);

const DAY_US: i64 = 86_400_000_000;

async fn a_phone_lists_where_the_account_is_signed_in_and_ends_a_lost_phones_sign_in_at_once(
    server: &InProcess,
) {
    let (phone, tablet) = (ann(server).await, Phone::new("Ann's tablet", server));
    tablet.sign_in(server, ANN).await;
    let mut list = phone.account.sign_ins().await.unwrap();
    list.sort_by_key(|sign_in| !sign_in.current);
    let own = phone.keys.devices().unwrap()[0].id;
    let told: Vec<_> = list.iter().map(|item| (item.name.as_deref(), item.current, item.device)).collect();
    assert_eq!(told, [(None, true, Some(own)), (None, false, None)], "names of devices stay sealed");
    phone.account.end_sign_in(&list[1].id).await.unwrap();
    assert!(matches!(tablet.account.refresh_me().await, Err(Error::SignedOut)));
    assert!(matches!(tablet.account.state().unwrap(), AccountState::SignedOut(_)));
    assert_eq!(phone.account.sign_ins().await.unwrap().len(), 1);
    for none in [&list[1].id[..31], "../me/deletion", &"0".repeat(32)] {
        assert!(matches!(phone.account.end_sign_in(none).await, Err(Error::NotFound("sign-in"))), "{none}");
    }
}

async fn a_phone_outside_the_family_ends_other_sign_ins_within_ten_minutes_only_and_stays_signed_in(
    engine: &Engine,
) {
    let clock = crate::sign_in::clock();
    let server = engine.server_at(&clock).await;
    let (phone, tablet) = (ann(&server).await, Phone::new("Ann's tablet", &server));
    tablet.sign_in(&server, ANN).await;
    let phones = phone.account.sign_ins().await.unwrap().into_iter().find(|item| item.current).unwrap();
    clock.advance(600);
    let refused = tablet.account.end_sign_in(&phones.id).await;
    assert!(matches!(refused, Err(Error::TwoFactorRequired)), "{refused:?}");
    assert_eq!(tablet.account.sign_ins().await.unwrap().len(), 2, "the tablet is still signed in");
    // Nor does it become a parent of another family by its old sign-in, which would make it one of the enrolled.
    let founded = tablet.keys.turn_on_sync().await;
    assert!(matches!(founded, Err(Error::TwoFactorRequired)), "{founded:?}");
    // The family's own phone needs no more than its device; and so does signing oneself out.
    let tablets = phone.account.sign_ins().await.unwrap().into_iter().find(|item| !item.current).unwrap();
    phone.account.end_sign_in(&tablets.id).await.unwrap();
    assert!(matches!(tablet.account.refresh_me().await, Err(Error::SignedOut)));
}

async fn a_phone_of_the_family_tells_that_the_account_is_to_be_deleted_and_keeps_it(server: &InProcess) {
    let (phone, tablet) = (ann(server).await, Phone::new("Ann's tablet", server));
    tablet.sign_in(server, ANN).await;
    assert_eq!(phone.account.deletion().await.unwrap(), None);
    assert!(matches!(phone.account.keep_account().await, Err(Error::NotFound("deletion"))));
    let now = server.state.clock.now_us();
    let sql = "INSERT INTO account_deletions (user_id, asked_at, due_at, mails_sent, next_at)
               SELECT user_id, $1, $2, 1, $2 FROM users";
    let ask = move |tx: &mut kinfolio_server::store::Tx<'_>| {
        tx.execute(sql, &[Value::Int(now), Value::Int(now + 7 * DAY_US)])
    };
    server.state.store.account(ask).await.unwrap();
    assert_eq!(phone.account.deletion().await.unwrap(), Some((now + 7 * DAY_US) / 1000));
    let older = "UPDATE signins SET auth_time = auth_time - 600000000";
    server.state.store.account(move |tx| tx.execute(older, &[])).await.unwrap();
    assert_eq!(tablet.account.keep_account().await, Err(Error::TwoFactorRequired));
    phone.account.keep_account().await.unwrap();
    assert_eq!(tablet.account.deletion().await.unwrap(), None);
}

async fn the_page_says_that_the_last_parents_account_takes_the_sealed_copy_along_after_thirty_days(
    server: &InProcess,
) {
    let (phone, ben) = super::two(server).await;
    let page = async |email: &str| {
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        browser.fill(&page, "/login", &[("email", email), ("password", PASSWORD)]).await;
        let page = browser.get("/account/delete").await;
        (browser, page)
    };
    let (_, two) = page(ANN).await;
    assert!(two.text.contains("after 7 days") && two.text.contains("another parent"), "{}", two.text);
    assert!(two.text.contains("public keys of your devices among it"), "{}", two.text);
    let alone = founded(server, "Cleo's phone", "cleo@example.org").await;
    let (mut browser, one) = page("cleo@example.org").await;
    assert!(one.text.contains("after 30 days") && one.text.contains("The sealed copy"), "{}", one.text);
    for stays in ["The public keys of your family’s devices", "without your address", "Copies in backups"] {
        assert!(one.text.contains(stays), "{stays}: {}", one.text);
    }
    let now_ms = server.state.clock.now_us() / 1000;
    browser.fill(&one, "/account/delete", &[]).await;
    let due_ms = alone.account.deletion().await.unwrap().unwrap();
    assert_eq!((due_ms - now_ms) / (DAY_US / 1000), 30);
    drop((phone, ben));
}

async fn a_sign_in_is_listed_with_its_platform_version_and_coarse_network_as_of_its_last_refresh(
    server: &InProcess,
) {
    let phone = ann(server).await;
    let own = async || phone.account.sign_ins().await.unwrap().remove(0);
    let wanted = (Some("linux".to_owned()), Some(env!("CARGO_PKG_VERSION").to_owned()));
    let listed = own().await;
    // When somebody was awake is nobody's business: the day is told, and the end says no more.
    let now_ms = server.state.clock.now_us() / 1000;
    assert_eq!(listed.last_used_ms % (DAY_US / 1000), 0);
    assert!((0..2 * DAY_US / 1000).contains(&(now_ms - listed.last_used_ms)));
    assert_eq!(listed.ends_ms % (DAY_US / 1000), 0);
    assert_eq!((listed.platform, listed.app_version), wanted);
    // Each phone here has an address of its own.
    let network = listed.network.unwrap();
    assert!(network.ends_with(".0/24"), "no whole address: {network}");
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    browser.fill(&page, "/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let shown = browser.get("/account/devices").await.text;
    let about = format!("Kinfolio {} on Linux, last from network {network}", env!("CARGO_PKG_VERSION"));
    assert!(shown.contains(&about), "{shown}");
    let data = browser.get("/account/data/kinfolio-account.json").await.text;
    assert!(data.contains("\"platform\":\"linux\"") || data.contains("\"platform\": \"linux\""), "{data}");
    // An app that was updated since: the next refresh says so.
    let older = "UPDATE signins SET app_version = '0.0.1', platform = 'ios', network = '192.0.2.0/24'";
    server.state.store.account(move |tx| tx.execute(older, &[])).await.unwrap();
    assert_eq!(own().await.app_version.as_deref(), Some("0.0.1"));
    phone.clock().advance(16 * 60 * 1000);
    let listed = own().await;
    assert_eq!((listed.platform, listed.app_version), wanted);
    assert_eq!(listed.network, Some(network));
}

async fn a_phone_is_told_thirty_days_before_its_sign_in_ends(engine: &Engine) {
    const DAY: i64 = 86_400;
    let clock = crate::sign_in::clock();
    let server = engine.server_at(&clock).await;
    let phone = ann(&server).await;
    let (begun_ms, mut day) = (phone.clock().now_ms(), 0);
    let mut on = |to: i64| {
        clock.advance((to - day) * DAY);
        phone.clock().advance((to - day) * DAY * 1000);
        day = to;
    };
    let soon = || phone.account.sign_in_ends_soon().unwrap().map(|at_ms| (at_ms - begun_ms) / (DAY * 1000));
    assert_eq!(soon(), None);
    // Not used for long: using it is enough.
    on(149);
    assert_eq!(soon(), None);
    on(150);
    assert_eq!(soon(), Some(180));
    phone.account.refresh_me().await.unwrap();
    assert_eq!(soon(), None);
    on(300);
    phone.account.refresh_me().await.unwrap();
    let listed = phone.account.sign_ins().await.unwrap().remove(0);
    assert_eq!((listed.ends_ms - listed.created_ms) / (DAY * 1000), 400);
    on(369);
    assert_eq!(soon(), None);
    // At the end of its 400 days only signing in once more helps.
    on(370);
    phone.account.refresh_me().await.unwrap();
    assert_eq!(soon(), Some(400));
    phone.sign_in(&server, ANN).await;
    assert_eq!(soon(), None);
    phone.account.sign_out().await.unwrap();
    on(800);
    assert_eq!(soon(), None, "nobody is signed in");
}
