//! What the real transport refuses, and what an error reply becomes.

use super::*;

#[test]
fn plain_http_is_for_this_machine_only() {
    for good in ["https://kinfolio.example", "http://127.0.0.1:8080/x", "http://[::1]:9/"] {
        check_address(good).unwrap();
    }
    for bad in [
        "http://kinfolio.example",
        "http://localhost:1",
        "http://127.0.0.2",
        "http://127.0.0.1:1@evil.example/",
        "https://user@kinfolio.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "kinfolio",
        "",
    ] {
        assert!(check_address(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_server_stands_at_the_root_of_its_host() {
    for good in ["https://kinfolio.example", "https://kinfolio.example:8443", "http://127.0.0.1:1"] {
        check_server(good).unwrap();
    }
    for bad in ["https://kinfolio.example/a", "https://kinfolio.example?a=b", "https://kinfolio.example#a"] {
        assert!(check_server(bad).unwrap_err().to_string().contains("must end after its name"), "{bad}");
    }
    assert!(check_server("http://kinfolio.example").is_err());
}

#[test]
fn debug_output_holds_no_token_and_no_query() {
    let request = Request {
        method: Method::Post,
        url: "https://h/oauth/token?code=secret".into(),
        headers: vec![("authorization".into(), "Bearer hat_secret".into())],
        body: b"secret".to_vec(),
    };
    assert_eq!(format!("{request:?}"), "POST https://h/oauth/token (6 bytes)");
    let reply = Response { status: 200, headers: vec![], body: b"secret".to_vec() };
    assert_eq!(format!("{reply:?}"), "200 (6 bytes)");
}

#[test]
fn an_error_reply_becomes_the_cause_that_the_screen_needs() {
    let reply = |status, body: &str| Response { status, headers: vec![], body: body.into() }.ok();
    assert!(matches!(reply(401, ""), Err(Error::SignedOut)));
    assert!(matches!(
        reply(403, r#"{"error":{"code":"device_not_enrolled","message":"m","id":"i"}}"#),
        Err(Error::NotEnrolled)
    ));
    assert!(matches!(reply(503, "<html>"), Err(Error::Offline(_))));
    assert!(matches!(reply(429, ""), Err(Error::Offline(_))));
    assert_eq!(
        reply(507, r#"{"error":{"code":"quota","message":"m","id":"i"}}"#).unwrap_err(),
        Error::ServerFull
    );
    assert!(matches!(
        reply(409, r#"{"error":{"code":"log_behind","message":"m"}}"#),
        Err(Error::Refused { status: 409, code, .. }) if code == "log_behind"
    ));
    assert!(reply(204, "").is_ok());
}

/// Answers one connection with fixed bytes, then closes it.
async fn serve_once(answer: Vec<u8>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        let _ = socket.read(&mut buffer).await;
        let _ = socket.write_all(&answer).await;
    });
    url
}

fn get(url: String) -> Request {
    Request { method: Method::Get, url, headers: vec![], body: vec![] }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let url = serve_once(
        b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n".to_vec(),
    )
    .await;
    let reply = Reqwest::default().send(get(url)).await.unwrap();
    assert_eq!((reply.status, reply.header("location")), (302, Some("https://evil.example/")));
}

#[tokio::test]
async fn a_reply_without_end_is_cut_at_the_limit() {
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    answer.resize(answer.len() + MAX_REPLY + 1, b'x');
    let url = serve_once(answer).await;
    assert!(matches!(Reqwest::default().send(get(url)).await, Err(Error::Internal(_))));
}

#[tokio::test]
async fn nobody_listening_is_offline() {
    let reply = Reqwest::default().send(get("http://127.0.0.1:1/".into())).await;
    assert!(matches!(reply, Err(Error::Offline(_))));
}
