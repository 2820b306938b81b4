//! MP3, and AAC in ADTS: a row of frames. Only frames are kept; what stands before, between and after them (ID3, APE,
//! Lyrics3) tells of people, places and programs.

use std::io::{BufReader, Read};

use super::{Desk, Source, Stop, Told};

const DAMAGED: Stop = Stop::Refused("it is damaged: choose it again from where it plays");
const CUT: Stop = Stop::Refused("it stops half-way: choose it again from where it plays");

/// How much may stand before the first frame that is neither a tag nor a frame.
const MOST_JUNK: u64 = 65_536;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Mp3,
    Adts,
}

/// One frame, as its first bytes say.
#[derive(Debug, Clone, Copy)]
struct Frame {
    length: u64,
    samples: u64,
    rate: u64,
    /// Bytes from the frame's beginning to where an MP3 may say how many frames there are.
    summary: u64,
}

pub(super) fn clean(codec: Codec, desk: &mut Desk<'_>) -> Result<Told, Stop> {
    let begin = leading_tags(desk)?;
    let end = trailing_tags(desk, begin)?;
    let first = first_frame(codec, desk, begin, end)?;
    let stated = stated_frames(codec, desk, first)?;
    let mut walk = Walk { place: first, frames: 0, nanos: 0, kept: Vec::new() };
    walk.through(codec, desk, end)?;
    if stated.is_some_and(|stated| walk.frames < stated) {
        return Err(CUT);
    }
    for (from, to) in walk.kept {
        desk.copy(from, to - from)?;
    }
    let mime = match codec {
        Codec::Mp3 => "audio/mpeg",
        Codec::Adts => "audio/aac",
    };
    Ok(Told { mime, length: Some(walk.nanos / 1_000_000) })
}

/// The frames from the first on.
struct Walk {
    place: u64,
    frames: u64,
    nanos: u64,
    /// Parts of the file that hold nothing but frames.
    kept: Vec<(u64, u64)>,
}

impl Walk {
    fn through(&mut self, codec: Codec, desk: &mut Desk<'_>, end: u64) -> Result<(), Stop> {
        let mut from = self.place;
        while self.place < end {
            if self.frames.is_multiple_of(1024) {
                desk.check()?;
            }
            let mut source = Ahead::at(desk, self.place)?;
            // As long as frames follow one another the reader need not look for its place.
            while self.place < end {
                let Some(head) = source.head()? else { break };
                let Some(frame) = Frame::read(codec, head) else { break };
                if self.place + frame.length > end {
                    return Err(CUT);
                }
                source.skip(frame.length)?;
                self.place += frame.length;
                self.frames += 1;
                self.nanos += frame.samples * 1_000_000_000 / frame.rate;
            }
            if self.place < end && is_padding(desk, self.place, end)? {
                break;
            }
            if self.place < end {
                self.kept.push((from, self.place));
                self.place =
                    tag(desk, self.place, end)?.ok_or(if end - self.place < 6 { CUT } else { DAMAGED })?;
                from = self.place;
            }
        }
        self.kept.push((from, self.place));
        Ok(())
    }
}

/// Nothing but zeros comes: some recorders fill a file up with them.
fn is_padding(desk: &mut Desk<'_>, place: u64, end: u64) -> Result<bool, Stop> {
    let length = end - place;
    if length > MOST_JUNK {
        return Ok(false);
    }
    let mut rest = Vec::new();
    let mut source = Ahead::at(desk, place)?.reader.take(length);
    source.read_to_end(&mut rest).map_err(|_| DAMAGED)?;
    Ok(rest.iter().all(|byte| *byte == 0))
}

/// The file read ahead, frame by frame.
struct Ahead<'a> {
    reader: BufReader<&'a mut dyn Source>,
}

impl<'a> Ahead<'a> {
    fn at(desk: &'a mut Desk<'_>, place: u64) -> Result<Self, Stop> {
        let source = desk.reader()?;
        source.seek(std::io::SeekFrom::Start(place)).map_err(|_| DAMAGED)?;
        Ok(Self { reader: BufReader::with_capacity(65_536, source) })
    }

    /// The next frame's first bytes; the reader stands before them still.
    fn head(&mut self) -> Result<Option<[u8; 6]>, Stop> {
        let mut head = [0; 6];
        match self.reader.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(_) => return Err(Stop::Refused("it can't be read: choose it again")),
        }
        self.reader.seek_relative(-6).map_err(|_| DAMAGED)?;
        Ok(Some(head))
    }

    fn skip(&mut self, length: u64) -> Result<(), Stop> {
        let length = i64::try_from(length).map_err(|_| DAMAGED)?;
        self.reader.seek_relative(length).map_err(|_| DAMAGED)
    }
}

impl Frame {
    fn read(codec: Codec, head: [u8; 6]) -> Option<Self> {
        match codec {
            Codec::Mp3 => Self::mp3(head),
            Codec::Adts => Self::adts(head),
        }
    }

