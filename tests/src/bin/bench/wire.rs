//! A bare HTTP/1.1 client over one kept connection: it costs little, and it counts every byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, ensure};

use crate::child::Told;

/// One connection.
pub struct Wire {
    stream: BufReader<TcpStream>,
    token: String,
    space: String,
    /// Bytes sent, headers included.
    pub sent: u64,
    /// Bytes received, headers included.
    pub received: u64,
}

impl Wire {
    /// Connects to a child.
    pub fn to(told: &Told) -> Result<Self> {
        let stream = TcpStream::connect(told.address)?;
        stream.set_nodelay(true)?;
        let (token, space) = (told.token.clone(), told.space.clone());
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream), token, space, sent: 0, received: 0 })
    }

    /// `POST` to a route of the space.
    pub fn post(&mut self, route: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.send("POST", route, body)
    }

    /// `GET` from a route of the space.
    pub fn get(&mut self, route: &str) -> Result<Vec<u8>> {
        self.send("GET", route, &[])
    }

    fn send(&mut self, method: &str, route: &str, body: &[u8]) -> Result<Vec<u8>> {
        let head = format!(
            "{method} {}{route} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {}\r\n\
             content-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
            self.space,
            self.token,
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.sent += request.len() as u64;
        self.reply()
    }

    fn reply(&mut self) -> Result<Vec<u8>> {
        let (mut status, mut length, mut line) = (None, 0, String::new());
        loop {
            line.clear();
            self.received += self.stream.read_line(&mut line)? as u64;
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            match text.split_once(": ") {
                None => status = text.split(' ').nth(1).map(str::to_owned),
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse()?
                }
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        self.received += length as u64;
        let status = status.context("no status line")?;
        ensure!(status == "200", "{status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }
}
