//! "Sign in to Kinfolio on this phone as …?": asked every time, because any app can claim our scheme.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::form::Posted;
use super::logout::end_session;
use super::render::{Frame, page, set_policy};
use super::{PageFault, Visitor, link, redirect};
use crate::accounts::tokens;
use crate::accounts::tokens::sha256;
use crate::oauth::authorize::answer_url;
use crate::oauth::{clients, codes, transactions};
use crate::state::State;

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    frame: Frame,
    action: String,
    name: String,
    domain: String,
    device: &'static str,
}

/// `GET /confirm?tx=…`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let request = visitor.request(&state).await?.ok_or_else(PageFault::too_old)?;
    let Some(session) = visitor.session(&state).await? else {
        return Ok(redirect(&link("/login", Some(request.id))));
    };
    if !request.is_met_by(&session, state.clock.now_us()) {
        return Ok(redirect(&link("/login", Some(request.id))));
    }
    // In two halves: a long address breaks after the @.
    let (name, domain) = session.email.rsplit_once('@').unwrap_or((session.email.as_str(), ""));
    let template = ConfirmPage {
        frame: Frame::form(&state, &visitor, None),
        action: link("/confirm", Some(request.id)),
        name: name.to_owned(),
        domain: domain.to_owned(),
        device: request.client.device_word(),
    };
    let mut response = page(StatusCode::OK, &template)?;
    // The one page whose form may lead out: `form-action 'self'` alone would block the redirect to the app.
    set_policy(response.headers_mut(), clients::form_action(&request.redirect_uri).as_deref());
    Ok(response)
}

/// `POST /confirm?tx=…`: the code, or another account.
pub(crate) async fn decide(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    let over = |fault: PageFault| if fault.cause.is_none() { PageFault::answered() } else { fault };
    let request = visitor.request(&state).await.map_err(over)?.ok_or_else(PageFault::too_old)?;
    let back = link("/login", Some(request.id));
    let Some(session) = visitor.session(&state).await? else { return Ok(redirect(&back)) };
    match form.field("choice") {
        "continue" => {}
        "other" => return Ok(end_session(&state, &visitor, redirect(&back)).await?),
        _ => return Err(PageFault::unreadable()),
    }
    let now = state.clock.now_us();
    if !request.is_met_by(&session, now) {
        return Ok(redirect(&back));
    }
    let code = tokens::secret(state.random.as_ref());
    let hash = sha256(&code);
    let url = answer_url(
        &request.redirect_uri,
        &[("code", code.as_str())],
        request.state.as_deref(),
        state.origin.url(),
    );
    let issued = state
        .store
        .account(move |tx| {
            if !transactions::finish(tx, request.id)? {
                return Ok(false);
            }
            codes::issue(tx, hash, &request, &session, now)?;
            Ok(true)
        })
        .await?;
    if issued { Ok(redirect(&url)) } else { Err(PageFault::answered()) }
}
