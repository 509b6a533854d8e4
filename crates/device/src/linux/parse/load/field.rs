//! Fields of a packet, and what they ask of the headers before them.

use super::datatype::Type;
use super::hook;
use super::meta;
use super::refusal::{Load, Why};
use super::rule::Place;
use super::walk::Walk;
use crate::registry::linux::config::TableFamily;
use crate::registry::linux::parse::lexer::Kind;

/// A field that stands left of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) ty: Type,
    pub(super) tells: Tells,
    pub(super) set: Settable,
    /// Whether `exists` and `missing` can be asked of it.
    pub(super) has_presence: bool,
}

/// What a comparison with one value tells about the headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tells {
    Nothing,
    NfProto,
    EtherType,
    Transport,
    IcmpType,
}

/// What can be written into it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Settable {
    No,
    /// A value of its type.
    Value,
    /// A value of its type, or the packet's or the connection's mark.
    Mark,
    /// The name of a helper, a timeout or an expectation of the table.
    Object(&'static str),
    /// A value of its type, or `rt mtu`.
    SegmentSize,
    /// A value of its type, in chains that can change a packet's kind.
    PacketKind,
}

impl Field {
    pub(super) fn of(ty: Type) -> Self {
        Self { ty, tells: Tells::Nothing, set: Settable::No, has_presence: false }
    }

    pub(super) fn number(bits: u8) -> Self {
        Self::of(Type::Number(bits))
    }

    pub(super) fn tells(self, tells: Tells) -> Self {
        Self { tells, ..self }
    }

    pub(super) fn set(self) -> Self {
        Self { set: Settable::Value, ..self }
    }
}

/// `ip saddr . tcp dport`.
pub(super) fn fields(walk: &mut Walk<'_>, place: &mut Place) -> Load<Vec<Field>> {
    let mut found = vec![field(walk, place)?];
    while walk.takes_dot()? {
        found.push(field(walk, place)?);
    }
    if found.len() > 1 {
        walk.need(found.iter().all(|one| one.ty.is_part()), Why::Type)?;
        let size: u32 = found.iter().map(|one| one.ty.bits().next_multiple_of(32)).sum();
        walk.need(size <= CONCATENATION_BITS, Why::Large)?;
    }
    Ok(found)
}

/// `NFT_REG32_COUNT` registers of 32 bits.
pub(super) const CONCATENATION_BITS: u32 = 512;

/// The field that stands here.
pub(super) fn field(walk: &mut Walk<'_>, place: &mut Place) -> Load<Field> {
    let at = walk.cursor.at;
    if walk.cursor.take_sign("@") {
        return raw(walk);
    }
    let head = walk.any_word()?;
    let found = match head {
        "ip" => ip(walk)?,
        "ip6" => ip6(walk)?,
        "tcp" => tcp(walk)?,
        "udp" => transport(walk, 17, UDP)?,
        "sctp" => transport(walk, 132, SCTP)?,
        "dccp" => transport(walk, 33, DCCP)?,
        "udplite" => transport(walk, 136, UDPLITE)?,
        "esp" => transport(walk, 50, ESP)?,
        "ah" => transport(walk, 51, AH)?,
        "comp" => transport(walk, 108, COMP)?,
        "th" => {
            let name = walk.any_word()?;
            TH.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
        }
        "icmp" => icmp(walk, place)?,
        "icmpv6" => icmpv6(walk, place)?,
        "igmp" => igmp(walk, place)?,
        "ether" => ether(walk, place)?,
        "arp" => arp(walk, place)?,
        "vlan" => vlan(walk, place)?,
        "ct" => meta::ct(walk, place)?,
        "fib" => meta::fib(walk, place)?,
        "rt" => meta::rt(walk, place)?,
        "socket" => meta::socket(walk, place)?,
        "ipsec" => meta::ipsec(walk, place)?,
        "exthdr" => exthdr(walk)?,
        "frag" => extension(walk, FRAG)?,
        "hbh" | "dst" => extension(walk, OPTIONS)?,
        "meta" => {
            let name = walk.any_word()?;
            meta::meta(walk, place, name, at)?
        }
        bare if meta::is_bare(bare) => meta::meta(walk, place, bare, at)?,
        _ => None,
    };
    match found {
        Some(field) => Ok(field),
        None => walk.refuse_at(at, Why::Form),
    }
}

