//! A phone's line to a server in this process: straight into the router, with replies lost on purpose.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use futures::future::BoxFuture;
use kinfolio_core::http::{Request, Response, Transport};
use kinfolio_core::{Error, Result};
use tower::ServiceExt;

use support::server::InProcess;

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and so does the reply.
    Arrives,
    /// It never reaches the server.
    Lost,
    /// The server acts on it; the reply is lost.
    ReplyLost,
    /// The process dies before it is sent.
    DiesBefore,
    /// The server acts on it, and the process dies before it hears.
    DiesAfter,
}

type Decide = Box<dyn FnMut(&Request) -> Fate + Send>;
type Tamper = Box<dyn FnMut(&Request, Response) -> Response + Send>;

/// The line. Cloned handles share the fate and the count.
#[derive(Clone)]
pub struct Wire {
    router: Router,
    base: String,
    address: SocketAddr,
    fate: Arc<Mutex<Option<Decide>>>,
    tamper: Arc<Mutex<Option<Tamper>>>,
    lost_replies: Arc<AtomicU64>,
    deaths: Arc<tokio::sync::Notify>,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Wire {
    /// A line to this server from an address of its own.
    pub fn new(server: &InProcess) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(2);
        let host = 0x7f20_0000 | (NEXT.fetch_add(1, Ordering::Relaxed) & 0x000f_ffff);
        Self {
            router: server.router(),
            base: server.base().to_owned(),
            address: SocketAddr::from((std::net::Ipv4Addr::from_bits(host), 40_000)),
            fate: Arc::default(),
            tamper: Arc::default(),
            lost_replies: Arc::default(),
            deaths: Arc::default(),
            sent: Arc::default(),
        }
    }

    /// Ends when a fate killed the process.
    pub async fn death(&self) {
        self.deaths.notified().await;
    }

    /// Every body that reached the server, one after the other.
    pub fn sent(&self) -> Vec<u8> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The request's future never ends: who awaits it is dropped by whoever watches [`Wire::death`].
    async fn die(&self) -> Result<Response> {
        self.deaths.notify_one();
        std::future::pending().await
    }

    /// As the transport that a client takes.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    /// Decides each request's fate from now on; `None`: all arrive.
    pub fn set_fate(&self, decide: Option<Decide>) {
        *self.fate.lock().unwrap_or_else(PoisonError::into_inner) = decide;
    }

    /// Changes replies from now on, as a lying server would.
    pub fn set_tamper(&self, tamper: Option<Tamper>) {
        *self.tamper.lock().unwrap_or_else(PoisonError::into_inner) = tamper;
    }

    /// The next request whose path holds `part` meets this fate, once.
    pub fn once(&self, part: &'static str, fate: Fate) {
        let mut waiting = true;
        self.set_fate(Some(Box::new(move |request| {
            if waiting && request.url.contains(part) {
                waiting = false;
                return fate;
            }
            Fate::Arrives
        })));
    }

    /// Replies lost so far.
    pub fn lost_replies(&self) -> u64 {
        self.lost_replies.load(Ordering::SeqCst)
    }

    async fn exchange(&self, request: Request) -> Result<Response> {
        let decided = match self.fate.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(decide) => decide(&request),
            None => Fate::Arrives,
        };
        let offline = || Error::Offline("the line broke".into());
        let path = request.url.strip_prefix(&self.base).ok_or_else(offline)?;
        match decided {
            Fate::Lost => return Err(offline()),
            Fate::DiesBefore => return self.die().await,
            Fate::Arrives | Fate::ReplyLost | Fate::DiesAfter => {}
        }
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&request.body);
        let mut builder = axum::http::Request::builder().method(request.method.as_str()).uri(path);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let sent = builder.extension(ConnectInfo(self.address)).body(Body::from(request.body.clone()));
        let reply =
            self.router.clone().oneshot(sent.expect("a request")).await.expect("a router never fails");
        if decided == Fate::ReplyLost {
            self.lost_replies.fetch_add(1, Ordering::SeqCst);
            return Err(offline());
        }
        if decided == Fate::DiesAfter {
            return self.die().await;
        }
        let (parts, body) = reply.into_parts();
        let headers = parts.headers.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
        let reply = Response {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: to_bytes(body, 64 << 20).await.expect("a body").to_vec(),
        };
        Ok(match self.tamper.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(tamper) => tamper(&request, reply),
            None => reply,
        })
    }
}

impl Transport for Wire {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.exchange(request))
    }
}
