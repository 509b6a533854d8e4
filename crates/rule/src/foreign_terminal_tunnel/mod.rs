//! F034: a tunnel that a machine ends itself leads to the contracted peer.

use diag::text;
use model::{Aspects, Effects, NodeKind};
use pattern::Property;
use site::Endpoint;

use crate::judgement::Judgement;
use crate::{Kind, Rule, Scene, peer};

pub(crate) static RULE: Rule = Rule {
    code: "F034",
    name: "foreign-terminal-tunnel",
    property: Property::V5,
    requirement: || {
        text!(
            ja: "端末が自分で張る IPsec トンネルの相手は、契約した事業者である",
            en: "the peer of a tunnel that a machine ends itself is the contracted one",
        )
    },
    explain: || {
        text!(
            ja: "端末が自分で張るトンネルの中は、ルータからは見えません。相手が契約した事業者の装\
                 置でなければ、接続先を絞っていないのと同じことで、資格情報は別の誰かに届きます。\
                 サイトファイルの `[line]` の `peer` と、端末の `tunnel` の `peer` を照らし合わせ\
                 ます。",
            en: "No router sees what is inside a tunnel that a machine ends itself. If its other \
                 end is not the provider's, destinations are as good as unlimited, and what the \
                 machine sends comes to somebody else. The `peer` of `[line]` is compared with \
                 that of the machine's `tunnel`.",
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
    let Some(contract) = &scene.blueprint.contract else { return Vec::new() };
    if contract.endpoint != Endpoint::Terminal {
        return Vec::new();
    }
    let tunnels = scene.blueprint.line_tunnels.iter();
    tunnels
        .filter(|one| scene.node(one.node).kind == NodeKind::Machine)
        .filter_map(|one| peer::judge(scene, contract, one))
        .collect()
}
