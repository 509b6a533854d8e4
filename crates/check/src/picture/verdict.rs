//! How the requirements came out, on the drawing.
//!
//! A way is called proved only if every requirement that speaks of ways like it is proved. One
//! that a requirement speaks of which is not proved, and that no finding is about, is called
//! nothing.

use diag::{SourceId, Text};

use super::build::onu;
use super::entry::Entries;
use super::way::straighten;
use super::{Mark, Picture, PlaceKind, Route, RouteKind, State, Stop};
use crate::report::{Finding, Report, RequirementReport, RuleVerdict, WitnessReport};

/// What the requirements speak of, where the places alone do not tell.
pub(super) struct Known {
    /// Eligibility terminals.
    pub(super) terminals: Vec<usize>,
    /// Claims computers and servers, whatever else they are.
    pub(super) medical: Vec<usize>,
    /// Networks outside with a destination whose addresses are written.
    pub(super) listed: Vec<usize>,
    /// Each destination by name, with its network outside.
    pub(super) destinations: Vec<(String, usize)>,
}

impl Known {
    /// The network outside of the destination that `finding` says is not reached.
    fn net(&self, finding: &Finding) -> Option<usize> {
        let is_of = finding.name == "unreachable-destination";
        let mut named = finding.diagnostic.headline.en.split('`').skip(1).step_by(2).skip(1);
        let name = named.next().filter(|_| is_of)?;
        self.destinations.iter().find(|(own, _)| own == name).map(|(_, net)| *net)
    }
}

/// Enters the results of `report` into `picture`.
pub(super) fn enter(picture: &mut Picture, report: &Report, entries: &Entries, known: &Known) {
    picture.requirements.clone_from(&report.requirements);
    let mut is_shown = vec![false; report.findings.len()];
    for place in 0..picture.routes.len() {
        let (state, code) = judge(picture, place, (report, known), &mut is_shown);
        // What must be possible and is not ends where it is discarded.
        let is_cut = |finding: &&Finding| {
            finding.diagnostic.code == code
                && is_about(picture, known, &picture.routes[place], finding)
        };
        let witness = report.findings.iter().find(is_cut).and_then(|one| one.witness.as_ref());
        let cut = witness.and_then(|witness| way(picture, witness));
        let route = &mut picture.routes[place];
        route.state = state;
        route.code = code;
        if let Some((way, true)) = cut.filter(|_| state == State::Refuted) {
            route.way = way;
            route.is_stopped = true;
        }
    }
    for (finding, is_shown) in report.findings.iter().zip(is_shown) {
        if is_shown || finding.verdict == RuleVerdict::Proved {
            continue;
        }
        let way = finding.witness.as_ref().and_then(|witness| way(picture, witness));
        let code = finding.diagnostic.code;
        let state = State::from(finding.verdict);
        if let Some((way, is_stopped)) = way {
            let kind = RouteKind::Flow;
            let label = Text::default();
            picture.routes.push(Route { way, kind, label, state, code, is_stopped });
            continue;
        }
        let span = finding.diagnostic.primary.as_ref().map(|label| label.span);
        let owner = span.and_then(|span| entries.owner(span));
        let at_line = owner.filter(|name| *name == site::ONU).map(|_| onu(picture));
        // What terminals are used for has no table of its own while nothing is written of it.
        let at_line = match property(report, code) {
            "V1" | "V11" => known.terminals.first().copied().or(at_line),
            _ => at_line,
        };
        let place = owner.and_then(|name| picture.find(name)).or(at_line);
        if let Some(place) = place.or_else(|| named(picture, &finding.diagnostic.headline.en)) {
            let mark = Mark { place, code, state };
            if !picture.marks.contains(&mark) {
                picture.marks.push(mark);
            }
        }
    }
    denials(picture, report, known);
}

/// The property that the rule `code` decides.
fn property<'a>(report: &'a Report, code: &str) -> &'a str {
    let one = report.requirements.iter().find(|one| one.code == code);
    one.map_or("", |one| one.property)
}

/// Whether `route` leads out of the site, if only to the router that ends the tunnel for it.
fn is_outward(picture: &Picture, route: &Route) -> bool {
    route.kind != RouteKind::Flow
        || route.way.last().is_some_and(|last| match last {
            Stop::Place(place) => picture.places[*place].kind == PlaceKind::EdgeRouter,
            Stop::Zone(_) => false,
        })
}

