//! A device as stable text, one fact a line, for the expectations of cases.

use std::fmt::Write;

use diag::{Severity, Sources, Span};
use model::{
    Action, Asking, Effect, Family, Hop, InterfaceIndex, InterfaceKind, LineState, Match, NextHop,
    Node, Origin, Point, Ranges, Rewrite, Route, StageKind, State,
};

use super::Device;

/// The whole device.
pub(crate) fn render(device: &Device) -> String {
    let view = View { sources: &device.sources, node: &device.lowered.node };
    let mut out = String::new();
    view.lines(&mut out);
    for line in diagnostics(device) {
        out += &line;
        out.push('\n');
    }
    view.node(&mut out);
    out
}

/// The diagnostics, one a line.
pub(crate) fn diagnostics(device: &Device) -> Vec<String> {
    let place = |span: Span| {
        let at = device.sources.file(span.source).location(span.start);
        format!("{}:{}", at.line, at.column)
    };
    let one = |said: &diag::Diagnostic| {
        let severity = match said.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let at = said.primary.as_ref().map_or("-".to_owned(), |label| place(label.span));
        format!("{} {severity} {at} {}", said.code, said.headline.en)
    };
    device.lowered.diagnostics.iter().map(one).collect()
}

struct View<'a> {
    sources: &'a Sources,
    node: &'a Node,
}

