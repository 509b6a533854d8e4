//! F031: the tunnel of the line leads to the contracted peer.

use design::{Contract, LineTunnel, is_agreed};
use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects, Peer};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

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
    tunnels.iter().filter_map(|tunnel| judge(scene, contract, tunnel)).collect()
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

fn judge(scene: &Scene<'_>, contract: &Contract, one: &LineTunnel) -> Option<Judgement> {
    let tunnel = scene.line_tunnel(one);
    let names = [scene.name(one.node).to_owned()];
    let stated = Suspect {
        span: Some(contract.span),
        text: text!(ja: "契約した相手です", en: "the contracted peer"),
    };
    let written = Suspect::of(&tunnel.origin, peer_text(&tunnel.peer));
    let places = Guilt { primary: Some(written), others: vec![stated] };
    if contract.peer.is_none() {
        let headline = text!(
            ja: "`{node}` の IPsec トンネルの相手が契約した事業者か判断できません",
            en: "whether the peer of `{node}` is the contracted one cannot be told",
            node = scene.name(one.node),
        );
        let reason = text!(
            ja: "`[line]` に `peer` が書かれていません",
            en: "`[line]` states no `peer`",
        );
        let found = Judgement::unknown(headline, reason, Some(contract.span));
        return Some(found.about(names).advise(text!(
            ja: "IPsec 事業者の資料で相手のアドレスか名前を確かめ、`[line]` の `peer` に書いてくだ\
                 さい",
            en: "ask the provider of the IPsec service for the address or name of its end and \
                 write it as `peer` of `[line]`",
        )));
    }
    match is_agreed(contract, &tunnel.peer) {
        Some(true) => None,
        Some(false) => {
            let headline = text!(
                ja: "`{node}` の IPsec トンネルの相手は、契約した `{peer}` ではありません",
                en: "the IPsec tunnel of `{node}` does not lead to the contracted peer `{peer}`",
                node = scene.name(one.node), peer = shown(contract.peer.as_ref()),
            );
            let found = Judgement::new(Verdict::Refuted(None), headline);
            Some(found.blame(places).about(names).advise(text!(
                ja: "相手のアドレスを契約書のとおりに直してください",
                en: "correct the peer's address as the contract has it",
            )))
        }
        None => {
            let headline = text!(
                ja: "`{node}` の IPsec トンネルの相手が契約した `{peer}` か判断できません",
                en: "whether the peer of `{node}` is the contracted `{peer}` cannot be told",
                node = scene.name(one.node), peer = shown(contract.peer.as_ref()),
            );
            let reason = text!(
                ja: "名前とアドレスの対応が分かりません",
                en: "which address the name has is not known",
            );
            let found = Judgement::unknown(headline, reason, tunnel.origin.span());
            Some(found.about(names).advise(text!(
                ja: "`[line]` の `peer` を設定と同じ書き方にするか、`[destinations]` に名前とアド\
                     レスを書いてください",
                en: "write `peer` of `[line]` as the configuration does, or name and address under \
                     `[destinations]`",
            )))
        }
    }
}

fn peer_text(peer: &Peer) -> Text {
    match peer {
        Peer::Address(_) | Peer::Name(_) => text!(
            ja: "設定では `{peer}` です", en: "the configuration has `{peer}`",
            peer = shown(Some(peer)),
        ),
        Peer::Any => text!(ja: "誰とでもつながります", en: "takes any peer that has the key"),
        Peer::Unknown => text!(ja: "相手が書かれていません", en: "no peer is written"),
    }
}

fn shown(peer: Option<&Peer>) -> String {
    match peer {
        Some(Peer::Address(address)) => address.to_string(),
        Some(Peer::Name(name)) => name.clone(),
        Some(Peer::Any | Peer::Unknown) | None => "?".to_owned(),
    }
}
