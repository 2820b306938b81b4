//! The public URL: the issuer of tokens, the host on pages, and what follows from http or https.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

use crate::config::StartError;

/// The server's public address, checked once at start. Never taken from a request's Host header.
#[derive(Clone, Debug)]
pub struct Origin {
    url: String,
    authority: String,
    https: bool,
    loopback: bool,
}

impl Origin {
    /// Reads a public URL. Plain http is accepted for 127.0.0.1 and `[::1]` only, as phones accept it: a name may be
    /// answered from elsewhere.
    ///
    /// # Errors
    /// [`StartError::Config`] says what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, StartError> {
        let wrong = |why: &str| StartError::Config(format!("the public URL {why}"));
        let uri: Uri = url.parse().map_err(|_| wrong("cannot be read"))?;
        let authority = uri.authority().ok_or_else(|| wrong("needs a host"))?.as_str().to_owned();
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong("must begin with https:// (or http:// on this machine)")),
        };
        if url != format!("{}://{authority}", if https { "https" } else { "http" }) || authority.contains('@')
        {
            return Err(wrong("must be scheme and host only, without a trailing slash"));
        }
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let address = host.parse::<IpAddr>().ok();
        let loopback = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        let here = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        if !https && !address.is_some_and(|address| here.contains(&address)) {
            return Err(wrong("must be https, except on 127.0.0.1 and [::1]"));
        }
        Ok(Self { url: url.to_owned(), authority, https, loopback })
    }

    /// The origin of a server without a public URL: the address it listens on.
    ///
    /// # Errors
    /// [`StartError::Config`]: the address is beyond this machine, or one that phones would not take.
    pub fn of_listener(address: SocketAddr, https: bool) -> Result<Self, StartError> {
        if !address.ip().is_loopback() {
            return Err(StartError::Config("listening beyond this machine needs --public-url".into()));
        }
        Self::parse(&format!("{}://{address}", if https { "https" } else { "http" }))
    }

    /// `https://sync.example.org`: the issuer, exactly.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `sync.example.org`, with a port if there is one: what people see.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.authority
    }

    /// Whether cookies are Secure and HSTS is sent.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether it names this machine only.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_names_itself_on_this_machine_only() {
        let of = |address: &str, https| Origin::of_listener(address.parse().unwrap(), https);
        assert_eq!(of("127.0.0.1:8484", false).unwrap().url(), "http://127.0.0.1:8484");
        assert_eq!(of("[::1]:8484", true).unwrap().url(), "https://[::1]:8484");
        for address in ["0.0.0.0:8484", "[::]:8484", "203.0.113.9:443"] {
            assert!(of(address, false).is_err() && of(address, true).is_err(), "{address}");
        }
    }

    #[test]
    fn plain_http_is_for_the_two_addresses_of_this_machine_only() {
        for url in
            ["http://127.0.0.1:8484", "http://[::1]:1", "https://localhost:80", "https://sync.example.org"]
        {
            assert!(Origin::parse(url).is_ok(), "{url}");
        }
        for url in [
            "http://localhost:8484",
            "http://127.0.0.2:8484",
            "http://[::ffff:127.0.0.1]:8484",
            "http://sync.example.org",
            "https://sync.example.org/",
            "https://sync.example.org/x",
            "https://a@sync.example.org",
            "ftp://127.0.0.1",
            "sync.example.org",
            "",
        ] {
            assert!(Origin::parse(url).is_err(), "{url}");
        }
    }
}
