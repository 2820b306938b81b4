//! Typing the code from the mail, in the browser that asked for it: for a new account, a new password, a new address, or
//! before a password where too many wrong ones were typed.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::fault::waiting;
use super::form::Posted;
use super::next::Next;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor, account, again as again_room, code_mail, redirect, upstream};
use crate::accounts::email_codes::{self, Pending, Purpose, Typed};
use crate::accounts::renewal::Renewal;
use crate::accounts::sessions::Session;
use crate::error::ApiError;
use crate::state::State;

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    action: String,
    again: String,
    /// Where another address is typed, unless it is the account's own that counts.
    other: Option<String>,
    email: String,
    /// How many the code has.
    digits: i64,
    /// What was typed was wrong, and not only too often asked for.
    wrong: bool,
    /// Whether it comes before a password, and so needs a word why.
    to_sign_in: bool,
}

/// Where the pages of one purpose are.
pub(super) struct Ways {
    /// Where the address is typed.
    pub(super) ask: &'static str,
    /// Where the code is typed.
    pub(super) code: &'static str,
    /// Where another code is asked for.
    again: &'static str,
    /// Where the right code leads.
    pub(super) then: &'static str,
}

pub(super) const fn ways(purpose: Purpose) -> Ways {
    match purpose {
        Purpose::Register => Ways {
            ask: "/register",
            code: "/register/code",
            again: "/register/code/new",
            then: "/register/password",
        },
        Purpose::Linked => Ways {
            ask: "/register/linked",
            code: "/register/linked/code",
            again: "/register/linked/code/new",
            then: "/register/linked/account",
        },
        Purpose::SignIn => {
            Ways { ask: "/login", code: "/login/code", again: "/login/code/new", then: "/login" }
        }
        Purpose::Reset => {
            Ways { ask: "/reset", code: "/reset/code", again: "/reset/code/new", then: "/reset/password" }
        }
        Purpose::Address => Ways {
            ask: "/account/email",
            code: "/account/email/code",
            again: "/account/email/code/new",
            then: "/account",
        },
        Purpose::Again => Ways {
            ask: "/login",
            code: "/login/again/code",
            again: "/login/again/code/new",
            then: "/account",
        },
    }
}

/// Lets in whose page it is: anybody on the way to signing in, who just came from another service, to change the address
/// who signed in just now, or who is to show once more who they are.
pub(super) async fn admit(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
) -> Result<Option<Session>, PageFault> {
    if purpose == Purpose::Address {
        return visitor.fresh(state, Next::Email).await.map(Some);
    }
    visitor.request(state).await?;
    if purpose == Purpose::Again {
        return again_room::admit(state, visitor).await.map(Some);
    }
    if purpose == Purpose::Linked {
        upstream::newcomer(state, visitor).await?;
    }
    Ok(None)
}

/// `GET …/code`.
pub(crate) async fn show(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    admit(purpose, &state, &visitor).await?;
    match pending(purpose, &state, &visitor).await? {
        Some(pending) => draw(purpose, &state, &visitor, StatusCode::OK, pending, None),
        None => Ok(redirect(&visitor.way(ways(purpose).ask))),
    }
}

/// `POST …/code`: spaces are welcome.
pub(crate) async fn enter(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address } = posted;
    let session = admit(purpose, &state, &visitor).await?;
    // With a session, what a right code does is done at once.
    let renewal = session.is_none().then(|| visitor.renewal());
    match (try_typed(purpose, &state, &visitor, form.field("code"), renewal).await?, session) {
        (None, Some(session)) if purpose == Purpose::Again => {
            again_room::enter_shown(&state, &visitor, session, address).await
        }
        (None, Some(session)) => account::change_address(&state, &visitor, session).await,
        (None, None) => Ok(visitor.renew(&state, redirect(&visitor.way(ways(purpose).then)))),
        (Some(alert), _) => match pending(purpose, &state, &visitor).await? {
            Some(pending) => {
                draw(purpose, &state, &visitor, StatusCode::UNPROCESSABLE_ENTITY, pending, Some(alert))
            }
            None if purpose == Purpose::Again => Ok(redirect(&visitor.way(ways(purpose).ask))),
            // Sent twice, perhaps, and right the first time: on to what follows, which leads back if that is not so.
            None => Ok(redirect(&visitor.way(ways(purpose).then))),
        },
    }
}

