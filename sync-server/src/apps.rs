//! What the operator says about the phone apps of this server and about whom to write to: flags, and their shapes.

use std::str::FromStr;

use clap::Args;

/// What `/.well-known/` tells besides sign-in. Each is absent until it is given.
#[derive(Args, Clone, Debug, Default)]
pub struct AppSettings {
    /// Where weaknesses are reported, as mailto:…, https://… or tel:…; may be repeated. Shown in security.txt.
    #[arg(long, env = "KINFOLIO_SECURITY_CONTACT", value_delimiter = ',')]
    pub security_contact: Vec<SecurityContact>,
    /// An iOS app that opens links of this server, as TEAMID.bundle.id; may be repeated.
    #[arg(long, env = "KINFOLIO_APPLE_APP", value_delimiter = ',')]
    pub apple_app: Vec<AppleApp>,
    /// An Android app that opens links of this server, as package.name=AA:BB:… with the SHA-256 fingerprint of the
    /// certificate that signs it; may be repeated.
    #[arg(long, env = "KINFOLIO_ANDROID_APP", value_delimiter = ',')]
    pub android_app: Vec<AndroidApp>,
}

/// An address for reports, as RFC 9116 wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityContact(pub(crate) String);

impl FromStr for SecurityContact {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = ["mailto:", "https://", "tel:"].iter().any(|scheme| {
            text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_plain))
        });
        if known { Ok(Self(text.to_owned())) } else { Err("use mailto:…, https://… or tel:…") }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

/// A team's id and a bundle's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppleApp(pub(crate) String);

impl FromStr for AppleApp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        };
        match text.split_once('.') {
            Some((team, bundle)) if team.len() == 10 && id(team) && id(bundle) => Ok(Self(text.to_owned())),
            _ => {
                Err("use the team's 10 characters, a dot and the bundle id, such as ABCDE12345.app.kinfolio")
            }
        }
    }
}

/// A package and who signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidApp {
    pub(crate) package: String,
    pub(crate) fingerprint: String,
}

impl FromStr for AndroidApp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "use package.name=FINGERPRINT, the fingerprint as 32 bytes AA:BB:…";
        let (package, fingerprint) = text.split_once('=').ok_or(wrong)?;
        let named = package.contains('.')
            && package.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte));
        let bytes: Vec<&str> = fingerprint.split(':').collect();
        let hex = |byte: &&str| byte.len() == 2 && byte.bytes().all(|digit| digit.is_ascii_hexdigit());
        if named && bytes.len() == 32 && bytes.iter().all(hex) {
            Ok(Self { package: package.to_owned(), fingerprint: fingerprint.to_ascii_uppercase() })
        } else {
            Err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_and_an_app_need_their_shape() {
        for good in ["mailto:security@example.org", "https://example.org/report", "tel:+44-20-7946-0000"] {
            assert!(good.parse::<SecurityContact>().is_ok(), "{good}");
        }
        for bad in ["", "mailto:", "security@example.org", "http://example.org", "mailto:a\nExpires: x"] {
            assert!(bad.parse::<SecurityContact>().is_err(), "{bad}");
        }
        assert!("ABCDE12345.app.kinfolio".parse::<AppleApp>().is_ok());
        for bad in ["", "app.kinfolio", "ABCDE12345", "ABCDE12345.", "ABCDE12345.app/x"] {
            assert!(bad.parse::<AppleApp>().is_err(), "{bad}");
        }
        let print = ["ab"; 32].join(":");
        let app: AndroidApp = format!("app.kinfolio={print}").parse().unwrap();
        assert_eq!(app.fingerprint, print.to_uppercase());
        for bad in
            ["app.kinfolio", "app.kinfolio=AB:CD", &format!("kinfolio={print}"), &format!("a.b={print}:00")]
        {
            assert!(bad.parse::<AndroidApp>().is_err(), "{bad}");
        }
    }
}
