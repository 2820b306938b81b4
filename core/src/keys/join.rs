//! The new phone's side of joining: scan or ask, post the keys, verify everything, and only then take over.

use super::approve::IN_PERSON_S;
use super::code::{self as codes, Code};
use super::grant::{self, From, Granted};
use super::keyring::{self, Keyring};
use super::link_queries::{self, Joining, LinkRow, Stage};
use super::own::Own;
use super::queries;
use super::server::Server;
use super::update::newest_epoch;
use super::{KeysClient, bind};
use crate::crypto::hpke::KemKey;
use crate::crypto::sign::SignKey;
use crate::crypto::{Secret32, SpaceKey};
use crate::error::{Error, Result};
use crate::ids;
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels;
use kinfolio_protocol::link::{Ask, LinkKind, LinkRequest, LinkState, Scan, Secret};
use kinfolio_protocol::log::{Entry, Log, Role};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, encode};

/// What a code was, once it was scanned or typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// An invite: sign in to this server, then [`KeysClient::join_state`] goes on by itself.
    Invite {
        /// The server's address.
        server: String,
    },
    /// A new phone asks to join this family: look at it with [`KeysClient::pending`].
    Ask {
        /// The link.
        link: [u8; 16],
    },
}

/// How far joining has come on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinState {
    /// Nothing was scanned or asked.
    None,
    /// Sign in to this server first.
    SignIn {
        /// The server's address.
        server: String,
    },
    /// The enrolled phone has to say yes.
    Waiting,
    /// Added, and everything verified: ask the person with [`KeysClient::join_preview`], then
    /// [`KeysClient::complete_join`].
    Ready,
    /// The code's time is over: start anew.
    Expired,
}

/// A family that this phone was added to: verified from entry 1, keys checked, nothing taken over yet.
pub(super) struct Joined {
    pub row: LinkRow,
    pub joining: Joining,
    pub family: FamilyId,
    pub log: Log,
    pub entries: Vec<Entry>,
    pub sealed: Vec<u8>,
    pub keyring: Keyring,
    pub granted: Granted,
    /// Numbers of the grants that may go once all this is durable.
    pub grants: Vec<u64>,
}

impl KeysClient {
    /// Takes in what the camera saw. An invite is kept, so that signing in or registering can come after.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a stranger's code, one that is over, or when this phone already syncs a family.
    pub fn scan(&self, payload: &[u8]) -> Result<Scanned> {
        match codes::read(payload)? {
            Scan::Invite(invite) => {
                let expires_ms = i64::try_from(invite.expires.saturating_mul(1000)).unwrap_or(i64::MAX);
                let secret = Secret32::from_bytes(invite.secret.0);
                self.begin_join(secret, invite.issuer, Some(invite.family), expires_ms)
            }
            Scan::Ask(ask) => self.scan_ask(ask).map(|link| Scanned::Ask { link: link.0 }),
            Scan::Kit(_) => Err(Error::invalid("this is a recovery kit, not an invite")),
        }
    }

