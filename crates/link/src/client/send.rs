//! Publishing a request: written down, then published once under a name that nobody used.

use std::ffi::OsStr;
use std::io;

use diag::{Text, text};

use super::{Ask, Client, Open};
use crate::document;
use crate::folder;
use crate::journal::JournalError;
use crate::message::{self, RequestError};
use crate::moment;
use crate::name::{ApiId, Exchange, Extension};

/// Attempts to find a free name. LIMIT: twelve random digits do not meet by chance.
const NAME_ATTEMPTS: usize = 8;
/// Digits of a suffix after its date.
const SUFFIX_RANDOM: u64 = 1_000_000_000_000;
/// Japan is nine hours ahead of UTC all year.
const JAPAN: i128 = 9 * 3_600 * 1_000_000_000;

/// What is said of a name that somebody took in between.
const TAKEN: io::ErrorKind = io::ErrorKind::AlreadyExists;
/// Errors after which nothing was published. After others, as of a server that was lost in the
/// middle, the terminal may have the request.
const UNPUBLISHED: [io::ErrorKind; 5] = [
    TAKEN,
    io::ErrorKind::PermissionDenied,
    io::ErrorKind::ReadOnlyFilesystem,
    io::ErrorKind::StorageFull,
    io::ErrorKind::QuotaExceeded,
];

/// Why a request was not published.
#[derive(Debug)]
pub enum SendError {
    /// The id is none, or the form of such requests is not known.
    UnknownKind(String),
    /// It cannot be built.
    Request(RequestError),
    /// The folder does not take it.
    Folder(io::Error),
    /// The journal does not take it; nothing may be published then.
    Journal(JournalError),
}

impl SendError {
    /// What is wrong, in words. It never holds a value of the request.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownKind(api) => text!(
                ja: "`{api}` の要求の形式は分かっていません",
                en: "the form of `{api}` is not known",
                api = api,
            ),
            Self::Request(error) => error.text(),
            Self::Folder(error) => text!(
                ja: "要求を書き込めません: {error}",
                en: "the request cannot be written: {error}",
                error = diag::os_error(error),
            ),
            Self::Journal(error) => text!(
                ja: "台帳に書けないため送りません: {error}",
                en: "the journal cannot be written, so nothing is sent: {error}",
                error = error.text(),
            ),
        }
    }
}

impl From<RequestError> for SendError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

/// Today in Japan, `yyyyMMdd`.
fn today() -> String {
    moment::day(moment::now() + JAPAN)
}

/// Builds a request, writes it down and publishes it.
///
/// # Errors
/// When nothing was published, or nobody knows whether. A request of which it is certain is written
/// down as unsent; any other is looked for like one that was published. It is never sent again
/// under any name.
pub fn publish(client: &mut Client, ask: &Ask) -> Result<Open, SendError> {
    let unknown = || SendError::UnknownKind(ask.api.clone());
    let api = ApiId::parse(&ask.api).map_err(|_| unknown())?;
    let kind = client.catalogue.kind(&ask.api).ok_or_else(unknown)?.clone();
    let date = today();
    let identifier = format!("S{:016x}", folder::random().map_err(SendError::Folder)?);
    let header = [
        ("QualificationConfirmationDate", date.clone()),
        ("MedicalInstitutionCode", client.settings.institution.clone()),
        ("ArbitraryFileIdentifier", identifier),
    ];
    let message = message::request(&kind, &header, &ask.people)?;
    message::validate(&client.catalogue, &message)?;
    let bytes = document::write(&message, client.settings.encoding)
        .map_err(|error| SendError::Request(RequestError::Character(error)))?;
    for _ in 0..NAME_ATTEMPTS {
        let random = folder::random().map_err(SendError::Folder)? % SUFFIX_RANDOM;
        let request =
            Exchange::request(api.clone(), &format!("{date}{random:012}"), Extension::Xml)
                .expect("digits can stand in a name");
        if is_used(client, &request).map_err(SendError::Folder)? {
            continue;
        }
        let open = Open::new(request, &client.state.key, &message);
        if !client.ledger.intend(&open).map_err(SendError::Journal)? {
            continue;
        }
        let name = open.request.to_string();
        match client.req.publish(OsStr::new(&name), &bytes) {
            Ok(()) => return Ok(open),
            Err(error) => {
                let there = client.req.probe(OsStr::new(&name));
                let is_ours = matches!(there, Ok(Some(_))) && error.kind() != TAKEN;
                if UNPUBLISHED.contains(&error.kind()) && !is_ours {
                    client.ledger.unsent(&open.request).map_err(SendError::Journal)?;
                }
                // Somebody took the name in between; ours was never there.
                if error.kind() != TAKEN {
                    return Err(SendError::Folder(error));
                }
            }
        }
    }
    Err(SendError::Folder(io::ErrorKind::AlreadyExists.into()))
}

/// True if the request, or any answer to it, is there already.
fn is_used(client: &Client, request: &Exchange) -> io::Result<bool> {
    if client.req.probe(OsStr::new(&request.to_string()))?.is_some() {
        return Ok(true);
    }
    let mut names: Vec<String> = Extension::RESPONSES
        .into_iter()
        .map(|extension| request.counterpart(extension).to_string())
        .collect();
    names.push(request.with_extension(Extension::Err).to_string());
    for name in names {
        if client.res.probe(OsStr::new(&name))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
