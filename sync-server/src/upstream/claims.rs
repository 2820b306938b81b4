//! What an id_token must be before anybody believes it: of this issuer, for this client, for this very request, in time,
//! and signed by a key that the issuer shows.

use std::time::{Duration, SystemTime};

use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, IdTokenVerifier, Nonce,
    SignatureVerificationError,
};
use serde::{Deserialize, Serialize};

use super::provider::{Checked, Trust};
use crate::accounts::users;
use crate::clock::MINUTE_US;
use crate::planted;

/// How far the provider's clock may be ahead of ours.
const AHEAD_US: i64 = 5 * MINUTE_US;
/// The longest `sub` that OpenID Connect allows.
const SUBJECT_BYTES: usize = 255;
/// Signatures that are believed. None that is no signature, and none by a shared secret: whoever holds ours could forge it.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 4] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Google's own claim: the customer's domain whose mail it hosts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Hosted {
    hd: Option<String>,
}

impl AdditionalClaims for Hosted {}

/// An id_token as it came.
pub(super) type Token =
    IdToken<Hosted, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Who somebody is at a provider.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// What the provider says is their address.
    pub(crate) email: Option<String>,
    /// Whether that needs no code of ours.
    pub(crate) trusted: bool,
    /// When the provider last made sure of the person, if it says so.
    pub(crate) auth_time_us: Option<i64>,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Signed by a key that was not known when the keys were last asked for.
    UnknownKey,
    /// Anything else, in words that hold no value of the token.
    Wrong(&'static str),
}

/// Verifies a token for the request of this nonce.
pub(super) fn verify(
    of: &Checked,
    keys: &CoreJsonWebKeySet,
    token: &Token,
    nonce: &Nonce,
    now_us: i64,
) -> Result<Identity, Doubt> {
    let at_us = if planted::off("provider-expiry") { 0 } else { now_us.unsigned_abs() };
    let now = SystemTime::UNIX_EPOCH + Duration::from_micros(at_us);
    let client = ClientId::new(of.client_id.clone());
    // As a public client: so the crate takes no signature by our client secret, whatever the list says.
    let verifier = IdTokenVerifier::new_public_client(client.clone(), of.issuer.clone(), keys.clone())
        .set_allowed_algs(ALGORITHMS)
        .require_audience_match(!planted::off("provider-audience"))
        .require_issuer_match(!planted::off("provider-issuer"))
        .set_time_fn(move || now.into())
        .set_issue_time_verifier_fn(move |issued| {
            let ahead = issued.timestamp_micros() > now_us + AHEAD_US;
            if ahead { Err("issued in the future".to_owned()) } else { Ok(()) }
        });
    let verifier = if planted::off("provider-signature") {
        verifier.insecure_disable_signature_check()
    } else {
        verifier
    };
    let claims = if planted::off("provider-nonce") {
        token.claims(&verifier, |_: Option<&Nonce>| Ok(()))
    } else {
        token.claims(&verifier, nonce)
    };
    let claims = claims.map_err(|error| doubt(&error))?;
    if claims.authorized_party().is_some_and(|party| *party != client) {
        return Err(Doubt::Wrong("authorized party"));
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > SUBJECT_BYTES || subject.contains('\0') {
        return Err(Doubt::Wrong("subject"));
    }
    let email = claims.email().map(|email| email.trim().to_owned()).filter(|email| users::plausible(email));
    Ok(Identity {
        issuer: of.issuer.to_string(),
        subject: subject.to_owned(),
        trusted: email.as_deref().is_some_and(|email| {
            let hd = claims.additional_claims().hd.as_deref();
            is_trusted(of.trust, claims.email_verified(), hd, email)
        }),
        email,
        auth_time_us: claims.auth_time().map(|time| time.timestamp_micros()),
    })
}

/// Whether the provider's word for this address is enough, given its `email_verified` and `hd`.
fn is_trusted(trust: Trust, verified: Option<bool>, hd: Option<&str>, email: &str) -> bool {
    let hosted = || {
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
        matches!(domain.as_deref(), Some("gmail.com" | "googlemail.com"))
            || hd.is_some_and(|hd| domain.as_deref() == Some(hd))
    };
    (verified == Some(true) || planted::off("provider-verified"))
        && match trust {
            Trust::Never => planted::off("provider-address"),
            Trust::Always => true,
            Trust::WhereItHostsMail => hosted(),
        }
}

fn doubt(error: &ClaimsVerificationError) -> Doubt {
    use ClaimsVerificationError as Claims;
    use SignatureVerificationError as Signature;
    Doubt::Wrong(match error {
        Claims::SignatureVerification(Signature::NoMatchingKey) => return Doubt::UnknownKey,
        Claims::SignatureVerification(Signature::DisallowedAlg(_) | Signature::NoSignature) => "algorithm",
        Claims::SignatureVerification(_) => "signature",
        Claims::InvalidIssuer(_) => "issuer",
        Claims::InvalidAudience(_) => "audience",
        Claims::InvalidNonce(_) => "nonce",
        Claims::Expired(_) => "time",
        _ => "form",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_believed_when_it_is_verified_and_the_operator_or_its_host_stands_for_it() {
        use Trust::{Always, Never, WhereItHostsMail as Hosts};
        for (trust, hd, email, believed) in [
            (Never, None, "maya@gmail.com", false),
            (Never, Some("example.org"), "maya@example.org", false),
            (Always, None, "maya@example.org", true),
            (Always, Some("example.net"), "maya@example.org", true),
            (Hosts, None, "maya@gmail.com", true),
            (Hosts, None, "maya@GMail.com", true),
            (Hosts, None, "maya@googlemail.com", true),
            (Hosts, Some("example.org"), "maya@example.org", true),
            (Hosts, Some("example.org"), "maya@Example.org", true),
            (Hosts, None, "maya@example.org", false),
            (Hosts, Some(""), "maya@example.org", false),
            (Hosts, Some("example.net"), "maya@example.org", false),
            (Hosts, Some("example.org"), "maya@mail.example.org", false),
            (Hosts, None, "maya@gmail.com.example.org", false),
            (Hosts, None, "maya@notgmail.com", false),
            (Hosts, None, "maya@gmail.com@example.org", false),
        ] {
            for (verified, says) in [(Some(true), true), (Some(false), false), (None, false)] {
                let found = is_trusted(trust, verified, hd, email);
                assert_eq!(found, believed && says, "{trust:?} {verified:?} {hd:?} {email}");
            }
        }
    }
}
