//! Taking in a photo of 12 megapixels: decoded, two copies, hashed, sealed.

use std::hint::black_box;

use anyhow::Result;
use jpeg_encoder::{ColorType, Encoder};
use kinfolio_core::attachments::picture;
use kinfolio_core::clock::OsRandomness;
use kinfolio_core::crypto::stream::{self, BlobKey};
use kinfolio_core::ids::BlobId;
use kinfolio_core::progress::Cancel;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};
use support::family::photo_folder;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use crate::Plan;
use crate::measure::{cpu_ms, memory_mb, reset_peak};
use crate::table::{Budget, Row, Table};

const WIDTH: usize = 4_000;
const HEIGHT: usize = 3_000;

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    let photo = twelve_megapixels()?;
    let import = || -> Result<()> {
        let copies = picture::make(&photo, None, &Cancel::new(), &|| ())?;
        for copy in [&copies.display, &copies.thumb] {
            black_box(Sha256::digest(&copy.jpeg));
            black_box(stream::seal(&BlobKey::make(&OsRandomness), &BlobId([1; 16]), &copy.jpeg)?);
        }
        Ok(())
    };
    import()?;
    let bare = cpu_ms(plan.runs, || {
        black_box(JpegDecoder::new(ZCursor::new(&photo)).decode().map_err(|_| anyhow::anyhow!("decoding"))?);
        Ok(())
    })?;
    let ours = cpu_ms(plan.runs, import)?;
    let what = "zune-jpeg decoding it to RGB, nothing else";
    let budget = Budget::Most(140.0);
    table.row(Row {
        work: "import a 12 MP photo, CPU".into(),
        ours,
        unit: "ms",
        bare: Some((bare, what)),
        budget,
    });

    reset_peak()?;
    let (before, _) = memory_mb("self")?;
    import()?;
    let (_, peak) = memory_mb("self")?;
    let work = "import a 12 MP photo, memory".into();
    table.row(Row { work, ours: peak - before, unit: "MB", bare: None, budget: Budget::Most(60.0) });

    let copies = picture::make(&photo, None, &Cancel::new(), &|| ())?;
    table.note(format!(
        "photo: a fixture enlarged to 4000 x 3000 with noise, {:.1} MB; copies {:.0} KB and {:.0} KB",
        photo.len() as f64 / 1e6,
        copies.display.jpeg.len() as f64 / 1e3,
        copies.thumb.jpeg.len() as f64 / 1e3,
    ));
    Ok(())
}

/// A fixture photo enlarged, with the noise of a small sensor: real photos of this size are not in the repository.
fn twelve_megapixels() -> Result<Vec<u8>> {
    let small = std::fs::read(photo_folder().join("cat.jpg"))?;
    let mut decoder = JpegDecoder::new(ZCursor::new(&small));
    let pixels = decoder.decode().map_err(|_| anyhow::anyhow!("decoding a fixture"))?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(12);
    let mut large = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (fx, fy) = (
                x as f32 * (width - 1) as f32 / WIDTH as f32,
                y as f32 * (height - 1) as f32 / HEIGHT as f32,
            );
            let (left, top) = (fx as usize, fy as usize);
            let (dx, dy) = (fx - left as f32, fy - top as f32);
            let noise: f32 = rng.random_range(-9.0..9.0);
            for channel in 0..3 {
                let at = |x: usize, y: usize| {
                    f32::from(pixels.get((y * width + x) * 3 + channel).copied().unwrap_or(0))
                };
                let upper = at(left, top) * (1.0 - dx) + at(left + 1, top) * dx;
                let lower = at(left, top + 1) * (1.0 - dx) + at(left + 1, top + 1) * dx;
                large.push((upper * (1.0 - dy) + lower * dy + noise) as u8);
            }
        }
    }
    let mut photo = Vec::new();
    Encoder::new(&mut photo, 88).encode(&large, WIDTH as u16, HEIGHT as u16, ColorType::Rgb)?;
    Ok(photo)
}
