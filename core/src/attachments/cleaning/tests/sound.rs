//! MP3 and AAC.

use super::*;

#[test]
fn a_recording_keeps_its_frames_and_no_tag() {
    let (cleaned, told) = clean_bytes(Form::Mp3, &make::mp3()).unwrap();
    assert!(cleaned == make::frames(80));
    assert_eq!(told, Told { mime: "audio/mpeg", length: Some(80 * 1152 * 1000 / 44_100) });
    let (again, _) = clean_bytes(Form::Mp3, &cleaned).unwrap();
    assert!(again == cleaned);
    let (aac, told) = clean_bytes(Form::Adts, &make::adts()).unwrap();
    assert!(aac == make::adts());
    assert_eq!(told, Told { mime: "audio/aac", length: Some(50 * 1024 * 1000 / 44_100) });
}

#[test]
fn zeros_that_fill_a_recording_up_are_left_out() {
    for fill in [3, 300] {
        let filled = [make::frames(20), vec![0; fill]].concat();
        assert!(clean_bytes(Form::Mp3, &filled).unwrap().0 == make::frames(20));
        let other = [make::frames(20), vec![0; fill], b"words".to_vec()].concat();
        assert!(matches!(clean_bytes(Form::Mp3, &other), Err(Stop::Refused(_))));
    }
}

#[test]
fn a_recording_that_stops_half_way_says_so() {
    let whole = make::mp3();
    assert_never_half(Form::Mp3, &whole, "an MP3");
    assert_never_half(Form::Adts, &make::adts(), "an AAC file");
    let frames = make::frames(20);
    assert!(matches!(clean_bytes(Form::Mp3, &frames[..frames.len() - 9]), Err(Stop::Refused(_))));
    assert!(matches!(clean_bytes(Form::Adts, &make::adts()[..4_950]), Err(Stop::Refused(_))));
    assert!(clean_bytes(Form::Mp3, &make::counted_mp3(30, 30)).is_ok());
    let cut = clean_bytes(Form::Mp3, &make::counted_mp3(30, 20));
    assert!(
        matches!(cut, Err(Stop::Refused(why)) if why.contains("half-way")),
        "it says that there were more"
    );
    assert!(matches!(clean_bytes(Form::Mp3, b"ID3\x04\0\0\0\0\x7F\x7F"), Err(Stop::Refused(_))));
}
