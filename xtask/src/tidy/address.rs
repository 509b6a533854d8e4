//! Addresses in examples, cases and tests: only those that are reserved for documentation, or
//! that mean the same everywhere. An address that somebody uses must never stand there.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Finding;
use crate::source;

/// Documentation, and what means the same in every network.
const OPEN: [(Ipv4Addr, u32); 7] = [
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Also wildcard masks such as 0.0.0.255.
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(255, 0, 0, 0), 8),
];
/// Ranges that a filter may name in order to refuse them.
const BOGONS: [(Ipv4Addr, u32); 6] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
];
const OPEN_V6: [(Ipv6Addr, u32); 6] = [
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    // `::` and `::1`.
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0), 127),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
];
const REFUSALS: [&str; 3] = ["reject", "drop", "deny"];
const HELP: &str = "write a documentation address, or give the reason in xtask/tidy-allow.txt";

/// True for examples, cases and tests.
pub(super) fn is_in_scope(file: &str) -> bool {
    let mut folders: Vec<&str> = file.split('/').collect();
    let name = folders.pop().unwrap_or_default();
    name == "cases.md" || folders.iter().any(|it| matches!(*it, "examples" | "cases" | "tests"))
}

pub(super) fn check(file: &str, content: &str) -> Vec<Finding> {
    // Rust paths such as `Add::add` read like addresses: only quoted text is looked at.
    let quoted = file.ends_with(".rs").then(|| source::quoted_only(content));
    let mut findings = Vec::new();
    for (index, line) in quoted.as_deref().unwrap_or(content).lines().enumerate() {
        let is_refusal = REFUSALS.iter().any(|word| line.contains(word));
        for word in words(line) {
            if is_foreign(word, is_refusal) {
                let what = format!("`{word}` may be somebody's address");
                findings.push(Finding::new("address", file, index + 1, &what, HELP));
            }
        }
    }
    findings
}

/// Parts of a line that may be an address: no sign inside but `.`, `:` and `_`.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let is_break = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | ':' | '_');
    line.split(is_break).filter(|word| word.len() > 2)
}

fn is_foreign(word: &str, is_refusal: bool) -> bool {
    // `198.51.100.1:445`, `from:198.51.100.1` and the end of a sentence.
    for part in word.split(':') {
        if let Ok(address) = part.trim_matches('.').parse::<Ipv4Addr>() {
            return is_foreign_v4(address, is_refusal);
        }
    }
    let address = word.parse::<Ipv6Addr>();
    let address = address.or_else(|_| word.trim_end_matches('.').parse());
    let address = address.or_else(|_| word.strip_suffix(':').unwrap_or(word).parse::<Ipv6Addr>());
    address.is_ok_and(|address| is_foreign_v6(address, word))
}

fn is_foreign_v4(address: Ipv4Addr, is_refusal: bool) -> bool {
    let is_in = |(network, length): &(Ipv4Addr, u32)| {
        (address.to_bits() ^ network.to_bits()).leading_zeros() >= *length
    };
    !(OPEN.iter().any(is_in) || is_refusal && BOGONS.iter().any(is_in))
}

fn is_foreign_v6(address: Ipv6Addr, word: &str) -> bool {
    let is_in = |(network, length): &(Ipv6Addr, u32)| {
        (address.to_bits() ^ network.to_bits()).leading_zeros() >= *length
    };
    // `2000::` is how a filter writes all of the global address space.
    !OPEN_V6.iter().any(is_in) && word != "2000::"
}
