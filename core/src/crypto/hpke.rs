//! HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) in the modes that grants and the inbox use.

use super::Secret32;
use crate::clock::Randomness;
use crate::error::{Error, Result};
use ::hpke::aead::ChaCha20Poly1305;
use ::hpke::kdf::HkdfSha256;
use ::hpke::kem::{Kem as _, X25519HkdfSha256};
use ::hpke::{
    Deserializable, OpModeR, OpModeS, PskBundle, Serializable, setup_receiver, setup_sender_with_rng,
};
use rand::rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::fmt;
use zeroize::Zeroizing;

type Kem = X25519HkdfSha256;
type PrivateKey = <Kem as ::hpke::kem::Kem>::PrivateKey;
type PublicKey = <Kem as ::hpke::kem::Kem>::PublicKey;

/// A device's or the recovery key's X25519 pair, to which grants are sealed.
#[derive(Clone)]
pub struct KemKey {
    secret: Secret32,
    public: [u8; 32],
}

impl KemKey {
    /// A new pair.
    pub fn make(random: &dyn Randomness) -> Self {
        Self::from_secret(Secret32::make(random))
    }

    /// The pair that belongs to a stored or derived secret (clamped as RFC 7748 says when it is used).
    pub fn from_secret(secret: Secret32) -> Self {
        let public = private_key(&secret).map(|key| bytes32(&Kem::sk_to_pk(&key))).unwrap_or_default();
        Self { secret, public }
    }

    /// The secret, for the encrypted store.
    pub const fn secret(&self) -> &Secret32 {
        &self.secret
    }

    /// The public half, 32 bytes.
    pub const fn public(&self) -> [u8; 32] {
        self.public
    }
}

impl fmt::Debug for KemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KemKey(redacted)")
    }
}

/// How the receiver knows who sealed: by the sender's key pair, or by a secret that both hold.
#[derive(Clone, Copy)]
pub enum SealMode<'a> {
    /// RFC 9180 mode_base: nobody; whoever has the public key.
    Base,
    /// RFC 9180 mode_auth.
    Auth(&'a KemKey),
    /// RFC 9180 mode_psk: a 32-byte pre-shared key and its id.
    Psk(&'a Secret32, &'a [u8]),
}

/// The receiver's side of [`SealMode`].
#[derive(Clone, Copy)]
pub enum OpenMode<'a> {
    /// Anybody.
    Base,
    /// The sender's public key.
    Auth(&'a [u8; 32]),
    /// The pre-shared key and its id.
    Psk(&'a Secret32, &'a [u8]),
}

/// What crosses the wire: the encapsulated key and the ciphertext with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Encapsulated key, 32 bytes.
    pub enc: [u8; 32],
    /// Ciphertext and tag.
    pub ciphertext: Vec<u8>,
}

/// Seals one message to `recipient` under `info`, with an ephemeral key from `random`.
///
/// # Errors
/// [`Error::Sealed`] when the recipient's key is no usable X25519 key.
pub fn seal(
    mode: SealMode<'_>,
    recipient: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    random: &dyn Randomness,
) -> Result<Sealed> {
    let mode = match mode {
        SealMode::Base => OpModeS::Base,
        SealMode::Auth(sender) => OpModeS::Auth((private_key(&sender.secret)?, public_key(&sender.public)?)),
        SealMode::Psk(psk, id) => OpModeS::Psk(bundle(psk, id)?),
    };
    let (enc, mut context) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &mode,
        &public_key(recipient)?,
        info,
        &mut Source(random),
    )
    .map_err(refused)?;
    Ok(Sealed { enc: bytes32(&enc), ciphertext: context.seal(plaintext, aad).map_err(refused)? })
}

