//! What holds for every input: no panic, one state per line, spans on character boundaries.

use device::{File, Input, Lowered};
use diag::{Sources, Span};
use model::{Gap, LineState, Origin, Readings};

use super::cases;

/// A small generator: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % below.max(1)
    }
}

/// Lowers `files` under both readings of everything and checks what always holds.
fn check(files: &[(String, String)]) {
    let mut sources = Sources::new();
    let ids: Vec<_> =
        files.iter().map(|(name, text)| sources.add(name.clone(), text.clone())).collect();
    let given: Vec<File<'_>> = files
        .iter()
        .zip(&ids)
        .map(|((name, text), source)| File { source: *source, name, text })
        .collect();
    let input = Input {
        name: "r",
        origin: Origin::Default(diag::Text::verbatim("test")),
        model: None,
        files: &given,
    };
    let vendor = device::vendor("linux").expect("the vendor is registered");
    let config = (vendor.parse)(&input);
    let mut strict = Readings::default();
    for one in vendor.assumptions {
        strict.take(one.id, one.readings[1].keyword);
    }
    for readings in [Readings::default(), strict] {
        let lowered = config.lower(&readings);
        every_line_has_one_state(&lowered, &sources);
        spans_fit(&lowered, &sources);
        gaps_and_lines_agree(&lowered);
        indices_exist(&lowered);
    }
    for (_, text) in files {
        assert!((vendor.detect)(text) <= 100);
    }
}

fn every_line_has_one_state(lowered: &Lowered, sources: &Sources) {
    let mut expected = Vec::new();
    for (id, file) in sources.iter() {
        for line in 1..=u32::try_from(file.line_count()).unwrap_or(u32::MAX) {
            if !file.line_text(line).trim().is_empty() {
                expected.push((id, line));
            }
        }
    }
    let place = |span: Span| (span.source, sources.file(span.source).line_of(span.start));
    let found: Vec<_> = lowered.node.lines.iter().map(|line| place(line.span)).collect();
    assert_eq!(found, expected);
}

fn spans_fit(lowered: &Lowered, sources: &Sources) {
    let fits = |span: Span| {
        let text = sources.file(span.source).text();
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    };
    let node = &lowered.node;
    node.lines.iter().for_each(|line| fits(line.span));
    node.gaps.iter().for_each(|gap| fits(gap.span));
    for one in &lowered.diagnostics {
        let labels = one.primary.iter().chain(&one.secondary);
        labels.for_each(|label| fits(label.span));
    }
    let origins = node.acls.iter().flat_map(|acl| &acl.entries).map(|entry| &entry.origin);
    origins.filter_map(Origin::span).for_each(fits);
}

/// A gap makes its lines not modelled, and no line is so without one.
fn gaps_and_lines_agree(lowered: &Lowered) {
    let node = &lowered.node;
    let meets = |gap: &Gap, span: Span| {
        let same = gap.span.source == span.source;
        same && gap.span.start <= span.end && span.start <= gap.span.end
    };
    for line in &node.lines {
        let has_gap = node.gaps.iter().any(|gap| meets(gap, line.span));
        if line.state == LineState::NotModelled {
            assert!(has_gap, "{line:?}");
        }
    }
    for gap in &node.gaps {
        let state = LineState::NotModelled;
        let is_counted = node.lines.iter().any(|line| line.state == state && meets(gap, line.span));
        assert!(is_counted || node.lines.is_empty() || gap.span.start == gap.span.end, "{gap:?}");
    }
}

fn indices_exist(lowered: &Lowered) {
    let node = &lowered.node;
    for entry in node.acls.iter().flat_map(|acl| &acl.entries) {
        match entry.action {
            model::Action::Call(list) | model::Action::Goto(list) => {
                let _ = node.acl(list);
            }
            _ => {}
        }
        for one in &entry.matches {
            let lists = [&one.in_interfaces, &one.out_interfaces];
            for index in lists.into_iter().flatten().flatten() {
                let _ = node.interface(*index);
            }
            let has_address = one.source.is_some() || one.destination.is_some();
            assert!(!has_address || one.family.is_some(), "an address without a family");
        }
    }
}

fn files_of_cases() -> Vec<Vec<(String, String)>> {
    cases::all().into_values().flatten().map(|case| case.files).collect()
}

#[test]
fn holds_for_every_case() {
    files_of_cases().iter().for_each(|files| check(files));
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..600 {
        let length = numbers.next(200);
        let bytes: Vec<u8> =
            (0..length).map(|_| u8::try_from(numbers.next(256)).unwrap_or(0)).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for name in ["a.nft", "a.net", "a.json", "a"] {
            check(&[(name.to_owned(), text.clone())]);
        }
    }
}

