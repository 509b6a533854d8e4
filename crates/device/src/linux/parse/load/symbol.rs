//! Names of values. Only those that nft 1.0.6 itself knows, or that every `/etc/services` and
//! `/etc/protocols` has, are here.

use model::Family;

use super::datatype::Type;
use crate::registry::linux::lower::name;

/// The value that `word` stands for among the values of `ty`.
pub(super) fn value(ty: Type, word: &str) -> Option<u64> {
    Some(match ty {
        // `time` is a word of nft itself.
        Type::Service if word != "time" => u64::from(name::port(word)?),
        Type::Proto => u64::from(name::protocol(word)?),
        Type::NfProto => u64::from(name::nfproto(word)?),
        Type::EtherType => u64::from(name::ethertype(word)?),
        Type::IcmpType => u64::from(name::icmp_type(Family::V4, word)?),
        Type::Icmpv6Type => u64::from(name::icmp_type(Family::V6, word)?),
        Type::IcmpCode => u64::from(name::icmp_code(Family::V4, word)?),
        Type::Icmpv6Code => u64::from(name::icmp_code(Family::V6, word)?),
        Type::TcpFlags => u64::from(name::tcp_flag(word)?),
        Type::CtState => u64::from(name::ct_state(word)?),
        other => {
            let found = table(other).iter().find(|(known, _)| *known == word);
            found.map(|(_, value)| *value)?
        }
    })
}

fn table(ty: Type) -> &'static [(&'static str, u64)] {
    match ty {
        Type::CtStatus => &CT_STATUS,
        Type::CtEvent => &CT_EVENT,
        Type::CtDirection => &[("original", 0), ("reply", 1)],
        Type::PktType => &PKT_TYPE,
        Type::Dscp => &DSCP,
        Type::Ecn => &[("not-ect", 0), ("ect1", 1), ("ect0", 2), ("ce", 3)],
        Type::AddrType => &ADDR_TYPE,
        Type::IfType => &[("ether", 1), ("ppp", 512), ("loopback", 772), ("sit", 776)],
        Type::Group => &[("default", 0)],
        Type::IgmpType => &IGMP_TYPE,
        Type::ArpOp => &[("request", 1), ("reply", 2), ("nak", 10)],
        Type::Day => &DAY,
        _ => &[],
    }
}

const CT_STATUS: [(&str, u64); 7] = [
    ("expected", 1),
    ("seen-reply", 2),
    ("assured", 4),
    ("confirmed", 8),
    ("snat", 16),
    ("dnat", 32),
    ("dying", 512),
];

const CT_EVENT: [(&str, u64); 10] = [
    ("new", 1),
    ("related", 2),
    ("destroy", 4),
    ("reply", 8),
    ("assured", 16),
    ("protoinfo", 32),
    ("helper", 64),
    ("mark", 128),
    ("secmark", 256),
    ("label", 512),
];

const PKT_TYPE: [(&str, u64); 5] =
    [("host", 0), ("unicast", 0), ("broadcast", 1), ("multicast", 2), ("other", 3)];

const DSCP: [(&str, u64); 24] = [
    ("cs0", 0),
    ("cs1", 8),
    ("cs2", 16),
    ("cs3", 24),
    ("cs4", 32),
    ("cs5", 40),
    ("cs6", 48),
    ("cs7", 56),
    ("df", 0),
    ("be", 0),
    ("lephb", 1),
    ("af11", 10),
    ("af12", 12),
    ("af13", 14),
    ("af21", 18),
    ("af22", 20),
    ("af23", 22),
    ("af31", 26),
    ("af32", 28),
    ("af33", 30),
    ("af41", 34),
    ("af42", 36),
    ("af43", 38),
    ("ef", 46),
];

const ADDR_TYPE: [(&str, u64); 9] = [
    ("unspec", 0),
    ("unicast", 1),
    ("local", 2),
    ("broadcast", 3),
    ("anycast", 4),
    ("multicast", 5),
    ("blackhole", 6),
    ("unreachable", 7),
    ("prohibit", 8),
];

const IGMP_TYPE: [(&str, u64); 5] = [
    ("membership-query", 17),
    ("membership-report-v1", 18),
    ("membership-report-v2", 22),
    ("leave-group", 23),
    ("membership-report-v3", 34),
];

const DAY: [(&str, u64); 7] = [
    ("Sunday", 0),
    ("Monday", 1),
    ("Tuesday", 2),
    ("Wednesday", 3),
    ("Thursday", 4),
    ("Friday", 5),
    ("Saturday", 6),
];
