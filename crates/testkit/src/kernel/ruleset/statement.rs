//! Statements that stand between the conditions of a rule, and the verdict map at its end.

use crate::random::Random;

use super::{Rule, Style, Table, verdict};

/// Statements that any rule can hold.
const ANYWHERE: [&str; 12] = [
    "counter",
    "counter packets 0 bytes 0",
    "counter name \"seen\"",
    "log prefix \"seen \"",
    "log prefix \"accept \" level info",
    "log group 2",
    "meta nftrace set 1",
    "meta nftrace set 0",
    "meta priority set 1:10",
    "ct mark set 0x1",
    "ct mark set mark",
    "ct mark set numgen inc mod 4",
];

/// Those because of which a rule may end.
const CHANCES: [&str; 8] = [
    "ct mark set ct mark or 0x1",
    "ct mark set ct mark and 0xff",
    "limit rate 1000000/second",
    "limit rate 100000/second burst 5 packets",
    "limit rate over 1000000/second",
    "limit name \"slow\"",
    "quota 1000 mbytes",
    "quota over 1000 mbytes",
];

/// Statements about IPv4.
const OF_V4: [&str; 1] = ["ct mark set jhash ip saddr mod 4"];

const CHANCES_V4: [&str; 5] = [
    "ip dscp set cs1",
    "ip ttl set 63",
    "ct mark set ip saddr map { 192.0.2.2 : 1, 198.51.100.2 : 2 }",
    "add @met4 { ip saddr }",
    "update @met4 { ip daddr }",
];

/// Statements about IPv6.
const OF_V6: [&str; 1] = ["ct mark set jhash ip6 saddr mod 4"];

const CHANCES_V6: [&str; 3] =
    ["ip6 dscp set cs1", "ip6 hoplimit set 63", "add @met6 { ip6 saddr }"];

/// The objects that the statements name.
pub(super) fn objects(table: Table) -> String {
    let mut text = String::from("  counter seen { }\n  limit slow { rate 1000000/second }\n");
    if table.has_v4() {
        text += "  set met4 { type ipv4_addr; flags dynamic; size 65000; }\n";
    }
    if table.has_v6() {
        text += "  set met6 { type ipv6_addr; flags dynamic; size 65000; }\n";
    }
    text
}

/// The rule with the conditions `words`, to its end.
pub(super) fn completed(random: &mut Random, rule: Rule, mut words: Vec<String>) -> String {
    let mut has_transport = rule.has_transport;
    let mut may_end = false;
    for _ in 0..random.between(0, 2) {
        let at = random.between(0, words.len());
        let has_chances = rule.style == Style::Chances && random.chance(40);
        may_end |= has_chances;
        let statement = match (random.below(3), rule.table, has_chances) {
            (0, Table::Ip, false) => random.pick(&OF_V4),
            (0, Table::Ip6, false) => random.pick(&OF_V6),
            (0, Table::Ip, true) => random.pick(&CHANCES_V4),
            (0, Table::Ip6, true) => random.pick(&CHANCES_V6),
            (1, _, true) if !has_transport && random.chance(30) => {
                has_transport = true;
                "tcp option maxseg size set 1300"
            }
            (_, _, false) => random.pick(&ANYWHERE),
            (_, _, true) => random.pick(&CHANCES),
        };
        words.insert(at, statement.to_owned());
    }
    if may_end {
        // Where a rule that may end leads back or elsewhere, no bound of it is known.
        words.push(random.pick(&["accept", "drop"]).to_owned());
        return words.join(" ");
    }
    words.push(match random.chance(25) {
        true => map(random, Rule { has_transport, ..rule }),
        false => verdict(random, rule.hook, rule.first_called),
    });
    words.join(" ")
}

/// A verdict map.
fn map(random: &mut Random, rule: Rule) -> String {
    let to = |random: &mut Random| verdict(random, super::Hook::None, rule.first_called);
    let (a, b, c) = (to(random), to(random), to(random));
    let of_family = match rule.table {
        Table::Ip => {
            let maps = [
                format!("ip saddr vmap {{ 192.0.2.2 : {a}, 192.0.2.3 : {b}, 198.51.100.4 : {c} }}"),
                format!("ip daddr vmap {{ 192.0.2.4/30 : {a}, 198.51.100.0/24 : {b} }}"),
                format!("ip saddr vmap {{ 192.0.2.0/25 : drop, * : {b} }}"),
            ];
            Some(random.pick(&maps))
        }
        Table::Ip6 => {
            let maps = [
                format!("ip6 saddr vmap {{ 2001:db8:0:1::2 : {a}, 2001:db8:0:2::3 : {b} }}"),
                format!("ip6 daddr vmap {{ 2001:db8:0:1::/64 : {a}, 2001:db8:0:2::/64 : {b} }}"),
            ];
            Some(random.pick(&maps))
        }
        Table::Inet => None,
    };
    if let Some(map) = of_family.filter(|_| random.chance(50)) {
        return map;
    }
    let mut maps = vec![
        format!("ct state vmap {{ new : {a}, established : {b}, invalid : {c} }}"),
        format!("ct state vmap {{ established : accept, related : {a} }}"),
        format!("meta l4proto vmap {{ tcp : {a}, udp : {b} }}"),
        format!("meta l4proto vmap {{ 6 : {a}, 1 : {b}, 58 : {c} }}"),
    ];
    if rule.hook != super::Hook::Postrouting && rule.hook != super::Hook::None {
        maps.push(format!("iifname vmap {{ \"lan0\" : {a}, \"lan1\" : {b} }}"));
    }
    if !rule.has_transport {
        maps.push(format!("tcp dport vmap {{ 22 : {a}, 80-443 : {b}, 445 : {c} }}"));
        maps.push(format!("udp dport vmap {{ 53 : accept, * : {b} }}"));
        maps.push(format!("meta l4proto . th dport vmap {{ tcp . 22 : {a}, udp . 53 : {b} }}"));
    }
    random.pick(&maps)
}
