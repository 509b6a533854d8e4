//! Whatever the bytes: no panic, one state for every line, spans inside the text.

use std::collections::BTreeSet;

use diag::{SourceId, Span};
use model::Readings;
use proptest::prelude::{Just, Strategy, any, prop, proptest};
use proptest::prop_oneof;
use proptest::test_runner::Config;

use super::device;

const ROUTER_B: &str = include_str!("../../../../examples/ipvpn-separate-yamaha/router-b.conf");

/// Words that begin commands and break them.
const WORDS: &[&str] = &[
    "ip",
    "ipv6",
    "filter",
    "dynamic",
    "secure",
    "in",
    "out",
    "lan1",
    "lan2",
    "pp",
    "tunnel",
    "select",
    "1",
    "2",
    "4294967296",
    "99999999999999999999",
    "pass",
    "reject",
    "*",
    "tcp",
    "udp",
    "icmp",
    "established",
    "tcpflag=0x02/0x12",
    "192.0.2.1",
    "192.0.2.0/24",
    "*.*.*.1",
    "192.*.2.*",
    "192.0.2.9-192.0.2.1",
    "2001:db8::/32",
    "ra-prefix@lan2::1/64",
    "route",
    "default",
    "gateway",
    "weight",
    "0",
    "hide",
    "keepalive",
    "nat",
    "descriptor",
    "type",
    "masquerade",
    "static",
    "address",
    "outer",
    "primary",
    "ipcp",
    "dhcp",
    "dns",
    "server",
    "any",
    ".",
    "edns=on",
    "no",
    "#",
    "\"",
    "'",
    "\\",
    "<<EOF",
    "EOF",
    "\u{2192}",
    "日本語",
    "\u{8}",
    "\u{1b}[K",
    "---つづく---",
    "RTX830#",
    ">",
    "```",
    "pppoe",
    "pass-through",
    "member",
    "bridge",
    "bridge1",
    "vlan",
    "lan1/1",
    "802.1q",
    "vid=10",
    "service",
    "host",
    "telnetd",
    "enable",
    "name",
    "set",
    "forward",
    "1-65535",
    "ftp-www",
    "-",
    ",",
    ",,",
    "a.example",
    "0x0/0x0",
];

fn command_soup() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS).prop_map(str::to_owned);
    let line = prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "));
    let ending = prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just(" ")];
    prop::collection::vec((line, ending), 0..12)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

fn mutated() -> impl Strategy<Value = String> {
    (any::<prop::sample::Index>(), any::<prop::sample::Index>(), ".{0,12}").prop_map(
        |(from, to, insert)| {
            let places: Vec<usize> =
                ROUTER_B.char_indices().map(|(at, _)| at).chain([ROUTER_B.len()]).collect();
            let (a, b) = (places[from.index(places.len())], places[to.index(places.len())]);
            let (low, high) = (a.min(b), a.max(b).min(a.min(b) + 40));
            let high = (high..=ROUTER_B.len()).find(|at| ROUTER_B.is_char_boundary(*at));
            format!("{}{insert}{}", &ROUTER_B[..low], &ROUTER_B[high.unwrap_or(low)..])
        },
    )
}

fn check(text: &str) {
    for words in ["", "Y-A2=list-first Y-A5=trigger-first Y-A7=filtered Y-A4=list-void"] {
        let mut readings = Readings::default();
        for word in words.split_whitespace() {
            let (id, reading) = word.split_once('=').expect("a reading is ID=KEYWORD");
            readings.take(id, reading);
        }
        let device = device(text, &readings);
        let node = &device.lowered.node;
        check_lines(text, &node.lines);
        let spans = node
            .gaps
            .iter()
            .map(|gap| gap.span)
            .chain(
                device
                    .lowered
                    .diagnostics
                    .iter()
                    .filter_map(|said| said.primary.as_ref().map(|label| label.span)),
            )
            .chain(node.routes.iter().filter_map(|route| route.origin.span()))
            .chain(
                node.acls
                    .iter()
                    .flat_map(|acl| acl.entries.iter().filter_map(|entry| entry.origin.span())),
            );
        for span in spans {
            check_span(text, span);
        }
        for (index, acl) in node.acls.iter().enumerate() {
            for entry in &acl.entries {
                if let model::Action::Call(list) | model::Action::Goto(list) = entry.action {
                    assert!((list.0 as usize) < index, "lists call earlier lists only");
                }
            }
        }
    }
}

fn check_span(text: &str, span: Span) {
    let inside = text.get(span.start as usize..span.end as usize);
    assert!(inside.is_some(), "{span:?} is not inside the text or splits a character");
}

/// Every line that is not blank stands in the list exactly once, as the text breaks lines.
fn check_lines(text: &str, lines: &[model::LineClass]) {
    let mut expected = BTreeSet::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\u{feff}' | '\u{3000}');
        if !body.trim_matches(blank).is_empty() {
            expected.insert(Span::new(SourceId(0), start, start + body.len()));
        }
        start += line.len();
    }
    let found: Vec<Span> = lines.iter().map(|line| line.span).collect();
    let distinct: BTreeSet<Span> = found.iter().copied().collect();
    assert_eq!(found.len(), distinct.len(), "a line has two states");
    assert_eq!(distinct, expected, "in {text:?}");
    for span in found {
        check_span(text, span);
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_commands_are_read(text in command_soup()) {
        check(&text);
    }
}

proptest! {
    #![proptest_config(Config { cases: 80, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_damaged_configuration_is_read(text in mutated()) {
        check(&text);
    }

    /// A line that is taken away or spoiled never makes the device permit without a word.
    #[test]
    fn a_spoiled_line_is_reported(place in any::<prop::sample::Index>()) {
        let lines: Vec<&str> = ROUTER_B.lines().collect();
        let commands: Vec<usize> =
            (0..lines.len()).filter(|at| !lines[*at].starts_with('#')).collect();
        let spoiled = commands[place.index(commands.len())];
        let text: String = lines
            .iter()
            .enumerate()
            .map(|(at, line)| format!("{}{line}\n", if at == spoiled { "x" } else { "" }))
            .collect();
        let device = device(&text, &Readings::default());
        assert!(!device.lowered.node.gaps.is_empty());
        assert!(!device.lowered.diagnostics.is_empty());
        check(&text);
    }
}
