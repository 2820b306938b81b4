//! What can't be taken in: the error says what to do, and nothing brings the app down.

use super::*;
use crate::host::DecodedImage;

fn refusal(bytes: &[u8]) -> String {
    match import(bytes) {
        Err(Error::Image(message)) => message,
        other => panic!("{:?}", other.map(|copies| copies.blurhash)),
    }
}

#[test]
fn an_empty_file_and_one_of_another_kind_say_what_to_do() {
    assert!(refusal(b"").contains("empty"));
    for other in [&b"hello"[..], b"%PDF-1.7", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"GIF89a", b"II*\0"] {
        assert!(refusal(other).contains("save it as JPEG or PNG"), "{other:?}");
    }
}

#[test]
fn a_200_megapixel_header_is_refused_before_anything_is_allocated() {
    let mut big = fixture("cat.jpg");
    let sof = big.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    big[sof + 5..sof + 9].copy_from_slice(&[0x2F, 0xD0, 0x3F, 0xC0]); // 12240 x 16320
    assert!(refusal(&big).contains("50 megapixels"));

    let mut big = png(4, 4, png::ColorType::Grayscale, png::BitDepth::Eight, &[0; 16]);
    big[16..24].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
    let crc = crc32(&big[12..29]).to_be_bytes();
    big[29..33].copy_from_slice(&crc);
    assert!(refusal(&big).contains("50 megapixels"));

    let mut big = webp_container(0x00, &vp8l(&webp(4, 4, image_webp::ColorType::Rgb8, &[9; 48])));
    big[24..30].copy_from_slice(&[0xFF, 0x3F, 0x00, 0xFF, 0x3F, 0x00]); // 16384 x 16384
    assert!(!refusal(&big).is_empty());
}

#[test]
fn a_moving_picture_is_refused_in_words() {
    let frame = vp8l(&webp(8, 8, image_webp::ColorType::Rgb8, &[9; 192]));
    let mut anim = b"ANIM\x06\0\0\0\0\0\0\0\0\0".to_vec();
    let mut body = vec![0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0, 100, 0, 0, 0];
    body.extend(&frame);
    anim.extend(b"ANMF");
    anim.extend((body.len() as u32).to_le_bytes());
    anim.extend(body);
    let mut file = webp_container(0x02, &anim);
    file[24..30].copy_from_slice(&[7, 0, 0, 7, 0, 0]);
    assert!(refusal(&file).contains("moving picture"), "{}", refusal(&file));
}

/// A WebP file of the extended kind around these chunks.
fn webp_container(flags: u8, chunks: &[u8]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    file.extend([flags, 0, 0, 0, 3, 0, 0, 3, 0, 0]);
    file.extend(chunks);
    let size = (file.len() as u32 - 8).to_le_bytes();
    file[4..8].copy_from_slice(&size);
    file
}

/// The picture chunk of a simple WebP file.
fn vp8l(file: &[u8]) -> Vec<u8> {
    file[12..].to_vec()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let photos = [
        ("jpeg", fixture("cat.jpg")),
        ("png", png(96, 48, png::ColorType::Rgb, png::BitDepth::Eight, &quarters(96, 48))),
        ("webp", webp(96, 48, image_webp::ColorType::Rgb8, &quarters(96, 48))),
    ];
    for (kind, photo) in photos {
        assert!(import(&photo).is_ok(), "{kind}");
        for part in 1..20 {
            let keep = photo.len() * part / 20;
            assert!(import(&photo[..keep]).is_err(), "{kind}: {keep} of {} bytes", photo.len());
        }
    }
}

#[test]
fn a_damaged_file_is_taken_in_or_refused_but_never_brings_the_app_down() {
    use crate::clock::{Randomness, SeededRandomness};
    let random = SeededRandomness::new(11);
    let number = |below: usize| {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % below
    };
    let photos = [
        jpeg(96, 48, ColorType::Rgb, &quarters(96, 48), Some(6)),
        fixture("deep-sky.jpg")[..12_000].to_vec(),
        png(96, 48, png::ColorType::Rgb, png::BitDepth::Eight, &quarters(96, 48)),
        webp(96, 48, image_webp::ColorType::Rgb8, &quarters(96, 48)),
    ];
    let mut refused = 0;
    for round in 0..400 {
        let mut photo = photos[round % photos.len()].clone();
        for _ in 0..=number(6) {
            let (place, value) = (number(photo.len().min(600)), number(256) as u8);
            photo[place] = value;
        }
        match import(&photo) {
            Ok(_) => {}
            Err(Error::Image(_)) => refused += 1,
            Err(other) => panic!("round {round}: {other}"),
        }
    }
    assert!(refused > 100, "only {refused} of 400 were refused");
}

struct Host(DecodedImage);

impl ImageDecoder for Host {
    fn decode(&self, _bytes: &[u8]) -> Result<DecodedImage> {
        Ok(self.0.clone())
    }
}

#[test]
fn what_only_the_host_knows_is_decoded_by_the_host() {
    let rgba: Vec<u8> = quarters(96, 48).chunks(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    let image = DecodedImage {
        width: 96,
        height: 48,
        rgba,
        orientation: 6,
        captured_at: Some("2026-01-02T03:04:05".into()),
    };
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let copies = make(heic, Some(&Host(image.clone())), &Cancel::new(), &|| ()).unwrap();
    assert_eq!((copies.display.width, copies.display.height), (48, 96));
    assert_eq!(copies.captured_at.as_deref(), Some("2026-01-02T03:04:05"));
    assert!(near(at(&pixels(&copies.display), 10, 10), BLUE));

    let lying = Host(DecodedImage { width: 4_000, ..image });
    assert!(matches!(make(heic, Some(&lying), &Cancel::new(), &|| ()), Err(Error::Image(_))));
}

#[test]
fn cancelling_stops_between_steps() {
    let cancel = Cancel::new();
    let steps = std::cell::Cell::new(0);
    let step = || {
        steps.set(steps.get() + 1);
        cancel.cancel();
    };
    assert_eq!(make(&fixture("cat.jpg"), None, &cancel, &step).err(), Some(Error::Cancelled));
    assert_eq!(steps.get(), 1);
}
