//! MP4, MOV and M4A.

use super::make::{Movie, PICTURE, SOUND, movie};
use super::*;

#[test]
fn a_movie_keeps_picture_and_sound_where_they_were_and_nothing_that_tells_of_it() {
    for (video, places) in [(true, true), (true, false), (false, true), (false, false)] {
        for (data_first, wide) in [(true, true), (true, false), (false, true), (false, false)] {
            let whole = movie(&Movie { video, places, data_first, wide, ..Movie::default() });
            let (cleaned, told) = clean_bytes(Form::Movie, &whole).unwrap();
            assert_eq!(cleaned.len(), whole.len(), "nothing moves");
            assert_clean(&cleaned, "a movie");
            let mime = if video { "video/mp4" } else { "audio/mp4" };
            assert_eq!(told, Told { mime, length: Some(2500) });
            for (samples, twice) in [(PICTURE, if video { 2 } else { 0 }), (SOUND, 2)] {
                let found = |bytes: &[u8]| -> Vec<usize> {
                    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(samples)).collect()
                };
                assert_eq!(found(&cleaned), found(&whole));
                assert_eq!(found(&cleaned).len(), twice);
            }
            assert!(!cleaned.windows(8).any(|bytes| bytes == [0xE6, 1, 2, 3, 0xE6, 1, 2, 4]), "no time");
            let (again, _) = clean_bytes(Form::Movie, &cleaned).unwrap();
            assert!(again == cleaned, "clean is clean");
        }
    }
}

#[test]
fn the_brand_says_what_plays_it() {
    let mime = |brand: &[u8; 4], video| {
        let whole = movie(&Movie { brand: *brand, video, ..Movie::default() });
        clean_bytes(Form::Movie, &whole).unwrap().1.mime
    };
    assert_eq!((mime(b"qt  ", true), mime(b"M4A ", false)), ("video/quicktime", "audio/mp4"));
    assert_eq!((mime(b"3gp4", true), mime(b"3gp5", false)), ("video/3gpp", "audio/3gpp"));
}

#[test]
fn a_movie_that_is_broken_says_so() {
    let whole = movie(&Movie::default());
    assert_never_half(Form::Movie, &whole, "a movie");
    for at in [20, whole.len() / 2, whole.len() - 5] {
        assert!(matches!(clean_bytes(Form::Movie, &whole[..at]), Err(Stop::Refused(_))), "cut at {at}");
    }
    let start = whole.get(..20).unwrap().to_vec();
    assert!(matches!(clean_bytes(Form::Movie, &start), Err(Stop::Refused(_))), "no tracks");
}

#[test]
fn a_movie_made_of_nothing_but_boxes_is_refused_before_it_takes_the_memory() {
    let whole = movie(&Movie::default());
    let empty = |count: usize| [8u32.to_be_bytes().as_slice(), b"mdat"].concat().repeat(count);
    assert!(clean_bytes(Form::Movie, &[whole.clone(), empty(90_000)].concat()).is_ok());
    let refused = clean_bytes(Form::Movie, &[whole, empty(100_001)].concat());
    assert!(matches!(refused, Err(Stop::Refused(_))));
}

#[test]
fn a_movie_that_plays_parts_of_other_files_is_refused() {
    let mut whole = movie(&Movie::default());
    let at = whole.windows(4).position(|bytes| bytes == b"alis").unwrap() + 7;
    whole[at] = 0;
    let refused = clean_bytes(Form::Movie, &whole).unwrap_err();
    assert!(matches!(refused, Stop::Refused(why) if why.contains("other files")));
}

#[test]
fn a_movie_in_pieces_keeps_its_pieces_and_is_refused_where_a_track_of_places_hides_in_them() {
    let pieces = [8u32.to_be_bytes().as_slice(), b"moof"].concat();
    let plain = [movie(&Movie { places: false, ..Movie::default() }), pieces.clone()].concat();
    let (cleaned, _) = clean_bytes(Form::Movie, &plain).unwrap();
    assert!(cleaned.ends_with(&pieces));
    let hiding = [movie(&Movie::default()), pieces].concat();
    assert!(matches!(clean_bytes(Form::Movie, &hiding), Err(Stop::Refused(_))));
}
