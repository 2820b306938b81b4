//! What the copies promise: upright, small, bare of metadata; and a file that is no good is refused in words.

mod refusals;

use std::path::PathBuf;
use std::process::Command;

use jpeg_encoder::{ColorType, Encoder};

use super::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(name)).unwrap()
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos")
}

fn import(bytes: &[u8]) -> Result<Copies> {
    make(bytes, None, &Cancel::new(), &|| ())
}

fn jpeg(width: u16, height: u16, kind: ColorType, pixels: &[u8], orientation: Option<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 95);
    if let Some(orientation) = orientation {
        // A TIFF header and one directory with one entry: 0x0112, SHORT, one value.
        let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        encoder.add_exif_metadata(&exif).unwrap();
    }
    encoder.encode(pixels, width, height, kind).unwrap();
    out
}

fn png(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette([200, 30, 40, 20, 160, 60].as_slice());
        encoder.set_trns([255, 0].as_slice());
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    out
}

fn webp(width: u32, height: u32, color: image_webp::ColorType, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    image_webp::WebPEncoder::new(&mut out).encode(data, width, height, color).unwrap();
    out
}

/// The decoded pixels of a copy, as RGB.
fn pixels(copy: &Copy) -> Pixels {
    let pixels = decode::file(Format::Jpeg, &copy.jpeg).map_err(Error::from).unwrap();
    let rgb = colour::rgba(&pixels).chunks(4).flat_map(|p| p[..3].to_vec()).collect();
    Pixels::new(pixels.width, pixels.height, pixels::Form::Rgb, rgb).unwrap()
}

fn at(pixels: &Pixels, x: u32, y: u32) -> [i32; 3] {
    let place = ((y * pixels.width + x) * 3) as usize;
    [0, 1, 2].map(|c| i32::from(pixels.bytes[place + c]))
}

fn near(seen: [i32; 3], wanted: [i32; 3]) -> bool {
    seen.iter().zip(wanted).all(|(a, b)| (a - b).abs() <= 24)
}

const RED: [i32; 3] = [220, 30, 30];
const GREEN: [i32; 3] = [30, 200, 30];
const BLUE: [i32; 3] = [30, 30, 220];
const GREY: [i32; 3] = [120, 120, 120];

/// Stored as red, green over blue, grey; twice as wide as high.
fn quarters(width: usize, height: usize) -> Vec<u8> {
    (0..width * height)
        .flat_map(|i| {
            let (left, top) = (i % width < width / 2, i / width < height / 2);
            match (top, left) {
                (true, true) => RED,
                (true, false) => GREEN,
                (false, true) => BLUE,
                (false, false) => GREY,
            }
            .map(|v| v as u8)
        })
        .collect()
}

#[test]
fn every_orientation_comes_out_upright() {
    // EXIF 2.32 4.6.4 A: where row 0 and column 0 of what is stored are seen. Top left, top right, bottom left, bottom
    // right of what should be seen.
    let seen = [
        (1, [RED, GREEN, BLUE, GREY]),
        (2, [GREEN, RED, GREY, BLUE]),
        (3, [GREY, BLUE, GREEN, RED]),
        (4, [BLUE, GREY, RED, GREEN]),
        (5, [RED, BLUE, GREEN, GREY]),
        (6, [BLUE, RED, GREY, GREEN]),
        (7, [GREY, GREEN, BLUE, RED]),
        (8, [GREEN, GREY, RED, BLUE]),
    ];
    for (orientation, corners) in seen {
        let copies = import(&jpeg(96, 48, ColorType::Rgb, &quarters(96, 48), Some(orientation))).unwrap();
        for copy in [&copies.display, &copies.thumb] {
            let size = if orientation < 5 { (96, 48) } else { (48, 96) };
            assert_eq!((copy.width, copy.height), size, "orientation {orientation}");
            let (pixels, w, h) = (pixels(copy), size.0, size.1);
            let places = [(w / 4, h / 4), (3 * w / 4, h / 4), (w / 4, 3 * h / 4), (3 * w / 4, 3 * h / 4)];
            for ((x, y), wanted) in places.into_iter().zip(corners) {
                assert!(
                    near(at(&pixels, x, y), wanted),
                    "orientation {orientation} at {x},{y}: {:?}",
                    at(&pixels, x, y)
                );
            }
        }
    }
}

