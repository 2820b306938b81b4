//! A file under a few spoken words, sealed by what every browser has: PBKDF2 and AES-256-GCM (docs/formats.md 14).

use std::io::{self, Write};

use aead_stream::{EncryptorBE32, Nonce, StreamBE32};
use aes_gcm::Aes256Gcm;
use kinfolio_protocol::labels;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Secret32;

/// Rounds of PBKDF2: 0.3 s on a desktop, and the 66 bits of six words take 2^86 hashes to try.
pub const ROUNDS: u32 = 600_000;
/// Plaintext bytes in every piece but the last.
pub const PIECE: usize = 1 << 20;
/// Bytes that sealing adds to each piece.
pub const TAG: usize = 16;

/// The key of one file: its words, a space between, and its own salt.
pub fn derive_key(words: &str, salt: &[u8; 16]) -> Secret32 {
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(words.as_bytes(), salt, ROUNDS, &mut key);
    Secret32::from_bytes(key)
}

/// Where the sealed pieces go, each on its own.
pub trait Pieces {
    /// The next one.
    ///
    /// # Errors
    /// When it can't be written.
    fn piece(&mut self, sealed: &[u8]) -> io::Result<()>;
}

/// Seals what is written to it, piece by piece; [`PieceWriter::finish`] writes the last one.
pub struct PieceWriter<P: Pieces> {
    stream: EncryptorBE32<Aes256Gcm>,
    aad: Vec<u8>,
    piece: Zeroizing<Vec<u8>>,
    out: P,
}

impl<P: Pieces> PieceWriter<P> {
    /// Starts a file under a key that seals nothing else.
    pub fn new(key: &Secret32, out: P) -> Self {
        let nonce = Nonce::<Aes256Gcm, StreamBE32<Aes256Gcm>>::default();
        Self {
            stream: EncryptorBE32::new(key.bytes().into(), &nonce),
            aad: labels::joined(labels::SEALED_FILE, &[]),
            piece: Zeroizing::new(Vec::with_capacity(PIECE + TAG)),
            out,
        }
    }

    /// Seals what is left as the last piece and gives back where the pieces went.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(self) -> io::Result<P> {
        let Self { stream, aad, mut piece, mut out } = self;
        stream.encrypt_last_in_place(&aad, &mut *piece).map_err(|_| too_long())?;
        out.piece(&piece)?;
        Ok(out)
    }
}

impl<P: Pieces> Write for PieceWriter<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // All is taken at once: an encoder of base64 that was relieved of a part says next that it could take nothing.
        let mut left = bytes;
        while !left.is_empty() {
            // A full piece is sealed only when more comes: the last one is known at the end.
            if self.piece.len() == PIECE {
                self.stream.encrypt_next_in_place(&self.aad, &mut *self.piece).map_err(|_| too_long())?;
                self.out.piece(&self.piece)?;
                self.piece.clear();
            }
            let (now, later) = left.split_at(left.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            left = later;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_long() -> io::Error {
    io::Error::other("file too long to seal")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aead_stream::{NewStream, StreamPrimitive};

    struct Kept(Vec<Vec<u8>>);

    impl Pieces for Kept {
        fn piece(&mut self, sealed: &[u8]) -> io::Result<()> {
            self.0.push(sealed.to_vec());
            Ok(())
        }
    }

    fn sealed(plain: &[u8]) -> Vec<Vec<u8>> {
        let mut writer = PieceWriter::new(&Secret32::from_bytes([7; 32]), Kept(Vec::new()));
        writer.write_all(plain).unwrap();
        writer.finish().unwrap().0
    }

    fn opened(pieces: &[Vec<u8>]) -> Option<Vec<u8>> {
        let nonce = Nonce::<Aes256Gcm, StreamBE32<Aes256Gcm>>::default();
        let stream: StreamBE32<Aes256Gcm> = StreamBE32::new(&[7; 32].into(), &nonce);
        let aad = labels::joined(labels::SEALED_FILE, &[]);
        let mut plain = Vec::new();
        for (number, piece) in (0..).zip(pieces) {
            let mut piece = piece.clone();
            let last = number as usize + 1 == pieces.len();
            stream.decrypt_in_place(number, last, &aad, &mut piece).ok()?;
            plain.extend(piece);
        }
        Some(plain)
    }

    #[test]
    fn any_length_comes_back_and_no_piece_can_be_dropped_moved_or_changed() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 77] {
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let pieces = sealed(&plain);
            assert_eq!(pieces.len(), length.div_ceil(PIECE).max(1));
            assert_eq!(opened(&pieces), Some(plain));
            let mut changed = pieces.clone();
            changed[0][0] ^= 1;
            assert_eq!(opened(&changed), None);
            if pieces.len() > 1 {
                assert_eq!(opened(&pieces[..pieces.len() - 1]), None);
                let mut moved = pieces.clone();
                moved.swap(0, 1);
                assert_eq!(opened(&moved), None);
            }
        }
    }

    #[test]
    fn whatever_is_written_at_once_is_taken_at_once() {
        let mut writer = PieceWriter::new(&Secret32::from_bytes([7; 32]), Kept(Vec::new()));
        for length in [PIECE - 1, 2, 3 * PIECE + 5, 0] {
            assert_eq!(writer.write(&vec![1; length]).unwrap(), length);
        }
        assert_eq!(opened(&writer.finish().unwrap().0).map(|plain| plain.len()), Some(4 * PIECE + 6));
    }

    #[test]
    fn words_their_order_and_the_salt_make_the_key() {
        assert_ne!(derive_key("a b c d e f", &[1; 16]), derive_key("a b c d e f", &[2; 16]));
        assert_ne!(derive_key("a b c d e f", &[1; 16]), derive_key("a b c d f e", &[1; 16]));
    }

    /// By Python's hashlib.pbkdf2_hmac.
    #[test]
    fn a_key_is_what_another_program_derives() {
        let key = derive_key("abandon ability able about above absent", &[9; 16]);
        let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "2a85de051c8b7a3f82b249a9b3a4ddad2b83a3b7f94b6c2c89e7fbf425308337");
    }
}