const fn of(bits: u8) -> Field {
    Field { ty: Type::Number(bits), tells: Tells::Nothing, set: Settable::No, has_presence: false }
}

const PORT: Field =
    Field { ty: Type::Service, tells: Tells::Nothing, set: Settable::Value, has_presence: false };

/// A field of a type that has no set and tells nothing.
const fn typed(ty: Type) -> Field {
    Field { ty, tells: Tells::Nothing, set: Settable::No, has_presence: false }
}

type Fields = &'static [(&'static str, Field)];

const TH: Fields = &[("sport", PORT), ("dport", PORT)];
const UDP: Fields = &[("sport", PORT), ("dport", PORT), ("length", of(16)), ("checksum", of(16))];
const UDPLITE: Fields = &[("sport", PORT), ("dport", PORT), ("checksum", of(16))];
const SCTP: Fields = &[("sport", PORT), ("dport", PORT), ("vtag", of(32)), ("checksum", of(32))];
const DCCP: Fields = &[("sport", PORT), ("dport", PORT)];
const ESP: Fields = &[("spi", of(32)), ("sequence", of(32))];
const AH: Fields = &[("spi", of(32)), ("sequence", of(32))];
const FRAG: Fields = &[
    ("nexthdr", typed(Type::Proto)),
    ("frag-off", of(13)),
    ("more-fragments", of(1)),
    ("id", of(32)),
];
const OPTIONS: Fields = &[("nexthdr", typed(Type::Proto)), ("hdrlength", of(8))];
const COMP: Fields = &[("cpi", of(16))];
const TCP: Fields = &[
    ("sport", PORT),
    ("dport", PORT),
    ("sequence", of(32)),
    ("ackseq", of(32)),
    ("doff", of(4)),
    ("window", of(16)),
    ("checksum", of(16)),
    ("urgptr", of(16)),
];

fn transport(walk: &mut Walk<'_>, protocol: u8, known: Fields) -> Load<Option<Field>> {
    walk.ask(|headers| headers.is_ip() && headers.transport(protocol))?;
    let name = walk.any_word()?;
    Ok(known.iter().find(|(own, _)| *own == name).map(|(_, field)| *field))
}

fn tcp(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    match walk.cursor.peek_at(0) {
        Some(Kind::Word(name)) if name == "flags" => {
            walk.ask(|headers| headers.is_ip() && headers.transport(6))?;
            walk.cursor.bump();
            Ok(Some(Field::of(Type::TcpFlags)))
        }
        Some(Kind::Word(name)) if name == "option" => {
            walk.ask(|headers| headers.is_ip() && headers.transport(6))?;
            walk.cursor.bump();
            tcp_option(walk)
        }
        _ => transport(walk, 6, TCP),
    }
}

fn tcp_option(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    let option = walk.any_word()?;
    let fields: &[(&str, u8)] = match option {
        "maxseg" => &[("size", 16)],
        "window" => &[("count", 8)],
        "timestamp" => &[("tsval", 32), ("tsecr", 32)],
        "sack-permitted" | "sack-perm" | "nop" | "eol" => &[],
        "sack" => &[("left", 32), ("right", 32)],
        _ => return Ok(None),
    };
    let here = walk.cursor.word();
    let Some((_, bits)) = fields.iter().find(|(name, _)| Some(*name) == here) else {
        return Ok(Some(Field { has_presence: true, ..Field::of(Type::Presence) }));
    };
    walk.cursor.bump();
    let set = if option == "maxseg" { Settable::SegmentSize } else { Settable::No };
    Ok(Some(Field { set, ..Field::number(*bits) }))
}

