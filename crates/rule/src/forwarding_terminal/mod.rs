//! T121: no terminal forwards packets between its interfaces.

use std::collections::BTreeSet;

use diag::text;
use model::{Aspects, Effects, Family, Node, NodeId, Origin};
use pattern::Property;

use crate::guilt::Guilt;
use crate::house::not_proved;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, Who};

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
    let Some(origin) = forwards(node) else { return unsaid(scene, node) };
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
                ja: "端末の IP ルーティング、接続の共有、ブリッジを止め、`forwarding = false` と\
                     書いてください",
                en: "switch IP routing, connection sharing and bridges off on the machine, and \
                     write `forwarding = false`",
            )),
    )
}

/// A machine with several interfaces of which nobody says whether it forwards.
fn unsaid(scene: &Scene<'_>, node: &Node) -> Option<Judgement> {
    let site = scene.house.map(|house| house.site);
    let written = site.and_then(|site| site.machine(&node.name))?;
    if written.forwarding.is_some() || node.interfaces.len() < 2 {
        return None;
    }
    let reason = text!(ja: "`forwarding` がありません", en: "there is no `forwarding`");
    let found =
        Judgement::unknown(not_proved(&(RULE.requirement)()), reason, Some(written.name.span));
    Some(
        found
            .about([node.name.clone()])
            .because(text!(
                ja: "ほかの要件は、`{machine}` が転送しないものとして判定しています",
                en: "the other requirements are judged as if `{machine}` did not forward",
                machine = node.name,
            ))
            .advise(text!(
                ja: "`{machine}` で IP ルーティング、接続の共有、ネットワークブリッジがすべて無効な\
                     ことを確認し、`forwarding = false` と書いてください（Windows では `ipconfig \
                     /all` の「IP ルーティング有効」）",
                en: "see that IP routing, connection sharing and bridges are off on `{machine}` \
                     (`ipconfig /all` of Windows tells \"IP Routing Enabled\"), and write \
                     `forwarding = false`",
                machine = node.name,
            ))
            .ask(
                Who::Installer,
                text!(
                    ja: "`{machine}` が NIC の間でパケットを転送しないこと（IP ルーティング、接続の\
                         共有、ブリッジ）",
                    en: "that `{machine}` forwards nothing between its interfaces (IP routing, \
                         connection sharing, bridges)",
                    machine = node.name,
                ),
            ),
    )
}

/// Where the site file says that the machine forwards.
fn forwards(node: &Node) -> Option<&Origin> {
    Family::ALL
        .into_iter()
        .find(|family| node.forwards(*family))
        .map(|family| &node.forwarding[family as usize].1)
}
