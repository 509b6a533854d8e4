//! What will happen to a request, decided the moment it is read: steps with their times.

use std::collections::BTreeMap;

use super::answer::{self, Asked};
use super::dice::Dice;
use super::pdf;
use super::scenario::{Play, Scenario, Write};
use crate::archive::{self, Entry};
use crate::document::{self, Element};
use crate::encoding::Encoding;
use crate::name::{Exchange, Extension};

/// A shared folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Place {
    Req,
    Res,
    Face,
}

impl Place {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Req => "req",
            Self::Res => "res",
            Self::Face => "face",
        }
    }
}

/// One thing that is done in a folder.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Takes a file away.
    Remove(Place, String),
    /// Makes a file appear whole.
    Publish(Place, String, Vec<u8>),
    /// Makes an empty file, or one of zeros of this length, possibly locked.
    Open { place: Place, name: String, length: u64, is_locked: bool },
    /// Writes a piece of the file that was opened under this name.
    Piece { place: Place, name: String, offset: u64, bytes: Vec<u8> },
    /// Closes it.
    Close(Place, String),
}

/// A step and how long after the request was seen it is done.
pub(super) type Timed = (u64, Step);

/// Bulk requests that were taken: what was asked, and how often the result was asked for.
pub(super) type Receptions = BTreeMap<String, (Vec<Element>, u64)>;

/// Bytes of zeros in a ZIP bomb.
const BOMB_BYTES: usize = 15 * 1024 * 1024;

/// What a request asks, without what tells it from others that ask the same: its file's name, its
/// identifier, the day. Chance follows from this, so that the same questions have the same answers
/// however their files are called.
pub(super) fn question(name: &Exchange, asked: &Asked) -> String {
    let mut text = name.api.to_string();
    if let Some(body) = asked.message.child("MessageBody") {
        body.visit(&mut |element| {
            for piece in [&element.name, &element.text] {
                text += &format!(" {}:{piece}", piece.len());
            }
        });
    }
    text
}

/// What happens to a request whose form is right. `label` is what chance follows from.
pub(super) fn request(
    scenario: &Scenario,
    label: &str,
    name: &Exchange,
    bytes: &[u8],
    asked: &Asked,
    receptions: &mut Receptions,
) -> Vec<Timed> {
    let file = name.to_string();
    let mut dice = Dice::new(scenario.seed, label);
    let play = dice.pick(&scenario.plays).unwrap_or(Play::Normal);
    if play == Play::Refuse {
        return Vec::new();
    }
    let taken = dice.within(scenario.take);
    let mut steps = vec![(taken, Step::Remove(Place::Req, file.clone()))];
    if play == Play::Hang {
        return steps;
    }
    let delay = if play == Play::Late { scenario.late } else { scenario.delay };
    let at = taken + dice.within(delay);
    if play == Play::ErrorFile {
        steps.extend(error_file(name, bytes, at, "TEST0001,試験用の形式エラー"));
        return steps;
    }
    let message = content(scenario, name, asked, play, &mut dice, receptions);
    let Ok(xml) = written(scenario, &message, play) else {
        steps.extend(error_file(name, bytes, at, "TEST0002,文字コード"));
        return steps;
    };
    let inner = if is_document(name, asked, play) {
        (Extension::Pdf, pdf::document())
    } else {
        (Extension::Xml, opaque(scenario, name, asked, play).unwrap_or(xml))
    };
    let (extension, content) = packed(scenario, name, play, inner, &mut dice);
    let response = name.counterpart(extension).to_string();
    let end = put(scenario, Place::Res, &response, &content, at, &mut dice, &mut steps);
    if play == Play::Duplicate {
        let again = end + 1 + dice.within(scenario.delay);
        steps.push((again, Step::Remove(Place::Res, response.clone())));
        put(scenario, Place::Res, &response, &content, again, &mut dice, &mut steps);
    }
    steps
}

/// The `.err` file, and the request beside it.
pub(super) fn error_file(name: &Exchange, bytes: &[u8], at: u64, line: &str) -> Vec<Timed> {
    let error = name.with_extension(Extension::Err).to_string();
    let line = crate::encoding::encode(&format!("{line}\r\n"), Encoding::ShiftJis);
    vec![
        (at, Step::Publish(Place::Res, name.to_string(), bytes.to_owned())),
        (at, Step::Publish(Place::Res, error, line.unwrap_or_default())),
    ]
}

