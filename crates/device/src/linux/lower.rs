//! A Linux router's configuration to the model; the only place that translates.

mod chain;
mod condition;
pub(super) mod effect;
mod field;
mod flag;
mod frame;
mod hook;
pub(super) mod interface;
mod ipsec;
mod line;
pub(super) mod name;
mod narrow;
mod nat;
mod need;
mod number;
mod outcome;
mod own_address;
mod own_route;
mod related;
mod remote;
mod report;
mod source;
mod verdict_map;
mod wire;
mod word;

use std::collections::BTreeSet;
use std::sync::Arc;

use diag::{Span, text};
use model::{
    AssumptionUse, Effects, Family, Gap, InterfaceKind, Match, Node, NodeKind, Origin, Product,
    Ranges, Readings, Rewrite, Service, ServiceKind, protocol,
};

use self::chain::Lists;
use self::effect::{ALL, DENY, LOSS, TRANSLATE};
use self::field::Scope;
use self::report::Report;
use super::assumption::{BRIDGED, FORWARDING, HEARD, LISTING, LOOSE};
use super::config::{Facts, Hook, Router, Statement, Table};
use crate::Lowered;

pub(super) use self::remote::{is_far, is_made};

/// The meaning of `router` under `readings`.
pub(super) fn router(router: &Router, readings: &Readings) -> Lowered {
    let mut node = Node::new(router.name.clone(), NodeKind::Router, router.origin.clone());
    node.product =
        Some(Product { vendor: super::VENDOR.name, heading: None, pppoe_pass_through: None });
    // Linux `fib_add_ifaddr`: they stand in the table `local`, whatever a packet comes in by.
    node.takes_every_broadcast = true;
    let source = router.files.first().map_or(diag::SourceId(0), |file| file.source);
    let mut report = Report::new(Span::new(source, 0, 0));
    forwarding(router, readings, &mut node);
    interface::interfaces(router, &mut node, &mut report);
    ipsec::tunnels(router, readings, &mut node, &mut report);
    own_route::overruled(router, readings, &mut node, &mut report);
    let interfaces = node.interfaces.iter().map(|one| one.name.clone()).collect();
    let has_header = |kind: InterfaceKind| {
        matches!(kind, InterfaceKind::Port | InterfaceKind::Bridge | InterfaceKind::Vlan { .. })
    };
    let is_xfrm = |name: &String| router.facts.xfrm.iter().any(|(known, ..)| known == name);
    let may_have_header =
        |one: &model::Interface| one.kind == InterfaceKind::Tunnel && !is_xfrm(&one.name);
    let perhaps = node.interfaces().filter(|(_, one)| may_have_header(one));
    let scope = Scope {
        tables: &router.tables,
        interfaces,
        perhaps_ethernet: perhaps.map(|(index, _)| index).collect(),
        ethernet: node
            .interfaces()
            .filter(|(_, one)| has_header(one.kind))
            .map(|(i, _)| i)
            .collect(),
        open_sets: open_sets(&router.tables),
        redirected: Vec::new(),
        plain_rules: plain_rules(&router.facts),
        readings,
    };
    let mut lists = Lists::new(scope, report);
    if hook::reads_status(&lists) {
        lists.scope.redirected = redirected(&lists.scope, &node);
    }
    hook::pipelines(&mut lists, &mut node);
    frame::frames(&mut lists, &mut node, &router.facts);
    bridged(router, &mut lists, readings, &mut node);
    frame::tagged(&mut lists, readings, &mut node);
    node.acls = std::mem::take(&mut lists.acls).into_iter().map(Arc::new).collect();
    services(&router.facts, &mut node);
    listing(router, readings, &mut node, &mut lists.report);
    unheard(router, readings, &mut node, &mut lists.report);
    remote::openings(router, &mut lists.report);
    related::leaks(&node, &mut lists.report);
    need::dropped(&node, router.notes.limits_segments, &mut lists.report);
    source::checks(router, readings, &mut node, &mut lists.report);
    let Lists { report, .. } = lists;
    if let Some(span) = report.loose {
        node.assumptions.push(AssumptionUse { assumption: &LOOSE, span: Some(span) });
    }
    node.assumptions.sort_by_key(|one| one.assumption.id);
    node.gaps = gaps(router, &report);
    node.lines = line::classes(router, &report, &node.gaps);
    let mut diagnostics = router.notes.diagnostics.clone();
    diagnostics.extend(report.diagnostics);
    diagnostics.sort_by_key(|one| {
        let place = one.primary.as_ref().map(|label| label.span);
        (place.map(|span| (span.source, span.start, span.end)), one.code)
    });
    Lowered { node, diagnostics }
}

