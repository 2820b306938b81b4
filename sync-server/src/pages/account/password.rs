//! Changing the password, and which phones a new password signs out too.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::devices::{Device, end_ticked};
use crate::accounts::password::{self, Check};
use crate::accounts::password_change::{self, Change, Stopped};
use crate::accounts::sessions::Session;
use crate::accounts::{linked, policy, sessions, settled, sign_ins, throttle, tokens, users};
use crate::audit::{self, Event};
use crate::clock::MINUTE_US;
use crate::error::ApiError;
use crate::limits::Action;
use crate::pages::entering::set_session;
use crate::pages::fault::{WAIT_TEXT, waiting};
use crate::pages::form::Posted;
use crate::pages::new_password::judge;
use crate::pages::next::Next;
use crate::pages::render::{Alert, Frame};
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;

/// Where a new password leads: what it has ended, and what it has not.
pub(crate) const CHANGED: &str = "/account/password/changed";

/// For so long that page is true.
const RECENT_US: i64 = 10 * MINUTE_US;

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    frame: Frame,
    email: String,
    /// The current one was wrong, or the new one is not good enough.
    wrong_current: bool,
    wrong_new: bool,
}

#[derive(Template)]
#[template(path = "account/password_changed.html")]
struct ChangedPage {
    frame: Frame,
    action: String,
    on: String,
    devices: Vec<Device>,
    /// Those of families that this password has signed out.
    ended: Vec<String>,
    /// What it has stopped.
    stopped: Stopped,
    /// Whether other services sign in to the account, as before.
    links: bool,
}

/// `GET /account/password`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Password).await?;
    let user = session.user;
    if state.store.account_read(move |tx| users::password_set_at(tx, user)).await?.is_none() {
        // There is no current one to type: the mailbox answers for a first one.
        return Ok(redirect("/reset"));
    }
    draw(&state, &visitor, StatusCode::OK, session.email, None, (false, false))
}

/// `POST /account/password`.
pub(crate) async fn change(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    let session = visitor.fresh(&state, Next::Password).await?;
    let back = |error| PageFault::from(error).back(Next::Password.path().to_owned());
    state.limits.take(Action::Login, address).map_err(back)?;
    let current = Zeroizing::new(form.field("current").to_owned());
    let fresh = Zeroizing::new(form.field("password").to_owned());
    drop(form);
    let email = session.email.clone();
    if let Err(alert) = judge(&state, address, &fresh, &email).await.map_err(back)? {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&state, &visitor, status, email, Some(alert), (false, true));
    }
    let (key, checked) = match check_current(&state, &visitor, &session, current).await? {
        Current::Right { key, checked } => (key, checked),
        Current::Wait(seconds) => {
            let alert = Alert::wait(seconds, WAIT_TEXT);
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Ok(waiting(draw(&state, &visitor, status, email, Some(alert), (false, false))?, seconds));
        }
        Current::Wrong => {
            let alert = Alert::new("That did not match", "Check your current password, and type both again.");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&state, &visitor, status, email, Some(alert), (true, false));
        }
    };
    let phc = state.hasher.hash(fresh).await?;
    let secret = tokens::secret(state.random.as_ref());
    let (cookie, now, mail_id, this) =
        (secret.clone(), state.clock.now_us(), state.random.make(), state.clone());
    let changed = super::change(&state, session, Next::Password, move |tx, of| {
        // Another change may have been faster.
        let now_set = users::by_email(tx, &users::fold(&of.email))?.and_then(|user| user.password_set_at);
        if now_set.is_none() || now_set != checked {
            return Ok(false);
        }
        throttle::clear(tx, key)?;
        let (host, event) = (this.origin.host(), Event::PasswordChanged);
        password_change::set(
            tx,
            &this.secrets,
            of.user,
            &phc,
            &Change { event, host, mail_id, now_us: now },
        )?;
        // Only the password was shown just now: where two-step sign-in is on, that alone makes nobody fresh.
        let seen = if of.two_step { of.auth_time_us } else { now };
        sessions::begin_as(tx, &secret, None, of.user, &of.amr, seen, now)?;
        Ok(true)
    });
    let changed = changed.await?;
    state.mail.wake();
    if !changed {
        return Ok(redirect(&Next::Password.by_login()));
    }
    let mut response = redirect(CHANGED);
    set_session(&state, &mut response, &cookie);
    Ok(response)
}

