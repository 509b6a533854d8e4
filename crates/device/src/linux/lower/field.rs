//! One condition of a rule to the packets that fulfil it.

use std::collections::BTreeSet;

use model::{Family, InterfaceIndex, Match, Ranges, Readings, State, States, protocol};

use super::condition::{Bounds, Doubt, MAX_MATCHES, all_pairs};
use super::flag;
use super::hook::only_family;
use super::number::{self, Numbers};
use super::report::Report;
use super::wire::{self, Form, Header};
use crate::registry::linux::config::{
    Condition, Element, Key, Op, Side, Table, TableFamily, Value,
};

/// What all conditions of a router need to know.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) tables: &'a [Table],
    /// Names of all interfaces, in the order of their indices.
    pub(super) interfaces: Vec<String>,
    /// Interfaces whose frames have an Ethernet header.
    pub(super) ethernet: Vec<InterfaceIndex>,
    /// Tunnels, some kinds of which carry frames.
    pub(super) perhaps_ethernet: Vec<InterfaceIndex>,
    /// Sets whose elements come and go while the router runs.
    pub(super) open_sets: BTreeSet<(usize, String)>,
    /// Packets after a `dnat` or `redirect`.
    pub(super) redirected: Vec<Match>,
    /// Whether the rules of routing are known for each family, and none reads a mark.
    pub(super) plain_rules: [bool; 2],
    /// How open points are read; L-A2 is asked for where a condition depends on it.
    pub(super) readings: &'a Readings,
}

/// What a hook tells about an interface.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Seen {
    /// It is known.
    Known,
    /// There is none: its name is empty.
    Absent,
    /// Known for forwarded packets, absent for the router's own.
    Sometimes,
    /// There is one, but the model cannot tell which.
    Hidden,
}

/// What a hook tells about the state of the connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Tracking {
    /// It was looked up.
    Done,
    /// It will be: nftables says `invalid` until then.
    ToCome,
    /// Whether it was looked up is not known.
    Unknown,
}

/// Where a condition is evaluated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) input: Seen,
    pub(super) output: Seen,
    pub(super) tracking: Tracking,
    pub(super) form: Form,
    pub(super) header: Header,
}

