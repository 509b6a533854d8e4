//! Files that are made to cost much or to lead elsewhere.

use std::fs;
use std::time::Duration;

use link::archive::{self, ArchiveError, Entry};
use link::client::{Outcome, Timing};
use link::document::{self, DocumentError};
use link::message::Doubt;

use crate::fuzz::cpu_seconds;
use crate::place::Place;
use crate::terminal::{Terminal, ask_all, client, root, settings};

/// An entry of a directory that says nothing.
const ENTRY: [u8; 46] = {
    let mut entry = [0; 46];
    entry[0] = b'P';
    entry[1] = b'K';
    entry[2] = 1;
    entry[3] = 2;
    entry
};

fn packed(name: &str, bytes: Vec<u8>) -> Result<Vec<Entry>, ArchiveError> {
    let file = archive::write(&[Entry { name: name.to_owned(), bytes }], None);
    archive::read(&file, None)
}

#[test]
fn a13_hostile_content_is_refused_early() {
    let begin = cpu_seconds();
    assert_eq!(packed("a.xml", vec![b' '; 15 << 20]), Err(ArchiveError::TooLarge));
    for name in ["../a.xml", "/etc/a.xml", "a/b.xml", "a\\b.xml", "C:a.xml", ".."] {
        assert_eq!(packed(name, b"x".to_vec()), Err(ArchiveError::BadName), "{name}");
    }
    let many: Vec<Entry> =
        (0..1_001).map(|number| Entry { name: number.to_string(), bytes: Vec::new() }).collect();
    let many = archive::write(&many, None);
    assert_eq!(archive::read(&many, None), Err(ArchiveError::TooLarge));

    // A directory of more entries than fit into memory, behind nothing at all.
    let mut long = [ENTRY; 700_000].concat();
    long.extend([b"PK\x05\x06\0\0\0\0", &[0xFF; 8][..], &[0; 6]].concat());
    assert_eq!(archive::read(&long, None), Err(ArchiveError::TooLarge));

    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\
                  <XmlMsg>&b;</XmlMsg>";
    assert_eq!(document::parse(laughs.as_bytes()), Err(DocumentError::Refused));
    assert_eq!(document::parse(b"<XmlMsg>&b;</XmlMsg>"), Err(DocumentError::Refused));
    let deep = "<a>".repeat(33) + &"</a>".repeat(33);
    assert_eq!(document::parse(deep.as_bytes()), Err(DocumentError::TooLarge));
    let wide = format!("<a>{}</a>", "<b/>".repeat(300_000));
    assert_eq!(document::parse(wide.as_bytes()), Err(DocumentError::TooLarge));
    // Of the processor, so that other work on the machine does not count; Windows does not say.
    let used = cpu_seconds() - begin;
    assert!(used < 1.0 || used.is_nan(), "{used} s");
}

#[test]
fn a13_a_huge_answer_costs_no_memory() {
    let place = Place::new();
    let root = root(&place);
    // Takes the request and answers nothing; the answer is ours.
    let _terminal = Terminal::start(&root, "[result]\nhang = 1\n");
    let mut settings = settings();
    settings.timing = Timing { timeout: Duration::from_secs(30), ..Timing::default() };
    let mut client = client(&place, settings);
    let answers = std::thread::scope(|scope| {
        scope.spawn(|| {
            let name = loop {
                let mut names = fs::read_dir(root.join("req")).expect("it is there");
                let name = names.find_map(|name| {
                    let name = name.expect("a name").file_name().into_string().expect("ours");
                    name.starts_with("OQS").then_some(name)
                });
                if let Some(name) = name {
                    break name;
                }
                std::thread::yield_now();
            };
            let file = fs::File::create(root.join("res").join(name.replace("req_", "res_")));
            file.expect("a file").set_len(1 << 30).expect("a long one");
        });
        ask_all(&mut client, 1)
    });
    assert_eq!(answers[0].outcome, Outcome::Doubtful);
    assert_eq!(answers[0].doubt.as_ref().map(Doubt::word), Some("too-large"));
    // Each test has a process of its own there.
    #[cfg(target_os = "linux")]
    if std::env::var_os("NEXTEST").is_some() {
        let peak = crate::cost::peak_kib("self");
        assert!(peak < 64 * 1024, "{peak} KiB");
    }
}
