//! A lowered router as a text that people can read and tests can compare.

use std::fmt::Write;

use device::Lowered;
use diag::{Sources, Span};
use model::{
    Acl, Action, Effect, Family, Hop, InterfaceIndex, LineState, Match, Node, Origin, Point,
    PortRewrite, Ranges, Rewrite, Stage, StageKind, State, Unmatched,
};

/// Everything a case expects.
pub(super) fn lowered(lowered: &Lowered, sources: &Sources) -> String {
    let mut out = String::new();
    let node = &lowered.node;
    let count = |state| node.lines.iter().filter(|line| line.state == state).count();
    let _ = writeln!(
        out,
        "lines {} modelled, {} irrelevant, {} not modelled",
        count(LineState::Modelled),
        count(LineState::Irrelevant),
        count(LineState::NotModelled),
    );
    for one in &lowered.diagnostics {
        let place = one.primary.as_ref().map_or(String::new(), |label| {
            let file = sources.file(label.span.source);
            let location = file.location(label.span.start);
            format!("{}:{}:{} ", file.name(), location.line, location.column)
        });
        let _ = writeln!(out, "{} {place}{}", one.code, one.headline.en);
    }
    let text = Text { node, sources };
    for gap in &node.gaps {
        let all = [
            (Effect::Permit, "permit"),
            (Effect::Deny, "deny"),
            (Effect::Translate, "translate"),
            (Effect::Route, "route"),
            (Effect::Bridge, "bridge"),
            (Effect::Manage, "manage"),
            (Effect::Resolve, "resolve"),
        ];
        let names: Vec<_> =
            all.iter().filter(|(one, _)| gap.effects.contains(*one)).map(|(_, n)| *n).collect();
        let effects = if names.len() == all.len() { "all".to_owned() } else { names.join("+") };
        let interface = gap.interface.map_or(String::new(), |i| format!(" on {}", text.name(i)));
        let family = gap.family.map_or(String::new(), |f| format!(" {}", f.name()));
        let place = text.span(gap.span);
        let _ = writeln!(out, "gap {place} {effects}{interface}{family}: {}", gap.what.en);
    }
    for one in &node.assumptions {
        let place = one.span.map_or(String::new(), |span| format!(" {}", text.span(span)));
        let _ = writeln!(out, "assumes {}{place}", one.assumption.id);
    }
    text.facts(&mut out);
    crate::yamaha::security::security(node, &|origin| text.origin(origin), &mut out);
    text.stages(&mut out);
    out
}

struct Text<'a> {
    node: &'a Node,
    sources: &'a Sources,
}

