//! The reference patterns as data: what each page of the reference document asks of a site, and
//! by which observable facts a site is recognised as one of them.
//!
//! A pattern names properties, never rules; what a property means for packets is the rules' work.

mod clause;
mod codes;
mod read;
mod recognise;
mod registry;

use diag::Text;

pub use clause::clause;
pub use codes::CODES;
pub use recognise::{Facts, LineFact, Mismatch, Placement, Recognised, recognise};

/// One page of the reference document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Its id, such as `ipvpn.separate`.
    pub id: String,
    /// The page, such as `P03`.
    pub page: String,
    /// Its name for people.
    pub title: Text,
    /// Kind of line.
    pub line: LineFact,
    /// Which functions share a machine.
    pub placement: Placement,
    /// What it asks, in the order of the properties.
    pub requirements: Vec<Requirement>,
}

/// Something that a page asks of a site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// What must hold.
    pub property: Property,
    /// How much it weighs.
    pub level: diag::Severity,
    /// Where it stands in the document.
    pub basis: Basis,
    /// The clauses, such as `R05`.
    pub clauses: Vec<String>,
    /// The editions that ask it, oldest first; not empty.
    pub editions: Vec<Edition>,
}

/// Edition of the reference document, by the year from which it holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edition {
    /// The reference patterns of 2020/21.
    Y2021,
    /// Practice since online claims over IPv6 became a regular way, with guideline 6.0.
    Y2023,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 2] = [Self::Y2021, Self::Y2023];

    /// The word of site and pattern files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Y2021 => "2021",
            Self::Y2023 => "2023",
        }
    }
}

/// How a page says what it asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// It is written there.
    Explicit,
    /// It is written there in a weaker or other form.
    Weaker,
    /// It follows from change notes and from the wording of other pages.
    Inferred,
    /// It is written for other placements only.
    Advice,
}

/// What must hold of the flows of a site.
///
/// # Source
/// The flow contract V1 to V12 that is derived from the clauses of the reference document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Property {
    /// The claims computers can open sessions to the terminals on the services in use.
    V1,
    /// The terminals can open no session to the claims computers.
    V2,
    /// Nobody outside can open a session to a machine or to a router's management.
    V3,
    /// PPPoE frames pass the edge where claims need them.
    V4,
    /// Sessions to the outside go to listed destinations only.
    V5,
    /// Sessions to the outside go through the contracted tunnel only.
    V6,
    /// Answers of allowed sessions come back.
    V7,
    /// No layer-2 way leads around the edge.
    V8,
    /// The terminal's routes and name servers are the intended ones.
    V9,
    /// Servers on a branch are closed.
    V10,
    /// Finished files are deleted.
    V11,
    /// The operating system is of the page's list and in support.
    V12Os,
    /// One card reader stands on a terminal.
    V12Reader,
    /// The certificates are there, cover what the machine does, and are valid.
    V12Certificate,
    /// Applications that share a machine were tested together, for each version.
    V12Interference,
    /// The terminal has the network interfaces that the page asks for.
    V12Interface,
}

impl Property {
    /// All properties in order.
    pub const ALL: [Self; 16] = [
        Self::V1,
        Self::V2,
        Self::V3,
        Self::V4,
        Self::V5,
        Self::V6,
        Self::V7,
        Self::V8,
        Self::V9,
        Self::V10,
        Self::V11,
        Self::V12Os,
        Self::V12Reader,
        Self::V12Certificate,
        Self::V12Interference,
        Self::V12Interface,
    ];

    /// `V1` to `V11`, and `V12.os` and so on for the parts of V12.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::V12Os => "V12.os".to_owned(),
            Self::V12Reader => "V12.reader".to_owned(),
            Self::V12Certificate => "V12.certificate".to_owned(),
            Self::V12Interference => "V12.interference".to_owned(),
            Self::V12Interface => "V12.interface".to_owned(),
            _ => format!("{self:?}"),
        }
    }
}

/// All patterns, by id.
#[must_use]
pub fn patterns() -> Vec<Pattern> {
    registry::PATTERNS.iter().map(|(id, data, _)| read::read(id, data)).collect()
}

/// The README of the pattern `id`.
#[must_use]
pub fn readme(id: &str) -> Option<&'static str> {
    registry::PATTERNS.iter().find(|(own, ..)| *own == id).map(|(_, _, readme)| *readme)
}
