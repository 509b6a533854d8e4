//! Site file and configurations to a picture.

use design::Blueprint;
use diag::{Diagnostic, Severity, Sources, Text, text};
use site::{
    AccessMethod, Date, Endpoint, Line, LineKind, Machine, ONU, OutsideNet, RelayKind, Role,
    RouterSession, Site, Word,
};

use super::entry::Entries;
use super::verdict::Known;
use super::way::straighten;
use super::{
    Link, Picture, PictureZone, PlaceKind, Purpose, Route, RouteKind, State, Stop, place, verdict,
};
use crate::assemble::{Assembled, Reading};
use crate::load::{ConfigFile, Loaded};
use crate::report::Report;
use crate::{facts, judge};

/// Most names of services on one arrow; the others are counted.
const USES_SHOWN_MAX: usize = 2;

/// What a drawing of the site in `loaded` shows, with the results of `report` if there is one. The
/// day decides which dated facts hold.
#[must_use]
pub fn picture(
    loaded: Loaded,
    files: &[ConfigFile],
    report: Option<&Report>,
    today: Option<Date>,
) -> Picture {
    let assembled = Assembled::new(loaded, files, today);
    let Reading { blueprint, diagnostics } = assembled.lower(&assembled.readings);
    let mut told = assembled.diagnostics.clone();
    told.extend(diagnostics);
    let site = &assembled.site;
    let mut picture = Picture {
        site: match report {
            Some(report) => report.site.clone(),
            None => {
                let judge = facts::judge(site, &mut Vec::new());
                judge::site_report(&assembled, judge.as_ref())
            }
        },
        day: report.and_then(|report| report.day),
        missing: missing(&assembled.sources, &told),
        ..Picture::default()
    };
    zones(&mut picture, site);
    places(&mut picture, site, &blueprint);
    links(&mut picture, site);
    sessions(&mut picture, site);
    services(&mut picture, site);
    if let Some(report) = report {
        let entries = Entries::of(site, assembled.config_sources());
        let known = known(&picture, site);
        verdict::enter(&mut picture, report, &entries, &known);
    }
    // The same way twice is one line on paper.
    let mut routes: Vec<Route> = Vec::new();
    for route in std::mem::take(&mut picture.routes) {
        if !routes.contains(&route) {
            routes.push(route);
        }
    }
    picture.routes = routes;
    picture
}

fn known(picture: &Picture, site: &Site) -> Known {
    let with = |roles: &'static [Role]| {
        let has = move |machine: &&Machine| roles.iter().any(|role| machine.has_role(*role));
        let machines = site.machines.iter().filter(has);
        machines.filter_map(|one| picture.find(&one.name.value)).collect()
    };
    let listed = site.destinations.iter().filter(|one| !one.addresses.is_empty());
    Known {
        terminals: with(&[Role::EligibilityTerminal]),
        medical: with(&[Role::ClaimsComputer, Role::Server, Role::WebApi]),
        listed: listed.filter_map(|one| picture.find(one.net.value.word())).collect(),
        destinations: site
            .destinations
            .iter()
            .filter_map(|one| Some((one.name.value.clone(), picture.find(one.net.value.word())?)))
            .collect(),
    }
}

