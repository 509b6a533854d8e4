//! What is known of a site beside its network: its machines, the facts about them, the day, and
//! what the page says. Rules about it read no packet.

use diag::{Span, Text, text};
use lifecycle::Evidence;
use model::{Date, NodeId};
use pack::Facts;
use pattern::Property;
use site::{Machine, Role, Site};

use crate::guilt::{Guilt, Suspect};
use crate::judgement::Judgement;
use crate::{Rule, Scene};

/// A site beside its network.
pub struct House<'a> {
    /// The site file.
    pub site: &'a Site,
    /// Facts that may be used for it.
    pub library: Library<'a>,
    /// The day of the judgement; without it nothing that depends on it is proved.
    pub today: Option<Date>,
    /// Edition of the reference document, such as `2021`.
    pub edition: &'a str,
    /// What the page cites for each property that it asks.
    pub clauses: Vec<(Property, Vec<String>)>,
    /// For each file of evidence of deletion that the site file names, it or why not.
    ///
    /// # Shape
    /// As many as `evidence` of `[deletion]` has, in its order.
    pub evidence: Vec<Result<Evidence, Text>>,
}

/// Facts out of packs, for rules that declare that they read them.
#[derive(Clone, Copy)]
pub struct Library<'a>(&'a Facts);

impl<'a> Library<'a> {
    /// These facts.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Self {
        Self(facts)
    }

    /// The facts, for `rule`.
    ///
    /// # Panics
    /// If the rule does not declare that it reads packs: it would stay proved while one of them
    /// cannot be read.
    pub(crate) fn of(self, rule: &Rule) -> &'a Facts {
        assert!(rule.reads_packs, "{} reads packs and does not declare it", rule.code);
        self.0
    }
}

/// Who knows something that the site file does not say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Who {
    /// Who set the machines and routers up.
    Installer,
    /// Who sells and keeps the claims system.
    SystemVendor,
    /// Who runs the access line.
    LineProvider,
    /// The portal of the ministry for medical institutions.
    Portal,
    /// The institution itself.
    Hospital,
}

impl Who {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 5] =
        [Self::Installer, Self::SystemVendor, Self::LineProvider, Self::Portal, Self::Hospital];

    /// The word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Installer => "installer",
            Self::SystemVendor => "system-vendor",
            Self::LineProvider => "line-provider",
            Self::Portal => "portal",
            Self::Hospital => "hospital",
        }
    }

    /// Who it is, in words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Installer => text!(ja: "設置業者", en: "the installer"),
            Self::SystemVendor => text!(ja: "システムベンダ", en: "the system vendor"),
            Self::LineProvider => text!(ja: "回線事業者", en: "the line provider"),
            Self::Portal => text!(
                ja: "医療機関等向け総合ポータルサイト",
                en: "the ministry's portal for medical institutions",
            ),
            Self::Hospital => text!(ja: "医療機関・薬局", en: "the institution itself"),
        }
    }
}

/// Something to ask somebody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Question {
    /// Who knows it.
    pub who: Who,
    /// What to ask.
    pub text: Text,
}

impl House<'_> {
    /// The clauses that the page cites for `property`.
    #[must_use]
    pub fn clauses(&self, property: Property) -> &[String] {
        let own = self.clauses.iter().find(|(one, _)| *one == property);
        own.map_or(&[], |(_, clauses)| clauses)
    }

    /// Whether the page cites `clause` for `property`.
    pub(crate) fn cites(&self, property: Property, clause: &str) -> bool {
        self.clauses(property).iter().any(|own| own == clause)
    }

    /// The eligibility terminals.
    pub(crate) fn terminals(&self) -> impl Iterator<Item = &Machine> {
        self.site.machines.iter().filter(|one| one.has_role(Role::EligibilityTerminal))
    }

    /// The statement that a site without a terminal cannot be judged; empty if it has one.
    pub(crate) fn without_terminal(&self, requirement: &Text) -> Vec<Judgement> {
        if self.terminals().next().is_some() {
            return Vec::new();
        }
        let headline = not_proved(requirement);
        let reason = text!(
            ja: "サイトファイルに資格確認端末がありません",
            en: "the site file names no eligibility terminal",
        );
        vec![Judgement::unknown(headline, reason, None).advise(text!(
            ja: "資格確認端末の `roles` に `eligibility-terminal` を書いてください",
            en: "write `eligibility-terminal` in the `roles` of the terminal",
        ))]
    }

    /// The day, or the statement that it is needed.
    pub(crate) fn day(&self, requirement: &Text) -> Result<Date, Vec<Judgement>> {
        self.today.ok_or_else(|| {
            let reason = text!(
                ja: "判定する日が分かりません", en: "the day of the judgement is not known",
            );
            vec![Judgement::unknown(not_proved(requirement), reason, None).advise(text!(
                ja: "`--on 2026-12-01` のように日を指定してください",
                en: "give the day, such as `--on 2026-12-01`",
            ))]
        })
    }
}

/// What is known beside the network, or the statement that nothing is.
pub(crate) fn of<'a>(
    scene: &'a Scene<'_>,
    requirement: &Text,
) -> Result<&'a House<'a>, Vec<Judgement>> {
    scene.house.ok_or_else(|| {
        let reason = text!(
            ja: "機器そのものについて何も分かりません",
            en: "nothing is known of the machines themselves",
        );
        vec![Judgement::unknown(not_proved(requirement), reason, None)]
    })
}

/// The headline of what cannot be proved at all.
pub(crate) fn not_proved(requirement: &Text) -> Text {
    text!(
        ja: "「{requirement}」を証明できません",
        en: "not proved: {requirement}",
        requirement = *requirement,
    )
}

/// The place of something in the site file.
pub(crate) fn at(span: Span, text: Text) -> Guilt {
    Guilt { primary: Some(Suspect { span: Some(span), text }), others: Vec::new() }
}

/// Adds a further place.
pub(crate) fn and(mut guilt: Guilt, span: Span, text: Text) -> Guilt {
    guilt.others.push(Suspect { span: Some(span), text });
    guilt
}

/// Where a fact comes from.
pub(crate) fn source(provenance: &pack::Provenance) -> Text {
    text!(
        ja: "出典: {source}（{read} 確認）",
        en: "source: {source} (read on {read})",
        source = provenance.source, read = provenance.read,
    )
}

/// That it is not known whether `machine` closes itself, where the site file does not say so: what
/// `refuted` states holds unless it does.
pub(crate) fn unless_closed(scene: &Scene<'_>, machine: NodeId, refuted: Judgement) -> Judgement {
    let name = scene.name(machine);
    let site = scene.house.map(|house| house.site);
    let written = site.and_then(|site| site.machine(name)).filter(|one| one.firewall.is_none());
    let Some(written) = written else { return refuted };
    let reason = text!(ja: "`firewall` がありません", en: "there is no `firewall`");
    let headline = text!(
        ja: "`{machine}` が自分のファイアウォールで閉じているか分かりません",
        en: "it is not known whether `{machine}` is closed by its own firewall",
        machine = name,
    );
    let unknown = Judgement::unknown(headline, reason, Some(written.name.span));
    Judgement { notes: refuted.notes, helps: refuted.helps, subjects: refuted.subjects, ..unknown }
        .ask(
            Who::Installer,
            text!(
                ja: "`{machine}` 自身のファイアウォールが着信を閉じているか",
                en: "whether the own firewall of `{machine}` is closed to what comes in",
                machine = name,
            ),
        )
}
