//! The vendor's words to the model. Every default becomes explicit here, with its origin.

mod backup;
mod dial_in;
mod division;
mod filters;
mod interfaces;
mod ipsec;
mod lists;
mod matches;
mod nat;
mod neighbours;
mod prefixes;
mod product;
mod proxy;
mod reading;
mod relays;
mod routes;
mod services;
mod sizes;

use std::collections::{BTreeMap, BTreeSet};

use diag::{Diagnostic, Span, Text, text};
use model::{
    Acl, AclIndex, Assumption, AssumptionUse, Effects, Family, Gap, InterfaceIndex, LineClass,
    LineState, Node, NodeKind, Origin, Product, Readings,
};

pub(super) use self::reading::Meant;
use super::config::{Body, Command, IfName, RtxConfig};
use super::models;
use super::parse::not_modelled;
use super::settings::{self, Settings};
use crate::Lowered;

/// What is built up, whatever the readings are.
struct Lowering<'c> {
    config: &'c RtxConfig,
    settings: Settings<'c>,
    meant: Meant,
    /// Its lists are the guards of routes only.
    node: Node,
    index: BTreeMap<IfName, InterfaceIndex>,
    /// Commands that were read but turned out not to be modelled.
    open: BTreeSet<Span>,
    diagnostics: Vec<Diagnostic>,
    /// Commands that matter only beside others, which are there.
    deciding: BTreeSet<Span>,
    /// Filters that a list or a route uses.
    used: BTreeSet<(Family, u32)>,
    used_dynamics: BTreeSet<(Family, u32)>,
}

/// The meaning of `config`.
pub(super) fn lower(config: &RtxConfig, readings: &Readings) -> Lowered {
    config.meant.get_or_init(|| meant(config)).under(readings)
}

/// What `config` means under every reading.
fn meant(config: &RtxConfig) -> Meant {
    let mut settings = settings::settle(config);
    let mut diagnostics = config.diagnostics.clone();
    diagnostics.append(&mut settings.diagnostics);
    let mut node = Node::new(config.name.clone(), NodeKind::Router, config.origin.clone());
    node.product = Some(Product {
        vendor: super::VENDOR.name,
        heading: config.heading.clone(),
        pppoe_pass_through: settings
            .pass_through
            .map(|(_, line)| line)
            .filter(|_| models::model_of(config.model.as_deref()).has_pass_through),
    });
    let mut lowering = Lowering {
        config,
        settings,
        meant: Meant::default(),
        node,
        index: BTreeMap::new(),
        open: BTreeSet::new(),
        diagnostics,
        deciding: BTreeSet::new(),
        used: BTreeSet::new(),
        used_dynamics: BTreeSet::new(),
    };
    lowering.interfaces();
    lowering.coverage();
    lowering.delegations();
    lowering.taken_back();
    lowering.forwarding();
    lowering.filters();
    lowering.bare();
    lowering.translations();
    lowering.ipsec();
    lowering.remote_access();
    lowering.routes();
    lowering.backups();
    lowering.proxies();
    lowering.sizes();
    lowering.neighbours();
    lowering.relays();
    lowering.services();
    lowering.names();
    lowering.unused();
    lowering.finish()
}