/// Opens one message sealed to `recipient` under the same mode and `info`.
///
/// # Errors
/// [`Error::Sealed`] when anything differs from what was sealed, the sender included.
pub fn open(
    mode: OpenMode<'_>,
    recipient: &KemKey,
    info: &[u8],
    aad: &[u8],
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>> {
    let mode = match mode {
        OpenMode::Base => OpModeR::Base,
        OpenMode::Auth(sender) => OpModeR::Auth(public_key(sender)?),
        OpenMode::Psk(psk, id) => OpModeR::Psk(bundle(psk, id)?),
    };
    let enc = <Kem as ::hpke::kem::Kem>::EncappedKey::from_bytes(&sealed.enc).map_err(refused)?;
    setup_receiver::<ChaCha20Poly1305, HkdfSha256, Kem>(&mode, &private_key(&recipient.secret)?, &enc, info)
        .and_then(|mut context| context.open(&sealed.ciphertext, aad))
        .map(Zeroizing::new)
        .map_err(refused)
}

fn private_key(secret: &Secret32) -> Result<PrivateKey> {
    PrivateKey::from_bytes(secret.bytes()).map_err(refused)
}

fn public_key(bytes: &[u8; 32]) -> Result<PublicKey> {
    PublicKey::from_bytes(bytes).map_err(refused)
}

fn bundle<'a>(psk: &'a Secret32, id: &'a [u8]) -> Result<PskBundle<'a>> {
    PskBundle::new(psk.bytes(), id).map_err(refused)
}

fn bytes32(key: &impl Serializable) -> [u8; 32] {
    <[u8; 32]>::try_from(AsRef::<[u8]>::as_ref(&key.to_bytes())).unwrap_or_default()
}

fn refused(_: ::hpke::HpkeError) -> Error {
    Error::Sealed("grant does not open: changed, or not meant for this key")
}

/// Our injected randomness, in the shape that the hpke crate asks for.
struct Source<'a>(&'a dyn Randomness);

