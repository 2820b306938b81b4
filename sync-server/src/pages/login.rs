//! Signing in with an address and a password.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::entering::enter;
use super::fault::{WAIT_TEXT, waiting};
use super::form::Posted;
use super::render::{Alert, Frame};
use super::sign_in_code::{self, Standing};
use super::{PageFault, Visitor, again, link, redirect};
use crate::accounts::email_codes::{self, Purpose};
use crate::accounts::password::{self, Check};
use crate::accounts::sessions::Session;
use crate::accounts::{policy, second_step, sessions, throttle, totp, users};
use crate::audit::{self, Event};
use crate::error::ApiError;
use crate::limits::Action;
use crate::planted;
use crate::state::State;
use crate::upstream::Provider;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    action: String,
    register: String,
    reset: String,
    /// The other services, and where each leads.
    providers: Vec<Button>,
    email: String,
    /// Whose sign-in grew old: they type the password only.
    again: bool,
    /// Where such a person asks for a code, if the account has no password.
    by_mail: Option<String>,
    /// Where a browser that signs an app in leaves the account that it is signed in to.
    other: Option<String>,
    /// Whether a mailed code spares the wait.
    offers_code: bool,
    wrong: bool,
}

/// "Continue with …".
pub(super) struct Button {
    pub(super) label: String,
    pub(super) href: String,
}

/// `GET /login`: the form, or straight on for a browser that is signed in, and freshly so where an app or a page asks for that.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let request = visitor.request(&state).await?;
    match visitor.session(&state).await? {
        Some(session) => {
            let now = state.clock.now_us();
            let old = match &request {
                Some(request) => !request.is_met_by(&session, now),
                None => visitor.asks_again(None) && !session.is_fresh(now),
            };
            if old {
                return once_more(&state, &visitor, StatusCode::OK, &session, None).await;
            }
            Ok(redirect(&visitor.after_sign_in()))
        }
        None => draw(&state, &visitor, StatusCode::OK, "", None),
    }
}

/// `POST /login`.
pub(crate) async fn log_in(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    visitor.request(&state).await?;
    let email = form.field("email").trim().to_owned();
    if let Err(error) = state.limits.take(Action::Login, address) {
        return wait(&state, &visitor, &email, error.retry_after_s().unwrap_or(1)).await;
    }
    let password = Zeroizing::new(form.field("password").to_owned());
    let asks_for_code = form.field("by") == "code";
    drop(form);
    // Before any hashing: neither can be right.
    let fits = policy::fits(&password) || planted::off("password-length");
    if !asks_for_code && (!fits || password.is_empty()) || email.is_empty() || email.len() > 254 {
        return no_match(&state, &visitor, &email).await;
    }
    let email_ci = users::fold(&email);
    let known = visitor.known_to(&state, &email_ci).await?;
    let shared = throttle::key(&state.secrets, "login", &email_ci, None);
    let key = match &known {
        Some(_) => throttle::key(&state.secrets, "login", &email_ci, known.as_deref()),
        None => match sign_in_code::standing(&state, &visitor, &email_ci, shared, asks_for_code).await? {
            Standing::Free => shared,
            Standing::Proven(browser) => throttle::key(&state.secrets, "login", &email_ci, Some(&browser)),
            Standing::Owes => return sign_in_code::ask(&state, &visitor, address, email).await,
        },
    };
    if asks_for_code {
        // There is nothing to wait for any more.
        return Ok(redirect(&visitor.way("/login")));
    }
    let by_code = known.is_none() && key != shared;
    let (now, free) = (state.clock.now_us(), state.config.limits.account_failures);
    let lookup = email_ci.clone();
    let (waiting, user) = state
        .store
        .account(move |tx| {
            let waiting = throttle::begin_try(tx, key, free, now)?;
            Ok((waiting, users::by_email(tx, &lookup)?))
        })
        .await?;
    if let Some(seconds) = waiting {
        return if key == shared {
            wait_or_code(&state, &visitor, &email, seconds).await
        } else {
            wait(&state, &visitor, &email, seconds).await
        };
    }
    if planted::off("same-answer") && user.is_none() {
        return Err(PageFault::too_old());
    }
    let phc = user.as_ref().and_then(|user| user.phc.clone());
    let check = password::compare(&state, key, phc, password.clone()).await?;
    let (Check::Right { stale }, Some(user)) = (check, &user) else {
        let user = user.map(|user| user.id);
        state.store.account(move |tx| audit::record(tx, now, Event::LoginFailed, user, None)).await?;
        return no_match(&state, &visitor, &email).await;
    };
    // A server that is busy renews it another time.
    let renewed = if stale { state.hasher.hash(password).await.ok() } else { None };
    let (user, checked) = (user.id, user.password_set_at);
    let right = Right { user, email_ci: email_ci.clone(), checked, renewed, key, shared, by_code };
    match open(&state, &visitor, right).await? {
        Entered::Wrong => no_match(&state, &visitor, &email).await,
        Entered::OwesCode => Ok(visitor.renew(&state, redirect(&visitor.way("/login/totp")))),
        Entered::SignedIn(cookie) => Ok(enter(&state, &visitor, &email_ci, &cookie).await?),
    }
}

