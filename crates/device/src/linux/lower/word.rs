//! nft's words for families and fields.

use model::Family;

use crate::registry::linux::config::{Key, Side, TableFamily};

/// nft's word for a family.
pub(super) fn family(family: TableFamily) -> &'static str {
    match family {
        TableFamily::Ip => "ip",
        TableFamily::Ip6 => "ip6",
        TableFamily::Inet => "inet",
        TableFamily::Arp => "arp",
        TableFamily::Bridge => "bridge",
        TableFamily::Netdev => "netdev",
    }
}

/// nft's word for a field.
pub(super) fn key(key: &Key) -> String {
    let side = |side: &Side, source: &str, destination: &str| match side {
        Side::Source => source.to_owned(),
        Side::Destination => destination.to_owned(),
    };
    match key {
        Key::In => "iifname".to_owned(),
        Key::Out => "oifname".to_owned(),
        Key::NfProto => "meta nfproto".to_owned(),
        Key::L4Proto => "meta l4proto".to_owned(),
        Key::Protocol => "meta protocol".to_owned(),
        Key::EtherType => "ether type".to_owned(),
        Key::Address(Family::V4, of) => side(of, "ip saddr", "ip daddr"),
        Key::Address(Family::V6, of) => side(of, "ip6 saddr", "ip6 daddr"),
        Key::IpProtocol => "ip protocol".to_owned(),
        Key::NextHeader => "ip6 nexthdr".to_owned(),
        Key::Port(_, of) => side(of, "sport", "dport"),
        Key::TcpFlags => "tcp flags".to_owned(),
        Key::IcmpType(Family::V4) => "icmp type".to_owned(),
        Key::IcmpType(Family::V6) => "icmpv6 type".to_owned(),
        Key::IcmpCode(Family::V4) => "icmp code".to_owned(),
        Key::IcmpCode(Family::V6) => "icmpv6 code".to_owned(),
        Key::CtState => "ct state".to_owned(),
        Key::CtStatus => "ct status".to_owned(),
        Key::Opaque(name, ..) => name.clone(),
    }
}