fn ip(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    walk.ask(|headers| headers.v4())?;
    let name = walk.any_word()?;
    Ok(Some(match name {
        "saddr" | "daddr" => Field::of(Type::Ipv4).set(),
        "protocol" => Field::of(Type::Proto).tells(Tells::Transport),
        "dscp" => Field::of(Type::Dscp).set(),
        "ecn" => Field::of(Type::Ecn).set(),
        "ttl" => Field::number(8).set(),
        "id" => Field::number(16).set(),
        "length" | "frag-off" | "checksum" => Field::number(16),
        "version" | "hdrlength" => Field::number(4),
        "option" => {
            let option = walk.any_word()?;
            walk.need(matches!(option, "lsrr" | "rr" | "ssrr" | "ra"), Why::Form)?;
            Field { has_presence: true, ..Field::of(Type::Presence) }
        }
        _ => return Ok(None),
    }))
}

fn ip6(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    walk.ask(|headers| headers.v6())?;
    let name = walk.any_word()?;
    Ok(Some(match name {
        "saddr" | "daddr" => Field::of(Type::Ipv6).set(),
        "nexthdr" => Field::of(Type::Proto).tells(Tells::Transport),
        "dscp" => Field::of(Type::Dscp).set(),
        "ecn" => Field::of(Type::Ecn).set(),
        "hoplimit" => Field::number(8).set(),
        "length" => Field::number(16),
        "flowlabel" => Field::number(20),
        "version" => Field::number(4),
        _ => return Ok(None),
    }))
}

/// Groups of ICMP types of which each has its own fields.
const ECHO: u16 = 1;
const UNREACHABLE: u16 = 2;
const REDIRECT: u16 = 3;

/// The group of a type, for what follows in the rule; types without such fields have their own.
pub(super) fn icmp_group(number: u128) -> u16 {
    match number {
        0 | 8 | 128 | 129 => ECHO,
        3 | 2 => UNREACHABLE,
        5 => REDIRECT,
        other => 0x100 + u16::try_from(other).unwrap_or(0),
    }
}

/// Whether nft takes a protocol of one family in the tables of the other, where it is a number
/// like any other; asked for are those of its fields that need nothing else.
fn is_abroad(walk: &Walk<'_>, place: &Place, other: TableFamily) -> bool {
    place.family == other && matches!(walk.cursor.word(), Some("type" | "code"))
}

fn icmp(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    let is_abroad = is_abroad(walk, place, TableFamily::Ip6);
    walk.ask(|headers| (is_abroad || headers.v4()) && headers.transport(1))?;
    let name = walk.any_word()?;
    let (group, field) = match name {
        "type" => return Ok(Some(Field::of(Type::IcmpType).tells(Tells::IcmpType))),
        "code" => return Ok(Some(Field::of(Type::IcmpCode))),
        "checksum" => return Ok(Some(Field::number(16))),
        "id" | "sequence" => (ECHO, Field::number(16)),
        "mtu" => (UNREACHABLE, Field::number(16)),
        "gateway" => (REDIRECT, Field::number(32)),
        _ => return Ok(None),
    };
    walk.ask(|headers| headers.icmp(group))?;
    Ok(Some(field))
}

fn icmpv6(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    let is_abroad = is_abroad(walk, place, TableFamily::Ip);
    walk.ask(|headers| (is_abroad || headers.v6()) && headers.transport(58))?;
    let name = walk.any_word()?;
    let (group, field) = match name {
        "type" => return Ok(Some(Field::of(Type::Icmpv6Type).tells(Tells::IcmpType))),
        "code" => return Ok(Some(Field::of(Type::Icmpv6Code))),
        "checksum" => return Ok(Some(Field::number(16))),
        "id" | "sequence" => (ECHO, Field::number(16)),
        "mtu" => (UNREACHABLE, Field::number(32)),
        _ => return Ok(None),
    };
    walk.ask(|headers| headers.icmp(group))?;
    Ok(Some(field))
}

