//! The program: reads flags, logs to stderr, serves until it is told to stop.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use kinfolio_server::config::{Command, CommandLine, EXIT_CONFIG, StartError};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    // stdout holds the one line that says where; logs go to stderr.
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::try_from_env("KINFOLIO_LOG").unwrap_or_else(|_| EnvFilter::new("info")))
        .init();
    match run(command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(cause = %format!("{error:#}"), "not started");
            let config = matches!(error.downcast_ref(), Some(StartError::Config(_)));
            if config { ExitCode::from(EXIT_CONFIG) } else { ExitCode::FAILURE }
        }
    }
}

fn run(command_line: CommandLine) -> anyhow::Result<()> {
    // Installed once for the process: TLS to a mail server or a database panics without a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command_line.command {
            Command::Migrate(args) => {
                kinfolio_server::store::migrate_postgres(&args.migrator_database_url).await?;
            }
            Command::RenewPepper(args) => {
                let id = kinfolio_server::secrets::Secrets::renew_pepper(
                    &args.secrets,
                    &kinfolio_server::clock::OsRandomness,
                )?;
                tracing::info!(id, "the secrets file has a new pepper: copy it, and start the server again");
            }
            Command::Serve(config) => {
                let mut terminate = signal(SignalKind::terminate())?;
                let mut interrupt = signal(SignalKind::interrupt())?;
                let stop = async move {
                    tokio::select! {
                        _ = terminate.recv() => {}
                        _ = interrupt.recv() => {}
                    }
                };
                let ready = |url: &str| {
                    let mut out = std::io::stdout().lock();
                    // A closed stdout is the caller's choice, not a reason to stop.
                    let _ = writeln!(out, "listening on {url}").and_then(|()| out.flush());
                };
                kinfolio_server::serve(*config, ready, stop).await?;
            }
        }
        Ok(())
    })
}
