//! Listening, and stopping cleanly.

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::config::{Config, StartError};
use crate::router::app;
use crate::state::State;

/// Binds, starts, and serves until `stop` resolves; then lets the requests that run end, and closes the
/// store. `ready` is called once, with the URL that answers.
pub async fn serve(
    mut config: Config,
    ready: impl FnOnce(&str),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartError> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| StartError::Config(format!("cannot listen on {}: {error}", config.listen)))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Store(format!("the listener has no address: {error}")))?;
    config.listen = address;
    let state = State::start(config).await?;
    tracing::info!(
        %address,
        public_url = state.origin.url(),
        environment = %state.environment,
        limits = ?state.config.limits,
        "started"
    );
    ready(&format!("http://{address}"));
    axum::serve(listener, app(state.clone()).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| StartError::Store(format!("the listener failed: {error}")))?;
    state.store.close().await;
    tracing::info!("stopped");
    Ok(())
}