fn igmp(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    let is_abroad = is_abroad(walk, place, TableFamily::Ip6);
    walk.ask(|headers| (is_abroad || headers.v4()) && headers.transport(2))?;
    Ok(match walk.any_word()? {
        "type" => Some(Field::of(Type::IgmpType)),
        _ => None,
    })
}

fn ether(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    walk.need(place.family != TableFamily::Arp, Why::Family)?;
    let can_set = matches!(place.family, TableFamily::Bridge | TableFamily::Netdev);
    let address = if can_set { Field::of(Type::Ether).set() } else { Field::of(Type::Ether) };
    Ok(match walk.any_word()? {
        "saddr" | "daddr" => Some(address),
        "type" => Some(Field::of(Type::EtherType).tells(Tells::EtherType)),
        _ => None,
    })
}

fn arp(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    let has_header =
        matches!(place.family, TableFamily::Arp | TableFamily::Bridge | TableFamily::Netdev);
    walk.need(has_header, Why::Family)?;
    walk.ask(|headers| headers.network(model::ethertype::ARP))?;
    Ok(match walk.any_word()? {
        "operation" => Some(Field::of(Type::ArpOp)),
        "saddr" | "daddr" => match walk.any_word()? {
            "ip" => Some(Field::of(Type::Ipv4)),
            "ether" => Some(Field::of(Type::Ether)),
            _ => None,
        },
        _ => None,
    })
}

fn vlan(walk: &mut Walk<'_>, place: &Place) -> Load<Option<Field>> {
    match place.family {
        TableFamily::Arp => return walk.refuse(Why::Family),
        TableFamily::Ip | TableFamily::Ip6 => {}
        // Behind a condition on the packet nft takes none on its tag.
        TableFamily::Inet => walk.ask(|headers| headers.is_open_or(VLAN))?,
        // What stands behind the tag is another packet for nft than what stands beside it.
        TableFamily::Bridge | TableFamily::Netdev => walk.ask(|headers| headers.network(VLAN))?,
    }
    Ok(match walk.any_word()? {
        "id" => Some(Field::number(12)),
        "pcp" => Some(Field::number(3)),
        _ => None,
    })
}

fn exthdr(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    walk.ask(|headers| headers.v6())?;
    let name = walk.any_word()?;
    let is_known = matches!(name, "hbh" | "frag" | "rt" | "dst" | "mh");
    Ok(is_known.then(|| Field { has_presence: true, ..Field::of(Type::Presence) }))
}

/// `frag more-fragments`: a field of an extension header of IPv6; the first word has been read.
fn extension(walk: &mut Walk<'_>, fields: Fields) -> Load<Option<Field>> {
    walk.ask(|headers| headers.v6())?;
    let name = walk.any_word()?;
    Ok(fields.iter().find(|(known, _)| *known == name).map(|(_, field)| *field))
}

/// `@th,16,16`; the `@` has been read.
fn raw(walk: &mut Walk<'_>) -> Load<Field> {
    let base = walk.any_word()?;
    walk.need(matches!(base, "ll" | "nh" | "th"), Why::Form)?;
    walk.sign(",")?;
    walk.number(1023)?;
    walk.sign(",")?;
    let bits = walk.number(32)?;
    walk.need(bits > 0 && bits % 8 == 0, Why::Large)?;
    Ok(Field::number(u8::try_from(bits).unwrap_or(32)))
}

/// The EtherType of a VLAN tag.
const VLAN: u16 = 0x8100;

/// Notes that the rule does what only some hooks have.
pub(super) fn note(place: &mut Place, what: u32) {
    place.uses |= what;
}

/// Fields that read what only the forwarding of IP knows.
pub(super) fn of_ip(walk: &Walk<'_>, place: &mut Place, what: u32) -> Load {
    let is_ip = matches!(place.family, TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet);
    walk.need(is_ip, Why::Family)?;
    note(place, what);
    debug_assert!(hook::is_known(what), "what a rule does is in the table of hooks");
    Ok(())
}
