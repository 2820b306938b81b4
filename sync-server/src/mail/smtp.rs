//! The line to an SMTP server: by TLS unless it is this machine, and why a mail was not taken, without an address.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use axum::http::Uri;
use lettre::Tokio1Executor;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error};

use crate::config::StartError;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Opens nothing yet. `authority` signs the server's certificate, beside the public ones.
pub(super) fn transport(url: &str, authority: Option<&Path>) -> Result<Transport, StartError> {
    // The URL holds a password: no cause is repeated.
    let wrong = || {
        StartError::Config(
            "the mail URL cannot be read: use smtp://user:password@host:587 or smtps://user:password@host"
                .into(),
        )
    };
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let host = uri.host().ok_or_else(wrong)?.trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let base = url.split('?').next().unwrap_or(url);
    let builder = match (uri.scheme_str(), uri.query()) {
        (Some("smtps"), None) => {
            Transport::from_url(base).map_err(|_| wrong())?.tls(Tls::Wrapper(parameters(host, authority)?))
        }
        (Some("smtp"), None) if here => Transport::from_url(base).map_err(|_| wrong())?,
        // Passwords and codes are in there: a server that does not offer TLS gets neither.
        (Some("smtp"), None | Some("tls=required")) => Transport::from_url(&format!("{base}?tls=required"))
            .map_err(|_| wrong())?
            .tls(Tls::Required(parameters(host, authority)?)),
        _ => return Err(wrong()),
    };
    Ok(builder.timeout(Some(Duration::from_secs(30))).build())
}

fn parameters(host: &str, authority: Option<&Path>) -> Result<TlsParameters, StartError> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(file) = authority {
        let wrong =
            |why: String| StartError::Config(format!("the file {} of --mail-ca {why}", file.display()));
        let pem = fs::read(file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let certificate = Certificate::from_pem(&pem).map_err(|_| wrong("is no PEM file".into()))?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build().map_err(|_| StartError::Config("TLS to the mail server cannot be set up".into()))
}

/// Why a mail was not taken. Holds no address: what a mail server says often quotes one, so only its number is kept.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The server cannot be used at all, whatever the mail.
    pub(super) of_server: bool,
    pub(super) why: String,
}

impl Failure {
    pub(super) fn of_mail(why: &str) -> Self {
        Self { of_server: false, why: why.into() }
    }

    pub(super) fn of_server(why: String) -> Self {
        Self { of_server: true, why }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        match error.status().map(|code| code.to_string()) {
            Some(code) => Self {
                // It closes, or wants another password: RFC 5321 4.2.2 and RFC 4954 6.
                of_server: matches!(code.as_str(), "421" | "432" | "454" | "530" | "534" | "535" | "538"),
                why: format!("the mail server answered {code}"),
            },
            None if error.is_response() => Self::of_server("the mail server answered no SMTP".into()),
            None => Self::of_server(format!("the mail server cannot be used: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_server_on_another_machine_is_never_spoken_to_without_tls() {
        for good in [
            "smtp://u:p%40ss@mail.example.org",
            "smtp://mail.example.org:2525?tls=required",
            "smtps://u:p@mail.example.org:465",
            "smtp://127.0.0.1:25",
            "smtp://[::1]:25",
        ] {
            transport(good, None).unwrap();
        }
        for bad in [
            "smtp://u:canary@mail.example.org?tls=opportunistic",
            "smtp://u:canary@mail.example.org?tls=none",
            "smtp://127.0.0.1?tls=opportunistic",
            "smtps://u:canary@mail.example.org?tls=opportunistic",
            "smtp://",
        ] {
            let why = transport(bad, None).err().unwrap_or_else(|| panic!("{bad}")).to_string();
            assert!(why.contains("use smtp://") && !why.contains("canary"), "{why}");
        }
        let missing = transport("smtps://mail.example.org", Some(Path::new("/nowhere/ca.pem")));
        assert!(missing.err().is_some_and(|why| why.to_string().contains("/nowhere/ca.pem")));
    }
}
