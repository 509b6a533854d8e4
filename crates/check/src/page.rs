//! What a page of the reference document, a property or a clause is, in words, from the data.

use diag::{Severity, Text, text};
use pattern::{
    Basis, CLAUSES, Condition, Edition, Pattern, PlanMachine, PlanSession, Property, Requirement,
    patterns,
};

use crate::code::{Explained, Topic};

/// What the page, pattern id, property or clause `wanted` is; upper and lower case are the same.
pub(crate) fn explain(wanted: &str) -> Option<Explained> {
    let is_meant = |own: &str| own.eq_ignore_ascii_case(wanted);
    let page = patterns().iter().find(|one| is_meant(&one.page) || is_meant(&one.id));
    let property = Property::ALL.into_iter().find(|one| is_meant(one.name()));
    let clause = CLAUSES.into_iter().find(|one| is_meant(one));
    page.map(explain_page)
        .or_else(|| property.map(explain_property))
        .or_else(|| clause.map(explain_clause))
}

/// Every page, property and clause with its name, for a list.
#[must_use]
pub fn pages() -> Vec<Explained> {
    let pages = patterns().iter().map(explain_page);
    let properties = Property::ALL.into_iter().map(explain_property);
    pages.chain(properties).chain(CLAUSES.into_iter().map(explain_clause)).collect()
}

/// Lines in both languages.
#[derive(Default)]
struct Lines(Vec<Text>);

impl Lines {
    fn text(self) -> Text {
        let join =
            |pick: fn(&Text) -> &str| self.0.iter().map(pick).collect::<Vec<&str>>().join("\n");
        Text::new(join(|line| &line.ja), join(|line| &line.en))
    }

    /// A heading with an empty line before it.
    fn head(&mut self, head: Text) {
        self.0.push(Text::default());
        self.0.push(head);
    }
}

fn explain_page(page: &'static Pattern) -> Explained {
    let mut lines = Lines::default();
    lines.0.push(text!(
        ja: "{line}。{placement}。",
        en: "{line}; {placement}.",
        line = page.line.title(), placement = page.placement.title(),
    ));
    if !page.figures.is_empty() {
        lines.0.push(text!(
            ja: "技術解説書1.0版の図 {figures} に対応します。",
            en: "It takes up figure {figures} of the technical guide 1.0.",
            figures = page.figures.join(", "),
        ));
    }
    lines.head(text!(ja: "機器:", en: "machines:"));
    lines.0.extend(page.plan.machines.iter().map(machine));
    lines.head(text!(ja: "ルータ:", en: "routers:"));
    for router in &page.plan.routers {
        let from = if router.role == "router-a" { page.inside } else { Some(page.edge) };
        lines.0.push(text!(
            ja: "- {role}（{zones} の間）: {from}",
            en: "- {role}, between {zones}: {from}",
            role = router.role, zones = router.zones.join(", "),
            from = from.map(pattern::Installed::title).unwrap_or_default(),
        ));
    }
    lines.head(text!(ja: "回線上の通信:", en: "over the line:"));
    lines.0.extend(page.plan.sessions.iter().map(session));
    if !page.plan.flows.is_empty() {
        lines.head(text!(ja: "院内の通信:", en: "inside:"));
    }
    for flow in &page.plan.flows {
        lines.0.push(match flow.is_required {
            true => text!(
                ja: "- {from} から {to} へは必要",
                en: "- from {from} to {to} is needed",
                from = flow.from, to = flow.to,
            ),
            false => text!(
                ja: "- {from} から {to} へは拒否",
                en: "- from {from} to {to} is denied",
                from = flow.from, to = flow.to,
            ),
        });
    }
    lines.head(text!(ja: "求めること:", en: "what it asks:"));
    lines.0.extend(page.requirements.iter().map(requirement));
    let decisions = pattern::decisions();
    let own = decisions.iter().filter(|one| one.pages.contains(&page.page));
    lines.head(text!(
        ja: "資料が決めていないことの扱い:", en: "decisions on what the document leaves open:",
    ));
    lines.0.extend(own.map(|one| {
        text!(
            ja: "- {number}: {text}", en: "- {number}: {text}",
            number = one.number, text = one.text,
        )
    }));
    let statement = Some(page.title.clone());
    let topic = Topic::Page;
    Explained { code: &page.page, name: page.id.clone(), topic, statement, text: lines.text() }
}

fn machine(machine: &PlanMachine) -> Text {
    let (roles, zones) = (machine.roles.join(", "), machine.zones.join(", "));
    match machine.is_many {
        true => text!(
            ja: "- {roles}（一台以上、NIC: {zones}）",
            en: "- {roles} (one or more; interfaces: {zones})",
            roles = roles, zones = zones,
        ),
        false => text!(
            ja: "- {roles}（NIC: {zones}）",
            en: "- {roles} (interfaces: {zones})",
            roles = roles, zones = zones,
        ),
    }
}

