//! What only the server knows of the account: where it is signed in, and whether it is to be deleted.

use super::session::Session;
use crate::error::{Error, Result};
use crate::http::{Door as _, Method};
use kinfolio_protocol::DeviceId;
use kinfolio_protocol::json::SignInItem;

/// One place where the account is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSignIn {
    /// Its id, hex.
    pub id: String,
    /// What its person called it on the account page. Names of the family's devices are sealed: find them by `device`.
    pub name: Option<String>,
    /// Whether it is this phone.
    pub current: bool,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// The day (UTC) on which it was last used: its begin, milliseconds since 1970.
    pub last_used_ms: i64,
    /// When it ends unless it is used before, milliseconds since 1970.
    pub ends_ms: i64,
    /// `android`, `ios`, `linux`, `macos` or `windows`, if the app said so.
    pub platform: Option<String>,
    /// The app's version, likewise.
    pub app_version: Option<String>,
    /// The coarse network that it last came from, such as `203.0.113.0/24`.
    pub network: Option<String>,
    /// Which device of a family it has proved to be.
    pub device: Option<[u8; 16]>,
}

pub(super) async fn sign_ins(session: &Session) -> Result<Vec<AccountSignIn>> {
    let reply = session.send(Method::Get, "/api/v1/sign-ins", vec![], vec![]).await?.ok()?;
    let items: Vec<SignInItem> = serde_json::from_slice(&reply.body).map_err(|_| Error::UpdateApp)?;
    let item = |item: SignInItem| {
        let device = item.devices.first().map(|id| id.parse::<DeviceId>()).transpose();
        Ok(AccountSignIn {
            id: item.sign_in,
            name: item.name,
            current: item.current,
            created_ms: item.created_ms,
            last_used_ms: item.last_used_ms,
            ends_ms: item.ends_ms,
            platform: item.platform,
            app_version: item.app_version,
            network: item.network,
            device: device.map_err(|_| Error::UpdateApp)?.map(|id| id.0),
        })
    };
    items.into_iter().map(item).collect()
}

pub(super) async fn end_sign_in(session: &Session, sign_in: &str) -> Result<()> {
    if sign_in.len() != 32 || !sign_in.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::NotFound("sign-in"));
    }
    delete(session, &format!("/api/v1/sign-ins/{sign_in}"), "sign-in").await
}

pub(super) async fn keep_account(session: &Session) -> Result<()> {
    delete(session, "/api/v1/me/deletion", "deletion").await
}

async fn delete(session: &Session, path: &str, what: &'static str) -> Result<()> {
    let reply = session.send(Method::Delete, path, vec![], vec![]).await?;
    match reply.status {
        404 => Err(Error::NotFound(what)),
        _ => reply.ok().map(|_| ()),
    }
}
