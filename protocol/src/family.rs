//! Founding a family, its log, keyring and grants, and the proof that a sign-in is an enrolled device.

use crate::cbor::{wire_array, wire_enum, wire_map};
use crate::grant::Grant;
use crate::ids::{DeviceId, FamilyId, LinkId, MemberId, SignInId};
use crate::log::{Entry, Signer};

/// `POST /families`: the whole log as it stands on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRequest {
    /// Every entry from number 1.
    pub log: Vec<Entry>,
    /// The sealed keyring that the newest entry pins.
    pub keyring: Vec<u8>,
    /// Grants for devices.
    pub grants: Vec<Grant>,
    /// The recovery grant, when the log holds a recovery key in force.
    pub recovery: Option<Grant>,
}
wire_map!(FoundRequest { 0: log, 1: keyring, 2: grants, 3: recovery });

/// `POST /families/{f}/log`: one entry with all that goes with it, compared and swapped with the log's length and
/// every head that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendRequest {
    /// The entry.
    pub entry: Entry,
    /// The sealed keyring that the entry pins.
    pub keyring: Vec<u8>,
    /// Grants for devices, the signer's own included.
    pub grants: Vec<Grant>,
    /// The recovery grant.
    pub recovery: Option<Grant>,
    /// The link that this entry answers, closed by it.
    pub link: Option<LinkId>,
}
wire_map!(AppendRequest { 0: entry, 1: keyring, 2: grants, 3: recovery, 4: link });

/// The reply to founding and appending: the log's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLength {
    /// Number of the newest entry.
    pub length: u64,
}
wire_array!(LogLength[length]);

/// `GET` and `PUT /families/{f}/keyring`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKeyring {
    /// Number of the entry that pins it; in a PUT the newest entry.
    pub number: u64,
    /// The sealed keyring.
    pub sealed: Vec<u8>,
}
wire_array!(SealedKeyring[number, sealed]);

/// How an account stands to a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its member has a device enrolled.
    Active,
    /// Its member was removed.
    Removed,
}
wire_enum!(Standing { 0: Active, 1: Removed });

/// One item of `GET /families`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyItem {
    /// The family.
    pub family: FamilyId,
    /// This account's member in its log.
    pub member: MemberId,
    /// How it stands.
    pub standing: Standing,
}
wire_array!(FamilyItem[family, member, standing]);

/// `PUT /families/{f}/grants`: grants that are missing on the server, written again by a parent's device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantsRequest {
    /// The grants.
    pub grants: Vec<Grant>,
}
wire_map!(GrantsRequest { 0: grants });

/// `POST /device-proof/nonce`: what a device signs to bind this sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofNonce {
    /// For one use within two minutes.
    pub nonce: [u8; 32],
    /// The sign-in that asks.
    pub sign_in: SignInId,
    /// The server's address as it knows itself; the phone signs the one that it has configured.
    pub issuer: String,
}
wire_array!(ProofNonce[nonce, sign_in, issuer]);

/// `POST /device-proof`: "this sign-in is this device".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofRequest {
    /// The family whose log lists the device.
    pub family: FamilyId,
    /// The device.
    pub device: DeviceId,
    /// The server's nonce.
    pub nonce: [u8; 32],
    /// Over [`crate::sign::device_proof`].
    pub signature: [u8; 64],
}
wire_map!(ProofRequest { 0: family, 1: device, 2: nonce, 3: signature });

/// The header of `POST /families` by which a parent's device founds again a family that was erased: a [`ProofRequest`],
/// base64url, unpadded.
pub const PROOF_HEADER: &str = "kinfolio-device-proof";

/// The form field `device_proof` of a bound sign-in's refresh: base64url, unpadded, of this. The nonce is SHA-256
/// of the refresh token's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshProof {
    /// The family whose log lists the device.
    pub family: FamilyId,
    /// The device.
    pub device: DeviceId,
    /// Over [`crate::sign::device_proof`].
    pub signature: [u8; 64],
}
wire_array!(RefreshProof[family, device, signature]);

/// `POST /second-step`: lets a sign-in through that waits for the code of a lost authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRequest {
    /// The family whose log lists the signer.
    pub family: FamilyId,
    /// A parent's device of the account that waits, or the family's recovery key.
    pub signer: Signer,
    /// The ten digits that the page shows.
    pub code: String,
    /// Over [`crate::sign::approval`].
    pub signature: [u8; 64],
}
wire_map!(ApprovalRequest { 0: family, 1: signer, 2: code, 3: signature });

/// `POST /families/{f}/erasure` and `POST /families/{f}/erasure/cancel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRequest {
    /// A parent's device, or the family's recovery key.
    pub signer: Signer,
    /// The server's nonce, given to this sign-in.
    pub nonce: [u8; 32],
    /// Over [`crate::sign::erase_family`] or [`crate::sign::keep_family`].
    pub signature: [u8; 64],
}
wire_map!(OrderRequest { 0: signer, 1: nonce, 2: signature });

/// By what a family's copy on the server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// A parent's device ordered it.
    Device,
    /// The recovery key ordered it.
    Recovery,
    /// The accounts of all its parents are to be deleted.
    Accounts,
}
wire_enum!(EndedBy { 0: Device, 1: Recovery, 2: Accounts });

/// The end of a family's copy on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasureItem {
    /// When, milliseconds since 1970.
    pub due_ms: u64,
    /// By what.
    pub by: EndedBy,
    /// The device that ordered it, if one did.
    pub device: Option<DeviceId>,
}
wire_array!(ErasureItem[due_ms, by, device]);

/// Somebody without an enrolled device fetched the grant to the recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryRead {
    /// When it last happened, milliseconds since 1970.
    pub at_ms: u64,
    /// Whose account it was.
    pub member: MemberId,
}
wire_array!(RecoveryRead[at_ms, member]);

/// The header by which the last page of a pull carries [`Notices`], base64url, unpadded. Absent: there are none.
pub const NOTICES_HEADER: &str = "kinfolio-notices";

/// `GET /families/{f}/notices`: what every phone of the family is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notices {
    /// The copy on the server is to be erased.
    pub erasure: Option<ErasureItem>,
    /// The recovery grant was fetched in the last 90 days. For parents' devices.
    pub recovery_read: Option<RecoveryRead>,
}
wire_map!(Notices { 0: erasure, 1: recovery_read });

/// `GET /families/{f}/quota`, in bytes of ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Records, their replaced versions and blobs together.
    pub used: u64,
    /// How much may be used.
    pub limit: u64,
}
wire_array!(Quota[used, limit]);
