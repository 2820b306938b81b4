//! Ids: sixteen random bytes, never derived from a name; and SHA-256 hashes.

use std::fmt;
use std::str::FromStr;

use crate::cbor::{Reader, Wire, Writer};
use crate::{Error, Result};

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads exactly `2 * N` lower-case hex digits: one id has one spelling.
fn read_hex<const N: usize>(text: &str) -> Result<[u8; N]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Ok(c - b'0'),
        b'a'..=b'f' => Ok(c - b'a' + 10),
        _ => Err(Error::Malformed("hex digit")),
    };
    let mut out = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return Err(Error::Malformed("length of a hex id"));
    }
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Ok(out)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident $length:literal)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $length]);

        impl $name {
            /// The bytes themselves.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self> {
                read_hex(text).map(Self)
            }
        }

        impl From<[u8; $length]> for $name {
            fn from(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }
        }

        impl From<$name> for [u8; $length] {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = Error;
            fn try_from(bytes: &[u8]) -> Result<Self> {
                bytes.try_into().map(Self).map_err(|_| Error::Malformed("length of an id"))
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl Wire for $name {
            fn write(&self, out: &mut Writer) {
                out.bytes(&self.0);
            }
            fn read(from: &mut Reader<'_>) -> Result<Self> {
                from.fixed().map(Self)
            }
        }
    )*};
}

id! {
    /// A family: the tenant.
    FamilyId 16
    /// One phone, enrolled in a family by an entry of its membership log.
    DeviceId 16
    /// A person in the membership log. Which account that is stands in the server's table only.
    MemberId 16
    /// A sync stream with its own key.
    SpaceId 16
    /// One entry, learner, subject, setting or checkpoint.
    RecordId 16
    /// One sealed attachment file.
    BlobId 16
    /// Where an invite and an ask meet; derived from the QR's secret.
    LinkId 16
    /// An account of the account plane.
    AccountId 16
    /// One signed-in device: the life of one refresh token.
    SignInId 16
    /// A SHA-256 hash.
    Hash32 32
}

impl Hash32 {
    /// What stands before the first entry of a log.
    pub const ZERO: Self = Self([0; 32]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = FamilyId([0xa7; 16]);
        assert_eq!(id.to_string(), "a7".repeat(16));
        assert_eq!(id.to_string().parse::<FamilyId>().unwrap(), id);
        for wrong in ["", "a7", &"A7".repeat(16), &"a7".repeat(17), &"g7".repeat(16), &"é".repeat(16)] {
            assert!(wrong.parse::<FamilyId>().is_err(), "{wrong}");
        }
        assert!(FamilyId::try_from([0u8; 15].as_slice()).is_err());
    }
}