/// Takes one try with what was typed. None: it was right, and what the browser has is carried over if `renewal` says so.
async fn try_typed(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
    typed: &str,
    renewal: Option<Renewal>,
) -> Result<Option<Alert>, ApiError> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).collect();
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    let this = state.clone();
    let outcome = state
        .store
        .account(move |tx| {
            let outcome = email_codes::try_code(tx, &this.secrets, purpose, browser, &typed, now)?;
            if let (Typed::Right, Some(renewal)) = (outcome, renewal) {
                renewal.carry(tx)?;
            }
            Ok(outcome)
        })
        .await?;
    Ok(match outcome {
        Typed::Right => None,
        Typed::Wrong(1) => Some(Alert::new("That code did not match", "You have 1 try left.")),
        Typed::Wrong(left) => {
            Some(Alert::new("That code did not match", &format!("You have {left} tries left.")))
        }
        Typed::Over => Some(Alert::new(
            "This code no longer works",
            "Codes work for 10 minutes and 5 tries. Choose “Send a new code” and use the newest mail.",
        )),
    })
}

/// `POST …/code/new`: another code to the same address.
pub(crate) async fn again(
    purpose: Purpose,
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form: _, address } = posted;
    admit(purpose, &state, &visitor).await?;
    let Some(pending) = pending(purpose, &state, &visitor).await? else {
        return Ok(redirect(&visitor.way(ways(purpose).code)));
    };
    match code_mail::send(&state, &visitor, purpose, address, pending.email.clone()).await? {
        None => Ok(redirect(&visitor.way(ways(purpose).code))),
        Some(seconds) => {
            let text = "Type the one that you have. Each works for 10 minutes.";
            let alert = Alert::no_more_codes(seconds, text);
            let status = StatusCode::TOO_MANY_REQUESTS;
            Ok(waiting(draw(purpose, &state, &visitor, status, pending, Some(alert))?, seconds))
        }
    }
}

async fn pending(purpose: Purpose, state: &State, visitor: &Visitor) -> Result<Option<Pending>, ApiError> {
    let browser = visitor.browser_hash();
    state.store.account_read(move |tx| email_codes::pending(tx, purpose, browser)).await
}

/// Whether this browser was sent to typing a code.
pub(super) async fn waits_for_code(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
) -> Result<bool, ApiError> {
    Ok(pending(purpose, state, visitor).await?.is_some())
}

/// The code that this browser typed right, while that counts.
pub(super) async fn verified(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
) -> Result<Option<Pending>, ApiError> {
    let (browser, now) = (visitor.browser_hash(), state.clock.now_us());
    state.store.account_read(move |tx| email_codes::verified(tx, purpose, browser, now)).await
}

fn draw(
    purpose: Purpose,
    state: &State,
    visitor: &Visitor,
    status: StatusCode,
    pending: Pending,
    alert: Option<Alert>,
) -> Result<Response, PageFault> {
    let ways = ways(purpose);
    let wrong = alert.is_some() && status != StatusCode::TOO_MANY_REQUESTS;
    let template = CodePage {
        frame: Frame::form(state, visitor, alert),
        action: visitor.way(ways.code),
        again: visitor.way(ways.again),
        other: (purpose != Purpose::Again).then(|| visitor.way(ways.ask)),
        email: pending.email,
        digits: pending.digits,
        wrong,
        to_sign_in: purpose == Purpose::SignIn,
    };
    visitor.draw(state, status, &template)
}
