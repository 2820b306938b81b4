//! A client that asks and does not read the answers: it holds neither its connection nor a stop for ever.

use std::time::Duration;

use support::engine::Engine;
use support::on_each_engine;
use support::server::Listening;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

on_each_engine!(a_client_that_stops_reading_is_cut_off, a_client_that_stops_reading_does_not_hold_a_stop,);

/// Asks for so many answers, one behind the other, that they fit into no buffer on the way, and reads nothing.
async fn stalled(server: &Listening) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let address = server.base().strip_prefix("http://").unwrap().parse().unwrap();
    let mut line = socket.connect(address).await.unwrap();
    let one = "GET /assets/fonts/literata.woff2 HTTP/1.1\r\nhost: x\r\n\r\n";
    line.write_all(one.repeat(1_000).as_bytes()).await.unwrap();
    line
}

/// Far longer than it takes, so that a busy machine passes; without a limit it never ends.
const LONG: Duration = Duration::from_secs(60);

async fn a_client_that_stops_reading_is_cut_off(engine: &Engine) {
    let server = engine.listening_with(|config| config.limits.header_seconds = 1).await;
    let mut line = stalled(&server).await;
    let cut_off = async {
        while line.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(LONG, cut_off).await.expect("it is still listened to");
    assert_eq!(server.browser().get("/healthz").await.status, 200, "others are served");
    server.stop().await;
}

async fn a_client_that_stops_reading_does_not_hold_a_stop(engine: &Engine) {
    // It would be cut off after an hour.
    let server = engine.listening_with(|config| config.limits.header_seconds = 3_600).await;
    let line = stalled(&server).await;
    // Until the buffers on the way are full, in the middle of an answer.
    line.readable().await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    tokio::time::timeout(LONG, server.stop()).await.expect("the server stops");
}
