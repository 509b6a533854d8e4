//! Random nftables rulesets, as text.

mod statement;

use crate::random::Random;

use super::LEGS;

/// A family of tables; of a rule in it: the addresses it speaks about (`Inet`: none).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Inet,
    Ip,
    Ip6,
}

impl Table {
    fn word(self) -> &'static str {
        match self {
            Self::Inet => "inet",
            Self::Ip => "ip",
            Self::Ip6 => "ip6",
        }
    }

    fn has_v4(self) -> bool {
        self != Self::Ip6
    }

    fn has_v6(self) -> bool {
        self != Self::Ip
    }
}

/// Where a chain hangs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hook {
    Prerouting,
    Input,
    Forward,
    Postrouting,
    /// It is called by others.
    None,
}

/// How many chains that others call a table has.
const CALLED: usize = 3;

const PREFIXES_V4: [&str; 8] = [
    "192.0.2.0/25",
    "192.0.2.2",
    "192.0.2.4/30",
    "192.0.2.3-192.0.2.6",
    "198.51.100.0/24",
    "198.51.100.2",
    "198.51.100.4/31",
    "203.0.113.0/24",
];

const PREFIXES_V6: [&str; 8] = [
    "2001:db8:0:1::/64",
    "2001:db8:0:1::2",
    "2001:db8:0:1::4/126",
    "2001:db8:0:1::3-2001:db8:0:1::6",
    "2001:db8:0:2::/64",
    "2001:db8:0:2::2",
    "2001:db8:0:2::4/127",
    "2001:db8:ffff::/48",
];

const PORTS: [&str; 9] =
    ["22", "53", "80", "443", "445", "1-1023", "80-443", "1024-65535", "40000-40001"];

/// What rules hold besides conditions and verdicts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Now and then a counter.
    Plain,
    /// Statements that change no decision in every position, and verdict maps of every key.
    Statements,
    /// Also statements because of which a rule may end: limits, quotas, sets and maps.
    Chances,
}

/// A ruleset of one to three tables.
#[must_use]
pub fn ruleset(random: &mut Random, style: Style) -> String {
    let mut text = String::new();
    let tables = random.between(1, 3);
    for index in 0..tables {
        let table = random.pick(&[Table::Inet, Table::Inet, Table::Ip, Table::Ip6]);
        text += &self::table(random, style, table, index);
    }
    if random.chance(40) {
        text += &translation(random);
    }
    text
}

/// A table that translates addresses.
fn translation(random: &mut Random) -> String {
    let destinations = [
        "meta nfproto ipv4 tcp dport 80 dnat ip to 192.0.2.4:8080",
        "ip daddr 192.0.2.1 tcp dport 443 dnat ip to 198.51.100.3",
        "ip daddr 198.51.100.1 udp dport 53 dnat ip to 192.0.2.5:5353",
        "ip daddr 198.51.100.4 dnat ip to 192.0.2.6",
        "meta nfproto ipv6 tcp dport 80 dnat ip6 to [2001:db8:0:1::4]:8080",
        "ip6 daddr 2001:db8:0:2::1 dnat ip6 to 2001:db8:0:1::5",
        "iifname \"lan0\" tcp dport 22 redirect to :2222",
        "ip6 saddr 2001:db8:0:1::2 tcp dport 22 accept",
    ];
    let sources = [
        "oifname \"lan1\" masquerade",
        "ip saddr 192.0.2.0/25 oifname \"lan1\" snat ip to 198.51.100.8",
        "ip saddr 192.0.2.2 tcp dport 443 snat ip to 198.51.100.1",
        "ip6 saddr 2001:db8:0:1::/64 snat ip6 to 2001:db8:0:2::8",
        "ip6 saddr 2001:db8:0:1::4/126 udp dport 53 masquerade",
        "ip saddr 192.0.2.3 accept",
        "oifname \"lan0\" ip saddr 198.51.100.0/24 masquerade",
    ];
    let mut text = String::from("table inet translation {\n");
    for (hook, priority, rules) in
        [("prerouting", "-100", &destinations[..]), ("postrouting", "100", &sources[..])]
    {
        let chosen = random.some(0, 3, |random| random.pick(rules));
        text += &format!("  chain {hook} {{\n    type nat hook {hook} priority {priority}; ");
        text += "policy accept;\n";
        for rule in chosen {
            text += &format!("    {rule}\n");
        }
        text += "  }\n";
    }
    text + "}\n"
}

