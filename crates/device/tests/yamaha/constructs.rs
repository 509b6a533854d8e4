//! The table of constructs in `src/yamaha_rtx/CONSTRUCTS.md`: each command of it is added to one
//! small configuration, and what becomes of it has to be what the table says. With
//! `UPDATE_SNAPSHOTS=1` the middle column is written anew.

use std::path::PathBuf;

use model::{LineState, Readings};

use super::{device, rendering};

/// What the commands of the table refer to: interfaces, lists, a session, a tunnel, NAT.
const BASE: &str = "\
ip lan1 address 192.0.2.1/24
ip lan2 address 198.51.100.2/24
ip lan1 secure filter in 1 2 dynamic 10
ip lan1 secure filter out 1 2 dynamic 10
ipv6 lan1 secure filter in 1 2 dynamic 10
ipv6 lan2 secure filter in 1 2
ip filter 1 pass 192.0.2.0/24 * tcp * 445
ip filter 2 pass * * icmp
ip filter dynamic 10 * * filter 1
ipv6 filter 1 pass * * icmp6,udp
ipv6 filter 2 pass * * tcp * 443
ipv6 filter dynamic 10 * * filter 2
ipv6 prefix 1 2001:db8:1::/64
ipv6 prefix 2 2001:db8:2::/64
ipv6 lan1 address 2001:db8:1::1/64
ipv6 lan2 dhcp service client
ip keepalive 1 icmp-echo 10 5 198.51.100.1
ip route default gateway 198.51.100.1
dns server 198.51.100.53
pp select 1
 pp always-on on
 pppoe use lan2
 pp auth accept pap chap
 pp auth myname user@example *
 ppp ipcp ipaddress on
 ip pp nat descriptor 1
 ip pp secure filter in 2
 pp enable 1
pp select 2
 pppoe use lan2
 pp auth accept pap chap
 pp auth myname other@example *
 ip pp address 203.0.113.130/32
 pp enable 2
pp select none
nat descriptor type 1 masquerade
tunnel select 1
 ipsec tunnel 1
  ipsec sa policy 1 1 esp aes256-cbc sha256-hmac
  ipsec ike remote address 1 203.0.113.200
  ipsec ike pre-shared-key 1 text *
 ip tunnel tcp mss limit auto
 tunnel enable 1
tunnel select none
ipsec auto refresh on
telnetd service off
";

/// What stands between the commands of one row, of which the last is judged.
const BETWEEN: &str = " ; ";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/yamaha_rtx/CONSTRUCTS.md")
}

/// Gaps and open points of `text`, without their lines.
fn facts(text: &str) -> Vec<String> {
    let device = device(text, &Readings::default());
    let rendered = rendering::render(&device);
    let without_line = |rest: &str| {
        let words = rest.split_whitespace().filter(|word| !word.starts_with('@'));
        words.collect::<Vec<_>>().join(" ")
    };
    let gap = |line: &str| line.strip_prefix("gap ").map(without_line);
    let point = |line: &str| line.strip_prefix("assume ").map(without_line);
    rendered.lines().filter_map(|line| gap(line).or_else(|| point(line))).collect()
}

/// What becomes of the last of `commands`.
fn outcome(commands: &str, before: &[String]) -> String {
    let text: String = commands.split(BETWEEN).map(|command| format!("{command}\n")).collect();
    let text = format!("{BASE}{text}");
    let read = device(&text, &Readings::default());
    let mut words: Vec<String> = Vec::new();
    words.push(match read.lowered.node.lines.last().expect("there are lines").state {
        LineState::Modelled => "modelled".to_owned(),
        LineState::Irrelevant => "irrelevant".to_owned(),
        LineState::NotModelled => "gap".to_owned(),
    });
    for fact in facts(&text).into_iter().filter(|fact| !before.contains(fact)) {
        let mut parts = fact.split(' ');
        let effects = parts.next().unwrap_or_default();
        // `permit lan1 IPv4 …` of a gap, or the name of an open point.
        let family = parts.nth(1).filter(|family| family.starts_with("IPv"));
        let fact = [Some(effects), family].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !words.contains(&fact) {
            words.push(fact);
        }
    }
    words.join(", ")
}

#[test]
fn every_construct_is_what_the_table_says() {
    let text = std::fs::read_to_string(path()).expect("the table is there");
    let before = facts(BASE);
    let mut renewed = String::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let command = cells.first().and_then(|cell| cell.strip_prefix("| `"));
        let command = command.and_then(|cell| cell.strip_suffix('`'));
        let (Some(command), [_, said, why]) = (command, cells.as_slice()) else {
            renewed += &format!("{line}\n");
            continue;
        };
        count += 1;
        let found = outcome(&command.replace("\\|", "|"), &before);
        if found != *said {
            wrong.push(format!("{command}: {found}, and the table says {said}"));
        }
        renewed += &format!("| `{command}` | {found} | {why}\n");
    }
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        std::fs::write(path(), renewed).expect("the table can be written");
        return;
    }
    assert!(count >= 200, "the table has {count} rows only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
