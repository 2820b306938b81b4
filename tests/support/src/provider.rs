//! A provider of sign-ins that lies when it is told to: OpenID Connect by hand, so that a test can bend any byte of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use kinfolio_server::Config;
use kinfolio_server::clock::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::browser::{encode, query_of};

/// The id and the secret of the server at every such provider.
pub const CLIENT_ID: &str = "kinfolio-at-owl";
/// See [`CLIENT_ID`]. It tells nobody anything in a log.
pub const CLIENT_SECRET: &str = "canary-of-the-client-secret";

/// How an id_token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// By the key that the provider shows.
    Right,
    /// Not at all, and it says so.
    None,
    /// By the client secret, which every client with it could do.
    ClientSecret,
    /// By a key that the provider does not show.
    UnknownKey,
    /// By another key under the name of the right one.
    Forged,
}

/// What a request to one of the provider's addresses meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// An answer.
    Honest,
    /// One that does not end.
    Endless,
    /// None.
    Silent,
    /// A way to somewhere else, where the same answer would be.
    Redirecting,
    /// A failure of its own.
    Broken,
}

type Bend = Box<dyn Fn(&mut Value) + Send>;

struct Scene {
    signature: Signature,
    key_id: String,
    key: SigningKey,
    moods: BTreeMap<String, Mood>,
    bend_claims: Option<Bend>,
    bend_discovery: Option<Bend>,
    /// Code to nonce, challenge, redirect URI and claims.
    codes: BTreeMap<String, (String, String, String, Value)>,
    tokens: Vec<String>,
    asked: BTreeMap<String, u32>,
}

struct Shared {
    base: String,
    clock: Arc<dyn Clock>,
    scene: Mutex<Scene>,
}

/// A provider that listens on this machine until it is dropped.
pub struct Provider {
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Provider {
    /// A provider whose tokens are of that clock's time.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let scene = Scene {
            signature: Signature::Right,
            key_id: "one".into(),
            key: SigningKey::from_bytes(&[7; 32]),
            moods: BTreeMap::new(),
            bend_claims: None,
            bend_discovery: None,
            codes: BTreeMap::new(),
            tokens: Vec::new(),
            asked: BTreeMap::new(),
        };
        let shared = Arc::new(Shared { base, clock, scene: Mutex::new(scene) });
        let router = Router::new().route("/{*path}", any(answer)).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { shared, task }
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.shared.scene()
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.shared.base
    }

    /// Its variables under `name`, to go with `--upstream NAME`.
    pub fn variables(&self, name: &str, trusts_email: bool) -> Vec<(String, String)> {
        let upper = name.to_uppercase();
        let pairs = [
            ("ISSUER", self.issuer()),
            ("LABEL", &format!("{}{}", &upper[..1], &name[1..])),
            ("CLIENT_ID", CLIENT_ID),
            ("CLIENT_SECRET", CLIENT_SECRET),
            ("TRUSTS_EMAIL", if trusts_email { "yes" } else { "no" }),
        ];
        pairs.map(|(what, value)| (format!("KINFOLIO_UPSTREAM_{upper}_{what}"), value.to_owned())).to_vec()
    }

    /// Makes it a provider of a server in this process.
    pub fn add_to(&self, config: &mut Config, name: &str, trusts_email: bool) {
        config.upstream.upstream.push(name.to_owned());
        config.upstream.variables.extend(self.variables(name, trusts_email));
    }

    /// A person agrees on the provider's page that `location` leads to. Gives the address that leads back.
    pub fn agree(&self, location: &str, person: &Value) -> String {
        assert!(location.starts_with(&format!("{}/authorize?", self.issuer())), "{location}");
        let location = location.replace('+', "%20");
        let asked = |name: &str| query_of(&location, name).unwrap_or_default();
        assert_eq!((asked("response_type"), asked("client_id")), ("code".into(), CLIENT_ID.into()));
        assert_eq!((asked("scope"), asked("code_challenge_method")), ("openid email".into(), "S256".into()));
        let code = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let kept = (asked("nonce"), asked("code_challenge"), asked("redirect_uri"), person.clone());
        let back = format!("{}?code={code}&state={}", kept.2, encode(&asked("state")));
        self.scene().codes.insert(code, kept);
        back
    }

    /// From now on id_tokens are signed so.
    pub fn sign(&self, signature: Signature) {
        self.scene().signature = signature;
    }

    /// From now on another key signs, and is shown.
    pub fn change_keys(&self) {
        let mut scene = self.scene();
        scene.key = SigningKey::from_bytes(&[8; 32]);
        scene.key_id = "two".into();
    }

    /// From now on `bend` bends the claims of every token.
    pub fn bend_claims(&self, bend: impl Fn(&mut Value) + Send + 'static) {
        self.scene().bend_claims = Some(Box::new(bend));
    }

    /// From now on `bend` bends what the provider says about itself.
    pub fn bend_discovery(&self, bend: impl Fn(&mut Value) + Send + 'static) {
        self.scene().bend_discovery = Some(Box::new(bend));
    }

    /// From now on requests to `discovery`, `keys` or `token` meet this.
    pub fn mood(&self, address: &str, mood: Mood) {
        self.scene().moods.insert(address.to_owned(), mood);
    }

    /// From now on it tells the truth.
    pub fn be_honest(&self) {
        let mut scene = self.scene();
        scene.signature = Signature::Right;
        scene.bend_claims = None;
        scene.bend_discovery = None;
        scene.moods.clear();
    }

    /// Every token that it has given, of either kind.
    pub fn tokens(&self) -> Vec<String> {
        self.scene().tokens.clone()
    }

    /// How often an address was asked for.
    pub fn asked(&self, address: &str) -> u32 {
        self.scene().asked.get(address).copied().unwrap_or(0)
    }
}

