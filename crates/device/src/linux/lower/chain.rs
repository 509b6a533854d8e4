//! Chains of filters to lists.

use std::collections::BTreeMap;

use diag::{Diagnostic, Span, Text, text};
use model::{
    Acl, AclIndex, Action, Effect, Entry, Family, InterfaceIndex, Match, Origin, Ranges, protocol,
};

use super::condition::{Bounds, Doubt};
use super::effect::{ALL, DECIDE, DENY, PERMIT, ROUTE};
use super::field::{Place, Scope, Seen};
use super::outcome;
use super::report::Report;
use crate::registry::linux::config::{Chain, Hook, Rule, Statement, TableFamily, Value, Verdict};

/// Deepest jump that the kernel accepts, `NFT_JUMP_STACK_SIZE`.
// LIMIT: reported as R155.
const MAX_JUMPS: usize = 16;

/// Port of the name service.
const NAMES: u16 = 53;

/// Types of echo requests in ICMP and ICMPv6.
const ECHO_REQUESTS: [(u8, u16); 2] = [(protocol::ICMP, 8), (protocol::ICMPV6, 128)];

/// Whether packets to the router that fulfil `one` serve whoever looks after it, and no flow of the
/// site: TCP other than the name service, and echo requests.
fn is_needless(one: &Match) -> bool {
    let is = |ranges: &Option<Ranges>, value: u16| *ranges == Some(Ranges::one(value));
    let is_echo = |(number, kind): &(u8, u16)| {
        is(&one.protocol, u16::from(*number)) && is(&one.source_port, *kind)
    };
    let ports = one.destination_port.as_ref();
    let has_other_port = ports.is_some_and(|ports| !ports.contains(u128::from(NAMES)));
    is(&one.protocol, u16::from(protocol::TCP)) && has_other_port
        || ECHO_REQUESTS.iter().any(is_echo)
}

/// What a list is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Purpose {
    /// It decides which packets go on to the next hook.
    Pass,
    /// It decides which frames `fwd` sends to this interface.
    Relay(String),
}

/// Turns chains into lists.
pub(super) struct Lists<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) report: Report,
    pub(super) acls: Vec<Acl>,
    made: BTreeMap<(Place, Purpose, String), AclIndex>,
    /// Whether a list can permit and whether it can deny.
    outcomes: BTreeMap<AclIndex, (bool, bool)>,
    trail: Vec<String>,
    /// Whether the base chain is about packets to the router itself.
    is_input: bool,
}

/// A rule as far as it has been read from left to right.
pub(super) struct Reading<'a> {
    pub(super) bounds: Bounds,
    /// The first part that is not known exactly.
    pub(super) doubt: Option<(Span, &'static str, Text)>,
    /// Whether nothing but how many packets came before is not known.
    pub(super) is_rate: bool,
    /// The rules of the chain behind it.
    pub(super) behind: &'a [Rule],
    /// Whether another element of the same verdict map may let packets pass.
    pub(super) beside_permits: bool,
}

impl<'a> Lists<'a> {
    pub(super) fn new(scope: Scope<'a>, report: Report) -> Self {
        Self {
            scope,
            report,
            acls: Vec::new(),
            made: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            trail: Vec::new(),
            is_input: false,
        }
    }

    /// The list of a base chain.
    pub(super) fn base(&mut self, place: Place, chain: &'a Chain, purpose: &Purpose) -> AclIndex {
        let table = &self.scope.tables[place.table];
        let hook = chain.name.clone();
        let name = format!("{} {} {hook}", super::word::family(table.family), table.name);
        let default = match (&chain.base, purpose) {
            (Some(base), Purpose::Pass) if !base.drops => Action::Permit,
            _ => Action::Deny,
        };
        let default_origin = match &chain.base {
            Some(base) if base.has_policy => Origin::Written(base.span),
            Some(base) => Origin::Implied(
                base.span,
                text!(
                    ja: "policy がないため accept です",
                    en: "without a policy the chain accepts",
                ),
            ),
            None => Origin::Written(chain.span),
        };
        self.is_input = chain.base.as_ref().is_some_and(|base| base.hook == Hook::Input);
        let entries = self.rules(place, chain, purpose);
        self.add(Acl { name, entries, default, default_origin })
    }

    pub(super) fn add(&mut self, acl: Acl) -> AclIndex {
        self.acls.push(acl);
        AclIndex(u32::try_from(self.acls.len() - 1).unwrap_or(u32::MAX))
    }

