//! A server that grants: what the log alone bears out is not enough to take a joining phone in.

use std::sync::Arc;

use kinfolio_core::Error;
use kinfolio_core::clock::OsRandomness;
use kinfolio_core::crypto::Secret32;
use kinfolio_core::crypto::hpke::{self, KemKey, SealMode};
use kinfolio_core::http::{Method, Response};
use kinfolio_core::keys::JoinState;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_protocol::grant::{Grant, GrantKind};
use kinfolio_protocol::log::{Change, Log};
use kinfolio_protocol::sign::LogHead;
use kinfolio_protocol::{Hash32, decode, encode};
use minicbor::Encoder;
use rusqlite::types::FromSql;

use super::asked;
use super::phone::Phone;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(a_joiner_takes_no_key_that_was_not_granted_under_the_codes_secret,);

/// One value out of a phone's store.
fn value<T: FromSql>(phone: &Phone, sql: &str) -> T {
    phone.store().read(|tx| Ok(tx.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// The same key for the same phone, granted by the sender's key alone, as a server that made up a whole family
/// and its founder could.
fn without_the_code(ann: &Phone, offer: &Grant) -> Grant {
    let entries: Vec<Vec<u8>> = ann
        .store()
        .read(|tx| {
            let mut rows = tx.prepare("SELECT entry FROM log_entry ORDER BY number")?;
            let rows = rows.query_map([], |row| row.get(0))?;
            Ok(rows.map(Result::unwrap).collect())
        })
        .unwrap();
    let entries: Vec<_> = entries.iter().map(|entry| decode(entry).unwrap()).collect();
    let log = Log::replay(&entries).unwrap();
    let added = entries.last().unwrap().body().changes.iter().find_map(|change| match change {
        Change::AddDevice(added) => Some(added.clone()),
        _ => None,
    });
    let (kem_pk, head) = (added.unwrap().kem_pk, entries.last().unwrap().hash());
    let (space, key): (Vec<u8>, Vec<u8>) =
        (value(ann, "SELECT space FROM family_self"), value(ann, "SELECT key FROM space_key"));
    let mut plaintext = Encoder::new(Vec::new());
    plaintext.map(5).unwrap().u8(0).unwrap().u8(1).unwrap().u8(1).unwrap();
    plaintext.bytes(log.family().as_bytes()).unwrap().u8(2).unwrap();
    plaintext.map(1).unwrap().bytes(&space).unwrap().map(1).unwrap().u8(1).unwrap().bytes(&key).unwrap();
    plaintext.u8(3).unwrap();
    plaintext.writer_mut().extend(encode(&LogHead { number: offer.number, hash: Hash32(head.0) }));
    plaintext.u8(4).unwrap().map(0).unwrap();
    let secret: [u8; 32] = value(ann, "SELECT kem_secret FROM family_self");
    let sender = KemKey::from_secret(Secret32::from_bytes(secret));
    let info = Grant::info(GrantKind::Member, log.family(), head, offer.sender, offer.recipient, &kem_pk);
    let plaintext = plaintext.into_writer();
    let sealed = hpke::seal(SealMode::Auth(&sender), &kem_pk, &info, b"", &plaintext, &OsRandomness).unwrap();
    Grant { kind: GrantKind::Member, enc: sealed.enc, ciphertext: sealed.ciphertext, ..offer.clone() }
}

async fn a_joiner_takes_no_key_that_was_not_granted_under_the_codes_secret(server: &InProcess) {
    let (ann, ben, link) = asked(server).await;
    let own = ben.keys.place().unwrap();
    ann.approve(link, "Ben").await;
    let swapped = Arc::new(std::sync::Mutex::new(ann));
    let granter = Arc::clone(&swapped);
    ben.line.lie(move |request, reply| {
        if request.method == Method::Get && request.url.ends_with("/grants") && reply.status == 200 {
            let offers: Vec<Grant> = decode(&reply.body).unwrap();
            let granter = granter.lock().unwrap();
            let offers: Vec<Grant> = offers.iter().map(|offer| without_the_code(&granter, offer)).collect();
            return Response { body: encode(&offers), ..reply };
        }
        reply
    });
    assert!(
        matches!(ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await, Err(Error::Sealed(reason)) if reason.contains("secret"))
    );
    assert!(matches!(
        ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await,
        Err(Error::Sealed(_))
    ));
    assert_eq!(ben.keys.place().unwrap(), own);
    ben.line.be_honest();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
}
