//! What a drawing of a site shows, as plain data: who stands where, what is joined with what,
//! who opens sessions to whom, and how the requirements came out. Not here: where anything
//! stands on paper.

mod build;
mod entry;
mod place;
mod verdict;
mod way;

pub use build::picture;

use diag::Text;
use site::Date;

use crate::report::{RequirementReport, RuleVerdict, SiteReport};

/// A site as it is drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Picture {
    /// What the site is.
    pub site: SiteReport,
    /// Zones in the order of the file, the wire to the ONU, and the carrier's side of it.
    pub zones: Vec<PictureZone>,
    /// Machines, relays, routers, the ONU, and what is outside.
    pub places: Vec<Place>,
    /// Which place is plugged into which zone.
    pub links: Vec<Link>,
    /// Sessions and tunnels.
    pub routes: Vec<Route>,
    /// Findings that are about one place and show no packet.
    pub marks: Vec<Mark>,
    /// The day of the judgement.
    pub day: Option<Date>,
    /// How the requirements came out; empty if the site is drawn without judgement.
    pub requirements: Vec<RequirementReport>,
    /// What the site file or the configurations leave out, so that it is not drawn.
    pub missing: Vec<Text>,
}

/// A zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureZone {
    /// Its name.
    pub name: String,
    /// Its networks.
    pub facts: Vec<Text>,
    /// What stands in it.
    pub purpose: Purpose,
}

/// What stands in a zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// Claims computers and servers.
    ClaimsComputers,
    /// Eligibility terminals, on their inner side.
    Terminals,
    /// Machines behind the edge router.
    Edge,
    /// Something else, or nothing is said.
    Other,
    /// It is the wire to the ONU.
    Line,
    /// It is the carrier's side of the ONU.
    Carrier,
}

/// Something that is drawn as a box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its name in the site file; empty if it has none.
    pub name: String,
    /// What it is, a line for each role; not empty.
    pub titles: Vec<Text>,
    /// Its addresses, a line each.
    pub addresses: Vec<Text>,
    /// What else is known of it, a line each.
    pub facts: Vec<Text>,
    /// Its kind.
    pub kind: PlaceKind,
}

/// Kinds of place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PlaceKind {
    /// A claims computer or a server, without the functions of a terminal.
    Medical,
    /// A machine that is an eligibility or online-claims terminal, whatever else it is.
    Terminal,
    /// Another machine.
    Machine,
    /// A router without a foot on the line.
    InnerRouter,
    /// A router at the line.
    EdgeRouter,
    /// A hub, a switch, a home gateway or an access point.
    Relay,
    /// The ONU.
    Onu,
    /// A network outside.
    Outside,
    /// The far side of a standing line.
    Standing,
}

impl PlaceKind {
    /// Whether it is a router.
    #[must_use]
    pub fn is_router(self) -> bool {
        matches!(self, Self::InnerRouter | Self::EdgeRouter)
    }
}

/// A place is plugged into a zone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Link {
    /// Index into [`Picture::places`].
    pub place: usize,
    /// Index into [`Picture::zones`].
    pub zone: usize,
    /// Name of the port; empty if it has none.
    pub port: String,
}

/// A way from place to place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The places on the way, from the one that opens it.
    ///
    /// # Shape
    /// At least one stop; no two beside each other are the same. Only the last may be a zone.
    pub way: Vec<Stop>,
    /// What it is.
    pub kind: RouteKind,
    /// What is opened, such as `smb`; empty if the kind says it.
    pub label: Text,
    /// How it came out.
    pub state: State,
    /// Code of the rule that says so; empty if several do or none does.
    pub code: &'static str,
    /// Whether it ends at the last place because that lets nothing through.
    pub is_stopped: bool,
}

/// A point on a way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stop {
    /// Index into [`Picture::places`].
    Place(usize),
    /// Index into [`Picture::zones`].
    Zone(usize),
}

/// Kinds of way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RouteKind {
    /// Sessions that may be opened, or must not be.
    Flow,
    /// A PPPoE session.
    Pppoe,
    /// IPoE traffic, without a session of the line.
    Ipoe,
    /// An IPsec tunnel.
    Ipsec,
    /// A standing line.
    Standing,
}

/// How what is drawn came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// It was not judged, or no rule speaks of it alone.
    #[default]
    Plain,
    /// It is as it must be, for every packet.
    Proved,
    /// It is not as it must be, and somebody accepts that for a time.
    Waived,
    /// It could not be decided.
    Unknown,
    /// It is not as it must be.
    Refuted,
}

/// A finding that is about one place and shows no packet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark {
    /// Index into [`Picture::places`].
    pub place: usize,
    /// Code of the rule.
    pub code: &'static str,
    /// How it came out.
    pub state: State,
}

impl From<RuleVerdict> for State {
    fn from(verdict: RuleVerdict) -> Self {
        match verdict {
            RuleVerdict::Proved => Self::Proved,
            RuleVerdict::Refuted => Self::Refuted,
            RuleVerdict::Unknown => Self::Unknown,
            RuleVerdict::Waived => Self::Waived,
        }
    }
}
