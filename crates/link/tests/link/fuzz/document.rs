//! Messages, damaged as trees, as text and as bytes; names; texts in both encodings.

use std::ffi::OsString;

use link::catalogue::Catalogue;
use link::document::{self, Element};
use link::encoding::{self, Encoding};
use link::message;
use link::name::Name;

use super::random::Random;

/// What an answer has besides what a request has.
const ELEMENTS: &[&str] = &[
    "MessageHeader",
    "MessageBody",
    "SegmentOfResult",
    "CharacterCodeIdentifier",
    "ProcessingResultStatus",
    "QualificationValidity",
    "ResultList",
    "ResultOfQualificationConfirmation",
    "BulkConfirmUnit",
    "ReceptionNumber",
    "ResultCode",
    "ErrorMessage",
    "Sex1",
    "Name",
    "NameKana",
    "MeTrMonthInf",
    "DrugInf",
    "PrescriptionIssueSelect",
];
/// Values that mean something, and some that nearly do.
const VALUES: &[&str] =
    &["1", "2", "9", "0", "01", " 1", "1 ", "A01", "９", "  999999", "0000001", "19990101", ""];
/// Pieces of XML that a message never has, or not there.
const PIECES: &[&str] = &[
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&#0;",
    "&#x1F;",
    "&#x110000;",
    "&amp",
    "&#13;",
    "<![CDATA[ <a> ]]>",
    "<![CDATA[",
    "]]>",
    "<?xml version=\"1.0\" encoding=\"EUC-JP\"?>",
    "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>",
    "<?x y?>",
    "<?",
    "<a b=\"c\">",
    "<a b='c",
    "<a b>",
    "<!-- -- -->",
    "<!--",
    "<a/>",
    "</MessageHeader>",
    "</XmlMsg>",
    "<XmlMsg>",
    "<>",
    "</>",
    "\u{feff}",
    "\r\n",
];
const NAMES: [&str; 6] = [
    "OQSsiquc01req_209901010001.xml",
    "YZKsiquc01res_試験.zip",
    "OQSsiquc01res_face_991000000012345678901234567890_20990101091500.xml",
    ".0123456789abcdef.tmp",
    "del20990101.txt",
    "COM1.OQSsiquc01req_1.err",
];

/// A tree that looks like a message.
fn message(random: &mut Random, catalogue: &Catalogue) -> Element {
    let kinds: Vec<_> = catalogue.kinds().collect();
    let kind = random.of(&kinds);
    let leaf = |random: &mut Random, name: &str| {
        let text = if random.is_one_in(4) { random.text() } else { random.of(VALUES).to_owned() };
        Element::leaf(name, &text)
    };
    let fields = kind.header.iter().map(|field| leaf(random, &field.name));
    let mut header: Vec<Element> = fields.collect();
    let fields = kind.body.iter().map(|field| leaf(random, &field.name));
    let mut body: Vec<Element> = fields.collect();
    for _ in 0..random.below(12) {
        let name = random.of(ELEMENTS);
        let one = match random.below(12) {
            0 => {
                let depth = random.below(40);
                (0..depth).fold(leaf(random, name), |inner, _| Element::parent(name, vec![inner]))
            }
            1 | 2 => Element::parent(name, body.clone()),
            _ => leaf(random, name),
        };
        if random.is_one_in(2) { header.push(one) } else { body.push(one) }
    }
    body.truncate(60);
    let parts =
        vec![Element::parent("MessageHeader", header), Element::parent("MessageBody", body)];
    Element::parent("XmlMsg", parts)
}

/// The bytes of a message as nobody would write it.
pub(super) fn bytes(random: &mut Random, catalogue: &Catalogue) -> Vec<u8> {
    let root = message(random, catalogue);
    let both = [Encoding::Utf8, Encoding::ShiftJis];
    let encoding = random.of(&both);
    // What cannot be written as it is, is written without what is in the way.
    let written = document::write(&root, encoding)
        .or_else(|_| document::write(&root, Encoding::Utf8))
        .unwrap_or_else(|_| b"<XmlMsg></XmlMsg>".to_vec());
    torn(random, &written)
}

/// A message with its text, its encoding and its bytes damaged, each of them not always.
pub(super) fn torn(random: &mut Random, written: &[u8]) -> Vec<u8> {
    let Ok((text, encoding)) = encoding::decode(written) else { return random.damage(written) };
    let mut pieces: Vec<String> = Vec::new();
    for piece in text.split_inclusive('>') {
        match piece.find('<') {
            Some(at) if at > 0 => pieces.extend([piece[..at].to_owned(), piece[at..].to_owned()]),
            _ => pieces.push(piece.to_owned()),
        }
    }
    if random.is_one_in(2) {
        pieces = random.shuffle(pieces, PIECES);
    }
    let text = pieces.concat();
    let other = if encoding == Encoding::Utf8 { Encoding::ShiftJis } else { Encoding::Utf8 };
    let encoding = if random.is_one_in(8) { other } else { encoding };
    let mut bytes = encoding::encode(&text, encoding).unwrap_or_else(|_| text.into_bytes());
    if random.is_one_in(16) {
        bytes.splice(..0, *b"\xEF\xBB\xBF");
    }
    if random.is_one_in(2) { random.damage(&bytes) } else { bytes }
}

