//! Whether a tunnel of the line leads to the contracted peer.

use design::{Contract, LineTunnel, is_agreed};
use diag::{Text, text};
use model::Peer;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Scene, Who};

/// What is wrong with the peer of `one`; nothing if it is the contracted one.
pub(crate) fn judge(scene: &Scene<'_>, contract: &Contract, one: &LineTunnel) -> Option<Judgement> {
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
        let question = text!(
            ja: "IPsec トンネルの相手側のアドレスまたは名前は何ですか",
            en: "what is the address or name of the provider's end of the IPsec tunnel?",
        );
        let found = Judgement::unknown(headline, reason, Some(contract.span));
        return Some(found.about(names).ask(Who::LineProvider, question).advise(text!(
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
