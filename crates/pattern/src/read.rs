//! Pages put together: `pattern.toml` with its family, its placement and the contract.

use diag::Text;

use crate::contract::{Asked, contract};
use crate::plan::{Installed, Plan, PlanFlow, PlanMachine, PlanRouter, PlanSession, SessionKind};
use crate::table::{self, Table};
use crate::{Basis, Edition, LineFact, Pattern, Placement, Requirement, clause};

const FAMILIES: [(&str, &str); 3] = [
    ("ip-vpn", include_str!("../families/ip-vpn.toml")),
    ("ipsec-router", include_str!("../families/ipsec-router.toml")),
    ("ipsec-soft", include_str!("../families/ipsec-soft.toml")),
];

const PLACEMENTS: [(&str, &str); 4] = [
    ("separate", include_str!("../placements/separate.toml")),
    ("one-terminal", include_str!("../placements/one-terminal.toml")),
    ("receipt-on-terminal", include_str!("../placements/receipt-on-terminal.toml")),
    ("terminal-on-receipt", include_str!("../placements/terminal-on-receipt.toml")),
];

/// All patterns of `files` (id, data), by page.
pub(crate) fn all<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Pattern> {
    let contract = contract();
    let mut patterns: Vec<Pattern> =
        files.map(|(id, data)| table::file(id, data, pattern)).collect();
    patterns.sort_by(|a, b| a.page.cmp(&b.page));
    let pages: Vec<Page> = patterns
        .iter()
        .map(|one| Page { page: one.page.clone(), line: one.line, clauses: one.clauses.clone() })
        .collect();
    for (pattern, page) in patterns.iter_mut().zip(&pages) {
        for asked in &contract {
            if pattern.requirements.iter().all(|one| one.property != asked.property) {
                pattern.requirements.extend(requirement(page, asked, &pages));
            }
        }
    }
    patterns
}

struct Page {
    page: String,
    line: LineFact,
    clauses: Vec<(String, Basis)>,
}

impl Page {
    fn basis(&self, clause: &str) -> Option<Basis> {
        self.clauses.iter().find(|(own, _)| own == clause).map(|(_, basis)| *basis)
    }
}

fn requirement(page: &Page, asked: &Asked, pages: &[Page]) -> Option<Requirement> {
    let is_here = |clause: &&String| page.basis(clause).is_some();
    let own: Vec<String> = asked.clauses.iter().filter(is_here).cloned().collect();
    let (clauses, basis) = match own.first().and_then(|first| page.basis(first)) {
        Some(basis) => (own, asked.basis.unwrap_or(basis)),
        None => (asked.clauses.clone(), asked.elsewhere(page.line)?),
    };
    // What is not on the page is cited from one that has it, of the same kind of line if there is.
    let cite = |clause: &String| {
        let has = |one: &&Page| one.basis(clause).is_some();
        let near = |one: &&Page| one.line == page.line && has(one);
        let strongest = |one: &&Page| one.basis(clause);
        let other = pages.iter().filter(near).min_by_key(strongest);
        let other = other.or_else(|| pages.iter().filter(has).min_by_key(strongest));
        let at = if page.basis(clause).is_some() { page } else { other.unwrap_or(page) };
        format!("{}/{clause}", at.page)
    };
    let mut editions: Vec<Edition> = clauses.iter().flat_map(|id| clause::editions(id)).collect();
    editions.sort();
    editions.dedup();
    Some(Requirement {
        property: asked.property,
        level: asked.level(basis),
        basis,
        cited: clauses.iter().map(cite).collect(),
        covers: asked.covers.iter().filter(is_here).cloned().collect(),
        clauses,
        editions,
        condition: asked.condition,
    })
}

