//! What a QR code or a typed invite holds, and everything that derives from its secret.

use crate::clock::Randomness;
use crate::crypto::{Secret32, envelope, kdf};
use crate::error::{Error, Result};
use hmac::{Hmac, KeyInit, Mac};
use kinfolio_protocol::labels;
use kinfolio_protocol::link::{LinkPost, Scan};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, decode};
use qrcode::bits::Bits;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};
use sha2::Sha256;
use std::fmt;

/// A code to show.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// Which link it opens.
    pub link: [u8; 16],
    /// The QR code's bytes.
    pub payload: Vec<u8>,
    /// The QR code as an SVG picture, black on white.
    pub svg: String,
    /// An invite's secret to be sent as text, for an adult far away.
    pub text: Option<String>,
    /// When it ends, milliseconds since 1970.
    pub expires_ms: i64,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

/// link_id = KDF(secret, ~link-id)[..16].
pub(super) fn link_id(secret: &Secret32) -> LinkId {
    let id = kdf::derive(secret.bytes(), labels::LINK_ID, &[]);
    let (first, _) = id.bytes().split_first_chunk().unwrap_or((&[0; 16], &[]));
    LinkId(*first)
}

/// The HPKE pre-shared key.
pub(super) fn psk(secret: &Secret32) -> Secret32 {
    kdf::derive(secret.bytes(), labels::LINK_PSK, &[])
}

/// A new device's post, its name sealed and its keys under the link's MAC.
pub(super) fn make_post(
    secret: &Secret32,
    family: Option<FamilyId>,
    device: DeviceId,
    kem_pk: [u8; 32],
    sign_pk: [u8; 32],
    name: &str,
    random: &dyn Randomness,
) -> Result<LinkPost> {
    let sealed_name = envelope::seal_name(secret, link_id(secret).as_bytes(), name, random)?;
    let mac = mac(secret, family, device, &kem_pk, &sign_pk)?.finalize().into_bytes().into();
    Ok(LinkPost { device, kem_pk, sign_pk, sealed_name, mac })
}

/// Checks that the post comes from whoever has the link's secret; gives the device's name.
///
/// # Errors
/// [`Error::Sealed`] when the server, or anybody on the way, put other keys there.
pub(super) fn check_post(secret: &Secret32, family: Option<FamilyId>, post: &LinkPost) -> Result<String> {
    mac(secret, family, post.device, &post.kem_pk, &post.sign_pk)?
        .verify_slice(&post.mac)
        .map_err(|_| Error::Sealed("the new phone's keys do not belong to this code: start over"))?;
    envelope::open_name(secret, link_id(secret).as_bytes(), &post.sealed_name)
}

fn mac(
    secret: &Secret32,
    family: Option<FamilyId>,
    device: DeviceId,
    kem_pk: &[u8; 32],
    sign_pk: &[u8; 32],
) -> Result<Hmac<Sha256>> {
    let key = kdf::derive(secret.bytes(), labels::LINK_MAC, &[]);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).map_err(|_| Error::internal("mac key"))?;
    mac.update(&LinkPost::mac_message(link_id(secret), family, device, kem_pk, sign_pk));
    Ok(mac)
}

/// The picture of a payload: byte mode (what all scanners hand on unchanged), medium error correction, the smallest
/// size that holds it.
pub(super) fn svg(payload: &[u8]) -> Result<String> {
    let code = (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(payload).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        QrCode::with_bits(bits, EcLevel::M).ok()
    });
    let code = code.ok_or_else(|| Error::invalid("the server's address is too long for a code"))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(256, 256).build())
}

