//! A file that fits: how large a portfolio is with photos of each size, and which size fits into a mail.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::client::{ExportClient, PortfolioRequest};
use super::format::Format;
use super::period;
use super::portfolio::{Photo, Portfolio};
use super::renaming::Renaming;
use super::sealed::sealed_size;
use super::source::PhotoSource;
use super::write::document;
use crate::attachments::{Size, picture};
use crate::error::{Error, Result};
use crate::ids::EntryId;
use crate::progress::{Cancel, NoProgress};

/// What most mailboxes take: 10 MB.
pub const MAIL_BYTES: u64 = 10_000_000;
/// Long edges of photos, in pixels, from the copies that are kept to those of lists.
const EDGES: [u32; 7] = [picture::DISPLAY.0, 1_600, 1_280, 1_024, 800, 640, picture::THUMB.0];
/// Entries that are named as the heaviest.
const NAMED: usize = 5;

/// About how large a file would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeEstimate {
    /// Its bytes.
    pub bytes: u64,
    /// Pixels on the long edge of its photos, at most.
    pub photo_edge: u32,
    /// It has no more bytes than it may have.
    pub fits: bool,
    /// Entries whose photos take most, the heaviest first: what to leave out.
    pub heaviest: Vec<HeavyEntry>,
}

/// An entry and what its photos take in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeavyEntry {
    /// Which entry.
    pub entry: EntryId,
    /// Its day, as printed.
    pub date: String,
    /// How many photos.
    pub photos: u32,
    /// Their bytes in the file.
    pub bytes: u64,
}

/// How large the photos are to begin with.
pub fn first_edge(request: &PortfolioRequest) -> u32 {
    if request.small_photos { picture::THUMB.0 } else { picture::DISPLAY.0 }
}

/// The document with photos of at most so many pixels on the long edge.
pub fn shrink(portfolio: &mut Portfolio, edge: u32) {
    let photos = portfolio.entries.iter_mut().flat_map(|page| &mut page.photos).chain(&mut portfolio.cover);
    photos.for_each(|photo| photo.shrink(edge));
}

/// What a portfolio takes without its photos, and each of its photos.
pub struct Sizes {
    format: Format,
    sealed: bool,
    text: u64,
    photos: Vec<Weight>,
}

struct Weight {
    entry: EntryId,
    date: String,
    long: u32,
    display: u64,
    thumb: u64,
}

impl Sizes {
    pub fn of(
        room: &ExportClient,
        portfolio: &Portfolio,
        request: &PortfolioRequest,
        sealed: bool,
        cancel: &Cancel,
    ) -> Result<Self> {
        let mut text = Cursor::new(Vec::new());
        let none = Renaming::none();
        document(portfolio, request, &none, &NoBytes, &mut text, &NoProgress, cancel)?;
        // A PDF and a page beside its photos show one image in two places.
        let twice = matches!(request.format, Format::Html | Format::Docx);
        let cover = portfolio.cover.iter().filter(|_| twice);
        let photos = portfolio.entries.iter().flat_map(|page| &page.photos).chain(cover);
        let weight = |photo: &Photo| {
            let bytes = |size| room.attachments.bytes_of(photo.attachment, size);
            Ok(Weight {
                entry: photo.entry,
                date: period::date(photo.date),
                long: photo.width.max(photo.height),
                display: bytes(Size::Display)?,
                thumb: bytes(Size::Thumb)?,
            })
        };
        Ok(Self {
            format: request.format,
            sealed,
            text: text.into_inner().len() as u64,
            photos: photos.map(weight).collect::<Result<_>>()?,
        })
    }

    pub fn estimate(&self, request: &PortfolioRequest) -> SizeEstimate {
        let most = request.most_bytes.unwrap_or(u64::MAX);
        let first = first_edge(request);
        let edge = self.fitting(first, most).next();
        let photo_edge = edge.unwrap_or(picture::THUMB.0);
        SizeEstimate {
            bytes: self.at(photo_edge),
            photo_edge,
            fits: edge.is_some(),
            heaviest: self.heaviest(photo_edge),
        }
    }

    /// The sizes of photos that may do, the largest first.
    pub fn edges(&self, request: &PortfolioRequest) -> Result<Vec<u32>> {
        let most = request.most_bytes.unwrap_or(u64::MAX);
        let edges: Vec<u32> = self.fitting(first_edge(request), most).collect();
        if edges.is_empty() {
            return Err(self.too_large(most));
        }
        Ok(edges)
    }

    /// Between the copies that are kept, what a photo takes is a guess: some room is left for it.
    fn fitting(&self, first: u32, most: u64) -> impl Iterator<Item = u32> {
        EDGES.into_iter().filter(move |edge| *edge <= first).filter(move |edge| {
            let known = *edge == picture::DISPLAY.0 || *edge == picture::THUMB.0;
            let room = if known { most } else { most / 100 * 93 };
            self.at(*edge) <= room
        })
    }

    fn at(&self, edge: u32) -> u64 {
        let photos: u64 = self.photos.iter().map(|photo| self.in_file(photo.at(edge))).sum();
        if self.sealed { sealed_size(self.text + photos) } else { self.text + photos }
    }