fn pattern(page: Table<'_>) -> Pattern {
    let named = |files: &[(&'static str, &'static str)], key: &str| {
        let word = page.word(key);
        match files.iter().find(|(name, _)| *name == word) {
            Some(file) => *file,
            None => panic!("{}: unknown {key} `{word}`", page.word("id")),
        }
    };
    let installation = page.table("installation");
    let installed = |key: &str| {
        let table = installation?;
        table.maybe(key).map(|word| table.choose(&word, &Installed::WORDS))
    };
    let (family, family_data) = named(&FAMILIES, "family");
    let (placement, placement_data) = named(&PLACEMENTS, "placement");
    table::file(family, family_data, |family| {
        table::file(placement, placement_data, |placement| Pattern {
            id: page.word("id"),
            page: page.word("page"),
            title: title(family, placement),
            line: family.choice("line", &LineFact::WORDS),
            placement: placement.choice("id", &Placement::WORDS),
            figures: page.words("figures"),
            edge: installed("edge").expect("every page says where the edge router is from"),
            inside: installed("inside"),
            clauses: clauses(page),
            requirements: Vec::new(),
            plan: plan(family, placement),
        })
    })
}

fn title(family: Table<'_>, placement: Table<'_>) -> Text {
    let text = |table: Table<'_>| table.table("title").map(Table::text).unwrap_or_default();
    let (line, machines) = (text(family), text(placement));
    Text::new(format!("{}・{}", line.ja, machines.ja), format!("{}, {}", line.en, machines.en))
}

/// The clauses of the page in the order of the document.
fn clauses(page: Table<'_>) -> Vec<(String, Basis)> {
    let Some(table) = page.table("clauses") else { return Vec::new() };
    let mut found: Vec<(String, Basis)> = table
        .pairs()
        .into_iter()
        .map(|(id, word)| {
            assert!(clause::CLAUSES.contains(&id.as_str()), "there is no clause `{id}`");
            (id, table.choose(&word, &Basis::WORDS))
        })
        .collect();
    found.sort();
    found
}

fn plan(family: Table<'_>, placement: Table<'_>) -> Plan {
    let routers = placement.tables("router");
    let has_inner_lan = routers.len() > 1;
    let is_one_lan = family.word("lans") == "one";
    // Where a terminal needs one LAN only, its LAN is the edge's.
    let lan = |name: String| {
        let is_joined = is_one_lan && has_inner_lan && name == "edge-lan";
        if is_joined { "terminal-lan".to_owned() } else { name }
    };
    let lans = |table: Table<'_>| {
        let mut lans: Vec<String> = table.words("zones").into_iter().map(lan).collect();
        lans.dedup();
        lans
    };
    let routers: Vec<PlanRouter> = routers
        .into_iter()
        .map(|router| PlanRouter { role: router.word("role"), zones: lans(router) })
        .collect();
    let mut zones: Vec<String> = routers.iter().flat_map(|router| router.zones.clone()).collect();
    zones.dedup();
    let machines = placement.tables("machine").into_iter().map(|machine| PlanMachine {
        name: machine.word("name"),
        roles: machine.words("roles"),
        zones: lans(machine),
        certificates: machine.words("certificates"),
        is_many: machine.is("many"),
    });
    let machines: Vec<PlanMachine> = machines.collect();
    Plan {
        zones,
        routers,
        sessions: sessions(family, &machines),
        machines,
        flows: placement
            .tables("flow")
            .into_iter()
            .map(|flow| PlanFlow {
                from: flow.word("from"),
                to: flow.word("to"),
                is_required: flow.choice("is", &[("required", true), ("forbidden", false)]),
            })
            .collect(),
        has_ipv6: family.words("versions").iter().any(|version| version == "ipv6"),
    }
}

/// The sessions of the line; a machine with two of the roles opens one that leads to both.
fn sessions(family: Table<'_>, machines: &[PlanMachine]) -> Vec<PlanSession> {
    let mut sessions: Vec<PlanSession> = Vec::new();
    for session in family.tables("session") {
        let new = PlanSession {
            kind: session.choice("kind", &SessionKind::WORDS),
            by: session.word("by"),
            to: session.words("to"),
        };
        let is_same_machine = |known: &PlanSession| {
            let shares = |one: &PlanMachine| one.has_role(&known.by) && one.has_role(&new.by);
            known.kind == new.kind && machines.iter().any(shares)
        };
        match sessions.iter_mut().find(|known| is_same_machine(known)) {
            Some(known) => {
                known.to.extend(new.to);
                known.to.dedup();
            }
            None => sessions.push(new),
        }
    }
    sessions
}
