//! F031: the tunnel of the line leads to the contracted peer.

use design::Contract;
use diag::text;
use model::{Aspect, Aspects, Effect, Effects};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, peer};

pub(crate) static RULE: Rule = Rule {
    code: "F031",
    name: "foreign-peer",
    property: Property::V6,
    requirement: || {
        text!(
            ja: "IPsec トンネルの相手は、契約した事業者である",
            en: "the peer of the IPsec tunnel is the contracted one",
        )
    },
    explain: || {
        text!(
            ja: "トンネルの相手が契約した事業者の装置でなければ、保護された通信は別の誰かに届きま\
                 す。相手を固定していない設定（`any` など）では、鍵を知る誰とでもつながります。サ\
                 イトファイルの `[line]` の `peer` と、ルータや端末の設定を照らし合わせます。",
            en: "If the other end is not the provider's, what the tunnel protects comes to \
                 somebody else. Where no peer is fixed (`any`), whoever knows the key can be one. \
                 The `peer` of `[line]` is compared with the configuration.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[Effect::Route]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let Some(contract) = &scene.blueprint.contract else { return Vec::new() };
    let tunnels = &scene.blueprint.line_tunnels;
    if tunnels.is_empty() {
        return vec![no_tunnel(scene, contract)];
    }
    tunnels.iter().filter_map(|tunnel| peer::judge(scene, contract, tunnel)).collect()
}

/// No tunnel can be told to be the one of the line.
fn no_tunnel(scene: &Scene<'_>, contract: &Contract) -> Judgement {
    let routers = scene.blueprint.parties.routers.iter();
    let has_others = routers.clone().any(|router| !scene.node(*router).tunnels.is_empty());
    let headline = text!(
        ja: "契約した相手への IPsec トンネルがありません",
        en: "no IPsec tunnel to the contracted peer was found",
    );
    let found = Judgement::new(Verdict::Refuted(None), headline);
    let text = text!(ja: "この回線のトンネルです", en: "the tunnel of this line");
    let found = found.blame(Guilt {
        primary: Some(Suspect { span: Some(contract.span), text }),
        others: Vec::new(),
    });
    if has_others {
        return found.advise(text!(
            ja: "どのトンネルが回線のものか分かるように、`peer` を設定のとおりに書いてください",
            en: "write `peer` as the configuration has it, so that the line's tunnel can be told",
        ));
    }
    found.advise(text!(
        ja: "トンネルを終端する機器に IPsec を設定してください（端末なら `tunnel`）",
        en: "configure IPsec on what ends the tunnel (for a machine: `tunnel`)",
    ))
}
