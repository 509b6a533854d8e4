//! One-line changes of a configuration, as a slip of the hand makes them.

/// A changed text.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    /// What was done, and to which line.
    pub(crate) what: String,
    /// The text after it.
    pub(crate) text: String,
}

/// Words that a hand easily puts in the place of each other.
const NEAR: [(&str, &str); 18] = [
    ("pass", "reject"),
    ("pass-nolog", "reject-log"),
    ("in", "out"),
    ("lan1", "lan2"),
    ("on", "off"),
    ("tcp", "udp"),
    ("ip", "ipv6"),
    ("any", "none"),
    ("host", "service"),
    ("established", "tcp"),
    ("established,related", "new"),
    ("dynamic", "static"),
    ("accept", "drop"),
    ("saddr", "daddr"),
    ("sport", "dport"),
    ("iifname", "oifname"),
    ("forward", "input"),
    ("client", "server"),
];

/// How often each line is copied elsewhere.
const COPIES: u64 = 2;

/// Numbers that are the same in every run (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `end`, or 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap_or(0)
    }

    /// Any one of `list`.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

/// All mutants of `text`; lines that are blank or a remark stay as they are.
pub(crate) fn mutants(text: &str, dice: &mut Dice) -> Vec<Mutant> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    let mut add = |what: String, lines: Vec<String>| {
        let changed: String = lines.iter().map(|line| format!("{line}\n")).collect();
        if changed != text {
            all.push(Mutant { what, text: changed });
        }
    };
    let owned = || lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let place = format!("line {} `{}`", at + 1, line.trim());
        let mut without = owned();
        without.remove(at);
        add(format!("deletes {place}"), without);
        for _ in 0..COPIES {
            let to = dice.below(lines.len() + 1);
            let mut doubled = owned();
            doubled.insert(to, (*line).to_owned());
            add(format!("copies {place} before line {}", to + 1), doubled);
        }
        if at + 1 < lines.len() {
            let mut swapped = owned();
            swapped.swap(at, at + 1);
            add(format!("swaps {place} with the next"), swapped);
        }
        for garbled in garbled(line, dice) {
            let mut changed = owned();
            add(format!("turns {place} into `{}`", garbled.trim()), {
                changed[at] = garbled;
                changed
            });
        }
    }
    all
}

/// `line` with one of its words garbled, for each word.
fn garbled(line: &str, dice: &mut Dice) -> Vec<String> {
    let mut all = Vec::new();
    let mut start = 0;
    for word in line.split_inclusive([' ', '\t']) {
        let bare = word.trim_end();
        let end = start + bare.len();
        let with = |new: &str| format!("{}{new}{}", &line[..start], &line[end..]);
        if !bare.is_empty() {
            let places: Vec<usize> = bare.char_indices().map(|(at, _)| at).collect();
            let at = dice.pick(&places).copied().unwrap_or(0);
            let mut shorter = bare.to_owned();
            shorter.remove(at);
            all.push(with(&shorter));
            let digits: Vec<usize> =
                bare.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
            if let Some(at) = dice.pick(&digits).copied() {
                let digit = dice.below(10).to_string();
                all.push(with(&format!("{}{digit}{}", &bare[..at], &bare[at + 1..])));
            }
            for (one, other) in NEAR.iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
                if bare == *one {
                    all.push(with(other));
                }
            }
        }
        start += word.len();
    }
    all
}
