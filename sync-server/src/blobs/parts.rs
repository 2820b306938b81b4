//! Parts of a blob: the bytes lie in the blob store under a name that holds their hash.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kinfolio_protocol::blob::{PART_HASH_HEADER, part_length};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::{BlobId, FamilyId, Hash32};
use object_store::{ObjectStoreExt as _, PutPayload, path::Path};

use super::{find, find_to_fill};
use crate::accounts::ends::Turn;
use crate::body::{Params, Raw};
use crate::error::ApiError;
use crate::member::{Enrolled, Member};
use crate::state::Parts;
use crate::store::{Result, Tx};

/// Where a part lies. The hash in its name keeps two different uploads of one part apart.
fn place(family: FamilyId, blob: BlobId, number: u32, hash: Hash32) -> Path {
    Path::from(format!("{family}/{blob}/{number}-{hash}"))
}

/// `PUT /families/{family}/blobs/{blob}/parts/{part}`: raw bytes, their SHA-256 in the header.
///
/// # Errors
/// 404 for a blob that is not there or not this device's to fill; 400 `malformed` for a part of another length or
/// with another hash than was said; 409 `conflict` when the part is here with other bytes; 507 `storage_full`, else
/// 500, when the bytes cannot be kept; a member's ([`crate::member`]).
pub async fn put_part(
    member: Member,
    params: Params,
    headers: HeaderMap,
    Raw(bytes): Raw,
) -> Result<StatusCode> {
    let (id, number) = (params.id::<BlobId>("blob")?, params.id::<u32>("part")?);
    let said = headers.get(PART_HASH_HEADER).and_then(|value| value.to_str().ok()?.parse::<Hash32>().ok());
    let length = bytes.len() as u64;
    let hash = {
        // Hashing a MiB takes about a millisecond: not on a thread that serves others.
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || sha256(&bytes)).await.map_err(broke)?
    };
    let known = member
        .read(move |tx, device| {
            let row = find_to_fill(tx, device, id)?;
            if number >= row.parts || part_length(row.size, number) != Some(length) {
                return Err(ApiError::bad_request(code::MALFORMED, "a part is 1 MiB, the last one the rest"));
            }
            if said != Some(hash) {
                return Err(ApiError::bad_request(
                    code::MALFORMED,
                    "the part was damaged on its way: send it again",
                ));
            }
            same_part(tx, device, id, number, hash)
        })
        .await?;
    if known {
        return Ok(StatusCode::NO_CONTENT);
    }
    let family = member.family();
    let path = place(family, id, number, hash);
    // The bytes are safe before the row that says so.
    member.state().blobs.put(&path, PutPayload::from_bytes(bytes)).await.map_err(store_error)?;
    let stored = member
        .write(move |tx, device| {
            find_to_fill(tx, device, id)?;
            tx.execute(
                "INSERT INTO blob_part (family_id, blob_id, number, hash) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (family_id, blob_id, number) DO NOTHING",
                &[device.family.0.into(), id.0.into(), i64::from(number).into(), hash.0.into()],
            )?;
            same_part(tx, device, id, number, hash)
        })
        .await;
    if let Err(error) = &stored
        && matches!(error.status(), StatusCode::CONFLICT | StatusCode::NOT_FOUND)
    {
        // Another upload of this part was faster, or the family was erased: these bytes belong to nobody.
        let _ = member.state().blobs.delete(&path).await;
    }
    stored.map(|_| StatusCode::NO_CONTENT)
}

/// Deletes every part of one blob that has no rows any more.
///
/// # Errors
/// 500 when the blob store fails: call it again.
pub(super) async fn destroy(parts: &Parts, family: FamilyId, blob: BlobId) -> Result<()> {
    let folder = Path::from(format!("{family}/{blob}"));
    for part in parts.blobs.list_with_delimiter(Some(&folder)).await.map_err(store_error)?.objects {
        parts.blobs.delete(&part.location).await.map_err(store_error)?;
    }
    Ok(())
}

/// Deletes every part of a family that is no more.
///
/// # Errors
/// 500 when the blob store fails: call it again.
pub(crate) async fn erase(parts: &Parts, family: FamilyId, turn: &mut Turn) -> Result<bool> {
    let inside = |folder: Path| async move {
        parts.blobs.list_with_delimiter(Some(&folder)).await.map_err(store_error)
    };
    for blob in inside(Path::from(family.to_string())).await?.common_prefixes {
        if !turn.holds(parts).await? {
            return Ok(false);
        }
        for part in inside(blob).await?.objects {
            parts.blobs.delete(&part.location).await.map_err(store_error)?;
        }
    }
    Ok(true)
}

/// Whether this very part is here; 409 when other bytes are.
fn same_part(tx: &mut Tx<'_>, device: &Enrolled, id: BlobId, number: u32, hash: Hash32) -> Result<bool> {
    match hash_of(tx, device.family, id, number)? {
        Some(stored) if stored != hash => {
            Err(ApiError::conflict(code::CONFLICT, "this part is here with other bytes"))
        }
        stored => Ok(stored.is_some()),
    }
}

fn hash_of(tx: &mut Tx<'_>, family: FamilyId, id: BlobId, number: u32) -> Result<Option<Hash32>> {
    tx.query_one(
        "SELECT hash FROM blob_part WHERE family_id = $1 AND blob_id = $2 AND number = $3",
        &[family.0.into(), id.0.into(), i64::from(number).into()],
    )?
    .map(|row| row.hash(0).map(Hash32))
    .transpose()
}

/// `GET /families/{family}/blobs/{blob}/parts/{part}`.
///
/// # Errors
/// 404 for a blob or a part that is not here for this device; 500 when the bytes cannot be read; a member's
/// ([`crate::member`]).
pub async fn get_part(member: Member, params: Params) -> Result<Response> {
    let (id, number) = (params.id::<BlobId>("blob")?, params.id::<u32>("part")?);
    let hash = member
        .read(move |tx, device| {
            find(tx, device, id)?;
            hash_of(tx, device.family, id, number)?.ok_or_else(ApiError::not_found)
        })
        .await?;
    let path = place(member.family(), id, number, hash);
    let part = member.state().blobs.get(&path).await.map_err(store_error)?;
    let bytes = part.bytes().await.map_err(store_error)?;
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], bytes).into_response())
}

fn store_error(error: object_store::Error) -> ApiError {
    use std::io::ErrorKind;
    let full = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded));
    if full { ApiError::storage_full() } else { ApiError::internal("blob store").with_source(error) }
}

fn broke(error: tokio::task::JoinError) -> ApiError {
    ApiError::internal("hashing a part broke off").with_source(error)
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_part_on_a_full_disk_says_that_the_server_is_full() {
        let failed = |kind: ErrorKind| {
            store_error(object_store::Error::Generic { store: "folder", source: Box::new(Error::from(kind)) })
        };
        for full in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            assert_eq!(failed(full).status(), StatusCode::INSUFFICIENT_STORAGE, "{full:?}");
        }
        assert_eq!(failed(ErrorKind::PermissionDenied).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
