//! Fields that the kernel knows about a packet beside its headers.

use super::datatype::Type;
use super::field::{Field, Settable, Tells, of_ip};
use super::hook;
use super::refusal::{Load, Why};
use super::rule::Place;
use super::walk::Walk;
use crate::registry::linux::config::TableFamily;

/// Names that need no `meta` before them.
pub(super) fn is_bare(name: &str) -> bool {
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
            | "pkttype"
            | "cpu"
            | "cgroup"
            | "day"
            | "hour"
    )
}

/// `meta NAME`; the words have been read, `at` is the first of them.
pub(super) fn meta(
    walk: &mut Walk<'_>,
    place: &mut Place,
    name: &str,
    at: usize,
) -> Load<Option<Field>> {
    let is_ip = matches!(place.family, TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet);
    Ok(Some(match name {
        "iif" | "oif" => Field::of(Type::IfIndex),
        "iifname" | "oifname" => Field::of(Type::IfName),
        "iiftype" | "oiftype" => Field::of(Type::IfType),
        "iifgroup" | "oifgroup" => Field::of(Type::Group),
        "mark" => Field { set: Settable::Mark, ..Field::of(Type::Mark) },
        "skuid" if is_ip => Field::of(Type::Uid),
        "skgid" if is_ip => Field::of(Type::Gid),
        "nftrace" => Field::number(1).set(),
        "rtclassid" if is_ip => Field::of(Type::Realm),
        "pkttype" => Field { set: Settable::PacketKind, ..Field::of(Type::PktType) },
        "cpu" | "cgroup" | "length" => Field::number(32),
        "priority" => Field::of(Type::ClassId).set(),
        "day" => Field::of(Type::Day),
        "hour" => Field::of(Type::Hour),
        "time" => Field::of(Type::Time),
        "l4proto" => Field::of(Type::Proto).tells(Tells::Transport),
        // Where the table has one protocol, nft does not compare the two.
        "protocol" if matches!(place.family, TableFamily::Ip | TableFamily::Ip6) => {
            Field::of(Type::EtherType)
        }
        "protocol" => Field::of(Type::EtherType).tells(Tells::EtherType),
        "nfproto" if place.family != TableFamily::Inet => {
            return walk.refuse_at(at, Why::Family);
        }
        "nfproto" => Field::of(Type::NfProto).tells(Tells::NfProto),
        "ipsec" | "secpath" if is_ip => {
            of_ip(walk, place, hook::IPSEC_IN)?;
            Field { has_presence: true, ..Field::of(Type::Presence) }
        }
        _ => return Ok(None),
    }))
}

/// `ct NAME`; the first word has been read.
pub(super) fn ct(walk: &mut Walk<'_>, place: &mut Place) -> Load<Option<Field>> {
    walk.need(place.family != TableFamily::Netdev, Why::Family)?;
    if place.family != TableFamily::Bridge {
        of_ip(walk, place, hook::CT)?;
    }
    let name = walk.any_word()?;
    Ok(Some(match name {
        "state" => Field::of(Type::CtState),
        "status" => Field::of(Type::CtStatus),
        "direction" => Field::of(Type::CtDirection),
        "mark" => Field { set: Settable::Mark, ..Field::of(Type::Mark) },
        "label" => Field::of(Type::Label).set(),
        "zone" => Field::number(16).set(),
        // It can be written only: no kernel lets a rule ask for it.
        "event" if walk.cursor.is_word("set") => Field::of(Type::CtEvent).set(),
        "event" => return walk.refuse(Why::Form),
        "expiration" => Field::of(Type::Stretch),
        "l3proto" => Field::of(Type::NfProto),
        "protocol" => Field::of(Type::Proto),
        "bytes" | "packets" | "avgpkt" => Field::number(64),
        "id" => Field::number(32),
        "helper" => Field { set: Settable::Object("ct helper"), ..Field::of(Type::Text) },
        "timeout" => Field { set: Settable::Object("ct timeout"), ..Field::of(Type::Text) },
        "expectation" => Field { set: Settable::Object("ct expectation"), ..Field::of(Type::Text) },
        "original" | "reply" => return directed(walk),
        _ => return Ok(None),
    }))
}