/// A password that was right.
struct Right {
    user: [u8; 16],
    email_ci: String,
    /// When what it was compared with was set.
    checked: Option<i64>,
    /// Its new hash, where the old one was made with less work.
    renewed: Option<String>,
    /// Where its tries were counted, and where those of all unknown browsers are.
    key: [u8; 32],
    shared: [u8; 32],
    /// The browser was let through by a mailed code.
    by_code: bool,
}

/// Begins the session, or the wait for the second step.
async fn open(state: &State, visitor: &Visitor, right: Right) -> Result<Entered, ApiError> {
    let Right { user, email_ci, checked, renewed, key, shared, by_code } = right;
    let (now, renewal) = (state.clock.now_us(), visitor.renewal());
    let secret = visitor.next_sid(state);
    let (before, this) = (visitor.sid(), state.clone());
    state
        .store
        .account(move |tx| {
            tx.lock(&user)?;
            // The password may have been changed, or the account disabled, while this one was hashed.
            // Another sign-in that renewed its hash has changed nothing.
            let now_set = users::by_email(tx, &email_ci)?.and_then(|user| user.password_set_at);
            if now_set.is_none() || now_set != checked {
                return Ok(Entered::Wrong);
            }
            renewal.carry(tx)?;
            throttle::clear(tx, key)?;
            if by_code {
                throttle::clear(tx, shared)?;
                email_codes::finish_for(tx, Purpose::SignIn, renewal.to)?;
            }
            if let Some(phc) = &renewed {
                users::rehash_password(tx, user, phc)?;
            }
            audit::record(tx, now, Event::LoginOk, Some(user), None)?;
            if totp::is_on(tx, user)? {
                second_step::begin(tx, &this.secrets, renewal.to, user, sessions::PASSWORD, None, now)?;
                return Ok(Entered::OwesCode);
            }
            sessions::begin(tx, &secret, before.as_ref(), user, sessions::PASSWORD, now)?;
            Ok(Entered::SignedIn(secret.clone()))
        })
        .await
}

/// What a right password opened.
enum Entered {
    /// Nothing: it was changed in this very moment.
    Wrong,
    /// The page that asks for a code.
    OwesCode,
    /// A session, by this cookie.
    SignedIn(Zeroizing<String>),
}

/// The form again, for a second step whose time or tries are over, or that was taken: a browser that did not get the answer cannot
/// be told which.
pub(super) fn start_again(state: &State, visitor: &Visitor) -> Result<Response, PageFault> {
    let text = "The step from before is over: after ten minutes, after too many tries, or because it was done already.";
    let alert = Alert::new("Please sign in again", text);
    draw(state, visitor, StatusCode::UNPROCESSABLE_ENTITY, "", Some(alert))
}

