//! Sealed files that nobody names any more are deleted, whatever was interrupted on the way.

use super::{files, queries};
use crate::context::Context;
use crate::error::Result;
use crate::ids::BlobId;

/// Notes files before they are written, so that a killed import leaves nothing that isn't found again.
pub(super) fn expect(context: &Context, blobs: &[BlobId]) -> Result<()> {
    context.storage.write(|tx| blobs.iter().try_for_each(|blob| queries::unused(tx, *blob)))
}

/// Deletes those of these files that are still noted as unused, and the note. In one transaction: a sync may bring an
/// entry back that names one, and keeps the file then.
pub(super) fn some(context: &Context, blobs: &[BlobId]) -> Result<()> {
    context.storage.write(|tx| {
        for blob in blobs {
            if queries::forget_unused(tx, *blob)? {
                files::delete(context, *blob)?;
            }
        }
        Ok(())
    })
}

/// Deletes every file that is noted as unused. Only when the store is opened: an import under way has its own
/// noted there too.
pub(super) fn all(context: &Context) -> Result<()> {
    let blobs = context.storage.read(queries::all_unused)?;
    if blobs.is_empty() { Ok(()) } else { some(context, &blobs) }
}
