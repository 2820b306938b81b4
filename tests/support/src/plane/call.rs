//! One request to a server in this process.

use axum::body::{Body as HttpBody, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use kinfolio_protocol::{Wire, decode, encode};
use kinfolio_server::clock::Clock as _;
use kinfolio_server::store::Value;
use tower::ServiceExt as _;

use super::{Server, SignIn};

/// What a request carries.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    None,
    /// CBOR.
    Cbor(Vec<u8>),
    /// CBOR, and one header more.
    Headed(Vec<u8>, &'static str, String),
    /// A part of a blob, with the hash that its header claims.
    Part(Vec<u8>, String),
}

impl<T: Wire> From<&T> for Body {
    fn from(value: &T) -> Self {
        Self::Cbor(encode(value))
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as CBOR, the status being a success.
    #[track_caller]
    pub fn read<T: Wire>(&self) -> T {
        assert!(self.status.is_success(), "{self}");
        decode(&self.bytes).unwrap()
    }

    /// The error's code.
    #[track_caller]
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_else(|| panic!("no error: {self}")).to_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// The error without the id that names this one failure.
    #[track_caller]
    pub fn error(&self) -> (u16, serde_json::Value) {
        let mut json = self.json();
        json["error"].as_object_mut().unwrap().remove("id");
        (self.status.as_u16(), json)
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.bytes))
    }
}

impl Server {
    /// Sends one request; `path` begins after `/api/v1`.
    pub async fn call(&self, who: &SignIn, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.keep_alive(who).await;
        self.send(Some(&who.token), method, path, body.into()).await
    }

    /// The same with any token or none.
    pub async fn send(&self, token: Option<&str>, method: &str, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let bytes = match body {
            Body::None => Vec::new(),
            Body::Cbor(bytes) => {
                request = request.header("content-type", "application/cbor");
                bytes
            }
            Body::Headed(bytes, name, value) => {
                request = request.header("content-type", "application/cbor").header(name, value);
                bytes
            }
            Body::Part(bytes, hash) => {
                request = request.header("kinfolio-sha256", hash);
                bytes
            }
        };
        self.answer(request.body(HttpBody::from(bytes)).unwrap()).await
    }

    /// `GET` with `If-None-Match`.
    pub async fn ask_if_new(&self, who: &SignIn, path: &str, tag: &str) -> Answer {
        self.keep_alive(who).await;
        let request = Request::builder().uri(format!("/api/v1{path}")).header("if-none-match", tag);
        let request = request.header("authorization", format!("Bearer {}", who.token));
        self.answer(request.body(HttpBody::empty()).unwrap()).await
    }

    /// As after a refresh: the token's quarter of an hour begins anew.
    async fn keep_alive(&self, who: &SignIn) {
        let (id, until) = (who.id, self.clock.now_us() + 900_000_000);
        let sql = "UPDATE access_tokens SET expires_at = $1 WHERE signin_id = $2";
        let moved = self.state.store.account(move |tx| tx.execute(sql, &[Value::Int(until), id.0.into()]));
        moved.await.unwrap();
    }

    async fn answer(&self, request: Request<HttpBody>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
        Answer { status, headers, bytes }
    }
}
