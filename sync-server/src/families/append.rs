//! One entry with keyring and grants, in one request: compared and swapped with the log's length and every head.

use kinfolio_protocol::family::{AppendRequest, LogLength};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::keyring_hash;
use kinfolio_protocol::log::{AddDevice, Change, Log, Role};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, SpaceId, encode, limits};

use crate::accounts::bindings;
use crate::body::{Cbor, Reply, refusal};
use crate::error::ApiError;
use crate::keyring::{check_grants, store_grant, store_keyring};
use crate::links::{self, further};
use crate::log::{self, int, members};
use crate::member::OwnAccount;
use crate::store::{Result, Tx};

/// What an entry leads to, seen from the log that it would follow.
enum Outcome {
    /// These very bytes stand there already.
    Repeated,
    /// It may follow.
    Follows(Box<Log>, Box<Log>),
}

/// `POST /families/{family}/log`. Entries prove themselves by their signature, so a member's own account is
/// enough; answering a link takes a parent's bound device.
///
/// # Errors
/// 409 `log_behind` (with `length`) for an entry that does not follow the newest, `head_moved` for an epoch that
/// names an old head; 400 `log_invalid` for one that breaks the log's rules, pins another keyring, or answers a link
/// and adds no device; 413 for a keyring that is too large; [`check_grants`]'s. With a link: 403 from another device
/// than a parent's, 409 `link_closed`, and 409 `conflict` for a member who is another account or an account in too
/// many families. Else a member's ([`crate::member`]).
pub async fn append(own: OwnAccount, Cbor(request): Cbor<AppendRequest>) -> Result<Reply<LogLength>> {
    if request.keyring.len() > limits::KEYRING {
        return Err(ApiError::too_large("the keyring is too large"));
    }
    let family = own.family;
    // Looked at once before the account plane is written, and again in the transaction that appends.
    let first_look = request.clone();
    let (repeated, parent, known) = own
        .read(move |tx, device| {
            let repeated = matches!(examine(tx, family, &first_look)?, Outcome::Repeated);
            let known = added(&first_look).map(|add| is_known(tx, family, add)).transpose()?;
            Ok((repeated, device.is_some_and(|device| device.role == Role::Parent), known == Some(true)))
        })
        .await?;
    if let Some(link) = request.link {
        if !parent {
            return Err(ApiError::forbidden(
                code::DEVICE_NOT_ENROLLED,
                "answer a link from a parent's phone",
            ));
        }
        // An entry that stands was in time, however late it is sent again: `settle` makes up the rest.
        if !repeated {
            join(&own, link, &request).await?;
        }
    }
    let (state, now) = (own.state.clone(), own.state.clock.now_us());
    let appended = request.clone();
    let follows = own.write(move |tx, _| {
        let Outcome::Follows(before, after) = examine(tx, family, &appended)? else { return Ok(false) };
        let entries = std::slice::from_ref(&appended.entry);
        log::store(tx, Some(&before), &after, entries, now, &|| state.random.make())?;
        store_keyring(tx, family, after.length(), &appended.keyring)?;
        appended
            .grants
            .iter()
            .chain(&appended.recovery)
            .try_for_each(|grant| store_grant(tx, family, grant))?;
        Ok(true)
    });
    let follows = follows.await?;
    settle(&own, &request, known).await?;
    // Told once, of the entry that came first; should the server stop just here, the log itself still says it.
    if follows && rotates(&request) {
        let (bearer, now) = (own.bearer, own.state.clock.now_us());
        let told = move |tx: &mut Tx<'_>| bindings::rotated(tx, bearer.account, bearer.sign_in, now);
        own.state.store.account(told).await?;
    }
    Ok(Reply::ok(LogLength { length: request.entry.body().number }))
}