impl Text<'_> {
    fn span(&self, span: Span) -> String {
        let file = self.sources.file(span.source);
        let ending = file.name().rsplit('.').next().unwrap_or("");
        let (first, last) = (file.line_of(span.start), file.line_of(span.end));
        if first == last { format!("{ending}:{first}") } else { format!("{ending}:{first}-{last}") }
    }

    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Written(span) => self.span(*span),
            Origin::Implied(span, _) => format!("{}*", self.span(*span)),
            Origin::Default(_) => "*".to_owned(),
        }
    }

    fn name(&self, index: InterfaceIndex) -> &str {
        &self.node.interface(index).name
    }

    fn facts(&self, out: &mut String) {
        let node = self.node;
        for one in &node.interfaces {
            let kind = match one.kind {
                model::InterfaceKind::Vlan { parent } => format!("Vlan of {}", self.name(parent)),
                model::InterfaceKind::Session { carrier } => {
                    format!("Session on {}", self.name(carrier))
                }
                other => format!("{other:?}"),
            };
            let _ = write!(out, "interface {} {kind}", one.name);
            for address in &one.addresses {
                let net = address.net.map_or("?".to_owned(), |net| net.to_string());
                let source = match address.source {
                    model::AddressSource::Delegated { from, identifier } => {
                        format!("Delegated {} {identifier:x}", self.name(from))
                    }
                    other => format!("{other:?}"),
                };
                let _ = write!(out, " {net} ({source})");
            }
            if one.advertises.is_some() {
                let _ = write!(out, " advertises");
            }
            let _ = writeln!(out, "{}", if one.enabled { "" } else { " down" });
        }
        for family in Family::ALL {
            let (is_on, origin) = &node.forwarding[family as usize];
            let switch = if *is_on { "on" } else { "off" };
            let _ = writeln!(out, "forwarding {} {switch} {}", family.name(), self.origin(origin));
        }
        for route in &node.routes {
            let hops: Vec<String> = route.hops.iter().map(|hop| self.hop(hop.hop)).collect();
            let hops = if hops.is_empty() { "discard".to_owned() } else { hops.join(", ") };
            let metric = u32::MAX - route.preference;
            let origin = self.origin(&route.origin);
            let _ = writeln!(out, "route {} {hops} metric {metric} {origin}", route.prefix);
        }
        for relay in &node.relays {
            let ports: Vec<_> = relay.ports.iter().map(|port| self.name(*port)).collect();
            let types = hexadecimal(&relay.ethertypes);
            let stages: Vec<_> = relay.stages.iter().map(|one| self.stage(one)).collect();
            let _ = writeln!(
                out,
                "relay {} {{{}}} {types} [{}] {}",
                relay.name,
                ports.join(" "),
                stages.join(", "),
                self.origin(&relay.origin)
            );
        }
        for one in &node.services {
            let admits: Vec<_> = one.admits.iter().map(|m| self.matches(m)).collect();
            let _ = writeln!(
                out,
                "service {} {:?} {} {}",
                one.name,
                one.kind,
                admits.join(" | "),
                self.origin(&one.origin)
            );
        }
    }

    fn hop(&self, hop: Hop) -> String {
        match hop {
            Hop::Address(address) => format!("via {address}"),
            Hop::AddressOn(address, index) => format!("via {address} on {}", self.name(index)),
            Hop::Interface(index) => format!("on {}", self.name(index)),
            Hop::Learned(index) => format!("learned on {}", self.name(index)),
            Hop::Discard => "discard".to_owned(),
        }
    }

    fn stage(&self, stage: &Stage) -> String {
        let family = stage.family.map_or(String::new(), |f| format!(" {} only", f.name()));
        let what = match &stage.kind {
            StageKind::Filter(list) => format!("filter {}", list.0),
            StageKind::Track(tracker) => format!("track {}", self.node.tracker(*tracker).name),
            StageKind::Open(..) => "open".to_owned(),
            StageKind::Translate(list) => self.node.translation(*list).name.clone(),
        };
        format!("{what}{family}")
    }

    fn stages(&self, out: &mut String) {
        for pipeline in &self.node.pipelines {
            let point = match pipeline.point {
                Point::Ingress(index) => format!("ingress {}", self.name(index)),
                Point::Egress(index) => format!("egress {}", self.name(index)),
                other => format!("{other:?}").to_lowercase(),
            };
            let stages: Vec<_> = pipeline.stages.iter().map(|one| self.stage(one)).collect();
            let _ = writeln!(out, "at {point}: {}", stages.join(", "));
        }
        for one in &self.node.translations {
            if one.rules.is_empty() {
                continue;
            }
            let _ = writeln!(out, "translation {}:", one.name);
            for rule in &one.rules {
                let matches: Vec<_> = rule.matches.iter().map(|m| self.matches(m)).collect();
                let rewrite = match &rule.rewrite {
                    Rewrite::Source(to, port) => format!("source {to}{}", port_rewrite(*port)),
                    Rewrite::Destination(to, port) => {
                        format!("destination {to}{}", port_rewrite(*port))
                    }
                    other => format!("{other:?}").to_lowercase(),
                };
                let place = self.origin(&rule.origin);
                let _ = writeln!(out, "  {place} {} -> {rewrite}", matches.join(" | "));
            }
            if one.unmatched == Unmatched::Discard {
                let _ = writeln!(out, "  otherwise discard");
            }
        }
        for (number, acl) in self.node.acls.iter().enumerate() {
            let _ = writeln!(out, "list {number} {}:", acl.name);
            self.list(acl, out);
        }
    }

    fn list(&self, acl: &Acl, out: &mut String) {
        for entry in &acl.entries {
            let matches: Vec<_> = entry.matches.iter().map(|one| self.matches(one)).collect();
            let place = self.origin(&entry.origin);
            let action = action(entry.action);
            let _ = writeln!(out, "  {place} {} -> {action}", matches.join(" | "));
        }
        let place = self.origin(&acl.default_origin);
        let _ = writeln!(out, "  {place} otherwise {}", action(acl.default));
    }

    fn matches(&self, one: &Match) -> String {
        let mut parts = Vec::new();
        let family = one.family.unwrap_or(Family::V6);
        if let Some(only) = one.family {
            parts.push(only.name().to_owned());
        }
        if let Some(types) = &one.ethertypes {
            parts.push(format!("type {}", hexadecimal(types)));
        }
        if let Some(list) = &one.in_interfaces {
            parts.push(format!("in {}", self.names(list)));
        }
        if let Some(list) = &one.out_interfaces {
            parts.push(format!("out {}", self.names(list)));
        }
        let fields = [("from", &one.source), ("to", &one.destination)];
        for (word, ranges) in fields {
            if let Some(ranges) = ranges {
                parts.push(format!("{word} {}", addresses(family, ranges)));
            }
        }
        let fields = [
            ("proto", &one.protocol),
            ("sport", &one.source_port),
            ("dport", &one.destination_port),
            ("flags", &one.tcp_flags),
        ];
        for (word, ranges) in fields {
            if let Some(ranges) = ranges {
                parts.push(format!("{word} {}", numbers(ranges)));
            }
        }
        if let Some(states) = one.states {
            let names: Vec<_> = states.iter().map(state).collect();
            parts.push(names.join("/"));
        }
        if parts.is_empty() { "any".to_owned() } else { parts.join(" ") }
    }

    fn names(&self, list: &[InterfaceIndex]) -> String {
        let names: Vec<_> = list.iter().map(|index| self.name(*index)).collect();
        names.join(",")
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Established => "est",
        State::Related => "rel",
        State::Invalid => "inv",
        State::Untracked => "untracked",
    }
}

