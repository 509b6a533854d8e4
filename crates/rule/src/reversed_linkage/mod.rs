//! F013: the site file names no service that a terminal opens towards the claims computers.

use design::{Flow, Ports};
use diag::{Text, text};
use model::{Aspects, Effects, protocol};
use pattern::Property;

use crate::flows::written;
use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F013",
    name: "reversed-linkage",
    property: Property::V2,
    requirement: || {
        text!(
            ja: "資格確認端末の側から開く連携（NAS 連携など）を使っていない",
            en: "no linkage is used that a terminal opens towards the claims computers",
        )
    },
    explain: || {
        text!(
            ja: "要求と結果のファイルをレセコン側のサーバや NAS に置くと、資格確認端末の側から\
                 SMB のセッションを開くことになります。これは、レセコン等から端末へだけ許可する\
                 という要件（R05）と両立しません。フィルターを開けても閉じても、どちらかが成り\
                 立ちません。フォルダーを端末に置くか、ファイルサーバを専用のゾーンに移してく\
                 ださい。",
            en: "If the request and result files live on a server or NAS among the claims \
                 computers, the terminal itself opens SMB sessions towards them. That cannot be \
                 reconciled with the rule that only the claims computers open sessions (R05): \
                 whatever the filters do, one of the two fails. Keep the folders on the terminal, \
                 or move the file server into a zone of its own.",
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
    let parties = &scene.blueprint.parties;
    let mut judgements: Vec<Judgement> = Vec::new();
    for flow in &scene.blueprint.services {
        let is_reversed = parties.terminals.contains(&flow.from)
            && !parties.medical.contains(&flow.from)
            && parties.is_inside(flow.to);
        if !is_reversed {
            continue;
        }
        let found = refuse(scene, flow);
        match judgements.iter_mut().find(|one| one.blames_same(&found)) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
    }
    if scene.blueprint.services.is_empty() {
        judgements.extend(scene.untried_services().judgement(&(RULE.requirement)()));
    }
    judgements
}

fn refuse(scene: &Scene<'_>, flow: &Flow) -> Judgement {
    let (from, to) = (scene.name(flow.from), scene.name(flow.to));
    let headline = if opens_files(flow) {
        text!(
            ja: "`{from}` から `{to}` へ SMB を開く連携（NAS 連携）は、R05 と両立しません",
            en: "a linkage in which `{from}` opens SMB to `{to}` contradicts R05",
            from = from, to = to,
        )
    } else {
        text!(
            ja: "`{from}` から `{to}` へ開くサービス（{ports}）は、R05 と両立しません",
            en: "a service that `{from}` opens to `{to}` ({ports}) contradicts R05",
            from = from, to = to,
            ports = flow.ports.iter().map(|one| written(*one)).collect::<Vec<_>>().join(", "),
        )
    };
    let primary = Suspect {
        span: Some(flow.span),
        text: text!(
            ja: "資格確認端末の側から開きます", en: "the eligibility terminal opens it",
        ),
    };
    let target = Suspect::of(&scene.node(flow.to).origin, standing(scene, flow));
    let guilt = Guilt { primary: Some(primary), others: vec![target] };
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(guilt)
        .about([from.to_owned(), to.to_owned()])
        .because(text!(
            ja: "端末が乗っ取られると、このセッションから診療情報のある側に入られます",
            en: "a terminal that was taken over comes by this session to where medical records \
                 are",
        ))
        .advise(text!(
            ja: "要求と結果のフォルダーを `{from}` に置いて共有し、このサービスを `from = \
                 \"{to}\"`、`to = \"{from}\"` と逆向きに書いてください（レセコンから取りに行き\
                 ます）",
            en: "keep the request and result folders on `{from}`, share them there, and turn the \
                 service round: `from = \"{to}\"`, `to = \"{from}\"` (the claims computer \
                 fetches)",
            from = from, to = to,
        ))
        .advise(text!(
            ja: "ファイルサーバが必要なら、レセコン等のいない専用のゾーンに置き、`roles = \
                 [\"other\"]` とし、そこからレセコン等への通信を拒否してください",
            en: "if a file server is needed, put it in a zone of its own without claims \
                 computers, with `roles = [\"other\"]`, and let it open nothing towards them",
        ))
}

/// Whether the service shares files: SMB, or NetBIOS under it (RFC 1002).
fn opens_files(flow: &Flow) -> bool {
    flow.ports.iter().any(|ports| match ports {
        Ports::Range(protocol::TCP, first, last) => {
            [139, 445].iter().any(|port| (first..=last).contains(&port))
        }
        Ports::Any => true,
        Ports::Icmp | Ports::Protocol(_) | Ports::Range(..) => false,
    })
}

fn standing(scene: &Scene<'_>, flow: &Flow) -> Text {
    text!(
        ja: "`{to}` はレセコン等の側です",
        en: "`{to}` stands with the claims computers",
        to = scene.name(flow.to),
    )
}
