//! Opaque tokens: 256 random bits behind a prefix, kept as SHA-256 only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kinfolio_protocol::labels;
use zeroize::Zeroizing;

use crate::clock::Randomness;
use crate::config::Environment;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sent with every request.
    Access,
    /// Sent to the token endpoint only.
    Refresh,
}

/// `hat_`, `hrt_`; a development server adds `dev_`, so that no server takes the other kind's.
fn prefix(kind: Kind, environment: Environment) -> &'static str {
    match (kind, environment) {
        (Kind::Access, Environment::Production) => "hat_",
        (Kind::Refresh, Environment::Production) => "hrt_",
        (Kind::Access, Environment::Development) => "hat_dev_",
        (Kind::Refresh, Environment::Development) => "hrt_dev_",
    }
}

/// How cookies, codes and tokens of 256 random bits are kept.
pub(crate) fn sha256(text: &str) -> [u8; 32] {
    labels::sha256(text.as_bytes()).0
}

/// A new token's text.
pub(crate) fn make(kind: Kind, environment: Environment, random: &dyn Randomness) -> Zeroizing<String> {
    Zeroizing::new(format!("{}{}", prefix(kind, environment), secret(random).as_str()))
}

/// 256 random bits as 43 characters: cookies, codes, the tails of tokens.
pub(crate) fn secret(random: &dyn Randomness) -> Zeroizing<String> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random.make());
    Zeroizing::new(BASE64URL.encode(bytes.as_slice()))
}

/// Whether a text has the form of this server's tokens of a kind.
pub(crate) fn is_ours(token: &str, kind: Kind, environment: Environment) -> bool {
    token.strip_prefix(prefix(kind, environment)).is_some_and(is_secret)
}

/// 43 characters of base64url.
pub(crate) fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;

    #[test]
    fn a_token_of_the_other_environment_or_kind_is_not_ours() {
        for environment in [Environment::Development, Environment::Production] {
            for kind in [Kind::Access, Kind::Refresh] {
                let token = make(kind, environment, &OsRandomness);
                for other in [Environment::Development, Environment::Production] {
                    for other_kind in [Kind::Access, Kind::Refresh] {
                        let ours = is_ours(&token, other_kind, other);
                        assert_eq!(ours, other == environment && other_kind == kind);
                    }
                }
            }
        }
    }
}
