//! Messages by their kind: requests are built from named values, answers are read and have to
//! be answers to exactly what was asked.

use diag::{Text, text};
use serde_json::{Map, Value};

use crate::archive::ArchiveError;
use crate::catalogue::{Catalogue, Field, Kind};
use crate::document::{DocumentError, Element, WriteError};
use crate::encoding::{DecodeError, Encoding};
use crate::moment;

/// Longest value of a request. LIMIT: the longest known is 50 characters.
pub const VALUE_MAX_CHARS: usize = 1_000;

/// Why a request cannot be built. It names elements and single characters, never a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequestError {
    /// The request is not a JSON object of strings.
    NotText(String),
    /// An element that this kind of request does not have.
    Unknown(String),
    /// An element without which the request is none.
    Missing(String),
    /// A value that is too long.
    TooLong(String),
    /// A value that is no day of the calendar.
    NotADay(String),
    /// A value that is no month of the calendar.
    NotAMonth(String),
    /// A value that its table of codes does not have.
    NotACode(String, String),
    /// A character that the encoding does not have.
    Character(WriteError),
    /// An element whose text is ours: whoever asks may not choose it.
    Ours(String),
    /// An element of the header that the people of one request do not agree on.
    NotOne(String),
}

impl RequestError {
    /// What is wrong, in words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotText(name) => text!(
                ja: "`{name}` は文字列で書いてください（数値では先頭の 0 が失われます）",
                en: "`{name}` has to be a string; a number would lose the zeros before it",
                name = name,
            ),
            Self::Unknown(name) => text!(
                ja: "`{name}` はこの要求の項目ではありません",
                en: "`{name}` is not an element of this request",
                name = name,
            ),
            Self::Missing(name) => text!(
                ja: "`{name}` がありません", en: "`{name}` is missing", name = name,
            ),
            Self::TooLong(name) => text!(
                ja: "`{name}` が長すぎます", en: "`{name}` is too long", name = name,
            ),
            Self::NotADay(name) => text!(
                ja: "`{name}` は暦にある日を `19990131` の形で書いてください",
                en: "`{name}` has to be a day of the calendar, written like `19990131`",
                name = name,
            ),
            Self::NotAMonth(name) => text!(
                ja: "`{name}` は暦にある月を `199901` の形で書いてください",
                en: "`{name}` has to be a month of the calendar, written like `199901`",
                name = name,
            ),
            Self::NotACode(name, codes) => text!(
                ja: "`{name}` は {codes} のどれかです",
                en: "`{name}` has to be one of {codes}",
                name = name, codes = codes,
            ),
            Self::Character(error) => text!(
                ja: "`{name}` の文字 U+{code} は指定の文字コードで書けません",
                en: "`{name}` has the character U+{code}, which the encoding cannot write",
                name = error.element, code = format!("{:04X}", u32::from(error.character)),
            ),
            Self::Ours(name) => text!(
                ja: "`{name}` はこのプログラムが書きます。医療機関は `--institution` で、自分の\
                     番号は `ArbitraryIdentifier` で指定してください",
                en: "`{name}` is written by this program; name the institution with \
                     `--institution`, and a number of your own in `ArbitraryIdentifier`",
                name = name,
            ),
            Self::NotOne(name) => text!(
                ja: "`{name}` は 1 件の要求に 1 つだけです。対象者ごとに変えられません",
                en: "`{name}` stands once in a request; it cannot differ between its people",
                name = name,
            ),
        }
    }
}

/// Elements of the header that the program writes itself.
const OURS: [&str; 2] = ["MedicalInstitutionCode", "ArbitraryFileIdentifier"];

/// Elements of an answer's header that decide what it is; each stands there once at most.
const DECIDING: [&str; 5] = [
    "MedicalInstitutionCode",
    "ArbitraryFileIdentifier",
    "ReceptionNumber",
    "SegmentOfResult",
    "CharacterCodeIdentifier",
];

/// The parts of a message.
const PARTS: [&str; 2] = ["MessageHeader", "MessageBody"];

/// Elements that hold a day, `yyyyMMdd`.
const DAYS: [&str; 6] = [
    "Birthdate",
    "QualificationConfirmationDate",
    "ConsentDateFrom",
    "ConsentDateTo",
    "ExaminationDateFrom",
    "ExaminationDateTo",
];
/// Elements that hold a month, `yyyyMM`.
const MONTHS: [&str; 3] = ["StartDate", "EndDate", "MedicalTreatmentMonth"];

