//! Fields: which words name one, and what its presence asks of the packet.

use model::{Family, protocol};

use super::cursor::Cursor;
use crate::registry::linux::config::{Key, Side};

const SCTP: u8 = 132;
const DCCP: u8 = 33;
const UDPLITE: u8 = 136;

/// Protocols that `th` may look into; the model knows the ports of the first two.
const WITH_PORTS: &[u8] = &[protocol::TCP, protocol::UDP, DCCP, SCTP, UDPLITE];

/// The field that stands here, if one does.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Option<Key> {
    let start = cursor.at;
    let found = read(cursor);
    if found.is_none() {
        cursor.at = start;
    }
    found
}

fn read(cursor: &mut Cursor<'_>) -> Option<Key> {
    if cursor.take_sign("@") {
        return raw_payload(cursor);
    }
    let head = cursor.word()?;
    cursor.bump();
    let port =
        |cursor: &mut Cursor<'_>, protocols: &'static [u8]| transport(cursor, head, protocols);
    match head {
        "meta" => {
            let name = cursor.word()?;
            cursor.bump();
            Some(meta(name))
        }
        "ip" => ip(cursor),
        "ip6" => ip6(cursor),
        "tcp" => port(cursor, &[protocol::TCP]),
        "udp" => port(cursor, &[protocol::UDP]),
        "sctp" => port(cursor, &[SCTP]),
        "dccp" => port(cursor, &[DCCP]),
        "udplite" => port(cursor, &[UDPLITE]),
        "th" => port(cursor, WITH_PORTS),
        "icmp" => icmp(cursor, Family::V4),
        "icmpv6" => icmp(cursor, Family::V6),
        "ct" => ct(cursor),
        "ether" | "vlan" | "arp" => Some(match (head, field(cursor)?) {
            ("ether", "type") => Key::EtherType,
            ("arp", name @ ("saddr" | "daddr")) => {
                let of = field(cursor)?;
                opaque(format!("arp {name} {of}"))
            }
            (_, name) => opaque(format!("{head} {name}")),
        }),
        "fib" => fib(cursor),
        "rt" | "socket" | "osf" | "esp" | "ah" | "comp" | "igmp" | "gre" | "exthdr" | "hbh"
        | "frag" | "dst" | "mh" | "srh" => {
            let mut name = field(cursor)?;
            if head == "rt" && matches!(name, "ip" | "ip6") {
                name = field(cursor)?;
            }
            FIELDS.iter().find(|(of, _)| *of == head)?.1.contains(&name).then_some(())?;
            let only = match head {
                "rt" if name == "type" => Some(Family::V6),
                "exthdr" | "hbh" | "frag" | "dst" | "mh" | "srh" => Some(Family::V6),
                _ => None,
            };
            Some(Key::Opaque(format!("{head} {name}"), only, None))
        }
        "ipsec" => ipsec(cursor),
        bare if is_bare_meta(bare) => Some(meta(bare)),
        _ => None,
    }
}

/// `ipsec in|out [spnum N] reqid|spi|ip saddr|…`: what the tunnel of a packet is.
fn ipsec(cursor: &mut Cursor<'_>) -> Option<Key> {
    let direction = field(cursor)?;
    if cursor.word() == Some("spnum") {
        cursor.bump();
        cursor.bump();
    }
    let name = field(cursor)?;
    if matches!(name, "ip" | "ip6") {
        cursor.bump();
    }
    Some(opaque(format!("ipsec {direction} {name}")))
}

/// Fields of headers that the model does not have.
const FIELDS: &[(&str, &[&str])] = &[
    ("rt", &["classid", "nexthop", "mtu", "ipsec", "type"]),
    ("socket", &["transparent", "mark", "wildcard"]),
    ("osf", &["name", "version"]),
    ("esp", &["spi", "sequence"]),
    ("ah", &["nexthdr", "hdrlength", "reserved", "spi", "sequence"]),
    ("comp", &["nexthdr", "flags", "cpi"]),
    ("igmp", &["type", "checksum", "mrt", "group"]),
    ("gre", &["flags", "version", "protocol"]),
    ("exthdr", &["hbh", "frag", "rt", "dst", "mh", "srh"]),
    ("hbh", &["nexthdr", "hdrlength"]),
    ("frag", &["nexthdr", "frag-off", "more-fragments", "id"]),
    ("dst", &["nexthdr", "hdrlength"]),
    ("mh", &["nexthdr", "hdrlength", "type", "reserved", "checksum"]),
    ("srh", &["flags", "last-entry", "tag"]),
];

fn field<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let name = cursor.word()?;
    cursor.bump();
    Some(name)
}

fn opaque(name: String) -> Key {
    Key::Opaque(name, None, None)
}

