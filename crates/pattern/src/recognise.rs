//! Which pattern a site is, from facts that can be observed.

use diag::{Text, text};

use crate::{Pattern, patterns};

/// Kind of line, and for IPsec where the tunnel ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LineFact {
    /// A closed IP network of a carrier.
    IpVpn,
    /// IPsec with IKE, ended by a router.
    IpsecRouter,
    /// IPsec with IKE, ended by a terminal.
    IpsecTerminal,
}

impl LineFact {
    /// The words of pattern files.
    pub(crate) const WORDS: [(&'static str, Self); 3] = [
        ("ip-vpn", Self::IpVpn),
        ("ipsec-router", Self::IpsecRouter),
        ("ipsec-terminal", Self::IpsecTerminal),
    ];

    /// What it is, in words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::IpVpn => text!(ja: "IP-VPN 回線", en: "an IP-VPN line"),
            Self::IpsecRouter => {
                text!(ja: "ルータ終端の IPsec", en: "IPsec that a router ends")
            }
            Self::IpsecTerminal => {
                text!(ja: "端末終端の IPsec", en: "IPsec that a terminal ends")
            }
        }
    }
}

/// Which functions share a machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Placement {
    /// Claims computer, eligibility terminal and online-claims terminal are different machines.
    Separate,
    /// One machine is eligibility terminal and online-claims terminal.
    OneTerminal,
    /// The functions of the claims computer are installed on the eligibility terminal.
    ReceiptOnTerminal,
    /// The functions of the eligibility terminal are installed on the claims computer.
    TerminalOnReceipt,
}

impl Placement {
    /// The words of pattern files.
    pub(crate) const WORDS: [(&'static str, Self); 4] = [
        ("separate", Self::Separate),
        ("one-terminal", Self::OneTerminal),
        ("receipt-on-terminal", Self::ReceiptOnTerminal),
        ("terminal-on-receipt", Self::TerminalOnReceipt),
    ];

    /// As pattern files and flags write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Separate => "separate",
            Self::OneTerminal => "one-terminal",
            Self::ReceiptOnTerminal => "receipt-on-terminal",
            Self::TerminalOnReceipt => "terminal-on-receipt",
        }
    }

    /// All placements.
    pub const ALL: [Self; 4] =
        [Self::Separate, Self::OneTerminal, Self::ReceiptOnTerminal, Self::TerminalOnReceipt];

    /// What it is, in words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Separate => text!(
                ja: "レセコン・資格確認端末・オンライン請求端末が別の端末",
                en: "claims computer, eligibility terminal and online-claims terminal apart",
            ),
            Self::OneTerminal => text!(
                ja: "資格確認とオンライン請求が同じ端末",
                en: "eligibility and online claims on one machine",
            ),
            Self::ReceiptOnTerminal => text!(
                ja: "資格確認端末にレセコンの機能を搭載",
                en: "claims functions on the eligibility terminal",
            ),
            Self::TerminalOnReceipt => text!(
                ja: "レセコンに資格確認端末の機能を搭載",
                en: "terminal functions on the claims computer",
            ),
        }
    }

    /// Whether one machine is claims computer and eligibility terminal.
    #[must_use]
    pub fn is_merged(self) -> bool {
        matches!(self, Self::ReceiptOnTerminal | Self::TerminalOnReceipt)
    }
}

/// What can be seen of a site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Its line; `None` if the site file does not say.
    pub line: Option<LineFact>,
    /// The placements that it can be: none if no page draws it, several if what is written leaves
    /// it open.
    pub placements: Vec<Placement>,
    /// Where no page draws it: how the functions are placed, in words.
    pub placed: Option<Text>,
}

/// A fact in which a site differs from a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mismatch {
    /// The line: that of the pattern, and that of the site, if it is known.
    Line(LineFact, Option<LineFact>),
    /// How functions are placed in the pattern, and the nearest that the site can be.
    Placement(Placement, Option<Placement>),
    /// How functions are placed in the pattern, and on a site that no page draws.
    Odd(Placement, Text),
}

impl Mismatch {
    /// What the pattern has.
    #[must_use]
    pub fn wanted(&self) -> Text {
        match self {
            Self::Line(wanted, _) => wanted.title(),
            Self::Placement(wanted, _) | Self::Odd(wanted, _) => wanted.title(),
        }
    }

    /// What the site has; `None` if it is not known.
    #[must_use]
    pub fn found(&self) -> Option<Text> {
        match self {
            Self::Line(_, found) => found.map(LineFact::title),
            Self::Placement(_, found) => found.map(Placement::title),
            Self::Odd(_, found) => Some(found.clone()),
        }
    }
}

/// A pattern, and in what a site differs from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recognised {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// The differences; none if the site can be of this pattern.
    pub mismatches: Vec<Mismatch>,
}

/// All patterns with their differences from a site, the nearest first, else by page.
#[must_use]
pub fn recognise(facts: &Facts) -> Vec<Recognised> {
    let compare = |pattern: &'static Pattern| {
        let mut mismatches = Vec::new();
        if facts.line != Some(pattern.line) {
            mismatches.push(Mismatch::Line(pattern.line, facts.line));
        }
        if !facts.placements.contains(&pattern.placement) {
            let wanted = pattern.placement;
            let nearest = facts.placements.first().copied();
            mismatches.push(match &facts.placed {
                Some(odd) if nearest.is_none() => Mismatch::Odd(wanted, odd.clone()),
                _ => Mismatch::Placement(wanted, nearest),
            });
        }
        Recognised { pattern, mismatches }
    };
    let mut found: Vec<Recognised> = patterns().iter().map(compare).collect();
    found.sort_by_key(|one| one.mismatches.len());
    found
}