impl Lowering<'_> {
    fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn interface(&self, name: IfName) -> Option<InterfaceIndex> {
        self.index.get(&name).copied()
    }

    fn add_acl(&mut self, acl: Acl) -> AclIndex {
        let index = AclIndex(u32::try_from(self.node.acls.len()).unwrap_or(u32::MAX));
        self.node.acls.push(acl.into());
        index
    }

    /// Records that the meaning rests on `assumption`, first met at `span`.
    fn assume(&mut self, assumption: &'static Assumption, span: Span) {
        if !self.node.assumptions.iter().any(|used| used.assumption.id == assumption.id) {
            self.node.assumptions.push(AssumptionUse { assumption, span: Some(span) });
        }
    }

    /// The command at `span` is not modelled after all.
    fn gap(&mut self, span: Span, what: Text, effects: Effects) {
        self.scoped_gap(span, what, effects, None, None);
    }

    fn scoped_gap(
        &mut self,
        span: Span,
        what: Text,
        effects: Effects,
        interface: Option<IfName>,
        family: Option<Family>,
    ) {
        self.open.insert(span);
        let interface = interface.and_then(|name| self.interface(name));
        self.node.gaps.push(Gap { span, what, effects, interface, family });
    }

    /// Commands that take back what is not there: something was meant that is not known.
    fn taken_back(&mut self) {
        for (what, span) in std::mem::take(&mut self.settings.doubts) {
            self.gap(span, what, Effects::ALL);
        }
    }

    fn forwarding(&mut self) {
        for family in Family::ALL {
            let said = self.settings.routing[family as usize];
            self.node.forwarding[family as usize] = match said {
                Some((on, span)) => (on, Origin::Written(span)),
                None => (
                    true,
                    Origin::Default(match family {
                        Family::V4 => text!(
                            ja: "`ip routing` の初期値は on です",
                            en: "`ip routing` is on by default",
                        ),
                        Family::V6 => text!(
                            ja: "`ipv6 routing` の初期値は on です",
                            en: "`ipv6 routing` is on by default",
                        ),
                    }),
                ),
            };
        }
    }

    /// Notes about what is defined and used nowhere.
    fn unused(&mut self) {
        let filters = self.settings.filters.values().filter_map(|(filter, _)| {
            let key = (filter.family, filter.number);
            (!self.used.contains(&key)).then_some((filter.number, filter.number_span))
        });
        let dynamics = self.settings.dynamics.values().filter_map(|(dynamic, _)| {
            let key = (dynamic.family, dynamic.number);
            (!self.used_dynamics.contains(&key)).then_some((dynamic.number, dynamic.number_span))
        });
        let unused: Vec<_> = filters.chain(dynamics).collect();
        for (number, span) in unused {
            self.say(
                Diagnostic::note(
                    "R123",
                    text!(
                        ja: "フィルター {number} はどこにも適用されていません",
                        en: "filter {number} is applied nowhere",
                        number = number,
                    ),
                )
                .at(span),
            );
        }
    }

    fn finish(mut self) -> Meant {
        for statement in &self.config.statements {
            let state = match &statement.body {
                // What limits sizes matters only where the message about them does not come.
                Body::Command(
                    Command::Unreachable(true)
                    | Command::MssLimit(..)
                    | Command::NoPppoeMssLimit(_)
                    | Command::AlwaysOn(..),
                ) if self.settings.untold.is_none() && !self.deciding.contains(&statement.span) => {
                    LineState::Irrelevant
                }
                Body::Command(_) if self.open.contains(&statement.span) => LineState::NotModelled,
                // What holds anyway.
                Body::Command(Command::ProxyArp(_, false) | Command::Backup(_, None)) => {
                    LineState::Irrelevant
                }
                Body::Command(Command::DialIn(word)) if self.is_idle(word) => LineState::Irrelevant,
                Body::Command(_) => LineState::Modelled,
                Body::Irrelevant => LineState::Irrelevant,
                Body::Unmodelled(gap) => {
                    let interface = gap.interface.and_then(|name| self.index.get(&name).copied());
                    self.node.gaps.push(Gap {
                        span: statement.span,
                        what: gap.what.clone(),
                        effects: gap.effects,
                        interface,
                        family: gap.family,
                    });
                    self.diagnostics.extend(gap.diagnostic.clone());
                    LineState::NotModelled
                }
            };
            self.node.lines.push(LineClass { span: statement.line, state });
        }
        for (place, line) in &self.config.more_lines {
            let state = self.node.lines.get(*place).map_or(LineState::NotModelled, |one| one.state);
            self.node.lines.push(LineClass { span: *line, state });
        }
        self.node.lines.sort_by_key(|line| line.span);
        self.node.gaps.sort_by_key(|gap| gap.span);
        self.diagnostics.sort_by_key(|one| {
            let span = one.primary.as_ref().map(|label| label.span);
            (span.is_none(), span, one.code)
        });
        self.meant.lowered = Some(Lowered { node: self.node, diagnostics: self.diagnostics });
        self.meant.index = self.index;
        self.meant
    }
}
