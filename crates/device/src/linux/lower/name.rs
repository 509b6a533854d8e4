//! Names that nft knows for numbers: ports, protocols, ICMP types, EtherTypes, flags.

use model::Family;

/// The port called `name`.
///
/// # Source
/// IANA service names; those that `/etc/services` of Debian 12 and rulesets in public use share.
pub(in crate::registry::linux) fn port(name: &str) -> Option<u16> {
    Some(match name {
        "ftp-data" => 20,
        "ftp" => 21,
        "ssh" => 22,
        "telnet" => 23,
        "smtp" | "mail" => 25,
        "time" => 37,
        "tacacs" => 49,
        "domain" => 53,
        "bootps" => 67,
        "bootpc" => 68,
        "tftp" => 69,
        "http" | "www" => 80,
        "kerberos" => 88,
        "pop3" => 110,
        "sunrpc" | "portmapper" => 111,
        "ident" | "auth" => 113,
        "nntp" => 119,
        "ntp" => 123,
        "epmap" => 135,
        "netbios-ns" => 137,
        "netbios-dgm" => 138,
        "netbios-ssn" => 139,
        "imap2" | "imap" => 143,
        "snmp" => 161,
        "snmp-trap" | "snmptrap" => 162,
        "bgp" => 179,
        "ldap" => 389,
        "https" => 443,
        "microsoft-ds" => 445,
        "submissions" => 465,
        "isakmp" => 500,
        "syslog" => 514,
        "dhcpv6-client" => 546,
        "dhcpv6-server" => 547,
        "submission" => 587,
        "ipp" => 631,
        "ldaps" => 636,
        "domain-s" => 853,
        "rsync" => 873,
        "imaps" => 993,
        "pop3s" => 995,
        "openvpn" => 1194,
        "ms-sql-s" => 1433,
        "l2f" | "l2tp" => 1701,
        "radius" => 1812,
        "radius-acct" => 1813,
        "nfs" => 2049,
        "mysql" => 3306,
        "ms-wbt-server" => 3389,
        "ipsec-nat-t" => 4500,
        "sip" => 5060,
        "sip-tls" => 5061,
        "mdns" => 5353,
        "postgresql" => 5432,
        "http-alt" => 8080,
        _ => return None,
    })
}

pub(in crate::registry::linux) fn protocol(name: &str) -> Option<u8> {
    Some(match name {
        "icmp" => 1,
        "igmp" => 2,
        "ipencap" => 4,
        "tcp" => 6,
        "udp" => 17,
        "dccp" => 33,
        "ipv6" => 41,
        "ipv6-route" => 43,
        "ipv6-frag" => 44,
        "gre" => 47,
        "esp" => 50,
        "ah" => 51,
        "icmpv6" | "ipv6-icmp" => 58,
        "ipv6-nonxt" => 59,
        "ospf" => 89,
        "ipip" => 94,
        "pim" => 103,
        "comp" | "ipcomp" => 108,
        "vrrp" => 112,
        "l2tp" => 115,
        "sctp" => 132,
        "udplite" => 136,
        _ => return None,
    })
}

pub(in crate::registry::linux) fn icmp_type(family: Family, name: &str) -> Option<u8> {
    Some(match (family, name) {
        (Family::V4, "echo-reply") => 0,
        (Family::V4, "destination-unreachable") => 3,
        (Family::V4, "source-quench") => 4,
        (Family::V4, "redirect") => 5,
        (Family::V4, "echo-request") => 8,
        (Family::V4, "router-advertisement") => 9,
        (Family::V4, "router-solicitation") => 10,
        (Family::V4, "time-exceeded") => 11,
        (Family::V4, "parameter-problem") => 12,
        (Family::V4, "timestamp-request") => 13,
        (Family::V4, "timestamp-reply") => 14,
        (Family::V4, "info-request") => 15,
        (Family::V4, "info-reply") => 16,
        (Family::V4, "address-mask-request") => 17,
        (Family::V4, "address-mask-reply") => 18,
        (Family::V6, "destination-unreachable") => 1,
        (Family::V6, "packet-too-big") => 2,
        (Family::V6, "time-exceeded") => 3,
        (Family::V6, "parameter-problem") => 4,
        (Family::V6, "echo-request") => 128,
        (Family::V6, "echo-reply") => 129,
        (Family::V6, "mld-listener-query") => 130,
        (Family::V6, "mld-listener-report") => 131,
        (Family::V6, "mld-listener-done" | "mld-listener-reduction") => 132,
        (Family::V6, "nd-router-solicit") => 133,
        (Family::V6, "nd-router-advert") => 134,
        (Family::V6, "nd-neighbor-solicit") => 135,
        (Family::V6, "nd-neighbor-advert") => 136,
        (Family::V6, "nd-redirect") => 137,
        (Family::V6, "router-renumbering") => 138,
        (Family::V6, "ind-neighbor-solicit") => 141,
        (Family::V6, "ind-neighbor-advert") => 142,
        (Family::V6, "mld2-listener-report") => 143,
        _ => return None,
    })
}

pub(in crate::registry::linux) fn icmp_code(family: Family, name: &str) -> Option<u8> {
    Some(match (family, name) {
        (Family::V4, "net-unreachable") | (Family::V6, "no-route") => 0,
        (Family::V4, "host-unreachable") | (Family::V6, "admin-prohibited") => 1,
        (Family::V4, "prot-unreachable") => 2,
        (Family::V4, "port-unreachable") | (Family::V6, "addr-unreachable") => 3,
        (Family::V4, "frag-needed") | (Family::V6, "port-unreachable") => 4,
        (Family::V6, "policy-fail") => 5,
        (Family::V6, "reject-route") => 6,
        (Family::V4, "net-prohibited") => 9,
        (Family::V4, "host-prohibited") => 10,
        (Family::V4, "admin-prohibited") => 13,
        _ => return None,
    })
}

pub(in crate::registry::linux) fn ethertype(name: &str) -> Option<u16> {
    Some(match name {
        "ip" => model::ethertype::IPV4,
        "arp" => model::ethertype::ARP,
        "ip6" => model::ethertype::IPV6,
        "vlan" | "8021q" => 0x8100,
        "8021ad" => 0x88a8,
        _ => return None,
    })
}

pub(in crate::registry::linux) fn nfproto(name: &str) -> Option<u8> {
    match name {
        "ipv4" => Some(2),
        "ipv6" => Some(10),
        _ => None,
    }
}

/// A bit of the TCP flags byte.
pub(in crate::registry::linux) fn tcp_flag(name: &str) -> Option<u8> {
    Some(match name {
        "fin" => 0x01,
        "syn" => 0x02,
        "rst" => 0x04,
        "psh" => 0x08,
        "ack" => 0x10,
        "urg" => 0x20,
        "ecn" => 0x40,
        "cwr" => 0x80,
        _ => return None,
    })
}

/// The kernel's bit for a connection state.
pub(in crate::registry::linux) fn ct_state(name: &str) -> Option<u8> {
    Some(match name {
        "invalid" => 0x01,
        "established" => 0x02,
        "related" => 0x04,
        "new" => 0x08,
        "untracked" => 0x40,
        _ => return None,
    })
}
