//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// Lower-case hex, the form of ids in URLs and logs.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
