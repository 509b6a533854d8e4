//! The decoded site file. Every value keeps the place it was written at; entries keep the
//! order of their declaration. Here stands the site as a whole, with its line and its zones.

pub(crate) mod entry;
pub(crate) mod machine;
pub(crate) mod router;

use diag::{SourceId, Span};

use crate::{
    AccessMethod, Assumption, Deletion, Destination, Edition, Endpoint, FacilityKind,
    InterferenceTest, LineKind, Machine, Net, Relay, Retention, Router, Service, Standing, Waiver,
    ZonePurpose,
};

/// The zone between the edge router and the ONU. It exists without a declaration.
pub const ONU: &str = "onu";

/// A value and where it was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the site file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value` written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One facility as its site file describes it.
///
/// # Shape
/// What could not be read is missing here and reported as a diagnostic; a site that was read
/// without an error is complete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// The file it was read from.
    pub source: SourceId,
    /// Edition of the reference document that judges the site.
    pub edition: Option<Spanned<Edition>>,
    /// `[site]`.
    pub facility: Option<Spanned<Facility>>,
    /// `[line]`.
    pub line: Option<Spanned<Line>>,
    /// `[zones]`, without the built-in zone [`ONU`] unless it is declared.
    pub zones: Vec<Zone>,
    /// `[machines]`.
    pub machines: Vec<Machine>,
    /// `[routers]`.
    pub routers: Vec<Router>,
    /// `[relays]`.
    pub relays: Vec<Relay>,
    /// `[standing]`.
    pub standing: Vec<Standing>,
    /// `[destinations]`.
    pub destinations: Vec<Destination>,
    /// `[[service]]`.
    pub services: Vec<Service>,
    /// `[[assumption]]`.
    pub assumptions: Vec<Assumption>,
    /// `[[waiver]]`.
    pub waivers: Vec<Waiver>,
    /// `[[interference_test]]`.
    pub interference_tests: Vec<InterferenceTest>,
    /// `[retention]`.
    pub retention: Option<Spanned<Retention>>,
    /// `[deletion]`.
    pub deletion: Option<Spanned<Deletion>>,
    /// Files with facts of the site's own, relative to the site file.
    pub packs: Vec<Spanned<String>>,
    /// Places that hold a secret in clear. Their text must not reach any output.
    pub redactions: Vec<Span>,
    /// Mistakes in what is said beside the network: nothing else is missing because of them.
    pub beside: Vec<Beside>,
    /// Mistakes in the interfaces of machines: what reads no network misses nothing because of
    /// them.
    pub wiring: Vec<Span>,
}

/// A mistake in something that the network and its pattern do not depend on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Where.
    pub span: Span,
    /// What is not known because of it.
    pub topic: Topic,
}

/// What is said beside the network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// The kind of the facility.
    Facility,
    /// The operating system of a machine.
    System,
    /// The card readers of a machine.
    Readers,
    /// The certificates of a machine.
    Certificates,
    /// The programs of a machine, and tests of them.
    Programs,
    /// How long files are kept, and the evidence of it.
    Deletion,
    /// The assessment of the IPsec service.
    Assessment,
    /// What is accepted for a time.
    Waivers,
}

impl Site {
    /// A site of which nothing is known.
    #[must_use]
    pub fn empty(source: SourceId) -> Self {
        Self {
            source,
            edition: None,
            facility: None,
            line: None,
            zones: Vec::new(),
            machines: Vec::new(),
            routers: Vec::new(),
            relays: Vec::new(),
            standing: Vec::new(),
            destinations: Vec::new(),
            services: Vec::new(),
            assumptions: Vec::new(),
            waivers: Vec::new(),
            interference_tests: Vec::new(),
            retention: None,
            deletion: None,
            packs: Vec::new(),
            redactions: Vec::new(),
            beside: Vec::new(),
            wiring: Vec::new(),
        }
    }

    /// What alone is not known because of a mistake at `span`, if it stands beside the network.
    #[must_use]
    pub fn topic(&self, span: Span) -> Option<Topic> {
        let beside = self.beside.iter().find(|one| one.span == span).map(|one| one.topic);
        // A waiver for a rule or a place that there is not covers nothing.
        let is_of_waiver = self.waivers.iter().any(|waiver| {
            waiver.rule.span == span || waiver.at.as_ref().is_some_and(|at| at.span == span)
        });
        beside.or(is_of_waiver.then_some(Topic::Waivers))
    }

    /// The declared zone of this name.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.name.value == name)
    }

    /// The machine of this name.
    #[must_use]
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.name.value == name)
    }

    /// The router of this name.
    #[must_use]
    pub fn router(&self, name: &str) -> Option<&Router> {
        self.routers.iter().find(|router| router.name.value == name)
    }

    /// The standing line of this name.
    #[must_use]
    pub fn standing_line(&self, name: &str) -> Option<&Standing> {
        self.standing.iter().find(|line| line.name.value == name)
    }
}

/// `[site]`: what the facility is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facility {
    /// Name of the facility.
    pub name: Spanned<String>,
    /// Kind of facility; absent if it could not be read.
    pub kind: Option<Spanned<FacilityKind>>,
    /// Reference pattern the site claims to be, such as `ipvpn.separate`.
    pub pattern: Option<Spanned<String>>,
}

/// `[line]`: the access line to the Online Eligibility Verification system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Kind of line.
    pub kind: Spanned<LineKind>,
    /// Who runs it; the name of a pack.
    pub carrier: Option<Spanned<String>>,
    /// How eligibility traffic is carried. Present on an IP-VPN line.
    pub eligibility: Option<Spanned<AccessMethod>>,
    /// How online claims are carried, if they are sent at all.
    pub claims: Option<Spanned<AccessMethod>>,
    /// What ends the IPsec tunnel. Present on an IPsec line.
    pub endpoint: Option<Spanned<Endpoint>>,
    /// Who provides the IPsec service; the name in a pack.
    pub provider: Option<Spanned<String>>,
    /// Address or name of the provider's end of the tunnel.
    pub peer: Option<Spanned<String>>,
    /// What is known of the assessment of the IPsec service; absent is unknown.
    pub assessment: Option<Spanned<Assessment>>,
    /// How many PPPoE sessions may be open on it at once; absent is unknown.
    pub sessions_max: Option<Spanned<u16>>,
}

/// Whether the IPsec service is one that was assessed for the institution's use (HISPRO).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Assessment {
    /// It was not.
    None,
    /// It stands on the published list.
    Listed(Listing),
}

/// `assessment` of `[line]`: what was looked up on the list of assessed services.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The service as the list names it.
    pub service: Spanned<String>,
    /// The day on which it was looked up.
    pub checked: Spanned<::model::Date>,
    /// The last day for which it is listed, where one is given.
    pub until: Option<Spanned<::model::Date>>,
}

/// `[zones.NAME]`: machines that reach each other without a router.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone {
    /// Its name.
    pub name: Spanned<String>,
    /// IPv4 prefix.
    pub ipv4: Option<Spanned<Net>>,
    /// How IPv6 is given out.
    pub ipv6: Option<Spanned<ZoneIpv6>>,
    /// What stands in it.
    pub purpose: Option<Spanned<ZonePurpose>>,
}

/// How a zone gets IPv6.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ZoneIpv6 {
    /// The prefix comes from the line by router advertisement and is not known beforehand.
    Ra,
    /// A fixed prefix.
    Prefix(Net),
}
