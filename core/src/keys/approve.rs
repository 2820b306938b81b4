//! The enrolled phone's side of joining: showing an invite, looking at who asks, adding the device.

use super::KeysClient;
use super::append::{NewDevice, Plan};
use super::code::{self, Code};
use super::link_queries::{self, LinkRow, Stage};
use super::own::Own;
use super::server::Server;
use crate::crypto::Secret32;
use crate::error::{Error, Result};
use crate::ids;
use kinfolio_protocol::link::{Invite, LinkKind, LinkRequest, LinkResponse, LinkState, Scan, Secret};
use kinfolio_protocol::log::{AddDevice, Role};
use kinfolio_protocol::{LinkId, MemberId, encode};

/// How long an invite shown in person lives, in seconds.
pub(super) const IN_PERSON_S: u64 = 60 * 60;
/// How long an invite sent as text lives, in seconds.
const FAR_AWAY_S: u64 = 48 * 60 * 60;

/// Who wants to join, as far as it can be known before saying yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskDetails {
    /// The link, for [`KeysClient::approve`].
    pub link: [u8; 16],
    /// What the new phone calls itself.
    pub device_name: String,
    /// The address that the new phone is signed in with, as the server says.
    pub email: Option<String>,
    /// The name of the family's member whose account it is; `None` for somebody new.
    pub member: Option<String>,
    /// Length of the membership log at this look; an approval holds only as long as no device was added since.
    pub looked_at: u64,
}

impl KeysClient {
    /// Opens a link and gives the code to show. `far_away`: to be sent as text, 48 hours instead of one.
    ///
    /// # Errors
    /// [`Error::NotEnrolled`] before sync is turned on, [`Error::Offline`], [`Error::HistoryDiffers`].
    pub async fn invite(&self, far_away: bool) -> Result<Code> {
        let _one = self.busy.lock().await;
        self.step().await?;
        let own = self.context.storage.read(Own::load)?;
        let server = self.server(&own)?;
        let issuer = own.issuer.clone().ok_or(Error::NotEnrolled)?;
        let secret = Secret32::make(&*self.context.random);
        let seconds = if far_away { FAR_AWAY_S } else { IN_PERSON_S };
        let (now_ms, expires_ms) = self.span(seconds);
        let row = LinkRow {
            link: code::link_id(&secret),
            kind: LinkKind::Invite,
            secret: secret.clone(),
            issuer: issuer.clone(),
            family: Some(own.family),
            expires_ms,
            stage: Stage::Begun,
            post: None,
            joining: None,
        };
        self.context.storage.write(|tx| {
            link_queries::sweep(tx, now_ms)?;
            link_queries::save(tx, &row)
        })?;
        let request =
            LinkRequest { kind: LinkKind::Invite, family: Some(own.family), expires_s: seconds, post: None };
        if let Err(error) = server.open_link(row.link, &request).await {
            if error != Error::NotEnrolled {
                return Err(error);
            }
            self.bind_own(&server, &own).await?;
            server.open_link(row.link, &request).await?;
        }
        let payload = encode(&Scan::Invite(Invite {
            issuer: issuer.clone(),
            family: own.family,
            secret: Secret(*secret.bytes()),
            expires: u64::try_from(expires_ms / 1000).unwrap_or_default(),
        }));
        let svg = code::svg(&payload)?;
        let text = Some(code::text(&secret, &issuer));
        Ok(Code { link: row.link.0, payload, svg, text, expires_ms })
    }

    /// Looks at who answers a link that this phone showed or scanned; `None` while nobody has.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the keys there do not belong to the code (somebody in between),
    /// [`Error::NotFound`] for a link that is over, [`Error::Offline`].
    pub async fn pending(&self, link: [u8; 16]) -> Result<Option<AskDetails>> {
        let _one = self.busy.lock().await;
        let log = self.step().await?;
        let own = self.context.storage.read(Own::load)?;
        let row = self.context.storage.read(|tx| link_queries::link(tx, LinkId(link)))?;
        if row.joining.is_some() {
            return Err(Error::invalid("this code is for joining, not for approving"));
        }
        let server = self.server(&own)?;
        let reply = self.linked(&server, &own, row.link).await?;
        let LinkResponse { state, post, email, member, .. } = reply;
        match (state, post) {
            (LinkState::Open, _) => Ok(None),
            (LinkState::Posted, Some(post)) => {
                let device_name = code::check_post(&row.secret, row.family, &post)?;
                // An ask's code holds the keys themselves: the camera, not the server, says which.
                if row.kind == LinkKind::Ask
                    && row.post.as_ref().is_none_or(|shown| {
                        (shown.device, shown.kem_pk, shown.sign_pk)
                            != (post.device, post.kem_pk, post.sign_pk)
                    })
                {
                    return Err(Error::Sealed("the new phone's keys are not those of its code: start over"));
                }
                let keyring = self.opened_keyring(&log)?;
                let member = member.map(|member| keyring.members.get(&member).cloned().unwrap_or_default());
                let row = LinkRow { post: Some(post), stage: Stage::Posted, ..row };
                self.context.storage.write(|tx| link_queries::save(tx, &row))?;
                Ok(Some(AskDetails { link, device_name, email, member, looked_at: log.length() }))
            }
            (LinkState::Posted, None) => Err(Error::Sealed("the server's answer is malformed")),
            (LinkState::Joined | LinkState::Expired, _) => Err(Error::NotFound("open code")),
        }
    }

