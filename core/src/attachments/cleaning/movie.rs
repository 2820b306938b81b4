//! MP4, MOV and M4A. Nothing is moved, so that what plays plays on: boxes that are not needed to play become `free` ones
//! full of zeros, times and makers' names are zeroed where they stand, and tracks that are neither picture nor sound
//! (places, faces, a drone's path as subtitles) go with their samples. A file of any length takes some memory for its list of
//! boxes, and none for its pictures.

use super::tables::{Chunks, Header, Patch, Track, header, patched};
use super::{Desk, Stop, Told};

const DAMAGED: Stop = Stop::Refused("it is damaged or stops half-way: choose it again from where it plays");
const ELSEWHERE: Stop = Stop::Refused("it plays parts of other files: save it as one ordinary video");
const UNSURE: Stop = Stop::Refused(
    "it holds more than picture and sound, in a form that can't be taken out here: save it as an ordinary video",
);

/// Boxes in boxes; deeper than any that is known.
const DEEPEST: u8 = 8;
/// Boxes of one file, so that one that is made of nothing else ends.
const MOST_BOXES: usize = 100_000;

/// What was found on the way through the boxes.
#[derive(Default)]
struct Scan {
    patches: Vec<Patch>,
    boxes: usize,
    /// Where the samples lie: from, to.
    data: Vec<(u64, u64)>,
    kept: Vec<Track>,
    dropped: Vec<Track>,
    /// The movie comes in pieces with tables of their own.
    pieces: bool,
    brand: [u8; 4],
    millis: Option<u64>,
}

pub(super) fn clean(desk: &mut Desk<'_>) -> Result<Told, Stop> {
    let mut scan = Scan { brand: *b"qt  ", ..Scan::default() };
    let mut place = 0;
    while place < desk.size {
        let found = header(desk, place, desk.size)?.ok_or(DAMAGED)?;
        scan.count()?;
        scan.top(desk, &found)?;
        place = found.end;
    }
    if scan.kept.is_empty() {
        return Err(DAMAGED);
    }
    if !scan.dropped.is_empty() {
        if scan.pieces {
            return Err(UNSURE);
        }
        let chunks = Chunks::read(desk, &scan.kept, &scan.dropped)?;
        scan.patches.extend(chunks.of_dropped(&scan.data));
    }
    patched(desk, scan.patches)?;
    let video = scan.kept.iter().any(|track| track.video);
    let mime = match (video, &scan.brand) {
        (true, b"qt  ") => "video/quicktime",
        (true, [b'3', b'g', ..]) => "video/3gpp",
        (true, _) => "video/mp4",
        (false, [b'3', b'g', ..]) => "audio/3gpp",
        (false, _) => "audio/mp4",
    };
    Ok(Told { mime, length: scan.millis })
}

