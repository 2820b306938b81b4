//! Photographs as a phone's camera leaves them: GPS and capture date written by exiftool, and read back.
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Where the photographs say that they were taken.
pub const PLACE: (f64, f64) = (52.628_101, 1.299_349);

/// Copies a photograph to `to` and writes into it when and where it was taken.
pub fn take(photo: &Path, to: &Path, day: &str, hour: u8) -> Result<()> {
    std::fs::copy(photo, to).with_context(|| format!("copy {}", photo.display()))?;
    let taken = format!("{} {hour:02}:15:00", day.replace('-', ":"));
    let status = Command::new("exiftool")
        .args(["-q", "-overwrite_original"])
        .arg(format!("-DateTimeOriginal={taken}"))
        .arg(format!("-CreateDate={taken}"))
        .arg(format!("-GPSLatitude={}", PLACE.0))
        .args(["-GPSLatitudeRef=N", "-GPSLongitudeRef=E"])
        .arg(format!("-GPSLongitude={}", PLACE.1))
        .args(["-Make=Demo", "-Model=Family phone", "-XMP:Creator=Ann Marlow", "-IPTC:By-line=Ann Marlow"])
        .arg(to)
        .status()
        .context("exiftool")?;
    ensure!(status.success(), "exiftool could not write {}", to.display());
    let found = tags(to)?;
    ensure!(found.iter().any(|tag| tag.contains("GPSLatitude")), "exiftool reads no place back");
    ensure!(found.iter().any(|tag| tag.contains(&taken)), "exiftool reads no date back");
    Ok(())
}

/// Every tag of a photograph that tells about people, places, devices or times.
pub fn tags(photo: &Path) -> Result<Vec<String>> {
    let output = Command::new("exiftool")
        .args([
            "-s",
            "-G1",
            "-EXIF:all",
            "-XMP:all",
            "-IPTC:all",
            "-GPS:all",
            "-MakerNotes:all",
            "-Photoshop:all",
        ])
        .arg(photo)
        .output()
        .context("exiftool")?;
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| line.contains(':'))
        .map(str::to_owned)
        .collect())
}