    /// ISO 11172-3 and 13818-3, layer III.
    fn mp3([sync, version, rates, mode, ..]: [u8; 6]) -> Option<Self> {
        if sync != 0xFF || version & 0xE6 != 0xE2 {
            return None;
        }
        // 3: version 1, 2: version 2, 0: version 2.5.
        let (first, halving) = match version >> 3 & 3 {
            3 => (true, 1),
            2 => (false, 2),
            0 => (false, 4),
            _ => return None,
        };
        let rates_of = if first {
            [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
        } else {
            [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        };
        let kilobits: u64 = *rates_of.get(usize::from(rates >> 4)).filter(|rate| **rate > 0)?;
        let rate = [44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 3)).map(|rate| rate / halving)?;
        let samples = if first { 1152 } else { 576 };
        let mono = mode >> 6 == 3;
        let summary = match (first, mono) {
            (true, false) => 36,
            (true, true) | (false, false) => 21,
            (false, true) => 13,
        };
        let length = samples / 8 * kilobits * 1000 / rate + u64::from(rates >> 1 & 1);
        Some(Self { length, samples, rate, summary })
    }

    /// ISO 13818-7, 6.2.
    fn adts([sync, version, rates, a, b, c]: [u8; 6]) -> Option<Self> {
        if sync != 0xFF || version & 0xF6 != 0xF0 {
            return None;
        }
        let all = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
            7_350,
        ];
        let rate = *all.get(usize::from(rates >> 2 & 15))?;
        let length = u64::from(a & 3) << 11 | u64::from(b) << 3 | u64::from(c) >> 5;
        (length >= 7).then_some(Self { length, samples: 1024, rate, summary: 0 })
    }
}

/// Where the tags at the beginning end.
fn leading_tags(desk: &mut Desk<'_>) -> Result<u64, Stop> {
    let mut place = 0;
    while let Some(next) = tag(desk, place, desk.size)? {
        place = next;
    }
    Ok(place)
}

/// Where a tag that begins here ends; `None` when none does.
fn tag(desk: &mut Desk<'_>, place: u64, end: u64) -> Result<Option<u64>, Stop> {
    let left = end.saturating_sub(place);
    let length = if left >= 10 && desk.bytes_at(place)? == *b"ID3" {
        10 + synchsafe(desk.bytes_at(place + 6)?)
            + if desk.bytes_at::<1>(place + 5)? == [0x10] { 10 } else { 0 }
    } else if left >= 32 && desk.bytes_at(place)? == *b"APETAGEX" {
        32 + u64::from(u32::from_le_bytes(desk.bytes_at(place + 12)?))
    } else {
        return Ok(None);
    };
    match place.checked_add(length).filter(|next| *next <= end) {
        Some(next) => Ok(Some(next)),
        None => Err(CUT),
    }
}

/// Where the tags at the end begin.
fn trailing_tags(desk: &mut Desk<'_>, begin: u64) -> Result<u64, Stop> {
    let mut end = desk.size;
    loop {
        let left = end.saturating_sub(begin);
        let length = if left >= 128 && desk.bytes_at(end - 128)? == *b"TAG" {
            // Its longer form stands before it.
            if left >= 355 && desk.bytes_at(end - 355)? == *b"TAG+" { 355 } else { 128 }
        } else if left >= 32 && desk.bytes_at(end - 32)? == *b"APETAGEX" {
            let size = u64::from(u32::from_le_bytes(desk.bytes_at(end - 20)?));
            let [.., flags] = desk.bytes_at::<4>(end - 12)?;
            size + if flags & 0x80 == 0 { 0 } else { 32 }
        } else if left >= 15 && desk.bytes_at(end - 9)? == *b"LYRICS200" {
            let digits = desk.bytes_at::<6>(end - 15)?;
            15 + digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit.wrapping_sub(b'0') % 10))
        } else if left >= 20 && desk.bytes_at(end - 10)? == *b"3DI" {
            20 + synchsafe(desk.bytes_at(end - 4)?)
        } else {
            return Ok(end);
        };
        end = end.checked_sub(length.max(1)).filter(|end| *end >= begin).ok_or(DAMAGED)?;
    }
}

/// Four bytes of seven bits.
fn synchsafe(bytes: [u8; 4]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7F))
}

/// The first frame that another one follows, or that is all there is.
fn first_frame(codec: Codec, desk: &mut Desk<'_>, begin: u64, end: u64) -> Result<u64, Stop> {
    for place in begin..end.min(begin + MOST_JUNK) {
        if desk.bytes_at::<1>(place)? != [0xFF] || end - place < 6 {
            continue;
        }
        let Some(frame) = Frame::read(codec, desk.bytes_at(place)?) else { continue };
        let next = place + frame.length;
        if next == end || (next + 6 <= end && Frame::read(codec, desk.bytes_at(next)?).is_some()) {
            return Ok(place);
        }
        // Cut in its first second.
        if place == begin && next > end {
            return Err(CUT);
        }
    }
    Err(DAMAGED)
}

/// How many frames there are, where an MP3's first one says so: it is itself not counted.
fn stated_frames(codec: Codec, desk: &mut Desk<'_>, first: u64) -> Result<Option<u64>, Stop> {
    let Some(frame) = Frame::read(codec, desk.bytes_at(first)?).filter(|frame| frame.summary > 0) else {
        return Ok(None);
    };
    if frame.length < frame.summary + 12 {
        return Ok(None);
    }
    let at = first + frame.summary;
    let name = desk.bytes_at::<4>(at)?;
    let [.., flags] = desk.bytes_at::<4>(at + 4)?;
    if !(name == *b"Xing" || name == *b"Info") || flags & 1 == 0 {
        return Ok(None);
    }
    Ok(Some(u64::from(u32::from_be_bytes(desk.bytes_at(at + 8)?)) + 1))
}