    /// Adds the device that was looked at, as a parent's: appends to the log, with a grant that only the holder of
    /// the code's secret can open. Call after the person confirmed with biometric or PIN. Safe to call again after
    /// [`Error::Offline`], a killed process included.
    ///
    /// `member_name` is what the keyring calls a new member ("Ann"); a known member keeps their name.
    ///
    /// # Errors
    /// [`Error::Refused`] with `confirm_again` when a device was added since the look, [`Error::NotFound`] for a
    /// link that nobody answered or that is over, [`Error::Offline`], [`Error::HistoryDiffers`].
    pub async fn approve(&self, details: &AskDetails, member_name: &str) -> Result<()> {
        let _one = self.busy.lock().await;
        let link = LinkId(details.link);
        // What was sent before and not answered may be this very approval.
        self.settle().await?;
        let row = self.context.storage.read(|tx| link_queries::link(tx, link))?;
        if row.stage == Stage::Done {
            return Ok(());
        }
        let post = row.post.filter(|_| row.stage == Stage::Posted).ok_or(Error::NotFound("answer"))?;
        let name = code::check_post(&row.secret, row.family, &post)?;
        let own = self.context.storage.read(Own::load)?;
        let server = self.server(&own)?;
        // Whose account it is stands in the server's table only: a known member keeps their id in the log.
        let reply = self.linked(&server, &own, link).await?;
        let member = reply.member.unwrap_or_else(|| MemberId(ids::make(&*self.context.random)));
        let plan = Plan::Add(Box::new(NewDevice {
            link,
            psk: code::psk(&row.secret),
            add: AddDevice {
                device: post.device,
                member,
                role: Role::Parent,
                kem_pk: post.kem_pk,
                sign_pk: post.sign_pk,
            },
            name,
            member_name: member_name.trim().to_owned(),
            how: match row.kind {
                LinkKind::Invite => "invite",
                LinkKind::Ask => "ask",
            },
            looked_at: details.looked_at,
        }));
        self.append(&plan).await
    }

    /// Now, and the end of a span from now, both in milliseconds since 1970.
    pub(super) fn span(&self, seconds: u64) -> (i64, i64) {
        let now_ms = self.context.clock.now_ms();
        (now_ms, now_ms.saturating_add(i64::try_from(seconds * 1000).unwrap_or(i64::MAX)))
    }

    /// Looks at a link. The server tells who posted to a bound device only: binds once when it keeps that back.
    async fn linked(&self, server: &Server<'_>, own: &Own, link: LinkId) -> Result<LinkResponse> {
        let reply = super::join::linked(server, link).await?;
        if reply.state == LinkState::Posted && (reply.post.is_none() || reply.email.is_none()) {
            self.bind_own(server, own).await?;
            return super::join::linked(server, link).await;
        }
        Ok(reply)
    }

    /// Takes in an ask's code that this enrolled phone scanned.
    pub(super) fn scan_ask(&self, ask: kinfolio_protocol::link::Ask) -> Result<LinkId> {
        let own = self.context.storage.read(Own::load)?;
        if own.issuer.as_deref() != Some(ask.issuer.as_str()) {
            return Err(Error::invalid("the new phone is signed in to another server than this family's"));
        }
        let secret = Secret32::from_bytes(ask.secret.0);
        let (now_ms, expires_ms) = self.span(IN_PERSON_S);
        let shown = kinfolio_protocol::link::LinkPost {
            device: ask.device,
            kem_pk: ask.kem_pk,
            sign_pk: ask.sign_pk,
            sealed_name: vec![],
            mac: [0; 32],
        };
        let row = LinkRow {
            link: code::link_id(&secret),
            kind: LinkKind::Ask,
            secret,
            issuer: ask.issuer.clone(),
            family: None,
            expires_ms,
            stage: Stage::Begun,
            post: Some(shown),
            joining: None,
        };
        self.context.storage.write(|tx| {
            link_queries::sweep(tx, now_ms)?;
            link_queries::save(tx, &row)
        })?;
        Ok(row.link)
    }
}
