//! Flags and environment variables, and what can be wrong with them.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::apps::AppSettings;

/// Exit code of a start that configuration stopped (EX_CONFIG of sysexits.h).
pub const EXIT_CONFIG: u8 = 78;

/// 20 GiB a family.
const QUOTA_MIB: u64 = 20 << 10;

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
    #[arg(long, env = "KINFOLIO_DATABASE_CONNECTIONS", default_value_t = 8)]
    pub database_connections: u32,
    /// Family files open at a time (embedded store; 3 file descriptors each).
    #[arg(long, env = "KINFOLIO_OPEN_FAMILIES", default_value_t = 200)]
    pub open_families: usize,
    /// Ciphertext that one family may keep, in MiB; 20,480 are about 50,000 photos.
    #[arg(long, env = "KINFOLIO_QUOTA_MIB", default_value_t = QUOTA_MIB)]
    pub quota_mib: u64,
    /// By default development on a loopback address, production elsewhere.
    #[arg(long, env = "KINFOLIO_ENVIRONMENT")]
    pub environment: Option<Environment>,
    /// The secrets file; by default secrets.json in the data folder.
    #[arg(long, env = "KINFOLIO_SECRETS")]
    pub secrets: Option<PathBuf>,
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
}

/// The limits of sign-in.md 2.10 and sync.md 2.4. Each is also a variable `KINFOLIO_LIMITS_…`.
#[derive(Args, Clone, Debug)]
pub struct LimitSettings {
    /// Sign-in tries from one address at once.
    #[arg(long = "limits-login-burst", env = "KINFOLIO_LIMITS_LOGIN_BURST", default_value_t = 10)]
    pub login_burst: u32,
    /// Sign-in tries from one address a minute, after the burst.
    #[arg(long = "limits-login-per-minute", env = "KINFOLIO_LIMITS_LOGIN_PER_MINUTE", default_value_t = 10)]
    pub login_per_minute: u32,
    /// Codes asked for from one address at once.
    #[arg(long = "limits-register-burst", env = "KINFOLIO_LIMITS_REGISTER_BURST", default_value_t = 3)]
    pub register_burst: u32,
    /// Codes asked for from one address an hour, after the burst.
    #[arg(long = "limits-register-per-hour", env = "KINFOLIO_LIMITS_REGISTER_PER_HOUR", default_value_t = 3)]
    pub register_per_hour: u32,
    /// Token requests from one address a minute.
    #[arg(long = "limits-token-per-minute", env = "KINFOLIO_LIMITS_TOKEN_PER_MINUTE", default_value_t = 60)]
    pub token_per_minute: u32,
    /// Records that one sign-in may push and pull a minute; any other request counts as one.
    #[arg(
        long = "limits-records-per-minute",
        env = "KINFOLIO_LIMITS_RECORDS_PER_MINUTE",
        default_value_t = 60_000
    )]
    pub records_per_minute: u32,
    /// Seconds in which a client has to say what it wants: all headers of a request, and each next piece of its body.
    #[arg(long = "limits-header-seconds", env = "KINFOLIO_LIMITS_HEADER_SECONDS", default_value_t = 30)]
    pub header_seconds: u32,
    /// Wrong passwords for one account before tries are slowed down.
    #[arg(long = "limits-account-failures", env = "KINFOLIO_LIMITS_ACCOUNT_FAILURES", default_value_t = 5)]
    pub account_failures: u32,
    /// Wrong passwords for one account, from browsers that it does not know, before those need a mailed code first.
    #[arg(
        long = "limits-account-code-failures",
        env = "KINFOLIO_LIMITS_ACCOUNT_CODE_FAILURES",
        default_value_t = 100
    )]
    pub account_code_failures: u32,
    /// Wrong codes of a second step for one account in an hour; after them each try waits twice as long as the last.
    #[arg(long = "limits-totp-per-hour", env = "KINFOLIO_LIMITS_TOTP_PER_HOUR", default_value_t = 10)]
    pub totp_per_hour: u32,
    /// Password hashes that may wait for their turn; more are answered 503.
    #[arg(long = "limits-hash-queue", env = "KINFOLIO_LIMITS_HASH_QUEUE", default_value_t = 16)]
    pub hash_queue: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            login_burst: 10,
            login_per_minute: 10,
            register_burst: 3,
            register_per_hour: 3,
            token_per_minute: 60,
            records_per_minute: 60_000,
            header_seconds: 30,
            account_failures: 5,
            account_code_failures: 100,
            totp_per_hour: 10,
            hash_queue: 16,
        }
    }
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
            database_connections: 8,
            open_families: 200,
            quota_mib: QUOTA_MIB,
            environment: None,
            secrets: None,
            desktop_client: false,
            trusted_proxy: Vec::new(),
            weak_hash: false,
            apps: AppSettings::default(),
            limits: LimitSettings::default(),
        }
    }
}

impl Config {
    /// Ciphertext that one family may keep, in bytes.
    #[must_use]
    pub const fn quota(&self) -> u64 {
        self.quota_mib.saturating_mul(1 << 20)
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
}

impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Smtp(_) => f.write_str("Smtp(redacted)"),
        }
    }
}

impl FromStr for MailTarget {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(folder) = text.strip_prefix("dir:") {
            if folder.is_empty() {
                Err("name the folder after dir:")
            } else {
                Ok(Self::Folder(folder.into()))
            }
        } else if text.starts_with("smtp://") || text.starts_with("smtps://") {
            Ok(Self::Smtp(text.to_owned()))
        } else {
            Err("use dir:FOLDER or smtp://host")
        }
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

/// A block of addresses such as `10.0.0.0/8`; a single address is a block of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressBlock {
    address: IpAddr,
    bits: u32,
}

impl AddressBlock {
    /// Whether `address` lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(block), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                block.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(block), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                block.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for AddressBlock {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "use an address or a block such as 10.0.0.0/8";
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong)?;
        if bits > most { Err(wrong) } else { Ok(Self { address, bits }) }
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
    fn from(error: crate::error::ApiError) -> Self {
        Self::Store(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_its_addresses_and_no_others() {
        let block: AddressBlock = "10.1.0.0/16".parse().unwrap();
        assert!(block.contains("10.1.255.9".parse().unwrap()));
        assert!(!block.contains("10.2.0.1".parse().unwrap()));
        assert!(!block.contains("::1".parse().unwrap()));
        let all: AddressBlock = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("203.0.113.9".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<AddressBlock>().is_err());
    }

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