impl Scope<'_> {
    /// Whether the mark of a packet of `family`, or of any, chooses no route.
    pub(super) fn has_plain_rules(&self, family: Option<Family>) -> bool {
        let mut families =
            Family::ALL.into_iter().filter(|one| family.is_none_or(|own| own == *one));
        families.all(|one| self.plain_rules[one as usize])
    }

    /// The packets that fulfil `condition` at `place`; `None` if they are too many to list.
    pub(super) fn condition(
        &self,
        place: Place,
        condition: &Condition,
        report: &mut Report,
    ) -> Option<Bounds> {
        let Condition { keys, mask, op, value, span } = condition;
        let (members, is_open) = self.members(place.table, value, *span, report);
        let [key] = keys.as_slice() else {
            let is_positive = matches!(op, Op::Implicit | Op::Equal) && mask.is_none();
            return self.concatenation(place, keys, &members, is_open || !is_positive, report);
        };
        let op = *op;
        let bounds = match key {
            Key::Opaque(_, family, protocol) => Bounds::perhaps(vec![depends(*family, *protocol)]),
            Key::CtStatus => self.status(op, mask.as_ref(), value),
            Key::CtState => {
                flag::state(self, place, (op, mask.as_ref()), &members, is_open, report)
            }
            Key::TcpFlags => flag::tcp((op, mask.as_ref()), &members, is_open),
            Key::In | Key::Out => self.interface(place, key, op, &members, is_open),
            _ if mask.is_some() || op == Op::Without => self.full(place, key),
            _ => self.numeric(place, key, op, &members, is_open, report),
        };
        Some(match place.form {
            Form::Whole => bounds,
            Form::Frame | Form::Fragment => {
                wire::in_fragments(bounds, key, only_family(self.tables[place.table].family))
            }
        })
    }

    /// The values that `value` stands for, and whether there may be others.
    pub(super) fn members<'v>(
        &'v self,
        table: usize,
        value: &'v Value,
        span: diag::Span,
        report: &mut Report,
    ) -> (Members<'v>, bool) {
        match value {
            Value::Set(elements) => (Members { of: Kind::Set(elements) }, false),
            Value::Named(name) => {
                let known = self.tables[table].sets.iter().find(|set| set.name == *name);
                let Some(set) = known else {
                    report.undefined_set(name, span);
                    return (Members { of: Kind::Named(&[]) }, true);
                };
                let is_open = self.open_sets.contains(&(table, name.clone()));
                if is_open {
                    report.open_set(name, span, set.span);
                }
                (Members { of: Kind::Named(&set.elements) }, is_open)
            }
            other => (Members { of: Kind::One(other) }, false),
        }
    }

    fn numeric(
        &self,
        place: Place,
        key: &Key,
        op: Op,
        members: &Members<'_>,
        is_open: bool,
        report: &mut Report,
    ) -> Bounds {
        let Some(domain) = Numbers::of(key) else { return self.full(place, key) };
        let mut parts = Vec::new();
        for value in members.values(is_open) {
            match domain.ranges(value, report) {
                Some(more) => parts.extend_from_slice(more.as_slice()),
                None => return self.full(place, key),
            }
        }
        let Some(found) = number::compared(op, &Ranges::of(parts), domain.top) else {
            return self.full(place, key);
        };
        let is_negative = op == Op::NotEqual;
        let known = self.build(place, key, &found, is_negative);
        match (is_open, is_negative) {
            (false, _) => known,
            (true, true) => Bounds::perhaps(known.may),
            (true, false) => Bounds::between(self.full(place, key).may, known.must),
        }
    }

    /// Perhaps every packet that has the field.
    fn full(&self, place: Place, key: &Key) -> Bounds {
        let Some(domain) = Numbers::of(key) else { return Bounds::perhaps(vec![Match::any()]) };
        let all = Ranges::span(0_u128, domain.top);
        Bounds::perhaps(self.build(place, key, &all, true).may)
    }

    /// Packets that have the field at all.
    fn presence(&self, place: Place, key: &Key) -> Bounds {
        match key {
            Key::In | Key::Out | Key::CtState | Key::CtStatus => Bounds::always(),
            Key::TcpFlags => Bounds::exact(vec![depends(None, Some(protocol::TCP))]),
            Key::NextHeader => Bounds::exact(vec![Match::family(Family::V6)]),
            Key::Opaque(_, family, only) => Bounds::perhaps(vec![depends(*family, *only)]),
            _ => match Numbers::of(key) {
                Some(domain) => self.build(place, key, &Ranges::span(0_u128, domain.top), true),
                None => Bounds::perhaps(vec![Match::any()]),
            },
        }
    }

    /// Packets whose field `key` is in `found`.
    fn build(&self, place: Place, key: &Key, found: &Ranges, is_negative: bool) -> Bounds {
        if found.is_empty() {
            return Bounds::never();
        }
        let is_frame = is_frame_family(self.tables[place.table].family);
        let ranges = Some(found.clone());
        match key {
            Key::Address(family, side) => {
                let mut one = Match::family(*family);
                match side {
                    Side::Source => one.source = ranges,
                    Side::Destination => one.destination = ranges,
                }
                Bounds::exact(vec![one])
            }
            Key::L4Proto => Bounds::exact(vec![Match { protocol: ranges, ..Match::any() }]),
            Key::IpProtocol => {
                Bounds::exact(vec![Match { protocol: ranges, ..Match::family(Family::V4) }])
            }
            Key::NextHeader => next_header(found, is_negative),
            Key::Port(protocols, side) => ports(protocols, *side, found),
            Key::IcmpType(of) | Key::IcmpCode(of)
                if only_family(self.tables[place.table].family).is_some_and(|own| own != *of) =>
            {
                // In the tables of the other family it is the number of a protocol there.
                let own = Family::ALL.into_iter().find(|own| own != of).unwrap_or(*of);
                Bounds::perhaps(vec![Match { protocol: icmp(*of).protocol, ..Match::family(own) }])
            }
            Key::IcmpType(family) | Key::IcmpCode(family) => {
                let mut one = icmp(*family);
                match key {
                    Key::IcmpType(_) => one.source_port = ranges,
                    _ => one.destination_port = ranges,
                }
                Bounds::exact(vec![one])
            }
            Key::NfProto if is_frame => Bounds::perhaps(vec![Match::any()]),
            Key::NfProto => families(|family| match family {
                Family::V4 => found.contains(2_u8),
                Family::V6 => found.contains(10_u8),
            }),
            Key::EtherType if is_frame || place.form == Form::Frame => {
                self.with_header(place, wire::outer_type(found, place.form))
            }
            Key::Protocol if is_frame => wire::inner_type(found),
            Key::Protocol => families(|family| found.contains(family.ethertype())),
            Key::EtherType => {
                let of = families(|family| found.contains(family.ethertype()));
                self.with_header(place, of)
            }
            _ => Bounds::perhaps(vec![Match::any()]),
        }
    }

    /// `ether …` asks for an interface with Ethernet frames, except in bridges.
    fn with_header(&self, place: Place, of: Bounds) -> Bounds {
        match (place.header, place.input) {
            (Header::Always, _) => of,
            (Header::OfInterface, Seen::Known) => {
                let only = |of: &[Match], list: Vec<InterfaceIndex>| {
                    let header = Match { in_interfaces: Some(list), ..Match::any() };
                    all_pairs(of, &[header]).unwrap_or_default()
                };
                let perhaps = self.ethernet.iter().chain(&self.perhaps_ethernet);
                let may = only(&of.may, perhaps.copied().collect());
                let must = only(&of.must, self.ethernet.clone());
                let is_evaded = of.doubt == Doubt::Evadable && self.perhaps_ethernet.is_empty();
                let found = Bounds::between(may, must);
                if is_evaded { found.evadable() } else { found }
            }
            (Header::OfInterface | Header::Unknown, _) => Bounds::perhaps(of.may),
        }
    }

    fn interface(
        &self,
        place: Place,
        key: &Key,
        op: Op,
        members: &Members<'_>,
        is_open: bool,
    ) -> Bounds {
        let seen = if *key == Key::In { place.input } else { place.output };
        let is_negative = op == Op::NotEqual;
        let values: Vec<_> = members.values(is_open).collect();
        // A backslash in a name takes the meaning from `*`; that is left unknown.
        let is_plain = |value: &&Value| matches!(value, Value::Word(word) if !word.contains('\\'));
        let is_known = values.iter().all(is_plain);
        if !is_known || !matches!(op, Op::Implicit | Op::Equal | Op::NotEqual) {
            return Bounds::perhaps(vec![Match::any()]);
        }
        let is_listed = |name: &str| values.iter().any(|value| is_name(value, name));
        let all = (0_u32..).map(InterfaceIndex).zip(&self.interfaces);
        let chosen: Vec<_> = all
            .filter(|(_, name)| is_listed(name) != is_negative)
            .map(|(index, _)| index)
            .collect();
        let one = |list: Vec<InterfaceIndex>| {
            let mut found = Match::any();
            match key {
                Key::In => found.in_interfaces = Some(list),
                _ => found.out_interfaces = Some(list),
            }
            vec![found]
        };
        let listed = if chosen.is_empty() { Vec::new() } else { one(chosen) };
        let any = vec![Match::any()];
        match (seen, is_negative) {
            (Seen::Absent, _) => match is_open {
                false => Bounds::of(is_negative),
                true => Bounds::perhaps(any),
            },
            (Seen::Hidden, _) => Bounds::perhaps(any),
            (Seen::Sometimes, true) => Bounds::between(any, listed),
            _ if is_open && is_negative => Bounds::perhaps(listed),
            _ if is_open => Bounds::between(any, listed),
            _ => Bounds::exact(listed),
        }
    }

    /// `ct status dnat`.
    fn status(&self, op: Op, mask: Option<&Value>, value: &Value) -> Bounds {
        let is_dnat = *value == Value::Word("dnat".to_owned());
        if !is_dnat || mask.is_some() || !matches!(op, Op::Implicit | Op::Equal) {
            return Bounds::perhaps(vec![Match::any()]);
        }
        if self.redirected.is_empty() {
            return Bounds::never();
        }
        let known = States::of(&[State::Established, State::Related]);
        let mut may = self.redirected.clone();
        may.push(Match { states: Some(known), ..Match::any() });
        Bounds::perhaps(may)
    }

    /// `ip saddr . tcp dport { … }`.
    fn concatenation(
        &self,
        place: Place,
        keys: &[Key],
        members: &Members<'_>,
        is_open: bool,
        report: &mut Report,
    ) -> Option<Bounds> {
        let mut found = Bounds::never();
        for value in members.values(is_open) {
            found = found.or(self.element(place, keys, value, report)?);
            if found.may.len() > MAX_MATCHES {
                return None;
            }
        }
        if !is_open {
            return Some(found);
        }
        let mut full = Bounds::always();
        for key in keys {
            full = full.and(&self.full(place, key))?;
        }
        // Without the elements' bound from below: negation turns it round.
        Some(Bounds::perhaps(all_pairs(&full.may, &[Match::any()])?).or(Bounds::never()))
    }

    /// The packets that one element of a set or map stands for.
    pub(super) fn element(
        &self,
        place: Place,
        keys: &[Key],
        value: &Value,
        report: &mut Report,
    ) -> Option<Bounds> {
        if *value == Value::Any {
            let mut found = Bounds::always();
            for key in keys {
                found = found.and(&self.presence(place, key))?;
            }
            return Some(found);
        }
        let parts: &[Value] = match value {
            Value::Concat(parts) => parts,
            one => std::slice::from_ref(one),
        };
        let mut found = Bounds::always();
        if parts.len() != keys.len() {
            return Some(Bounds::perhaps(vec![Match::any()]));
        }
        for (key, part) in keys.iter().zip(parts) {
            let is_bits = matches!(key, Key::CtState | Key::TcpFlags);
            let condition = Condition {
                keys: vec![key.clone()],
                mask: None,
                op: if is_bits { Op::Equal } else { Op::Implicit },
                value: part.clone(),
                span: report.here(),
            };
            found = found.and(&self.condition(place, &condition, report)?)?;
        }
        Some(found)
    }
}