/// Words of the language in any order, some with characters of several bytes.
const WORDS: &[&str] = &[
    "table",
    "inet",
    "ip",
    "t",
    "{",
    "}",
    "chain",
    "c",
    "type",
    "filter",
    "hook",
    "forward",
    "priority",
    "0",
    ";",
    "\n",
    "policy",
    "drop",
    "accept",
    "ip",
    "saddr",
    "192.0.2.0/24",
    "tcp",
    "dport",
    "{",
    "80",
    ",",
    "}",
    "vmap",
    ":",
    "jump",
    "@s",
    "set",
    "elements",
    "=",
    "define",
    "$x",
    "x",
    "include",
    "\"a.nft\"",
    "ct",
    "state",
    "new",
    "meta",
    "mark",
    "limit",
    "rate",
    "-",
    ".",
    "*",
    "!=",
    "&",
    "|",
    "(",
    ")",
    "nat",
    "dnat",
    "to",
    "masquerade",
    "[",
    "]",
    "fwd",
    "lan0",
    "netdev",
    "ingress",
    "device",
    "bridge",
    "関所",
    "\\",
    "#",
    "\"",
    "2001:db8::/32",
    "interface",
    "address",
    "route",
    "default",
    "via",
    "service",
    "on",
    "ports",
    "log",
    "prefix",
    "reject",
    "with",
    "add",
    "rule",
    "flush",
    "ruleset",
    "delete",
    "element",
    "counter",
    "comment",
    "th",
];

#[test]
fn words_in_any_order_never_panic() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    for _ in 0..1500 {
        let count = numbers.next(60);
        let words: Vec<&str> = (0..count).map(|_| WORDS[numbers.next(WORDS.len())]).collect();
        let text = words.join(" ");
        for name in ["a.nft", "a.net"] {
            check(&[(name.to_owned(), text.clone())]);
        }
    }
}

#[test]
fn mutated_rulesets_never_panic() {
    let mut numbers = Numbers(0xdead_beef_cafe_f00d);
    for files in files_of_cases() {
        for _ in 0..40 {
            let mut files = files.clone();
            let chosen = numbers.next(files.len());
            let text = &mut files[chosen].1;
            let mut characters: Vec<char> = text.chars().collect();
            for _ in 0..=numbers.next(3) {
                let at = numbers.next(characters.len());
                match numbers.next(4) {
                    0 if !characters.is_empty() => drop(characters.remove(at)),
                    1 => characters.truncate(at),
                    2 => characters.insert(at, ['{', '}', '"', '関', '\n', '#'][numbers.next(6)]),
                    _ => {
                        let words: Vec<char> = WORDS[numbers.next(WORDS.len())].chars().collect();
                        characters.splice(at..at, words);
                    }
                }
            }
            *text = characters.into_iter().collect();
            check(&files);
        }
    }
}

#[test]
fn deep_and_wide_inputs_end_soon() {
    let nested = format!("define a = {}1{}", "{".repeat(50_000), "}".repeat(50_000));
    let mut laughs = "define a0 = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }\n".to_owned();
    for level in 1..12 {
        let before = format!("$a{}, ", level - 1).repeat(10);
        laughs.push_str(&format!("define a{level} = {{ {before} 1 }}\n"));
    }
    let mut calls = "table inet t {\n".to_owned();
    for level in 0..14 {
        let body = format!("jump c{}\n", level + 1).repeat(8);
        calls.push_str(&format!("chain c{level} {{\n{body}}}\n"));
    }
    calls.push_str("chain c14 {\nmeta mark 1 accept\n}\n");
    for kind in ["filter", "nat"] {
        let hook = format!("type {kind} hook prerouting priority 0\n jump c0\n}}\n");
        calls.push_str(&format!("chain b{kind} {{\n{hook}"));
    }
    calls.push_str("}\n");
    let mut chained = "define a0 = 22\n".to_owned();
    for level in 1..30_000 {
        chained.push_str(&format!("define a{level} = $a{}\n", level - 1));
    }
    chained.push_str("table inet t {\nchain c {\ntcp dport { $a29999 } accept\n}\n}\n");
    let including = |level: usize| {
        let text = format!("include \"./i{}.nft\"\n", level + 1).repeat(4);
        (format!("i{level}.nft"), if level < 13 { text } else { "define z = 1\n".to_owned() })
    };
    check(&(0..14).map(including).collect::<Vec<_>>());
    for text in
        [nested, laughs, calls, chained, "(".repeat(100_000), "include \"a.nft\"\n".repeat(50)]
    {
        check(&[("a.nft".to_owned(), text)]);
    }
}