/// Refuses values that no terminal could take: days that no calendar has, and codes that their
/// table does not have.
///
/// # Errors
/// For the first such value, by its element.
pub fn validate(catalogue: &Catalogue, message: &Element) -> Result<(), RequestError> {
    let mut wrong = None;
    message.visit(&mut |element| {
        let (name, text) = (&element.name, &element.text);
        if wrong.is_some() || !element.children.is_empty() {
            return;
        }
        if DAYS.contains(&name.as_str()) && moment::read_day(text).is_none() {
            wrong = Some(RequestError::NotADay(name.clone()));
        }
        if MONTHS.contains(&name.as_str()) && moment::read_day(&format!("{text}01")).is_none() {
            wrong = Some(RequestError::NotAMonth(name.clone()));
        }
        if let Some(table) = catalogue.table(name).filter(|table| !table.contains_key(text)) {
            let codes: Vec<&str> = table.keys().map(String::as_str).collect();
            wrong = Some(RequestError::NotACode(name.clone(), codes.join(", ")));
        }
    });
    wrong.map_or(Ok(()), Err)
}

/// Builds a request of this kind: one person from each object of `people`, and the header from
/// `header`, whose values an object may set as well.
///
/// # Errors
/// When an element is missing, unknown or not text.
pub fn request(
    kind: &Kind,
    header: &[(&str, String)],
    people: &[Map<String, Value>],
) -> Result<Element, RequestError> {
    let mut head = Vec::new();
    for field in &kind.header {
        let own = header.iter().find(|(name, _)| *name == field.name).map(|(_, text)| text.clone());
        let set = head_value(&field.name, people)?;
        // What an answer is recognised by must be known to nobody else, and be used once.
        let is_ours = OURS.contains(&field.name.as_str());
        if is_ours && set.is_some() && set != own {
            return Err(RequestError::Ours(field.name.clone()));
        }
        match set.or(own) {
            Some(text) => head.push(Element::leaf(&field.name, &text)),
            None if field.is_required => return Err(RequestError::Missing(field.name.clone())),
            None => {}
        }
    }
    let mut body = Vec::new();
    for person in people {
        let elements = person_elements(kind, person)?;
        match &kind.wrapper {
            Some(wrapper) => body.push(Element::parent(wrapper, elements)),
            None => body.extend(elements),
        }
    }
    Ok(Element::parent(
        "XmlMsg",
        vec![Element::parent("MessageHeader", head), Element::parent("MessageBody", body)],
    ))
}

/// What the people of a request say about an element of its header, which they share.
fn head_value(name: &str, people: &[Map<String, Value>]) -> Result<Option<String>, RequestError> {
    let mut set = None;
    for person in people {
        match value(person, name)? {
            Some(text) if set.as_ref().is_some_and(|set| *set != text) => {
                return Err(RequestError::NotOne(name.to_owned()));
            }
            Some(text) => set = Some(text),
            None => {}
        }
    }
    Ok(set)
}

fn person_elements(kind: &Kind, person: &Map<String, Value>) -> Result<Vec<Element>, RequestError> {
    let is_in = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
    if let Some(name) =
        person.keys().find(|name| !is_in(&kind.body, name) && !is_in(&kind.header, name))
    {
        return Err(RequestError::Unknown(name.clone()));
    }
    let mut elements = Vec::new();
    for field in &kind.body {
        match value(person, &field.name)? {
            Some(text) => elements.push(Element::leaf(&field.name, &text)),
            None if field.is_required => return Err(RequestError::Missing(field.name.clone())),
            None => {}
        }
    }
    Ok(elements)
}

fn value(person: &Map<String, Value>, name: &str) -> Result<Option<String>, RequestError> {
    match person.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() > VALUE_MAX_CHARS => {
            Err(RequestError::TooLong(name.to_owned()))
        }
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(RequestError::NotText(name.to_owned())),
    }
}

/// What an answer says as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It holds what was asked for.
    Answered,
    /// The terminal is still working on it; it has to be asked again.
    InProgress,
    /// The terminal says that it failed.
    Failed,
}

/// Why a file is not shown as the answer. It never holds anything of the content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// It is not a whole message, and has not become one.
    Document(DocumentError),
    /// It is not a ZIP file that can be read.
    Archive(ArchiveError),
    /// It is larger than an answer can be.
    TooLarge,
    /// It is no plain file.
    NotAFile,
    /// We may not read it.
    Unreadable,
    /// An element that it has to repeat is missing or has another text.
    OtherEcho(String),
    /// It says that it is done, and the element that would show it is missing.
    NoProof(String),
    /// An element by which it would be judged stands there twice, or not where it has to.
    Ambiguous(String),
    /// Its header says one encoding and it is written in another.
    OtherEncoding,
    /// It is not a document to look at, although its name says so.
    NotPdf,
}

