//! Flags and environment variables, and what can be wrong with them.

mod address_block;
mod limits;
mod upstream;

pub use address_block::AddressBlock;
pub use limits::LimitSettings;
pub use upstream::{UpstreamSettings, variable};

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::apps::AppSettings;

/// Exit code of a start that configuration stopped (EX_CONFIG of sysexits.h).
pub const EXIT_CONFIG: u8 = 78;

/// 20 GiB a family.
const QUOTA_MIB: NonZeroU64 = NonZeroU64::MIN.saturating_add((20 << 10) - 1);
const DATABASE_CONNECTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(7);
const OPEN_FAMILIES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(199);

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "kinfolio-server",
    version,
    about = "Moves ciphertext, signs people in, keeps families apart."
)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Box<Config>),
    /// Bring a Postgres database up to date, as the role kinfolio_migrator.
    Migrate(MigrateArgs),
    /// Put a new pepper into the secrets file. Passwords stay right: each is hashed anew when its person signs in.
    RenewPepper(RenewPepperArgs),
}

/// Flags of `renew-pepper`.
#[derive(Args, Debug)]
pub struct RenewPepperArgs {
    /// The secrets file. Every machine of a server needs the changed one before any of them starts again.
    #[arg(long, env = "KINFOLIO_SECRETS")]
    pub secrets: PathBuf,
}

/// Flags of `migrate`.
#[derive(Args)]
pub struct MigrateArgs {
    /// The database, as the role kinfolio_migrator.
    #[arg(long, env = "KINFOLIO_MIGRATOR_DATABASE_URL", hide_env_values = true)]
    pub migrator_database_url: String,
}

impl fmt::Debug for MigrateArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MigrateArgs(redacted)")
    }
}

/// Flags of `serve`. Each is also an environment variable `KINFOLIO_…`.
#[derive(Args, Clone)]
pub struct Config {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "KINFOLIO_LISTEN", default_value = "127.0.0.1:8484")]
    pub listen: SocketAddr,
    /// Certificate chain of the listener, PEM, its own certificate first. Read again when the file changes.
    #[arg(long, env = "KINFOLIO_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of that certificate, PEM.
    #[arg(long, env = "KINFOLIO_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// Folder of the store, the blobs and the secrets file.
    #[arg(long, env = "KINFOLIO_DATA")]
    pub data: PathBuf,
    /// Where mail goes: `dir:FOLDER` writes .eml files, `smtp://user:password@host:587` or `smtps://…` sends, by TLS
    /// unless the host is this machine.
    #[arg(long, env = "KINFOLIO_MAIL", hide_env_values = true)]
    pub mail: MailTarget,
    /// A PEM file of the authority behind the mail server's certificate, where it is one of your own.
    #[arg(long, env = "KINFOLIO_MAIL_CA")]
    pub mail_ca: Option<PathBuf>,
    /// Sender of every mail; by default kinfolio@ the public host.
    #[arg(long, env = "KINFOLIO_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The address people and phones use, without a trailing slash; by default the one printed at start.
    #[arg(long, env = "KINFOLIO_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Postgres, as the role kinfolio_app. Without it the embedded store is used.
    #[arg(long, env = "KINFOLIO_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Postgres, as the role kinfolio_accounts; by default the database URL with that user.
    #[arg(long, env = "KINFOLIO_ACCOUNTS_DATABASE_URL", hide_env_values = true)]
    pub accounts_database_url: Option<String>,
    /// Postgres, as the role kinfolio_migrator: when given, migrations run at start.
    #[arg(long, env = "KINFOLIO_MIGRATOR_DATABASE_URL", hide_env_values = true)]
    pub migrator_database_url: Option<String>,
    /// Connections of each of the two pools.
    #[arg(long, env = "KINFOLIO_DATABASE_CONNECTIONS", default_value_t = DATABASE_CONNECTIONS)]
    pub database_connections: NonZeroU32,
    /// Family files open at a time (embedded store; 3 file descriptors each).
    #[arg(long, env = "KINFOLIO_OPEN_FAMILIES", default_value_t = OPEN_FAMILIES)]
    pub open_families: NonZeroUsize,
    /// Ciphertext that one family may keep, in MiB; 20,480 are about 50,000 photos.
    #[arg(long, env = "KINFOLIO_QUOTA_MIB", default_value_t = QUOTA_MIB)]
    pub quota_mib: NonZeroU64,
    /// By default development on a loopback address, production elsewhere.
    #[arg(long, env = "KINFOLIO_ENVIRONMENT")]
    pub environment: Option<Environment>,
    /// The secrets file; by default secrets.json in the data folder.
    #[arg(long, env = "KINFOLIO_SECRETS")]
    pub secrets: Option<PathBuf>,
    /// A list of stolen passwords that nobody may choose: Have I Been Pwned's, as its downloader writes it to one file.
    #[arg(long, env = "KINFOLIO_BREACHED_PASSWORDS")]
    pub breached_passwords: Option<PathBuf>,
    /// Let programs on a computer sign in through a loopback redirect; on by default on a loopback address.
    #[arg(long, env = "KINFOLIO_DESKTOP_CLIENT")]
    pub desktop_client: bool,
    /// A proxy whose X-Forwarded-For is believed, as an address or a block such as 10.0.0.0/8; may be repeated.
    #[arg(long, env = "KINFOLIO_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<AddressBlock>,
    /// Hash passwords with next to no work, for tests: only on a loopback address, only in a build with the
    /// feature `weak-hash`.
    #[cfg_attr(feature = "weak-hash", arg(long, env = "KINFOLIO_WEAK_HASH"))]
    #[cfg_attr(not(feature = "weak-hash"), arg(skip))]
    pub weak_hash: bool,
    /// What `/.well-known/` tells.
    #[command(flatten)]
    pub apps: AppSettings,
    /// How often things may be tried.
    #[command(flatten)]
    pub limits: LimitSettings,
    /// Who else may sign people in.
    #[command(flatten)]
    pub upstream: UpstreamSettings,
}

