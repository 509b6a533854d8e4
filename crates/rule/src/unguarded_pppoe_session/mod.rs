//! F008: a machine that ends a PPPoE session itself is closed by its own firewall.

use diag::text;
use model::{Aspect, Aspects, Effects, NodeId, Outcome};
use pattern::Property;
use reach::Mode;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::registry::blocked_pppoe;
use crate::{Kind, Rule, Scene, house};

pub(crate) static RULE: Rule = Rule {
    code: "F008",
    name: "unguarded-pppoe-session",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "PPPoE を自分で張る端末は、自分のファイアウォールで閉じている",
            en: "a machine that ends a PPPoE session itself is closed by its own firewall",
        )
    },
    explain: || {
        text!(
            ja: "端末が自分で張った PPPoE セッションの中のパケットは、ルータのステートフルインス\
                 ペクションの対象になりません。ルータは PPPoE フレームをそのまま通すだけだからで\
                 す。その端末は相手の網に直接つながっており、守るのは端末自身のファイアウォール\
                 だけです。",
            en: "Packets inside a PPPoE session that a machine opens are not seen by the \
                 router's stateful inspection: the router only passes the frames on. The machine \
                 stands on the far network itself, and nothing but its own firewall protects it.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let sessions = scene.blueprint.sessions.iter().filter(|session| session.is_pppoe);
    let mut judgements: Vec<Judgement> = blocked_pppoe::undeclared(scene).into_iter().collect();
    for session in sessions {
        let attack = scene.attack(session.far);
        let open = attack.leaves.iter().filter(|leaf| {
            leaf.outcome == Outcome::Delivered(session.machine)
                && leaf.interface == Some(session.interface)
                && scene.is_for_address(session.machine, leaf)
        });
        let headline = text!(
            ja: "`{machine}` の PPPoE セッションの中から `{machine}` へセッションを開けます",
            en: "sessions can be opened to `{machine}` inside its own PPPoE session",
            machine = scene.name(session.machine),
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
                ja: "このセッションは `{far}` に直接つながります",
                en: "this session stands on `{far}` itself",
                far = scene.name(session.far),
            ),
        };
        let relays = relays(scene, session.machine, session.carrier);
        let guilt = Guilt { primary: Some(primary), others: relays };
        let refuted = Judgement::new(Verdict::Refuted(Some(witness)), headline)
            .blame(guilt)
            .about([scene.name(session.machine).to_owned()])
            .because(text!(
                ja: "中継されるフレームの中のパケットは、ルータの IP フィルターでは精査されま\
                     せん。ルータは、ここでは端末のファイアウォールの代わりになりません",
                en: "packets inside relayed frames are not inspected by the router's IP \
                     filters; here it cannot do the work of the machine's own firewall",
            ))
            .advise(text!(
                ja: "端末のファイアウォールで外からの接続を閉じ、\
                     `firewall = \"inbound-closed\"` と書いてください。院内に開けるものがあれ\
                     ば、`on` に院内側の NIC のゾーンを書いてください",
                en: "close the machine's own firewall to the outside and write `firewall = \
                     \"inbound-closed\"`; where something is open to the house, write the \
                     zone of the inner interface in `on`",
            ));
        judgements.push(house::unless_closed(scene, session.machine, refuted));
    }
    judgements
}

/// The lines that let the session's frames through.
fn relays(scene: &Scene<'_>, machine: NodeId, carrier: model::InterfaceIndex) -> Vec<Suspect> {
    let heard = scene.atlas.frame(machine, carrier, model::ethertype::PPPOE_SESSION);
    let outside = &scene.blueprint.parties.outside;
    let first = heard.into_iter().find(|ear| outside.contains(&ear.node));
    let relays = first.map(|ear| ear.relays).unwrap_or_default();
    relays
        .into_iter()
        .map(|(node, relay)| {
            let text = text!(
                ja: "ここで PPPoE フレームを通しています", en: "passes the PPPoE frames",
            );
            Suspect::of(&scene.node(node).relays[relay].origin, text)
        })
        .collect()
}
