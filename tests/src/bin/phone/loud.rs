//! The real transport, which says on the output what is on its way.

use futures::FutureExt;
use futures::future::BoxFuture;
use kinfolio_core::error::Result;
use kinfolio_core::http::{Method, Request, Reqwest, Response, Transport};
use support::process::say;

/// Says `begin KIND` before a request of that kind and `did KIND` after its answer.
pub struct Loud(pub Reqwest);

impl Transport for Loud {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        let kind = match request.method {
            _ if request.url.contains("/push") => "push",
            _ if request.url.contains("/pull") => "pull",
            Method::Get if request.url.contains("/blobs/") => "fetch",
            _ if request.url.contains("/blobs") => "upload",
            _ => "other",
        };
        async move {
            say(&format!("begin {kind}"));
            let reply = self.0.send(request).await;
            say(&format!("did {kind}"));
            reply
        }
        .boxed()
    }
}