impl Doubt {
    /// The reason as one word, for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Document(DocumentError::Unfinished) => "unfinished",
            Self::Document(DocumentError::Malformed) => "malformed",
            Self::Document(DocumentError::Refused) => "document-type-or-entity",
            Self::Document(DocumentError::Encoding(DecodeError::UnknownLabel)) => {
                "unknown-encoding"
            }
            Self::Document(DocumentError::Encoding(_)) | Self::OtherEncoding => "encoding-mismatch",
            Self::Document(DocumentError::TooLarge)
            | Self::TooLarge
            | Self::Archive(ArchiveError::TooLarge) => "too-large",
            Self::Archive(ArchiveError::Unfinished) => "archive-unfinished",
            Self::Archive(ArchiveError::Locked) => "archive-locked",
            Self::Archive(ArchiveError::WrongPassword) => "archive-wrong-password",
            Self::Archive(ArchiveError::BadName) => "archive-bad-name",
            Self::Archive(ArchiveError::Unsupported) => "archive-unsupported",
            Self::NotAFile => "not-a-file",
            Self::Unreadable => "unreadable",
            Self::OtherEcho(_) => "other-request",
            Self::NoProof(_) => "no-result",
            Self::Ambiguous(_) => "ambiguous",
            Self::NotPdf => "not-pdf",
        }
    }

    /// True if the fault is not the file's: we have no right to read it, or not its password.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let shut = [ArchiveError::Locked, ArchiveError::WrongPassword].map(Self::Archive);
        *self == Self::Unreadable || shut.contains(self)
    }

    /// True if waiting may help: the file may still be written.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Document(
                DocumentError::Unfinished | DocumentError::Malformed | DocumentError::Encoding(_)
            ) | Self::Archive(ArchiveError::Unfinished)
                | Self::NotPdf
        )
    }
}

/// What a part of a message holds that decides about the whole and does not belong there.
fn misplaced(part: &Element) -> Option<&'static str> {
    let names = || DECIDING.into_iter().chain(PARTS);
    let is_header = part.name == "MessageHeader";
    // The number may stand in either part.
    let is_right = |name: &str| name == RECEPTION || is_header && DECIDING.contains(&name);
    let mut found = None;
    for child in &part.children {
        found = found.or(names().find(|name| child.name == *name && !is_right(name)));
        for inner in &child.children {
            inner.visit(&mut |element| {
                found = found.or(names().find(|name| element.name == *name));
            });
        }
    }
    found
}

/// Looks at the form of an answer: one message, in which everything that decides stands once and
/// in its place. What stands behind a second header would be handed over unverified.
///
/// # Errors
/// When it is another form, or says another encoding than the one it is written in.
pub fn form(message: &Element, encoding: Encoding) -> Result<(), Doubt> {
    let ambiguous = |name: &str| Err(Doubt::Ambiguous(name.to_owned()));
    let count = |part: &Element, name: &str| {
        part.children.iter().filter(|child| child.name == name).count()
    };
    if message.name != "XmlMsg" {
        return ambiguous("XmlMsg");
    }
    for part in PARTS {
        if count(message, part) > 1 {
            return ambiguous(part);
        }
    }
    if message.children.iter().any(|part| !PARTS.contains(&part.name.as_str())) {
        return ambiguous("XmlMsg");
    }
    for part in &message.children {
        if let Some(name) = misplaced(part) {
            return ambiguous(name);
        }
    }
    let Some(header) = message.child("MessageHeader") else { return ambiguous("MessageHeader") };
    if let Some(name) = DECIDING.into_iter().find(|name| count(header, name) > 1) {
        return ambiguous(name);
    }
    if message.child("MessageBody").is_some_and(|body| count(body, "ProcessingResultStatus") > 1) {
        return ambiguous("ProcessingResultStatus");
    }
    let said = header.child("CharacterCodeIdentifier").map(|said| said.text.as_str());
    if said.is_some_and(|said| matches!(said, "0" | "1") && said != encoding.identifier()) {
        return Err(Doubt::OtherEncoding);
    }
    Ok(())
}

