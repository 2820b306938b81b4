//! The line to Postgres: a database on another machine is reached by verified TLS, or not at all.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::config::StartError;

/// Refuses a line that somebody between here and the database could listen in on. Anything below `verify-full`
/// takes any certificate, or none, from whoever answers.
pub(super) fn refuse_open(options: &PgConnectOptions) -> Result<(), StartError> {
    if matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) || is_here(options) {
        return Ok(());
    }
    Err(StartError::Config(format!(
        "the database on {} is not this machine: add ?sslmode=verify-full to its URL (and \
         &sslrootcert=FILE for an authority of your own)",
        options.get_host()
    )))
}

/// A socket of this machine, or its loopback addresses.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_needs_verify_full() {
        let check = |url: &str| refuse_open(&url.parse().unwrap());
        for here in ["127.0.0.1", "localhost:5433", "[::1]", "%2Frun%2Fpostgresql"] {
            check(&format!("postgres://kinfolio_app@{here}/kinfolio")).unwrap();
        }
        let there = "postgres://kinfolio_app:pass-word@db.example.org/kinfolio";
        for weak in ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"] {
            let why = check(&format!("{there}{weak}")).unwrap_err().to_string();
            assert!(why.contains("db.example.org") && why.contains("sslmode=verify-full"), "{why}");
            assert!(!why.contains("pass-word"), "{why}");
        }
        check(&format!("{there}?sslmode=verify-full")).unwrap();
        // What is written behind the question mark wins over the host before it.
        assert!(check("postgres://a@127.0.0.1/k?host=db.example.org").is_err());
        assert!(check("postgres://a@127.0.0.1/k?hostaddr=203.0.113.9").is_err());
        assert!(check("postgres://a@localhost.example.org/k").is_err());
    }
}