/// Compares with the log's length, replays the rules, compares every head.
fn examine(tx: &mut Tx<'_>, family: FamilyId, request: &AppendRequest) -> Result<Outcome> {
    let body = request.entry.body();
    let stored = log::entries(tx, family)?;
    let place = usize::try_from(body.number).ok().and_then(|number| number.checked_sub(1));
    match place.and_then(|place| stored.get(place)) {
        Some(old) if *old == encode(&request.entry) => return Ok(Outcome::Repeated),
        None if place == Some(stored.len()) => {}
        _ => return Err(behind(stored.len())),
    }
    let before = log::replay(&stored)?;
    // Another entry won the same place, or this log is another chain's: either way read again.
    if body.family == family && body.previous != before.head().hash {
        return Err(behind(stored.len()));
    }
    if keyring_hash(&request.keyring) != body.keyring {
        return Err(ApiError::bad_request(code::LOG_INVALID, "the entry pins another keyring"));
    }
    let mut after = before.clone();
    after.apply(&request.entry).map_err(refusal)?;
    for change in &body.changes {
        if let Change::Epoch(epoch) = change {
            let head = head_of(tx, family, epoch.space)?;
            if int(epoch.head_seq)? != head.into() {
                return Err(ApiError::conflict(code::HEAD_MOVED, "a space moved on: pull, then try again"));
            }
        }
    }
    check_grants(&after, Some((body.number, body.signer)), &request.grants, request.recovery.as_ref())?;
    Ok(Outcome::Follows(Box::new(before), Box::new(after)))
}

fn head_of(tx: &mut Tx<'_>, family: FamilyId, space: SpaceId) -> Result<i64> {
    let row = tx.query_one(
        "SELECT head FROM space WHERE family_id = $1 AND space_id = $2",
        &[family.0.into(), space.0.into()],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

fn behind(length: usize) -> ApiError {
    ApiError::conflict(code::LOG_BEHIND, "the log has moved on: read it and build the entry anew")
        .with_detail("length", length as u64)
}

fn added(request: &AppendRequest) -> Option<&AddDevice> {
    request.entry.body().changes.iter().find_map(|change| match change {
        Change::AddDevice(add) => Some(add),
        _ => None,
    })
}

/// Whether the member of an added device has another one here.
fn is_known(tx: &mut Tx<'_>, family: FamilyId, add: &AddDevice) -> Result<bool> {
    let log = log::load(tx, family)?;
    Ok(log.enrolled().any(|(id, device)| device.member == add.member && id != add.device))
}

/// Whether a space gets new keys. Its first ones are none.
fn rotates(request: &AppendRequest) -> bool {
    let changes = &request.entry.body().changes;
    changes.iter().any(|change| matches!(change, Change::Epoch(epoch) if epoch.epoch > 1))
}

fn removed(request: &AppendRequest) -> Vec<DeviceId> {
    let devices = request.entry.body().changes.iter().filter_map(|change| match change {
        Change::RemoveDevices(devices) => Some(devices.as_slice()),
        _ => None,
    });
    devices.flatten().copied().collect()
}

/// Before the entry: the account behind the link becomes the member that the entry names.
async fn join(own: &OwnAccount, link: LinkId, request: &AppendRequest) -> Result<()> {
    let Some(add) = added(request).cloned() else {
        return Err(ApiError::bad_request(
            code::LOG_INVALID,
            "only an entry that adds a device answers a link",
        ));
    };
    let (family, number, now) = (own.family, request.entry.body().number, own.state.clock.now_us());
    own.state
        .store
        .account(move |tx| {
            let poster = links::answerable(tx, link, family, number, &add, now)?;
            members::claim(tx, poster, family, add.member, now).map(drop)
        })
        .await
}

/// After the entry: the link is closed, the person of a new member (not `known`) is told, and what a removed device had in the account plane ends. The same request
/// again makes up for a stop in between.
async fn settle(own: &OwnAccount, request: &AppendRequest, known: bool) -> Result<()> {
    let (family, number, now) = (own.family, request.entry.body().number, own.state.clock.now_us());
    let (joined, removed) = (request.link.zip(added(request).cloned()), removed(request));
    if joined.is_none() && removed.is_empty() {
        return Ok(());
    }
    let (mail_id, this) = (own.state.random.make(), own.state.clone());
    own.state
        .store
        .account(move |tx| {
            if let Some((link, add)) = &joined {
                let joined = links::close(tx, *link, family, number, add)?;
                if let Some(account) = joined.filter(|_| !known) {
                    further::tell(tx, account, family, this.origin.host(), mail_id, now)?;
                }
            }
            for device in &removed {
                bindings::unbind(tx, family, *device, now)?;
                links::die_with(tx, family, *device)?;
            }
            Ok(())
        })
        .await?;
    own.state.mail.wake();
    Ok(())
}
