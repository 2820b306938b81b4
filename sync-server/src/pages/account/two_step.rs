//! Switching two-step sign-in on and off, and new backup codes.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use zeroize::Zeroizing;

use crate::accounts::sessions::Session;
use crate::accounts::totp::{self, Checked, Offer};
use crate::accounts::{backup_codes, sessions, two_step_removal, undo_links};
use crate::audit::{self, Event};
use crate::clock;
use crate::error::ApiError;
use crate::mail::{self, texts};
use crate::pages::entering::set_session;
use crate::pages::form::Posted;
use crate::pages::next::Next;
use crate::pages::render::{Alert, Frame};
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;

#[derive(Template)]
#[template(path = "account/two_step.html")]
struct TwoStepPage {
    frame: Frame,
    /// Backup codes left, when it is on.
    on: Option<i64>,
    /// When it is to come off.
    off_on: Option<String>,
    /// That it is not to any more.
    kept: bool,
}

#[derive(Template)]
#[template(path = "account/two_step_new.html")]
struct OfferPage {
    frame: Frame,
    picture: Zeroizing<String>,
    link: Zeroizing<String>,
    text: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "account/two_step_off.html")]
struct OffPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "account/backup_codes.html")]
struct CodesPage {
    frame: Frame,
    first: bool,
    codes: Vec<Zeroizing<String>>,
}

/// `GET /account/two-step`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::TwoStep).await?;
    draw(&state, &visitor, &session, false).await
}

/// `kept`: its removal was stopped just now.
async fn draw(
    state: &State,
    visitor: &Visitor,
    session: &Session,
    kept: bool,
) -> Result<Response, PageFault> {
    let user = session.user;
    let read = state
        .store
        .account_read(move |tx| Ok((backup_codes::left(tx, user)?, two_step_removal::due_at(tx, user)?)));
    let (left, due_at) = read.await?;
    let template = TwoStepPage {
        frame: Frame::form(state, visitor, None),
        on: session.two_step.then_some(left),
        off_on: due_at.map(clock::utc),
        kept,
    };
    visitor.draw(state, StatusCode::OK, &template)
}

/// `POST /account/two-step/keep`: stops the removal that somebody asked for, and says so.
pub(crate) async fn keep(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::TwoStep).await?;
    let (now, shown) = (state.clock.now_us(), session.clone());
    let stop =
        super::change(&state, session, Next::TwoStep, move |tx, of| two_step_removal::stop(tx, of.user, now));
    stop.await?;
    draw(&state, &posted.visitor, &shown, true).await
}

/// `POST /account/two-step`: offers a new secret.
pub(crate) async fn begin(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::TwoStep).await?;
    let secret: Zeroizing<[u8; 20]> = Zeroizing::new(state.random.make());
    let (nonce, now, this) = (state.random.make(), state.clock.now_us(), state.clone());
    let offered = super::change(&state, session, Next::TwoStep, move |tx, of| {
        totp::offer(tx, &this.secrets, of.user, &secret, nonce, now)
    });
    Ok(redirect(if offered.await? { "/account/two-step/new" } else { Next::TwoStep.path() }))
}

/// `GET /account/two-step/new`: the secret, for an app on another phone or on this one.
pub(crate) async fn offer(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::TwoStep).await?;
    match offered(&state, session.user, session.email).await? {
        Some(offer) => draw_offer(&state, &visitor, StatusCode::OK, offer, None),
        None => Ok(redirect(Next::TwoStep.path())),
    }
}

/// `POST /account/two-step/new`: a right code switches it on.
pub(crate) async fn confirm(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    let session = visitor.fresh(&state, Next::TwoStep).await?;
    let typed: Zeroizing<String> = Zeroizing::new(form.field("code").chars().take(16).collect());
    let codes = backup_codes::make(state.random.as_ref());
    let (shown, email) = (codes.clone(), session.email.clone());
    let (user, now) = (session.user, state.clock.now_us());
    let (mail_id, this) = (state.random.make(), state.clone());
    let link = undo_links::make(state.random.as_ref());
    let secret = visitor.next_sid(&state);
    let cookie = secret.clone();
    let checked = super::change(&state, session, Next::TwoStep, move |tx, of| {
        let checked = totp::confirm(tx, &this.secrets, user, &typed, now)?;
        if checked == Some(Checked::Right) {
            two_step_removal::stop(tx, user, now)?;
            backup_codes::replace(tx, user, &codes)?;
            // This browser has just shown the second step, and goes on in a session of its own; the others have not.
            sessions::end_all(tx, user)?;
            let amr = sessions::with_code(&of.amr);
            sessions::begin_as(tx, &secret, None, user, &amr, of.auth_time_us, now)?;
            audit::record(tx, now, Event::TwoStepOn, Some(user), None)?;
            two_step_removal::offer_undo(tx, user, &link, now)?;
            let way = undo_links::address(&this.origin, &link);
            let text = texts::two_step_on(this.origin.host(), way.as_str(), now);
            mail::enqueue(tx, mail_id, &of.email, &text, now)?;
        }
        Ok(checked)
    });
    let checked = checked.await?;
    state.mail.wake();
    match checked {
        Some(Checked::Right) => {
            let mut response = draw_codes(&state, &visitor, true, shown)?;
            set_session(&state, &mut response, &cookie);
            Ok(response)
        }
        Some(_) => match offered(&state, user, email).await? {
            Some(offer) => {
                let text = "Wait for the next code in your app, then type it.";
                let alert = Alert::new("That code did not match", text);
                draw_offer(&state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, offer, Some(alert))
            }
            None => Ok(redirect(Next::TwoStep.path())),
        },
        None => Ok(redirect(Next::TwoStep.path())),
    }
}

