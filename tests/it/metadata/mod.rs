//! No byte that is kept tells of its maker, place and time: exiftool reads every sealed file of a store, opened.

#[expect(dead_code, reason = "tests of the core use the rest")]
#[path = "../../../core/src/attachments/cleaning/tests/make.rs"]
pub(crate) mod make;
#[path = "../../../core/src/attachments/cleaning/tests/word.rs"]
mod word;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use kinfolio_core::attachments::{Attachment, ImportSource, Size};
use kinfolio_core::client::{Client, ClientConfig};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::progress::{Cancel, NoProgress};
use support::family::photo_folder;

/// What is planted in every file here.
const PLANTED: [&str; 4] = ["Planted Author", "51.5007N", "Planted Title", "PlantedTool 9"];

/// Tags that say how a file is built: what a player or viewer needs, and times that are zero. Tags of a disk's folder
/// (`System`) and of exiftool itself are not the file's.
const STRUCTURE: &str = "
    FileType FileTypeExtension MIMEType ImageWidth ImageHeight ImageSize Megapixels
    JFIFVersion ResolutionUnit XResolution YResolution EncodingProcess BitsPerSample ColorComponents YCbCrSubSampling
    PDFVersion Linearized PageCount
    ColorType Compression Filter Interlace GIFVersion HasColorMap ColorResolutionDepth BitsPerPixel BackgroundColor
    AnimationIterations FrameCount
    ZipRequiredVersion ZipBitFlag ZipCompression ZipModifyDate ZipCRC ZipCompressedSize ZipUncompressedSize ZipFileName
    MPEGAudioVersion AudioLayer AudioBitrate SampleRate ChannelMode MSStereo IntensityStereo CopyrightFlag OriginalMedia
    Emphasis Duration AvgBitrate
    MajorBrand MinorVersion CompatibleBrands Free MediaDataSize MediaDataOffset MediaData Unknown_free
    MovieHeaderVersion CreateDate ModifyDate TimeScale PreferredRate PreferredVolume MatrixStructure PreviewTime
    PreviewDuration PosterTime SelectionTime SelectionDuration CurrentTime NextTrackID TrackHeaderVersion TrackCreateDate
    TrackModifyDate TrackID TrackDuration TrackLayer TrackVolume MediaHeaderVersion MediaCreateDate MediaModifyDate
    MediaTimeScale MediaDuration MediaLanguageCode HandlerType Balance Unknown_alis AudioFormat AudioChannels
    AudioBitsPerSample AudioSampleRate CompressorID SourceImageWidth SourceImageHeight BitDepth SampleSizes ChunkOffset
    ChunkOffset64";

/// Every tag that exiftool finds in a file or anything inside of it: group, name, value.
fn tags(file: &Path) -> Vec<(String, String, String)> {
    let output = Command::new("exiftool").args(["-ee3", "-G1", "-a", "-u", "-s", "-t"]).arg(file).output();
    let output = output.expect("exiftool: apt-get install libimage-exiftool-perl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows = text.lines().filter_map(|line| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some((parts.next()?, parts.next()?, parts.next()?))
    });
    rows.filter(|(group, ..)| !matches!(group.as_str(), "System" | "ExifTool")).collect()
}

/// The pictures inside of a package, each as a file.
fn pictures_in(package: &Path) -> Vec<PathBuf> {
    let Ok(mut zip) = zip::ZipArchive::new(std::fs::File::open(package).unwrap()) else { return Vec::new() };
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let pictures =
        names.into_iter().filter(|name| [".jpeg", ".png", ".gif"].iter().any(|end| name.ends_with(end)));
    let unpacked = |name: String| {
        let path = package.with_extension(name.replace('/', "-"));
        std::io::copy(&mut zip.by_name(&name).unwrap(), &mut std::fs::File::create(&path).unwrap()).unwrap();
        path
    };
    pictures.map(unpacked).collect()
}

fn planted_in(file: &Path) -> bool {
    tags(file).iter().any(|(_, _, value)| PLANTED.iter().any(|words| value.contains(words)))
}

