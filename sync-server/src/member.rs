//! Who asks for a family's data: bearer token -> account -> member -> enrolled device and its role.
//!
//! A token alone is not enough (keys.md 3). [`Member`] is a sign-in bound to an enrolled device, and every route
//! takes it but the few that [`OwnAccount`] may reach: an unbound sign-in of a member's own account gets 403,
//! everybody else 404, the same bytes as for a family that does not exist.
//!
//! # Errors
//! A member's transactions answer with those two, with what they themselves refuse, and with the store's
//! ([`crate::store`]).

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::{DeviceId, FamilyId, MemberId, SpaceId};

use crate::accounts::{Bearer, bindings, resolve_bearer};
use crate::body::Params;
use crate::error::ApiError;
use crate::log::members;
use crate::state::State;
use crate::store::{Result, Tx};

/// An enrolled device, checked in the same transaction as what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// The family.
    pub family: FamilyId,
    /// The device that this sign-in proved to be.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// What it may do.
    pub role: Role,
}

impl Enrolled {
    /// A parent's device goes on; for a share's device this does not exist.
    ///
    /// # Errors
    /// 404 as said.
    pub fn parent(&self) -> Result<()> {
        match self.role {
            Role::Parent => Ok(()),
            Role::Share(_) => Err(ApiError::not_found()),
        }
    }

    /// Whether this device may read a space that exists.
    pub fn reads(&self, space: SpaceId) -> bool {
        match self.role {
            Role::Parent => true,
            Role::Share(mine) => mine == space,
        }
    }
}

/// An account that is, or was, a member of the family of the path; bound to a device or not.
pub struct OwnAccount {
    /// Account and sign-in.
    pub bearer: Bearer,
    /// The family of the path.
    pub family: FamilyId,
    /// What every route shares.
    pub state: State,
    members: Vec<MemberId>,
    bound: Option<DeviceId>,
}

/// A sign-in bound to a device. Whether the device is still enrolled is asked in each transaction.
pub struct Member(OwnAccount);

impl FromRequestParts<State> for OwnAccount {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, ApiError> {
        let Ok(params) = Params::from_request_parts(parts, state).await;
        let Ok(family) = params.id("family") else {
            // Whoever shows no token hears that first.
            Bearer::from_request_parts(parts, state).await?;
            return Err(ApiError::not_found());
        };
        let read = move |tx: &mut Tx<'_>, bearer| place(tx, bearer, family);
        let (bearer, place) = resolve_bearer(state, &parts.headers, read).await?;
        Self::at(state, bearer, family, place)
    }
}

impl FromRequestParts<State> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, ApiError> {
        OwnAccount::from_request_parts(parts, state).await?.bound().await
    }
}

impl OwnAccount {
    /// The account's place in a family, or 404.
    ///
    /// # Errors
    /// 404 as said; the store's ([`crate::store`]).
    pub async fn of(state: &State, bearer: Bearer, family: FamilyId) -> Result<Self> {
        let place = state.store.account_read(move |tx| place(tx, bearer, family)).await?;
        Self::at(state, bearer, family, place)
    }

    fn at(
        state: &State,
        bearer: Bearer,
        family: FamilyId,
        (members, bound): (Vec<MemberId>, Option<DeviceId>),
    ) -> Result<Self> {
        if members.is_empty() {
            return Err(ApiError::not_found());
        }
        Ok(Self { bearer, family, state: state.clone(), members, bound })
    }

    /// The same, bound to a device: else 403 to a member's own account, 404 to everybody else.
    ///
    /// # Errors
    /// 403 and 404 as said; the store's ([`crate::store`]).
    pub async fn bound(self) -> Result<Member> {
        if self.bound.is_none() {
            self.read(|_, _| Ok(())).await?;
            return Err(ApiError::not_enrolled());
        }
        Ok(Member(self))
    }

