//! The two clients and their redirect URIs: texts, compared as texts (sign-in.md 2.3).

use crate::origin::Origin;
use crate::planted;

/// A client of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// The app on a phone: an app link on our host, or its private scheme.
    Phone,
    /// A program on a computer: a loopback redirect.
    Desktop,
}

impl Client {
    /// The client of an id, if it is offered here.
    pub(crate) fn by_id(id: &str, desktop: bool) -> Option<Self> {
        match id {
            "app.kinfolio" => Some(Self::Phone),
            "app.kinfolio.desktop" if desktop => Some(Self::Desktop),
            _ if planted::off("client") => Some(Self::Phone),
            _ => None,
        }
    }

    /// Its id.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Phone => "app.kinfolio",
            Self::Desktop => "app.kinfolio.desktop",
        }
    }

    /// What people call the device.
    pub(crate) fn device_word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desktop => "computer",
        }
    }

    /// Whether a redirect URI is registered, exactly as it was sent.
    pub(crate) fn allows(self, redirect_uri: &str, origin: &Origin) -> bool {
        match self {
            Self::Phone if planted::off("redirect-uri") => true,
            Self::Desktop if planted::off("loopback") => true,
            Self::Phone => {
                redirect_uri == "app.kinfolio:/oauth2redirect"
                    || redirect_uri == format!("https://{}/app/callback", origin.host())
            }
            Self::Desktop => {
                // RFC 8252 7.3: any port of the loopback addresses; never `localhost` (8.3).
                ["http://127.0.0.1", "http://[::1]"].iter().any(|base| {
                    redirect_uri.strip_prefix(base).is_some_and(|rest| without_port(rest) == "/callback")
                })
            }
        }
    }
}

/// Strips `:digits` from the front of a text, and nothing else.
fn without_port(rest: &str) -> &str {
    let Some(port_and_path) = rest.strip_prefix(':') else { return rest };
    let path = port_and_path.trim_start_matches(|c: char| c.is_ascii_digit());
    let port = port_and_path.strip_suffix(path).unwrap_or_default();
    if port.parse::<u16>().is_ok_and(|port| port > 0) { path } else { rest }
}

/// What CSP `form-action` must name for the browser to follow a form's redirect there: the origin of an
/// http(s) URI, or the scheme. CSP has no word for an IPv6 address (browsers drop it): there the scheme stands alone,
/// and `redirect_uri` was compared with the registered ones before.
pub(crate) fn form_action(redirect_uri: &str) -> Option<String> {
    let (scheme, rest) = redirect_uri.split_once(':')?;
    match rest.strip_prefix("//") {
        Some(rest) if !rest.starts_with('[') => Some(format!("{scheme}://{}", rest.split('/').next()?)),
        _ => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::parse("https://sync.example.org").unwrap()
    }

    #[test]
    fn rfc_9700_1_a_redirect_uri_is_compared_character_by_character() {
        for good in ["app.kinfolio:/oauth2redirect", "https://sync.example.org/app/callback"] {
            assert!(Client::Phone.allows(good, &origin()), "{good}");
        }
        for bad in [
            "https://sync.example.org/app/callback/",
            "https://sync.example.org/app/callback/x",
            "https://sync.example.org/app/callbac",
            "https://sync.example.org/app/callback?x=1",
            "https://sync.example.org/app/callback#x",
            "https://sync.example.org/APP/callback",
            "https://sync.example.org/app%2fcallback",
            "https://sync.example.org:443/app/callback",
            "https://sync.example.org:8443/app/callback",
            "https://sync.example.org@evil.example/app/callback",
            "https://a@sync.example.org/app/callback",
            "https://SYNC.example.org/app/callback",
            "http://sync.example.org/app/callback",
            "app.kinfolio://oauth2redirect",
            "app.kinfolio:/oauth2redirect/",
            "App.kinfolio:/oauth2redirect",
            " app.kinfolio:/oauth2redirect",
            "http://127.0.0.1:5000/callback",
            "",
        ] {
            assert!(!Client::Phone.allows(bad, &origin()), "{bad}");
        }
    }

    #[test]
    fn rfc_9700_3_a_loopback_redirect_may_choose_its_port_and_nothing_else() {
        for good in
            ["http://127.0.0.1:5000/callback", "http://127.0.0.1/callback", "http://[::1]:65535/callback"]
        {
            assert!(Client::Desktop.allows(good, &origin()), "{good}");
        }
        for bad in [
            "http://127.0.0.1:5000/callback/x",
            "http://127.0.0.1:5000/other",
            "http://127.0.0.1:5000/callback?x=1",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://localhost:5000/callback",
            "http://127.0.0.2:5000/callback",
            "http://0x7f.1:5000/callback",
            "http://[::ffff:127.0.0.1]:5000/callback",
            "https://127.0.0.1:5000/callback",
            "app.kinfolio:/oauth2redirect",
        ] {
            assert!(!Client::Desktop.allows(bad, &origin()), "{bad}");
        }
    }

    #[test]
    fn a_form_may_lead_to_the_redirects_origin_or_scheme_only() {
        assert_eq!(form_action("http://127.0.0.1:5000/callback").as_deref(), Some("http://127.0.0.1:5000"));
        assert_eq!(form_action("http://[::1]:1/callback").as_deref(), Some("http:"));
        assert_eq!(form_action("app.kinfolio:/oauth2redirect").as_deref(), Some("app.kinfolio:"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_matcher_panic_or_leave_loopback(text in ".*", port in 1u16.., tail in "[^/].*") {
            let _ = Client::Desktop.allows(&text, &origin());
            let evil = format!("http://127.0.0.1:{port}{tail}/callback");
            proptest::prop_assume!(!tail.starts_with(|c: char| c.is_ascii_digit()));
            proptest::prop_assert!(!Client::Desktop.allows(&evil, &origin()));
        }
    }
}
