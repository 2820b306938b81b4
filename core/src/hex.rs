//! Bytes as hexadecimal digits, as files and documents write them.

/// Two small digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of such digits, small or large; none for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_nothing_else_is_read() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(unhex(&hex(&all)).as_ref(), Some(&all));
        assert_eq!(unhex(&hex(&all).to_uppercase()), Some(all));
        for wrong in ["0", "0g", "+1", "é0", " 00"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}