/// One of each kind, with metadata in it, and photographs as a camera leaves them.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let movie = make::Movie::default();
    let song = make::Movie { video: false, brand: *b"M4A ", ..movie.clone() };
    for (name, bytes) in [
        ("sums.pdf", make::pdf()),
        ("report.docx", word::docx()),
        ("pond.mp4", make::movie(&movie)),
        ("pond.mov", make::movie(&make::Movie { brand: *b"qt  ", wide: true, data_first: false, ..movie })),
        ("song.m4a", make::movie(&song)),
        ("song.mp3", make::mp3()),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, bytes).unwrap();
        all.push(path);
    }
    for name in ["cat.jpg", "grass.jpg", "astronaut.jpg"] {
        let path = dir.join(name);
        std::fs::copy(photo_folder().join(name), &path).unwrap();
        let status = Command::new("exiftool")
            .args([
                "-q",
                "-overwrite_original",
                "-GPSLatitude=51.5007",
                "-GPSLatitudeRef=N",
                "-XMP-dc:Title=Planted Title",
            ])
            .args([
                "-Artist=Planted Author",
                "-Software=PlantedTool 9",
                "-DateTimeOriginal=2026:05:03 10:20:30",
            ])
            .arg(&path)
            .status();
        assert!(status.unwrap().success());
        all.push(path);
    }
    all
}

fn client(dir: &Path) -> Client {
    let config = ClientConfig { dir: dir.join("phone"), device_name: "Kitchen phone".into() };
    let secrets = Arc::new(MemorySecretStore::default());
    Client::open(config, secrets, None, None, Arc::new(SystemClock), Arc::new(OsRandomness)).unwrap()
}

/// Opens every sealed file of an attachment into the folder.
fn open_all(client: &Client, attachment: &Attachment, to: &Path) -> Vec<PathBuf> {
    let hex: String = attachment.id.0.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(file) = &attachment.file {
        let path = to.join(format!("{hex}-{}", file.name));
        client.attachments().save(attachment.id, &path, &Cancel::new(), &NoProgress).unwrap();
        return vec![path];
    }
    let copies = [Size::Display, Size::Thumb].map(|size| {
        let path = to.join(format!("{hex}-{size:?}.jpg"));
        std::fs::write(&path, client.attachments().read(attachment.id, size).unwrap()).unwrap();
        path
    });
    copies.into()
}

#[test]
fn no_stored_byte_holds_metadata() {
    let dir = tempfile::tempdir().unwrap();
    let client = client(dir.path());
    let draft = EntryDraft { title: "Pond".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = client.entries().create(draft).unwrap().id;
    for path in files(dir.path()) {
        assert!(planted_in(&path), "{}: exiftool must find what it is to miss later", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = ImportSource::Path(path.clone());
        client.attachments().import_file(entry, source, name, "", &Cancel::new(), &NoProgress).unwrap();
    }
    let opened = dir.path().join("opened");
    std::fs::create_dir(&opened).unwrap();
    let kept = client.attachments().list(entry).unwrap();
    let open: Vec<PathBuf> =
        kept.iter().flat_map(|attachment| open_all(&client, attachment, &opened)).collect();
    let sealed = std::fs::read_dir(dir.path().join("phone/blobs")).unwrap().count();
    assert_eq!(open.len(), sealed, "every sealed file was opened");
    let structure: BTreeSet<&str> = STRUCTURE.split_whitespace().collect();
    let inside: Vec<PathBuf> = open.iter().flat_map(|path| pictures_in(path)).collect();
    assert_eq!(inside.len(), 3, "pictures of the document");
    for path in open.into_iter().chain(inside) {
        let found = tags(&path);
        assert!(!found.is_empty(), "{}: exiftool knows what it is", path.display());
        for (group, name, value) in found {
            let shown = format!("{}: {group} {name} = {value}", path.file_name().unwrap().to_string_lossy());
            assert!(structure.contains(name.as_str()), "{shown}");
            assert!(!PLANTED.iter().any(|words| value.contains(words)), "{shown}");
            // Zero, and the first day that a ZIP can tell.
            let nothing = ["0000:00:00 00:00:00", "1980:01:01 00:00:00"];
            assert!(!name.ends_with("Date") || nothing.contains(&value.as_str()), "{shown}");
        }
    }
}