/// One value, or the elements of a set.
pub(super) struct Members<'a> {
    of: Kind<'a>,
}

enum Kind<'a> {
    One(&'a Value),
    /// Written where it is used.
    Set(&'a [Element]),
    Named(&'a [Element]),
}

impl<'a> Members<'a> {
    /// The values; of a set that is open only those that do not expire.
    pub(super) fn values(&self, is_open: bool) -> impl Iterator<Item = &'a Value> + use<'a> {
        let (one, set) = match self.of {
            Kind::One(value) => (Some(value), &[] as &[Element]),
            Kind::Set(elements) | Kind::Named(elements) => (None, elements),
        };
        let lasting = set.iter().filter(move |element| !(is_open && element.expires));
        one.into_iter().chain(lasting.map(|element| &element.key))
    }

    /// Whether they stand in a set.
    pub(super) fn is_set(&self) -> bool {
        matches!(self.of, Kind::Set(_) | Kind::Named(_))
    }

    /// The element of a set of one that has no name.
    pub(super) fn only(&self) -> Option<&'a Value> {
        match self.of {
            Kind::Set([one]) => Some(&one.key),
            _ => None,
        }
    }
}

fn is_name(value: &Value, name: &str) -> bool {
    match value {
        Value::Word(pattern) => match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        },
        _ => false,
    }
}

