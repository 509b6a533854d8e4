//! The answers in the words of the site: line, placement, machines.

use diag::{Text, text};
use pattern::{LineFact, Pattern, Placement};

use crate::Answers;
use crate::check::{Host, read_hosts};

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
    pub(crate) line: LineFact,
    pub(crate) placement: Placement,
    pub(crate) eligibility: Method,
    pub(crate) claims: Method,
    /// Whether a router opens the PPPoE sessions, and not the machines.
    pub(crate) is_dialled_by_router: bool,
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
        let line = match (answers.get("line"), answers.get("endpoint")) {
            (Some("ipsec"), Some("terminal")) => LineFact::IpsecTerminal,
            (Some("ipsec"), _) => LineFact::IpsecRouter,
            _ => LineFact::IpVpn,
        };
        let word = answers.get("placement").unwrap_or_default();
        let placement = Placement::ALL.into_iter().find(|placement| placement.word() == word);
        let hosts = |key| answers.get(key).and_then(|text| read_hosts(text).ok());
        Ok(Self {
            answers,
            line,
            placement: placement.unwrap_or(Placement::Separate),
            eligibility: method(answers.get("eligibility")),
            claims: method(answers.get("claims")),
            is_dialled_by_router: crate::conversation::is_behind_pppoe(answers),
            receipts: hosts("receipt-address").unwrap_or_default(),
            terminals: hosts("terminal-address").unwrap_or_default(),
        })
    }

    /// Id of the reference pattern.
    pub(crate) fn pattern(&self) -> &'static str {
        let is_meant = |one: &&Pattern| one.line == self.line && one.placement == self.placement;
        // INVARIANT: there is a page for every kind of line and every placement.
        pattern::patterns().iter().find(is_meant).map_or("", |one| one.id.as_str())
    }

    /// The networks outside that PPPoE sessions carry, for a machine that is there for eligibility
    /// and claims, or for one of them.
    pub(crate) fn pppoe_nets(&self, has_eligibility: bool, has_claims: bool) -> Vec<&'static str> {
        let mut nets = Vec::new();
        if self.line == LineFact::IpVpn && has_eligibility && self.eligibility == Method::Pppoe {
            nets.push("eligibility-net");
        }
        if self.line == LineFact::IpVpn && has_claims && self.claims == Method::Pppoe {
            nets.push("claims-net");
        }
        nets
    }

    /// How receipt files get to an online-claims terminal of its own by the LAN, if they do.
    pub(crate) fn receipt_files(&self) -> Option<&str> {
        self.answers.get("receipt-files").filter(|way| *way != "media")
    }

    /// Whether claims are sent, and nobody said yet by which machine.
    pub(crate) fn is_claims_machine_open(&self) -> bool {
        self.claims != Method::None && self.answers.get("claims-machine").is_none()
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
    /// Answers for line, what ends IPsec and placement at once, by the id of a pattern or its page.
    ///
    /// # Errors
    /// The text lists the ids.
    pub fn put_pattern(&mut self, id: &str) -> Result<(), Text> {
        let written = site::half_width(id.trim());
        let is_meant = |one: &&Pattern| {
            one.id.eq_ignore_ascii_case(&written) || one.page.eq_ignore_ascii_case(&written)
        };
        let Some(known) = pattern::patterns().iter().find(is_meant) else {
            let ids: Vec<&str> = pattern::patterns().iter().map(|one| one.id.as_str()).collect();
            return Err(text!(
                ja: "パターン `{id}` はありません。{known} のどれかを書いてください",
                en: "there is no pattern `{id}`; write one of {known}",
                id = id, known = ids.join(", "),
            ));
        };
        self.put("line", if known.line == LineFact::IpVpn { "ip-vpn" } else { "ipsec" })?;
        match known.line {
            LineFact::IpVpn => {}
            LineFact::IpsecRouter => self.put("endpoint", "router")?,
            LineFact::IpsecTerminal => self.put("endpoint", "terminal")?,
        }
        self.put("placement", known.placement.word())
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