fn content(
    scenario: &Scenario,
    name: &Exchange,
    asked: &Asked,
    play: Play,
    dice: &mut Dice,
    receptions: &mut Receptions,
) -> Element {
    let api = name.api.as_str();
    let mut asked = asked.clone();
    match play {
        // The second step of a bulk request has a number instead.
        Play::OtherIdentifier if asked.identifier.is_some() => {
            asked.identifier = Some(format!("S99{}", dice.digits(14)));
        }
        Play::OtherInstitution => asked.institution = "9999999999".to_owned(),
        _ => {}
    }
    if play == Play::Failed {
        return answer::message(answer::header(scenario, &asked, "9"), Vec::new());
    }
    if name.api.is_bulk() {
        return bulk(scenario, name, &asked, play, dice, receptions);
    }
    let results = if play == Play::Several { 2 } else { 1 };
    let mut body = answer::body(api, scenario, &asked, dice, results);
    if play == Play::UnknownCode {
        body.push(Element::leaf("PrescriptionIssueSelect", "77"));
    }
    answer::message(answer::header(scenario, &asked, "1"), body)
}

fn bulk(
    scenario: &Scenario,
    name: &Exchange,
    asked: &Asked,
    play: Play,
    dice: &mut Dice,
    receptions: &mut Receptions,
) -> Element {
    if name.api.step() == "01" {
        let number = format!("99{}", dice.digits(18));
        receptions.insert(number.clone(), (asked.rows().to_vec(), 0));
        let mut header = answer::header(scenario, asked, "1");
        header.children.push(Element::leaf("ReceptionNumber", &number));
        return answer::message(header, Vec::new());
    }
    let number = asked.message.text_of("ReceptionNumber").unwrap_or_default();
    let said = match play {
        Play::OtherIdentifier => format!("99{}", dice.digits(18)),
        _ => number.to_owned(),
    };
    let header = |segment| {
        let mut header = answer::header(scenario, asked, segment);
        header.children.push(Element::leaf("ReceptionNumber", &said));
        header
    };
    let Some((rows, times)) = receptions.get_mut(number) else {
        return answer::message(header("9"), Vec::new());
    };
    *times += 1;
    if *times <= scenario.busy {
        return answer::message(header("2"), Vec::new());
    }
    let mut header = header("1");
    let count = rows.len().to_string();
    header.children.push(Element::leaf("NumberOfProcessingResult", &count));
    header.children.push(Element::leaf("NumberOfNormalProcessing", &count));
    header.children.push(Element::leaf("NumberOfError", "0"));
    answer::message(header, answer::bulk(scenario, rows, dice))
}

/// The bytes of a message, rightly or wrongly.
fn written(
    scenario: &Scenario,
    message: &Element,
    play: Play,
) -> Result<Vec<u8>, document::WriteError> {
    let right = scenario.encoding;
    let other = match right {
        Encoding::Utf8 => Encoding::ShiftJis,
        Encoding::ShiftJis => Encoding::Utf8,
    };
    let relabelled = |bytes: Vec<u8>, from: Encoding, to: Encoding| {
        let start = format!("<?xml version=\"1.0\" encoding=\"{}\"", from.label()).len();
        let mut all = format!("<?xml version=\"1.0\" encoding=\"{}\"", to.label()).into_bytes();
        all.extend(&bytes[start..]);
        all
    };
    Ok(match play {
        Play::WrongDeclaration => relabelled(document::write(message, other)?, other, right),
        // Declared as it is written, while its header says the site's setting.
        Play::OtherHeader => document::write(message, other)?,
        Play::Bom => {
            let mut all = b"\xEF\xBB\xBF".to_vec();
            all.extend(document::write(message, Encoding::Utf8)?);
            all
        }
        Play::DocumentType => {
            let bytes = document::write(message, right)?;
            let at = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let mut all = bytes[..at].to_vec();
            all.extend(b"<!DOCTYPE XmlMsg [<!ENTITY a \"aaaaaaaaaa\">]>\n");
            all.extend(&bytes[at..]);
            all
        }
        _ => document::write(message, right)?,
    })
}

/// Whether the request asks for a document to look at, and nothing else is played.
fn is_document(name: &Exchange, asked: &Asked, play: Play) -> bool {
    let is_asked = matches!(name.api.as_str(), "YZKsiquc01" | "TKKsiquc01")
        && matches!(asked.message.text_of("FileCategory"), Some("1" | "3"));
    is_asked
        && matches!(
            play,
            Play::Normal
                | Play::Several
                | Play::Late
                | Play::Duplicate
                | Play::UnknownCode
                | Play::Truncated
                | Play::Zip
                | Play::ZipAes
                | Play::ZipTruncated
        )
}

