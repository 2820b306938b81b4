//! Standing in for a lost authenticator app: a device of the family, or its 12 words, lets one sign-in through.

use super::KeysClient;
use super::own::Own;
use super::recovery::{RecoveryKey, entropy_of};
use crate::error::{Error, Result};
use kinfolio_protocol::family::ApprovalRequest;
use kinfolio_protocol::log::Signer;
use kinfolio_protocol::{FamilyId, encode, sign};

/// Digits on the page.
const DIGITS: usize = 10;

impl KeysClient {
    /// Lets the sign-in through whose page shows these ten digits: this device signs them. The server
    /// takes them while this device is signed in there. Two-step sign-in stays on.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for digits that no sign-in of this phone's account waits with (they are good for ten
    /// minutes), or when sync was never turned on; [`Error::Offline`].
    pub async fn let_sign_in_through(&self, digits: &str) -> Result<()> {
        let code = digits_of(digits)?;
        let own = self.context.storage.read(Own::load)?;
        let server = own.issuer.clone().ok_or_else(|| Error::invalid("turn on sync first"))?;
        let message = sign::approval(&server, own.family, &code);
        let signature = own.sign.sign(&message);
        let request =
            ApprovalRequest { family: own.family, signer: Signer::Device(own.device), code, signature };
        self.stand_in(&server, &request).await
    }

    /// The same by the family's 12 words, for who has no phone at hand; the server takes them while the account is signed in
    /// on some device of the family. `server` and `family` stand on the paper beside
    /// them. Nothing is kept on this phone.
    ///
    /// # Errors
    /// As [`Self::let_sign_in_through`]; [`Error::InvalidInput`] too for words that are none, and a server's address that
    /// is not https (or this machine).
    pub async fn let_sign_in_through_by_words(
        &self,
        server: &str,
        family: [u8; 16],
        words: &str,
        digits: &str,
    ) -> Result<()> {
        let code = digits_of(digits)?;
        let key = RecoveryKey::derive(&*entropy_of(words)?).sign;
        let (server, family) = (server.trim().trim_end_matches('/'), FamilyId(family));
        let signature = key.sign(&sign::approval(server, family, &code));
        let request = ApprovalRequest { family, signer: Signer::Recovery(key.public()), code, signature };
        self.stand_in(server, &request).await
    }

    async fn stand_in(&self, server: &str, request: &ApprovalRequest) -> Result<()> {
        let reply = self.door.send_signed(server, "/api/v1/second-step", encode(request)).await?;
        match reply.status {
            404 => Err(Error::invalid(
                "no sign-in of this account waits with these digits: look at the page again, or begin there anew",
            )),
            _ => reply.ok().map(drop),
        }
    }
}

/// Typed with spaces or without.
fn digits_of(typed: &str) -> Result<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    match digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(digits),
        false => Err(Error::invalid("the page shows ten digits: type all of them")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_are_taken_with_spaces_and_nothing_else_is() {
        assert_eq!(digits_of(" 01234 56789\n").unwrap(), "0123456789");
        for wrong in ["", "012345678", "01234567890", "O123456789", "٠١٢٣٤٥٦٧٨٩"] {
            assert!(matches!(digits_of(wrong), Err(Error::InvalidInput(_))), "{wrong}");
        }
    }
}
