//! T122: the house and the line are on different interfaces of a terminal.

use std::collections::BTreeSet;

use design::SessionLine;
use diag::text;
use model::{
    Aspect, Aspects, Effect, Effects, Family, Interface, InterfaceIndex, Node, NodeId, StepKind,
};
use packet_set::Field;
use pattern::Property;
use reach::{Leaf, Way};

use crate::flows::{self, Trial};
use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, arrival};

pub(crate) static RULE: Rule = Rule {
    code: "T122",
    name: "shared-interface",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "資格確認端末は、院内と外部を別の NIC で使う",
            en: "the terminals meet the house and the line on different interfaces",
        )
    },
    explain: || {
        text!(
            ja: "参考資料は、院内（IPv4）と外部の網（IPv6 等）の二つの接続方式のために、端末に \
                 LAN ポートを増設するとしています。一枚の NIC に両方を流すと、レセコン等のゾーン\
                 と回線側のゾーンが同じ線に乗り、分離はルータ一台の設定だけに頼ることになります。",
            en: "The reference document adds a second port to the terminal, one for the house \
                 (IPv4) and one for the network outside (IPv6 or a closed network). If one \
                 interface carries both, the claims computers' side and the line share a wire, \
                 and nothing but one router's configuration keeps them apart.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route, Effect::Bridge]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let parties = &scene.blueprint.parties;
    let terminals = parties.terminals.iter().filter(|one| !parties.medical.contains(one));
    terminals.filter_map(|machine| judge(scene, *machine)).collect()
}

fn judge(scene: &Scene<'_>, machine: NodeId) -> Option<Judgement> {
    let node = scene.node(machine);
    let (inward, outward) = (inward(scene, machine), outward(scene, machine));
    if outward.is_empty() {
        return Some(unknown(node));
    }
    if !is_used(scene) {
        return Some(unused(node));
    }
    let shared = outward.into_iter().find(|one| inward.contains(one))?;
    let interface = node.interface(shared);
    if let Some(astray) = astray(scene, machine, shared) {
        return Some(astray);
    }
    let headline = text!(
        ja: "`{machine}` は、院内と外部を同じ NIC（`{nic}`）で使っています",
        en: "`{machine}` meets the house and the line on one interface (`{nic}`)",
        machine = node.name, nic = interface.name,
    );
    let text = text!(
        ja: "レセコン等からの通信も、外部への通信もここを通ります",
        en: "sessions from the claims computers and sessions to the outside both pass here",
    );
    let mut guilt = Guilt::at(&interface.origin, text);
    let session = scene.blueprint.sessions.iter().find(|session| {
        session.machine == machine && session.carrier == shared && session.interface != shared
    });
    guilt.others.extend(session.map(|session| Suspect {
        span: Some(session.span),
        text: text!(ja: "このセッションもここを通ります", en: "this session passes here too"),
    }));
    Some(
        Judgement::new(Verdict::Refuted(None), headline)
            .blame(guilt)
            .about([node.name.clone()])
            .advise(text!(
                ja: "LAN ポートを増設し、`nics` に、ルータA側（IPv4）とルータB側の NIC を一枚ずつ\
                     書いてください",
                en: "add a port: one interface towards router A (IPv4) and one towards router B, \
                     both under `nics`",
            )),
    )
}

/// Only a default route that F012 names leads out by `shared`: what remains without it is judged
/// when it is gone.
fn astray(scene: &Scene<'_>, machine: NodeId, shared: InterfaceIndex) -> Option<Judgement> {
    let node = scene.node(machine);
    let carries = |session: &SessionLine| session.machine == machine && session.carrier == shared;
    if scene.blueprint.sessions.iter().any(carries) {
        return None;
    }
    // Several default routes of the terminal, or else there is no stray one among them.
    if Family::ALL.into_iter().all(|family| scene.defaults(machine, family).len() < 2) {
        return None;
    }
    let mut route = None;
    for trial in scene.destinations().iter().filter(|trial| trial.from == machine) {
        for leaf in &trial.found.leaves {
            let sends = |step: Way| step.node == machine && step.kind == StepKind::Sent(shared);
            if !trial.found.back(leaf).any(sends) {
                continue;
            }
            if !scene.is_astray(machine, &trial.found, leaf) {
                return None;
            }
            route = scene.stray_default(machine, leaf.family).or(route);
        }
    }
    let headline = text!(
        ja: "`{machine}` が外部にどの NIC を使うか、はっきりしません",
        en: "which interface `{machine}` uses for the line is not settled",
        machine = node.name,
    );
    let reason = text!(
        ja: "このデフォルトルート（F012）は院内の NIC から外へ向かいます",
        en: "this default route (F012) leads out by the interface of the house",
    );
    let found = Judgement::unknown(headline, reason, node.routes[route?].origin.span());
    Some(found.about([node.name.clone()]).after(&["F012"]).advise(text!(
        ja: "先に、デフォルトルート（F012）を直してください",
        en: "mend the default route first (F012)",
    )))
}

/// Nothing goes out: by which interface it would is not known.
fn unknown(node: &Node) -> Judgement {
    let headline = text!(
        ja: "`{machine}` が外部にどの NIC を使うか分かりません",
        en: "which interface `{machine}` uses for the line is not known",
        machine = node.name,
    );
    let reason = text!(
        ja: "登録した接続先への経路がありません（F009）",
        en: "it has no way to the listed destinations (F009)",
    );
    let found = Judgement::unknown(headline, reason, node.origin.span());
    found.about([node.name.clone()]).after(&["F009"])
}

/// Whether any session of a claims computer to a terminal is known.
fn is_used(scene: &Scene<'_>) -> bool {
    let parties = &scene.blueprint.parties;
    let mut trials = scene.services().iter();
    trials.any(|one| parties.medical.contains(&one.from) && parties.terminals.contains(&one.to))
}

/// No session of the claims computers is known: by which interface it comes is not, either.
fn unused(node: &Node) -> Judgement {
    let headline = text!(
        ja: "レセコン等が `{machine}` のどの NIC を使うか分かりません",
        en: "which interface of `{machine}` the claims computers use is not known",
        machine = node.name,
    );
    let reason = text!(
        ja: "レセコン等からの通信が分かりません（F001）",
        en: "the sessions of the claims computers are not known (F001)",
    );
    let found = Judgement::unknown(headline, reason, node.origin.span());
    found.about([node.name.clone()]).after(&["F001"])
}

/// Interfaces on which sessions of the claims computers come in, or that have the address to
/// which those that do not arrive are sent.
fn inward(scene: &Scene<'_>, machine: NodeId) -> BTreeSet<InterfaceIndex> {
    let medical = &scene.blueprint.parties.medical;
    let trials = scene
        .services()
        .iter()
        .filter(|trial| trial.to == machine && medical.contains(&trial.from));
    let node = scene.node(machine);
    let addressed = |leaf: &Leaf| {
        let target = leaf.family.address(leaf.sent.interval(Field::Destination).lo());
        let has = |one: &Interface| {
            one.addresses.iter().any(|own| own.net.is_some_and(|net| net.address() == target))
        };
        node.interfaces().find(|(_, one)| has(one)).map(|(index, _)| index)
    };
    let arrived = |trial: &Trial, leaf: &Leaf| match trial.arrives(leaf) {
        true => leaf.interface,
        // The service comes in at another of its addresses.
        false if arrival::works_elsewhere(scene, trial) => None,
        false => addressed(leaf),
    };
    trials
        .flat_map(|trial| trial.found.leaves.iter().filter_map(|leaf| arrived(trial, leaf)))
        .collect()
}

/// Interfaces by which the machine goes out, also as the carrier of a session of its own.
fn outward(scene: &Scene<'_>, machine: NodeId) -> BTreeSet<InterfaceIndex> {
    let sessions = scene.blueprint.sessions.iter().filter(|session| session.machine == machine);
    let carriers = sessions.map(|session| session.carrier);
    if !scene.are_destinations_tried() && sends_by_routing_alone(scene.node(machine)) {
        return flows::doors(scene, machine).into_iter().chain(carriers).collect();
    }
    let trials = scene.destinations().iter().filter(|trial| trial.from == machine);
    let ways =
        trials.flat_map(|trial| trial.found.leaves.iter().map(|leaf| trial.found.back(leaf)));
    let sent = ways.flatten().filter_map(|step| match step.kind {
        StepKind::Sent(interface) if step.node == machine => Some(interface),
        _ => None,
    });
    sent.chain(carriers).collect()
}

/// Whether all that the machine sends is what it begins itself, as it is.
fn sends_by_routing_alone(machine: &Node) -> bool {
    !Family::ALL.into_iter().any(|family| machine.forwards(family))
        && machine.tunnels.is_empty()
        && machine.security_policies.is_empty()
        && machine.translations.is_empty()
}
