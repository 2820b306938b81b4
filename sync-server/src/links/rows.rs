//! Links as rows of the account plane.

use kinfolio_protocol::link::{LinkKind, LinkPost, LinkRequest};
use kinfolio_protocol::log::AddDevice;
use kinfolio_protocol::{AccountId, DeviceId, FamilyId, LinkId, decode, encode, limits};

use super::{closed, further, terms};
use crate::accounts::Bearer;
use crate::body::refusal;
use crate::clock::{DAY_US, SECOND_US, latest_us};
use crate::error::ApiError;
use crate::store::{Result, Tx, Value};

/// No link lives longer.
const LONGEST_US: i64 = limits::LINK_SECONDS as i64 * SECOND_US;

/// A link that exists.
pub(super) struct Link {
    pub kind: LinkKind,
    pub family: Option<FamilyId>,
    pub opener: AccountId,
    pub request_hash: [u8; 32],
    pub post: Option<Vec<u8>>,
    pub poster: Option<AccountId>,
    pub number: Option<u64>,
    pub expires_us: i64,
}

impl Link {
    pub fn is_over(&self, now_us: i64) -> bool {
        self.expires_us <= now_us || self.expires_us > latest_us(now_us, LONGEST_US)
    }

    pub fn same_post(&self, post: &LinkPost, poster: AccountId) -> bool {
        self.poster == Some(poster) && self.post.as_ref() == Some(&encode(post))
    }

    /// Whose it is, if an entry of this family that adds this device is what it was made for.
    fn asks_for(&self, family: FamilyId, add: &AddDevice) -> Result<Option<AccountId>> {
        let mine = match self.kind {
            LinkKind::Invite => self.family == Some(family),
            LinkKind::Ask => self.family.is_none() || self.family == Some(family),
        };
        let Some(post) = self.post.as_deref() else { return Ok(None) };
        let post: LinkPost = decode(post).map_err(refusal)?;
        let same = post.device == add.device && post.kem_pk == add.kem_pk && post.sign_pk == add.sign_pk;
        Ok(self.poster.filter(|_| mine && same))
    }
}

pub(super) fn find(tx: &mut Tx<'_>, id: LinkId) -> Result<Option<Link>> {
    let row = tx.query_one(
        "SELECT kind, family_id, opener_user, request_hash, post, poster_user, number, expires_at
           FROM links WHERE link_id = $1",
        &[id.0.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Link {
        kind: if row.int(0)? == 0 { LinkKind::Invite } else { LinkKind::Ask },
        family: row.opt_id(1)?.map(FamilyId),
        opener: AccountId(row.id(2)?),
        request_hash: row.hash(3)?,
        post: row.opt_bytes(4)?,
        poster: row.opt_id(5)?.map(AccountId),
        number: row.opt_int(6)?.and_then(|number| number.try_into().ok()),
        expires_us: row.int(7)?,
    }))
}

/// Links that one account may have open at a time, and how long it is asked to wait beyond them.
const MOST_OPEN: i64 = 50;
const HOUR_S: u64 = 3_600;

pub(super) fn open(
    tx: &mut Tx<'_>,
    id: LinkId,
    bearer: Bearer,
    device: Option<DeviceId>,
    request: &LinkRequest,
    now_us: i64,
) -> Result<()> {
    // One at a time: of two at once, neither would count the other.
    tx.lock(&bearer.account.0)?;
    let (expires, hash) = terms(request, now_us);
    let poster = request.post.as_ref().map(|_| bearer.account.0);
    let made = tx.execute(
        "INSERT INTO links (link_id, kind, family_id, opener_user, opener_device, request_hash, post, poster_user,
                            expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (link_id) DO NOTHING",
        &[
            id.0.into(),
            Value::Int(if request.kind == LinkKind::Invite { 0 } else { 1 }),
            request.family.map(|family| family.0).into(),
            bearer.account.0.into(),
            device.map(|device| device.0).into(),
            hash.clone(),
            request.post.as_ref().map(encode).into(),
            poster.into(),
            expires,
        ],
    )?;
    // Refused, nothing of it stays. The same request again, after its answer was lost, is not asked again.
    if made > 0 && request.kind == LinkKind::Ask {
        further::check(tx, bearer, None, now_us)?;
    }
    let open = tx.query(
        "SELECT 1 FROM links WHERE opener_user = $1 AND expires_at > $2 AND number IS NULL LIMIT $3",
        &[bearer.account.0.into(), Value::Int(now_us), Value::Int(MOST_OPEN + 1)],
    )?;
    if open.len() as i64 > MOST_OPEN {
        return Err(ApiError::too_many(HOUR_S));
    }
    let link = find(tx, id)?.ok_or_else(ApiError::not_found)?;
    if link.opener != bearer.account || hash != link.request_hash.into() {
        return Err(closed());
    }
    Ok(())
}

/// The account behind a link that this entry may answer: posted with these very keys, in time, for this family,
/// not used by another entry.
///
/// # Errors
/// 409 `link_closed` for every other link; the store's ([`crate::store`]).
pub fn answerable(
    tx: &mut Tx<'_>,
    id: LinkId,
    family: FamilyId,
    number: u64,
    add: &AddDevice,
    now_us: i64,
) -> Result<AccountId> {
    tx.lock(id.as_bytes())?;
    let link = find(tx, id)?.ok_or_else(closed)?;
    let usable = match link.number {
        // The same request again, after its answer was lost.
        Some(used) => used == number,
        None => !link.is_over(now_us),
    };
    link.asks_for(family, add)?.filter(|_| usable).ok_or_else(closed)
}

/// The entry stands: the link is used, in time or not, by the account that is told. One that it does not answer stays as it is.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn close(
    tx: &mut Tx<'_>,
    id: LinkId,
    family: FamilyId,
    number: u64,
    add: &AddDevice,
) -> Result<Option<AccountId>> {
    let Some(link) = find(tx, id)? else { return Ok(None) };
    let Some(poster) = link.asks_for(family, add)? else { return Ok(None) };
    let closed = tx.execute(
        "UPDATE links SET number = $1, family_id = $2 WHERE link_id = $3 AND number IS NULL",
        &[crate::log::int(number)?, family.0.into(), id.0.into()],
    )?;
    Ok((closed > 0).then_some(poster))
}

/// A day after its end a link is forgotten; one that was said yes to waits a month for its phone.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn sweep(tx: &mut Tx<'_>, now_us: i64) -> Result<()> {
    tx.execute(
        "DELETE FROM links WHERE expires_at < $1 AND (number IS NULL OR expires_at < $2)",
        &[Value::Int(now_us - DAY_US), Value::Int(now_us - 30 * DAY_US)],
    )?;
    Ok(())
}

/// Links made by a removed device die with it.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn die_with(tx: &mut Tx<'_>, family: FamilyId, device: DeviceId) -> Result<()> {
    tx.execute(
        "DELETE FROM links WHERE family_id = $1 AND opener_device = $2 AND number IS NULL",
        &[family.0.into(), device.0.into()],
    )?;
    Ok(())
}
