//! T121: no terminal forwards packets between its interfaces.

use std::collections::BTreeSet;

use diag::text;
use model::{Aspects, Effects, Family, Node, NodeId, Origin};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "T121",
    name: "forwarding-terminal",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "端末は、NIC の間でパケットを転送しない",
            en: "no terminal forwards packets between its interfaces",
        )
    },
    explain: || {
        text!(
            ja: "二つの NIC を持つ端末がパケットを転送すると（Windows の IP ルーティング、イン\
                 ターネット接続の共有、ネットワークブリッジ）、ルータA・B を通らない経路ができま\
                 す。転送する経路は、ほかの要件の判定でも調べています。端末の転送を止めてくださ\
                 い。",
            en: "A terminal with two interfaces that forwards packets (IP routing of Windows, \
                 Internet connection sharing, a network bridge) is a way around routers A and B. \
                 The other requirements are judged with that way too. Switch forwarding off.",
        )
    },
    kind: Kind::Denial,
    // It reads the site file only.
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let terminals = scene.blueprint.parties.all_terminals();
    let mut judgements = scene.unwired(&(RULE.requirement)(), terminals.iter().copied());
    judgements.extend(terminals.into_iter().filter_map(|machine| judge(scene, machine)));
    judgements
}

fn judge(scene: &Scene<'_>, machine: NodeId) -> Option<Judgement> {
    let node = scene.node(machine);
    let origin = forwards(node)?;
    let zones: BTreeSet<&str> =
        node.interfaces.iter().filter_map(|one| one.segment).map(|one| scene.zone(one)).collect();
    let headline = text!(
        ja: "`{machine}` が NIC の間でパケットを転送します",
        en: "`{machine}` forwards packets between its interfaces",
        machine = node.name,
    );
    let places = text!(
        ja: "{zones} の間が、この端末でつながります",
        en: "it joins {zones}",
        zones = zones.into_iter().map(|zone| format!("`{zone}`")).collect::<Vec<_>>().join(", "),
    );
    Some(
        Judgement::new(Verdict::Refuted(None), headline)
            .blame(Guilt::at(origin, places))
            .about([node.name.clone()])
            .advise(text!(
                ja: "端末の IP ルーティング、接続の共有、ブリッジを止め、`forwarding` の行を消して\
                     ください",
                en: "switch IP routing, connection sharing and bridges off on the machine, and \
                     remove the line `forwarding`",
            )),
    )
}

/// Where the site file says that the machine forwards.
fn forwards(node: &Node) -> Option<&Origin> {
    Family::ALL
        .into_iter()
        .find(|family| node.forwards(*family))
        .map(|family| &node.forwarding[family as usize].1)
}
