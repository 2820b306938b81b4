//! Binding a sign-in to this device: the signature that turns "signed in" into "enrolled".

use super::queries;
use super::server::Server;
use crate::context::Context;
use crate::crypto::sign::SignKey;
use crate::error::Result;
use crate::http::{Proof, Prover};
use kinfolio_protocol::family::ProofRequest;
use kinfolio_protocol::{DeviceId, FamilyId, SignInId, sign};
use std::fmt;
use std::sync::Arc;

/// Signs the nonce of every refresh once a sign-in is bound. Knows nothing but the store, so that the session can
/// hold it before the keys room exists.
pub struct DeviceProver(Arc<Context>);

impl DeviceProver {
    /// A prover over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self(context)
    }
}

impl fmt::Debug for DeviceProver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceProver")
    }
}

impl Prover for DeviceProver {
    fn prove(&self, issuer: &str, sign_in: &[u8; 16], nonce: &[u8; 32]) -> Result<Option<Proof>> {
        self.0.storage.read(|tx| {
            let own = queries::own(tx)?.filter(|own| own.bound.as_ref() == Some(sign_in));
            let candidate = match own {
                Some(own) => Some((own.family, own.device, own.sign)),
                // A phone in the middle of joining is bound as the device that it is about to become.
                None => super::link_queries::bound(tx, sign_in)?,
            };
            Ok(candidate.map(|(family, device, key)| {
                let message = sign::device_proof(issuer, family, device, SignInId(*sign_in), nonce);
                Proof { family: family.0, device: device.0, signature: key.sign(&message) }
            }))
        })
    }
}

/// Asks for a nonce and signs it. `note` makes durable, before the proof is sent, that this sign-in is (or may be)
/// bound: once it is, it can't be refreshed without the device.
pub(super) async fn bind(
    server: &Server<'_>,
    issuer: &str,
    family: FamilyId,
    device: DeviceId,
    key: &SignKey,
    note: impl FnOnce(&[u8; 16]) -> Result<()>,
) -> Result<()> {
    let (asked, token) = server.nonce_as().await?;
    server.0.note_sign_in(&token, asked.sign_in.as_bytes())?;
    note(asked.sign_in.as_bytes())?;
    // The issuer as configured here, never as the server names itself: a proof relayed by another server is void.
    let message = sign::device_proof(issuer, family, device, asked.sign_in, &asked.nonce);
    let signature = key.sign(&message);
    server.prove(&ProofRequest { family, device, nonce: asked.nonce, signature }).await
}
