//! Signed in is not enrolled.

use kinfolio_core::Error;
use kinfolio_core::http::{Method, Request, Response, Transport};
use serde_json::Value;

use super::phone::Phone;
use super::{ANN, ann, two};
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(
    a_stolen_password_reaches_neither_keyring_nor_grants_nor_records,
    a_phone_that_signs_in_anew_binds_itself_again,
    a_bound_sign_in_is_refreshed_by_its_device_and_by_nobody_else,
);

/// A request with the phone's own access token, past its session.
async fn ask(phone: &Phone, server: &InProcess, method: Method, path: &str) -> Response {
    let token: String = phone
        .store()
        .read(|tx| Ok(tx.query_row("SELECT access_token FROM sign_in", [], |row| row.get(0))?))
        .unwrap();
    let request = Request {
        method,
        url: format!("{}{path}", server.base()),
        headers: vec![
            ("authorization".into(), format!("Bearer {token}")),
            ("content-type".into(), "application/cbor".into()),
        ],
        body: vec![],
    };
    phone.line.send(request).await.unwrap()
}

fn code(reply: &Response) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}

async fn a_stolen_password_reaches_neither_keyring_nor_grants_nor_records(server: &InProcess) {
    let ann = ann(server).await;
    let thief = Phone::new("a thief's phone", server);
    thief.sign_in(server, ANN).await;
    let family = kinfolio_protocol::FamilyId(ann.keys.place().unwrap().family);
    for path in ["keyring", "grants", "quota"] {
        let reply = ask(&thief, server, Method::Get, &format!("/api/v1/families/{family}/{path}")).await;
        assert_eq!((reply.status, code(&reply).as_str()), (403, "device_not_enrolled"), "{path}");
    }
    let log = ask(&thief, server, Method::Get, &format!("/api/v1/families/{family}/log?after=0")).await;
    assert_eq!(log.status, 200);
    assert!(matches!(thief.keys.bind().await, Err(Error::NotEnrolled)));
}

async fn a_phone_that_signs_in_anew_binds_itself_again(server: &InProcess) {
    let (ann, ben) = two(server).await;
    ann.account.sign_out().await.unwrap();
    assert_eq!(ann.keys.update().await, Err(Error::SignedOut));
    // Local work goes on.
    ann.client().learners().list().unwrap();
    ann.sign_in(server, ANN).await;
    ann.keys.rename_device("back again").await.unwrap();
    ben.keys.update().await.unwrap();
    assert_eq!(ben.keys.devices().unwrap()[0].name, "back again");
}

async fn a_bound_sign_in_is_refreshed_by_its_device_and_by_nobody_else(server: &InProcess) {
    let ann = ann(server).await;
    let expire = |phone: &Phone| {
        let sql = "UPDATE sign_in SET access_until_ms = 0";
        phone.store().write(|tx| Ok(tx.execute(sql, [])?)).unwrap();
    };
    expire(&ann);
    ann.keys.update().await.unwrap();
    // The store's copy without the device's signature: what a thief of the tokens would send.
    expire(&ann);
    ann.store().write(|tx| Ok(tx.execute("UPDATE family_self SET bound = NULL", [])?)).unwrap();
    assert!(matches!(ann.keys.update().await, Err(Error::Refused { status: 400, .. })));
}
