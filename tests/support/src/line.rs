//! The line between a phone and a server in the same process, which a test can cut, slow down and listen to.

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

/// Decides the fate of each request; gets its verb and path.
pub type Fates = dyn Fn(&str, &str) -> Fate + Send + Sync;

/// One request and its reply as they went over the line.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The body sent.
    pub request: Vec<u8>,
    /// The status that came back.
    pub status: u16,
    /// The body that came back.
    pub reply: Vec<u8>,
}

/// A [`Transport`] into a router in this process.
pub struct Line {
    router: Mutex<Router>,
    fates: Mutex<Arc<Fates>>,
    died: tokio::sync::watch::Sender<bool>,
    heard: Mutex<Option<Vec<Exchange>>>,
    requests: AtomicU64,
    lost_replies: AtomicU64,
    peer: SocketAddr,
}

impl Line {
    /// A faultless line to `router`.
    pub fn to(router: Router) -> Arc<Self> {
        Arc::new(Self {
            router: Mutex::new(router),
            fates: Mutex::new(Arc::new(|_, _| Fate::Answered)),
            died: tokio::sync::watch::Sender::new(false),
            heard: Mutex::new(None),
            requests: AtomicU64::new(0),
            lost_replies: AtomicU64::new(0),
            // Limits by address stay as they are for people: every phone has its own.
            peer: SocketAddr::from((rand::random::<[u8; 4]>(), 40_000)),
        })
    }

    /// From now on `fates` decides.
    pub fn decide(&self, fates: impl Fn(&str, &str) -> Fate + Send + Sync + 'static) {
        *lock(&self.fates) = Arc::new(fates);
    }

    /// From now on every request is answered.
    pub fn mend(&self) {
        self.decide(|_, _| Fate::Answered);
        self.died.send_replace(false);
    }

    /// Another server from now on, as after a restore.
    pub fn connect(&self, router: Router) {
        *lock(&self.router) = router;
    }

    /// Ends when a fate killed the phone.
    pub async fn death(&self) {
        let mut died = self.died.subscribe();
        // The sender lives as long as `self`.
        let _ = died.wait_for(|died| *died).await;
    }

    /// Begins to write down what goes over the line.
    pub fn listen(&self) {
        *lock(&self.heard) = Some(Vec::new());
    }

    /// What went over the line since `listen`.
    pub fn heard(&self) -> Vec<Exchange> {
        lock(&self.heard).clone().unwrap_or_default()
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
        let path = path_of(&request.url).to_owned();
        let fates = Arc::clone(&*lock(&self.fates));
        let fate = fates(request.method.as_str(), &path);
        match fate {
            Fate::Lost => return Err(Error::Offline("request lost".into())),
            Fate::DiesBefore => return self.die().await,
            _ => {}
        }
        let reply = self.exchange(&request, &path).await?;
        match fate {
            Fate::ReplyLost => {
                self.lost_replies.fetch_add(1, Ordering::SeqCst);
                Err(Error::Offline("reply lost".into()))
            }
            Fate::DiesAfter => self.die().await,
            _ => Ok(reply),
        }
    }

    /// The request's own future never ends: who awaits it is dropped by whoever watches [`Line::death`].
    async fn die(&self) -> Result<Response> {
        self.died.send_replace(true);
        std::future::pending().await
    }

    async fn exchange(&self, request: &Request, path: &str) -> Result<Response> {
        let broken = |_| Error::Internal("in-process request".into());
        let mut builder = axum::http::Request::builder()
            .method(request.method.as_str())
            .uri(path)
            .extension(ConnectInfo(self.peer));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let outgoing = builder
            .body(Body::from(request.body.clone()))
            .map_err(|_| Error::Internal("in-process request".into()))?;
        let router = lock(&self.router).clone();
        let reply = match router.oneshot(outgoing).await {
            Ok(reply) => reply,
            Err(never) => match never {},
        };
        let status = reply.status().as_u16();
        let headers = reply
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = to_bytes(reply.into_body(), MAX_REPLY).await.map_err(broken)?.to_vec();
        if let Some(heard) = lock(&self.heard).as_mut() {
            heard.push(Exchange {
                method: request.method.as_str().into(),
                path: path.into(),
                request: request.body.clone(),
                status,
                reply: body.clone(),
            });
        }
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
