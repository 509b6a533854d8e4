//! The machines, routers, LANs, sessions and flows that a page draws.

use diag::{Text, text};

/// What a page draws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// LANs from the claims computers outwards, the wire to the ONU last.
    pub zones: Vec<String>,
    /// Routers from the inside outwards.
    pub routers: Vec<PlanRouter>,
    /// Machines.
    pub machines: Vec<PlanMachine>,
    /// Sessions over the line.
    pub sessions: Vec<PlanSession>,
    /// Sessions inside the site.
    pub flows: Vec<PlanFlow>,
    /// Whether IPv6 goes over the line, too.
    pub has_ipv6: bool,
}

/// A router that a page draws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanRouter {
    /// Its role, as site files write it.
    pub role: String,
    /// The LANs that it joins, the inner one first.
    pub zones: Vec<String>,
}

/// A machine that a page draws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanMachine {
    /// A name for it.
    pub name: String,
    /// Its roles, as site files write them.
    pub roles: Vec<String>,
    /// LANs of its interfaces, one for each.
    pub zones: Vec<String>,
    /// What its certificates have to cover, as site files write it.
    pub certificates: Vec<String>,
    /// Whether there may be several.
    pub is_many: bool,
}

/// A session over the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanSession {
    /// How.
    pub kind: SessionKind,
    /// The role that opens it, or `edge` for the router at the line.
    pub by: String,
    /// The networks that it leads to, as site files write them.
    pub to: Vec<String>,
}

/// How a session over the line is carried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SessionKind {
    /// IP packets on the line itself.
    Ipoe,
    /// A PPPoE session that a machine opens.
    Pppoe,
    /// An IPsec tunnel.
    Ipsec,
}

impl SessionKind {
    /// The words of family files.
    pub(crate) const WORDS: [(&'static str, Self); 3] =
        [("ipoe", Self::Ipoe), ("pppoe", Self::Pppoe), ("ipsec", Self::Ipsec)];

    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipoe => "IPoE",
            Self::Pppoe => "PPPoE",
            Self::Ipsec => "IPsec",
        }
    }
}

/// Sessions between two roles inside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanFlow {
    /// Who opens them.
    pub from: String,
    /// Who answers.
    pub to: String,
    /// Whether they must work; else they must be impossible.
    pub is_required: bool,
}

/// Whether a router is brought in or there (R25).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Installed {
    /// It is brought in.
    New,
    /// It is there.
    Existing,
    /// It is there, and its settings are confirmed.
    Confirm,
    /// It is brought in where there is none.
    NewIfMissing,
    /// One that is there or a new one.
    ExistingOrNew,
}

impl Installed {
    /// The words of pattern files.
    pub(crate) const WORDS: [(&'static str, Self); 5] = [
        ("new", Self::New),
        ("existing", Self::Existing),
        ("confirm", Self::Confirm),
        ("new-if-missing", Self::NewIfMissing),
        ("existing-or-new", Self::ExistingOrNew),
    ];

    /// In words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::New => text!(ja: "新規に導入する", en: "brought in"),
            Self::Existing => text!(ja: "現存するものを使う", en: "the one that is there"),
            Self::Confirm => {
                text!(ja: "現存するものの設定を確認する", en: "there; its settings are confirmed")
            }
            Self::NewIfMissing => {
                text!(ja: "設置がなければ新規に導入する", en: "brought in where there is none")
            }
            Self::ExistingOrNew => {
                text!(ja: "現存または新規のもの", en: "one that is there, or a new one")
            }
        }
    }
}

impl Plan {
    /// The machine that is the eligibility terminal.
    ///
    /// # Panics
    /// Never: every placement has one.
    #[must_use]
    pub fn terminal(&self) -> &PlanMachine {
        let terminal =
            self.machines.iter().find(|machine| machine.has_role("eligibility-terminal"));
        terminal.expect("every placement has an eligibility terminal")
    }
}

impl PlanMachine {
    /// Whether it has this role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }
}