    /// Takes in an invite that came as text.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn scan_text(&self, typed: &str) -> Result<Scanned> {
        let (secret, issuer) = codes::read_text(typed)?;
        // The server knows when it ends, and which family it is for.
        let (_, expires_ms) = self.span(kinfolio_protocol::limits::LINK_SECONDS);
        self.begin_join(secret, issuer, None, expires_ms)
    }

    fn begin_join(
        &self,
        secret: Secret32,
        issuer: String,
        family: Option<FamilyId>,
        expires_ms: i64,
    ) -> Result<Scanned> {
        crate::http::check_address(&issuer)?;
        let now_ms = self.context.clock.now_ms();
        if expires_ms <= now_ms {
            return Err(Error::invalid("this code is over: ask for a new one"));
        }
        let row = self.new_link(LinkKind::Invite, secret, issuer.clone(), family, expires_ms);
        self.context.storage.write(|tx| {
            alone(&Own::load(tx)?)?;
            link_queries::sweep(tx, now_ms)?;
            // The same code scanned twice keeps its keys: the first scan's post may be on its way.
            if link_queries::link(tx, row.link).is_err() {
                link_queries::forget_joining(tx)?;
                link_queries::save(tx, &row)?;
            }
            Ok(())
        })?;
        Ok(Scanned::Invite { server: issuer })
    }

    /// A device of its own for each family that is joined: ids and keys never occur in two logs.
    fn new_link(
        &self,
        kind: LinkKind,
        secret: Secret32,
        issuer: String,
        family: Option<FamilyId>,
        expires_ms: i64,
    ) -> LinkRow {
        let random = &*self.context.random;
        LinkRow {
            link: codes::link_id(&secret),
            kind,
            secret,
            issuer,
            family,
            expires_ms,
            stage: Stage::Begun,
            post: None,
            joining: Some(Joining {
                device: DeviceId(ids::make(random)),
                kem: KemKey::make(random),
                sign: SignKey::make(random),
            }),
        }
    }

    /// Asks to join by a code that an enrolled phone scans. This phone must be signed in.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::InvalidInput`] when this phone already syncs a family, [`Error::TwoFactorRequired`] when the
    /// account is in a family or has two-step sign-in, and its person has not just signed in; [`Error::Offline`].
    pub async fn ask(&self) -> Result<Code> {
        let _one = self.busy.lock().await;
        let issuer = self.door.who()?.issuer;
        let (now_ms, expires_ms) = self.span(IN_PERSON_S);
        let secret = Secret32::make(&*self.context.random);
        let mut row = self.new_link(LinkKind::Ask, secret, issuer.clone(), None, expires_ms);
        let joining = row.joining.clone().ok_or_else(|| Error::internal("ask without keys"))?;
        let own = self.context.storage.read(Own::load)?;
        let (kem_pk, sign_pk) = (joining.kem.public(), joining.sign.public());
        let random = &*self.context.random;
        let post = codes::make_post(&row.secret, None, joining.device, kem_pk, sign_pk, &own.name, random)?;
        row.post = Some(post.clone());
        row.stage = Stage::Posted;
        self.context.storage.write(|tx| {
            alone(&Own::load(tx)?)?;
            link_queries::sweep(tx, now_ms)?;
            link_queries::forget_joining(tx)?;
            link_queries::save(tx, &row)
        })?;
        let request =
            LinkRequest { kind: LinkKind::Ask, family: None, expires_s: IN_PERSON_S, post: Some(post) };
        Server(&*self.door).open_link(row.link, &request).await?;
        let secret = Secret(*row.secret.bytes());
        let ask = Ask { issuer, secret, device: joining.device, kem_pk, sign_pk };
        let payload = encode(&Scan::Ask(ask));
        let svg = codes::svg(&payload)?;
        Ok(Code { link: row.link.0, payload, svg, text: None, expires_ms })
    }

    /// Goes on with joining as far as it can, and says where it stands. Ask again every few seconds while waiting.
    ///
    /// # Errors
    /// [`Error::Sealed`] when what the server shows does not hold: nothing was taken over. [`Error::InvalidInput`] when
    /// this phone turned sync on for its own family meanwhile. [`Error::TwoFactorRequired`] when the account is in another family or
    /// has two-step sign-in, and its person has not just signed in: once they have, it goes on. [`Error::Offline`].
    pub async fn join_state(&self) -> Result<JoinState> {
        let _one = self.busy.lock().await;
        let Some(row) = self.context.storage.read(link_queries::joining)? else { return Ok(JoinState::None) };
        match self.door.who() {
            Ok(signed_in) if signed_in.issuer == row.issuer => {}
            Ok(_) | Err(Error::SignedOut) => return Ok(JoinState::SignIn { server: row.issuer }),
            Err(error) => return Err(error),
        }
        let server = Server(&*self.door);
        let row = match row.stage {
            Stage::Begun => match self.post(&server, row).await {
                Ok(row) => row,
                Err(Error::NotFound(_)) => return Ok(JoinState::Expired),
                Err(error) => return Err(error),
            },
            Stage::Posted | Stage::Done => row,
        };
        match linked(&server, row.link).await {
            Err(Error::NotFound(_)) => Ok(JoinState::Expired),
            Err(error) => Err(error),
            Ok(reply) => match reply.state {
                // The post was lost on its way.
                LinkState::Open => match &row.post {
                    Some(post) => server.post_link(row.link, post).await.map(|()| JoinState::Waiting),
                    None => Ok(JoinState::Expired),
                },
                LinkState::Posted => Ok(JoinState::Waiting),
                LinkState::Joined => self.collect().await.map(|_| JoinState::Ready),
                LinkState::Expired => Ok(JoinState::Expired),
            },
        }
    }

    /// Posts this phone's public keys. The post is kept before it is sent: sealing the name again would make it
    /// another one.
    async fn post(&self, server: &Server<'_>, mut row: LinkRow) -> Result<LinkRow> {
        let joining = row.joining.clone().ok_or_else(|| Error::internal("joining without keys"))?;
        if row.post.is_none() {
            let reply = linked(server, row.link).await?;
            if row.family.is_some() && reply.family != row.family {
                return Err(Error::Sealed("the server's link is for another family than the code"));
            }
            row.family = reply.family;
            let own = self.context.storage.read(Own::load)?;
            row.post = Some(codes::make_post(
                &row.secret,
                row.family,
                joining.device,
                joining.kem.public(),
                joining.sign.public(),
                &own.name,
                &*self.context.random,
            )?);
            self.context.storage.write(|tx| link_queries::save(tx, &row))?;
        }
        if let Some(post) = &row.post {
            match server.post_link(row.link, post).await {
                // Somebody else answered first, or it is over.
                Err(Error::Refused { code, .. }) if code == code::LINK_CLOSED => {
                    return Err(Error::NotFound("open code"));
                }
                posted => posted?,
            }
        }
        row.stage = Stage::Posted;
        self.context.storage.write(|tx| link_queries::set_stage(tx, row.link, Stage::Posted))?;
        Ok(row)
    }

    /// Reads and verifies the whole of what was granted; changes nothing but the binding of the sign-in.
    pub(super) async fn collect(&self) -> Result<Joined> {
        let row = self.context.storage.read(|tx| {
            // Asked before anything is bound: its sign-in belongs to its own family.
            alone(&Own::load(tx)?)?;
            link_queries::joining(tx)
        })?;
        let row = row.ok_or(Error::NotFound("code"))?;
        // A device proof is signed for the server of the code, and for a nonce that only that server chose.
        if self.door.who()?.issuer != row.issuer {
            return Err(Error::invalid("this code is for another server: sign in there"));
        }
        let joining = row.joining.clone().ok_or_else(|| Error::internal("joining without keys"))?;
        let server = Server(&*self.door);
        let reply = linked(&server, row.link).await?;
        let (Some(family), Some(number)) = (reply.family, reply.number) else {
            return Err(Error::NotFound("answer"));
        };
        if row.family.is_some_and(|shown| shown != family) {
            return Err(Error::Sealed("the server's link is for another family than the code"));
        }
        let row = LinkRow { family: Some(family), ..row };
        self.context.storage.write(|tx| link_queries::save(tx, &row))?;
        let entries = server.log(family, 0).await?;
        let log = Log::replay(&entries).map_err(|error| match error {
            kinfolio_protocol::Error::UpdateApp => Error::UpdateApp,
            _ => Error::Sealed("an entry of the server's log does not hold"),
        })?;
        let listed = log.device(joining.device).is_some_and(|device| {
            device.kem_pk == joining.kem.public()
                && device.sign_pk == joining.sign.public()
                && device.role == Role::Parent
                && u64::from(device.number) == number
        });
        if log.family() != family || !listed {
            return Err(Error::Sealed("the server's log does not list this phone as it was added"));
        }
        bind::bind(&server, &row.issuer, family, joining.device, &joining.sign, |sign_in| {
            self.context.storage.write(|tx| link_queries::set_bound(tx, row.link, sign_in))
        })
        .await?;
        let psk = codes::psk(&row.secret);
        let mut granted = Granted::default();
        let (mut grants, mut by_code) = (Vec::new(), false);
        for offer in server.grants(family).await? {
            let from = match offer.kind {
                GrantKind::Join => From::Link(row.link, &psk),
                GrantKind::Member | GrantKind::Recovery => From::Log,
            };
            let me = Recipient::Device(joining.device);
            match grant::open(&offer, &log, me, &joining.kem, &from) {
                Ok(keys) => {
                    by_code |= offer.kind == GrantKind::Join;
                    granted.add(keys);
                }
                Err(error) => tracing::warn!(number = offer.number, %error, "grant refused"),
            }
            grants.push(offer.number);
        }
        // A server can make up a whole log and a parent in it, but not a grant under the code's secret.
        if !by_code {
            return Err(Error::Sealed("no grant was made with the code's secret"));
        }
        let sealed = server.keyring(family).await?.ok_or(Error::NotFound("keyring"))?;
        if labels::keyring_hash(&sealed) != log.keyring() {
            // Somebody appended between the two requests; the next look finds both.
            return Err(Error::Offline("the family changed just now: try again".into()));
        }
        let key = newest(&log, &granted)?;
        let keyring = keyring::open(&sealed, &log, &key)?;
        // Keys are filed by space: until this phone is a member, nothing is sealed or pushed with these.
        self.context.storage.write(|tx| queries::add_keys(tx, &keyring.keys))?;
        Ok(Joined { row, joining, family, log, entries, sealed, keyring, granted, grants })
    }

    /// Gives up joining: the code is forgotten. What is on this phone stays as it is.
    ///
    /// # Errors
    /// Those of the store.
    pub fn cancel_join(&self) -> Result<()> {
        self.context.storage.write(link_queries::forget_joining)
    }
}

/// A phone that already syncs a family keeps it.
pub(super) fn alone(own: &Own) -> Result<()> {
    match own.issuer {
        None => Ok(()),
        Some(_) => Err(Error::invalid("this phone already belongs to a family that syncs")),
    }
}

/// The link as the server shows it; one that is unknown there, or closed, is [`Error::NotFound`].
pub(super) async fn linked(
    server: &Server<'_>,
    link: LinkId,
) -> Result<kinfolio_protocol::link::LinkResponse> {
    match server.link(link).await {
        Err(Error::Refused { status: 404 | 410, .. }) => Err(Error::NotFound("open code")),
        other => other,
    }
}

fn newest(log: &Log, granted: &Granted) -> Result<SpaceKey> {
    let epoch = newest_epoch(log)?;
    let key = granted.keys.get(&log.family_space()).and_then(|epochs| epochs.get(&epoch)).cloned();
    key.ok_or(Error::Sealed("no grant holds the family's newest key"))
}