/// Names that need no `meta` before them.
fn is_bare_meta(name: &str) -> bool {
    matches!(
        name,
        "iif"
            | "iifname"
            | "oif"
            | "oifname"
            | "iiftype"
            | "oiftype"
            | "iifgroup"
            | "oifgroup"
            | "mark"
            | "skuid"
            | "skgid"
            | "nftrace"
            | "rtclassid"
            | "ibriport"
            | "ibrname"
            | "obriport"
            | "obrname"
            | "pkttype"
            | "cpu"
            | "cgroup"
            | "time"
            | "day"
            | "hour"
            | "nfproto"
            | "l4proto"
    )
}

fn meta(name: &str) -> Key {
    match name {
        "iif" | "iifname" => Key::In,
        "oif" | "oifname" => Key::Out,
        "nfproto" => Key::NfProto,
        "l4proto" => Key::L4Proto,
        "protocol" => Key::Protocol,
        _ => opaque(format!("meta {name}")),
    }
}

fn ip(cursor: &mut Cursor<'_>) -> Option<Key> {
    Some(match field(cursor)? {
        "saddr" => Key::Address(Family::V4, Side::Source),
        "daddr" => Key::Address(Family::V4, Side::Destination),
        "protocol" => Key::IpProtocol,
        "option" => {
            let option = field(cursor)?;
            matches!(option, "lsrr" | "ra" | "rr" | "ssrr").then_some(())?;
            if matches!(cursor.word(), Some("type" | "length" | "value" | "ptr" | "addr")) {
                cursor.bump();
            }
            Key::Opaque(format!("ip option {option}"), Some(Family::V4), None)
        }
        name @ ("version" | "hdrlength" | "dscp" | "ecn" | "length" | "id" | "frag-off" | "ttl"
        | "checksum" | "tos") => Key::Opaque(format!("ip {name}"), Some(Family::V4), None),
        _ => return None,
    })
}

fn ip6(cursor: &mut Cursor<'_>) -> Option<Key> {
    Some(match field(cursor)? {
        "saddr" => Key::Address(Family::V6, Side::Source),
        "daddr" => Key::Address(Family::V6, Side::Destination),
        "nexthdr" => Key::NextHeader,
        name @ ("version" | "dscp" | "ecn" | "flowlabel" | "length" | "hoplimit") => {
            Key::Opaque(format!("ip6 {name}"), Some(Family::V6), None)
        }
        _ => return None,
    })
}

fn transport(cursor: &mut Cursor<'_>, head: &str, protocols: &'static [u8]) -> Option<Key> {
    let only = if let [one] = protocols { Some(*one) } else { None };
    Some(match field(cursor)? {
        "sport" => Key::Port(protocols, Side::Source),
        "dport" => Key::Port(protocols, Side::Destination),
        "flags" if head == "tcp" => Key::TcpFlags,
        "option" if head == "tcp" => {
            let option = field(cursor)?;
            if matches!(cursor.word(), Some("size" | "kind" | "length" | "count" | "left")) {
                cursor.bump();
            }
            Key::Opaque(format!("tcp option {option}"), None, only)
        }
        name => Key::Opaque(format!("{head} {name}"), None, only),
    })
}

fn icmp(cursor: &mut Cursor<'_>, family: Family) -> Option<Key> {
    let (head, number) = match family {
        Family::V4 => ("icmp", protocol::ICMP),
        Family::V6 => ("icmpv6", protocol::ICMPV6),
    };
    Some(match field(cursor)? {
        "type" => Key::IcmpType(family),
        "code" => Key::IcmpCode(family),
        name => Key::Opaque(format!("{head} {name}"), Some(family), Some(number)),
    })
}

fn ct(cursor: &mut Cursor<'_>) -> Option<Key> {
    let mut name = field(cursor)?;
    if matches!(name, "original" | "reply") {
        let direction = name;
        name = field(cursor)?;
        if matches!(name, "ip" | "ip6") {
            name = field(cursor)?;
        }
        return Some(opaque(format!("ct {direction} {name}")));
    }
    Some(match name {
        "state" => Key::CtState,
        "status" => Key::CtStatus,
        "mark" | "direction" | "zone" | "helper" | "id" | "expiration" | "label" | "l3proto"
        | "protocol" | "bytes" | "packets" | "avgpkt" | "event" | "secmark" => {
            opaque(format!("ct {name}"))
        }
        _ => return None,
    })
}

/// `fib saddr . iif oif`.
fn fib(cursor: &mut Cursor<'_>) -> Option<Key> {
    field(cursor)?;
    while cursor.take_sign(".") {
        field(cursor)?;
    }
    let result = cursor.word()?;
    if !matches!(result, "oif" | "oifname" | "type") {
        return None;
    }
    cursor.bump();
    Some(opaque(format!("fib {result}")))
}

/// `@th,16,16`.
fn raw_payload(cursor: &mut Cursor<'_>) -> Option<Key> {
    let base = cursor.word()?;
    if !matches!(base, "ll" | "nh" | "th" | "ih") {
        return None;
    }
    cursor.bump();
    for _ in 0..2 {
        if !cursor.take_sign(",") {
            return None;
        }
        cursor.take_number()?;
    }
    Some(opaque(format!("@{base}")))
}
