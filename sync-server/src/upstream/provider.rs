//! One provider's settings, checked before the server starts: a preset, or all of its own.

use std::fs;

use openidconnect::url::{Host, Url};
use openidconnect::{IssuerUrl, RedirectUrl};
use zeroize::Zeroizing;

use crate::config::{StartError, UpstreamSettings, variable};
use crate::origin::Origin;

/// Longest name, and longest label on a button.
const NAME_CHARS: usize = 32;

/// What is known of a provider beforehand.
struct Preset {
    name: &'static str,
    label: &'static str,
    issuer: &'static str,
    trust: Trust,
    again: Again,
}

const PRESETS: [Preset; 2] = [
    Preset {
        name: "google",
        label: "Google",
        issuer: "https://accounts.google.com",
        trust: Trust::WhereItHostsMail,
        again: Again::Choose,
    },
    // The consumers' tenant: `common` shows another issuer in every token, which no exact check can pass.
    Preset {
        name: "microsoft",
        label: "Microsoft",
        issuer: "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        trust: Trust::Never,
        again: Again::Login,
    },
];

/// Whether the provider's word for an e-mail address stands for a code of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// No: a mailed code asks the address itself.
    Never,
    /// Google's rule: only for mailboxes that it hosts, at gmail.com or for a domain of its customers (`hd`).
    WhereItHostsMail,
    /// Yes, when it says `email_verified`: the operator says so.
    Always,
}

/// How the provider is asked to make sure that the person is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// `prompt=login` and `max_age=0`, as the standard has it.
    Login,
    /// `prompt=select_account`: Google knows no other.
    Choose,
}

/// A provider's settings, as they are used.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: String,
    pub(super) client_secret: Zeroizing<String>,
    pub(super) redirect_uri: RedirectUrl,
    pub(super) trust: Trust,
    pub(super) again: Again,
}

/// Reads and checks what is set for the provider `name`.
pub(super) fn read(settings: &UpstreamSettings, name: &str, origin: &Origin) -> Result<Checked, StartError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.len() > NAME_CHARS || !name.chars().all(plain) {
        return Err(StartError::Config(
            "upstream: use a name of lower-case letters, digits and dashes".into(),
        ));
    }
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    let own = |what: &str| {
        let value = settings.setting(name, what);
        if value.is_some() && preset.is_some() {
            return Err(wrong(name, what, "must not be set: it is known"));
        }
        Ok(value.map(|value| value.trim().to_owned()))
    };
    let (issuer, label, trusts) = (own("ISSUER")?, own("LABEL")?, own("TRUSTS_EMAIL")?);
    let trust = match (preset, trusts.as_deref()) {
        (Some(preset), _) => preset.trust,
        (None, None | Some("no")) => Trust::Never,
        (None, Some("yes")) => Trust::Always,
        (None, Some(_)) => return Err(wrong(name, "TRUSTS_EMAIL", "must be yes or no")),
    };
    let issuer = match preset {
        Some(preset) => preset.issuer.to_owned(),
        None => issuer.ok_or_else(|| wrong(name, "ISSUER", "is missing"))?,
    };
    let label = match preset {
        Some(preset) => preset.label.to_owned(),
        None => label.unwrap_or_else(|| name.to_owned()),
    };
    if label.chars().count() > NAME_CHARS || label.chars().any(char::is_control) {
        return Err(wrong(name, "LABEL", "must be 1 to 32 characters"));
    }
    let client_id =
        settings.setting(name, "CLIENT_ID").ok_or_else(|| wrong(name, "CLIENT_ID", "is missing"))?;
    let redirect = format!("{}/upstream/{name}/callback", origin.url());
    let redirect_uri = RedirectUrl::new(redirect)
        .map_err(|_| StartError::Config(format!("upstream {name}: the public URL makes no redirect URI")))?;
    Ok(Checked {
        issuer: check_issuer(name, issuer)?,
        label,
        client_id: client_id.trim().to_owned(),
        client_secret: secret(settings, name)?,
        redirect_uri,
        trust,
        again: preset.map_or(Again::Login, |preset| preset.again),
        name: name.to_owned(),
    })
}

/// From the variable, or from the file that another one names.
fn secret(settings: &UpstreamSettings, name: &str) -> Result<Zeroizing<String>, StartError> {
    let (value, file) = ("CLIENT_SECRET", "CLIENT_SECRET_FILE");
    let text = match (settings.setting(name, value), settings.setting(name, file)) {
        (Some(_), Some(_)) => return Err(wrong(name, file, "and CLIENT_SECRET are both set: keep one")),
        (Some(text), None) => text,
        (None, Some(path)) => fs::read_to_string(path.trim())
            .map(Zeroizing::new)
            .map_err(|error| wrong(name, file, &format!("cannot be read: {error}")))?,
        (None, None) => return Err(wrong(name, value, "is missing")),
    };
    let text = Zeroizing::new(text.trim().to_owned());
    if text.is_empty() { Err(wrong(name, file, "names an empty file")) } else { Ok(text) }
}

