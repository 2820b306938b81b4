//! A phone that is signed in to another server than its family's, or than its code's, sends nothing there.

use std::sync::Arc;

use futures::future::BoxFuture;
use kinfolio_core::Error;
use kinfolio_core::account::CLIENT_DESKTOP;
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::error::Result;
use kinfolio_core::http::{Request, Response, Transport};
use kinfolio_core::keys::JoinState;
use kinfolio_core::progress::{Cancel, NoProgress};
use support::engine::Engine;
use support::line::Line;
use support::on_each_engine;
use support::phone::{PASSWORD, Phone, REDIRECT};
use support::server::InProcess;

use super::{ANN, BEN, ann};

on_each_engine!(
    signed_in_to_another_server_sync_refuses_as_keys_do_before_anything_is_sent,
    a_joining_phone_signs_no_device_proof_for_another_server_than_the_codes,
);

const ELSEWHERE: &str = "http://127.0.0.1:8585";

/// A line to each of two servers.
struct Fork {
    home: Arc<Line>,
    elsewhere: Arc<Line>,
}

impl Transport for Fork {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        match request.url.starts_with(ELSEWHERE) {
            true => self.elsewhere.send(request),
            false => self.home.send(request),
        }
    }
}

/// Two servers, and a phone that reaches both.
async fn two_servers(engine: &Engine, name: &str) -> (InProcess, InProcess, Phone, Arc<Line>) {
    let home = engine.server().await;
    let move_away = |config: &mut kinfolio_server::Config| config.public_url = Some(ELSEWHERE.into());
    let elsewhere = engine.server_with(move_away, Arc::new(kinfolio_server::clock::SystemClock)).await;
    let line = Line::to(elsewhere.router());
    let fork = Fork { home: Line::to(home.router()), elsewhere: line.clone() };
    (home, elsewhere, Phone::new(name, Arc::new(fork)), line)
}

/// Signs in to an account that is made for it.
async fn sign_up(phone: &Phone, server: &InProcess, email: &str) {
    let mut browser = server.browser();
    browser.register(email, PASSWORD, &server.mail()).await;
    let account = phone.client().account();
    let url = account.begin(server.base(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    account.finish(&browser.authorize(&url).await).await.unwrap();
}

fn says_where<T>(answer: Result<T>) -> bool {
    matches!(answer, Err(Error::InvalidInput(message)) if message.contains("another server: sign in there"))
}

async fn signed_in_to_another_server_sync_refuses_as_keys_do_before_anything_is_sent(engine: &Engine) {
    let (home, elsewhere, phone, line) = two_servers(engine, "Ann's phone").await;
    sign_up(&phone, &home, ANN).await;
    phone.client().keys().turn_on_sync().await.unwrap();
    let draft = EntryDraft { title: "ours".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = phone.client().entries().create(draft).unwrap();
    sign_up(&phone, &elsewhere, ANN).await;
    let before = line.requests();
    let sync = phone.client().sync();
    assert!(says_where(sync.run(Cancel::new(), Arc::new(NoProgress)).await));
    assert!(says_where(sync.check(Cancel::new(), Arc::new(NoProgress)).await));
    assert!(says_where(phone.client().keys().update().await));
    assert!(says_where(phone.client().keys().turn_on_sync().await));
    assert_eq!(line.requests(), before, "something was sent to a server that is not the family's");
    // Back at home it goes on.
    let mut browser = home.browser();
    let account = phone.client().account();
    let url = account.begin(home.base(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    account.finish(&browser.sign_in(&url, ANN, PASSWORD).await).await.unwrap();
    phone.client().keys().bind().await.unwrap();
    phone.sync().await;
    assert_eq!(phone.client().sync().state(entry.id).unwrap(), kinfolio_core::sync::EntryState::Stored);
}

async fn a_joining_phone_signs_no_device_proof_for_another_server_than_the_codes(engine: &Engine) {
    let (home, elsewhere, ben, line) = two_servers(engine, "Ben's phone").await;
    let ann = ann(&home).await;
    sign_up(&ben, &home, BEN).await;
    let link = ben.answer_invite(&ann).await;
    ann.approve(link, "Ben").await;
    sign_up(&ben, &elsewhere, BEN).await;
    let before = line.requests();
    let keys = ben.client().keys();
    assert_eq!(keys.join_state().await, Ok(JoinState::SignIn { server: home.base().into() }));
    assert!(says_where(keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await));
    assert!(says_where(keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await));
    assert_eq!(line.requests(), before, "something was sent to a server that is not the code's");
    assert_eq!(keys.place().unwrap().server, None);
}