fn table(random: &mut Random, style: Style, table: Table, index: usize) -> String {
    let mut text = format!("table {} t{index} {{\n", table.word());
    if table.has_v4() {
        let elements = several(random, &[PREFIXES_V4[2], PREFIXES_V4[5]]);
        text += "  set four { type ipv4_addr; flags interval\n    ";
        text += &format!("elements = {{ {elements}, 203.0.113.0/25 }}\n  }}\n");
    }
    if table.has_v6() {
        let elements = several(random, &[PREFIXES_V6[2], PREFIXES_V6[5]]);
        text += "  set six { type ipv6_addr; flags interval\n    ";
        text += &format!("elements = {{ {elements}, 2001:db8:ffff::/64 }}\n  }}\n");
    }
    let ports = random.pick(&["22, 80", "1-100, 443", "53, 40000-50000"]);
    text += "  set ports { type inet_service; flags interval\n    ";
    text += &format!("elements = {{ {ports} }}\n  }}\n");
    if style != Style::Plain {
        text += &statement::objects(table);
    }
    for called in (0..CALLED).rev() {
        text += &format!("  chain c{called} {{\n");
        text += &rules(random, style, table, Hook::None, called + 1);
        text += "  }\n";
    }
    let hooks = [
        (Hook::Prerouting, "prerouting", ["-150", "-10"], 40),
        (Hook::Input, "input", ["0", "10"], 60),
        (Hook::Forward, "forward", ["0", "-5"], 85),
        (Hook::Postrouting, "postrouting", ["0", "50"], 30),
    ];
    for (hook, word, priorities, likely) in hooks {
        if !random.chance(likely) {
            continue;
        }
        let priority = random.pick(&priorities);
        let policy = if random.chance(40) { "drop" } else { "accept" };
        text += &format!("  chain {word} {{\n    type filter hook {word} priority {priority}; ");
        text += &format!("policy {policy};\n");
        text += &rules(random, style, table, hook, 0);
        text += "  }\n";
    }
    text + "}\n"
}

/// The rules of a chain, which may call the chains from `first_called` on.
fn rules(
    random: &mut Random,
    style: Style,
    table: Table,
    hook: Hook,
    first_called: usize,
) -> String {
    let mut text = String::new();
    let count = random.between(0, 7);
    for _ in 0..count {
        let conditions = if random.chance(8) { 0 } else { random.between(1, 2) };
        let mut words: Vec<String> = Vec::new();
        let mut has_transport = false;
        let table = match table {
            Table::Inet => random.pick(&[Table::Inet, Table::Ip, Table::Ip6]),
            one => one,
        };
        for _ in 0..conditions {
            // Two conditions on the header above IP could contradict each other, which nft
            // refuses.
            let (condition, is_transport) = condition(random, table, hook);
            if !(is_transport && has_transport) {
                has_transport |= is_transport;
                words.push(condition);
            }
        }
        if random.chance(10) {
            words.push("counter".into());
        }
        if style != Style::Plain {
            let rule = Rule { style, table, hook, first_called, has_transport };
            text += &format!("    {}\n", statement::completed(random, rule, words));
            continue;
        }
        if random.chance(8) && !has_transport {
            let port = random.pick(&["tcp dport", "udp dport", "th dport"]);
            words.retain(|word| word == "counter");
            let protocol = if port.starts_with("th") { "meta l4proto { tcp, udp } " } else { "" };
            words.push(format!("{protocol}{port} vmap {{ 22 : accept, 80 : drop, 443 : return }}"));
        } else {
            words.push(verdict(random, hook, first_called));
        }
        text += &format!("    {}\n", words.join(" "));
    }
    text
}

/// What the end of a rule depends on.
#[derive(Clone, Copy)]
struct Rule {
    style: Style,
    table: Table,
    hook: Hook,
    first_called: usize,
    has_transport: bool,
}

fn verdict(random: &mut Random, hook: Hook, first_called: usize) -> String {
    if first_called < CALLED && random.chance(35) {
        let chain = random.between(first_called, CALLED - 1);
        let word = random.pick(&["jump", "jump", "goto"]);
        return format!("{word} c{chain}");
    }
    let may_reject = matches!(hook, Hook::Input | Hook::Forward);
    match random.below(10) {
        0..=4 => "accept",
        5..=7 => "drop",
        8 if may_reject => "reject",
        _ => "return",
    }
    .to_owned()
}

