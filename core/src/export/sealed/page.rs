//! The page around the sealed pieces: six fields, the script that opens it, and nothing of what is inside.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::words;
use crate::crypto::spoken::{Pieces, ROUNDS};
use crate::error::Result;
use crate::export::html::{RENAMING_SCRIPT, written};

const STYLE: &str = include_str!("sealed.css");
/// The one script of the page; the policy names it by its hash.
const SCRIPT: &str =
    concat!("(() => {\n  'use strict';\n", include_str!("cipher.js"), include_str!("open.js"), "})();\n");
/// Bytes of the page without its pieces, at most.
pub const AROUND: u64 = 40_000;
/// Bytes around each piece.
pub const AROUND_PIECE: u64 = 50;
/// Fields ask the browser to keep, correct and translate nothing.
const FIELD: &str = "type=\"text\" maxlength=\"200\" autocomplete=\"off\" autocorrect=\"off\" autocapitalize=\"off\" \
                     spellcheck=\"false\" translate=\"no\" data-1p-ignore data-lpignore=\"true\" data-form-type=\"other\"";

/// The page that is being written, between its head and its end.
pub struct Page<W: Write>(W);

impl<W: Write> Page<W> {
    /// Everything before the pieces.
    pub fn begin(mut out: W, salt: &[u8; 16], fixed_names: bool) -> Result<Self> {
        head(&mut out, &STANDARD.encode(salt), &policy(fixed_names)).map_err(|error| written(&error))?;
        Ok(Self(out))
    }

    /// Everything behind them.
    pub fn end(self) -> io::Result<()> {
        let mut out = self.0;
        // By this the script sees that all of it is here.
        writeln!(out, "<i id=\"end\" hidden></i>\n</body>\n</html>")?;
        out.flush()
    }
}

impl<W: Write> Pieces for Page<W> {
    fn piece(&mut self, sealed: &[u8]) -> io::Result<()> {
        self.0.write_all(b"<script type=\"text/plain\" class=\"piece\">")?;
        let mut encoder = base64::write::EncoderWriter::new(&mut self.0, &STANDARD);
        encoder.write_all(sealed)?;
        encoder.finish()?;
        drop(encoder);
        self.0.write_all(b"</script>\n")
    }
}

/// It holds for the opened document too, which stands in the same window: that one's script may run as well.
fn policy(fixed_names: bool) -> String {
    let hash = |script: &str| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())));
    let inner = if fixed_names { String::new() } else { hash(RENAMING_SCRIPT) };
    format!(
        "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; font-src data:; \
         script-src{}{inner}; form-action 'none'; base-uri 'none'",
        hash(SCRIPT)
    )
}

fn head(out: &mut impl Write, salt: &str, policy: &str) -> io::Result<()> {
    write!(
        out,
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>A sealed file</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>A sealed file</h1>\n\
         <p>Six words open it. Whoever made it tells you the words by voice, never in the same message.</p>\n\
         <p class=\"small\">It opens on this device, without the internet. What you type stays in this window.</p>\n\
         <p id=\"preview\">Open this file in a web browser. In a mail or file preview, choose Share, then Safari, Chrome or \
         Firefox.</p>\n\
         <form id=\"open\" hidden data-salt=\"{salt}\" data-rounds=\"{ROUNDS}\">\n<fieldset>\n<legend>The six words, in their order</legend>\n"
    )?;
    for number in 1..=6 {
        writeln!(
            out,
            "<div><label for=\"word-{number}\">Word {number}</label>\
             <input id=\"word-{number}\" aria-describedby=\"wrong-{number}\" {FIELD}>\
             <p class=\"wrong\" id=\"wrong-{number}\"></p></div>"
        )?;
    }
    write!(
        out,
        "</fieldset>\n<button>Open</button>\n</form>\n<p id=\"status\" role=\"status\"></p>\n</main>\n\
         <script type=\"text/plain\" id=\"list\">"
    )?;
    for word in words::list() {
        write!(out, "{word} ")?;
    }
    writeln!(out, "</script>\n<script>{SCRIPT}</script>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_can_store_send_and_parse_nothing() {
        for word in [
            "innerHTML",
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "cookie",
            "fetch(",
            "XMLHttpRequest",
            "sendBeacon",
            "eval",
            "</script",
            "<!--",
        ] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
        assert!(!SCRIPT.contains('\r'), "the hash is over line feeds only");
    }
}
