//! The faces inside the file: Literata for text, Atkinson Hyperlegible Next for labels (core/assets/fonts/README.md).
use std::io::Write;

use super::write::Writer;
use crate::error::Result;

const EXTENDED: &str = "U+0100-0130,U+0132-0151,U+0154-015F,U+0162-0177,U+0179-017C,U+017F,U+0218-021B,U+1E80-1E85,U+1E9E,U+1EF2-1EF3";

const FACES: [(&str, &[u8], &str); 4] = [
    ("Literata", include_bytes!("../../../assets/fonts/literata.woff2"), ""),
    ("Literata", include_bytes!("../../../assets/fonts/literata-ext.woff2"), EXTENDED),
    ("Atkinson Hyperlegible Next", include_bytes!("../../../assets/fonts/atkinson.woff2"), ""),
    ("Atkinson Hyperlegible Next", include_bytes!("../../../assets/fonts/atkinson-ext.woff2"), EXTENDED),
];

/// The @font-face rules with the fonts as data: addresses. The face for extended Latin is read only when needed.
pub fn faces<W: Write>(page: &mut Writer<'_, W>) -> Result<()> {
    for (family, bytes, range) in FACES {
        page.raw(&format!("@font-face{{font-family:\"{family}\";font-weight:400 600;font-display:block;"))?;
        if !range.is_empty() {
            page.raw(&format!("unicode-range:{range};"))?;
        }
        page.raw("src:url(data:font/woff2;base64,")?;
        page.base64(bytes)?;
        page.raw(") format(\"woff2\")}\n")?;
    }
    Ok(())
}