#[test]
fn a_nonsense_orientation_is_taken_as_upright() {
    for orientation in [0, 9, 255] {
        let copies = import(&jpeg(96, 48, ColorType::Rgb, &quarters(96, 48), Some(orientation))).unwrap();
        assert!(near(at(&pixels(&copies.display), 10, 10), RED));
    }
}

#[test]
fn copies_are_2048_and_512_on_the_long_edge_and_never_larger_than_the_photo() {
    for ((width, height), display, thumb) in [
        ((3000, 1500), (2048, 1024), (512, 256)),
        ((1000, 2500), (819, 2048), (205, 512)),
        ((2048, 100), (2048, 100), (512, 25)),
        ((600, 400), (600, 400), (512, 341)),
        ((40, 30), (40, 30), (40, 30)),
        ((1, 1), (1, 1), (1, 1)),
        ((6000, 1), (2048, 1), (512, 1)),
    ] {
        let copies =
            import(&jpeg(width, height, ColorType::Rgb, &quarters(width.into(), height.into()), None))
                .unwrap();
        assert_eq!((copies.display.width, copies.display.height), display, "{width}x{height}");
        assert_eq!((copies.thumb.width, copies.thumb.height), thumb, "{width}x{height}");
        assert!((20..=40).contains(&copies.blurhash.len()), "{}", copies.blurhash);
        let shown = pixels(&copies.display);
        assert_eq!((shown.width, shown.height), display);
    }
}

#[test]
fn scaling_in_bands_leaves_no_seams() {
    use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image};
    let (width, height) = (700, 3_100);
    let bytes: Vec<u8> =
        (0..width * height * 3).map(|i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let photo = Pixels::new(width, height, pixels::Form::Rgb, bytes.clone()).unwrap();
    let banded = copies::shrunk(&mut Resizer::new(), photo, 2_048).unwrap();
    let from = Image::from_vec_u8(width, height, bytes, PixelType::U8x3).unwrap();
    let mut whole = Image::new(banded.width, banded.height, PixelType::U8x3);
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(false);
    Resizer::new().resize(&from, &mut whole, &options).unwrap();
    let most = whole.buffer().iter().zip(&banded.bytes).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(most <= Some(1), "{most:?}");
}

#[test]
fn every_fixture_photo_is_taken_in() {
    for name in
        std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap())
    {
        if name.ends_with(".jpg") {
            let copies = import(&fixture(&name)).unwrap();
            assert!(copies.display.jpeg.starts_with(&[0xFF, 0xD8]), "{name}");
            assert!(copies.thumb.jpeg.len() <= copies.display.jpeg.len() + 2_000, "{name}");
        }
    }
}

