//! What stands in a file that may be the answer, read within bounds and judged.

use std::ffi::OsStr;
use std::io;

use serde_json::{Map, Value};

use super::{Answer, Client, Open, Outcome};
use crate::archive::{self, Entry};
use crate::document::{self, DocumentError, Element};
use crate::encoding::{self, Encoding};
use crate::folder::{Folder, Identity};
use crate::message::{self, Doubt, Verdict};
use crate::name::Extension;
use crate::{pdf, pseudonym};

/// Largest `.err` file. LIMIT: its content is not known; a line was seen.
const ERR_MAX_BYTES: u64 = 64 * 1024;
/// Largest result of the card reader. LIMIT: it is about one person, some ten thousand bytes.
const FACE_MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Why a content is not there.
pub(super) enum Fault {
    Doubt(Doubt),
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Doubt> for Fault {
    fn from(doubt: Doubt) -> Self {
        Self::Doubt(doubt)
    }
}

type Read = Result<(Identity, String, Answer), Fault>;

pub(super) fn content(client: &Client, name: &str, extension: Extension, open: &Open) -> Read {
    let limit = match extension {
        Extension::Xml => document::SIZE_MAX_BYTES,
        Extension::Err | Extension::Txt => ERR_MAX_BYTES,
        Extension::Zip | Extension::Pdf => archive::SIZE_MAX_BYTES,
    };
    let read = client.res.read(OsStr::new(name), limit)?;
    let (bytes, identity) = (read.bytes, read.identity);
    let sha256 = pseudonym::digest(&bytes);
    let mut answer =
        Answer::new(open.request.to_string(), open.request.api.to_string(), Outcome::Answered);
    match extension {
        Extension::Xml => message_of(client, bytes, open, &mut answer)?,
        Extension::Zip => {
            let entries = archive::read(&bytes, client.settings.password.as_deref())
                .map_err(Doubt::Archive)?;
            drop(bytes);
            files(client, entries, open, &mut answer)?;
        }
        Extension::Pdf => {
            if !may_be_looked_at(client, open) {
                return Err(Doubt::NoProof("xml".to_owned()).into());
            }
            answer.content.insert("verified_by".to_owned(), "name".into());
            if !pdf::is_whole(&bytes) {
                return Err(Doubt::NotPdf.into());
            }
        }
        Extension::Err | Extension::Txt => {
            answer.outcome = Outcome::Rejected;
            let text = encoding::undeclared(&bytes);
            if bytes.is_empty() {
                return Err(Doubt::Document(DocumentError::Unfinished).into());
            }
            answer.content.insert("error".to_owned(), text.map_or(Value::Null, Value::from));
        }
    }
    Ok((identity, sha256, answer))
}

/// True where documents to look at can have been asked for. They hold nothing that could be
/// compared with the request.
fn may_be_looked_at(client: &Client, open: &Open) -> bool {
    has_documents(open) && open.asks_for_documents(&client.state.key) != Some(false)
}

/// True where answers of this kind hold documents to look at, alone or beside a message.
fn has_documents(open: &Open) -> bool {
    matches!(open.request.api.as_str(), "YZKsiquc01" | "TKKsiquc01")
}

/// A message by itself.
fn message_of(
    client: &Client,
    bytes: Vec<u8>,
    open: &Open,
    answer: &mut Answer,
) -> Result<(), Doubt> {
    let (text, encoding) = document::decode(bytes).map_err(Doubt::Document)?;
    let (verdict, message) = one(client, &text, encoding, open)?;
    drop(text);
    answer.outcome = match verdict {
        Verdict::Answered => Outcome::Answered,
        Verdict::InProgress => Outcome::InProgress,
        Verdict::Failed => Outcome::Failed,
    };
    answer.content = shown(client, &message, encoding, open);
    Ok(())
}

/// A message that answers the request, and what it says.
fn one(
    client: &Client,
    text: &str,
    encoding: Encoding,
    open: &Open,
) -> Result<(Verdict, Element), Doubt> {
    let message = document::tree(text).map_err(Doubt::Document)?;
    let key = &client.state.key;
    message::form(&message, encoding)?;
    let kind = client.catalogue.kind(open.request.api.as_str());
    let verdict = message::judge(kind, &message, &|name, text| open.is_echo(key, name, text))?;
    if let Some(name) = open.contradicted(key, &message) {
        return Err(Doubt::OtherEcho(name.to_owned()));
    }
    let first = client.ledger.first_step(open);
    if first.is_some_and(|first| first.has_other_rows(key, &message)) {
        return Err(Doubt::OtherEcho("ArbitraryIdentifier".to_owned()));
    }
    Ok((verdict, message))
}

/// What is handed over of a message.
fn shown(
    client: &Client,
    message: &Element,
    encoding: Encoding,
    open: &Open,
) -> Map<String, Value> {
    let mut content = message::to_json(&client.catalogue, message);
    let has_number = open.is_echo(&client.state.key, message::RECEPTION, "").is_some();
    if has_number && message.text_of(message::RECEPTION).is_none() {
        content.insert("verified_by".to_owned(), "name".into());
    }
    content.insert("encoding".to_owned(), encoding.label().into());
    content
}

/// A file in a ZIP file: its name, its sum, and the message if it is one.
struct Packed {
    name: String,
    sha256: String,
    message: Option<(String, Encoding)>,
}

/// Files that were packed together: messages as text, and documents that stand there to their
/// end, where those can have been asked for. Nothing else is handed over.
fn unpacked(entries: Vec<Entry>, open: &Open) -> Result<Vec<Packed>, Doubt> {
    let mut left = encoding::TEXT_MAX_BYTES;
    let packed = entries.into_iter().map(|Entry { name, bytes }| {
        let sha256 = pseudonym::digest(&bytes);
        let extension = name.to_ascii_lowercase();
        let message = if extension.ends_with(".pdf") && has_documents(open) {
            if !pdf::is_whole(&bytes) {
                return Err(Doubt::NotPdf);
            }
            None
        } else if extension.ends_with(".xml") {
            let message = document::decode(bytes).map_err(Doubt::Document)?;
            left = left.checked_sub(message.0.len()).ok_or(Doubt::TooLarge)?;
            Some(message)
        } else {
            return Err(Doubt::NoProof("xml".to_owned()));
        };
        Ok(Packed { name, sha256, message })
    });
    packed.collect()
}

/// Messages packed together: all have to be right, and one has to be there, or a document where
/// one can have been asked for. What is handed over is made when all are known to be right.
fn files(
    client: &Client,
    entries: Vec<Entry>,
    open: &Open,
    answer: &mut Answer,
) -> Result<(), Doubt> {
    let files = unpacked(entries, open)?;
    for (text, encoding) in files.iter().filter_map(|file| file.message.as_ref()) {
        match one(client, text, *encoding, open)?.0 {
            Verdict::Failed => answer.outcome = Outcome::Failed,
            Verdict::InProgress => answer.outcome = Outcome::InProgress,
            Verdict::Answered => {}
        }
    }
    // Documents that nobody asked for show nothing; beside a message that is right they may stand.
    let is_shown = |file: &Packed| file.message.is_some() || may_be_looked_at(client, open);
    if !files.iter().any(is_shown) {
        return Err(Doubt::NoProof("xml".to_owned()));
    }
    let mut shown_files = Vec::new();
    for Packed { name, sha256, message } in files {
        let mut file = Map::new();
        file.insert("name".to_owned(), name.into());
        file.insert("sha256".to_owned(), sha256.into());
        match message {
            Some((text, encoding)) => {
                let (_, message) = one(client, &text, encoding, open)?;
                file.extend(shown(client, &message, encoding, open));
            }
            None => {
                file.insert("verified_by".to_owned(), "name".into());
            }
        }
        shown_files.push(Value::Object(file));
    }
    answer.content.insert("files".to_owned(), Value::Array(shown_files));
    Ok(())
}

/// A face result, or why it is none.
pub(super) type FaceRead = Result<(Element, Encoding), Doubt>;

/// A face result by itself: the institution is all that it can be checked against.
pub(super) fn face(
    folder: &Folder,
    name: &OsStr,
    is_own: &impl Fn(&str) -> bool,
) -> io::Result<(Identity, String, FaceRead)> {
    let read = folder.read(name, FACE_MAX_BYTES)?;
    let sha256 = pseudonym::digest(&read.bytes);
    let parsed = document::parse(&read.bytes).map_err(Doubt::Document).and_then(|found| {
        message::form(&found.0, found.1)?;
        let header = found.0.child("MessageHeader");
        let code = header.and_then(|header| header.child("MedicalInstitutionCode"));
        match code {
            Some(code) if is_own(&code.text) => {}
            _ => return Err(Doubt::OtherEcho("MedicalInstitutionCode".to_owned())),
        }
        Ok(found)
    });
    Ok((read.identity, sha256, parsed))
}
