//! ICMP errors about a session that IPsec protects for its protocol only: they have another one.
//!
//! # Source
//! Linux 6.1 `nf_conntrack_proto_icmp.c` (`related`); `xfrm_policy.c` looks the error itself up,
//! and not the packet in it, unless a policy has the flag `XFRM_POLICY_ICMP`, which strongSwan does
//! not set.

use diag::{Diagnostic, Span, text};
use model::{
    AclIndex, Action, Family, InterfaceIndex, Match, Node, Point, Ranges, SecurityAction, Stage,
    StageKind, State, TunnelIndex, protocol,
};

use super::effect::PERMIT;
use super::report::Report;

/// Says where such errors may leave in clear.
pub(super) fn leaks(node: &Node, report: &mut Report) {
    for (selector, tunnel, span) in bare(node) {
        let Some(family) = selector.family else { continue };
        let out = node.tunnel(tunnel).carrier;
        let passes = |point| {
            let mut stages = node.stages(point, family);
            stages.all(|stage| lets_pass(node, stage, family, out))
        };
        if !passes(Point::Forward) && !passes(Point::LocalOut) {
            continue;
        }
        report.go_to(span);
        let what = text!(
            ja: "プロトコルを限ったポリシーで保護されない ICMP のエラー（保護された通信についてのも\
                 のも平文で出ます）",
            en: "ICMP errors that a policy for other protocols does not protect, also those about \
                 packets that it does",
        );
        let headline =
            text!(ja: "{what}はモデルにありません", en: "{what} are not modelled", what = what);
        let advice = text!(
            ja: "プロトコルを書かない `local_ts`・`remote_ts` にするか、ICMP を通さないでください",
            en: "write `local_ts` and `remote_ts` without a protocol, or let no ICMP pass",
        );
        report.say(span, Diagnostic::warning("P208", headline).advise(advice));
        report.gap(what, PERMIT, (None, Some(family)));
    }
}

fn icmp(family: Family) -> u8 {
    match family {
        Family::V4 => protocol::ICMP,
        Family::V6 => protocol::ICMPV6,
    }
}

/// Selectors of what is protected for some protocols only, while nothing protects ICMP between the
/// same addresses.
fn bare(node: &Node) -> Vec<(&Match, TunnelIndex, Span)> {
    let protecting = || {
        node.security_policies.iter().filter_map(|policy| match policy.action {
            SecurityAction::Protect(tunnel) => Some((policy, tunnel)),
            SecurityAction::Bypass | SecurityAction::Discard => None,
        })
    };
    let selectors = || {
        protecting().flat_map(|(policy, tunnel)| {
            let span = policy.origin.span();
            policy.selectors.iter().filter_map(move |one| Some((one, tunnel, span?)))
        })
    };
    let holds = |one: &Match, other: &Match| {
        let within = |outer: &Option<Ranges>, inner: &Option<Ranges>| match (outer, inner) {
            (None, _) => true,
            (Some(outer), Some(inner)) => outer.intersection(inner) == *inner,
            (Some(_), None) => false,
        };
        one.family == other.family
            && within(&one.source, &other.source)
            && within(&one.destination, &other.destination)
    };
    let has_icmp = |one: &Match| {
        let number = one.family.map(icmp);
        let mut numbers = one.protocol.iter();
        numbers.all(|own| number.is_some_and(|number| own.contains(number)))
    };
    let is_bare = |one: &Match| {
        !has_icmp(one) && !selectors().any(|(other, ..)| has_icmp(other) && holds(other, one))
    };
    selectors().filter(|(one, ..)| is_bare(one)).collect()
}

/// Whether a stage may let an ICMP error pass that leaves on `out`.
fn lets_pass(node: &Node, stage: &Stage, family: Family, out: Option<InterfaceIndex>) -> bool {
    let StageKind::Filter(first) = stage.kind else { return true };
    let mut left = vec![first];
    let mut seen: Vec<AclIndex> = Vec::new();
    while let Some(index) = left.pop() {
        if seen.contains(&index) {
            continue;
        }
        seen.push(index);
        let acl = node.acl(index);
        if acl.default == Action::Permit {
            return true;
        }
        for entry in &acl.entries {
            match entry.action {
                Action::Permit if entry.matches.iter().any(|one| may_be(one, family, out)) => {
                    return true;
                }
                Action::Call(next) | Action::Goto(next) => left.push(next),
                Action::Permit | Action::Deny | Action::Return => {}
            }
        }
    }
    false
}

/// Whether `one` may hold for an ICMP error about a session.
fn may_be(one: &Match, family: Family, out: Option<InterfaceIndex>) -> bool {
    let on_way = |list: &Vec<InterfaceIndex>| out.is_none_or(|out| list.contains(&out));
    one.family.is_none_or(|own| own == family)
        && one.protocol.as_ref().is_none_or(|own| own.contains(icmp(family)))
        && one.states.is_none_or(|own| own.contains(State::Related))
        && one.out_interfaces.as_ref().is_none_or(on_way)
}