fn action(action: Action) -> String {
    match action {
        Action::Permit => "permit".to_owned(),
        Action::Deny => "deny".to_owned(),
        Action::Return => "return".to_owned(),
        Action::Call(list) => format!("call {}", list.0),
        Action::Goto(list) => format!("goto {}", list.0),
    }
}

fn port_rewrite(port: PortRewrite) -> String {
    match port {
        PortRewrite::Keep => String::new(),
        PortRewrite::Any => " any port".to_owned(),
        PortRewrite::Near => " any port of its class".to_owned(),
        PortRewrite::Shift { from, to } => format!(" port {from} to {to}"),
    }
}

fn joined(ranges: &Ranges, one: impl Fn(u128) -> String) -> String {
    let parts = ranges.as_slice().iter().map(|(low, high)| {
        if low == high { one(*low) } else { format!("{}-{}", one(*low), one(*high)) }
    });
    parts.collect::<Vec<_>>().join(",")
}

fn numbers(ranges: &Ranges) -> String {
    joined(ranges, |value| value.to_string())
}

fn hexadecimal(ranges: &Ranges) -> String {
    joined(ranges, |value| format!("{value:04x}"))
}

fn addresses(family: Family, ranges: &Ranges) -> String {
    let rest = ranges.complement(family.top());
    let is_negated = ranges.contains(0_u8) && ranges.contains(family.top()) && !rest.is_empty();
    if is_negated {
        return format!("not {}", addresses(family, &rest));
    }
    joined(ranges, |value| family.address(value).to_string())
}
