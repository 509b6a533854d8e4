//! The reference patterns as data: what each page of the reference document asks of a site, and
//! by which observable facts a site is recognised as one of them.
//!
//! A pattern names properties, never rules; what a property means for packets is the rules' work.

mod clause;
mod codes;
mod contract;
mod decision;
mod plan;
mod read;
mod recognise;
mod registry;
mod table;
mod variant;

use std::sync::LazyLock;

use diag::Text;

pub use clause::{CLAUSES, clause, editions};
pub use codes::CODES;
pub use decision::{Decision, decisions};
pub use plan::{Installed, Plan, PlanFlow, PlanMachine, PlanRouter, PlanSession, SessionKind};
pub use recognise::{Facts, LineFact, Mismatch, Placement, Recognised, recognise};
pub use variant::{Variant, variants};

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
    /// Figures of the older technical guide that the page takes up.
    pub figures: Vec<String>,
    /// Where the router at the edge is from.
    pub edge: Installed,
    /// Where the router inside is from, if there is one.
    pub inside: Option<Installed>,
    /// The clauses on the page and how it says them, in the order of the document.
    pub clauses: Vec<(String, Basis)>,
    /// What it asks, in the order of the contract, one for each property.
    pub requirements: Vec<Requirement>,
    /// What it draws.
    pub plan: Plan,
}

impl Pattern {
    /// How the page says the clause `id`; `None` if it does not.
    #[must_use]
    pub fn basis(&self, id: &str) -> Option<Basis> {
        self.clauses.iter().find(|(own, _)| own == id).map(|(_, basis)| *basis)
    }

    /// What the page asks in `edition` of a site that meets `conditions`.
    pub fn asks<'p, 'c>(
        &'p self,
        edition: Edition,
        conditions: &'c [Condition],
    ) -> impl Iterator<Item = &'p Requirement> + use<'p, 'c> {
        self.requirements.iter().filter(move |one| {
            let is_met = one.condition.is_none_or(|condition| conditions.contains(&condition));
            is_met && one.editions.contains(&edition)
        })
    }
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
    /// The clauses, such as `R05`; not empty.
    pub clauses: Vec<String>,
    /// The clauses with the page that has them, such as `P03/R05`, in the same order.
    pub cited: Vec<String>,
    /// Further clauses of the page that are decided with it.
    pub covers: Vec<String>,
    /// The editions that ask it, oldest first; not empty.
    pub editions: Vec<Edition>,
    /// Of which sites only.
    pub condition: Option<Condition>,
}

/// Which sites something is asked of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Condition {
    /// Those with servers or claims computers besides the machine that is the terminal, too.
    Server,
    /// Those with an online-claims terminal that is no eligibility terminal.
    ClaimsTerminal,
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

impl Basis {
    /// The words of pattern files, the strongest first.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("explicit", Self::Explicit),
        ("weaker", Self::Weaker),
        ("inferred", Self::Inferred),
        ("advice", Self::Advice),
    ];

    /// The word of pattern files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS[self as usize].0
    }
}

/// What must hold of a site.
///
/// # Source
/// The flow contract V1 to V12 that is derived from the clauses of the reference document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Property {
    /// The claims computers can open sessions to the terminals on the services in use.
    V1,
    /// The claims computers open only named services to an online-claims terminal.
    V1Claims,
    /// The terminals can open no session to the claims computers.
    V2,
    /// A machine that is claims computer and terminal opens only named services to servers.
    V2Server,
    /// An online-claims terminal opens only named services to the claims computers.
    V2Claims,
    /// Nobody outside can open a session to a machine or to a router's management.
    V3,
    /// PPPoE frames pass the edge where claims need them.
    V4,
    /// Sessions to the outside go to listed destinations only.
    V5,
    /// Sessions to the outside go through the contracted tunnel only.
    V6,
    /// The service behind the tunnel was assessed.
    V6Service,
    /// Answers of allowed sessions come back.
    V7,
    /// Machines can open the sessions between them that the site file names.
    V7Service,
    /// No layer-2 way leads around the edge.
    V8,
    /// The terminal's routes are the intended ones.
    V9,
    /// The terminal's name servers are the intended ones.
    V9Names,
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
    /// No machine uses eligibility over IPv6 and online claims at the same time.
    V13,
}

impl Property {
    /// All properties in order.
    pub const ALL: [Self; 23] = [
        Self::V1,
        Self::V1Claims,
        Self::V2,
        Self::V2Server,
        Self::V2Claims,
        Self::V3,
        Self::V4,
        Self::V5,
        Self::V6,
        Self::V6Service,
        Self::V7,
        Self::V7Service,
        Self::V8,
        Self::V9,
        Self::V9Names,
        Self::V10,
        Self::V11,
        Self::V12Os,
        Self::V12Reader,
        Self::V12Certificate,
        Self::V12Interference,
        Self::V12Interface,
        Self::V13,
    ];

    /// `V1` to `V13`, with a word for the parts of one, such as `V12.os`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "V1",
            Self::V1Claims => "V1.claims",
            Self::V2 => "V2",
            Self::V2Server => "V2.server",
            Self::V2Claims => "V2.claims",
            Self::V3 => "V3",
            Self::V4 => "V4",
            Self::V5 => "V5",
            Self::V6 => "V6",
            Self::V6Service => "V6.service",
            Self::V7 => "V7",
            Self::V7Service => "V7.service",
            Self::V8 => "V8",
            Self::V9 => "V9",
            Self::V9Names => "V9.names",
            Self::V10 => "V10",
            Self::V11 => "V11",
            Self::V12Os => "V12.os",
            Self::V12Reader => "V12.reader",
            Self::V12Certificate => "V12.certificate",
            Self::V12Interference => "V12.interference",
            Self::V12Interface => "V12.interface",
            Self::V13 => "V13",
        }
    }

    /// What must hold.
    #[must_use]
    pub fn title(self) -> Text {
        let titles = contract::titles();
        let own = titles.into_iter().find(|(property, _)| *property == self);
        own.map(|(_, title)| title).unwrap_or_default()
    }
}

/// All patterns, by page.
#[must_use]
pub fn patterns() -> &'static [Pattern] {
    static ALL: LazyLock<Vec<Pattern>> =
        LazyLock::new(|| read::all(registry::PATTERNS.iter().map(|(id, data, _)| (*id, *data))));
    &ALL
}

/// The README of the pattern `id`.
#[must_use]
pub fn readme(id: &str) -> Option<&'static str> {
    registry::PATTERNS.iter().find(|(own, ..)| *own == id).map(|(_, _, readme)| *readme)
}