    /// A reading transaction for a member's own account, with the device if it is bound to an enrolled one.
    ///
    /// # Errors
    /// 404 to whoever is no member now; `f`'s and the store's ([`crate::store`]).
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, Option<&Enrolled>) -> Result<T> + Send + 'static,
    {
        let seat = self.seat();
        let run = move |tx: &mut Tx<'_>| {
            let device = seat.take(tx)?;
            f(tx, device.as_ref())
        };
        self.state.store.family_read(self.family, run).await
    }

    /// A reading transaction for a parent's own account, bound or not: the phones may all be lost. A share's is 404.
    /// It is told every parent of the family.
    ///
    /// # Errors
    /// 404 to whoever is no parent now; `f`'s and the store's ([`crate::store`]).
    pub async fn read_as_parent<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, Option<&Enrolled>, BTreeSet<MemberId>) -> Result<T> + Send + 'static,
    {
        let (family, members) = (self.family, self.members.clone());
        self.read(move |tx, device| {
            let devices = tx.query(
                "SELECT member_id, share_id FROM member JOIN device USING (family_id, member_id)
                  WHERE family_id = $1 AND member.removed IS NULL",
                &[family.0.into()],
            )?;
            let mut parents = BTreeSet::new();
            for row in devices {
                if row.opt_id(1)?.is_none() {
                    parents.insert(MemberId(row.id(0)?));
                }
            }
            match parents.iter().any(|parent| members.contains(parent)) {
                true => f(tx, device, parents),
                false => Err(ApiError::not_found()),
            }
        })
        .await
    }

    /// A writing transaction for a member's own account, with the device if it is bound to an enrolled one.
    ///
    /// # Errors
    /// 404 to whoever is no member now; `f`'s and the store's ([`crate::store`]).
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, Option<&Enrolled>) -> Result<T> + Send + 'static,
    {
        let seat = self.seat();
        let run = move |tx: &mut Tx<'_>| {
            let device = seat.take(tx)?;
            f(tx, device.as_ref())
        };
        self.state.store.family(self.family, run).await
    }

    fn seat(&self) -> Seat {
        Seat { family: self.family, members: self.members.clone(), bound: self.bound }
    }
}

impl Member {
    /// The family of the path.
    pub fn family(&self) -> FamilyId {
        self.0.family
    }

    /// Takes so many records off what this sign-in may move a minute, or says 429 and how long to wait.
    ///
    /// # Errors
    /// 429 as said.
    pub fn spend(&self, records: usize) -> Result<()> {
        self.0.state.limits.take_records(self.0.bearer.sign_in.0, records)
    }

    /// What every route shares.
    pub fn state(&self) -> &State {
        &self.0.state
    }

    /// A reading transaction.
    ///
    /// # Errors
    /// 403 `device_not_enrolled` when the device is not enrolled now; [`OwnAccount::read`]'s.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Enrolled) -> Result<T> + Send + 'static,
    {
        self.0.read(move |tx, device| f(tx, device.ok_or_else(ApiError::not_enrolled)?)).await
    }

    /// A writing transaction.
    ///
    /// # Errors
    /// 403 `device_not_enrolled` when the device is not enrolled now; [`OwnAccount::write`]'s.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Enrolled) -> Result<T> + Send + 'static,
    {
        self.0.write(move |tx, device| f(tx, device.ok_or_else(ApiError::not_enrolled)?)).await
    }
}

/// The account's members in a family, and the device that the sign-in is bound to.
fn place(tx: &mut Tx<'_>, bearer: Bearer, family: FamilyId) -> Result<(Vec<MemberId>, Option<DeviceId>)> {
    let members = members::of_account(tx, bearer.account, family)?;
    Ok((members, bindings::of_family(tx, bearer.sign_in, family)?))
}

/// What the account plane says; the family plane decides whether it still holds.
struct Seat {
    family: FamilyId,
    members: Vec<MemberId>,
    bound: Option<DeviceId>,
}

impl Seat {
    /// The device, if it is enrolled now; nothing for a member without one; 404 for everybody else.
    fn take(&self, tx: &mut Tx<'_>) -> Result<Option<Enrolled>> {
        if let Some(device) = self.bound {
            let row = tx.query_one(
                "SELECT member_id, share_id FROM device
                  WHERE family_id = $1 AND device_id = $2 AND removed IS NULL",
                &[self.family.0.into(), device.0.into()],
            )?;
            if let Some(row) = row {
                let member = MemberId(row.id(0)?);
                let role = row.opt_id(1)?.map_or(Role::Parent, |share| Role::Share(SpaceId(share)));
                if self.members.contains(&member) {
                    return Ok(Some(Enrolled { family: self.family, device, member, role }));
                }
            }
        }
        for member in &self.members {
            let row = tx.query_one(
                "SELECT 1 FROM member WHERE family_id = $1 AND member_id = $2 AND removed IS NULL",
                &[self.family.0.into(), member.0.into()],
            )?;
            if row.is_some() {
                return Ok(None);
            }
        }
        Err(ApiError::not_found())
    }
}