/// The rules about tunnels of a line themselves: that they come up, and of one that a machine ends
/// that it leads to the contracted peer and lets nobody in.
const TUNNEL: [&str; 3] = ["blocked-tunnel", "foreign-terminal-tunnel", UNGUARDED_TUNNEL];

/// The rules about what comes in through sessions that machines end.
const UNGUARDED_TUNNEL: &str = "unguarded-tunnel";
const UNGUARDED_PPPOE: &str = "unguarded-pppoe-session";

/// Whether `route` joins a claims computer and a terminal that is a machine of its own. What else
/// machines open to each other is judged as a service that the site file names.
fn is_linkage(known: &Known, route: &Route) -> bool {
    let (Some(Stop::Place(first)), Some(Stop::Place(last))) = (route.way.first(), route.way.last())
    else {
        return false;
    };
    let is_medical = |place| known.medical.contains(place);
    let is_terminal = |place| known.terminals.contains(place) && !is_medical(place);
    is_medical(first) && is_terminal(last) || is_terminal(first) && is_medical(last)
}

/// Whether a requirement speaks of ways like `route`.
fn speaks_of(picture: &Picture, route: &Route, one: &RequirementReport, known: &Known) -> bool {
    let is_outward = is_outward(picture, route);
    let own = match route.kind {
        RouteKind::Flow if !is_outward && is_linkage(known, route) => "V1",
        RouteKind::Flow if !is_outward => "V7.service",
        RouteKind::Pppoe => "V4",
        RouteKind::Ipsec => "V6",
        RouteKind::Flow | RouteKind::Ipoe => "",
        RouteKind::Standing => return false,
    };
    let is_destination = one.name == "unreachable-destination";
    let is_of_session = match route.kind {
        RouteKind::Ipsec => TUNNEL.contains(&one.name),
        RouteKind::Pppoe => one.name == UNGUARDED_PPPOE,
        _ => false,
    };
    let is_general = one.name == "lost-answer" || is_outward && is_destination;
    one.property == own || is_of_session || is_general
}

/// Whether `asked` says of this very way that it works; else its proof is about others.
fn covers(picture: &Picture, route: &Route, asked: &[&RequirementReport], known: &Known) -> bool {
    let (Some(Stop::Place(first)), Some(Stop::Place(last))) = (route.way.first(), route.way.last())
    else {
        return false;
    };
    let asks = |property| asked.iter().any(|one| one.property == property);
    let asks_destinations = asked.iter().any(|one| one.name == "unreachable-destination");
    let first = picture.places[*first].kind;
    match route.kind {
        RouteKind::Flow if is_outward(picture, route) => {
            let tunnels = picture.routes.iter().filter(|one| one.kind == RouteKind::Ipsec);
            let mut ends = tunnels.filter_map(|one| one.way.last());
            let is_listed = |end: &Stop| known.listed.iter().any(|net| *end == Stop::Place(*net));
            asks_destinations && ends.all(is_listed)
        }
        RouteKind::Flow => {
            if is_linkage(known, route) {
                first == PlaceKind::Medical && known.terminals.contains(last) && asks("V1")
            } else {
                asks("V7.service")
            }
        }
        RouteKind::Pppoe => !first.is_router() && asks("V4"),
        RouteKind::Ipoe => asks_destinations && known.listed.contains(last),
        RouteKind::Ipsec if first.is_router() => asks("V6"),
        RouteKind::Ipsec => TUNNEL.iter().all(|name| asked.iter().any(|one| one.name == *name)),
        RouteKind::Standing => false,
    }
}

