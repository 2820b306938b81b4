//! A posted form of one of our pages, checked against forgery before anything is read from it.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header;

use super::{PageFault, Visitor, onward};
use crate::limits::ClientAddress;
use crate::oauth::params::Params;
use crate::planted;
use crate::state::State;

/// A visitor who posted a form of ours.
pub(crate) struct Posted {
    pub(super) visitor: Visitor,
    pub(super) form: Params,
    pub(super) address: std::net::IpAddr,
}

impl FromRequest<State> for Posted {
    type Rejection = PageFault;

    async fn from_request(request: Request, state: &State) -> Result<Self, PageFault> {
        let (mut parts, body) = request.into_parts();
        // Neither can fail.
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, state).await;
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(&mut parts, state).await;
        let kind =
            parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(PageFault::unreadable());
        }
        let path = parts.uri.path().to_owned();
        let body = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| PageFault::too_much())?;
        if planted::off("quiet-log") {
            tracing::info!(form = %String::from_utf8_lossy(&body), "posted");
        }
        // None of our forms has a field twice: which of the two would count is nobody's to guess.
        let form =
            Params::parse(&body).filter(|form| !form.has_doubles()).ok_or_else(PageFault::unreadable)?;
        if !visitor.fits(state, &form)? {
            // Tapped twice, perhaps, and the first answer has come meanwhile.
            let on = onward::from(state, &visitor, &path).await?;
            return Err(on.map_or_else(PageFault::too_old, |on| PageFault::go(&on)));
        }
        Ok(Self { visitor, form, address })
    }
}