/// The answer that the scenario has for messages of this kind, as it stands there but for the
/// words `{institution}` and `{identifier}`; `None` where it has none, or plays something else.
fn opaque(scenario: &Scenario, name: &Exchange, asked: &Asked, play: Play) -> Option<Vec<u8>> {
    let text = scenario.opaque.get(name.api.as_str())?;
    let is_as_it_is =
        matches!(play, Play::Normal | Play::Late | Play::Duplicate | Play::Zip | Play::ZipAes);
    let identifier = asked.identifier.as_deref().unwrap_or_default();
    let text = text.replace("{institution}", &asked.institution);
    is_as_it_is.then(|| text.replace("{identifier}", identifier).into_bytes())
}

fn packed(
    scenario: &Scenario,
    name: &Exchange,
    play: Play,
    (extension, content): (Extension, Vec<u8>),
    dice: &mut Dice,
) -> (Extension, Vec<u8>) {
    let inner = name.counterpart(extension).to_string();
    let entry = |bytes| Entry { name: inner, bytes };
    match play {
        Play::Zip => (Extension::Zip, archive::write(&[entry(content)], None)),
        Play::ZipAes => {
            let lock = archive::Lock { password: scenario.password.clone(), salt: dice.next() };
            (Extension::Zip, archive::write(&[entry(content)], Some(&lock)))
        }
        Play::ZipTruncated => {
            let mut bytes = archive::write(&[entry(content)], None);
            bytes.truncate(bytes.len() * 2 / 3);
            (Extension::Zip, bytes)
        }
        Play::ZipBomb => (Extension::Zip, archive::write(&[entry(vec![b' '; BOMB_BYTES])], None)),
        Play::Pdf => (Extension::Pdf, pdf::document()),
        Play::Truncated => {
            let mut bytes = content;
            bytes.truncate(bytes.len() * 2 / 3);
            (extension, bytes)
        }
        _ => (extension, content),
    }
}

/// Writes a file in one of the ways; returns when the last piece is there.
fn put(
    scenario: &Scenario,
    place: Place,
    name: &str,
    bytes: &[u8],
    at: u64,
    dice: &mut Dice,
    steps: &mut Vec<Timed>,
) -> u64 {
    let write = dice.pick(&scenario.writes).unwrap_or(Write::Rename);
    if write == Write::Rename {
        steps.push((at, Step::Publish(place, name.to_owned(), bytes.to_owned())));
        return at;
    }
    let length = if write == Write::Preallocated { bytes.len() as u64 } else { 0 };
    let is_locked = write == Write::Exclusive;
    steps.push((at, Step::Open { place, name: name.to_owned(), length, is_locked }));
    let pieces = usize::try_from(dice.within(scenario.pieces).max(1)).unwrap_or(1);
    let size = bytes.len().div_ceil(pieces).max(1);
    let mut when = at;
    let mut offset = 0;
    for piece in bytes.chunks(size) {
        let (name, bytes) = (name.to_owned(), piece.to_owned());
        steps.push((when, Step::Piece { place, name, offset, bytes }));
        offset += piece.len() as u64;
        let is_long = dice.below(100) < scenario.long_stall_percent;
        when += dice.within(if is_long { scenario.long_stall } else { scenario.stall });
    }
    steps.push((when, Step::Close(place, name.to_owned())));
    when
}

/// One result of the card reader.
pub(super) fn face(scenario: &Scenario, number: u64) -> Vec<Timed> {
    let mut dice = Dice::new(scenario.seed, &format!("face {number}"));
    let asked = Asked {
        institution: scenario.institution.clone(),
        identifier: None,
        message: Element::default(),
    };
    let body = answer::face(scenario, &mut dice);
    let message = answer::message(answer::header(scenario, &asked, "1"), body);
    let name = crate::name::Face {
        institution: scenario.institution.clone(),
        id: format!("99{}", dice.digits(18)),
        time: scenario.time.clone(),
    };
    let Ok(bytes) = document::write(&message, scenario.encoding) else { return Vec::new() };
    let mut steps = Vec::new();
    let at = scenario.faces.1.saturating_mul(number);
    put(scenario, Place::Face, &name.to_string(), &bytes, at, &mut dice, &mut steps);
    steps
}