impl TryRng for Source<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    fn secret(text: &str) -> Secret32 {
        Secret32::from_slice(&hex(text)).unwrap()
    }

    /// Gives the keying material of a published vector instead of randomness.
    struct Fixed(Vec<u8>);

    impl Randomness for Fixed {
        fn fill(&self, out: &mut [u8]) {
            out.copy_from_slice(&self.0);
        }
    }

    const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    const TEXT: &str = "4265617574792069732074727574682c20747275746820626561757479";

    #[test]
    fn mode_base_gives_the_bytes_of_rfc_9180_a_2_1() {
        let recipient =
            KemKey::from_secret(secret("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"));
        let ephemeral = Fixed(hex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b"));
        let public = recipient.public();
        let sealed = seal(SealMode::Base, &public, &hex(INFO), b"Count-0", &hex(TEXT), &ephemeral).unwrap();
        assert_eq!(
            sealed.enc.to_vec(),
            hex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
        );
        assert_eq!(
            sealed.ciphertext,
            hex("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")
        );
        let opened = open(OpenMode::Base, &recipient, &hex(INFO), b"Count-0", &sealed).unwrap();
        assert_eq!(*opened, hex(TEXT));
    }

    #[test]
    fn mode_psk_gives_the_bytes_of_rfc_9180_a_2_2() {
        let psk = secret("0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82");
        let id = hex("456e6e796e20447572696e206172616e204d6f726961");
        let recipient =
            KemKey::from_secret(secret("77d114e0212be51cb1d76fa99dd41cfd4d0166b08caa09074430a6c59ef17879"));
        assert_eq!(
            recipient.public().to_vec(),
            hex("13640af826b722fc04feaa4de2f28fbd5ecc03623b317834e7ff4120dbe73062")
        );
        let ephemeral = Fixed(hex("35706a0b09fb26fb45c39c2f5079c709c7cf98e43afa973f14d88ece7e29c2e3"));
        let mode = SealMode::Psk(&psk, &id);
        let sealed = seal(mode, &recipient.public(), &hex(INFO), b"Count-0", &hex(TEXT), &ephemeral).unwrap();
        assert_eq!(
            sealed.enc.to_vec(),
            hex("2261299c3f40a9afc133b969a97f05e95be2c514e54f3de26cbe5644ac735b04")
        );
        assert_eq!(
            sealed.ciphertext,
            hex("4a177f9c0d6f15cfdf533fb65bf84aecdc6ab16b8b85b4cf65a370e07fc1d78d28fb073214525276f4a89608ff")
        );
        let opened = open(OpenMode::Psk(&psk, &id), &recipient, &hex(INFO), b"Count-0", &sealed).unwrap();
        assert_eq!(*opened, hex(TEXT));
    }

    #[test]
    fn mode_auth_gives_the_bytes_of_rfc_9180_a_2_3() {
        let sender =
            KemKey::from_secret(secret("2def0cb58ffcf83d1062dd085c8aceca7f4c0c3fd05912d847b61f3e54121f05"));
        let recipient =
            KemKey::from_secret(secret("3ca22a6d1cda1bb9480949ec5329d3bf0b080ca4c45879c95eddb55c70b80b82"));
        let ephemeral = Fixed(hex("938d3daa5a8904540bc24f48ae90eed3f4f7f11839560597b55e7c9598c996c0"));
        let sealed = seal(
            SealMode::Auth(&sender),
            &recipient.public(),
            &hex(INFO),
            b"Count-0",
            &hex(TEXT),
            &ephemeral,
        )
        .unwrap();
        assert_eq!(
            sealed.enc.to_vec(),
            hex("f7674cc8cd7baa5872d1f33dbaffe3314239f6197ddf5ded1746760bfc847e0e")
        );
        assert_eq!(
            sealed.ciphertext,
            hex("ab1a13c9d4f01a87ec3440dbd756e2677bd2ecf9df0ce7ed73869b98e00c09be111cb9fdf077347aeb88e61bdf")
        );
        let mode = OpenMode::Auth(&sender.public());
        assert_eq!(*open(mode, &recipient, &hex(INFO), b"Count-0", &sealed).unwrap(), hex(TEXT));
    }

    #[test]
    fn a_grant_opens_only_for_its_receiver_sender_and_info() {
        let random = SeededRandomness::new(8);
        let [sender, recipient, other] = [(); 3].map(|()| KemKey::make(&random));
        let sealed =
            seal(SealMode::Auth(&sender), &recipient.public(), b"info", b"", b"keys", &random).unwrap();
        let from = |key: &KemKey| key.public();
        assert!(open(OpenMode::Auth(&from(&sender)), &recipient, b"info", b"", &sealed).is_ok());
        assert!(open(OpenMode::Auth(&from(&other)), &recipient, b"info", b"", &sealed).is_err());
        assert!(open(OpenMode::Auth(&from(&sender)), &other, b"info", b"", &sealed).is_err());
        assert!(open(OpenMode::Auth(&from(&sender)), &recipient, b"inf0", b"", &sealed).is_err());
        for bit in 0..sealed.ciphertext.len() * 8 {
            let mut bad = sealed.clone();
            bad.ciphertext[bit / 8] ^= 1 << (bit % 8);
            assert!(open(OpenMode::Auth(&from(&sender)), &recipient, b"info", b"", &bad).is_err());
        }
        // Bit 255 of an X25519 point is ignored by RFC 7748, but HPKE's key schedule hashes it.
        for bit in 0..256 {
            let mut bad = sealed.clone();
            bad.enc[bit / 8] ^= 1 << (bit % 8);
            assert!(open(OpenMode::Auth(&from(&sender)), &recipient, b"info", b"", &bad).is_err());
        }
    }

    #[test]
    fn a_psk_grant_needs_the_secret_and_the_link() {
        let random = SeededRandomness::new(8);
        let recipient = KemKey::make(&random);
        let (psk, wrong) = (Secret32::make(&random), Secret32::make(&random));
        let sealed =
            seal(SealMode::Psk(&psk, b"link"), &recipient.public(), b"info", b"", b"keys", &random).unwrap();
        assert!(open(OpenMode::Psk(&psk, b"link"), &recipient, b"info", b"", &sealed).is_ok());
        assert!(open(OpenMode::Psk(&wrong, b"link"), &recipient, b"info", b"", &sealed).is_err());
        assert!(open(OpenMode::Psk(&psk, b"lick"), &recipient, b"info", b"", &sealed).is_err());
        assert!(seal(SealMode::Psk(&psk, b"link"), &[0; 32], b"info", b"", b"keys", &random).is_err());
    }
}