/// What is read is judged and shown, and is read again as it is written again.
pub(super) fn documents(random: &mut Random, catalogue: &Catalogue) -> bool {
    let bytes = bytes(random, catalogue);
    let Ok((root, _)) = document::parse(&bytes) else { return false };
    for kind in catalogue.kinds() {
        let _ = message::judge(Some(kind), &root, &|_, _| Some(true));
    }
    let _ = message::validate(catalogue, &root);
    let json = message::to_json(catalogue, &root);
    let back = Element::from_json(&root.name, &json["message"]);
    assert!(back.is_ok_and(|back| back.len() == 1), "what was shown is a message");
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        if let Ok(again) = document::write(&root, encoding) {
            let read = document::parse(&again);
            assert!(read == Ok((root.clone(), encoding)) || is_ambiguous(&again), "{read:?}");
        }
    }
    true
}

/// True for UTF-8 that is not read because it may be Shift_JIS: characters of two bytes alone,
/// which nothing tells from half-width kana, and few characters that are Shift_JIS by chance.
pub(super) fn is_ambiguous(bytes: &[u8]) -> bool {
    let is_wide = bytes.iter().any(|byte| *byte >= 0xE0);
    let is_short = bytes.iter().filter(|byte| !byte.is_ascii()).count() <= 256;
    let is_both =
        std::str::from_utf8(bytes).is_ok() && encoding::is_text(bytes, Encoding::ShiftJis);
    !bytes.is_ascii() && is_both && (is_short || !is_wide)
}

/// What is written comes back, and what is read is what was written.
pub(super) fn texts(random: &mut Random) -> bool {
    const LEADS: &[u8] = b"\x81\x87\xe0\xef\xf0\xfa\xfc\xa0\x80\xb1\xe3\xc2\xf4\xff\xed";
    const TRAILS: &[u8] = b"\x40\x5c\x7c\x7e\x7f\x80\xa0\xbf\xfc\xff\x30\x0a";
    let text: String = (0..random.below(6)).map(|_| random.text()).collect();
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        let leaf = Element::leaf("Name", &text);
        if let Ok(bytes) = document::write(&leaf, encoding) {
            let read = document::parse(&bytes);
            assert!(read == Ok((leaf, encoding)) || is_ambiguous(&bytes), "{read:?}");
        }
    }
    let mut bytes = match random.below(3) {
        0 => Vec::new(),
        1 => b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>".to_vec(),
        _ => b"<?xml version='1.0' encoding='utf-8'?>".to_vec(),
    };
    for _ in 0..random.below(20) {
        let all = if random.is_one_in(2) { LEADS } else { TRAILS };
        bytes.push(if random.is_one_in(8) {
            random.next().to_le_bytes()[7]
        } else {
            random.of(all)
        });
    }
    let _ = encoding::undeclared(&bytes);
    let Ok((text, encoding)) = encoding::decode(&bytes) else { return false };
    if let Ok(again) = encoding::encode(&text, encoding) {
        // CP932 has several ways to write one character; it is the character that stays.
        let back = encoding::decode(&again);
        let is_same = back.is_ok_and(|(back, same)| same == encoding && back == text);
        assert!(is_same || is_ambiguous(&again));
    }
    true
}

/// A file name of these bytes: on Windows, where names are UTF-16, of units of the same values.
pub(super) fn file_name(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec());
    #[cfg(windows)]
    {
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |all, one| all << 8 | u16::from(*one)))
            .collect();
        std::os::windows::ffi::OsStringExt::from_wide(&units)
    }
}

/// The bytes of a name as nobody would give it.
pub(super) fn name(random: &mut Random) -> Vec<u8> {
    let whole = random.of(&NAMES);
    match random.below(8) {
        0 => whole.as_bytes().to_vec(),
        1 => format!("{}{}", random.text(), whole).into_bytes(),
        2 => whole.replacen('_', &format!("_{}", random.text()), 1).into_bytes(),
        3 => whole.replacen('_', &format!("_{}", "9".repeat(random.below(260))), 1).into_bytes(),
        _ => random.damage(whole.as_bytes()),
    }
}

/// What is known is shown as it stands in the folder.
pub(super) fn names(random: &mut Random) -> bool {
    let name = name(random);
    match Name::parse(&file_name(&name)) {
        Name::Exchange(known) => assert_eq!(known.to_string().as_bytes(), name),
        Name::Face(known) => assert_eq!(known.to_string().as_bytes(), name),
        Name::Leftover(known) | Name::Temporary(known) => assert_eq!(known.as_bytes(), name),
        Name::Foreign(_) => return false,
    }
    true
}