fn missing(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Text> {
    let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let mut missing: Vec<Text> = errors
        .map(|one| {
            let place = one.primary.as_ref().map(|label| sources.file_line(label.span));
            text!(
                ja: "{place} {code} {what}", en: "{place} {code} {what}",
                place = place.unwrap_or_default(), code = one.code, what = one.headline,
            )
        })
        .collect();
    missing.dedup();
    missing
}

fn line_facts(line: &Line) -> Vec<Text> {
    let mut facts = vec![match line.kind.value {
        LineKind::IpVpn => text!(ja: "閉域網（IP-VPN）", en: "closed line (IP-VPN)"),
        LineKind::Ipsec => text!(ja: "インターネット回線", en: "Internet line"),
    }];
    facts.extend(line.carrier.as_ref().map(|one| Text::verbatim(one.value.clone())));
    facts.extend(line.peer.as_ref().map(|one| Text::verbatim(one.value.clone())));
    facts
}

fn zones(picture: &mut Picture, site: &Site) {
    picture.zones = site.zones.iter().map(place::zone).collect();
    if site.zone(ONU).is_none() {
        let line = PictureZone { name: ONU.to_owned(), facts: Vec::new(), purpose: Purpose::Line };
        picture.zones.push(line);
    }
    picture.zones.push(PictureZone {
        name: String::new(),
        facts: site.line.as_ref().map(|line| line_facts(&line.value)).unwrap_or_default(),
        purpose: Purpose::Carrier,
    });
}

fn places(picture: &mut Picture, site: &Site, blueprint: &Blueprint) {
    let node = |name: &str| blueprint.network.find(name).map(|id| blueprint.network.node(id));
    let places = &mut picture.places;
    places.extend(site.machines.iter().map(place::machine));
    places.extend(
        site.routers
            .iter()
            .map(|router| place::router(router, node(&router.name.value), blueprint)),
    );
    places.extend(site.relays.iter().map(place::relay));
    if !places.iter().any(|place| place.kind == PlaceKind::Onu) {
        places.push(place::onu());
    }
    for info in OutsideNet::WORDS {
        places.push(place::outside(info.value, site));
    }
    places.extend(site.standing.iter().map(place::standing));
}

fn links(picture: &mut Picture, site: &Site) {
    let mut links = Vec::new();
    let mut link = |picture: &Picture, place: &str, zone: &str, port: &str| {
        let zone = picture.zones.iter().position(|one| one.name == zone);
        if let (Some(place), Some(zone)) = (picture.find(place), zone) {
            links.push(Link { place, zone, port: port.to_owned() });
        }
    };
    for machine in &site.machines {
        for nic in &machine.nics {
            let name = nic.value.name.as_ref().map_or("", |name| name.value.as_str());
            link(picture, &machine.name.value, &nic.value.zone.value, name);
        }
    }
    for router in &site.routers {
        for port in &router.ports {
            for zone in &port.zones {
                link(picture, &router.name.value, &zone.value, &port.name.value);
            }
        }
    }
    for relay in &site.relays {
        // The ONU stands at the line, whatever zones it is said to join.
        let is_onu = relay.kind.value == RelayKind::Onu;
        for zone in relay.zones.iter().filter(|zone| !is_onu || zone.value != ONU) {
            link(picture, &relay.name.value, &zone.value, "");
        }
    }
    let line = picture.zones.iter().position(|zone| zone.purpose == Purpose::Line);
    let onu = onu(picture);
    links.extend(line.map(|zone| Link { place: onu, zone, port: String::new() }));
    let carrier = picture.zones.iter().position(|zone| zone.purpose == Purpose::Carrier);
    let outside = picture.places.iter().enumerate();
    let outside = outside.filter(|(_, place)| place.kind == PlaceKind::Outside);
    for place in std::iter::once(onu).chain(outside.map(|(place, _)| place)) {
        links.extend(carrier.map(|zone| Link { place, zone, port: String::new() }));
    }
    links.dedup();
    picture.links = links;
}

/// The ONU; there always is one.
pub(super) fn onu(picture: &Picture) -> usize {
    picture.places.iter().position(|place| place.kind == PlaceKind::Onu).unwrap_or(0)
}

/// The sessions of the line, from the machine or router that opens each.
fn sessions(picture: &mut Picture, site: &Site) {
    let line = site.line.as_ref().map(|line| &line.value);
    let endpoint = line.and_then(|line| line.endpoint.as_ref()).map(|end| end.value);
    for machine in &site.machines {
        machine_sessions(picture, machine);
        if let Some(line) = line.filter(|line| line.kind.value == LineKind::IpVpn) {
            ipoe(picture, machine, line);
        }
        if endpoint == Some(Endpoint::Router) {
            for net in nets(machine) {
                outbound(picture, machine, net);
            }
        }
    }
    for router in &site.routers {
        for net in router.sessions.iter().flat_map(RouterSession::far_nets) {
            session_of_router(picture, &router.name.value, net.word(), RouteKind::Pppoe);
        }
    }
    if endpoint == Some(Endpoint::Router) {
        let all: Vec<OutsideNet> = site.machines.iter().flat_map(nets).collect();
        for router in &site.routers {
            let is_edge = picture
                .find(&router.name.value)
                .is_some_and(|place| picture.places[place].kind == PlaceKind::EdgeRouter);
            for info in OutsideNet::WORDS.iter().filter(|_| is_edge) {
                if all.contains(&info.value) {
                    session_of_router(picture, &router.name.value, info.word, RouteKind::Ipsec);
                }
            }
        }
    }
    for line in &site.standing {
        session_of_router(picture, &line.router.value, &line.name.value, RouteKind::Standing);
    }
}

/// The networks that a machine is there to reach.
fn nets(machine: &Machine) -> Vec<OutsideNet> {
    let mut nets = Vec::new();
    // A claims computer with Web API asks the centre itself.
    if machine.has_role(Role::EligibilityTerminal) || machine.has_role(Role::WebApi) {
        nets.push(OutsideNet::EligibilityNet);
    }
    if machine.has_role(Role::OnlineClaimsTerminal) {
        nets.push(OutsideNet::ClaimsNet);
    }
    nets
}

fn machine_sessions(picture: &mut Picture, machine: &Machine) {
    let name = &machine.name.value;
    if let Some(pppoe) = &machine.pppoe {
        for far in pppoe.value.far_nets() {
            let router = &pppoe.value.through.value;
            through(picture, name, router, far.word(), RouteKind::Pppoe);
        }
    }
    if let Some(tunnel) = &machine.tunnel {
        let mut reached = nets(machine);
        if reached.is_empty() {
            reached.push(OutsideNet::EligibilityNet);
        }
        for net in reached {
            let router = &tunnel.value.through.value;
            through(picture, name, router, net.word(), RouteKind::Ipsec);
        }
    }
}

fn ipoe(picture: &mut Picture, machine: &Machine, line: &Line) {
    let is_ipoe = |method: Option<AccessMethod>| method == Some(AccessMethod::Ipoe);
    for net in nets(machine) {
        let method = match net {
            OutsideNet::EligibilityNet => line.eligibility.as_ref(),
            _ => line.claims.as_ref(),
        };
        if !is_ipoe(method.map(|method| method.value)) {
            continue;
        }
        let onu = onu(picture);
        let places = picture.find(&machine.name.value).zip(picture.find(net.word()));
        if let Some((from, far)) = places {
            let mut way = picture.way(from, onu);
            way.push(Stop::Place(far));
            add(picture, way, RouteKind::Ipoe, Text::default());
        }
    }
}

/// What a machine opens to the router that ends the tunnel for it.
fn outbound(picture: &mut Picture, machine: &Machine, net: OutsideNet) {
    let edge = picture.places.iter().position(|place| place.kind == PlaceKind::EdgeRouter);
    if let (Some(from), Some(edge)) = (picture.find(&machine.name.value), edge) {
        let label = match net {
            OutsideNet::EligibilityNet if !machine.has_role(Role::EligibilityTerminal) => {
                Text::verbatim("Web API")
            }
            OutsideNet::EligibilityNet => text!(ja: "資格確認", en: "eligibility"),
            OutsideNet::ClaimsNet => text!(ja: "請求", en: "claims"),
            OutsideNet::Internet => text!(ja: "外部", en: "outside"),
        };
        let way = picture.way(from, edge);
        add(picture, way, RouteKind::Flow, label);
    }
}

/// A session of a machine that a router has to pass.
fn through(picture: &mut Picture, from: &str, router: &str, far: &str, kind: RouteKind) {
    let onu = onu(picture);
    if let (Some(from), Some(far)) = (picture.find(from), picture.find(far)) {
        let mut way = match picture.find(router) {
            Some(router) => {
                let mut way = picture.way(from, router);
                way.extend(picture.way(router, onu));
                way
            }
            None => picture.way(from, onu),
        };
        way.push(Stop::Place(far));
        add(picture, way, kind, Text::default());
    }
}

fn session_of_router(picture: &mut Picture, router: &str, far: &str, kind: RouteKind) {
    let onu = onu(picture);
    if let (Some(router), Some(far)) = (picture.find(router), picture.find(far)) {
        let mut way = picture.way(router, onu);
        way.push(Stop::Place(far));
        add(picture, way, kind, Text::default());
    }
}

/// Sessions between the parties inside that the site uses.
fn services(picture: &mut Picture, site: &Site) {
    for service in &site.services {
        let shown: Vec<&str> = service
            .uses
            .iter()
            .take(USES_SHOWN_MAX)
            .map(|one| one.value.written.as_str())
            .collect();
        let more = service.uses.len() - shown.len();
        let label = if more > 0 {
            Text::verbatim(format!("{} +{more}", shown.join(" ")))
        } else {
            Text::verbatim(shown.join(" "))
        };
        for from in members(site, &service.from.value) {
            for to in members(site, &service.to.value) {
                if let (Some(a), Some(b)) = (picture.find(from), picture.find(to))
                    && a != b
                {
                    let way = picture.way(a, b);
                    add(picture, way, RouteKind::Flow, label.clone());
                }
            }
        }
    }
}

/// The machine called `name`, or the machines of the zone called so.
fn members<'a>(site: &'a Site, name: &str) -> Vec<&'a str> {
    let stands = |machine: &&Machine| {
        machine.name.value == name || machine.nics.iter().any(|nic| nic.value.zone.value == name)
    };
    site.machines.iter().filter(stands).map(|machine| machine.name.value.as_str()).collect()
}

fn add(picture: &mut Picture, way: Vec<Stop>, kind: RouteKind, label: Text) {
    picture.routes.push(Route {
        way: straighten(way),
        kind,
        label,
        state: State::Plain,
        code: "",
        is_stopped: false,
    });
}
