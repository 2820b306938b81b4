//! What docs/asvs.md says that no name of a test can: the words of each group and id, and where Kinfolio deviates.

/// Where an id of ASVS stands here.
pub enum Standing {
    /// Its tests say so.
    Tested,
    /// Read more narrowly, or not done on purpose; its tests, if there are any, show what holds instead.
    Deviates(&'static str),
}

use Standing::{Deviates, Tested};

/// The groups of negative tests, from RFC 9700, 8252 and 7636.
pub const GROUPS: [&str; 32] = [
    "redirect URI compared character by character",
    "unknown client",
    "loopback redirect: its port is free, nothing else",
    "response type and mode",
    "PKCE challenge",
    "PKCE verifier",
    "authorization code: client, redirect, time, once, its session and password",
    "PKCE downgrade",
    "mix-up of servers",
    "code injection",
    "cross-site request forgery",
    "somebody else's authorization request",
    "redirect after a post",
    "framing",
    "referrer and foreign resources",
    "tokens in addresses",
    "refresh tokens",
    "somebody else's sign-in",
    "tokens of an ended sign-in",
    "account and client confused",
    "forged proxy headers",
    "open redirects",
    "other origins' scripts",
    "who has an account",
    "codes of the authenticator app",
    "backup codes",
    "reset of a password",
    "sign-in at a provider",
    "session fixation",
    "metacharacters in state",
    "endless passwords",
    "secrets in logs",
];

/// The ids of OWASP ASVS 5.0 that sign-in has to do with.
pub const IDS: &[(&str, &str, Standing)] = &[
    ("3.3.1", "cookies are Secure, `__Host-` or `__Secure-`", Tested),
    ("3.3.2", "SameSite", Tested),
    ("3.3.3", "`__Host-` unless shared", Tested),
    ("3.3.4", "HttpOnly", Tested),
    ("3.4.1", "HSTS", Tested),
    ("3.4.3", "content security policy", Tested),
    ("3.4.4", "nosniff", Tested),
    ("3.4.5", "referrer policy", Tested),
    ("3.4.6", "frame-ancestors", Tested),
    ("3.5.1", "forged requests are refused", Tested),
    ("3.5.3", "changes by safe methods are refused", Tested),
    ("3.7.2", "redirects leave the site by an allow-list only", Tested),
    ("4.1.3", "headers of a proxy cannot be set by a person", Tested),
    ("6.1.1", "limits are documented", Tested),
    ("6.2.1", "length of at least 8, better 15", Tested),
    ("6.2.2", "a person can change the password", Tested),
    ("6.2.3", "the change needs the current one", Tested),
    ("6.2.4", "common passwords are refused", Tested),
    ("6.2.5", "no rules of composition", Tested),
    ("6.2.6", "hidden while typed", Tested),
    ("6.2.7", "pasting and password managers", Tested),
    ("6.2.8", "checked as received", Tested),
    ("6.2.9", "64 characters and more", Tested),
    ("6.2.10", "no rotation", Tested),
    ("6.2.11", "words of the context are refused", Tested),
    ("6.2.12", "breached passwords are refused, where the operator gives a list of them", Tested),
    ("6.3.1", "guessing is slowed down as documented", Tested),
    ("6.3.2", "no default accounts", Tested),
    (
        "6.3.3",
        "a second factor or more",
        Deviates(
            "level 2: two-step sign-in is a parent's choice. There are no passkeys. An account alone opens no record, because \
             keys are the devices' own; each new sign-in is told by mail and listed",
        ),
    ),
    ("6.3.4", "all ways to sign in are of one strength", Tested),
    ("6.3.5", "its person is told of suspicious tries", Tested),
    ("6.3.7", "its person is told of changes", Tested),
    ("6.3.8", "nobody learns who has an account", Tested),
    ("6.4.1", "first codes are random and short-lived", Tested),
    ("6.4.2", "no hints, no secret questions", Tested),
    ("6.4.3", "a reset does not pass by the second factor", Tested),
    ("6.4.4", "a lost factor needs proof as strong as at enrolment", Tested),
    ("6.5.1", "codes work once", Tested),
    ("6.5.2", "how codes are kept", Tested),
    ("6.5.3", "codes from a secure generator", Tested),
    ("6.5.4", "codes of 20 bits and more", Tested),
    (
        "6.5.5",
        "codes live 10 minutes, those of an app 30 seconds",
        Deviates(
            "a code of an authenticator app counts for its own half minute and the ones beside it, so for 90 seconds: \
         clocks of phones are off",
        ),
    ),
    ("6.5.6", "any factor can be taken back", Tested),
    ("6.5.8", "the server's clock decides", Tested),
    ("6.6.2", "a code is bound to its request", Tested),
    ("6.6.3", "a code's tries are limited", Tested),
    ("6.8.1", "a person at a provider is issuer and subject", Tested),
    ("6.8.2", "signatures of assertions", Tested),
    (
        "6.8.4",
        "strength of a provider's sign-in",
        Deviates(
            "Google and Microsoft say neither how they saw a person nor, unless an operator asks for it, when. What they do \
             not say counts as least: such a person is signed in, and changes nothing before a code or password of ours. \
             Google has no `prompt=login`: it is asked with `select_account`",
        ),
    ),
    ("7.2.1", "sessions are checked by the server", Tested),
    ("7.2.3", "session tokens of 128 bits and more", Tested),
    ("7.2.4", "a new session at each authentication", Tested),
    ("7.3.1", "sessions end when idle", Tested),
    ("7.3.2", "sessions end at last", Tested),
    ("7.4.1", "signing out ends the session", Tested),
    ("7.4.2", "a disabled account is out", Tested),
    ("7.4.3", "others are out after a change of factor", Tested),
    ("7.4.4", "the way out is visible", Tested),
    (
        "7.5.1",
        "changes of the account ask again",
        Deviates(
            "who has neither password nor two-step sign-in, and comes by a service that does not say when it saw them, shows \
             by a mailed code that they are there. It is what a new password takes",
        ),
    ),
    ("7.5.2", "sessions are listed and ended", Tested),
    ("7.6.2", "no session begins silently", Tested),
    ("9.1.2", "algorithms of tokens by an allow-list", Tested),
    ("10.1.2", "answers are bound to the browser that began", Tested),
    ("10.2.1", "the client refuses a forged answer", Tested),
    ("10.2.2", "the client refuses a mixed-up answer", Tested),
    ("10.3.2", "the resource server decides by what was granted", Tested),
    ("10.3.3", "a person is told apart unambiguously", Tested),
    ("10.3.4", "strength and time of the sign-in are known", Tested),
    (
        "10.3.5",
        "access tokens bound to their sender",
        Deviates(
            "level 3: no DPoP. A refresh token of an enrolled phone works with that device's signature only; an access \
             token lives 15 minutes",
        ),
    ),
    ("10.4.1", "redirects by an exact allow-list", Tested),
    ("10.4.2", "a code works once", Tested),
    ("10.4.3", "a code lives a minute", Tested),
    ("10.4.4", "only the grants that are needed", Tested),
    (
        "10.4.5",
        "replay of refresh tokens",
        Deviates(
            "read narrowly: a used refresh token works again until its successor's access token was used once, because \
             a lost answer would sign a family out. From then on it ends the sign-in of a phone that is in no family. That of an \
             enrolled one works with its device's signature only: without it an old token ends nothing, or whoever \
             found one would stop a family's sync, and stands in the account's activity. Every order of refreshes, \
             lost answers and thefts up to a length is run for the first (`refresh_model.rs`)",
        ),
    ),
    ("10.4.6", "PKCE by S256", Tested),
    ("10.4.8", "refresh tokens end at last", Tested),
    ("10.4.9", "a person ends tokens", Tested),
    ("10.4.11", "only the scopes that are needed", Tested),
    ("10.4.12", "response mode", Tested),
    (
        "10.4.14",
        "only tokens bound to their sender",
        Deviates(
            "level 3: no DPoP and no mutual TLS; see 10.3.5. No pushed requests (PAR) either: ours hold no secret",
        ),
    ),
    ("10.5.1", "nonce", Tested),
    ("10.5.2", "subject", Tested),
    ("10.5.3", "issuer", Tested),
    ("10.5.4", "audience", Tested),
    ("10.7.1", "consent is asked for", Tested),
    ("10.7.2", "consent says to whom and to what", Tested),
    ("10.7.3", "consent is reviewed and taken back", Tested),
    ("11.4.2", "passwords by a slow hash", Tested),
    ("11.5.1", "128 bits of randomness", Tested),
    (
        "14.2.1",
        "no secrets in addresses",
        Deviates(
            "a link in a mail that takes something back holds its key (`/undo?key=`), as a mail has no other way to carry it. \
             It works once and for days, takes one thing back by a posted form and signs nobody in; the page sends no \
             referrer and is not stored, and addresses are not logged. Tokens, codes and passwords stand in no address, but \
             for the code of RFC 6749 on its way to the app",
        ),
    ),
    ("14.3.2", "no-store", Tested),
    ("16.2.5", "no secrets in logs", Tested),
    ("16.3.1", "signing in is logged", Tested),
];
