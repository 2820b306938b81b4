//! Signed words that come again, or too late: a request that was called off begins nothing, and what has begun is not called off.

use kinfolio_protocol::family::ProofRequest;
use kinfolio_protocol::sign;
use kinfolio_server::store::Tx;
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server};

on_each_engine!(
    an_old_signed_end_of_an_account_does_not_come_back_after_it_was_called_off,
    an_end_that_has_begun_says_so_to_whoever_calls_it_off,
    an_order_does_not_outlive_the_family_that_it_was_for,
);

const DAY: i64 = 86_400;

async fn rows(server: &Server, sql: &'static str) -> usize {
    server.state.store.account_read(move |tx| tx.query(sql, &[])).await.unwrap().len()
}

async fn change(server: &Server, sql: &'static str, family: &Family) {
    let id = family.id;
    let change = move |tx: &mut Tx<'_>| tx.execute(sql, &[id.0.into()]);
    assert!(server.state.store.account(change).await.unwrap() > 0, "{sql}");
}

async fn an_old_signed_end_of_an_account_does_not_come_back_after_it_was_called_off(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    let mut proof: ProofRequest = ann.proof(server, family.id).await;
    let message = sign::end_account(server.issuer(), family.id, ann.who.account, &proof.nonce);
    proof.signature = sign::sign(&ann.key, &message);
    let day = server.call(&ann.who, "POST", "/me/deletion", &proof).await.is(200).json();
    let again = server.call(&ann.who, "POST", "/me/deletion", &proof).await.is(200).json();
    assert_eq!(day, again, "the same bytes get the day that stands");
    server.call(&ann.who, "DELETE", "/me/deletion", Body::None).await.is(204);
    // A line that sends the first request once more.
    server.call(&ann.who, "POST", "/me/deletion", &proof).await.is(409);
    assert_eq!(rows(server, "SELECT 1 FROM account_deletions").await, 0);
}

async fn an_end_that_has_begun_says_so_to_whoever_calls_it_off(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    let (path, cancel) = (family.path("/erasure"), family.path("/erasure/cancel"));
    let request = ann.order(server, family.id, sign::erase_family).await;
    server.call(&ann.who, "POST", &path, &request).await.is(200);
    change(server, "UPDATE family_erasures SET begun_at = 1 WHERE family_id = $1", &family).await;
    let kept = ann.order(server, family.id, sign::keep_family).await;
    server.call(&ann.who, "POST", &cancel, &kept).await.is(409);
    // The same where it goes with an account.
    change(server, "DELETE FROM family_erasures WHERE family_id = $1", &family).await;
    change(server, "INSERT INTO erasures (family_id, user_id) SELECT $1, user_id FROM users", &family).await;
    let kept = ann.order(server, family.id, sign::keep_family).await;
    server.call(&ann.who, "POST", &cancel, &kept).await.is(409);
}

async fn an_order_does_not_outlive_the_family_that_it_was_for(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    // The family goes with an account just now.
    change(server, "INSERT INTO erasures (family_id, user_id) SELECT $1, user_id FROM users", &family).await;
    let request = ann.order(server, family.id, sign::erase_family).await;
    server.call(&ann.who, "POST", &family.path("/erasure"), &request).await.is(409);
    assert_eq!(rows(server, "SELECT 1 FROM family_erasures").await, 0);
    change(server, "DELETE FROM erasures WHERE family_id = $1", &family).await;
    // One that was given so late that the family was gone when it was written down.
    server.state.store.erase_family(family.id).await.unwrap();
    let late = "INSERT INTO family_erasures (family_id, ordered_at, due_at, mails_sent, next_at) VALUES ($1, 1, 1, 2, 1)";
    change(server, late, &family).await;
    server.call(&ann.who, "POST", "/families", &family.request()).await.is(201);
    assert_eq!(rows(server, "SELECT 1 FROM family_erasures").await, 0);
    server.clock.advance(40 * DAY);
    kinfolio_server::erase::round(&server.state).await.unwrap();
    let there = server.state.store.family_read(family.id, |_| Ok(())).await;
    assert!(there.is_ok(), "it is another one");
}
