//! Linked sign-ins: which there are, linking another, and unlinking, each with a mail to the account's person.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use kinfolio_protocol::SignInId;

use super::devices::{Device, end_ticked};
use crate::accounts::linked::{self, Link};
use crate::accounts::sessions::Session;
use crate::accounts::{sessions, sign_ins, users};
use crate::audit::{self, Event};
use crate::body::Params;
use crate::clock;
use crate::error::ApiError;
use crate::hex::hex;
use crate::mail::{self, texts};
use crate::pages::form::Posted;
use crate::pages::next::Next;
use crate::pages::render::{Alert, Frame};
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;
use crate::upstream::arrivals;

/// A link, as the pages show it.
struct Shown {
    id: String,
    name: String,
    since: String,
    /// Whether this server still knows the service.
    works: bool,
}

/// A service that can be linked.
struct Offer {
    label: String,
    href: String,
}

#[derive(Template)]
#[template(path = "account/linked.html")]
struct LinkedPage {
    frame: Frame,
    links: Vec<Shown>,
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "account/link.html")]
struct LinkPage {
    frame: Frame,
    label: String,
    email: Option<String>,
}

#[derive(Template)]
#[template(path = "account/unlink.html")]
struct UnlinkPage {
    frame: Frame,
    link: Shown,
    /// Phones of a family, which stay unless they are ticked.
    devices: Vec<Device>,
    /// The account has no other way in.
    only: bool,
}

/// What the account's overview says about its links; None: there is nothing to say.
pub(super) fn names(state: &State, links: &[Link]) -> Option<String> {
    if links.is_empty() {
        return (!state.upstream.providers().is_empty()).then(|| "None".to_owned());
    }
    let names: Vec<String> = links.iter().map(|link| name(state, &link.issuer)).collect();
    Some(names.join(", "))
}

/// What people call the service: its host, where this server does not know it any more.
fn name(state: &State, issuer: &str) -> String {
    match state.upstream.by_issuer(issuer) {
        Some(provider) => provider.label().to_owned(),
        None => issuer.split('/').nth(2).unwrap_or(issuer).to_owned(),
    }
}

fn shown(state: &State, link: &Link) -> Shown {
    Shown {
        id: hex(&link.id),
        name: name(state, &link.issuer),
        since: clock::day(link.linked_at_us),
        works: state.upstream.by_issuer(&link.issuer).is_some(),
    }
}

/// `GET /account/linked`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(&state, Next::Linked).await?;
    draw(&state, &visitor, &session, StatusCode::OK, None).await
}

/// The same page, saying why nothing was linked.
pub(in crate::pages) async fn refuse(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    alert: Alert,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(state, Next::Linked).await?;
    draw(state, visitor, &session, status, Some(alert)).await
}

async fn draw(
    state: &State,
    visitor: &Visitor,
    session: &Session,
    status: StatusCode,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let user = session.user;
    let links = state.store.account_read(move |tx| linked::of_user(tx, user)).await?;
    let providers = state.upstream.providers().iter();
    let free = providers.filter(|provider| links.iter().all(|link| link.issuer != provider.issuer()));
    let offers = free.map(|provider| Offer {
        label: provider.label().to_owned(),
        href: format!("/upstream/{}/start?for=link&next={}", provider.name(), Next::Linked.word()),
    });
    let template = LinkedPage {
        frame: Frame::form(state, visitor, alert),
        offers: offers.collect(),
        links: links.iter().map(|link| shown(state, link)).collect(),
    };
    visitor.draw(state, status, &template)
}

/// `GET /account/linked/new`: somebody is back from the service. Is it them?
pub(crate) async fn ask_link(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Linked).await?;
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let arrival = state.store.account_read(move |tx| arrivals::find(tx, browser, true, now)).await?;
    let Some(arrival) = arrival.filter(|arrival| arrival.links_to == Some(session.user)) else {
        return Ok(redirect(Next::Linked.path()));
    };
    let template = LinkPage {
        frame: Frame::form(&state, &visitor, None),
        label: name(&state, &arrival.identity.issuer),
        email: arrival.identity.email,
    };
    visitor.draw(&state, StatusCode::OK, &template)
}

