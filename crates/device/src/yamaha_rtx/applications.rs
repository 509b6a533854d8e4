//! Names that stand for ports in filters and for applications in dynamic filters.

/// An application that a dynamic filter knows by name.
#[derive(Debug)]
pub(crate) struct Application {
    /// Its keyword.
    pub(crate) name: &'static str,
    /// What begins a session: protocol and destination port; port 0 for all, for ICMP the type.
    pub(crate) triggers: &'static [(u8, u16)],
    /// How the router follows it.
    pub(crate) gateway: Gateway,
}

/// What an application announces inside its session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gateway {
    /// Nothing.
    Plain,
    /// Data connections of FTP, active and passive.
    Ftp,
    /// UDP between the two ends in both directions: more than the router lets pass.
    AnyUdp,
    /// TCP and UDP between the two ends in both directions: more than the router lets pass.
    AnyTcpUdp,
    /// The keyword is accepted but opens nothing.
    Inert,
}

const TCP: u8 = model::protocol::TCP;
const UDP: u8 = model::protocol::UDP;

const fn plain(name: &'static str, triggers: &'static [(u8, u16)]) -> Application {
    Application { name, triggers, gateway: Gateway::Plain }
}

/// The applications.
///
/// Where the manual does not say whether TCP or UDP is meant, both are: a session more only
/// lets answers pass.
///
/// # Source
/// Command reference 12.01, section 8.1.14; ports: IANA registry.
pub(crate) static APPLICATIONS: &[Application] = &[
    plain("tcp", &[(TCP, 0)]),
    plain("udp", &[(UDP, 0)]),
    Application { name: "ftp", triggers: &[(TCP, 21)], gateway: Gateway::Ftp },
    Application { name: "tftp", triggers: &[(UDP, 69)], gateway: Gateway::AnyUdp },
    Application { name: "sip", triggers: &[(UDP, 5060), (TCP, 5060)], gateway: Gateway::AnyUdp },
    Application {
        name: "netmeeting",
        triggers: &[(TCP, 1503), (TCP, 1720)],
        gateway: Gateway::AnyTcpUdp,
    },
    Application { name: "dhcpc", triggers: &[], gateway: Gateway::Inert },
    Application { name: "dhcps", triggers: &[], gateway: Gateway::Inert },
    Application { name: "dhcpv6c", triggers: &[], gateway: Gateway::Inert },
    Application { name: "dhcpv6s", triggers: &[], gateway: Gateway::Inert },
    plain("domain", &[(UDP, 53), (TCP, 53)]),
    plain("dns", &[(UDP, 53), (TCP, 53)]),
    plain("www", &[(TCP, 80)]),
    plain("http", &[(TCP, 80)]),
    plain("https", &[(TCP, 443)]),
    plain("smtp", &[(TCP, 25)]),
    plain("pop3", &[(TCP, 110)]),
    plain("submission", &[(TCP, 587)]),
    plain("telnet", &[(TCP, 23)]),
    plain("ssh", &[(TCP, 22)]),
    plain("ping", &[(model::protocol::ICMP, 8)]),
    plain("ping6", &[(model::protocol::ICMPV6, 128)]),
    plain("ike", &[(UDP, 500)]),
    plain("ipsec-nat-t", &[(UDP, 4500)]),
    plain("ntp", &[(UDP, 123)]),
    plain("snmp", &[(UDP, 161)]),
    plain("snmptrap", &[(UDP, 162)]),
    plain("syslog", &[(UDP, 514)]),
    plain("radius", &[(UDP, 1812)]),
    plain("l2tp", &[(UDP, 1701)]),
    plain("ident", &[(TCP, 113)]),
    plain("imap", &[(TCP, 143)]),
    plain("nntp", &[(TCP, 119)]),
    plain("bgp", &[(TCP, 179)]),
    plain("whois", &[(TCP, 43)]),
    plain("finger", &[(TCP, 79)]),
    plain("gopher", &[(TCP, 70)]),
    plain("ldap", &[(TCP, 389), (UDP, 389)]),
    plain("ms-ds", &[(TCP, 445), (UDP, 445)]),
    plain("ms-rpc", &[(TCP, 135), (UDP, 135)]),
    plain("netbios_ns", &[(TCP, 137), (UDP, 137)]),
    plain("netbios_dgm", &[(TCP, 138), (UDP, 138)]),
    plain("netbios_ssn", &[(TCP, 139), (UDP, 139)]),
];

/// The application called `name`.
pub(crate) fn application(name: &str) -> Option<&'static Application> {
    APPLICATIONS.iter().find(|one| one.name.eq_ignore_ascii_case(name))
}

/// Port numbers that a name in a port field stands for, first to last.
///
/// # Source
/// Command reference 12.01, section 8.1.10; ports: IANA registry.
pub(crate) fn port(name: &str) -> Option<(u16, u16)> {
    let mut buffer = [0; 24];
    let number = match super::heads::lower(name, &mut buffer)? {
        "ftp" => return Some((20, 21)),
        "ftpdata" => 20,
        "ssh" => 22,
        "telnet" => 23,
        "smtp" => 25,
        "domain" => 53,
        "dhcps" => 67,
        "dhcpc" => 68,
        "tftp" => 69,
        "gopher" => 70,
        "finger" => 79,
        "www" => 80,
        "pop3" => 110,
        "sunrpc" => 111,
        "ident" => 113,
        "nntp" => 119,
        "ntp" => 123,
        "netbios_ns" => 137,
        "netbios_dgm" => 138,
        "netbios_ssn" => 139,
        "imap" => 143,
        "snmp" => 161,
        "snmptrap" => 162,
        "bgp" => 179,
        "https" => 443,
        "ike" => 500,
        "syslog" => 514,
        "printer" => 515,
        "talk" => 517,
        "route" => 520,
        "uucp" => 540,
        "dhcpv6c" => 546,
        "dhcpv6s" => 547,
        "submission" => 587,
        _ => return None,
    };
    Some((number, number))
}
