//! The account's own pages: what there is, and the ways to change it. Changes ask for a fresh sign-in.

mod activity;
mod address;
mod data;
mod delete;
mod devices;
mod linked;
mod password;
mod two_step;

pub(crate) use activity::show as show_activity;
pub(crate) use address::change as change_address;
pub(crate) use data::{file as data_file, show as show_data};
pub(crate) use delete::{ask as ask_delete, begin as begin_delete, keep as keep_account};
pub(crate) use devices::{
    ask as ask_device, end_browsers, rename as rename_device, show as show_devices,
    sign_out as sign_out_device,
};
pub(super) use linked::refuse as refuse_link;
pub(crate) use linked::{ask_link, ask_unlink, link, show as show_linked, unlink};
pub(crate) use password::{
    CHANGED, change as change_password, changed as password_changed, end_phones, show as show_password,
};
pub(crate) use two_step::{
    ask_off as ask_two_step_off, begin as begin_two_step, confirm as confirm_two_step, keep as keep_two_step,
    make_codes, off as two_step_off, offer as offer_two_step, show as show_two_step,
};

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;

use super::next::Next;
use super::render::Frame;
use super::{PageFault, Visitor};
use crate::accounts::sessions::{self, Session};
use crate::accounts::{self, backup_codes, deletion, sign_ins, two_step_removal, users};
use crate::clock;
use crate::state::State;
use crate::store::{Result as StoreResult, Tx};

#[derive(Template)]
#[template(path = "account/overview.html")]
struct OverviewPage {
    frame: Frame,
    email: String,
    password: Option<String>,
    two_step: Option<i64>,
    devices: usize,
    /// When the account is to be deleted.
    deleted_on: Option<String>,
    /// That it is not to be any more.
    kept: bool,
    /// When two-step sign-in is to come off.
    off_on: Option<String>,
    /// Names of linked services; None: this server knows none, and nothing is linked.
    linked: Option<String>,
}

/// `GET /account`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(&state, Next::Account).await?;
    draw(&state, &visitor, session, false).await
}

/// `kept`: its deletion was stopped just now.
async fn draw(state: &State, visitor: &Visitor, session: Session, kept: bool) -> Result<Response, PageFault> {
    let (user, now) = (session.user, state.clock.now_us());
    let (set_at, left, devices, due_at, off_at, links) = state
        .store
        .account_read(move |tx| {
            Ok((
                users::password_set_at(tx, user)?,
                backup_codes::left(tx, user)?,
                sign_ins::live(tx, user, now)?.len(),
                deletion::due_at(tx, user)?,
                two_step_removal::due_at(tx, user)?,
                accounts::linked::of_user(tx, user)?,
            ))
        })
        .await?;
    let template = OverviewPage {
        frame: Frame::form(state, visitor, None),
        email: session.email,
        password: set_at.map(clock::day),
        two_step: session.two_step.then_some(left),
        devices,
        deleted_on: due_at.map(clock::day),
        kept,
        off_on: off_at.map(clock::utc),
        linked: linked::names(state, &links),
    };
    visitor.draw(state, StatusCode::OK, &template)
}

/// Changes the account of a session, which was fresh when it was looked at, if that is still there. If not, somebody has just
/// ended it, as by a new password: nothing changes, and the way leads to signing in.
async fn change<T: Send + 'static>(
    state: &State,
    session: Session,
    next: Next,
    work: impl Fn(&mut Tx<'_>, &Session) -> StoreResult<T> + Send + 'static,
) -> Result<T, PageFault> {
    let now = state.clock.now_us();
    let changed = state
        .store
        .account(move |tx| {
            let live = sessions::hold(tx, &session, now)?;
            live.then(|| work(tx, &session)).transpose()
        })
        .await?;
    changed.ok_or_else(|| PageFault::go(&next.by_login()))
}
