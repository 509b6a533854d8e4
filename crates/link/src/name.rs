//! File names in the folders `req`, `res` and `face`, by their grammar.
//!
//! A name that the grammar does not have is [`Name::Foreign`], with the reason: it belongs to
//! somebody else and is left alone.
//!
//! # Source
//! Observed behaviour of public software, not the official specification.

use std::ffi::OsStr;
use std::fmt;

/// Longest file name that is looked at. LIMIT: that of the usual file systems.
pub const NAME_MAX_BYTES: usize = 255;
/// Longest suffix that is taken for one of the exchange. LIMIT: the real one is not known;
/// observed are 12 to about 40 characters.
pub const SUFFIX_MAX_CHARS: usize = 128;

/// Systems whose messages are known by name.
pub const SYSTEMS: [&str; 8] = ["OQS", "EPS", "CIS", "CIP", "EMS", "PMH", "YZK", "TKK"];

/// How the name of a face result begins.
const FACE: &str = "OQSsiquc01res_face_";
/// Digits of an institution's code.
const INSTITUTION_DIGITS: usize = 10;
/// Characters of a face result's own id.
const FACE_ID_CHARS: usize = 20;
/// Digits of a time, `yyyyMMddHHmmss`.
const TIME_DIGITS: usize = 14;

/// What kind of message a file holds: `OQSsiquc01` and the like.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ApiId {
    text: String,
}

impl ApiId {
    /// Reads an id: a system, `si` or `mu`, three lower-case letters, `01` or `02`.
    ///
    /// # Errors
    /// With the part that does not fit.
    pub fn parse(text: &str) -> Result<Self, Foreign> {
        if text.len() != 10 || !text.is_ascii() {
            return Err(Foreign::NoApiId);
        }
        if !SYSTEMS.contains(&&text[..3]) {
            return Err(Foreign::UnknownSystem);
        }
        let is_kind = matches!(&text[3..5], "si" | "mu");
        let is_function = text[5..8].bytes().all(|byte| byte.is_ascii_lowercase());
        let is_step = matches!(&text[8..], "01" | "02");
        if is_kind && is_function && is_step {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(Foreign::NoApiId)
        }
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True for a request about many people, which is answered in two steps.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        &self.text[3..5] == "mu"
    }

    /// The step, `01` or `02`.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.text[8..]
    }

    /// The same id at another step of a bulk request.
    #[must_use]
    pub fn at_step(&self, step: Step) -> Self {
        let step = match step {
            Step::Upload => "01",
            Step::Download => "02",
        };
        Self { text: format!("{}{step}", &self.text[..8]) }
    }
}

impl fmt::Display for ApiId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// A step of a bulk request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// `01`: hands the list in.
    Upload,
    /// `02`: asks for the result.
    Download,
}

/// Which way a file goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// From the claims computer to the terminal.
    Request,
    /// From the terminal to the claims computer.
    Response,
}

impl Side {
    /// The word in the file name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "req",
            Self::Response => "res",
        }
    }
}

/// What stands behind the last dot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Extension {
    /// A message.
    Xml,
    /// Messages packed together, possibly encrypted.
    Zip,
    /// A document to look at.
    Pdf,
    /// The terminal could not read the request.
    Err,
    /// Plain text.
    Txt,
}

impl Extension {
    /// Those that a response can have, in the order in which they are looked for.
    pub const RESPONSES: [Self; 3] = [Self::Xml, Self::Zip, Self::Pdf];

    /// The word in the file name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Zip => "zip",
            Self::Pdf => "pdf",
            Self::Err => "err",
            Self::Txt => "txt",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Xml, Self::Zip, Self::Pdf, Self::Err, Self::Txt];
        all.into_iter().find(|extension| extension.word() == word)
    }
}

/// The name of a request or of its answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Exchange {
    /// What kind of message.
    pub api: ApiId,
    /// Which way.
    pub side: Side,
    suffix: String,
    /// What kind of file.
    pub extension: Extension,
}

impl Exchange {
    /// The name of a request.
    ///
    /// # Errors
    /// When the suffix cannot stand in a name.
    pub fn request(api: ApiId, suffix: &str, extension: Extension) -> Result<Self, Foreign> {
        check_suffix(suffix)?;
        Ok(Self { api, side: Side::Request, suffix: suffix.to_owned(), extension })
    }

    /// What stands between the underscore and the dot; request and answer share it.
    #[must_use]
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// The name of the other half: a request's answer, an answer's request.
    #[must_use]
    pub fn counterpart(&self, extension: Extension) -> Self {
        let side = match self.side {
            Side::Request => Side::Response,
            Side::Response => Side::Request,
        };
        Self { side, extension, ..self.clone() }
    }

    /// The same name with another extension: the `.err` beside a request that was sent back.
    #[must_use]
    pub fn with_extension(&self, extension: Extension) -> Self {
        Self { extension, ..self.clone() }
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api, side, suffix, extension } = self;
        write!(out, "{api}{}_{suffix}.{}", side.word(), extension.word())
    }
}

/// The name of a result that the card reader pushed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Face {
    /// The institution's code, ten digits.
    pub institution: String,
    /// The result's own id, twenty characters.
    pub id: String,
    /// When, `yyyyMMddHHmmss`.
    pub time: String,
}

impl fmt::Display for Face {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{FACE}{}{}_{}.xml", self.institution, self.id, self.time)
    }
}