impl View<'_> {
    fn lines(&self, out: &mut String) {
        let count = |state| self.node.lines.iter().filter(|line| line.state == state).count();
        let _ = writeln!(
            out,
            "lines modelled={} irrelevant={} not-modelled={}",
            count(LineState::Modelled),
            count(LineState::Irrelevant),
            count(LineState::NotModelled),
        );
    }

    fn at(&self, span: Span) -> String {
        format!("@{}", self.sources.file(span.source).line_of(span.start))
    }

    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Written(span) => self.at(*span),
            Origin::Implied(span, _) => format!("implied{}", self.at(*span)),
            Origin::Default(_) => "@default".to_owned(),
        }
    }

    fn name(&self, index: InterfaceIndex) -> &str {
        &self.node.interface(index).name
    }

    fn node(&self, out: &mut String) {
        for gap in &self.node.gaps {
            let interface = gap.interface.map_or("-", |index| self.name(index));
            let family = gap.family.map_or("-", Family::name);
            let all = [
                Effect::Permit,
                Effect::Deny,
                Effect::Translate,
                Effect::Route,
                Effect::Bridge,
                Effect::Manage,
                Effect::Resolve,
                Effect::Stall,
            ];
            let effects: Vec<String> = all
                .into_iter()
                .filter(|effect| gap.effects.contains(*effect))
                .map(|effect| format!("{effect:?}").to_lowercase())
                .collect();
            let effects = if effects.len() == 8 { "all".to_owned() } else { effects.join("+") };
            let (at, what) = (self.at(gap.span), &gap.what.en);
            let _ = writeln!(out, "gap {at} {effects} {interface} {family} {what}");
        }
        for used in &self.node.assumptions {
            let at = used.span.map_or(String::new(), |span| self.at(span));
            let _ = writeln!(out, "assume {} {at}", used.assumption.id);
        }
        for family in Family::ALL {
            let (on, origin) = &self.node.forwarding[family as usize];
            let _ = writeln!(out, "forwards {} {on} {}", family.name(), self.origin(origin));
        }
        self.interfaces(out);
        self.proxies(out);
        self.routes(out);
        self.acls(out);
        self.pipelines(out);
        super::security::security(self.node, &|origin| self.origin(origin), out);
        self.translations(out);
        self.rest(out);
    }

    fn interfaces(&self, out: &mut String) {
        for interface in &self.node.interfaces {
            let kind = match interface.kind {
                InterfaceKind::Port => "port".to_owned(),
                InterfaceKind::Vlan { parent } => format!("vlan-of-{}", self.name(parent)),
                InterfaceKind::Session { carrier } => {
                    format!("session-over-{}", self.name(carrier))
                }
                InterfaceKind::Tunnel => "tunnel".to_owned(),
                InterfaceKind::Bridge => "bridge".to_owned(),
                InterfaceKind::Loopback => "loopback".to_owned(),
                InterfaceKind::Null => "null".to_owned(),
            };
            let state = if interface.enabled { "on" } else { "off" };
            let mut line = format!("interface {} {kind} {state}", interface.name);
            for address in &interface.addresses {
                let source = match address.source {
                    model::AddressSource::Static => "static".to_owned(),
                    model::AddressSource::Dhcp { .. } => "dhcp".to_owned(),
                    model::AddressSource::Ipcp => "ipcp".to_owned(),
                    model::AddressSource::Advertised => "advertised".to_owned(),
                    model::AddressSource::Delegated { from, identifier } => {
                        format!("prefix-of-{}::{identifier:x}", self.name(from))
                    }
                };
                let net = address.net.map_or("?".to_owned(), |net| net.to_string());
                let _ = write!(line, " {source}:{net}{}", self.origin(&address.origin));
            }
            if let Some(origin) = &interface.advertises {
                let _ = write!(line, " advertises{}", self.origin(origin));
            }
            let _ = writeln!(out, "{line}");
        }
    }

    fn proxies(&self, out: &mut String) {
        for proxy in &self.node.proxies {
            let bound = |value: u128| proxy.family.address(value).to_string();
            let ranges = proxy.addresses.as_slice().iter();
            let ranges: Vec<String> =
                ranges.map(|(low, high)| format!("{}-{}", bound(*low), bound(*high))).collect();
            let (name, origin) = (self.name(proxy.interface), self.origin(&proxy.origin));
            let _ = writeln!(out, "proxy {name} {} {origin}", ranges.join(","));
        }
    }

    fn hop(&self, hop: &NextHop) -> String {
        let mut text = match hop.hop {
            Hop::Address(address) => address.to_string(),
            Hop::AddressOn(address, index) => format!("{address}%{}", self.name(index)),
            Hop::Interface(index) => self.name(index).to_owned(),
            Hop::Learned(index) => format!("learned:{}", self.name(index)),
            Hop::Discard => "discard".to_owned(),
        };
        if let Some(guard) = hop.guard {
            let _ = write!(text, " if \"{}\"", self.node.acl(guard).name);
        }
        if hop.may_vanish {
            text += " may-vanish";
        }
        text
    }

    /// Whether another route leads to the same network.
    fn has_rival(&self, route: &Route) -> bool {
        self.node.routes.iter().filter(|other| other.prefix == route.prefix).count() > 1
    }

    fn routes(&self, out: &mut String) {
        for route in &self.node.routes {
            let hops: Vec<String> = route.hops.iter().map(|hop| self.hop(hop)).collect();
            let preference = match route.preference {
                10_000 => String::new(),
                9_000 if !self.has_rival(route) => String::new(),
                other => format!(" preference {other}"),
            };
            let origin = self.origin(&route.origin);
            let _ = writeln!(
                out,
                "route {} -> {}{preference} {origin}",
                route.prefix,
                hops.join(" | ")
            );
        }
        for rule in &self.node.policy_routes {
            let interface = rule.interface.map_or("own", |index| self.name(index));
            let guard = &self.node.acl(rule.guard).name;
            let (family, hop) = (rule.family.name(), self.hop(&rule.hop));
            let origin = self.origin(&rule.origin);
            let _ = writeln!(out, "policy {interface} {family} \"{guard}\" -> {hop} {origin}");
        }
    }

    fn acls(&self, out: &mut String) {
        for acl in &self.node.acls {
            let default = self.action(acl.default);
            let origin = self.origin(&acl.default_origin);
            let _ = writeln!(out, "acl \"{}\" default {default} {origin}", acl.name);
            for entry in &acl.entries {
                let (action, origin) = (self.action(entry.action), self.origin(&entry.origin));
                let matches = self.matches(&entry.matches);
                let _ = writeln!(out, "  {action} {matches} {origin}");
            }
        }
    }

    fn action(&self, action: Action) -> String {
        match action {
            Action::Permit => "permit".to_owned(),
            Action::Deny => "deny".to_owned(),
            Action::Return => "return".to_owned(),
            Action::Call(list) => format!("call \"{}\"", self.node.acl(list).name),
            Action::Goto(list) => format!("goto \"{}\"", self.node.acl(list).name),
        }
    }

    fn matches(&self, matches: &[Match]) -> String {
        let all: Vec<String> = matches.iter().map(|one| self.one(one)).collect();
        if all.is_empty() { "nothing".to_owned() } else { all.join(" or ") }
    }

    fn one(&self, found: &Match) -> String {
        let mut parts = vec![found.family.map_or("any", Family::name).to_lowercase()];
        let family = found.family.unwrap_or(Family::V4);
        if let Some(protocol) = &found.protocol {
            parts.push(protocols(protocol));
        }
        let mut field = |name: &str, value: Option<String>| {
            parts.extend(value.map(|value| format!("{name} {value}")));
        };
        field("from", found.source.as_ref().map(|set| addresses(family, set)));
        field("sport", found.source_port.as_ref().map(numbers));
        field("to", found.destination.as_ref().map(|set| addresses(family, set)));
        field("dport", found.destination_port.as_ref().map(numbers));
        field("flags", found.tcp_flags.as_ref().map(flags));
        field(
            "state",
            found.states.map(|states| {
                let names: Vec<String> =
                    states.iter().map(|state: State| format!("{state:?}").to_lowercase()).collect();
                names.join(",")
            }),
        );
        let names = |list: &Vec<InterfaceIndex>| {
            list.iter().map(|index| self.name(*index)).collect::<Vec<_>>().join(",")
        };
        field("on", found.in_interfaces.as_ref().map(names));
        field("out", found.out_interfaces.as_ref().map(names));
        parts.join(" ")
    }

    fn pipelines(&self, out: &mut String) {
        for pipeline in &self.node.pipelines {
            let point = match pipeline.point {
                Point::Ingress(index) => format!("ingress {}", self.name(index)),
                Point::Egress(index) => format!("egress {}", self.name(index)),
                other => format!("{other:?}"),
            };
            let _ = writeln!(out, "{point}");
            for stage in &pipeline.stages {
                let family = stage.family.map_or("any", Family::name).to_lowercase();
                let spares = if stage.spares_own { " spares-own" } else { "" };
                let text = match &stage.kind {
                    StageKind::Filter(list) => format!("filter \"{}\"", self.node.acl(*list).name),
                    StageKind::Track(tracker) => {
                        format!("track \"{}\"", self.node.tracker(*tracker).name)
                    }
                    StageKind::Open(tracker, _) => {
                        format!("open \"{}\"", self.node.tracker(*tracker).name)
                    }
                    StageKind::Translate(one) => {
                        format!("translate \"{}\"", self.node.translation(*one).name)
                    }
                };
                let _ = writeln!(out, "  {family} {text}{spares}");
                if let StageKind::Open(_, triggers) = &stage.kind {
                    for trigger in triggers {
                        let matches = self.matches(&trigger.matches);
                        let _ =
                            writeln!(out, "    trigger {matches} {}", self.origin(&trigger.origin));
                        for related in &trigger.related {
                            let how = if related.is_negotiated { " negotiated" } else { "" };
                            let matches = self.matches(&related.matches);
                            let way = format!("{:?}", related.direction).to_lowercase();
                            let _ = writeln!(out, "      related {way} {matches}{how}");
                        }
                    }
                }
            }
        }
    }

    fn translations(&self, out: &mut String) {
        for one in &self.node.translations {
            let unmatched = format!("{:?}", one.unmatched).to_lowercase();
            let _ = writeln!(out, "translation \"{}\" unmatched {unmatched}", one.name);
            for rule in &one.rules {
                let rewrite = match rule.rewrite {
                    Rewrite::Keep => "keep".to_owned(),
                    Rewrite::Discard => "discard".to_owned(),
                    Rewrite::Source(address, port) => format!("source {address} {port:?}"),
                    Rewrite::Destination(address, port) => {
                        format!("destination {address} {port:?}")
                    }
                };
                let (matches, origin) = (self.matches(&rule.matches), self.origin(&rule.origin));
                let _ = writeln!(out, "  {rewrite} for {matches} {origin}");
            }
        }
    }

    fn rest(&self, out: &mut String) {
        for relay in &self.node.relays {
            let ports: Vec<&str> = relay.ports.iter().map(|index| self.name(*index)).collect();
            let types = hex(&relay.ethertypes);
            let stages = if relay.stages.is_empty() { "" } else { " filtered" };
            let origin = self.origin(&relay.origin);
            let _ = writeln!(
                out,
                "relay {} [{}] {types}{stages} {origin}",
                relay.name,
                ports.join(" ")
            );
        }
        for service in &self.node.services {
            let kind = format!("{:?}", service.kind).to_lowercase();
            let (matches, origin) = (self.matches(&service.admits), self.origin(&service.origin));
            let _ = writeln!(out, "service {} {kind} {matches} {origin}", service.name);
        }
        for rule in &self.node.name_rules {
            let servers: Vec<String> = rule.servers.iter().map(ToString::to_string).collect();
            let servers = match rule.asking {
                Asking::Nobody => "nobody".to_owned(),
                _ if servers.is_empty() => "learned".to_owned(),
                Asking::Always => servers.join(","),
                Asking::Perhaps => format!("{}?", servers.join(",")),
            };
            let edns = if rule.edns { " edns" } else { "" };
            let (types, origin) = (rule.types.join(","), self.origin(&rule.origin));
            let _ = writeln!(out, "names {types} {} -> {servers}{edns} {origin}", rule.suffix);
        }
    }
}