/// Runs exiftool, which `./dev` installs (Debian package libimage-exiftool-perl).
fn exiftool(arguments: &[&str]) -> String {
    let output = Command::new("exiftool").args(arguments).output().expect("exiftool is installed");
    assert!(output.status.success(), "exiftool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_photo_with_gps_date_xmp_iptc_and_thumbnail_loses_all_but_the_date_that_is_read_first() {
    let dir = tempfile::tempdir().unwrap();
    let canary = "Canary Lane 7";
    let thumbnail = fixtures().join("cup.jpg");
    let web = dir.path().join("photo.webp");
    std::fs::write(&web, webp(96, 48, image_webp::ColorType::Rgb8, &quarters(96, 48))).unwrap();
    let drawn = dir.path().join("photo.png");
    std::fs::write(&drawn, png(96, 48, png::ColorType::Rgb, png::BitDepth::Eight, &quarters(96, 48)))
        .unwrap();
    let shot = dir.path().join("photo.jpg");
    std::fs::copy(fixtures().join("cat.jpg"), &shot).unwrap();

    for file in [&shot, &drawn, &web] {
        let file = file.to_str().unwrap();
        let mut arguments = vec![
            "-overwrite_original",
            "-q",
            "-m",
            "-EXIF:DateTimeOriginal=2026:05:03 10:20:30",
            "-EXIF:CreateDate=2026:05:04 00:00:00",
            "-EXIF:GPSLatitude=51.5007",
            "-EXIF:GPSLatitudeRef=N",
            "-EXIF:GPSLongitude=0.1246",
            "-EXIF:GPSLongitudeRef=W",
            "-EXIF:Artist=Canary Lane 7",
            "-EXIF:UserComment=Canary Lane 7",
            "-EXIF:SerialNumber=Canary Lane 7",
            "-XMP-dc:Creator=Canary Lane 7",
            "-XMP-exif:GPSLatitude=51.5007",
            "-XMP-dc:Description=Canary Lane 7",
        ];
        let thumbnail = format!("-ThumbnailImage<={}", thumbnail.display());
        if file.ends_with("jpg") {
            arguments.extend([
                "-IPTC:City=Canary Lane 7",
                "-IPTC:Caption-Abstract=Canary Lane 7",
                "-Comment=Canary Lane 7",
            ]);
            arguments.push(&thumbnail);
        }
        arguments.push(file);
        exiftool(&arguments);
        let before = exiftool(&["-a", "-G1", "-s", file]);
        assert!(before.contains("GPSLatitude") && before.contains(canary), "{before}");

        let bytes = std::fs::read(file).unwrap();
        let copies = import(&bytes).unwrap();
        assert_eq!(copies.captured_at.as_deref(), Some("2026-05-03T10:20:30"), "{file}");
        for copy in [&copies.display, &copies.thumb] {
            let out = dir.path().join("copy.jpg");
            std::fs::write(&out, &copy.jpeg).unwrap();
            let after = exiftool(&["-a", "-G0", "-s", out.to_str().unwrap()]);
            let left: Vec<&str> = after
                .lines()
                .filter(|line| {
                    ![
                        "[ExifTool]",
                        "[File]",
                        "[JFIF]",
                        "[Composite]     ImageSize",
                        "[Composite]     Megapixels",
                    ]
                    .iter()
                    .any(|known| line.starts_with(known))
                })
                .collect();
            assert!(left.is_empty(), "{file}: {left:?}");
            assert!(!after.contains("Comment"), "{after}");
            assert!(!copy.jpeg.windows(canary.len()).any(|window| window == canary.as_bytes()));
            assert_eq!(
                copy.jpeg.windows(3).filter(|w| *w == [0xFF, 0xD8, 0xFF]).count(),
                1,
                "one picture in the file"
            );
        }
        // The photo itself is read only.
        assert_eq!(std::fs::read(file).unwrap(), bytes);
    }
}

#[test]
fn dates_without_sense_are_no_dates() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("photo.jpg");
    for (written, read) in [
        ("0000:00:00 00:00:00", None),
        ("2026:13:40 10:00:00", None),
        ("2019:12:31 23:59:59", Some("2019-12-31T23:59:59")),
    ] {
        std::fs::copy(fixtures().join("cup.jpg"), &file).unwrap();
        let date = format!("-EXIF:DateTimeOriginal#={written}");
        exiftool(&["-overwrite_original", "-q", "-m", "-n", &date, file.to_str().unwrap()]);
        assert_eq!(import(&std::fs::read(&file).unwrap()).unwrap().captured_at.as_deref(), read, "{written}");
    }
}

#[test]
fn grey_cmyk_palette_16_bit_and_transparent_pictures_are_taken_in() {
    let grey = import(&fixture("grass.jpg")).unwrap();
    assert_eq!(
        decode::file(Format::Jpeg, &grey.display.jpeg).map_err(Error::from).unwrap().form,
        pixels::Form::Luma
    );

    let cmyk: Vec<u8> = (0..64 * 32).flat_map(|_| [0, 220, 220, 20]).collect();
    let copies = import(&jpeg(64, 32, ColorType::Cmyk, &cmyk, None)).unwrap();
    let [red, green, blue] = at(&pixels(&copies.display), 20, 20);
    assert!(red > 180 && green < 80 && blue < 80, "magenta and yellow ink are red, not {red},{green},{blue}");

    let wide: Vec<u8> = quarters(96, 48).iter().flat_map(|v| [*v, 0x7F]).collect();
    for (name, file) in [
        ("16 bit", png(96, 48, png::ColorType::Rgb, png::BitDepth::Sixteen, &wide)),
        ("palette", png(96, 48, png::ColorType::Indexed, png::BitDepth::One, &vec![0x00; 12 * 48])),
        (
            "rgba",
            webp(
                96,
                48,
                image_webp::ColorType::Rgba8,
                &quarters(96, 48).chunks(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect::<Vec<u8>>(),
            ),
        ),
    ] {
        let copies = import(&file).unwrap();
        assert!(
            at(&pixels(&copies.display), 10, 10)[0] > 180,
            "{name}: {:?}",
            at(&pixels(&copies.display), 10, 10)
        );
    }
    let clear =
        import(&png(96, 48, png::ColorType::Indexed, png::BitDepth::One, &vec![0xFF; 12 * 48])).unwrap();
    assert!(near(at(&pixels(&clear.display), 10, 10), [255, 255, 255]), "transparent is white");
}
