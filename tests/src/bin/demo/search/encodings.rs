//! The shapes in which a secret may lie about: raw, base64, hex, percent-encoding, UTF-16.
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// Shorter patterns would be found by chance.
const SHORTEST: usize = 5;

/// Every encoding of `bytes`, named.
pub fn all(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![("raw", bytes.to_vec())];
    for shift in 0..3 {
        all.push(("base64", inside_base64(&STANDARD, bytes, shift)));
        all.push(("base64url", inside_base64(&URL_SAFE, bytes, shift)));
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    all.push(("HEX", hex.to_uppercase().into_bytes()));
    all.push(("hex", hex.into_bytes()));
    let percent = percent_encode(bytes, NON_ALPHANUMERIC).to_string();
    all.push(("percent-encoding", lower_escapes(&percent).into_bytes()));
    all.push(("percent-encoding", percent.into_bytes()));
    all.push((
        "percent-encoding",
        percent_encode(bytes, NON_ALPHANUMERIC).to_string().replace("%20", "+").into_bytes(),
    ));
    let every: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    all.push(("percent-encoding", every.to_lowercase().into_bytes()));
    all.push(("percent-encoding", every.into_bytes()));
    if let Ok(text) = std::str::from_utf8(bytes) {
        all.push(("UTF-16 LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        all.push(("UTF-16 BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
    }
    all.retain(|(_, pattern)| pattern.len() >= SHORTEST);
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup_by(|a, b| a.1 == b.1);
    all
}

/// The letters that `bytes` always give inside a longer base64 text, when they start `shift` bytes into a triple.
fn inside_base64(engine: &impl base64::Engine, bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    let encoded = engine.encode(&padded);
    let first = (shift * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().as_bytes().to_vec()
}

/// %C3 as %c3; the letters outside escapes stay.
fn lower_escapes(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    let mut left = 0;
    for letter in text.chars() {
        if letter == '%' {
            left = 2;
            lower.push(letter);
        } else if left > 0 {
            left -= 1;
            lower.push(letter.to_ascii_lowercase());
        } else {
            lower.push(letter);
        }
    }
    lower
}