fn judge(
    picture: &Picture,
    place: usize,
    (report, known): (&Report, &Known),
    is_shown: &mut [bool],
) -> (State, &'static str) {
    let route = &picture.routes[place];
    let asked: Vec<&RequirementReport> =
        report.requirements.iter().filter(|one| speaks_of(picture, route, one, known)).collect();
    let mut worst = (State::Plain, "");
    // A packet that goes the way tells more than a finding about the session as such.
    for finds in [is_about, is_about_session] {
        let findings = report.findings.iter().enumerate();
        for (number, finding) in findings.filter(|(_, one)| one.verdict != RuleVerdict::Proved) {
            let code = finding.diagnostic.code;
            if !asked.iter().any(|one| one.code == code) || !finds(picture, known, route, finding) {
                continue;
            }
            // What comes in through a session is drawn as well, and a router is marked as well.
            is_shown[number] |= is_about(picture, known, route, finding);
            let state = State::from(finding.verdict);
            if state > worst.0 {
                worst = (state, code);
            }
        }
    }
    if worst.0 != State::Plain || asked.is_empty() {
        return worst;
    }
    let is_covered = covers(picture, route, &asked, known);
    let is_open = |one: &RequirementReport| {
        let is_unknown = one.verdict == RuleVerdict::Unknown;
        is_unknown && leaves_open(picture, route, report, one.code)
    };
    if is_covered && asked.iter().all(|one| one.verdict == RuleVerdict::Proved) {
        let code = if asked.len() == 1 { asked[0].code } else { "" };
        return (State::Proved, code);
    }
    match asked.iter().find(|one| is_open(one)) {
        Some(unknown) => (State::Unknown, unknown.code),
        None => worst,
    }
}

/// Whether what the rule `code` leaves open may be about `route`: a statement is about other ways
/// if it names a place that this one does not come by. What a line of a configuration leaves open
/// may be about any.
fn leaves_open(picture: &Picture, route: &Route, report: &Report, code: &str) -> bool {
    let is_elsewhere = |name: &String| {
        let place = picture.find(name);
        place.is_some_and(|place| !route.way.contains(&Stop::Place(place)))
    };
    let open = report
        .findings
        .iter()
        .filter(|one| one.diagnostic.code == code && one.verdict == RuleVerdict::Unknown);
    let open: Vec<&Finding> = open.collect();
    let is_here = |one: &&Finding| {
        let labels = one.diagnostic.primary.iter().chain(&one.diagnostic.secondary);
        labels.map(|label| label.span.source).any(|source| source != SourceId(0))
            || one.about.iter().any(|names| !names.iter().any(is_elsewhere))
    };
    open.is_empty() || open.iter().any(is_here)
}

/// The first place that a headline names.
fn named(picture: &Picture, headline: &str) -> Option<usize> {
    headline.split('`').skip(1).step_by(2).find_map(|name| picture.find(name))
}

/// Whether the packet of `finding` was to go the way of `route`.
fn is_about(picture: &Picture, known: &Known, route: &Route, finding: &Finding) -> bool {
    let Some(witness) = &finding.witness else { return false };
    let (Some(Stop::Place(first)), Some(Stop::Place(last))) = (route.way.first(), route.way.last())
    else {
        return false;
    };
    let far = *last;
    let (first, last) = (&picture.places[*first], &picture.places[*last]);
    let ends = witness.hops.last().is_some_and(|hop| hop.node == last.name);
    let is_addressed = last.addresses.iter().any(|fact| fact.ja == witness.destination);
    let goes_out = last.kind == PlaceKind::Outside
        && route.kind != RouteKind::Flow
        && known.net(finding).is_none_or(|net| net == far);
    witness.from == first.name && (ends || is_addressed || goes_out)
}

/// Whether `finding` is about the session `route` without a packet that goes its way: about what
/// comes in through it, or about its frames.
fn is_about_session(picture: &Picture, _: &Known, route: &Route, finding: &Finding) -> bool {
    let Some(Stop::Place(first)) = route.way.first() else { return false };
    let is_session = matches!(route.kind, RouteKind::Pppoe | RouteKind::Ipsec);
    let comes_in = [UNGUARDED_TUNNEL, UNGUARDED_PPPOE].contains(&finding.name);
    is_session
        && match &finding.witness {
            Some(witness) => {
                let end = witness.hops.last().map(|hop| hop.node.as_str());
                comes_in && end == Some(picture.places[*first].name.as_str())
            }
            // It names who opens the session, or a router on its way.
            None => named(picture, &finding.diagnostic.headline.en)
                .is_some_and(|place| route.way.contains(&Stop::Place(place))),
        }
}

