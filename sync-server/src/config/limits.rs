//! How often things may be tried: the flags, and what holds without them.

use clap::Args;
use kinfolio_protocol::limits::PULL_RECORDS;

use super::StartError;

/// The limits of sign-in.md 2.10 and sync.md 2.4. Each is also a variable `KINFOLIO_LIMITS_…`.
#[derive(Args, Clone, Debug)]
pub struct LimitSettings {
    /// Sign-in tries from one address at once.
    #[arg(long = "limits-login-burst", env = "KINFOLIO_LIMITS_LOGIN_BURST", default_value_t = DEFAULT.login_burst)]
    pub login_burst: u32,
    /// Sign-in tries from one address a minute, after the burst.
    #[arg(long = "limits-login-per-minute", env = "KINFOLIO_LIMITS_LOGIN_PER_MINUTE", default_value_t = DEFAULT.login_per_minute)]
    pub login_per_minute: u32,
    /// Codes asked for from one address at once.
    #[arg(long = "limits-register-burst", env = "KINFOLIO_LIMITS_REGISTER_BURST", default_value_t = DEFAULT.register_burst)]
    pub register_burst: u32,
    /// Codes asked for from one address an hour, after the burst.
    #[arg(long = "limits-register-per-hour", env = "KINFOLIO_LIMITS_REGISTER_PER_HOUR", default_value_t = DEFAULT.register_per_hour)]
    pub register_per_hour: u32,
    /// Token requests from one address a minute, and as many requests for a sign-in.
    #[arg(long = "limits-token-per-minute", env = "KINFOLIO_LIMITS_TOKEN_PER_MINUTE", default_value_t = DEFAULT.token_per_minute)]
    pub token_per_minute: u32,
    /// Records that one sign-in may push and pull a minute; any other request counts as one.
    #[arg(
        long = "limits-records-per-minute",
        env = "KINFOLIO_LIMITS_RECORDS_PER_MINUTE",
        default_value_t = DEFAULT.records_per_minute
    )]
    pub records_per_minute: u32,
    /// Seconds in which a client has to say what it wants: all headers of a request, and each next piece of its body;
    /// and in which it has to read something of its answer.
    #[arg(long = "limits-header-seconds", env = "KINFOLIO_LIMITS_HEADER_SECONDS", default_value_t = DEFAULT.header_seconds)]
    pub header_seconds: u32,
    /// Connections from one address that have not asked for anything yet; more are closed at once. Those of --trusted-proxy are
    /// not counted.
    #[arg(long = "limits-connections", env = "KINFOLIO_LIMITS_CONNECTIONS", default_value_t = DEFAULT.connections)]
    pub connections: u32,
    /// Wrong passwords for one account before tries are slowed down.
    #[arg(long = "limits-account-failures", env = "KINFOLIO_LIMITS_ACCOUNT_FAILURES", default_value_t = DEFAULT.account_failures)]
    pub account_failures: u32,
    /// Wrong passwords for one account, from browsers that it does not know, before those need a mailed code first.
    #[arg(
        long = "limits-account-code-failures",
        env = "KINFOLIO_LIMITS_ACCOUNT_CODE_FAILURES",
        default_value_t = DEFAULT.account_code_failures
    )]
    pub account_code_failures: u32,
    /// Wrong codes of a second step for one account in an hour; after them each try waits twice as long as the last.
    #[arg(long = "limits-totp-per-hour", env = "KINFOLIO_LIMITS_TOTP_PER_HOUR", default_value_t = DEFAULT.totp_per_hour)]
    pub totp_per_hour: u32,
    /// Password hashes that may wait for their turn; more are answered 503.
    #[arg(long = "limits-hash-queue", env = "KINFOLIO_LIMITS_HASH_QUEUE", default_value_t = DEFAULT.hash_queue)]
    pub hash_queue: u32,
}

impl LimitSettings {
    /// # Errors
    /// [`StartError::Config`] names the first limit of 0: it would shut everybody out, or nobody.
    pub(crate) fn check(&self) -> Result<(), StartError> {
        let named = [
            ("login-burst", self.login_burst),
            ("login-per-minute", self.login_per_minute),
            ("register-burst", self.register_burst),
            ("register-per-hour", self.register_per_hour),
            ("token-per-minute", self.token_per_minute),
            ("header-seconds", self.header_seconds),
            ("connections", self.connections),
            ("account-failures", self.account_failures),
            ("account-code-failures", self.account_code_failures),
            ("totp-per-hour", self.totp_per_hour),
            ("hash-queue", self.hash_queue),
        ];
        if let Some((name, _)) = named.iter().find(|(_, count)| *count == 0) {
            return Err(StartError::Config(format!("limits-{name} must be at least 1")));
        }
        if (self.records_per_minute as usize) < PULL_RECORDS {
            let why = format!("limits-records-per-minute must be at least {PULL_RECORDS}, a whole page");
            return Err(StartError::Config(why));
        }
        Ok(())
    }
}

/// What holds without a flag.
const DEFAULT: LimitSettings = LimitSettings {
    login_burst: 10,
    login_per_minute: 10,
    register_burst: 3,
    register_per_hour: 3,
    token_per_minute: 60,
    records_per_minute: 60_000,
    header_seconds: 30,
    connections: 64,
    account_failures: 5,
    account_code_failures: 100,
    totp_per_hour: 10,
    hash_queue: 16,
};

impl Default for LimitSettings {
    fn default() -> Self {
        DEFAULT
    }
}