/// Whether chains of `family` see frames instead of packets.
pub(super) fn is_frame_family(family: TableFamily) -> bool {
    matches!(family, TableFamily::Bridge | TableFamily::Netdev)
}

fn depends(family: Option<Family>, only: Option<u8>) -> Match {
    Match { family, protocol: only.map(Ranges::one), ..Match::any() }
}

fn families(holds: impl Fn(Family) -> bool) -> Bounds {
    let found: Vec<_> = Family::ALL.into_iter().filter(|family| holds(*family)).collect();
    if found.len() == 2 {
        return Bounds::always();
    }
    Bounds::exact(found.into_iter().map(Match::family).collect())
}

fn icmp(family: Family) -> Match {
    let number = match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    };
    Match { protocol: Some(Ranges::one(number)), ..Match::family(family) }
}

/// `ip6 nexthdr` is the first next header, the model knows the last: a sender can put an
/// extension header in between.
fn next_header(found: &Ranges, is_negative: bool) -> Bounds {
    const EXTENSIONS: [u8; 5] = [0, 43, 44, 51, 60];
    let same = Match { protocol: Some(found.clone()), ..Match::family(Family::V6) };
    let has_extension = EXTENSIONS.iter().any(|number| found.contains(*number));
    if has_extension {
        let may = vec![Match::family(Family::V6)];
        let all_extensions = EXTENSIONS.iter().all(|number| found.contains(*number));
        let must = if all_extensions && is_negative { vec![same] } else { Vec::new() };
        return Bounds::between(may, must);
    }
    Bounds::perhaps(vec![same]).evadable()
}

fn ports(protocols: &[u8], side: Side, found: &Ranges) -> Bounds {
    let known = |number: &u8| matches!(*number, protocol::TCP | protocol::UDP);
    let with_ports = Ranges::of(
        protocols.iter().filter(|one| known(one)).map(|one| (u128::from(*one), u128::from(*one))),
    );
    let mut may = Vec::new();
    if !with_ports.is_empty() {
        let mut one = Match { protocol: Some(with_ports), ..Match::any() };
        match side {
            Side::Source => one.source_port = Some(found.clone()),
            Side::Destination => one.destination_port = Some(found.clone()),
        }
        may.push(one);
    }
    let must = may.clone();
    // UNMODELLED: ports of SCTP, DCCP and UDP-Lite; `th` looks into any protocol.
    let others = match protocols {
        [one] if known(one) => return Bounds::exact(may),
        [one] => Ranges::one(*one),
        _ => Ranges::of([(6, 6), (17, 17)]).complement(255),
    };
    may.push(Match { protocol: Some(others), ..Match::any() });
    Bounds::between(may, must)
}