/// `POST /account/two-step/codes`: eight new codes, and the old ones are void.
pub(crate) async fn make_codes(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let visitor = posted.visitor;
    let session = visitor.fresh(&state, Next::TwoStep).await?;
    let codes = backup_codes::make(state.random.as_ref());
    let (shown, user, now) = (codes.clone(), session.user, state.clock.now_us());
    let (mail_id, this) = (state.random.make(), state.clone());
    let made = super::change(&state, session, Next::TwoStep, move |tx, of| {
        if !totp::is_on(tx, user)? {
            return Ok(false);
        }
        backup_codes::replace(tx, user, &codes)?;
        audit::record(tx, now, Event::BackupCodesMade, Some(user), None)?;
        let text = texts::backup_codes_made(this.origin.host(), now);
        mail::enqueue(tx, mail_id, &of.email, &text, now)?;
        Ok(true)
    });
    let made = made.await?;
    state.mail.wake();
    if made { draw_codes(&state, &visitor, false, shown) } else { Ok(redirect(Next::TwoStep.path())) }
}

/// `GET /account/two-step/off`: asks.
pub(crate) async fn ask_off(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::TwoStep).await?;
    if !session.two_step {
        return Ok(redirect(Next::TwoStep.path()));
    }
    visitor.draw(&state, StatusCode::OK, &OffPage { frame: Frame::form(&state, &visitor, None) })
}

/// `POST /account/two-step/off`.
pub(crate) async fn off(AxumState(state): AxumState<State>, posted: Posted) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::TwoStep).await?;
    let (mail_id, this, now) = (state.random.make(), state.clone(), state.clock.now_us());
    let take_off = super::change(&state, session, Next::TwoStep, move |tx, of| {
        if !two_step_removal::take_off(tx, of.user, now)? {
            return Ok(());
        }
        two_step_removal::stop(tx, of.user, now)?;
        sessions::end_others(tx, of.user, of.hash)?;
        let text = texts::two_step_off(this.origin.host(), now);
        mail::enqueue(tx, mail_id, &of.email, &text, now)
    });
    take_off.await?;
    state.mail.wake();
    Ok(redirect(Next::TwoStep.path()))
}

async fn offered(state: &State, user: [u8; 16], email: String) -> Result<Option<Offer>, PageFault> {
    let (now, this) = (state.clock.now_us(), state.clone());
    Ok(state.store.account_read(move |tx| totp::offered(tx, &this.secrets, user, &email, now)).await?)
}

fn draw_offer(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    offer: Offer,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let template = OfferPage {
        frame: Frame::form(state, visitor, alert),
        picture: picture(&offer.link)?,
        link: offer.link,
        text: in_fours(&offer.text),
    };
    visitor.draw(state, status, &template)
}

fn draw_codes(
    state: &State,
    visitor: &Visitor,
    first: bool,
    codes: Vec<Zeroizing<String>>,
) -> Result<Response, PageFault> {
    let frame = Frame::form(state, visitor, None);
    visitor.draw(state, StatusCode::OK, &CodesPage { frame, first, codes })
}

/// The link as a QR code, inside the page: nothing is fetched, and nothing else sees it.
fn picture(link: &str) -> Result<Zeroizing<String>, ApiError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|_| ApiError::internal("a link does not fit a QR code"))?;
    let drawn = Zeroizing::new(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build());
    Ok(Zeroizing::new(format!("data:image/svg+xml;base64,{}", BASE64.encode(drawn.as_bytes()))))
}

/// `ABCD EFGH …`: apps take the spaces, people keep their place.
fn in_fours(text: &str) -> Zeroizing<String> {
    let mut spaced = Zeroizing::new(String::with_capacity(text.len() + text.len() / 4));
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    spaced
}
