//! `GET /upstream/{provider}/start`: leads to the other service, and remembers in the store where the way goes on.

use axum::extract::{RawQuery, State as AxumState};
use axum::response::Response;

use super::{Said, provider_of, say};
use crate::accounts::tokens;
use crate::body::Params as Path;
use crate::limits::{Action, ClientAddress};
use crate::oauth::params::Params;
use crate::oauth::transactions as oauth;
use crate::pages::next::Next;
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;
use crate::upstream::transactions::{self, Goal, Transaction};

pub(crate) async fn start(
    AxumState(state): AxumState<State>,
    path: Path,
    RawQuery(query): RawQuery,
    visitor: Visitor,
    ClientAddress(address): ClientAddress,
) -> Result<Response, PageFault> {
    let provider = provider_of(&state, &path)?;
    // Another site must not send somebody on this way: they would be signed in, or asked, without having chosen it.
    visitor.check_site()?;
    let request = visitor.request(&state).await?;
    state.limits.take(Action::Login, address)?;
    let query = query.and_then(|query| Params::parse(query.as_bytes()));
    let links = query.as_ref().is_some_and(|query| query.field("for") == "link");
    let goal = goal(&state, &visitor, request.as_ref(), links).await?;
    let (secret, now) = (tokens::secret(state.random.as_ref()), state.clock.now_us());
    let sent = match provider.authorize(&state.secrets, secret, goal, now).await {
        Ok(sent) => sent,
        Err(fault) => return say(&state, &visitor, goal, Said::fault(provider, fault)).await,
    };
    let journey = Transaction {
        goal,
        request: visitor.request_id(),
        next: visitor.next().map(|next| next.word().to_owned()),
    };
    let (name, browser) = (provider.name().to_owned(), visitor.browser_hash());
    state
        .store
        .account(move |tx| transactions::begin(tx, &sent.state, browser, &name, &journey, now))
        .await?;
    Ok(visitor.keep_cookie(&state, redirect(&sent.url)))
}

/// What the browser goes for. Linking needs a sign-in of the last ten minutes already here.
async fn goal(
    state: &State,
    visitor: &Visitor,
    request: Option<&oauth::Transaction>,
    links: bool,
) -> Result<Goal, PageFault> {
    if links {
        visitor.fresh(state, Next::Linked).await?;
        return Ok(Goal::Link);
    }
    Ok(if visitor.asks_again(request) && visitor.session(state).await?.is_some() {
        Goal::Again
    } else {
        Goal::SignIn
    })
}