async fn no_match(state: &State, visitor: &Visitor, email: &str) -> Result<Response, PageFault> {
    let alert = Alert::new("That did not match", "Check the address and the password, and try again.");
    let page = LoginPage { wrong: true, ..page_again(state, visitor, email, alert).await? };
    visitor.draw(state, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn wait(state: &State, visitor: &Visitor, email: &str, seconds: u64) -> Result<Response, PageFault> {
    let alert = Alert::wait(seconds, WAIT_TEXT);
    let page = page_again(state, visitor, email, alert).await?;
    Ok(waiting(visitor.draw(state, StatusCode::TOO_MANY_REQUESTS, &page)?, seconds))
}

/// The form, where a code is needed and none is sent for so long.
pub(super) async fn no_more_codes(
    state: &State,
    visitor: &Visitor,
    email: &str,
    seconds: u64,
) -> Result<Response, PageFault> {
    let text = "Too many were asked for. After that, try again. Phones that are signed in go on working.";
    let alert = Alert::no_more_codes(seconds, text);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let page = page_again(state, visitor, email, alert).await?;
    Ok(waiting(visitor.draw(state, status, &page)?, seconds))
}

/// As [`wait`], where strangers may be the ones who type wrong passwords: a mailed code gives this browser tries of its own.
async fn wait_or_code(
    state: &State,
    visitor: &Visitor,
    email: &str,
    seconds: u64,
) -> Result<Response, PageFault> {
    let text = "Too many wrong passwords were typed for this address. After that, try again. Or have a code sent to it: with the code \
                you can go on at once. Phones that are signed in go on working.";
    let alert = Alert::wait(seconds, text);
    let page = LoginPage { offers_code: true, ..page_again(state, visitor, email, alert).await? };
    Ok(waiting(visitor.draw(state, StatusCode::TOO_MANY_REQUESTS, &page)?, seconds))
}

/// The form after something was typed into it. Somebody who is signed in by that address, and was asked once more, sees the one
/// that they were asked by.
async fn page_again(
    state: &State,
    visitor: &Visitor,
    email: &str,
    alert: Alert,
) -> Result<LoginPage, PageFault> {
    let session = visitor.session(state).await?;
    let again = session.is_some_and(|session| users::fold(&session.email) == users::fold(email));
    let other = visitor.request_id().filter(|_| again).map(|request| link("/confirm", Some(request)));
    Ok(LoginPage { again, other, ..page(state, visitor, email, Some(alert)) })
}

/// The form for somebody who is signed in: by password, or by a mailed code where the account has none.
pub(super) async fn once_more(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    session: &Session,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let by_mail = again::by_mail(state, session).await?.then(|| visitor.way("/login/again"));
    let other = visitor.request_id().map(|request| link("/confirm", Some(request)));
    let page = LoginPage { by_mail, other, again: true, ..page(state, visitor, &session.email, alert) };
    visitor.draw(state, status, &page)
}

/// The form, with an address that was typed or said already, and what happened before.
pub(super) fn draw(
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    email: &str,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    visitor.draw(state, status, &page(state, visitor, email, alert))
}

fn page(state: &State, visitor: &Visitor, email: &str, alert: Option<Alert>) -> LoginPage {
    let button = |provider: &Provider| Button {
        label: provider.label().to_owned(),
        href: visitor.way(&format!("/upstream/{}/start", provider.name())),
    };
    LoginPage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way("/login"),
        register: visitor.way("/register"),
        reset: visitor.way("/reset"),
        providers: state.upstream.providers().iter().map(button).collect(),
        again: false,
        by_mail: None,
        offers_code: false,
        other: None,
        email: email.chars().take(254).collect(),
        wrong: false,
    }
}
