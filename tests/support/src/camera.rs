//! Photographs as a phone's camera leaves them: the fixtures' pictures, made small, each with a time of its own.

use std::fs;
use std::io;
use std::path::Path;

use kinfolio_core::attachments::picture;
use kinfolio_core::progress::Cancel;

use crate::family::photo_folder;

/// The small copies of the fixtures' photographs, as JPEG files without any metadata.
pub fn pictures() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = fs::read_dir(photo_folder())
        .expect("the fixtures")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jpg"))
        .collect();
    files.sort();
    let small = |path| {
        let bytes = fs::read(path).expect("a photo");
        picture::make(&bytes, None, &Cancel::new(), &|| {}).expect("a picture").thumb.jpeg
    };
    files.into_iter().map(small).collect()
}

/// A JPEG file with the time of its taking written into it, `2026-05-03T10:20:30`.
pub fn taken(jpeg: &[u8], at: &str) -> Vec<u8> {
    // One directory that points to the camera's own, which holds DateTimeOriginal (EXIF 2.32, 4.6).
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
    exif.extend(b"\0\x01\x90\x03\0\x02\0\0\0\x14\0\0\0\x2c\0\0\0\0");
    let (day, time) = at.split_once('T').expect("a day and a time");
    exif.extend(format!("{} {time}\0", day.replace('-', ":")).bytes());
    let length = u16::try_from(exif.len() + 2).expect("a short segment");
    let (start, rest) = jpeg.split_at(2);
    [start, b"\xFF\xE1", &length.to_be_bytes(), &exif, rest].concat()
}

/// Writes `photos` photographs into a folder: `days` days in May and June of one year, those of each day some minutes
/// apart. Gives the times in order.
pub fn gallery(folder: &Path, days: usize, photos: usize) -> io::Result<Vec<String>> {
    let pictures = pictures();
    fs::create_dir_all(folder)?;
    let mut times = Vec::with_capacity(photos);
    for number in 0..photos {
        let day = number * days / photos;
        let first = (day * photos).div_ceil(days);
        let time = format!("2026-{:02}-{:02}T10:{:02}:00", 5 + day / 30, 1 + day % 30, number - first);
        let jpeg = taken(&pictures[number % pictures.len()], &time);
        fs::write(folder.join(format!("IMG_{number:04}.jpg")), jpeg)?;
        times.push(time);
    }
    Ok(times)
}
