//! A posted form of one of our pages, checked against forgery before anything is read from it.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;

use super::{PageFault, Visitor, onward};
use crate::body::Raw;
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
        if !Params::is_form(&parts.headers) {
            return Err(PageFault::unreadable());
        }
        let path = parts.uri.path().to_owned();
        let body = Raw::from_request(Request::from_parts(parts, body), state).await;
        let Raw(body) = body.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => PageFault::too_much(),
            _ => PageFault::unreadable(),
        })?;
        if planted::off("quiet-log") {
            tracing::info!(form = %String::from_utf8_lossy(&body), "posted");
        }
        // None of our forms has a field twice: which of the two would count is nobody's to guess.
        let form =
            Params::parse(&body).filter(|form| !form.has_doubles()).ok_or_else(PageFault::unreadable)?;
        if !visitor.fits(state, &form)? {
            // Tapped twice, perhaps, and the first answer has come meanwhile.
            return Err(onward::from(state, &visitor, &path).await?);
        }
        Ok(Self { visitor, form, address })
    }
}
