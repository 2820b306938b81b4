//! Which passwords are good enough (sign-in.md 2.9). No composition rules, nothing trimmed or changed.

use zxcvbn::{Score, zxcvbn};

use super::password::{MAX_BYTES, MAX_CHARS};

/// Fewest characters.
pub(crate) const MIN_CHARS: usize = 15;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Under [`MIN_CHARS`] characters.
    Short,
    /// Over 256 characters or 1,024 bytes.
    Long,
    /// zxcvbn gives it less than 3 of 4.
    Easy,
    /// It stands in the operator's list of stolen ones.
    Stolen,
}

/// Whether a posted password may be hashed at all: the cap comes before any work.
pub(crate) fn fits(password: &str) -> bool {
    password.len() <= MAX_BYTES && password.chars().count() <= MAX_CHARS
}

/// Judges a new password for the account of `email`; `stolen`: it stands in the operator's list. Costs up to 15 ms: run it in
/// the hasher's queue.
pub(crate) fn judge(password: &str, email: &str, host: &str, stolen: bool) -> Result<(), Fault> {
    if !fits(password) {
        return Err(Fault::Long);
    }
    if password.chars().count() < MIN_CHARS {
        return Err(Fault::Short);
    }
    let mut known = vec![email, host, "kinfolio", "homeschool", "home education", "portfolio", "learner"];
    known.extend(email.split(['@', '.', '+', '-', '_']).filter(|part| part.len() > 2));
    if zxcvbn(password, &known).score() < Score::Three {
        return Err(Fault::Easy);
    }
    if stolen { Err(Fault::Stolen) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asvs_6_2_1_6_2_4_6_2_5_6_2_11_short_long_common_and_personal_passwords_are_refused() {
        let judge = |password: &str| judge(password, "maya.hill@example.org", "sync.example.org", false);
        assert_eq!(judge("hedgehog otter"), Err(Fault::Short));
        assert_eq!(judge(&"xq".repeat(200)), Err(Fault::Long));
        for easy in [
            "passwordpassword",
            "123456789012345",
            "maya.hill@example.org",
            "kinfoliokinfolio",
            "aaaaaaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(judge(easy), Err(Fault::Easy), "{easy}");
        }
        for good in
            ["lecture throw pole artwork", "Ünïcode wörter früh im Mai", "correct battery horse staple 9"]
        {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
    }
}