/// What the current password turned out to be.
enum Current {
    /// Right, counted under `key`; what it was compared with was set at `checked`.
    Right { key: [u8; 32], checked: Option<i64> },
    /// Wrong, and written down.
    Wrong,
    /// Not looked at: too many were wrong. Seconds.
    Wait(u64),
}

/// The same bucket as signing in: a stolen session is no second way to guess.
async fn check_current(
    state: &State,
    visitor: &Visitor,
    session: &Session,
    current: Zeroizing<String>,
) -> Result<Current, ApiError> {
    let (user, email_ci) = (session.user, users::fold(&session.email));
    let known = visitor.known_to(state, &email_ci).await?;
    let key = throttle::key(&state.secrets, "login", &email_ci, known.as_deref());
    let (now, free) = (state.clock.now_us(), state.config.limits.account_failures);
    let (wait, found) = state
        .store
        .account(move |tx| Ok((throttle::begin_try(tx, key, free, now)?, users::by_email(tx, &email_ci)?)))
        .await?;
    if let Some(seconds) = wait {
        return Ok(Current::Wait(seconds));
    }
    // The address may be another account's by now.
    let found = found.filter(|found| found.id == user);
    let checked = found.as_ref().and_then(|user| user.password_set_at);
    let phc = found.and_then(|user| user.phc).filter(|_| policy::fits(&current));
    if password::compare(state, key, phc, current).await? == Check::Wrong {
        state.store.account(move |tx| audit::record(tx, now, Event::LoginFailed, Some(user), None)).await?;
        return Ok(Current::Wrong);
    }
    Ok(Current::Right { key, checked })
}

/// `GET /account/password/changed`: what is signed out by now, and the phones that are not.
pub(crate) async fn changed(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    visitor.request(&state).await?;
    let session = visitor.fresh(&state, Next::Devices).await?;
    let now = state.clock.now_us();
    let found = state
        .store
        .account_read(move |tx| {
            let user = session.user;
            let set_at = users::password_set_at(tx, user)?.filter(|set_at| now - set_at < RECENT_US);
            let Some(set_at) = set_at else { return Ok(None) };
            let (live, ended) =
                (sign_ins::live(tx, user, now)?, settled::phones(tx, user, set_at, now)?.ended);
            let stopped = password_change::stopped_at(tx, user, set_at)?;
            Ok(Some((live, ended, stopped, !linked::of_user(tx, user)?.is_empty())))
        })
        .await?;
    let Some((live, ended, stopped, links)) = found else { return Ok(redirect(Next::Devices.path())) };
    let on = match visitor.request_id() {
        Some(_) => visitor.after_sign_in(),
        None => Next::Account.path().to_owned(),
    };
    let template = ChangedPage {
        frame: Frame::form(&state, &visitor, None),
        action: visitor.way(CHANGED),
        on,
        devices: live.iter().map(|sign_in| Device::of(sign_in, now)).collect(),
        ended,
        stopped,
        links,
    };
    visitor.draw(&state, StatusCode::OK, &template)
}

/// `POST /account/password/changed`: signs the ticked phones out too.
pub(crate) async fn end_phones(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    visitor.request(&state).await?;
    let session = visitor.fresh(&state, Next::Devices).await?;
    let now = state.clock.now_us();
    let end = super::change(&state, session, Next::Devices, move |tx, of| {
        end_ticked(tx, of.user, &form, "password_changed", now)
    });
    end.await?;
    Ok(redirect(&match visitor.request_id() {
        Some(_) => visitor.after_sign_in(),
        None => Next::Devices.path().to_owned(),
    }))
}

fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    email: String,
    alert: Option<Alert>,
    (wrong_current, wrong_new): (bool, bool),
) -> Result<Response, PageFault> {
    let frame = Frame::form(state, visitor, alert);
    visitor.draw(state, status, &PasswordPage { frame, email, wrong_current, wrong_new })
}
