//! The line between a phone and a server in the same process, which a test can cut, tap and forge.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use futures::FutureExt;
use futures::future::BoxFuture;
use kinfolio_core::error::{Error, Result};
use kinfolio_core::http::{MAX_REPLY, Request, Response, Transport};
use tower::ServiceExt;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Answered,
    /// It never reaches the server.
    Lost,
    /// The server acts on it; the reply never reaches the phone.
    ReplyLost,
    /// The phone's process dies before it is sent.
    DiesBefore,
    /// The server acts on it, and the phone's process dies before it hears.
    DiesAfter,
}

/// Decides the fate of each request.
type Fates = Box<dyn FnMut(&Request) -> Fate + Send>;
/// Makes of a reply what the phone gets.
type Lie = Box<dyn FnMut(&Request, Response) -> Response + Send>;

/// A [`Transport`] into a router in this process.
pub struct Line {
    router: Router,
    fates: Mutex<Option<Fates>>,
    lie: Mutex<Option<Lie>>,
    died: tokio::sync::watch::Sender<bool>,
    sent: Mutex<Vec<u8>>,
    requests: AtomicU64,
    lost_replies: AtomicU64,
    peer: SocketAddr,
}

impl Line {
    /// A faultless line to `router`.
    pub fn to(router: Router) -> Arc<Self> {
        Arc::new(Self {
            router,
            fates: Mutex::default(),
            lie: Mutex::default(),
            died: tokio::sync::watch::Sender::new(false),
            sent: Mutex::default(),
            requests: AtomicU64::new(0),
            lost_replies: AtomicU64::new(0),
            // Limits by address stay as they are for people: every phone has its own.
            peer: SocketAddr::from((rand::random::<[u8; 4]>(), 40_000)),
        })
    }

    /// From now on `fates` decides.
    pub fn decide(&self, fates: impl FnMut(&Request) -> Fate + Send + 'static) {
        *lock(&self.fates) = Some(Box::new(fates));
    }

    /// The next request whose address holds `part` meets this fate, once.
    pub fn once(&self, part: &'static str, fate: Fate) {
        let mut waiting = true;
        self.decide(move |request| {
            let meets = waiting && request.url.contains(part);
            waiting &= !meets;
            if meets { fate } else { Fate::Answered }
        });
    }

    /// From now on every request is answered.
    pub fn mend(&self) {
        *lock(&self.fates) = None;
        self.died.send_replace(false);
    }

    /// From now on the server lies: the phone gets what `lie` makes of each reply.
    pub fn lie(&self, lie: impl FnMut(&Request, Response) -> Response + Send + 'static) {
        *lock(&self.lie) = Some(Box::new(lie));
    }

    /// From now on the phone gets what the server replies.
    pub fn be_honest(&self) {
        *lock(&self.lie) = None;
    }

    /// Ends when a fate killed the phone, once for each death.
    pub async fn death(&self) {
        let mut died = self.died.subscribe();
        // The sender lives as long as `self`.
        let _ = died.wait_for(|died| *died).await;
        self.died.send_replace(false);
    }

    /// Every body that reached the server, one after the other.
    pub fn sent(&self) -> Vec<u8> {
        lock(&self.sent).clone()
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Replies that were lost so far.
    pub fn lost_replies(&self) -> u64 {
        self.lost_replies.load(Ordering::SeqCst)
    }

    async fn carry(&self, request: Request) -> Result<Response> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let fate = lock(&self.fates).as_mut().map_or(Fate::Answered, |fates| fates(&request));
        match fate {
            Fate::Lost => return Err(Error::Offline("request lost".into())),
            Fate::DiesBefore => return self.die().await,
            _ => {}
        }
        let reply = self.exchange(&request).await?;
        match fate {
            Fate::ReplyLost => {
                self.lost_replies.fetch_add(1, Ordering::SeqCst);
                Err(Error::Offline("reply lost".into()))
            }
            Fate::DiesAfter => self.die().await,
            _ => Ok(match lock(&self.lie).as_mut() {
                Some(lie) => lie(&request, reply),
                None => reply,
            }),
        }
    }

    /// The request's own future never ends: who awaits it is dropped by whoever watches [`Line::death`].
    async fn die(&self) -> Result<Response> {
        self.died.send_replace(true);
        std::future::pending().await
    }

    async fn exchange(&self, request: &Request) -> Result<Response> {
        let mut builder = axum::http::Request::builder()
            .method(request.method.as_str())
            .uri(path_of(&request.url))
            .extension(ConnectInfo(self.peer));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let outgoing = builder
            .body(Body::from(request.body.clone()))
            .map_err(|_| Error::Internal("in-process request".into()))?;
        lock(&self.sent).extend_from_slice(&request.body);
        let reply = match self.router.clone().oneshot(outgoing).await {
            Ok(reply) => reply,
            Err(never) => match never {},
        };
        let status = reply.status().as_u16();
        let headers = reply
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = to_bytes(reply.into_body(), MAX_REPLY).await;
        let body = body.map_err(|_| Error::Internal("in-process reply".into()))?.to_vec();
        Ok(Response { status, headers, body })
    }
}

impl Transport for Line {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        self.carry(request).boxed()
    }
}

/// Path and query of an absolute address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