/// The way of a packet over the drawing, and whether it is discarded at its end.
fn way(picture: &Picture, witness: &WitnessReport) -> Option<(Vec<Stop>, bool)> {
    let onu = Stop::Place(onu(picture));
    let mut way = Vec::new();
    way.extend(picture.find(&witness.from).map(Stop::Place));
    let mut is_outside = way.first().is_some_and(|stop| stands_outside(picture, *stop));
    for hop in &witness.hops {
        let zone = picture.zones.iter().position(|zone| zone.name == hop.node);
        let is_last = std::ptr::eq(hop, witness.hops.last()?);
        let stop = match (picture.find(&hop.node), zone) {
            (Some(place), _) => Stop::Place(place),
            (None, Some(zone)) if is_last => Stop::Zone(zone),
            _ => continue,
        };
        let is_now_outside = stands_outside(picture, stop);
        if is_now_outside != is_outside {
            way.push(onu);
        }
        is_outside = is_now_outside;
        if way.last() != Some(&stop) {
            way.push(stop);
        }
    }
    let way = straighten(inside_sessions(picture, &way));
    let is_stopped = witness.hops.last().is_some_and(|hop| !hop.passes);
    (way.len() > 1).then_some((way, is_stopped))
}

/// `way` with what lies between the ONU and a machine where the packet travels inside a session
/// that the machine ends: they are no neighbours, and the session leads past a router.
fn inside_sessions(picture: &Picture, way: &[Stop]) -> Vec<Stop> {
    let onu = onu(picture);
    let is_session = |route: &&Route| matches!(route.kind, RouteKind::Pppoe | RouteKind::Ipsec);
    let between = |machine: usize| -> Vec<Stop> {
        let mut sessions = picture.routes.iter().filter(is_session);
        let own = sessions.find(|route| route.way.first() == Some(&Stop::Place(machine)));
        let own = own.filter(|_| !picture.shares_zone(machine, onu));
        let stops = own.into_iter().flat_map(|route| route.way.iter().skip(1));
        stops.copied().take_while(|stop| *stop != Stop::Place(onu)).collect()
    };
    let mut full: Vec<Stop> = way.first().copied().into_iter().collect();
    for pair in way.windows(2) {
        match (pair[0], pair[1]) {
            (Stop::Place(first), Stop::Place(machine)) if first == onu => {
                full.extend(between(machine).into_iter().rev());
            }
            (Stop::Place(machine), Stop::Place(last)) if last == onu => {
                full.extend(between(machine));
            }
            _ => {}
        }
        full.push(pair[1]);
    }
    full
}

fn stands_outside(picture: &Picture, stop: Stop) -> bool {
    match stop {
        Stop::Place(place) => {
            matches!(picture.places[place].kind, PlaceKind::Outside | PlaceKind::Standing)
        }
        Stop::Zone(_) => false,
    }
}

/// Ways that must be closed and are not refuted: where they end, or would have to.
fn denials(picture: &mut Picture, report: &Report, known: &Known) {
    for one in &report.requirements {
        if matches!(one.verdict, RuleVerdict::Refuted | RuleVerdict::Waived) {
            continue;
        }
        let ways = match one.name {
            "terminal-initiated-session" => inward(picture, known),
            "outside-initiated-session" => from_outside(picture),
            _ => continue,
        };
        for way in ways {
            picture.routes.push(Route {
                way,
                kind: RouteKind::Flow,
                label: Text::default(),
                state: State::from(one.verdict),
                code: one.code,
                is_stopped: true,
            });
        }
    }
}

/// From each eligibility terminal to the router that stands before the claims computers.
fn inward(picture: &Picture, known: &Known) -> Vec<Vec<Stop>> {
    let of_kind = |wanted| {
        let places = picture.places.iter().enumerate();
        places.filter(move |(_, place)| place.kind == wanted).map(|(at, _)| at)
    };
    let mut ways = Vec::new();
    for terminal in known.terminals.iter().copied() {
        for medical in of_kind(PlaceKind::Medical) {
            let way = picture.way(terminal, medical);
            if let [from, Stop::Place(router), _, ..] = way[..] {
                let way = vec![from, Stop::Place(router)];
                if picture.places[router].kind.is_router() && !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
    }
    ways
}

/// From the ONU to the routers at the line.
fn from_outside(picture: &Picture) -> Vec<Vec<Stop>> {
    let onu = onu(picture);
    let places = picture.places.iter().enumerate();
    let edges = places.filter(|(_, place)| place.kind == PlaceKind::EdgeRouter);
    edges.map(|(edge, _)| vec![Stop::Place(onu), Stop::Place(edge)]).collect()
}