fn session(session: &PlanSession) -> Text {
    text!(
        ja: "- {kind}: {by} から {to} へ",
        en: "- {kind}: from {by} to {to}",
        kind = session.kind.name(), by = session.by, to = session.to.join(", "),
    )
}

fn level(level: Severity) -> Text {
    match level {
        Severity::Error => text!(ja: "必須", en: "error"),
        Severity::Warning => text!(ja: "警告", en: "warning"),
        Severity::Note => text!(ja: "参考", en: "note"),
    }
}

fn basis(basis: Basis) -> Text {
    match basis {
        Basis::Explicit => text!(ja: "明記", en: "explicit"),
        Basis::Weaker => text!(ja: "弱い明記", en: "weaker"),
        Basis::Inferred => text!(ja: "推定", en: "inferred"),
        Basis::Advice => text!(ja: "助言", en: "advice"),
    }
}

fn requirement(one: &Requirement) -> Text {
    let codes = rules(one.property).join(", ");
    text!(
        ja: "- {property}（{level}・{basis}、{cited}{when}）{title} [{codes}]",
        en: "- {property} ({level}, {basis}, {cited}{when}) {title} [{codes}]",
        property = one.property.name(), level = level(one.level), basis = basis(one.basis),
        cited = one.cited.join(", "), when = when(one), title = one.property.title(),
        codes = codes,
    )
}

/// Of which sites and in which editions only.
fn when(one: &Requirement) -> Text {
    let is_old = one.editions == [Edition::Y2021];
    match (one.condition, is_old) {
        (Some(Condition::Server), _) => text!(ja: "、サーバ等がある場合", en: ", with servers"),
        (Some(Condition::ClaimsTerminal), _) => {
            text!(ja: "、オンライン請求端末が別の場合", en: ", with a claims terminal of its own")
        }
        (None, true) => text!(ja: "、2021 年版のみ", en: ", edition 2021 only"),
        (None, false) => Text::default(),
    }
}

/// Codes of the rules that decide `property`; a dash where there is none.
fn rules(property: Property) -> Vec<&'static str> {
    let rules = rule::rules().into_iter().filter(|rule| rule.property == property);
    let codes: Vec<&'static str> = rules.map(|rule| rule.code).collect();
    if codes.is_empty() { vec!["-"] } else { codes }
}

fn explain_property(property: Property) -> Explained {
    let mut lines = Lines::default();
    lines.0.push(text!(
        ja: "次のページが求めます（判定するルール: {rules}）。",
        en: "asked by these pages, decided by {rules}:",
        rules = rules(property).join(", "),
    ));
    for page in patterns() {
        let asked = page.requirements.iter().find(|one| one.property == property);
        lines.0.extend(asked.map(|one| {
            text!(
                ja: "- {page} {id}: {level}・{basis}、{cited}{when}",
                en: "- {page} {id}: {level}, {basis}, {cited}{when}",
                page = page.page, id = page.id, level = level(one.level),
                basis = basis(one.basis), cited = one.cited.join(", "), when = when(one),
            )
        }));
    }
    let statement = Some(property.title());
    let name = rules(property).join(" ");
    let topic = Topic::Property;
    Explained { code: property.name(), name, topic, statement, text: lines.text() }
}

fn explain_clause(id: &'static str) -> Explained {
    let mut lines = Lines::default();
    let editions = pattern::editions(id);
    let words: Vec<(Edition, Text)> =
        editions.iter().filter_map(|one| Some((*one, pattern::clause(id, *one)?))).collect();
    let is_same = words.windows(2).all(|pair| pair[0].1 == pair[1].1);
    for (edition, words) in words.iter().filter(|_| !is_same) {
        lines.0.push(text!(
            ja: "{edition} 年版: {words}", en: "edition {edition}: {words}",
            edition = edition.name(), words = *words,
        ));
    }
    lines.0.push(text!(ja: "書かれているページ:", en: "pages that say it:"));
    for page in patterns() {
        let Some(how) = page.basis(id) else { continue };
        let decides = page
            .requirements
            .iter()
            .filter(|one| one.clauses.iter().chain(&one.covers).any(|own| own == id));
        let by: Vec<String> = decides
            .map(|one| format!("{} ({})", one.property.name(), rules(one.property).join(", ")))
            .collect();
        lines.0.push(text!(
            ja: "- {page} {name}: {how}、判定: {by}",
            en: "- {page} {name}: {how}, decided by {by}",
            page = page.page, name = page.id, how = basis(how), by = by.join(", "),
        ));
    }
    let statement = words.into_iter().next_back().map(|(_, words)| words);
    let name = editions.iter().map(|one| one.name()).collect::<Vec<&str>>().join(" ");
    Explained { code: id, name, topic: Topic::Clause, statement, text: lines.text() }
}