/// Whether the kernel forwards: declared, or L-A1.
fn forwarding(router: &Router, readings: &Readings, node: &mut Node) {
    let mut is_open = false;
    for family in Family::ALL {
        let declared = router.facts.forwarding[family as usize];
        node.forwarding[family as usize] = match declared {
            Some((is_on, span)) => (is_on, Origin::Written(span)),
            None => {
                is_open = true;
                let origin = Origin::Default(text!(
                    ja: "転送の有無が書かれていません（L-A1）",
                    en: "whether it forwards is not written (L-A1)",
                ));
                (readings.of(&FORWARDING) == "on", origin)
            }
        };
    }
    if is_open {
        node.assumptions.push(AssumptionUse { assumption: &FORWARDING, span: None });
    }
}

/// Whether the rules of routing are known for each family, and are those that the kernel begins
/// with. A file without the rule for `default` is that of IPv6 if IPv4 has one of its own.
fn plain_rules(facts: &Facts) -> [bool; 2] {
    let is_v4 = facts.rules.contains(&true);
    let mut plain = [false; 2];
    plain[Family::V4 as usize] = is_v4;
    plain[Family::V6 as usize] = is_v4 && facts.rules.contains(&false);
    plain
}

/// Sets whose elements a ruleset does not tell: those with the flags `dynamic` or `timeout`,
/// those that rules fill, and those that are empty, which somebody must fill.
fn open_sets(tables: &[Table]) -> BTreeSet<(usize, String)> {
    let mut found = BTreeSet::new();
    for (index, table) in tables.iter().enumerate() {
        let is_open = |set: &&super::config::Set| set.is_dynamic || set.elements.is_empty();
        found.extend(table.sets.iter().filter(is_open).map(|set| (index, set.name.clone())));
        let rules = table.chains.iter().flat_map(|chain| &chain.rules);
        found.extend(rules.flat_map(|rule| &rule.statements).filter_map(|one| match one {
            Statement::Update(name) => Some((index, name.clone())),
            _ => None,
        }));
    }
    found
}

/// Packets after a translation of their destination.
fn redirected(scope: &Scope<'_>, node: &Node) -> Vec<Match> {
    let scope = Scope {
        interfaces: scope.interfaces.clone(),
        ethernet: scope.ethernet.clone(),
        perhaps_ethernet: scope.perhaps_ethernet.clone(),
        open_sets: scope.open_sets.clone(),
        redirected: vec![Match::any()],
        ..*scope
    };
    let mut trial = node.clone();
    let mut lists = Lists::new(scope, Report::new(Span::new(diag::SourceId(0), 0, 0)));
    hook::pipelines(&mut lists, &mut trial);
    // A translation that is not in the model may lead anywhere.
    let translates = Effects::of(TRANSLATE);
    if lists.report.gaps.iter().any(|gap| gap.effects.meets(translates)) {
        return vec![Match::any()];
    }
    let rules = trial.translations.iter().flat_map(|one| &one.rules);
    rules
        .filter_map(|rule| match rule.rewrite {
            Rewrite::Destination(address, _) => Some(Match {
                destination: Some(Ranges::one(Family::number(address))),
                ..Match::family(Family::of(address))
            }),
            _ => None,
        })
        .collect()
}

/// L-A9, where a ruleset can be a listing only.
fn listing(router: &Router, readings: &Readings, node: &mut Node, report: &mut Report) {
    let Some(span) = router.notes.listing else { return };
    node.assumptions.push(AssumptionUse { assumption: &LISTING, span: Some(span) });
    if readings.of(&LISTING) == "file" {
        report.go_to(span);
        let what = text!(ja: "nft が読み込まないファイル", en: "a file that nft does not load");
        report.gap(what, ALL, (None, None));
    }
}