impl Config {
    /// A configuration for a server inside this process: embedded store in `data`, mail as files in `mail`.
    #[must_use]
    pub fn in_folder(data: impl Into<PathBuf>, mail: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls_cert: None,
            tls_key: None,
            data: data.into(),
            mail: MailTarget::Folder(mail.into()),
            mail_ca: None,
            mail_from: None,
            public_url: None,
            database_url: None,
            accounts_database_url: None,
            migrator_database_url: None,
            database_connections: DATABASE_CONNECTIONS,
            open_families: OPEN_FAMILIES,
            quota_mib: QUOTA_MIB,
            environment: None,
            secrets: None,
            breached_passwords: None,
            desktop_client: false,
            trusted_proxy: Vec::new(),
            weak_hash: false,
            apps: AppSettings::default(),
            limits: LimitSettings::default(),
            upstream: UpstreamSettings::default(),
        }
    }
}

impl Config {
    /// Ciphertext that one family may keep, in bytes.
    #[must_use]
    pub const fn quota(&self) -> u64 {
        self.quota_mib.get().saturating_mul(1 << 20)
    }
}

impl fmt::Debug for Config {
    /// Without database URLs and mail passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("tls", &self.tls_cert)
            .field("data", &self.data)
            .field("mail", &self.mail)
            .field("public_url", &self.public_url)
            .field("postgres", &self.database_url.is_some())
            .field("environment", &self.environment)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Where mail goes.
#[derive(Clone)]
pub enum MailTarget {
    /// One .eml file a mail.
    Folder(PathBuf),
    /// An SMTP server, as lettre reads its URL.
    Smtp(String),
    /// Anything else, forgotten at once. The command line's parser would print what it refuses, and with a mistyped
    /// address its password: the sender refuses it instead.
    Unreadable,
}

impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Smtp(_) => f.write_str("Smtp(redacted)"),
            Self::Unreadable => f.write_str("Unreadable"),
        }
    }
}

impl FromStr for MailTarget {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("dir:") {
            Some(folder) if !folder.is_empty() => Self::Folder(folder.into()),
            None if text.starts_with("smtp://") || text.starts_with("smtps://") => {
                Self::Smtp(text.to_owned())
            }
            _ => Self::Unreadable,
        })
    }
}

/// What a store, its secrets and its tokens belong to. The two never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// A test or a trial.
    Development,
    /// People's records.
    Production,
}

impl Environment {
    /// Its word in the store, the secrets file and `/api/v1/me`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Something to change in the configuration, its files or roles: exit code 78.
    #[error("{0}")]
    Config(String),
    /// The store, the network or the mail folder did not answer.
    #[error("{0}")]
    Store(String),
}

impl From<crate::error::ApiError> for StartError {
    /// Without the words for a client: who reads this has the server before them.
    fn from(error: crate::error::ApiError) -> Self {
        Self::Store(format!("the store failed: {}", error.cause()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_of_serve_is_also_an_environment_variable() {
        use clap::CommandFactory;
        let command = CommandLine::command();
        for name in ["serve", "migrate"] {
            let sub = command.find_subcommand(name).unwrap();
            for flag in sub.get_arguments().filter(|flag| flag.get_id() != "help") {
                let wanted =
                    format!("KINFOLIO_{}", flag.get_long().unwrap().replace('-', "_").to_uppercase());
                assert_eq!(flag.get_env().unwrap().to_str().unwrap(), wanted);
            }
        }
    }
}
