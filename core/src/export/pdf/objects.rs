//! A PDF file as it is written: one object after the other, their places, the table of places at the end.

use std::io::Write;

use pdf_writer::{Chunk, Ref, Settings};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::export::html::written;
use crate::hex::hex;

/// Objects on their way into a file; none stays in memory.
pub struct Objects<'a> {
    out: &'a mut dyn Write,
    at: u64,
    /// Where each object begins, by number; 0 for one that was only promised.
    places: Vec<u64>,
    digest: Sha256,
}

impl<'a> Objects<'a> {
    /// Begins the file.
    pub fn begin(out: &'a mut dyn Write) -> Result<Self> {
        let mut objects = Self { out, at: 0, places: vec![0], digest: Sha256::new() };
        objects.bytes(b"%PDF-1.7\n%\xC3\xA4\xC3\xB6\n")?;
        Ok(objects)
    }

    /// A number for an object that is written later.
    pub fn promise(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len() - 1).unwrap_or(i32::MAX))
    }

    /// Writes the object that has this number.
    pub fn write(&mut self, id: Ref, fill: impl FnOnce(&mut Chunk)) -> Result<()> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        fill(&mut chunk);
        if let Some(place) = usize::try_from(id.get()).ok().and_then(|number| self.places.get_mut(number)) {
            *place = self.at;
        }
        self.bytes(chunk.as_bytes())
    }

    /// Writes an object and gives its number.
    pub fn add(&mut self, fill: impl FnOnce(&mut Chunk, Ref)) -> Result<Ref> {
        let id = self.promise();
        self.write(id, |chunk| fill(chunk, id))?;
        Ok(id)
    }

    /// Ends the file. Its id is made of its bytes: the same document is the same file.
    pub fn end(mut self, catalog: Ref, info: Ref) -> Result<()> {
        let table_at = self.at;
        let count = self.places.len();
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for place in self.places.iter().skip(1) {
            table.push_str(&match place {
                0 => "0000000000 65535 f \n".to_owned(),
                place => format!("{place:010} 00000 n \n"),
            });
        }
        let mut id = hex(&self.digest.clone().finalize());
        id.truncate(32);
        table.push_str(&format!(
            "trailer\n<</Size {count}/Root {} 0 R/Info {} 0 R/ID[<{id}><{id}>]>>\nstartxref\n{table_at}\n%%EOF\n",
            catalog.get(),
            info.get()
        ));
        self.bytes(table.as_bytes())?;
        self.out.flush().map_err(|error| written(&error))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| written(&error))
    }
}

/// Bytes packed for a stream with the filter FlateDecode.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_found_where_the_table_says() {
        let mut file = Vec::new();
        let mut objects = Objects::begin(&mut file).unwrap();
        let later = objects.promise();
        let first = objects.add(|chunk, id| chunk.indirect(id).primitive(7)).unwrap();
        objects.write(later, |chunk| chunk.indirect(later).primitive(9)).unwrap();
        objects.end(later, first).unwrap();
        let text = String::from_utf8_lossy(&file);
        let (_, table) = text.split_once("xref\n0 3\n").unwrap();
        for (line, start) in table.lines().skip(1).zip(["1 0 obj", "2 0 obj"]) {
            let place: usize = line[..10].parse().unwrap();
            assert!(file[place..].starts_with(start.as_bytes()), "{line}");
            assert_eq!(line.len(), 19);
        }
    }
}