    fn in_file(&self, bytes: u64) -> u64 {
        match self.format {
            Format::Html => bytes.div_ceil(3) * 4,
            Format::Docx | Format::Pdf | Format::Zip => bytes,
        }
    }

    fn heaviest(&self, edge: u32) -> Vec<HeavyEntry> {
        let mut entries: BTreeMap<EntryId, HeavyEntry> = BTreeMap::new();
        for photo in &self.photos {
            let heavy = entries.entry(photo.entry).or_insert_with(|| HeavyEntry {
                entry: photo.entry,
                date: photo.date.clone(),
                photos: 0,
                bytes: 0,
            });
            heavy.photos += 1;
            heavy.bytes += self.in_file(photo.at(edge));
        }
        let mut entries: Vec<HeavyEntry> = entries.into_values().collect();
        entries.sort_by_key(|one| std::cmp::Reverse(one.bytes));
        entries.truncate(NAMED);
        entries
    }

    fn too_large(&self, most: u64) -> Error {
        let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        let smallest = self.at(picture::THUMB.0);
        let photos: u64 = self.photos.iter().map(|photo| self.in_file(photo.thumb)).sum();
        let over = smallest.saturating_sub(most);
        let says = format!(
            "this document takes {} with its photos as small as they get, and may take {}",
            megabytes(smallest),
            megabytes(most)
        );
        if over >= photos {
            return Error::invalid(format!("{says}: choose fewer entries"));
        }
        let count = self.photos.len() as u64;
        let days = self.heaviest(picture::THUMB.0).into_iter().take(3);
        let days: Vec<String> = days.map(|one| format!("{} ({})", one.date, one.photos)).collect();
        Error::invalid(format!(
            "{says}: leave out about {} of its {count} photos, most are in the entries of {}",
            (over * count).div_ceil(photos.max(1)),
            days.join(", ")
        ))
    }
}

impl Weight {
    /// Bytes at this edge; between the two copies that are kept as a power of the edge.
    fn at(&self, edge: u32) -> u64 {
        let small = self.long.min(picture::THUMB.0);
        if edge >= self.long || small == self.long {
            return self.display;
        }
        if edge <= small {
            return self.thumb;
        }
        let ratio = |one: f64, other: f64| (one / other).ln();
        let place = ratio(edge.into(), small.into()) / ratio(self.long.into(), small.into());
        let grown = ratio(self.display.max(1) as f64, self.thumb.max(1) as f64) * place;
        (self.thumb as f64 * grown.exp()).round() as u64
    }
}

/// The text alone.
struct NoBytes;

impl PhotoSource for NoBytes {
    fn photo(&self, _: &Photo) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(count: u8) -> Sizes {
        let photo = |n| Weight {
            entry: EntryId([n % 2; 16]),
            date: format!("{} May 2026", n % 2 + 1),
            long: 2_048,
            display: 400_000,
            thumb: 33_000,
        };
        Sizes { format: Format::Docx, sealed: false, text: 100_000, photos: (0..count).map(photo).collect() }
    }

    fn request(most: u64) -> PortfolioRequest {
        let mut request = PortfolioRequest::new(crate::ids::LearnerId([1; 16]), "2026-01-01", "2026-12-31");
        request.most_bytes = Some(most);
        request
    }

    #[test]
    fn photos_are_as_large_as_the_file_may_be() {
        let told = |most| {
            let estimate = sizes(50).estimate(&request(most));
            assert!(!estimate.fits || estimate.bytes <= most);
            (estimate.photo_edge, estimate.fits)
        };
        assert_eq!(told(u64::MAX), (2_048, true));
        assert_eq!(told(20_100_000), (2_048, true));
        assert_eq!(told(20_099_999), (1_600, true));
        assert_eq!(told(10_000_000), (1_280, true));
        assert_eq!(told(1_750_000), (512, true));
        assert_eq!(told(1_749_999), (512, false));
        let mut small = request(u64::MAX);
        small.small_photos = true;
        assert_eq!(sizes(50).estimate(&small).photo_edge, 512);
    }

    #[test]
    fn what_does_not_fit_is_told_with_what_to_leave_out() {
        let error = sizes(5).edges(&request(200_000)).unwrap_err().to_string();
        assert_eq!(
            error,
            "this document takes 0.3 MB with its photos as small as they get, and may take 0.2 MB: leave out about 2 of \
             its 5 photos, most are in the entries of 1 May 2026 (3), 2 May 2026 (2)"
        );
        let error = sizes(5).edges(&request(50_000)).unwrap_err().to_string();
        assert!(error.ends_with("choose fewer entries"), "{error}");
    }

    #[test]
    fn a_photo_is_never_guessed_larger_than_it_is_nor_smaller_than_its_small_copy() {
        for long in [100, 512, 600, 1_500, 2_048] {
            let photo = Weight {
                entry: EntryId([1; 16]),
                date: String::new(),
                long,
                display: 300_000,
                thumb: 30_000,
            };
            let sizes: Vec<u64> = EDGES.iter().map(|edge| photo.at(*edge)).collect();
            assert!(sizes.is_sorted_by(|one, other| one >= other), "{sizes:?}");
            assert_eq!(sizes[0], 300_000);
            assert_eq!(sizes[6], if long <= 512 { 300_000 } else { 30_000 });
        }
    }
}
