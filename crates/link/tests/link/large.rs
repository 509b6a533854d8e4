//! A13: what is refused at last costs no more memory and time than what is refused at once,
//! however it was made. Each answer stands in a file before the client begins, and is written
//! piece by piece, so that the memory of this process is that of the client.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use link::client::{Client, Open};
use link::encoding::Encoding;
use link::name::Extension;

use crate::fuzz::cpu_seconds;
use crate::terminal::{INSTITUTION, ask};
use crate::verification::{Desk, collect, word};

/// Writes an answer to another request whose body is whatever `body` writes.
fn message(
    out: &mut dyn Write,
    encoding: Encoding,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let (label, code) = (encoding.label(), encoding.identifier());
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"{label}\"?><XmlMsg><MessageHeader>\
         <MedicalInstitutionCode>{INSTITUTION}</MedicalInstitutionCode>\
         <ArbitraryFileIdentifier>another</ArbitraryFileIdentifier>\
         <SegmentOfResult>1</SegmentOfResult>\
         <CharacterCodeIdentifier>{code}</CharacterCodeIdentifier></MessageHeader>\
         <MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>"
    )?;
    body(out)?;
    write!(out, "</MessageBody></XmlMsg>")
}

/// What comes of an answer that was written by `fill`.
fn refused(
    extension: Extension,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> &'static str {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    let file = File::create(desk.path(&open, extension)).expect("a file");
    let mut out = BufWriter::new(file);
    fill(&mut out).and_then(|()| out.flush()).expect("there is space");
    drop(out);
    measured(&mut desk.client, &open)
}

fn measured(client: &mut Client, open: &Open) -> &'static str {
    let begin = cpu_seconds();
    let word = word(&collect(client, open)[0]);
    let used = cpu_seconds() - begin;
    // Two looks are one file read twice, and these tests are compiled for speed of compiling.
    if !cfg!(debug_assertions) {
        assert!(used < 1.0 || used.is_nan(), "{used} s");
    }
    // Each test has a process of its own there.
    #[cfg(target_os = "linux")]
    if std::env::var_os("NEXTEST").is_some() {
        let peak = crate::cost::peak_kib("self");
        println!("{word}: {peak} KiB, {used:.2} s");
        assert!(peak < 64 * 1024, "{peak} KiB");
    }
    word
}

/// Half-width kana, which become three times as long.
const KANA: [u8; 50] = [0xB1; 50];

#[test]
fn a13_many_elements_of_shift_jis() {
    let word = refused(Extension::Xml, |out| {
        message(out, Encoding::ShiftJis, |out| {
            for _ in 0..199_000 {
                out.write_all(b"<abcdefghij>")?;
                out.write_all(&KANA)?;
                out.write_all(b"</abcdefghij>")?;
            }
            Ok(())
        })
    });
    assert_eq!(word, "too-large");
}

#[test]
fn a13_as_many_elements_as_there_may_be() {
    let word = refused(Extension::Xml, |out| {
        message(out, Encoding::ShiftJis, |out| {
            for _ in 0..97_000 {
                write!(out, "<abcdefghij><klmnopqrs>0000</klmnopqrs></abcdefghij>")?;
            }
            for _ in 0..97_000 {
                out.write_all(&KANA[..20])?;
                write!(out, "&amp;")?;
            }
            Ok(())
        })
    });
    // The text stands between elements.
    assert_eq!(word, "malformed");
    let word = refused(Extension::Xml, |out| {
        message(out, Encoding::Utf8, |out| {
            for _ in 0..99_000 {
                write!(out, "<abcdefghij><klmnopqrs>01234567890123456789</klmnopqrs>")?;
                write!(out, "                                        </abcdefghij>")?;
            }
            Ok(())
        })
    });
    assert_eq!(word, "other-request");
}

#[test]
fn a13_one_long_text() {
    let word = refused(Extension::Xml, |out| {
        message(out, Encoding::Utf8, |out| {
            write!(out, "<Name>")?;
            for _ in 0..159_000 {
                write!(out, "{:100}", "\r\n&amp;")?;
            }
            write!(out, "</Name>")
        })
    });
    assert_eq!(word, "other-request");
}

/// A ZIP file of so many files with such a name each, and nothing in them.
fn directory(out: &mut dyn Write, count: usize, name: &[u8]) -> io::Result<()> {
    let length = u16::try_from(name.len()).expect("a name");
    let mut at = 0_u32;
    let mut entries = Vec::new();
    for _ in 0..count {
        let fields = [b"\x14\0\0\0\0\0\0\0\0\0".as_slice(), &[0; 12]].concat();
        out.write_all(b"PK\x03\x04")?;
        out.write_all(&fields)?;
        out.write_all(&[length.to_le_bytes(), [0; 2]].concat())?;
        out.write_all(name)?;
        entries.push(at);
        at += 30 + u32::from(length);
    }
    for place in &entries {
        out.write_all(b"PK\x01\x02\x14\0")?;
        out.write_all(&[b"\x14\0\0\0\0\0\0\0\0\0".as_slice(), &[0; 12]].concat())?;
        out.write_all(&[length.to_le_bytes(), [0; 2], [0; 2]].concat())?;
        out.write_all(&[0; 8])?;
        out.write_all(&place.to_le_bytes())?;
        out.write_all(name)?;
    }
    let count = u16::try_from(count).expect("few").to_le_bytes();
    let size = (46 + u32::from(length)) * u32::try_from(entries.len()).expect("few");
    out.write_all(b"PK\x05\x06\0\0\0\0")?;
    out.write_all(&[count, count].concat())?;
    out.write_all(&size.to_le_bytes())?;
    out.write_all(&at.to_le_bytes())?;
    out.write_all(&[0; 2])
}

#[test]
fn a13_long_names_in_a_zip_file() {
    let name = vec![0xB1; 60_000];
    let word = refused(Extension::Zip, |out| directory(out, 250, &name));
    assert_eq!(word, "too-large");
    // As long as they are in answers, they are looked at.
    let word = refused(Extension::Zip, |out| directory(out, 1, b"a.xml"));
    assert_eq!(word, "unfinished");
}
