//! The answers in the words of the site: line, placement, machines.

use diag::{Text, text};

use crate::Answers;
use crate::check::{Host, read_hosts};

/// Kind of line, and for IPsec what ends the tunnel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    IpVpn,
    IpsecRouter,
    IpsecTerminal,
}

/// Which functions share a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Placement {
    Separate,
    OneTerminal,
    ReceiptOnTerminal,
    TerminalOnReceipt,
}

/// Families with their part of a pattern's id.
const FAMILIES: [(&str, Family); 3] = [
    ("ipvpn", Family::IpVpn),
    ("ipsec-router", Family::IpsecRouter),
    ("ipsec-soft", Family::IpsecTerminal),
];

/// Placements with their word, which is also their part of a pattern's id.
const PLACEMENTS: [(&str, Placement); 4] = [
    ("separate", Placement::Separate),
    ("one-terminal", Placement::OneTerminal),
    ("receipt-on-terminal", Placement::ReceiptOnTerminal),
    ("terminal-on-receipt", Placement::TerminalOnReceipt),
];

/// How something is carried over an IP-VPN line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    Ipoe,
    Pppoe,
    /// It is not done at all.
    None,
    /// Nobody said so yet.
    Open,
}

/// What the answers come to.
pub(crate) struct Plan<'a> {
    pub(crate) answers: &'a Answers,
    pub(crate) family: Family,
    pub(crate) placement: Placement,
    pub(crate) eligibility: Method,
    pub(crate) claims: Method,
    pub(crate) receipts: Vec<Host>,
    pub(crate) terminals: Vec<Host>,
}

impl<'a> Plan<'a> {
    /// Reads the answers.
    ///
    /// # Errors
    /// The text names the questions without whose answers there is no plan.
    pub(crate) fn new(answers: &'a Answers) -> Result<Self, Text> {
        let missing: Vec<&str> = crate::relevant(answers)
            .filter(|question| !question.may_stay_open && answers.get(question.key).is_none())
            .map(|question| question.key)
            .collect();
        if !missing.is_empty() {
            let flags: Vec<String> = missing.iter().map(|key| format!("--{key}")).collect();
            return Err(text!(
                ja: "{flags} の答えがないと作れません。端末で実行すると質問します。`--pattern` は\
                     回線と置き方をまとめて答えます",
                en: "an answer to {flags} is needed; on a terminal the questions are put, and \
                     `--pattern` answers for line and placement at once",
                flags = flags.join(", "),
            ));
        }
        let family = match (answers.get("line"), answers.get("endpoint")) {
            (Some("ipsec"), Some("terminal")) => Family::IpsecTerminal,
            (Some("ipsec"), _) => Family::IpsecRouter,
            _ => Family::IpVpn,
        };
        let word = answers.get("placement").unwrap_or_default();
        let placement = PLACEMENTS.iter().find(|(own, _)| *own == word);
        let hosts = |key| answers.get(key).and_then(|text| read_hosts(text).ok());
        Ok(Self {
            answers,
            family,
            placement: placement.map_or(Placement::Separate, |(_, placement)| *placement),
            eligibility: method(answers.get("eligibility")),
            claims: method(answers.get("claims")),
            receipts: hosts("receipt-address").unwrap_or_default(),
            terminals: hosts("terminal-address").unwrap_or_default(),
        })
    }

    /// Id of the reference pattern.
    pub(crate) fn pattern(&self) -> String {
        let family = FAMILIES.iter().find(|(_, family)| *family == self.family);
        let placement = PLACEMENTS.iter().find(|(_, placement)| *placement == self.placement);
        let word = |found: Option<&'static str>| found.unwrap_or_default();
        format!("{}.{}", word(family.map(|one| one.0)), word(placement.map(|one| one.0)))
    }

    /// Whether claims computer and eligibility terminal are one machine.
    pub(crate) fn is_merged(&self) -> bool {
        matches!(self.placement, Placement::ReceiptOnTerminal | Placement::TerminalOnReceipt)
    }

    /// Whether a machine of its own sends claims.
    pub(crate) fn has_claims_machine(&self) -> bool {
        let is_own = match self.placement {
            Placement::Separate => true,
            Placement::OneTerminal => false,
            _ => self.answers.is("claims-machine", "own"),
        };
        is_own && self.claims != Method::None
    }

    /// Whether the eligibility terminal sends claims too.
    pub(crate) fn claims_on_terminal(&self) -> bool {
        let is_same = match self.placement {
            Placement::Separate => false,
            Placement::OneTerminal => true,
            _ => self.answers.is("claims-machine", "same"),
        };
        is_same && self.claims != Method::None
    }
}

impl Answers {
    /// Answers for line, what ends IPsec and placement at once, by the id of a pattern.
    ///
    /// # Errors
    /// The text lists the ids.
    pub fn put_pattern(&mut self, id: &str) -> Result<(), Text> {
        let known = id.split_once('.').and_then(|(family, placement)| {
            let (_, family) = FAMILIES.iter().find(|(own, _)| *own == family)?;
            let (placement, _) = PLACEMENTS.iter().find(|(own, _)| *own == placement)?;
            Some((*family, *placement))
        });
        let Some((family, placement)) = known else {
            let ids: Vec<String> = FAMILIES
                .iter()
                .flat_map(|(family, _)| {
                    PLACEMENTS.iter().map(move |(placement, _)| format!("{family}.{placement}"))
                })
                .collect();
            return Err(text!(
                ja: "パターン `{id}` はありません。{known} のどれかを書いてください",
                en: "there is no pattern `{id}`; write one of {known}",
                id = id, known = ids.join(", "),
            ));
        };
        self.put("line", if family == Family::IpVpn { "ip-vpn" } else { "ipsec" })?;
        match family {
            Family::IpVpn => {}
            Family::IpsecRouter => self.put("endpoint", "router")?,
            Family::IpsecTerminal => self.put("endpoint", "terminal")?,
        }
        self.put("placement", placement)
    }
}

fn method(word: Option<&str>) -> Method {
    match word {
        Some("ipoe") => Method::Ipoe,
        Some("pppoe") => Method::Pppoe,
        Some("none") => Method::None,
        _ => Method::Open,
    }
}