/// `POST /account/linked/new`.
pub(crate) async fn link(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Linked).await?;
    let (browser, now, this) = (posted.visitor.browser_hash(), state.clock.now_us(), state.clone());
    let (link_id, mail_id) = (state.random.make(), state.random.make());
    let linked = super::change(&state, session, Next::Linked, move |tx, session| {
        let Some(arrival) = arrivals::find(tx, browser, true, now)? else { return Ok(true) };
        arrivals::forget(tx, browser)?;
        let (user, of) = (session.user, arrival.identity);
        if arrival.links_to != Some(user) || !linked::link(tx, link_id, user, &of.issuer, &of.subject, now)? {
            return Ok(false);
        }
        audit::record(tx, now, Event::Linked, Some(user), None)?;
        let password = users::password_set_at(tx, user)?.is_some();
        let text = texts::linked(this.origin.host(), name(&this, &of.issuer), password, now);
        mail::enqueue(tx, mail_id, &session.email, &text, now)?;
        Ok(true)
    });
    let linked = linked.await?;
    state.mail.wake();
    if linked {
        return Ok(redirect(Next::Linked.path()));
    }
    let alert = Alert::new("That could not be linked", "It is linked already, here or to another account.");
    refuse(&state, &posted.visitor, StatusCode::CONFLICT, alert).await
}

/// `GET /account/linked/{id}`: asks before it unlinks.
pub(crate) async fn ask_unlink(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Linked).await?;
    let SignInId(id) = params.id("id")?;
    draw_unlink(&state, &visitor, &session, id, StatusCode::OK).await
}

async fn draw_unlink(
    state: &State,
    visitor: &Visitor,
    session: &Session,
    id: [u8; 16],
    status: StatusCode,
) -> Result<Response, PageFault> {
    let (user, this) = (session.user, state.clone());
    let works = move |issuer: &str| this.upstream.by_issuer(issuer).is_some();
    let now = state.clock.now_us();
    let (links, free, live) = state
        .store
        .account_read(move |tx| {
            let free = linked::can_do_without(tx, user, id, &works)?;
            Ok((linked::of_user(tx, user)?, free, sign_ins::live(tx, user, now)?))
        })
        .await?;
    let link = links.iter().find(|link| link.id == id).ok_or_else(ApiError::not_found)?;
    let devices = live.iter().filter(|sign_in| sign_in.enrolled).map(|sign_in| Device::of(sign_in, now));
    let (frame, devices) = (Frame::form(state, visitor, None), devices.collect());
    visitor.draw(state, status, &UnlinkPage { frame, link: shown(state, link), devices, only: !free })
}

/// What came of unlinking.
enum Unlinked {
    Done,
    NoSuch,
    /// It is the only way in.
    Only,
}

/// `POST /account/linked/{id}/unlink`: ends what may have been opened by it, as a new password does. A family's phones stay
/// unless they are ticked.
pub(crate) async fn unlink(
    AxumState(state): AxumState<State>,
    params: Params,
    posted: Posted,
) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Linked).await?;
    let SignInId(id) = params.id("id")?;
    let form = posted.form;
    let (now, mail_id, this) = (state.clock.now_us(), state.random.make(), state.clone());
    // Two at once must not both leave the other as the last way in: one waits for the other.
    let unlinked = super::change(&state, session.clone(), Next::Linked, move |tx, of| {
        let works = |issuer: &str| this.upstream.by_issuer(issuer).is_some();
        let links = linked::of_user(tx, of.user)?;
        let Some(link) = links.iter().find(|link| link.id == id) else { return Ok(Unlinked::NoSuch) };
        if !linked::can_do_without(tx, of.user, id, works)? {
            return Ok(Unlinked::Only);
        }
        linked::unlink(tx, of.user, id)?;
        sessions::end_others(tx, of.user, of.hash)?;
        sign_ins::end_strays(tx, of.user, "unlinked", now)?;
        end_ticked(tx, of.user, &form, "unlinked", now)?;
        audit::record(tx, now, Event::Unlinked, Some(of.user), None)?;
        let text = texts::unlinked(this.origin.host(), name(&this, &link.issuer), now);
        mail::enqueue(tx, mail_id, &of.email, &text, now)?;
        Ok(Unlinked::Done)
    });
    let unlinked = unlinked.await?;
    state.mail.wake();
    match unlinked {
        Unlinked::Done => Ok(redirect(Next::Linked.path())),
        Unlinked::NoSuch => Err(ApiError::not_found().into()),
        Unlinked::Only => draw_unlink(&state, &posted.visitor, &session, id, StatusCode::CONFLICT).await,
    }
}