/// Judges an answer. `is_echo` says whether a text is what the request had in an element.
///
/// # Errors
/// When it is not the answer to that request.
pub fn judge(
    kind: Option<&Kind>,
    message: &Element,
    is_echo: &impl Fn(&str, &str) -> Option<bool>,
) -> Result<Verdict, Doubt> {
    let header = message.child("MessageHeader");
    for name in ["MedicalInstitutionCode", "ArbitraryFileIdentifier"] {
        let said = header.and_then(|header| header.child(name)).map(|found| found.text.as_str());
        let is_needed = kind.is_none_or(|kind| kind.echo.iter().any(|echo| echo == name));
        let is_right = match said {
            Some(said) => is_echo(name, said).unwrap_or(!is_needed),
            None => !is_needed || is_echo(name, "").is_none(),
        };
        if !is_right {
            return Err(Doubt::OtherEcho(name.to_owned()));
        }
    }
    // The second step of a bulk request has no identifier; its number tells the results apart.
    if all(message, RECEPTION).any(|said| is_echo(RECEPTION, &said.text) == Some(false)) {
        return Err(Doubt::OtherEcho(RECEPTION.to_owned()));
    }
    verdict(kind, message)
}

/// The number under which a bulk request is worked on.
pub const RECEPTION: &str = "ReceptionNumber";

/// How many people the result of a bulk request holds.
const RESULTS: &str = "NumberOfProcessingResult";

/// Every element of this name in a message.
fn all<'a>(message: &'a Element, name: &str) -> impl Iterator<Item = &'a Element> {
    let mut found = Vec::new();
    message.visit(&mut |element| {
        if element.name == name {
            found.push(element);
        }
    });
    found.into_iter()
}

/// What an answer says as a whole.
///
/// # Errors
/// When it says that it is done without the element that would show it, or says something that
/// is not known: an unknown word about the outcome is never taken for success.
pub fn verdict(kind: Option<&Kind>, message: &Element) -> Result<Verdict, Doubt> {
    let text = |part: &str, name: &str| {
        message.child(part).and_then(|part| part.child(name)).map(|found| found.text.as_str())
    };
    match text("MessageHeader", "SegmentOfResult") {
        Some("9") => return Ok(Verdict::Failed),
        Some("2") => return Ok(Verdict::InProgress),
        Some("1") | None => {}
        Some(_) => return Err(Doubt::NoProof("SegmentOfResult".to_owned())),
    }
    match text("MessageBody", "ProcessingResultStatus") {
        Some("2") => return Ok(Verdict::Failed),
        Some("1") | None => {}
        Some(_) => return Err(Doubt::NoProof("ProcessingResultStatus".to_owned())),
    }
    if let Some(kind) = kind {
        let proofs: Vec<&Element> = all(message, &kind.proof).collect();
        let is_direct = text("MessageBody", &kind.proof).is_some();
        match proofs[..] {
            [] => return Err(Doubt::NoProof(kind.proof.clone())),
            // One for each person, and as many as the answer itself says.
            _ if kind.proof == "BulkConfirmUnit" => {
                let said = text("MessageHeader", RESULTS).map(str::parse::<usize>);
                if said.is_some_and(|said| said != Ok(proofs.len())) {
                    return Err(Doubt::NoProof(RESULTS.to_owned()));
                }
            }
            [_] if kind.proof == "ProcessingResultStatus" && !is_direct => {
                return Err(Doubt::NoProof(kind.proof.clone()));
            }
            [code] if kind.proof == "ResultCode" && code.text != "1" => {
                return Ok(Verdict::Failed);
            }
            [_] => {}
            _ => return Err(Doubt::Ambiguous(kind.proof.clone())),
        }
    }
    Ok(Verdict::Answered)
}

/// A message as JSON, with what its codes mean beside it.
#[must_use]
pub fn to_json(catalogue: &Catalogue, message: &Element) -> Map<String, Value> {
    use crate::catalogue::Code;
    let mut object = Map::new();
    object.insert("message".to_owned(), message.to_json(&|name| catalogue.is_list(name)));
    let codes = catalogue.codes(message).into_iter().map(|coded| {
        let mut entry = Map::new();
        entry.insert("element".to_owned(), coded.element.into());
        entry.insert("value".to_owned(), coded.value.into());
        match coded.code {
            Code::Known(meaning) => {
                entry.insert("ja".to_owned(), meaning.ja.into());
                entry.insert("en".to_owned(), meaning.en.into());
            }
            Code::Unknown(_) => {
                entry.insert("unknown".to_owned(), true.into());
            }
        }
        Value::Object(entry)
    });
    object.insert("codes".to_owned(), codes.collect());
    object
}
