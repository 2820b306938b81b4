//! record.json: one object, one list a kind, one line a record (docs/formats.md 13).

use super::material::Material;
use crate::error::{Error, Result};
use crate::export::html::written;
use crate::plain::{FORMAT, VERSION};
use crate::progress::Cancel;
use std::io::Write;

pub(super) fn write(material: &Material<'_>, out: &mut dyn Write, cancel: &Cancel) -> Result<()> {
    let put =
        |out: &mut dyn Write, text: &str| out.write_all(text.as_bytes()).map_err(|error| written(&error));
    let made_at = material.made_at;
    put(out, &format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"made_at\":{made_at}"))?;
    for kind in &material.kinds {
        put(out, &format!(",\n\"{}\":[", kind.list))?;
        let mut between = "\n";
        material.each(kind, |object| {
            cancel.check()?;
            put(out, between)?;
            between = ",\n";
            serde_json::to_writer(&mut *out, &object).map_err(|error| match error.io_error_kind() {
                Some(kind) => written(&kind.into()),
                None => Error::internal("writing a record"),
            })
        })?;
        put(out, "\n]")?;
    }
    put(out, "\n}\n")
}