/// A condition, and whether it is about the header above IP.
fn condition(random: &mut Random, table: Table, hook: Hook) -> (String, bool) {
    match random.below(13) {
        0..=2 if table != Table::Inet => (address(random, table), false),
        3..=5 => (port(random), true),
        6..=7 => (state(random), false),
        8 => (flags(random), true),
        9 if table != Table::Inet => (icmp(random, table), true),
        10 => (interface(random, hook), false),
        11 => (protocol(random, table), true),
        _ if table == Table::Inet && random.chance(40) => {
            (random.pick(&["meta nfproto ipv4", "meta nfproto ipv6"]).to_owned(), false)
        }
        _ => (protocol(random, table), true),
    }
}

fn address(random: &mut Random, table: Table) -> String {
    let is_v4 = table == Table::Ip;
    let (word, prefixes, set) =
        if is_v4 { ("ip", &PREFIXES_V4, "@four") } else { ("ip6", &PREFIXES_V6, "@six") };
    let end = random.pick(&["saddr", "daddr"]);
    let not = random.pick(&["", "", "", "!= "]);
    let value = match random.below(6) {
        0 => set.to_owned(),
        1 => format!("{{ {} }}", several(random, &[prefixes[1], prefixes[5], prefixes[6]])),
        _ => random.pick(prefixes).to_owned(),
    };
    format!("{word} {end} {not}{value}")
}

fn port(random: &mut Random) -> String {
    let protocol = random.pick(&["tcp", "tcp", "udp"]);
    let end = random.pick(&["dport", "dport", "sport"]);
    let not = random.pick(&["", "", "", "!= "]);
    let value = match random.below(5) {
        0 => "@ports".to_owned(),
        1 => format!("{{ {} }}", several(random, &["22", "80", "443", "1195-1700"])),
        _ => random.pick(&PORTS).to_owned(),
    };
    if random.chance(15) {
        return format!("meta l4proto {{ tcp, udp }} th {end} {not}{value}");
    }
    format!("{protocol} {end} {not}{value}")
}

fn state(random: &mut Random) -> String {
    let states = random.pick(&[
        "new",
        "established",
        "established,related",
        "invalid",
        "untracked",
        "new,established",
        "{ new, untracked }",
        "!= new",
    ]);
    format!("ct state {states}")
}

fn flags(random: &mut Random) -> String {
    let flags = random.pick(&[
        "syn",
        "& (syn | ack) == syn",
        "& (fin | syn | rst | ack) == syn",
        "& (syn | ack) == syn | ack",
        "!= syn",
        "& rst == rst",
        "ack",
    ]);
    format!("tcp flags {flags}")
}

fn icmp(random: &mut Random, table: Table) -> String {
    let is_v4 = table == Table::Ip;
    let types: [&str; 4] = if is_v4 {
        [
            "icmp type echo-request",
            "icmp type { echo-request, echo-reply }",
            "icmp type != echo-reply",
            "icmp code 0",
        ]
    } else {
        [
            "icmpv6 type echo-request",
            "icmpv6 type { echo-request, nd-neighbor-solicit }",
            "icmpv6 type != echo-reply",
            "icmpv6 code 0",
        ]
    };
    random.pick(&types).to_owned()
}

fn interface(random: &mut Random, hook: Hook) -> String {
    let words: &[&str] = match hook {
        Hook::Prerouting | Hook::Input | Hook::None => &["iifname"],
        Hook::Forward => &["iifname", "oifname"],
        Hook::Postrouting => &["oifname"],
    };
    let word = random.pick(words);
    // Of a chain that postrouting calls our vendor says that the input may be unknown.
    let not = if hook == Hook::None { "" } else { random.pick(&["", "", "!= "]) };
    format!("{word} {not}\"{}\"", random.pick(&LEGS))
}

fn protocol(random: &mut Random, table: Table) -> String {
    let mut words = vec![
        "meta l4proto tcp",
        "meta l4proto udp",
        "meta l4proto { tcp, udp }",
        "meta l4proto != tcp",
        "meta l4proto icmp",
        "meta l4proto icmpv6",
        "meta l4proto 253",
    ];
    if table == Table::Ip {
        words.push("ip protocol tcp");
    }
    random.pick(&words).to_owned()
}

/// One to all of `items`, in order.
fn several(random: &mut Random, items: &[&str]) -> String {
    let mut chosen: Vec<&str> = items.iter().copied().filter(|_| random.chance(60)).collect();
    if chosen.is_empty() {
        chosen.push(items[0]);
    }
    chosen.join(", ")
}
