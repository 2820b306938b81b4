//! The way over another service: there, back, and what becomes of somebody who belongs to no account yet.

mod callback;
mod create;
mod start;

pub(crate) use callback::callback;
pub(crate) use create::{create, show as show_create};
pub(crate) use start::start;

use axum::http::StatusCode;
use axum::response::Response;

use super::render::Alert;
use super::{PageFault, Visitor, account, login};
use crate::body::Params;
use crate::error::ApiError;
use crate::state::State;
use crate::upstream::arrivals::{self, Arrival};
use crate::upstream::transactions::Goal;
use crate::upstream::{Fault, Provider};

/// The provider that an address names.
fn provider_of<'s>(state: &'s State, params: &Params) -> Result<&'s Provider, PageFault> {
    let name: String = params.id("provider")?;
    Ok(state.upstream.by_name(&name).ok_or_else(ApiError::not_found)?)
}

/// Who came back in this browser and has no account yet, or the way to signing in.
pub(super) async fn newcomer(state: &State, visitor: &Visitor) -> Result<Arrival, PageFault> {
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let found = state.store.account_read(move |tx| arrivals::find(tx, browser, false, now)).await?;
    found.ok_or_else(|| PageFault::go(&visitor.way("/login")))
}

/// What to say, and with which status.
struct Said(StatusCode, Alert);

impl Said {
    /// The person said no there, or the provider did.
    fn declined(label: &str) -> Self {
        let text =
            "You stopped there, or it said no. Nothing has changed. Try again, or sign in another way.";
        Self(StatusCode::UNPROCESSABLE_ENTITY, Alert::new(&format!("{label} did not sign you in"), text))
    }

    /// The provider does not answer, or not as it should. The reason is the operator's to read.
    fn fault(provider: &Provider, fault: Fault) -> Self {
        let label = provider.label();
        tracing::warn!(provider = %provider.name(), cause = %fault, "nobody is signed in by this provider");
        match fault {
            Fault::Silent(_) => Self(
                StatusCode::SERVICE_UNAVAILABLE,
                Alert::new(
                    &format!("{label} cannot be reached"),
                    "Nothing has changed. Try again in a few minutes, or sign in another way.",
                ),
            ),
            Fault::Refused(_) => Self(
                StatusCode::BAD_GATEWAY,
                Alert::new(
                    &format!("{label} gave a wrong answer"),
                    "Nothing has changed, and nobody was signed in. Try again, or sign in another way.",
                ),
            ),
        }
    }
}

/// Draws the page that the browser came from, with what happened.
async fn say(state: &State, visitor: &Visitor, goal: Goal, said: Said) -> Result<Response, PageFault> {
    let Said(status, alert) = said;
    match goal {
        Goal::Link => account::refuse_link(state, visitor, status, alert).await,
        Goal::Again => match visitor.session(state).await? {
            Some(session) => login::once_more(state, visitor, status, &session, Some(alert)).await,
            None => login::draw(state, visitor, status, "", Some(alert)),
        },
        Goal::SignIn => login::draw(state, visitor, status, "", Some(alert)),
    }
}
