//! Templates to answers, and the headers that every answer of the server carries.

use askama::Template;
use axum::extract::{Request, State as AxumState};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::cookies::cookie;
use super::fault::{On, in_words};
use super::{PageFault, Visitor};
use crate::error::ApiError;
use crate::hex::hex;
use crate::planted;
use crate::state::State;

/// What every page shows around its own part.
pub(super) struct Frame {
    /// The server's host, top right.
    pub(super) host: String,
    /// Whether the operator has put a privacy page there.
    pub(super) privacy: bool,
    /// Whether the operator has put terms there.
    pub(super) terms: bool,
    /// What went wrong, under the head.
    pub(super) alert: Option<Alert>,
    /// The token of the page's forms.
    pub(super) csrf: String,
}

impl Frame {
    /// A page without a form.
    pub(super) fn of(state: &State) -> Self {
        Self {
            host: state.origin.host().to_owned(),
            privacy: state.legal.privacy.is_some(),
            terms: state.legal.terms.is_some(),
            alert: None,
            csrf: String::new(),
        }
    }

    /// A page whose forms this visitor may send.
    pub(super) fn form(state: &State, visitor: &Visitor, alert: Option<Alert>) -> Self {
        Self { alert, csrf: visitor.csrf(state), ..Self::of(state) }
    }
}

/// An alert under the head of a page.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) head: String,
    pub(super) text: String,
}

impl Alert {
    pub(super) fn new(head: &str, text: &str) -> Self {
        Self { head: head.to_owned(), text: text.to_owned() }
    }

    /// Too many mailed codes: when the next may be asked for.
    pub(super) fn no_more_codes(seconds: u64, text: &str) -> Self {
        Self::new(&format!("No more codes for {}", in_words(seconds)), text)
    }

    /// Too many tries: how long to wait, and what to do meanwhile.
    pub(super) fn wait(seconds: u64, text: &str) -> Self {
        Self::new(&format!("Please wait {}", in_words(seconds)), text)
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    frame: Frame,
    head: String,
    text: String,
    number: Option<String>,
    /// The way on: where it leads, and what it is called.
    on: Option<(String, &'static str)>,
}

/// A drawn page.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Result<Response, PageFault> {
    let html =
        template.render().map_err(|error| ApiError::internal("a page cannot be drawn").with_source(error))?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, kind)], html).into_response())
}

/// Draws faults, and gives every answer the headers of sign-in.md 2.5: pages, tokens, JSON and errors alike.
pub(crate) async fn frame(AxumState(state): AxumState<State>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let has_session = cookie(&state, request.headers(), "sid").is_some();
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<PageFault>() {
        let id = hex(&state.random.make::<4>());
        if let Some(cause) = &fault.cause {
            cause.log(&state, &id, method.as_str(), &path);
        }
        // One that is only to come back later stands in no log by its number.
        let comes_back = fault.cause.as_deref().and_then(ApiError::retry_after_s).is_some();
        let number = (fault.status.is_server_error() && !comes_back).then_some(id);
        let on = match fault.on {
            On::Nowhere => None,
            On::In if has_session => Some(("/account".to_owned(), "Your account")),
            On::In => Some(("/login".to_owned(), "Sign in")),
            On::Back(to) => Some((to, "Back")),
        };
        let (head, text) = (fault.head, fault.text);
        let template = FaultPage { frame: Frame::of(&state), head, text, number, on };
        if let Ok(drawn) = page(fault.status, &template) {
            let retry = response.headers_mut().remove(header::RETRY_AFTER);
            response = drawn;
            retry.and_then(|retry| response.headers_mut().insert(header::RETRY_AFTER, retry));
        }
    }
    let headers = response.headers_mut();
    let fixed = [
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if_absent(headers, header::CACHE_CONTROL, "no-store");
    if path.starts_with("/oauth/") {
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        set_policy(headers, None);
    }
    for (name, header) in [("framing", header::X_FRAME_OPTIONS), ("referrer", header::REFERRER_POLICY)] {
        if planted::off(name) {
            headers.remove(header);
        }
    }
    if planted::off("other-origins") {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if state.origin.is_https() {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// The content security policy; `also` is the one place besides ourselves where a form may lead.
pub(super) fn set_policy(headers: &mut HeaderMap, also: Option<&str>) {
    let also = also.map(|target| format!(" {target}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'{also}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
}

fn if_absent(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
