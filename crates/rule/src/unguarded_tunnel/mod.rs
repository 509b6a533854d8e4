//! F033: a machine that ends an IPsec tunnel itself is closed by its own firewall.

use diag::text;
use model::{Aspect, Aspects, Effects, Outcome};
use pattern::Property;
use reach::Mode;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, house};

pub(crate) static RULE: Rule = Rule {
    code: "F033",
    name: "unguarded-tunnel",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "IPsec トンネルを自分で張る端末は、自分のファイアウォールで閉じている",
            en: "a machine that ends an IPsec tunnel itself is closed by its own firewall",
        )
    },
    explain: || {
        text!(
            ja: "端末が自分で張った IPsec トンネルの中のパケットは、ルータからは ESP や UDP 4500 \
                 にしか見えず、ステートフルインスペクションの対象になりません。その端末は相手の網\
                 に直接つながっており、守るのは端末自身のファイアウォールだけです。",
            en: "Of the packets inside a tunnel that a machine ends itself a router sees nothing \
                 but ESP or UDP 4500, so its stateful inspection does not concern them. The \
                 machine stands on the far network itself, and nothing but its own firewall \
                 protects it.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for session in scene.blueprint.sessions.iter().filter(|session| !session.is_pppoe) {
        let attack = scene.attack(session.far);
        let open = attack.leaves.iter().filter(|leaf| {
            leaf.outcome == Outcome::Delivered(session.machine)
                && leaf.interface == Some(session.interface)
                && scene.is_for_address(session.machine, leaf)
        });
        let machine = scene.name(session.machine);
        let headline = text!(
            ja: "`{machine}` の IPsec トンネルの中から `{machine}` へセッションを開けます",
            en: "sessions can be opened to `{machine}` inside its own IPsec tunnel",
            machine = machine,
        );
        let best = open
            .filter_map(Scene::beginning)
            .min_by_key(|leaf| scene.strangeness(session.far, leaf, &attack.way(leaf)));
        let Some(leaf) = &best else {
            judgements.extend(scene.incomplete(attack, headline));
            continue;
        };
        let witness = scene.witness(Mode::Attack, session.far, attack, leaf);
        let primary = Suspect {
            span: Some(session.span),
            text: text!(
                ja: "このトンネルは `{far}` に直接つながります",
                en: "this tunnel stands on `{far}` itself",
                far = scene.name(session.far),
            ),
        };
        let refuted = Judgement::new(Verdict::Refuted(Some(witness)), headline)
            .blame(Guilt { primary: Some(primary), others: Vec::new() })
            .about([machine.to_owned()])
            .because(text!(
                ja: "トンネルの中のパケットは、ルータの IP フィルターでは精査されません",
                en: "packets inside the tunnel are not inspected by any router's IP filters",
            ))
            .advise(text!(
                ja: "端末のファイアウォールで外からの接続を閉じ、\
                     `firewall = \"inbound-closed\"` と書いてください",
                en: "close the machine's own firewall to the outside and write `firewall = \
                     \"inbound-closed\"`",
            ));
        judgements.push(house::unless_closed(scene, session.machine, refuted));
    }
    judgements
}
