//! What the boxes of a movie are read and written with: their heads, tracks, where samples lie, and what is written over.

use super::{Desk, Stop};

/// Places of samples in one file; an hour of anything has a tenth of it.
const MOST_CHUNKS: usize = 1_000_000;

/// The head of a box, and where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub kind: [u8; 4],
    pub start: u64,
    /// Where what it holds begins.
    pub inside: u64,
    pub end: u64,
}

impl Header {
    /// Bytes that it holds.
    pub const fn body(&self) -> u64 {
        self.end.saturating_sub(self.inside)
    }
}

/// The box that begins here, inside something that ends at `within`; `None` where nothing is left that could be one.
pub(super) fn header(desk: &mut Desk<'_>, start: u64, within: u64) -> Result<Option<Header>, Stop> {
    if within.saturating_sub(start) < 8 {
        return Ok(None);
    }
    desk.check()?;
    let [a, b, c, d, kind @ ..] = desk.bytes_at::<8>(start)?;
    let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
        // To the end of the file.
        0 if within == desk.size => (within - start, 8),
        1 => (u64::from_be_bytes(desk.bytes_at(start + 8)?), 16),
        short => (u64::from(short), 8),
    };
    let end = start.checked_add(length).filter(|end| *end <= within && length >= head);
    let damaged = || Stop::Refused("it is damaged or stops half-way: choose it again from where it plays");
    end.map(|end| Some(Header { kind, start, inside: start + head, end })).ok_or_else(damaged)
}

/// What is written over a part of the file.
#[derive(Debug)]
pub(super) struct Patch {
    at: u64,
    length: u64,
    with: Option<[u8; 4]>,
}

impl Patch {
    pub const fn zeros(at: u64, length: u64) -> Self {
        Self { at, length, with: None }
    }

    /// The four letters of the box that begins here.
    pub const fn kind(start: u64, kind: [u8; 4]) -> Self {
        Self { at: start + 4, length: 4, with: Some(kind) }
    }
}

/// Copies the file with its patches.
pub(super) fn patched(desk: &mut Desk<'_>, mut patches: Vec<Patch>) -> Result<(), Stop> {
    patches.sort_by_key(|patch| patch.at);
    let mut place = 0;
    for patch in patches {
        // Of two that overlap, the later one's rest.
        let (from, to) = (patch.at.max(place), patch.at.saturating_add(patch.length).min(desk.size));
        if from >= to {
            continue;
        }
        desk.copy(place, from - place)?;
        match patch.with.filter(|_| from == patch.at) {
            Some(bytes) => desk.put(&bytes)?,
            None => desk.zeros(to - from)?,
        }
        place = to;
    }
    desk.copy(place, desk.size.saturating_sub(place))
}

/// One track of a movie.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub video: bool,
    pub sound: bool,
    /// The box that says where its samples lie, and whether in 64 bits.
    places: Option<(Header, bool)>,
}

impl Track {
    /// What a track is, before anything of it is changed.
    pub fn look(desk: &mut Desk<'_>, trak: &Header) -> Result<Self, Stop> {
        let mut track = Self::default();
        if let Some(media) = inner(desk, trak, *b"mdia")? {
            if let Some(handler) = inner(desk, &media, *b"hdlr")?.filter(|handler| handler.body() >= 12) {
                let kind = desk.bytes_at::<4>(handler.inside + 8)?;
                (track.video, track.sound) = (kind == *b"vide", kind == *b"soun");
            }
            if let Some(minf) = inner(desk, &media, *b"minf")?
                && let Some(table) = inner(desk, &minf, *b"stbl")?
            {
                let short = inner(desk, &table, *b"stco")?.map(|found| (found, false));
                track.places = match short {
                    Some(short) => Some(short),
                    None => inner(desk, &table, *b"co64")?.map(|found| (found, true)),
                };
            }
        }
        Ok(track)
    }

    fn read_places(&self, desk: &mut Desk<'_>, kept: bool, into: &mut Vec<(u64, bool)>) -> Result<(), Stop> {
        let Some((found, wide)) = &self.places else { return Ok(()) };
        let count = u32::from_be_bytes(desk.bytes_at(found.inside + 4)?) as usize;
        let width = if *wide { 8 } else { 4 };
        if into.len().saturating_add(count) > MOST_CHUNKS || found.body() < 8 + (count * width) as u64 {
            return Err(Stop::Refused("it is damaged: choose it again from where it plays"));
        }
        let mut list = vec![0; count * width];
        desk.read_at(found.inside + 8, &mut list)?;
        into.extend(list.chunks_exact(width).map(|place| {
            let place = place.iter().fold(0u64, |place, byte| place << 8 | u64::from(*byte));
            (place, kept)
        }));
        Ok(())
    }
}

/// The first box of this kind inside another.
fn inner(desk: &mut Desk<'_>, outer: &Header, kind: [u8; 4]) -> Result<Option<Header>, Stop> {
    let mut place = outer.inside;
    while let Some(found) = header(desk, place, outer.end)? {
        if found.kind == kind {
            return Ok(Some(found));
        }
        place = found.end;
    }
    Ok(None)
}

/// Where all samples lie, in order, and whether their track is kept.
pub(super) struct Chunks(Vec<(u64, bool)>);

impl Chunks {
    pub fn read(desk: &mut Desk<'_>, kept: &[Track], dropped: &[Track]) -> Result<Self, Stop> {
        let mut all = Vec::new();
        for (tracks, keep) in [(kept, true), (dropped, false)] {
            for track in tracks {
                track.read_places(desk, keep, &mut all)?;
            }
        }
        // Of two tracks that share a place, the kept one comes last and has it.
        all.sort_unstable();
        Ok(Self(all))
    }

    /// The samples of dropped tracks: each chunk ends where the next one of any track begins, whatever the other tables
    /// say of its length.
    pub fn of_dropped(&self, data: &[(u64, u64)]) -> impl Iterator<Item = Patch> {
        let ends = self.0.iter().skip(1).map(|(place, _)| *place).chain([u64::MAX]);
        let dropped = self.0.iter().zip(ends).filter(|((_, kept), _)| !kept);
        dropped.filter_map(|((from, _), next)| {
            let (_, end) = data.iter().find(|(start, end)| (start..end).contains(&from))?;
            Some(Patch::zeros(*from, next.min(*end).saturating_sub(*from)))
        })
    }
}