/// L-A11, where settings say that the kernel does not learn what the files say is learned.
fn unheard(router: &Router, readings: &Readings, node: &mut Node, report: &mut Report) {
    for span in super::setting::unheard(&router.facts) {
        node.assumptions.push(AssumptionUse { assumption: &HEARD, span: Some(span) });
        if readings.of(&HEARD) == "kernel" {
            report.go_to(span);
            let what = text!(
                ja: "カーネルが使わないルータ広告",
                en: "router advertisements that the kernel does not use",
            );
            report.gap(what, LOSS, (None, Some(Family::V6)));
        }
    }
}

/// L-A3, where a bridge and a chain of packets are both there, unless settings answer it.
fn bridged(router: &Router, lists: &mut Lists<'_>, readings: &Readings, node: &mut Node) {
    let hooks = [Hook::Prerouting, Hook::Forward, Hook::Postrouting];
    let found = hooks
        .iter()
        .flat_map(|hook| hook::base_chains(lists, *hook, hook::is_packet_family))
        .map(|(_, _, base)| base.span)
        .next();
    let has_bridge = node.interfaces().any(|(index, _)| frame::is_foot(node, index));
    let Some(span) = found.filter(|_| has_bridge) else { return };
    let told = router.facts.settings.bridged();
    if told.is_none() {
        node.assumptions.push(AssumptionUse { assumption: &BRIDGED, span: Some(span) });
    }
    if !told.map_or_else(|| readings.of(&BRIDGED) == "on", |(is_on, _)| is_on) {
        return;
    }
    let span = told.map_or(span, |(_, span)| span);
    lists.report.go_to(span);
    let what = text!(
        ja: "ブリッジで中継するフレームへの inet の規則",
        en: "rules of inet applied to relayed frames",
    );
    let effects = if node.translations.is_empty() { DENY } else { DENY_AND_TRANSLATE };
    let headline = text!(ja: "{what}はモデルにありません", en: "{what} are not modelled",
        what = what);
    lists.report.say(span, diag::Diagnostic::warning("P208", headline));
    lists.report.gap(what, effects, (None, None));
}

const DENY_AND_TRANSLATE: &[model::Effect] = &[model::Effect::Deny, model::Effect::Translate];

fn services(facts: &Facts, node: &mut Node) {
    if facts.listeners.is_empty() && facts.has_no_listener.is_none() {
        let transport =
            [protocol::TCP, protocol::UDP].map(|one| (u128::from(one), u128::from(one)));
        let any = Match { protocol: Some(Ranges::of(transport)), ..Match::any() };
        node.services.push(Service {
            name: "unknown listener".to_owned(),
            kind: ServiceKind::Management,
            admits: vec![any],
            origin: Origin::Default(text!(
                ja: "待ち受けるサービスが書かれていないため、すべてのポートで待ち受けるとみなし\
                     ます",
                en: "no service is written, so every port is taken for a listener",
            )),
        });
    }
    for one in &facts.listeners {
        let base = Match {
            protocol: Some(Ranges::one(one.protocol)),
            destination_port: Some(Ranges::span(one.ports.0, one.ports.1)),
            ..Match::any()
        };
        let from = one.from.iter().map(|net| Match {
            family: Some(net.family()),
            source: Some(net.ranges()),
            ..base.clone()
        });
        let mut admits: Vec<Match> = from.collect();
        if admits.is_empty() {
            admits.push(base);
        }
        let (name, origin) = (one.name.clone(), Origin::Written(one.span));
        node.services.push(Service { name, kind: one.kind, admits, origin });
    }
}

/// What reading and lowering could not put into the model.
fn gaps(router: &Router, report: &Report) -> Vec<Gap> {
    let read = router.notes.gaps.iter().map(|gap| Gap {
        span: gap.span,
        what: gap.what.clone(),
        effects: Effects::of(gap.effects),
        interface: None,
        family: gap.family,
    });
    let mut all: Vec<Gap> = read.chain(report.gaps.iter().cloned()).collect();
    all.sort_by_key(|gap| (gap.span.source, gap.span.start, gap.span.end));
    all
}
