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
    /// One machine is claims computer and eligibility terminal.
    Merged,
}

impl Placement {
    /// The words of pattern files.
    pub(crate) const WORDS: [(&'static str, Self); 3] = [
        ("separate", Self::Separate),
        ("one-terminal", Self::OneTerminal),
        ("merged", Self::Merged),
    ];

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
            Self::Merged => text!(
                ja: "レセコンと資格確認端末が同じ端末",
                en: "claims computer and eligibility terminal on one machine",
            ),
        }
    }
}

/// What can be seen of a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Its line; `None` if the site file does not say.
    pub line: Option<LineFact>,
    /// Its placement; `None` if no machine has a role to tell by.
    pub placement: Option<Placement>,
}

/// A fact in which a site differs from a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// What the pattern has.
    pub wanted: Text,
    /// What the site has; `None` if it is not known.
    pub found: Option<Text>,
}

/// A pattern, and in what a site differs from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recognised {
    /// The pattern.
    pub pattern: Pattern,
    /// The differences; none if the site is of this pattern.
    pub mismatches: Vec<Mismatch>,
}

/// All patterns with their differences from a site, the nearest first.
#[must_use]
pub fn recognise(facts: &Facts) -> Vec<Recognised> {
    let mut found: Vec<Recognised> = patterns()
        .into_iter()
        .map(|pattern| {
            let mut mismatches = Vec::new();
            if facts.line != Some(pattern.line) {
                mismatches.push(Mismatch {
                    wanted: pattern.line.title(),
                    found: facts.line.map(LineFact::title),
                });
            }
            if facts.placement != Some(pattern.placement) {
                mismatches.push(Mismatch {
                    wanted: pattern.placement.title(),
                    found: facts.placement.map(Placement::title),
                });
            }
            Recognised { pattern, mismatches }
        })
        .collect();
    found.sort_by_key(|one| one.mismatches.len());
    found
}
