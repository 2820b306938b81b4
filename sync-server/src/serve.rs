//! Listening, and stopping cleanly.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::config::{Config, StartError};
use crate::limits::{Counted, Silent};
use crate::patient::Patient;
use crate::service::app;
use crate::state::State;
use crate::tls::{self, Tls};

/// After a failed accept (no file descriptors left) it waits so long.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

/// How long a stop waits for the requests that run: less than the ten seconds after which containers are killed.
const GRACE: Duration = Duration::from_secs(8);

/// Binds, starts, and serves until `stop` resolves; then gives the requests that run 8 seconds, and closes the store.
/// `ready` is called once, with the URL that answers.
///
/// # Errors
/// What stopped the start: [`StartError::Config`] for something to change (an address that is taken, a missing file,
/// another environment's store), [`StartError::Store`] for what did not answer. A server that has started stops without.
pub async fn serve(
    mut config: Config,
    ready: impl FnOnce(&str),
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let tls = tls::open(&config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| StartError::Config(format!("cannot listen on {}: {error}", config.listen)))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Store(format!("the listener has no address: {error}")))?;
    config.listen = address;
    let mut stop = pin!(stop);
    let state = tokio::select! {
        state = State::start(config) => state?,
        // A start may wait long for a database that does not answer.
        () = &mut stop => return Ok(()),
    };
    tracing::info!(
        %address,
        tls = tls.is_some(),
        public_url = state.origin.url(),
        environment = %state.environment,
        limits = ?state.config.limits,
        "started"
    );
    ready(&format!("{}://{address}", if tls.is_some() { "https" } else { "http" }));
    let silent = Silent::new(state.config.limits.connections, &state.config.trusted_proxy, tls.is_none());
    let patience = Duration::from_secs(state.config.limits.header_seconds.into());
    accept(listener, tls, app(state.clone()), silent, patience, stop.as_mut()).await;
    state.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes connections until `stop`, then waits for the requests that run. As `axum::serve` does it, but a client that
/// is slow to say what it wants, or to read the answer, is cut off.
async fn accept(
    listener: TcpListener,
    tls: Option<Tls>,
    app: Router,
    silent: Arc<Silent>,
    patience: Duration,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let Some(counted) = silent.enter(peer.ip()) else {
                        tracing::debug!("a connection is closed: too many from there are silent, or it is plain and not from the proxy");
                        continue;
                    };
                    let stream = Patient::new(stream, patience);
                    let (builder, app, stopped) = (builder.clone(), app.clone(), stopped.clone());
                    match tls.clone() {
                        None => connections.spawn(connection(builder, app, stream, (peer, counted), stopped)),
                        Some(tls) => connections.spawn(async move {
                            if let Some(stream) = greet(&tls, stream, patience, stopped.clone()).await {
                                connection(builder, app, stream, (peer, counted), stopped).await;
                            }
                        }),
                    };
                }
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
            // Those that ended are forgotten.
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!(connections = connections.len(), "broken off: they did not end in time");
        // A transaction that has begun runs to its end on its own thread; the store waits for it.
        connections.shutdown().await;
    }
}

/// The TLS handshake, in as much time as headers have. None: it failed, or the server stops.
async fn greet<S: AsyncRead + AsyncWrite + Unpin + Send>(
    tls: &Tls,
    stream: S,
    patience: Duration,
    mut stopped: watch::Receiver<bool>,
) -> Option<impl AsyncRead + AsyncWrite + Unpin + Send + use<S>> {
    let greeted = tokio::select! {
        greeted = tokio::time::timeout(patience, tls.accept(stream)) => greeted,
        _ = stopped.wait_for(|stop| *stop) => return None,
    };
    match greeted {
        Ok(Ok(stream)) => return Some(stream),
        Ok(Err(error)) => tracing::trace!(cause = %error, "a TLS handshake failed"),
        Err(_) => tracing::trace!("a TLS handshake took too long"),
    }
    None
}

/// Serves one connection to its end; after a stop, to the end of the request that runs. With its first request it is silent no
/// more.
async fn connection(
    builder: Builder<TokioExecutor>,
    app: Router,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (peer, counted): (SocketAddr, Counted),
    mut stopped: watch::Receiver<bool>,
) {
    let counted = Arc::new(Mutex::new(Some(counted)));
    let service = app.map_request(move |request: axum::http::Request<hyper::body::Incoming>| {
        drop(counted.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
    tokio::select! {
        done = served.as_mut() => return said(done),
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    served.as_mut().graceful_shutdown();
    said(served.await);
}

fn said(done: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = done {
        tracing::trace!(cause = %error, "a connection broke off");
    }
}