    fn rules(&mut self, place: Place, chain: &'a Chain, purpose: &Purpose) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (number, rule) in chain.rules.iter().enumerate() {
            self.report.go_to(rule.span);
            let behind = &chain.rules[number + 1..];
            self.rule(place, (rule, behind), purpose, &mut entries);
            if outcome::is_last(&self.scope.tables[place.table], rule) {
                self.report.irrelevant.extend(behind.iter().map(|rule| rule.span));
                break;
            }
        }
        entries
    }

    /// The list of a chain that rules jump to; `None` after it was reported.
    fn regular(
        &mut self,
        place: Place,
        name: &str,
        span: Span,
        purpose: &Purpose,
    ) -> Option<AclIndex> {
        let key = (place, purpose.clone(), name.to_owned());
        if let Some(known) = self.made.get(&key) {
            return Some(*known);
        }
        let table = &self.scope.tables[place.table];
        let found = table.chains.iter().find(|one| one.name == name && one.base.is_none());
        let is_loop = self.trail.iter().any(|one| one == name);
        let Some(chain) = found.filter(|_| !is_loop && self.trail.len() < MAX_JUMPS) else {
            self.refuse_jump(name, span, found.is_some());
            return None;
        };
        let here = self.report.here();
        self.trail.push(name.to_owned());
        let entries = self.rules(place, chain, purpose);
        self.trail.pop();
        self.report.go_to(here);
        let default_origin = Origin::Implied(
            chain.span,
            text!(ja: "呼び出し元に戻ります", en: "it returns to the chain that called it"),
        );
        let name = format!("{} {} {name}", super::word::family(table.family), table.name);
        let index = self.add(Acl { name, entries, default: Action::Return, default_origin });
        let outcomes = self.outcomes(index);
        self.outcomes.insert(index, outcomes);
        self.made.insert(key, index);
        Some(index)
    }

    fn refuse_jump(&mut self, name: &str, span: Span, is_defined: bool) {
        let diagnostic = if is_defined {
            Diagnostic::error(
                "R155",
                text!(
                    ja: "`{name}` への移動が循環しているか、{limit} 段を超えています",
                    en: "the jump to `{name}` goes round in a circle or deeper than {limit}",
                    name = name, limit = MAX_JUMPS,
                ),
            )
        } else {
            Diagnostic::error(
                "R151",
                text!(
                    ja: "チェイン `{name}` は定義されていません",
                    en: "the chain `{name}` is not defined",
                    name = name,
                ),
            )
        };
        let why = text!(
            ja: "nft はこのファイル全体を読み込みません",
            en: "nft loads nothing of this file",
        );
        self.report.say(span, diagnostic.because(why));
        let what = text!(ja: "移動先のないチェイン", en: "a jump that leads nowhere");
        self.report.gap(what, ALL, (None, None));
    }

    fn rule(
        &mut self,
        place: Place,
        (rule, behind): (&'a Rule, &'a [Rule]),
        purpose: &Purpose,
        entries: &mut Vec<Entry>,
    ) {
        let (bounds, beside_permits) = (Bounds::always(), false);
        let mut reading = Reading { bounds, doubt: None, is_rate: true, behind, beside_permits };
        let is_idle = rule.statements.iter().all(|one| matches!(one, Statement::Nothing));
        if is_idle {
            self.report.irrelevant.push(rule.span);
        }
        for statement in &rule.statements {
            match statement {
                Statement::Match(condition) => {
                    let found = self.scope.condition(place, condition, &mut self.report);
                    if !self.narrow(place, &mut reading, found, (&condition.keys, condition.span)) {
                        return;
                    }
                }
                Statement::Verdict(verdict) => {
                    let origin = Origin::Written(rule.span);
                    self.verdict(place, &reading, verdict, purpose, origin, entries);
                    return;
                }
                Statement::Vmap(keys, map, span) => {
                    self.map(place, &reading, (keys, map, *span), purpose, entries);
                    return;
                }
                Statement::Relay(Value::Word(target)) => {
                    self.relay(place, &reading, target, purpose, rule.span, entries);
                    return;
                }
                Statement::Chance(span, what) => {
                    reading.bounds = Bounds { must: Vec::new(), ..reading.bounds };
                    reading.bounds.doubt = Doubt::Open;
                    reading.doubt.get_or_insert((*span, "P201", what.clone()));
                }
                Statement::Effect(span, what, effects) => {
                    self.not_modelled(place, &reading, *span, what, effects);
                }
                Statement::Helper(span, name) if !self.is_idle(place, name) => {
                    self.not_modelled(place, &reading, *span, &super::word::helper(name), PERMIT);
                }
                Statement::Rest => return,
                Statement::Nat(_) | Statement::Relay(_) => {
                    let what = text!(ja: "ここには書けない文", en: "a statement out of place");
                    self.report.gap(what, ALL, (None, None));
                    return;
                }
                Statement::Helper(..) | Statement::Update(_) | Statement::Nothing => {}
            }
        }
    }

    /// Whether the helper `name` expects nothing of the packets that a hook sees: those that wait
    /// for answers to a broadcast look at the router's own packets only.
    ///
    /// # Source
    /// Linux 6.1 `net/netfilter/nf_conntrack_broadcast.c`, which `nf_conntrack_netbios_ns.c` and
    /// `nf_conntrack_snmp.c` call: it returns for a packet without a socket of the router.
    fn is_idle(&self, place: Place, name: &str) -> bool {
        let helpers = &self.scope.tables[place.table].helpers;
        let mut kinds = helpers.iter().filter(|(own, _)| own == name).map(|(_, kind)| kind);
        let is_of_broadcast =
            kinds.next().is_some_and(|kind| kind == "netbios-ns" || kind == "snmp");
        is_of_broadcast && kinds.next().is_none() && place.input == Seen::Known
    }

    pub(super) fn not_modelled(
        &mut self,
        place: Place,
        reading: &Reading<'a>,
        span: Span,
        what: &Text,
        effects: &[Effect],
    ) {
        let scope = self.reach(place, &reading.bounds.may);
        let is_mark = effects == ROUTE;
        if is_mark && self.scope.has_plain_rules(scope.1) {
            return;
        }
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} is not modelled", what = what);
        let said = Diagnostic::warning("P201", headline);
        self.report
            .say(span, if is_mark { said.advise(super::word::rules_wanted()) } else { said });
        self.report.gap(what.clone(), effects, scope);
    }

    /// The only interface and family of the packets that a rule is about.
    pub(super) fn reach(
        &self,
        place: Place,
        matches: &[Match],
    ) -> (Option<InterfaceIndex>, Option<Family>) {
        let only = |list: &Option<Vec<InterfaceIndex>>| match list.as_deref() {
            Some([one]) => Some(*one),
            _ => None,
        };
        let of = |one: &Match| only(&one.in_interfaces).or(only(&one.out_interfaces));
        let first = matches.first();
        let interface = first.and_then(of).filter(|same| {
            let is_in = first.is_some_and(|one| only(&one.in_interfaces) == Some(*same));
            matches.iter().all(|one| match is_in {
                true => only(&one.in_interfaces) == Some(*same),
                false => only(&one.out_interfaces) == Some(*same),
            })
        });
        let family = match self.scope.tables[place.table].family {
            TableFamily::Ip => Some(Family::V4),
            TableFamily::Ip6 => Some(Family::V6),
            _ => first
                .and_then(|one| one.family)
                .filter(|same| matches.iter().all(|one| one.family == Some(*same))),
        };
        (interface, family)
    }

    /// Whether a rule that is not read exactly keeps out what it may keep out (see
    /// [`crate::AT_WORST`]); if not, says that it is read on the side of letting pass.
    fn loses(&mut self, place: Place, reading: &Reading<'a>) -> bool {
        // The first packets pass, so that what is let pass is as it is read; what is lost is told.
        let may_lose = reading.is_rate && self.is_input && self.trail.is_empty();
        if may_lose && reading.bounds.may.iter().all(is_needless) {
            return false;
        }
        if self.scope.readings.of(&crate::AT_WORST) == crate::LOST {
            return true;
        }
        self.doubtful(place, reading, DENY);
        false
    }

    /// Says that a rule is read on the side of letting pass, and what it could do instead.
    fn doubtful(&mut self, place: Place, reading: &Reading<'a>, effects: &[Effect]) {
        let Some((span, code, what)) = &reading.doubt else { return };
        let note = text!(
            ja: "証明が甘くならないよう、許可する規則は広く、拒否する規則は狭く読みます",
            en: "so that no proof is too kind, rules that accept are read wide and rules that \
                 drop narrow",
        );
        let headline = text!(ja: "{what}です", en: "here is {what}", what = what);
        self.report.say(*span, Diagnostic::warning(code, headline).because(note));
        let scope = self.reach(place, &reading.bounds.may);
        self.report.gap(what.clone(), effects, scope);
    }

    pub(super) fn verdict(
        &mut self,
        place: Place,
        reading: &Reading<'a>,
        verdict: &Verdict,
        purpose: &Purpose,
        origin: Origin,
        entries: &mut Vec<Entry>,
    ) {
        let doubt = reading.bounds.doubt;
        let may = &reading.bounds.may;
        let must = &reading.bounds.must;
        let is_pass = *purpose == Purpose::Pass;
        let (matches, action) = match verdict {
            Verdict::Continue => return,
            Verdict::Accept if is_pass => {
                let is_lost = doubt == Doubt::Open && self.loses(place, reading);
                (if is_lost { must } else { may }, Action::Permit)
            }
            Verdict::Drop if is_pass => {
                let is_lost = doubt != Doubt::None && self.loses(place, reading);
                (if is_lost { may } else { must }, Action::Deny)
            }
            Verdict::Accept | Verdict::Drop => {
                if doubt != Doubt::None {
                    self.doubtful(place, reading, DENY);
                }
                (must, Action::Deny)
            }
            Verdict::Return => {
                // Where nothing behind it lets anything pass, who does not return can only be lost.
                let table = &self.scope.tables[place.table];
                let mut behind = reading.behind.iter();
                let may_go_on =
                    reading.beside_permits || behind.any(|rule| outcome::may_permit(table, rule));
                let is_loss = is_pass && !may_go_on;
                let is_lost = match (doubt, is_loss) {
                    (Doubt::None, _) => false,
                    (_, true) => self.loses(place, reading),
                    (_, false) => {
                        self.doubtful(place, reading, DECIDE);
                        false
                    }
                };
                (if is_lost { must } else { may }, Action::Return)
            }
            Verdict::Jump(name, span) | Verdict::Goto(name, span) => {
                let Some(list) = self.regular(place, name, *span, purpose) else { return };
                let is_jump = matches!(verdict, Verdict::Jump(..));
                let call = if is_jump { Action::Call(list) } else { Action::Goto(list) };
                if doubt == Doubt::None {
                    (may, call)
                } else {
                    match (is_jump && is_pass).then(|| self.outcomes(list)) {
                        Some((_, false)) => {
                            let is_lost = doubt == Doubt::Open && self.loses(place, reading);
                            (if is_lost { must } else { may }, call)
                        }
                        Some((false, true)) => {
                            let is_lost = self.loses(place, reading);
                            (if is_lost { may } else { must }, call)
                        }
                        _ => {
                            self.doubtful(place, reading, DECIDE);
                            // Nothing is known of what comes back from there.
                            let is_worst = self.scope.readings.of(&crate::AT_WORST) == crate::LOST;
                            (may, if is_worst && is_pass { Action::Deny } else { call })
                        }
                    }
                }
            }
        };
        if !matches.is_empty() {
            entries.push(Entry { matches: matches.clone(), action, origin });
        }
    }

    /// Whether a list can permit and whether it can deny; the lists that it calls were made
    /// before it.
    pub(super) fn outcomes(&self, list: AclIndex) -> (bool, bool) {
        if let Some(known) = self.outcomes.get(&list) {
            return *known;
        }
        let Some(acl) = self.acls.get(list.0 as usize) else { return (true, true) };
        acl.entries.iter().fold((false, false), |(permits, denies), entry| match entry.action {
            Action::Permit => (true, denies),
            Action::Deny => (permits, true),
            Action::Return => (permits, denies),
            Action::Call(next) | Action::Goto(next) => {
                let (more, less) = self.outcomes.get(&next).copied().unwrap_or((true, true));
                (permits || more, denies || less)
            }
        })
    }

    /// `fwd to target`: the frame goes there and nowhere else.
    fn relay(
        &mut self,
        place: Place,
        reading: &Reading<'a>,
        target: &str,
        purpose: &Purpose,
        span: Span,
        entries: &mut Vec<Entry>,
    ) {
        let is_here = *purpose == Purpose::Relay(target.to_owned());
        match reading.bounds.doubt {
            Doubt::None => {}
            Doubt::Evadable => self.doubtful(place, reading, DENY),
            Doubt::Open => self.doubtful(place, reading, &[Effect::Bridge, Effect::Deny]),
        }
        let (matches, action) = if is_here {
            (&reading.bounds.may, Action::Permit)
        } else {
            (&reading.bounds.must, Action::Deny)
        };
        if !matches.is_empty() {
            let origin = Origin::Written(span);
            entries.push(Entry { matches: matches.clone(), action, origin });
        }
    }
}