/// Why a name is not one of the exchange.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Foreign {
    /// It is not Unicode text.
    NotUnicode,
    /// It is longer than a name can be.
    TooLong,
    /// It is a path, or a name that a system keeps for a device or a stream.
    Reserved,
    /// It does not begin with an id of a message.
    NoApiId,
    /// The id begins with a system that is not known.
    UnknownSystem,
    /// `req_` or `res_` does not follow the id.
    NoSide,
    /// The part before the dot cannot stand in a name of the exchange.
    BadSuffix,
    /// It begins like a face result and does not go on like one.
    BadFace,
    /// What stands behind the dot is not known.
    BadExtension,
    /// It holds the name of an answer and is not one: a copy, or a file that was renamed.
    LikeAnswer,
}

/// A file name, understood.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// A request or its answer.
    Exchange(Exchange),
    /// A result of the card reader.
    Face(Face),
    /// A report of the terminal's own cleaner, `del….txt`.
    Leftover(String),
    /// A file of ours that was not published, `.….tmp`.
    Temporary(String),
    /// Somebody else's.
    Foreign(Foreign),
}

impl Name {
    /// Reads a name as it stands in a folder.
    #[must_use]
    pub fn parse(name: &OsStr) -> Self {
        match name.to_str() {
            None => Self::Foreign(Foreign::NotUnicode),
            Some(name) => Self::parse_text(name).unwrap_or_else(|reason| {
                let is_told = matches!(reason, Foreign::Reserved | Foreign::BadFace);
                let is_like = !is_told && is_like_answer(name);
                Self::Foreign(if is_like { Foreign::LikeAnswer } else { reason })
            }),
        }
    }

    fn parse_text(name: &str) -> Result<Self, Foreign> {
        if name.len() > NAME_MAX_BYTES {
            return Err(Foreign::TooLong);
        }
        if is_reserved(name) {
            return Err(Foreign::Reserved);
        }
        if is_temporary(name) {
            return Ok(Self::Temporary(name.to_owned()));
        }
        let (stem, extension) = name.rsplit_once('.').ok_or(Foreign::BadExtension)?;
        let extension = Extension::parse(extension).ok_or(Foreign::BadExtension);
        let is_report = stem.starts_with("del") && !stem.chars().any(char::is_control);
        if is_report && extension == Ok(Extension::Txt) {
            return Ok(Self::Leftover(name.to_owned()));
        }
        if let Some(rest) = stem.strip_prefix(FACE) {
            return match face(rest) {
                Some(face) if extension? == Extension::Xml => Ok(Self::Face(face)),
                _ => Err(Foreign::BadFace),
            };
        }
        let (api, rest) = stem.split_at_checked(10).ok_or(Foreign::NoApiId)?;
        let api = ApiId::parse(api)?;
        let (side, suffix) = match (rest.strip_prefix("req_"), rest.strip_prefix("res_")) {
            (Some(suffix), _) => (Side::Request, suffix),
            (_, Some(suffix)) => (Side::Response, suffix),
            _ => return Err(Foreign::NoSide),
        };
        check_suffix(suffix)?;
        Ok(Self::Exchange(Exchange { api, side, suffix: suffix.to_owned(), extension: extension? }))
    }
}

/// Whether the name of an answer stands somewhere in it, in small or capital letters.
fn is_like_answer(name: &str) -> bool {
    let capitals = name.to_ascii_uppercase();
    capitals.match_indices("RES_").any(|(at, _)| {
        let id = at.checked_sub(10).and_then(|start| capitals.get(start..at));
        let id = id.filter(|id| id.is_ascii());
        id.is_some_and(|id| {
            let id = format!("{}{}", &id[..3], id[3..].to_ascii_lowercase());
            ApiId::parse(&id).is_ok()
        })
    })
}

/// What follows [`FACE`], without the extension.
fn face(rest: &str) -> Option<Face> {
    let (both, time) = rest.split_once('_')?;
    let (institution, id) = both.split_at_checked(INSTITUTION_DIGITS)?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = id.len() == FACE_ID_CHARS && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_right = is_digits(institution) && is_id && time.len() == TIME_DIGITS && is_digits(time);
    is_right.then(|| Face {
        institution: institution.to_owned(),
        id: id.to_owned(),
        time: time.to_owned(),
    })
}

fn check_suffix(suffix: &str) -> Result<(), Foreign> {
    let length = suffix.chars().count();
    let is_short = (1..=SUFFIX_MAX_CHARS).contains(&length);
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && c != '.' && !is_mark(c);
    if is_short && suffix.chars().all(is_plain) { Ok(()) } else { Err(Foreign::BadSuffix) }
}

/// Characters that some file system does not take, or takes for something else.
fn is_mark(c: char) -> bool {
    matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Paths, streams, and devices of Windows (which keep their meaning before any extension).
fn is_reserved(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let is_path = matches!(name, "" | "." | "..") || name.chars().any(|c| is_mark(c) || c == '\0');
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let is_port =
        |start: &str| stem.strip_prefix(start).is_some_and(|rest| rest.chars().count() == 1);
    is_path
        || name.ends_with(['.', ' '])
        || DEVICES.contains(&stem.as_str())
        || is_port("COM")
        || is_port("LPT")
}

/// `.` and sixteen hexadecimal digits and `.tmp`, as [`temporary`] makes them.
fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(".tmp"));
    middle.is_some_and(|middle| {
        middle.len() == 16 && middle.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The name of a file that is not published yet.
#[must_use]
pub fn temporary(random: u64) -> String {
    format!(".{random:016x}.tmp")
}
