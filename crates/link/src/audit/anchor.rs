//! The anchor: how many records the log had after the last pass, and the hash of the last one,
//! in a file of its own and sealed with the key. A log that lost its end, or was written anew,
//! does not fit it.

use std::ffi::OsStr;
use std::io;

use super::record::Chain;
use crate::state::{State, replace};

/// The file in the state folder.
const NAME: &str = "audit-anchor";
/// First line; the number changes with the form.
const HEAD: &str = "sekisho-link-anchor 1";
/// LIMIT: an anchor has about two hundred bytes.
const SIZE_MAX_BYTES: u64 = 4_096;

/// What the log has at least.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Anchor {
    /// The end of the chain when the anchor was written.
    pub(super) chain: Chain,
    /// How often the log had been begun anew.
    pub(super) breaks: u64,
}

/// What was found where the anchor is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// Nothing: there was no pass, or somebody took it away.
    Nothing,
    /// What the last pass left.
    Anchor(Anchor),
    /// Something that no pass with this key left.
    Damaged,
}

impl Anchor {
    fn body(&self) -> String {
        let Self { chain, breaks } = self;
        format!("{HEAD}\nlast {}\nhead {}\nbreaks {breaks}\n", chain.last, chain.head)
    }

    fn parse(text: &str, state: &State) -> Option<Self> {
        let (body, seal) = text.strip_suffix('\n')?.rsplit_once("\nseal ")?;
        let mut lines = body.lines();
        (lines.next() == Some(HEAD)).then_some(())?;
        let last = lines.next()?.strip_prefix("last ")?.parse().ok()?;
        let head = lines.next()?.strip_prefix("head ")?.to_owned();
        let breaks = lines.next()?.strip_prefix("breaks ")?.parse().ok()?;
        let anchor = Self { chain: Chain { last, head }, breaks };
        // What was not read is compared, too: the seal is over the whole text.
        (anchor.body() == format!("{body}\n") && state.key.seal(anchor.body().as_bytes()) == seal)
            .then_some(anchor)
    }
}

pub(super) fn read(state: &State) -> io::Result<Found> {
    let name = OsStr::new(NAME);
    if state.folder.probe(name)?.is_none() {
        return Ok(Found::Nothing);
    }
    let content = match state.folder.read(name, SIZE_MAX_BYTES) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return Ok(Found::Damaged),
        Err(error) => return Err(error),
    };
    let text = std::str::from_utf8(&content.bytes).ok();
    let anchor = text.and_then(|text| Anchor::parse(text, state));
    Ok(anchor.map_or(Found::Damaged, Found::Anchor))
}

pub(super) fn write(state: &State, anchor: &Anchor) -> io::Result<()> {
    let body = anchor.body();
    let seal = state.key.seal(body.as_bytes());
    replace(&state.folder, OsStr::new(NAME), format!("{body}seal {seal}\n").as_bytes())
}
