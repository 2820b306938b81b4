//! The phone's way to the network: real HTTP, written down, and with a switch.
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use kinfolio_core::http::{Request, Reqwest, Response, Transport};
use kinfolio_core::{Error, Result};

/// Between two bodies in the file of captures.
pub const BORDER: &[u8] = b"\n--- next body ---\n";

/// A [`Transport`] over [`Reqwest`] that keeps every body of the family plane.
pub struct Line {
    real: Reqwest,
    captured: Mutex<File>,
    on: AtomicBool,
    slow_ms: AtomicU64,
    tried: AtomicU64,
}

impl Line {
    /// Bodies go to the end of `captured`.
    pub fn new(captured: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            real: Reqwest::default(),
            captured: Mutex::new(File::options().create(true).append(true).open(captured)?),
            on: AtomicBool::new(true),
            slow_ms: AtomicU64::new(0),
            tried: AtomicU64::new(0),
        })
    }

    pub fn switch(&self, on: bool) {
        self.on.store(on, Ordering::SeqCst);
    }

    /// From now on each request is told on standard output, and its reply comes this much later.
    pub fn slow_down(&self, ms: u64) {
        self.slow_ms.store(ms, Ordering::SeqCst);
    }

    /// Requests that the phone tried to send so far, with the network on or off.
    pub fn tried(&self) -> u64 {
        self.tried.load(Ordering::SeqCst)
    }

    async fn carry(&self, request: Request) -> Result<Response> {
        let number = self.tried.fetch_add(1, Ordering::SeqCst) + 1;
        if !self.on.load(Ordering::SeqCst) {
            return Err(Error::Offline("the network is off".into()));
        }
        let slow = Duration::from_millis(self.slow_ms.load(Ordering::SeqCst));
        let path = request.url.split_once("/api/v1").map(|(_, path)| path.to_owned());
        if let Some(path) = &path {
            self.keep(&[format!("{} {path}", request.method.as_str()).as_bytes(), &request.body]);
        }
        let tell = |stage: &str| {
            if !slow.is_zero() {
                println!("{}", serde_json::json!({ "request": number, "path": path, "stage": stage }));
            }
        };
        tell("sent");
        let reply = self.real.send(request).await?;
        if path.is_some() {
            self.keep(&[&reply.body]);
        }
        // The server has acted; this phone does not know yet.
        tell("answered");
        tokio::time::sleep(slow).await;
        Ok(reply)
    }

    /// Pieces that belong together stand together: requests go out side by side.
    fn keep(&self, pieces: &[&[u8]]) {
        let mut file = self.captured.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in pieces {
            file.write_all(piece).and_then(|()| file.write_all(BORDER)).expect("the file of captures");
        }
    }
}

impl Transport for Line {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        self.carry(request).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinfolio_core::http::Method;

    #[test]
    fn a_request_that_is_tried_with_the_network_off_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let line = Line::new(&folder.path().join("captured")).unwrap();
        line.switch(false);
        let url = "http://127.0.0.1:1/api/v1/me".to_owned();
        let request = Request { method: Method::Get, url, headers: vec![], body: vec![] };
        let reply = line.send(request).now_or_never();
        assert!(matches!(reply, Some(Err(Error::Offline(_)))));
        assert_eq!(line.tried(), 1);
    }
}