impl Scan {
    fn top(&mut self, desk: &mut Desk<'_>, found: &Header) -> Result<(), Stop> {
        match &found.kind {
            b"ftyp" | b"styp" => {
                if found.body() >= 4 && found.kind == *b"ftyp" {
                    self.brand = desk.bytes_at(found.inside)?;
                }
            }
            b"moov" => self.children(desk, found, 1, Self::movie)?,
            b"moof" => {
                self.pieces = true;
                self.children(desk, found, 1, Self::piece)?;
            }
            b"mdat" => self.data.push((found.inside, found.end)),
            b"mfra" | b"sidx" | b"ssix" | b"pdin" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.boxes += 1;
        if self.boxes > MOST_BOXES { Err(DAMAGED) } else { Ok(()) }
    }

    /// Every box inside one.
    fn children(
        &mut self,
        desk: &mut Desk<'_>,
        outer: &Header,
        depth: u8,
        each: fn(&mut Self, &mut Desk<'_>, &Header, u8) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if depth > DEEPEST {
            return Err(DAMAGED);
        }
        let mut place = outer.inside;
        while let Some(found) = header(desk, place, outer.end)? {
            self.count()?;
            each(self, desk, &found, depth)?;
            place = found.end;
        }
        // QuickTime may end a list of boxes with four zeros.
        if place < outer.end {
            self.patches.push(Patch::zeros(place, outer.end - place));
        }
        Ok(())
    }

    fn movie(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"mvhd" => {
                self.times(desk, found)?;
                self.millis = self.millis.or(millis(desk, found)?);
            }
            b"trak" => self.track(desk, found, depth)?,
            b"mvex" | b"iods" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    fn track(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        let track = Track::look(desk, found)?;
        if !(track.video || track.sound) {
            self.free(found);
            self.dropped.push(track);
            return Ok(());
        }
        self.kept.push(track);
        self.children(desk, found, depth + 1, Self::in_track)
    }

    fn in_track(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"tkhd" => self.times(desk, found)?,
            b"mdia" => self.children(desk, found, depth + 1, Self::media)?,
            b"edts" | b"tapt" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    fn media(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"mdhd" => self.times(desk, found)?,
            b"hdlr" => self.handler(found),
            b"minf" => self.children(desk, found, depth + 1, Self::information)?,
            b"elng" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    fn information(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"vmhd" | b"smhd" => {}
            b"hdlr" => self.handler(found),
            b"dinf" => self.children(desk, found, depth + 1, Self::where_from)?,
            b"stbl" => self.children(desk, found, depth + 1, Self::table)?,
            _ => self.free(found),
        }
        Ok(())
    }

    /// Where the samples are: in this file, or the file is no whole one. A path that stands there all the same is zeroed.
    fn where_from(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        if found.kind != *b"dref" {
            self.free(found);
            return Ok(());
        }
        let list = Header { inside: found.inside + 8, ..*found };
        self.children(desk, &list, depth + 1, |scan, desk, entry, _| {
            let [_, _, _, flags] = desk.bytes_at(entry.inside)?;
            if flags & 1 == 0 {
                return Err(ELSEWHERE);
            }
            scan.patches.push(Patch::zeros(entry.inside + 4, entry.body().saturating_sub(4)));
            Ok(())
        })
    }

    fn table(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"stsd" => {
                let list = Header { inside: found.inside + 8, ..*found };
                let video = self.kept.last().is_some_and(|track| track.video);
                let entry = if video { Self::picture } else { Self::sound };
                self.children(desk, &list, depth + 1, entry)?;
            }
            b"stts" | b"ctts" | b"cslg" | b"stss" | b"stps" | b"stsc" | b"stsz" | b"stz2" | b"stco"
            | b"co64" | b"sdtp" | b"sbgp" | b"sgpd" | b"subs" | b"saiz" | b"saio" | b"padb" | b"stsh" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    /// Of a picture's description, who made the encoder: a vendor's four letters and a name of 31.
    fn picture(&mut self, desk: &mut Desk<'_>, entry: &Header, depth: u8) -> Result<(), Stop> {
        self.sound(desk, entry, depth)?;
        if entry.body() >= 74 {
            self.patches.push(Patch::zeros(entry.inside + 42, 32));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "one of the shapes that children() calls")]
    fn sound(&mut self, _desk: &mut Desk<'_>, entry: &Header, _depth: u8) -> Result<(), Stop> {
        if entry.body() >= 16 {
            self.patches.push(Patch::zeros(entry.inside + 12, 4));
        }
        Ok(())
    }

    fn piece(&mut self, desk: &mut Desk<'_>, found: &Header, depth: u8) -> Result<(), Stop> {
        match &found.kind {
            b"traf" => self.children(desk, found, depth + 1, Self::piece)?,
            b"mfhd" | b"tfhd" | b"tfdt" | b"trun" | b"sdtp" | b"sbgp" | b"sgpd" | b"subs" | b"saiz"
            | b"saio" => {}
            _ => self.free(found),
        }
        Ok(())
    }

    /// The name and maker of what handles a track.
    fn handler(&mut self, found: &Header) {
        let kept = 12;
        self.patches.push(Patch::zeros(found.inside + kept, found.body().saturating_sub(kept)));
    }

    /// When it was made and changed.
    fn times(&mut self, desk: &mut Desk<'_>, found: &Header) -> Result<(), Stop> {
        let length = if desk.bytes_at::<1>(found.inside)? == [0] { 8 } else { 16 };
        if found.body() < 4 + length {
            return Err(DAMAGED);
        }
        self.patches.push(Patch::zeros(found.inside + 4, length));
        Ok(())
    }

    fn free(&mut self, found: &Header) {
        if !matches!(&found.kind, b"free" | b"wide" | b"skip") {
            self.patches.push(Patch::kind(found.start, *b"free"));
        }
        self.patches.push(Patch::zeros(found.inside, found.body()));
    }
}

/// How long a movie plays, as its head says.
fn millis(desk: &mut Desk<'_>, found: &Header) -> Result<Option<u64>, Stop> {
    let (scale, duration) = if desk.bytes_at::<1>(found.inside)? == [0] {
        let scale = u32::from_be_bytes(desk.bytes_at(found.inside + 12)?);
        (scale, u64::from(u32::from_be_bytes(desk.bytes_at(found.inside + 16)?)))
    } else {
        let scale = u32::from_be_bytes(desk.bytes_at(found.inside + 20)?);
        (scale, u64::from_be_bytes(desk.bytes_at(found.inside + 24)?))
    };
    let known = duration > 0 && duration < u64::from(u32::MAX);
    Ok(duration.checked_mul(1000).and_then(|ms| ms.checked_div(scale.into())).filter(|_| known))
}
