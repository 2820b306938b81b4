//! A client that asks and does not read the answers: it holds neither its connection nor a stop for ever.

use std::net::Ipv4Addr;
use std::time::Duration;

use support::engine::Engine;
use support::on_each_engine;
use support::server::Listening;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

on_each_engine!(
    a_client_that_stops_reading_is_cut_off,
    a_client_that_stops_reading_does_not_hold_a_stop,
    a_body_that_comes_byte_by_byte_is_cut_off,
    of_one_household_only_so_many_bodies_are_under_way_and_the_neighbours_notice_nothing,
);

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

/// A form that has begun, from this address.
async fn begun(server: &Listening, from: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let address = server.base().strip_prefix("http://").unwrap().parse().unwrap();
    let mut line = socket.connect(address).await.unwrap();
    let head = "POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                connection: close\r\ncontent-length: 9000\r\n\r\ngrant_type=";
    line.write_all(head.as_bytes()).await.unwrap();
    line
}

async fn answer(line: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(LONG, line.read_to_end(&mut answer)).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn a_body_that_comes_byte_by_byte_is_cut_off(engine: &Engine) {
    let server = engine.listening_with(|config| config.limits.header_seconds = 2).await;
    let (mut line, mut write) = begun(&server, Ipv4Addr::new(127, 0, 77, 1)).await.into_split();
    let drip = async {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let read = async {
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    // Whoever drips never stops by itself: one of the two ends because the server has cut it.
    let cut = async {
        tokio::select! {
            () = drip => None,
            answer = read => Some(answer),
        }
    };
    let answer = tokio::time::timeout(LONG, cut).await.expect("it is still listened to");
    assert!(answer.is_none_or(|answer| answer.is_empty() || answer.starts_with("HTTP/1.1 400")));
    server.stop().await;
}

async fn of_one_household_only_so_many_bodies_are_under_way_and_the_neighbours_notice_nothing(
    engine: &Engine,
) {
    let limits = |config: &mut kinfolio_server::Config| {
        config.limits.connections = 8;
        config.limits.header_seconds = 3_600;
    };
    let server = engine.listening_with(limits).await;
    let (stranger, neighbour) = (Ipv4Addr::new(127, 0, 78, 1), Ipv4Addr::new(127, 0, 79, 1));
    let mut lines = Vec::new();
    for _ in 0..8 {
        let line = begun(&server, stranger).await;
        // Its request is in hand before the next begins: it is counted as a body, no longer as silent.
        tokio::time::sleep(Duration::from_millis(50)).await;
        lines.push(line);
    }
    // Before the last of them has been read, one more is closed without a word, as too many silent ones are.
    let mut refused = String::new();
    while refused.is_empty() {
        refused = answer(&mut begun(&server, stranger).await).await;
    }
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after"), "{refused}");
    // It is let go at once, and takes nobody's place.
    let mut other = begun(&server, neighbour).await;
    other.write_all(&[b'x'; 9000 - 11]).await.unwrap();
    let served = answer(&mut other).await;
    assert!(served.starts_with("HTTP/1.1 400"), "{served}");
    drop(lines);
    server.stop().await;
}
