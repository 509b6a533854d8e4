//! The grammar of file names.

use std::ffi::OsStr;

use link::name::{Exchange, Extension, Face, Foreign, Name};
use proptest::prelude::*;

fn parse(name: &str) -> Name {
    Name::parse(OsStr::new(name))
}

fn exchange(name: &str) -> Exchange {
    match parse(name) {
        Name::Exchange(known) => known,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn a_request_and_its_answers_find_each_other() {
    let request = exchange("OQSsiquc01req_209901010001.xml");
    assert_eq!(request.counterpart(Extension::Zip).to_string(), "OQSsiquc01res_209901010001.zip");
    assert_eq!(
        request.with_extension(Extension::Err).to_string(),
        "OQSsiquc01req_209901010001.err"
    );
    assert_eq!(exchange("YZKsiquc01res_02260101-77.pdf").suffix(), "02260101-77");
}

#[test]
fn a_face_result_has_its_parts() {
    let name = "OQSsiquc01res_face_991000000012345678901234567890_20990101091500.xml";
    let face = Face {
        institution: "9910000000".to_owned(),
        id: "12345678901234567890".to_owned(),
        time: "20990101091500".to_owned(),
    };
    assert_eq!(face.to_string(), name);
    assert_eq!(parse(name), Name::Face(face));
}

#[test]
fn a_name_of_somebody_else_says_why() {
    for (name, reason) in [
        ("OQSsiquc01req_1.tmp", Foreign::BadExtension),
        ("OQSsiquc01req_a.b.xml", Foreign::BadSuffix),
        ("OQSsiquc01req_.xml", Foreign::BadSuffix),
        ("OQSsiquc01xxx_1.xml", Foreign::NoSide),
        ("ABCsiquc01req_1.xml", Foreign::UnknownSystem),
        ("OQSsiquc03req_1.xml", Foreign::NoApiId),
        ("OQSsiquc01res_face_99_1.xml", Foreign::BadFace),
        ("見積書2099.pdf", Foreign::NoApiId),
        ("..", Foreign::Reserved),
        ("a/b.xml", Foreign::Reserved),
        ("NUL.txt", Foreign::Reserved),
        ("com1.xml", Foreign::Reserved),
        ("OQSsiquc01req_1.xml:stream", Foreign::Reserved),
        ("OQSsiquc01req_1.xml ", Foreign::Reserved),
        (&format!("OQSsiquc01req_{}.xml", "1".repeat(300)), Foreign::TooLong),
    ] {
        assert_eq!(parse(name), Name::Foreign(reason), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_unicode_is_foreign() {
    use std::os::unix::ffi::OsStrExt;
    let name = OsStr::from_bytes(b"OQSsiquc01req_\xff.xml");
    assert_eq!(Name::parse(name), Name::Foreign(Foreign::NotUnicode));
}

#[test]
fn our_own_temporary_files_are_known() {
    let name = link::name::temporary(0x1f);
    assert_eq!(name, ".000000000000001f.tmp");
    assert_eq!(parse(&name), Name::Temporary(name.clone()));
    assert_eq!(parse("delfile20990101.txt"), Name::Leftover("delfile20990101.txt".to_owned()));
}

proptest! {
    #[test]
    fn what_is_understood_prints_as_it_was(
        api in "(OQS|YZK|ABC)(si|mu)(quc|tic)0[1-3]",
        rest in "(req|res)_(face_)?[0-9a-fあ_-]{0,30}\\.(xml|zip|err|exe)",
    ) {
        let name = api + &rest;
        match parse(&name) {
            Name::Exchange(known) => prop_assert_eq!(known.to_string(), name),
            Name::Face(known) => prop_assert_eq!(known.to_string(), name),
            Name::Leftover(known) | Name::Temporary(known) => prop_assert_eq!(known, name),
            Name::Foreign(_) => {}
        }
    }

    #[test]
    fn no_name_makes_it_panic(name in "\\PC{0,60}") {
        let _ = parse(&name);
    }
}