impl Shared {
    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn discovery(&self, scene: &Scene) -> Value {
        let base = &self.base;
        let mut said = json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // It says so; whoever believed it would take a token by the client secret.
            "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
        });
        if let Some(bend) = &scene.bend_discovery {
            bend(&mut said);
        }
        said
    }

    /// The token endpoint, which checks all that a provider checks.
    fn token(&self, scene: &mut Scene, headers: &HeaderMap, body: &[u8]) -> Response {
        let basic = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if given != Some(&format!("Basic {basic}")) {
            return refusal("invalid_client");
        }
        let form = String::from_utf8_lossy(body).into_owned();
        let field = |name: &str| query_of(&format!("?{}", form.replace('+', " ")), name).unwrap_or_default();
        let Some((nonce, challenge, redirect, person)) = scene.codes.remove(&field("code")) else {
            return refusal("invalid_grant");
        };
        let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier").as_bytes()));
        if hashed != challenge || field("redirect_uri") != redirect {
            return refusal("invalid_grant");
        }
        let now = self.clock.now_us() / 1_000_000;
        let mut claims = json!({
            "iss": self.base, "aud": CLIENT_ID, "nonce": nonce, "iat": now, "exp": now + 600, "auth_time": now,
        });
        for (name, value) in person.as_object().expect("claims of a person") {
            claims[name] = value.clone();
        }
        if claims["auth_time"].is_null() {
            // One that does not say when it saw its person, as most of them.
            claims.as_object_mut().expect("claims").remove("auth_time");
        }
        if let Some(bend) = &scene.bend_claims {
            bend(&mut claims);
        }
        let id_token = scene.signed(&claims);
        let access = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        scene.tokens.extend([id_token.clone(), access.clone()]);
        let reply = json!({
            "access_token": access, "refresh_token": "canary-of-a-refresh-token", "token_type": "Bearer",
            "expires_in": 600, "id_token": id_token,
        });
        json_reply(&reply)
    }
}

impl Scene {
    fn signed(&self, claims: &Value) -> String {
        let (alg, kid) = match self.signature {
            Signature::None => ("none", &self.key_id),
            Signature::ClientSecret => ("HS256", &self.key_id),
            Signature::UnknownKey => ("EdDSA", &"nobodys".to_owned()),
            Signature::Right | Signature::Forged => ("EdDSA", &self.key_id),
        };
        let header = json!({ "alg": alg, "kid": kid, "typ": "JWT" });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = match self.signature {
            Signature::Right => self.key.sign(message.as_bytes()).to_bytes().to_vec(),
            Signature::UnknownKey | Signature::Forged => {
                SigningKey::from_bytes(&[9; 32]).sign(message.as_bytes()).to_bytes().to_vec()
            }
            Signature::ClientSecret => hmac_sha256(CLIENT_SECRET.as_bytes(), message.as_bytes()),
            Signature::None => Vec::new(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = match path.trim_start_matches("elsewhere/") {
        ".well-known/openid-configuration" => "discovery",
        other => other,
    };
    let mood = {
        let mut scene = shared.scene();
        *scene.asked.entry(address.to_owned()).or_default() += 1;
        let mood = scene.moods.get(address).copied().unwrap_or(Mood::Honest);
        // Behind the way to somewhere else there is an answer.
        if path.starts_with("elsewhere/") { Mood::Honest } else { mood }
    };
    match mood {
        Mood::Honest => {}
        Mood::Endless => {
            let chunks =
                futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 65_536])));
            let kind = [(header::CONTENT_TYPE, "application/json")];
            return (kind, axum::body::Body::from_stream(chunks)).into_response();
        }
        Mood::Silent => {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Mood::Redirecting => {
            let to = format!("{}/elsewhere/{path}", shared.base);
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Mood::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
    let mut scene = shared.scene();
    match address {
        "discovery" => json_reply(&shared.discovery(&scene)),
        "keys" => {
            let x = URL_SAFE_NO_PAD.encode(scene.key.verifying_key().as_bytes());
            let key = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": scene.key_id, "x": x });
            json_reply(&json!({ "keys": [key] }))
        }
        "token" => shared.token(&mut scene, &headers, &body),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_reply(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn refusal(word: &str) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::BAD_REQUEST, kind, json!({ "error": word }).to_string()).into_response()
}

/// RFC 2104, by hand.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}
