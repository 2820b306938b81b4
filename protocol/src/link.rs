//! Joining: the QR payloads, and the link outside any family where an invite and an ask meet.

use std::fmt;

use zeroize::ZeroizeOnDrop;

use crate::cbor::{Reader, Wire, Writer, wire_enum, wire_map};
use crate::ids::{DeviceId, FamilyId, LinkId, MemberId};
use crate::{Error, Result, labels};

/// Bytes that must not be printed and are wiped when dropped.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Secret<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<const N: usize> Wire for Secret<N> {
    fn write(&self, out: &mut Writer) {
        out.bytes(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.fixed().map(Self)
    }
}

/// `[1, 0, issuer, family, secret, expires]`, shown by an enrolled phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// The server's address.
    pub issuer: String,
    /// The family to join.
    pub family: FamilyId,
    /// From which link id, MAC key and pre-shared key derive.
    pub secret: Secret<32>,
    /// Seconds since 1970.
    pub expires: u64,
}

/// `[1, 1, issuer, secret, device, kem_pk, sign_pk]`, shown by a new phone after sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The server's address.
    pub issuer: String,
    /// From which link id, MAC key and pre-shared key derive.
    pub secret: Secret<32>,
    /// The new device.
    pub device: DeviceId,
    /// Its X25519 public key.
    pub kem_pk: [u8; 32],
    /// Its Ed25519 public key.
    pub sign_pk: [u8; 32],
}

/// `[1, 2, issuer, family, entropy]`, printed on the recovery kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// The server's address.
    pub issuer: String,
    /// The family.
    pub family: FamilyId,
    /// The 16 bytes behind the 12 words.
    pub entropy: Secret<16>,
}

/// What a QR code of Kinfolio can hold, in byte mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// An invite.
    Invite(Invite),
    /// An ask.
    Ask(Ask),
    /// A recovery kit.
    Kit(Kit),
}

impl Wire for Scan {
    fn write(&self, out: &mut Writer) {
        let mut head = |length, kind| {
            out.array(length);
            out.uint(1);
            out.uint(kind);
        };
        match self {
            Self::Invite(invite) => {
                head(6, 0);
                invite.issuer.write(out);
                invite.family.write(out);
                invite.secret.write(out);
                invite.expires.write(out);
            }
            Self::Ask(ask) => {
                head(7, 1);
                ask.issuer.write(out);
                ask.secret.write(out);
                ask.device.write(out);
                ask.kem_pk.write(out);
                ask.sign_pk.write(out);
            }
            Self::Kit(kit) => {
                head(5, 2);
                kit.issuer.write(out);
                kit.family.write(out);
                kit.entropy.write(out);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let length = from.array()?;
        match (from.uint()?, from.uint()?, length) {
            (1, 0, 6) => Ok(Self::Invite(Invite {
                issuer: Wire::read(from)?,
                family: Wire::read(from)?,
                secret: Wire::read(from)?,
                expires: Wire::read(from)?,
            })),
            (1, 1, 7) => Ok(Self::Ask(Ask {
                issuer: Wire::read(from)?,
                secret: Wire::read(from)?,
                device: Wire::read(from)?,
                kem_pk: Wire::read(from)?,
                sign_pk: Wire::read(from)?,
            })),
            (1, 2, 5) => Ok(Self::Kit(Kit {
                issuer: Wire::read(from)?,
                family: Wire::read(from)?,
                entropy: Wire::read(from)?,
            })),
            _ => Err(Error::UpdateApp),
        }
    }
}

/// Who showed the QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// An enrolled phone; the new phone posts.
    Invite,
    /// A new phone, which posts at once; an enrolled phone scans.
    Ask,
}
wire_enum!(LinkKind { 0: Invite, 1: Ask });

/// `PUT /links/{link_id}`: opens a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// Who shows the code.
    pub kind: LinkKind,
    /// The family of an invite; an ask has none.
    pub family: Option<FamilyId>,
    /// Seconds from now until the link dies.
    pub expires_s: u64,
    /// An ask's post.
    pub post: Option<LinkPost>,
}
wire_map!(LinkRequest { 0: kind, 1: family, 2: expires_s, 3: post });

/// `PUT /links/{link_id}/post`: a new device's public keys, bound to the QR's secret by a MAC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPost {
    /// The new device.
    pub device: DeviceId,
    /// Its X25519 public key.
    pub kem_pk: [u8; 32],
    /// Its Ed25519 public key.
    pub sign_pk: [u8; 32],
    /// Its name, sealed for whoever holds the QR's secret.
    pub sealed_name: Vec<u8>,
    /// HMAC-SHA256 over [`LinkPost::mac_message`].
    pub mac: [u8; 32],
}
wire_map!(LinkPost { 0: device, 1: kem_pk, 2: sign_pk, 3: sealed_name, 4: mac });

impl LinkPost {
    /// What the MAC is over. `family` is the invite's; an ask has none, written as an empty field.
    pub fn mac_message(
        link: LinkId,
        family: Option<FamilyId>,
        device: DeviceId,
        kem_pk: &[u8; 32],
        sign_pk: &[u8; 32],
    ) -> Vec<u8> {
        let family = family.as_ref().map_or(&[][..], |family| family.as_bytes());
        labels::joined(labels::LINK_MAC, &[link.as_bytes(), family, device.as_bytes(), kem_pk, sign_pk])
    }
}

/// How far a link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Nobody has posted.
    Open,
    /// A new device has posted its keys.
    Posted,
    /// A log entry answered it.
    Joined,
    /// Its time is over.
    Expired,
}
wire_enum!(LinkState { 0: Open, 1: Posted, 2: Joined, 3: Expired });

/// `GET /links/{link_id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkResponse {
    /// How far it has come.
    pub state: LinkState,
    /// The family, known from the start for an invite, once joined for an ask.
    pub family: Option<FamilyId>,
    /// The new device's post.
    pub post: Option<LinkPost>,
    /// The poster's e-mail address, for whoever has to approve it.
    pub email: Option<String>,
    /// The poster's member id, if their account is a member of the family already.
    pub member: Option<MemberId>,
    /// Number of the entry that answered.
    pub number: Option<u64>,
}
wire_map!(LinkResponse { 0: state, 1: family, 2: post, 3: email, 4: member, 5: number });
