//! Phones and computers that are signed in: names, and signing them out at once.

use askama::Template;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::Response;
use kinfolio_protocol::SignInId;

use crate::accounts::sign_ins::{self, SignIn};
use crate::accounts::{seen, sessions};
use crate::audit::{self, Event};
use crate::body::Params;
use crate::clock::{self, DAY_US};
use crate::error::ApiError;
use crate::hex::hex;
use crate::oauth::clients::Client;
use crate::oauth::params::Params as Form;
use crate::pages::form::Posted;
use crate::pages::next::Next;
use crate::pages::render::Frame;
use crate::pages::{PageFault, Visitor, redirect};
use crate::state::State;
use crate::store::{Result as StoreResult, Tx};

/// A sign-in, as the pages of the account show it.
pub(super) struct Device {
    pub(super) id: String,
    pub(super) name: String,
    /// `phone` or `computer`.
    pub(super) kind: &'static str,
    pub(super) used: String,
    pub(super) since: String,
    pub(super) enrolled: bool,
    /// The day since when the account is in its family; empty outside one.
    pub(super) in_family: String,
    /// App and platform, and where it came from last; empty when nothing is known.
    pub(super) about: String,
}

impl Device {
    pub(super) fn of(sign_in: &SignIn, now_us: i64) -> Self {
        let kind = Client::by_id(&sign_in.client_id, true).map_or("phone", Client::device_word);
        let nameless = if kind == "phone" { "Phone without a name" } else { "Computer without a name" };
        Self {
            id: hex(&sign_in.id),
            name: sign_in.name.clone().unwrap_or_else(|| nameless.to_owned()),
            kind,
            used: used(now_us - sign_in.last_used_us),
            since: clock::day(sign_in.created_us),
            enrolled: sign_in.enrolled,
            in_family: sign_in.in_family_us.map(clock::day).unwrap_or_default(),
            about: about(sign_in),
        }
    }
}

/// Signs out the devices whose tick was set.
pub(super) fn end_ticked(
    tx: &mut Tx<'_>,
    user: [u8; 16],
    form: &Form,
    reason: &'static str,
    now_us: i64,
) -> StoreResult<()> {
    for sign_in in sign_ins::live(tx, user, now_us)? {
        if form.field(&format!("out-{}", hex(&sign_in.id))) == "yes" {
            sign_ins::revoke(tx, sign_in.id, Some(user), reason, now_us)?;
        }
    }
    Ok(())
}

/// Such as "Kinfolio 0.1.0 on Android, last from network 203.0.113.0/24".
fn about(sign_in: &SignIn) -> String {
    let app = sign_in.app_version.as_ref().map(|version| format!("Kinfolio {version}"));
    let platform = sign_in.platform.as_deref().and_then(seen::platform_name);
    let app = match (app, platform) {
        (Some(app), Some(platform)) => Some(format!("{app} on {platform}")),
        (app, platform) => app.or_else(|| platform.map(str::to_owned)),
    };
    let network = sign_in.network.as_ref().map(|network| format!("last from network {network}"));
    app.into_iter().chain(network).collect::<Vec<_>>().join(", ")
}

/// How many days ago, by a time that says the day only, and more coarsely the longer it is.
fn used(ago_us: i64) -> String {
    match ago_us / DAY_US {
        ..1 => "Used today".to_owned(),
        1..7 => "Used in the last week".to_owned(),
        7..31 => "Used in the last month".to_owned(),
        31..60 => "Used a month ago".to_owned(),
        days => format!("Used {} months ago", days / 30),
    }
}

#[derive(Template)]
#[template(path = "account/devices.html")]
struct DevicesPage {
    frame: Frame,
    others: i64,
    devices: Vec<Device>,
}

#[derive(Template)]
#[template(path = "account/device.html")]
struct DevicePage {
    frame: Frame,
    device: Device,
}

/// `GET /account/devices`.
pub(crate) async fn show(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
) -> Result<Response, PageFault> {
    let session = visitor.signed_in(&state, Next::Devices).await?;
    let (user, own, now) = (session.user, session.hash, state.clock.now_us());
    let (others, live) = state
        .store
        .account_read(move |tx| {
            Ok((sessions::count_others(tx, user, own, now)?, sign_ins::live(tx, user, now)?))
        })
        .await?;
    let devices = live.iter().map(|sign_in| Device::of(sign_in, now)).collect();
    let frame = Frame::form(&state, &visitor, None);
    visitor.draw(&state, StatusCode::OK, &DevicesPage { frame, others, devices })
}

/// `GET /account/devices/{id}`: asks before it signs out; also the place for another name.
pub(crate) async fn ask(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, PageFault> {
    let session = visitor.fresh(&state, Next::Devices).await?;
    let (id, now) = (parse(&params)?, state.clock.now_us());
    let live = state.store.account_read(move |tx| sign_ins::live(tx, session.user, now)).await?;
    let found = live.iter().find(|sign_in| sign_in.id == id).ok_or_else(ApiError::not_found)?;
    let frame = Frame::form(&state, &visitor, None);
    visitor.draw(&state, StatusCode::OK, &DevicePage { frame, device: Device::of(found, now) })
}

/// `POST /account/devices/{id}/name`.
pub(crate) async fn rename(
    AxumState(state): AxumState<State>,
    params: Params,
    posted: Posted,
) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Devices).await?;
    let (id, now) = (parse(&params)?, state.clock.now_us());
    let name = sign_ins::clean_name(posted.form.field("name"));
    if !name.is_empty() {
        let renamed = super::change(&state, session, Next::Devices, move |tx, of| {
            sign_ins::rename(tx, id, of.user, &name, now)
        });
        if !renamed.await? {
            return Err(ApiError::not_found().into());
        }
    }
    Ok(redirect(Next::Devices.path()))
}

/// `POST /account/devices/{id}/sign-out`: its tokens are dead with the next request. Another person's is like none, and like
/// one that is over.
pub(crate) async fn sign_out(
    AxumState(state): AxumState<State>,
    params: Params,
    posted: Posted,
) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Devices).await?;
    let (id, now) = (parse(&params)?, state.clock.now_us());
    let ended = super::change(&state, session, Next::Devices, move |tx, of| {
        sign_ins::revoke(tx, id, Some(of.user), "signed_out", now)
    });
    if ended.await? { Ok(redirect(Next::Devices.path())) } else { Err(ApiError::not_found().into()) }
}

/// `POST /account/devices/browsers`: signs out every browser but this one.
pub(crate) async fn end_browsers(
    AxumState(state): AxumState<State>,
    posted: Posted,
) -> Result<Response, PageFault> {
    let session = posted.visitor.fresh(&state, Next::Devices).await?;
    let now = state.clock.now_us();
    let end = super::change(&state, session, Next::Devices, move |tx, of| {
        if sessions::end_others(tx, of.user, of.hash)? > 0 {
            audit::record(tx, now, Event::LoggedOut, Some(of.user), None)?;
        }
        Ok(())
    });
    end.await?;
    Ok(redirect(Next::Devices.path()))
}

fn parse(params: &Params) -> Result<[u8; 16], ApiError> {
    params.id("id").map(|SignInId(id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_coarsely_when_it_was_used() {
        let said = |days: i64| used(days * DAY_US);
        assert_eq!((said(-1), said(0)), ("Used today".to_owned(), "Used today".to_owned()));
        assert_eq!(said(1), "Used in the last week");
        assert_eq!(said(30), "Used in the last month");
        assert_eq!(said(59), "Used a month ago");
        assert_eq!(said(150), "Used 5 months ago");
    }
}