/// Reads what a camera saw.
///
/// # Errors
/// [`Error::InvalidInput`] for a code that is not Kinfolio's.
pub(super) fn read(payload: &[u8]) -> Result<Scan> {
    decode(payload).map_err(|error| match (error, payload.first()) {
        // Another version's code is an array that begins with its version; anything else is a stranger's.
        (kinfolio_protocol::Error::UpdateApp, Some(0x80..=0x97)) => Error::UpdateApp,
        _ => Error::invalid("this is not a Kinfolio code"),
    })
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// 1 || secret || SHA-256(1 || secret || issuer)[..3] in base32 (RFC 4648, no padding), "@", issuer host.
pub(super) fn text(secret: &Secret32, issuer: &str) -> String {
    let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
    let mut bytes = [&[1][..], secret.bytes()].concat();
    bytes.extend_from_slice(&checksum(&bytes, issuer));
    let mut out = String::new();
    for bits in bytes.chunks(5) {
        let mut group = [0; 8];
        for (to, from) in group.iter_mut().skip(3).zip(bits) {
            *to = *from;
        }
        let word = u64::from_be_bytes(group);
        for place in 0..(bits.len() * 8).div_ceil(5) {
            let index = (word >> (35 - 5 * place)) & 31;
            out.extend(
                ALPHABET.get(usize::try_from(index).unwrap_or_default()).map(|letter| char::from(*letter)),
            );
        }
    }
    out + "@" + host
}

/// The secret and the issuer of a typed invite; case, spaces and hyphens are forgiven.
pub(super) fn read_text(typed: &str) -> Result<(Secret32, String)> {
    let wrong = || Error::invalid("this invite was mistyped: check it, or scan the picture");
    let (letters, host) = typed.trim().split_once('@').ok_or_else(wrong)?;
    let host = host.trim().to_lowercase();
    let loopback = host.starts_with("127.0.0.1") || host.starts_with("[::1]");
    let issuer = format!("{}://{host}", if loopback { "http" } else { "https" });
    let mut bytes = Vec::with_capacity(36);
    let (mut word, mut filled) = (0u32, 0);
    for letter in letters.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'-') {
        let letter = letter.to_ascii_uppercase();
        let value = ALPHABET.iter().position(|known| *known == letter).ok_or_else(wrong)?;
        word = (word << 5 | u32::try_from(value).unwrap_or_default()) & 0xfff;
        filled += 5;
        if filled >= 8 {
            filled -= 8;
            bytes.push(u8::try_from(word >> filled & 0xff).unwrap_or_default());
        }
    }
    match bytes.split_last_chunk::<3>() {
        Some((before @ [1, secret @ ..], check)) if *check == checksum(before, &issuer) => {
            Secret32::from_slice(secret).map(|secret| (secret, issuer)).map_err(|_| wrong())
        }
        _ => Err(wrong()),
    }
}

fn checksum(before: &[u8], issuer: &str) -> [u8; 3] {
    let hash = labels::sha256(&[before, issuer.as_bytes()].concat());
    let (first, _) = hash.0.split_first_chunk().unwrap_or((&[0; 3], &[]));
    *first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;

    #[test]
    fn a_typed_invite_is_58_letters_and_comes_back_whole() {
        for seed in 0..200 {
            let secret = Secret32::make(&SeededRandomness::new(seed));
            for issuer in ["https://kinfolio.example", "http://127.0.0.1:8080", "http://[::1]:9"] {
                let text = text(&secret, issuer);
                assert_eq!(text.split_once('@').unwrap().0.len(), 58);
                assert_eq!(read_text(&text).unwrap(), (secret.clone(), issuer.to_owned()));
                let (letters, host) = text.split_once('@').unwrap();
                let (first, rest) = letters.split_at(20);
                let messy = format!(" {}- {} @{} ", first.to_lowercase(), rest, host.to_uppercase());
                assert_eq!(read_text(&messy).unwrap(), (secret.clone(), issuer.to_owned()));
            }
        }
    }

    #[test]
    fn a_mistyped_letter_or_another_server_is_noticed() {
        let text = text(&Secret32::make(&SeededRandomness::new(1)), "https://a.example");
        let mut missed = 0;
        for at in 0..58 {
            let mut letters: Vec<char> = text.chars().collect();
            letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
            missed += usize::from(read_text(&letters.iter().collect::<String>()).is_ok());
        }
        assert_eq!(missed, 0);
        assert!(read_text(&text.replace("a.example", "b.example")).is_err());
        for wrong in ["", "@", "@a.example", "AB@a.example", "not an invite"] {
            assert!(read_text(wrong).is_err());
        }
    }

    #[test]
    fn swapped_keys_are_noticed_by_whoever_has_the_secret() {
        let random = SeededRandomness::new(4);
        let secret = Secret32::make(&random);
        let family = Some(FamilyId([7; 16]));
        let post =
            make_post(&secret, family, DeviceId([1; 16]), [2; 32], [3; 32], "Pixel 8", &random).unwrap();
        assert_eq!(check_post(&secret, family, &post).unwrap(), "Pixel 8");
        let swapped = [
            LinkPost { kem_pk: [9; 32], ..post.clone() },
            LinkPost { sign_pk: [9; 32], ..post.clone() },
            LinkPost { device: DeviceId([9; 16]), ..post.clone() },
            LinkPost { sealed_name: vec![0; 60], ..post.clone() },
        ];
        assert!(swapped.iter().all(|post| check_post(&secret, family, post).is_err()));
        assert!(check_post(&secret, None, &post).is_err());
        assert!(check_post(&Secret32::make(&random), family, &post).is_err());
    }

    #[test]
    fn a_payload_of_any_size_gives_a_picture_and_too_much_is_said() {
        for length in [1, 100, 140, 2000] {
            assert!(svg(&vec![0x31; length]).unwrap().starts_with("<?xml"));
        }
        assert!(matches!(svg(&[0; 3000]), Err(Error::InvalidInput(_))));
    }

    #[test]
    fn a_picture_that_is_not_ours_says_so() {
        for stranger in [&b"https://example.org"[..], b"", b"\x83abc", &[0xff; 40]] {
            assert!(matches!(read(stranger), Err(Error::InvalidInput(_))), "{stranger:?}");
        }
        assert!(matches!(read(&[0x82, 0x02, 0x00]), Err(Error::UpdateApp)));
    }
}