/// `ct original ip saddr`; what stands before has been read.
fn directed(walk: &mut Walk<'_>) -> Load<Option<Field>> {
    let name = walk.any_word()?;
    let ty = match name {
        "ip" => Type::Ipv4,
        "ip6" => Type::Ipv6,
        "bytes" | "packets" | "avgpkt" => return Ok(Some(Field::number(64))),
        "protocol" => return Ok(Some(Field::of(Type::Proto))),
        "l3proto" => return Ok(Some(Field::of(Type::NfProto))),
        "proto-src" | "proto-dst" => {
            walk.ask(|headers| headers.has_transport())?;
            return Ok(Some(Field::of(Type::Service)));
        }
        _ => return Ok(None),
    };
    let fits = if ty == Type::Ipv4 { walk.headers.v4() } else { walk.headers.v6() };
    walk.need(fits, Why::Protocol)?;
    let name = walk.any_word()?;
    Ok(matches!(name, "saddr" | "daddr").then(|| Field::of(ty)))
}

/// `fib saddr . iif oif`; the first word has been read.
pub(super) fn fib(walk: &mut Walk<'_>, place: &mut Place) -> Load<Option<Field>> {
    let (mut addresses, mut is_in, mut is_out, mut has_mark) = (0, false, false, false);
    loop {
        let twice = match walk.any_word()? {
            "saddr" | "daddr" => {
                addresses += 1;
                addresses > 1
            }
            "iif" => std::mem::replace(&mut is_in, true),
            "oif" => std::mem::replace(&mut is_out, true),
            "mark" => std::mem::replace(&mut has_mark, true),
            _ => return Ok(None),
        };
        walk.need(!twice, Why::Twice)?;
        if !walk.takes_dot()? {
            break;
        }
    }
    walk.need(addresses == 1 && !(is_in && is_out), Why::Form)?;
    let result = walk.any_word()?;
    let (uses, field) = match result {
        "oif" | "oifname" => {
            walk.need(!is_out, Why::Form)?;
            let field = match result {
                "oif" => Field::of(Type::IfIndex),
                _ => Field::of(Type::IfName),
            };
            let uses = if is_in { hook::FIB_INWARD } else { hook::FIB };
            (uses, Field { has_presence: true, ..field })
        }
        "type" => {
            let uses = match (is_in, is_out) {
                (true, _) => hook::FIB_INWARD,
                (_, true) => hook::FIB_OUTWARD,
                _ => hook::FIB_TYPE,
            };
            (uses, Field::of(Type::AddrType))
        }
        _ => return Ok(None),
    };
    of_ip(walk, place, uses)?;
    Ok(Some(field))
}

/// `rt ipsec`, `rt ip nexthop`; the first word has been read.
pub(super) fn rt(walk: &mut Walk<'_>, place: &mut Place) -> Load<Option<Field>> {
    let name = walk.any_word()?;
    if name == "type" {
        // The routing header of IPv6, not the route of the packet.
        walk.ask(|headers| headers.v6())?;
        return Ok(Some(Field::number(8)));
    }
    of_ip(walk, place, hook::RT)?;
    Ok(Some(match name {
        "classid" => Field::of(Type::Realm),
        "ipsec" => Field { has_presence: true, ..Field::of(Type::Presence) },
        "ip" | "ip6" => {
            let fits = if name == "ip" { walk.headers.v4() } else { walk.headers.v6() };
            walk.need(fits, Why::Protocol)?;
            walk.word("nexthop")?;
            Field::of(if name == "ip" { Type::Ipv4 } else { Type::Ipv6 })
        }
        _ => return Ok(None),
    }))
}

/// `socket transparent`; the first word has been read.
pub(super) fn socket(walk: &mut Walk<'_>, place: &mut Place) -> Load<Option<Field>> {
    of_ip(walk, place, hook::SOCKET)?;
    Ok(match walk.any_word()? {
        "transparent" | "wildcard" => Some(Field::number(1)),
        "mark" => Some(Field::of(Type::Mark)),
        _ => None,
    })
}

/// `ipsec in reqid`, `ipsec out ip daddr`; the first word has been read.
pub(super) fn ipsec(walk: &mut Walk<'_>, place: &mut Place) -> Load<Option<Field>> {
    let uses = match walk.any_word()? {
        "in" => hook::IPSEC_IN,
        "out" => hook::IPSEC_OUT,
        _ => return Ok(None),
    };
    of_ip(walk, place, uses)?;
    if walk.cursor.take_word("spnum") {
        walk.number(255)?;
    }
    let ty = match walk.any_word()? {
        "reqid" | "spi" => return Ok(Some(Field::number(32))),
        "ip" => Type::Ipv4,
        "ip6" => Type::Ipv6,
        _ => return Ok(None),
    };
    let name = walk.any_word()?;
    Ok(matches!(name, "saddr" | "daddr").then(|| Field::of(ty)))
}