fn numbers(set: &Ranges) -> String {
    let one = |(low, high): &(u128, u128)| {
        if low == high { low.to_string() } else { format!("{low}-{high}") }
    };
    set.as_slice().iter().map(one).collect::<Vec<_>>().join(",")
}

fn protocols(set: &Ranges) -> String {
    match numbers(set).as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "6,17" => "tcp,udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmp6".to_owned(),
        "0-5,7-16,18-255" => "not-tcp,udp".to_owned(),
        other => format!("proto {other}"),
    }
}

fn hex(set: &Ranges) -> String {
    let one = |(low, high): &(u128, u128)| {
        if low == high { format!("{low:04x}") } else { format!("{low:04x}-{high:04x}") }
    };
    set.as_slice().iter().map(one).collect::<Vec<_>>().join(",")
}

/// The smallest description of a set of flag bytes: those with a bit, or how many.
fn flags(set: &Ranges) -> String {
    let names = [("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16)];
    let count = (0..256_u128).filter(|bits| set.contains(*bits)).count();
    for (name, bit) in names {
        if count == 128 && (0..256_u128).all(|bits| set.contains(bits) == (bits & bit != 0)) {
            return name.to_owned();
        }
    }
    format!("{count}-values")
}

fn addresses(family: Family, set: &Ranges) -> String {
    let one = |(low, high): &(u128, u128)| {
        let (from, to) = (family.address(*low), family.address(*high));
        if low == high {
            return from.to_string();
        }
        let length = (0..=family.bits()).find(|length| {
            model::Net::new(from, *length).is_some_and(|net| net.bounds() == (*low, *high))
        });
        length.map_or(format!("{from}-{to}"), |length| format!("{from}/{length}"))
    };
    set.as_slice().iter().map(one).collect::<Vec<_>>().join(",")
}