/// An issuer is an https address without query and fragment; plain http is for this machine.
fn check_issuer(name: &str, issuer: String) -> Result<IssuerUrl, StartError> {
    let wrong = |why: &str| wrong(name, "ISSUER", why);
    let checked = IssuerUrl::new(issuer).map_err(|_| wrong("is no web address"))?;
    let url = checked.url();
    if !is_safe(url, true) || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(
            "must begin with https:// (http:// on 127.0.0.1 and [::1] only) and have no query",
        ));
    }
    let first = url.path_segments().and_then(|mut segments| segments.next());
    if url.host_str() == Some("login.microsoftonline.com")
        && matches!(first, Some("common" | "organizations" | "consumers"))
    {
        return Err(wrong(
            "must name one tenant by its id: common and its like show another issuer in each token",
        ));
    }
    Ok(checked)
}

/// Whether something may be sent there: https, or plain http to this machine where that is allowed.
pub(super) fn is_safe(url: &Url, plain_here: bool) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let nobody = url.username().is_empty() && url.password().is_none();
    nobody && url.has_host() && (url.scheme() == "https" || (plain_here && here && url.scheme() == "http"))
}

fn wrong(name: &str, what: &str, why: &str) -> StartError {
    StartError::Config(format!("{} {why}", variable(name, what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> UpstreamSettings {
        let variables =
            pairs.iter().map(|(name, value)| (format!("KINFOLIO_UPSTREAM_{name}"), (*value).to_owned()));
        UpstreamSettings { upstream: Vec::new(), variables: variables.collect() }
    }

    fn refusal(name: &str, pairs: &[(&str, &str)]) -> String {
        let origin = Origin::parse("https://sync.example.org").unwrap();
        read(&settings(pairs), name, &origin).err().expect("it is refused").to_string()
    }

    #[test]
    fn a_preset_needs_an_id_and_a_secret_only() {
        let origin = Origin::parse("https://sync.example.org").unwrap();
        for (name, issuer) in
            [("google", "accounts.google.com"), ("microsoft", "9188040d-6c67-4c5b-b112-36a304b66dad")]
        {
            let upper = name.to_uppercase();
            let (id, secret) = (format!("{upper}_CLIENT_ID"), format!("{upper}_CLIENT_SECRET"));
            let checked = read(&settings(&[(&id, "kinfolio"), (&secret, "canary")]), name, &origin).unwrap();
            assert!(checked.issuer.contains(issuer), "{}", *checked.issuer);
            assert_eq!(*checked.redirect_uri, format!("https://sync.example.org/upstream/{name}/callback"));
            assert_ne!(checked.trust, Trust::Always);
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_and_no_secret_is_shown() {
        let id = ("OWL_CLIENT_ID", "kinfolio");
        let secret = ("OWL_CLIENT_SECRET", "canary");
        let issuer = ("OWL_ISSUER", "https://id.example.org");
        for (pairs, says) in [
            (vec![secret, issuer], "KINFOLIO_UPSTREAM_OWL_CLIENT_ID is missing"),
            (vec![id, issuer], "KINFOLIO_UPSTREAM_OWL_CLIENT_SECRET is missing"),
            (vec![id, secret], "KINFOLIO_UPSTREAM_OWL_ISSUER is missing"),
            (vec![id, secret, issuer, ("OWL_CLIENT_SECRET_FILE", "/x")], "both set"),
            (vec![id, issuer, ("OWL_CLIENT_SECRET_FILE", "/none/such")], "cannot be read"),
            (vec![id, issuer, ("OWL_CLIENT_SECRET_FILE", "/dev/null")], "names an empty file"),
            (vec![id, secret, issuer, ("OWL_TRUSTS_EMAIL", "maybe")], "must be yes or no"),
            (vec![id, secret, issuer, ("OWL_LABEL", "two\nlines")], "must be 1 to 32 characters"),
        ] {
            let said = refusal("owl", &pairs);
            assert!(said.contains(says) && !said.contains("canary"), "{said}");
        }
        let google = [
            ("GOOGLE_CLIENT_ID", "k"),
            ("GOOGLE_CLIENT_SECRET", "c"),
            ("GOOGLE_ISSUER", "https://evil.example"),
        ];
        assert!(refusal("google", &google).contains("GOOGLE_ISSUER must not be set"));
        for name in ["Owl", "o/w", "o wl", &"o".repeat(33)] {
            assert!(refusal(name, &[]).contains("use a name of"), "{name}");
        }
    }

    #[test]
    fn an_issuer_is_https_and_plain_http_on_this_machine_only() {
        let with = |issuer: &str| {
            let pairs = [("OWL_CLIENT_ID", "k"), ("OWL_CLIENT_SECRET", "c"), ("OWL_ISSUER", issuer)];
            read(&settings(&pairs), "owl", &Origin::parse("https://sync.example.org").unwrap()).map(|_| ())
        };
        for good in [
            "https://id.example.org",
            "https://id.example.org/realms/owl",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            with(good).unwrap();
        }
        for bad in [
            "http://id.example.org",
            "http://localhost:3000",
            "http://127.0.0.2",
            "https://a:b@id.example.org",
            "https://id.example.org?x=1",
            "https://id.example.org#x",
            "ftp://id.example.org",
            "id.example.org",
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/organizations/v2.0",
        ] {
            assert!(with(bad).unwrap_err().to_string().contains("KINFOLIO_UPSTREAM_OWL_ISSUER"), "{bad}");
        }
    }
}
