//! nft's words for families and fields.

use diag::{Text, text};
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

/// What `ct helper set` does.
pub(super) fn helper(name: &str) -> Text {
    text!(
        ja: "接続追跡のヘルパー `{name}` の指定",
        en: "giving connections the helper `{name}`",
        name = name,
    )
}

/// How to show that a mark chooses no route.
pub(super) fn rules_wanted() -> Text {
    text!(
        ja: "`ip -j rule` と `ip -6 -j rule` の出力をファイルに加えてください。\
             印を読む規則がなければ、この行は経路を変えません",
        en: "add the outputs of `ip -j rule` and `ip -6 -j rule` as files: where no rule reads \
             the mark, this line changes no route",
    )
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
