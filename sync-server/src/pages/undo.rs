//! The page behind a link in a mail that takes something back. Looking at it changes nothing: mail scanners look, too.

use askama::Template;
use axum::extract::{RawQuery, State as AxumState};
use axum::http::StatusCode;
use axum::response::Response;
use zeroize::Zeroizing;

use super::form::Posted;
use super::render::{Alert, Frame};
use super::{PageFault, Visitor};
use crate::accounts::undo_links::{self, Found, Undo};
use crate::accounts::{address_change, deletion, two_step_removal};
use crate::mail::{self, texts};
use crate::oauth::params::Params;
use crate::state::State;

#[derive(Template)]
#[template(path = "undo.html")]
struct UndoPage {
    frame: Frame,
    /// None: the link is over, or what it was for is done.
    asks: Option<Asks>,
    done: Option<Done>,
}

/// What was taken back just now.
struct Done {
    undo: Undo,
    /// The address that the account has by now.
    email: String,
}

impl Done {
    fn head(&self) -> &'static str {
        match self.undo {
            Undo::Address => "Your address is put back",
            Undo::TwoStep => "Two-step sign-in stays on",
            Undo::TwoStepOn => "Two-step sign-in is off",
            Undo::Deletion => "Your account is kept",
        }
    }
}

struct Asks {
    key: Zeroizing<String>,
    undo: Undo,
    /// The address to go back to.
    before: String,
    email: String,
}

impl Asks {
    /// The question, and its button.
    fn words(&self) -> (&'static str, &'static str) {
        match self.undo {
            Undo::Address => ("Put the old address back?", "Put the address back"),
            Undo::TwoStep => ("Keep two-step sign-in?", "Keep two-step sign-in"),
            Undo::TwoStepOn => ("Take two-step sign-in off?", "Take it off"),
            Undo::Deletion => ("Keep your account?", "Keep the account"),
        }
    }
}

/// `GET /undo?key=…`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let query = query.and_then(|query| Params::parse(query.as_bytes()));
    let key = Zeroizing::new(query.map(|query| query.field("key").to_owned()).unwrap_or_default());
    let Some(found) = find(&state, &key).await? else { return over(&state, &visitor) };
    let before = found.before.unwrap_or_default();
    let asks = Some(Asks { key, undo: found.undo, before, email: found.email });
    let frame = Frame::form(&state, &visitor, None);
    visitor.draw(&state, StatusCode::OK, &UndoPage { frame, asks, done: None })
}

/// `POST /undo`: says what is done, and what is left to do. Somebody else may know the password there is.
pub(crate) async fn take_back(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let Posted { visitor, form, address: _ } = posted;
    let key = Zeroizing::new(form.field("key").to_owned());
    let Some(link) = find(&state, &key).await? else { return over(&state, &visitor) };
    let Found { user, undo, .. } = link;
    let email = link.before.unwrap_or(link.email);
    let (now, mail_id, this) = (state.clock.now_us(), state.random.make(), state.clone());
    let done = state
        .store
        .account(move |tx| {
            // Another link of the account may have been used meanwhile, and this one ended with it.
            tx.lock(&user)?;
            let Some(found) = undo_links::find(tx, &key, now)? else { return Ok(false) };
            let done = match (found.undo, &found.before) {
                (Undo::Address, Some(before)) => {
                    address_change::put_back(tx, &found, before, this.origin.host(), mail_id, now)?
                }
                (Undo::Address, None) => false,
                (Undo::TwoStep, _) => two_step_removal::stop(tx, found.user, now)?,
                (Undo::TwoStepOn, _) => two_step_removal::undo(tx, found.user, now)?,
                (Undo::Deletion, _) => deletion::stop(tx, found.user, now)?,
            };
            if done {
                undo_links::spend(tx, &key)?;
                if found.undo == Undo::TwoStepOn {
                    let text = texts::two_step_off(this.origin.host(), now);
                    mail::enqueue(tx, mail_id, &found.email, &text, now)?;
                }
            }
            Ok(done)
        })
        .await?;
    state.mail.wake();
    if !done {
        return over(&state, &visitor);
    }
    let frame = Frame::form(&state, &visitor, None);
    let page = UndoPage { frame, asks: None, done: Some(Done { undo, email }) };
    visitor.draw(&state, StatusCode::OK, &page)
}

async fn find(state: &State, key: &str) -> Result<Option<Found>, PageFault> {
    let (key, now) = (Zeroizing::new(key.to_owned()), state.clock.now_us());
    Ok(state.store.account_read(move |tx| undo_links::find(tx, &key, now)).await?)
}

fn over(state: &State, visitor: &Visitor) -> Result<Response, PageFault> {
    let text = "If you used it just now, it is done. Or its time is over, or the address has another account by now. It changes nothing more.";
    let frame = Frame::form(state, visitor, Some(Alert::new("This link does not work any more", text)));
    visitor.draw(state, StatusCode::GONE, &UndoPage { frame, asks: None, done: None })
}
