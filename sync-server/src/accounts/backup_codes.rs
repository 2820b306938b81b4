//! Backup codes: eight at a time, 120 random bits each, for a day without the authenticator app (sign-in.md 3).

use zeroize::Zeroizing;

use super::tokens::sha256;
use crate::clock::Randomness;
use crate::planted;
use crate::store::{Result, Tx, Value};

/// How many an account gets.
pub(crate) const COUNT: usize = 8;
/// Characters of a code, in groups of four.
const CHARS: usize = 24;
/// Crockford's base32: without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Eight new codes as they are written down: `AB12-CD34-…`.
pub(crate) fn make(random: &dyn Randomness) -> Vec<Zeroizing<String>> {
    (0..COUNT)
        .map(|_| {
            let bytes: Zeroizing<[u8; CHARS]> = Zeroizing::new(random.make());
            let mut text = Zeroizing::new(String::with_capacity(CHARS + CHARS / 4));
            for (place, byte) in bytes.iter().enumerate() {
                if place > 0 && place % 4 == 0 {
                    text.push('-');
                }
                // 32 characters: the low five bits choose without favour.
                text.push(ALPHABET.get(usize::from(byte & 31)).copied().map_or('0', char::from));
            }
            text
        })
        .collect()
}

/// Puts these codes in the place of all earlier ones.
pub(crate) fn replace(tx: &mut Tx<'_>, user: [u8; 16], codes: &[Zeroizing<String>]) -> Result<()> {
    tx.lock(&user)?;
    forget(tx, user)?;
    for code in codes {
        tx.execute(
            "INSERT INTO backup_codes (user_id, code_hash) VALUES ($1, $2)",
            &[user.into(), hash(code).into()],
        )?;
    }
    Ok(())
}

/// Uses a code up. Some(left): it was right, and so many are left. Case, spaces and dashes do not matter.
pub(crate) fn spend(tx: &mut Tx<'_>, user: [u8; 16], typed: &str, now_us: i64) -> Result<Option<i64>> {
    if planted::off("backup-once") {
        tx.execute("UPDATE backup_codes SET used_at = NULL WHERE user_id = $1", &[user.into()])?;
    }
    let spent = tx.execute(
        "UPDATE backup_codes SET used_at = $1 WHERE user_id = $2 AND code_hash = $3 AND used_at IS NULL",
        &[Value::Int(now_us), user.into(), hash(typed).into()],
    )?;
    if spent == 1 { left(tx, user).map(Some) } else { Ok(None) }
}

/// How many are left.
pub(crate) fn left(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM backup_codes WHERE user_id = $1 AND used_at IS NULL";
    tx.query_one(sql, &[user.into()])?.map_or(Ok(0), |row| row.int(0))
}

/// Forgets all of them.
pub(crate) fn forget(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("DELETE FROM backup_codes WHERE user_id = $1", &[user.into()])?;
    Ok(())
}

/// 120 random bits need no slow hash (ASVS 6.5.2). Letters that look like digits are read as those.
fn hash(code: &str) -> [u8; 32] {
    let plain: Zeroizing<String> = Zeroizing::new(
        code.chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect(),
    );
    sha256(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::OsRandomness;

    #[test]
    fn asvs_6_5_3_eight_codes_of_120_bits_and_no_two_alike() {
        let codes = make(&OsRandomness);
        assert_eq!(codes.len(), 8);
        for code in &codes {
            assert_eq!(code.len(), 29, "{}", code.as_str());
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.len(), 6);
            assert!(groups.iter().all(|group| group.len() == 4));
            assert!(code.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)));
            assert_eq!(codes.iter().filter(|other| *other == code).count(), 1);
        }
    }

    #[test]
    fn rfc_9700_26_a_code_is_read_in_any_case_with_any_spaces_and_look_alikes() {
        let code = "01AB-2345-6789-CDEF-GHJK-MNPQ";
        for typed in [
            "01ab2345 6789cdef ghjkmnpq",
            " O1AB 2345 6789 CDEF GHJK MNPQ\n",
            "oiab-2345-6789-cdef-ghjk-mnpq",
            "0LAB23456789CDEFGHJKMNPQ",
        ] {
            assert_eq!(hash(typed), hash(code), "{typed}");
        }
        assert_ne!(hash("01AB-2345-6789-CDEF-GHJK-MNPR"), hash(code));
    }
}
