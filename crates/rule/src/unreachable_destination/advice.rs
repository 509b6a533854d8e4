//! What to do about a destination that is not reached: a router is to be opened only where it
//! stands on the right way, else the machine that sends is to be mended.

use diag::{Text, text};
use model::{Node, NodeId, NodeKind, Origin, Outcome, SegmentId, StepKind};
use reach::Way;
use site::Endpoint;

use crate::Scene;
use crate::flows::{Trial, written};
use crate::guilt::{Guilt, Suspect};
use crate::judgement::Witness;
use crate::rewritten;

/// The place to blame for what became of `witness`, a first packet of `trial`, and what to do.
pub(super) fn of(scene: &Scene<'_>, trial: &Trial, witness: &Witness) -> (Guilt, Text) {
    let discarded = scene.who_discarded(&witness.way, witness.outcome);
    let Some(last) = witness.way.last().copied() else { return (discarded, widen(scene, trial)) };
    let own = scene.node(trial.from);
    if let Outcome::Delivered(_) = witness.outcome {
        return match scene.who_redirected(&witness.way) {
            Some(guilt) => (guilt, rewritten::advice()),
            None => (discarded, turn(own)),
        };
    }
    let entrance = Entrance::of(scene, trial);
    if let Some(word) = entrance.own_end(scene, trial) {
        let mut guilt = Guilt::at(&own.origin, no_end(own, word));
        guilt.others.extend(discarded.primary);
        return (guilt, end(own, word));
    }
    if last.node == trial.from {
        return (discarded, turn(own));
    }
    let here = scene.node(last.node);
    if let Some(right) = entrance.neighbour_instead_of(scene, trial.from, last.node) {
        let sent = sent(scene, trial.from, witness, here);
        let mut guilt = Guilt { primary: sent, others: Vec::new() };
        guilt.others.extend(discarded.primary);
        return (guilt, correct(own, here, scene.node(right)));
    }
    if let Some((origin, relay)) = turned_back(scene, witness) {
        let text = text!(
            ja: "`{relay}` から `{router}` に戻ってきます",
            en: "it comes back to `{router}` from here, `{relay}`",
            relay = relay, router = here.name,
        );
        let mut guilt = Guilt::at(origin, text);
        guilt.others.extend(discarded.primary);
        return (guilt, take_away(relay));
    }
    let advice = match (witness.outcome, last.kind) {
        (Outcome::Lost(_) | Outcome::OnSegment(_), _) => text!(
            ja: "ネクストホップのアドレスと、その機器の配線を確かめ、経路を直してください",
            en: "correct the route: look up the address of the next hop and where it is connected",
        ),
        (_, StepKind::Denied(..) | StepKind::Untranslatable(..)) => widen(scene, trial),
        _ => text!(
            ja: "`{router}` に、この接続先への経路を加えてください",
            en: "add the route to this destination to `{router}`",
            router = here.name,
        ),
    };
    (discarded, advice)
}

/// Where a network outside touches the site.
struct Entrance {
    segments: Vec<SegmentId>,
}

impl Entrance {
    fn of(scene: &Scene<'_>, trial: &Trial) -> Self {
        let far = [trial.to].into_iter().chain(trial.beside.iter().copied());
        let interfaces = far.flat_map(|node| &scene.node(node).interfaces);
        Self { segments: interfaces.filter_map(|one| one.segment).collect() }
    }

    fn is_at(&self, node: &Node) -> bool {
        let mut own = node.interfaces.iter().filter_map(|one| one.segment);
        own.any(|segment| self.segments.contains(&segment))
    }

    /// The key of the site file with which the machine itself would get there, where no router
    /// leads there and other machines do, or the contract says so.
    fn own_end(&self, scene: &Scene<'_>, trial: &Trial) -> Option<&'static str> {
        let parties = &scene.blueprint.parties;
        let is_at = |id: &NodeId| self.is_at(scene.node(*id));
        if parties.routers.iter().any(is_at) || is_at(&trial.from) {
            return None;
        }
        if let Some(contract) = &scene.blueprint.contract {
            return (contract.endpoint == Endpoint::Terminal).then_some("tunnel");
        }
        parties.machines.iter().any(is_at).then_some("pppoe")
    }

    /// A router beside `from` that stands where the network outside is, if `here` does not.
    fn neighbour_instead_of(
        &self,
        scene: &Scene<'_>,
        from: NodeId,
        here: NodeId,
    ) -> Option<NodeId> {
        let is_router = scene.node(here).kind == NodeKind::Router;
        if !is_router || self.is_at(scene.node(here)) {
            return None;
        }
        let own: Vec<SegmentId> =
            scene.node(from).interfaces.iter().filter_map(|one| one.segment).collect();
        let is_beside = |id: &NodeId| {
            let mut interfaces = scene.node(*id).interfaces.iter().filter_map(|one| one.segment);
            interfaces.any(|segment| own.contains(&segment))
        };
        let mut routers = scene.blueprint.parties.routers.iter();
        routers.find(|id| self.is_at(scene.node(**id)) && is_beside(id)).copied()
    }
}

/// What joins two networks of a router at layer 2, so that the router hears again what it has sent
/// on: no route of its own would help.
fn turned_back<'s>(scene: &'s Scene<'_>, witness: &Witness) -> Option<(&'s Origin, &'s str)> {
    let last = witness.way.last().filter(|last| last.kind == StepKind::Loop)?;
    let is_sent = |step: &Way| step.node == last.node && matches!(step.kind, StepKind::Sent(_));
    let sent = witness.way.iter().rposition(is_sent)?;
    let after = &witness.way[sent + 1..];
    let is_relayed = |step: &Way| matches!(step.kind, StepKind::Relayed(..));
    if !after.iter().all(|step| step.node == last.node || is_relayed(step)) {
        return None;
    }
    after.iter().filter(|step| step.node != last.node).find_map(|step| match step.kind {
        StepKind::Relayed(number, ..) => {
            let node = scene.node(step.node);
            Some((&node.relays[number].origin, node.name.as_str()))
        }
        _ => None,
    })
}

fn take_away(relay: &str) -> Text {
    text!(
        ja: "`{relay}` を外し、回線（ONU）にはルータだけをつないでください。ルータの経路は直さなく\
             てかまいません",
        en: "take `{relay}` away, so that nothing but the router hangs on the line; the routes of \
             the router may stay as they are",
        relay = relay,
    )
}

/// The route by which `from` sends the packet of `witness` to the wrong router `here`.
fn sent(scene: &Scene<'_>, from: NodeId, witness: &Witness, here: &Node) -> Option<Suspect> {
    let node = scene.node(from);
    let text = text!(
        ja: "この経路で `{router}` に送られます。接続先への出口は `{router}` ではありません",
        en: "this route sends it to `{router}`, which is not the way to the destination",
        router = here.name,
    );
    witness.way.iter().find_map(|step| match step.kind {
        StepKind::Routed(route, hop) if step.node == from => {
            let route = &node.routes[route];
            let origin = route.hops.get(hop).map_or(&route.origin, |hop| &hop.origin);
            Some(Suspect::of(origin, text.clone()))
        }
        _ => None,
    })
}

fn correct(own: &Node, here: &Node, right: &Node) -> Text {
    text!(
        ja: "`{machine}` の `gateway` か `routes` を、実機も含めて `{right}` に向けてください。\
             `{here}` のフィルターは広げないでください",
        en: "point `gateway` or `routes` of `{machine}` to `{right}`, on the machine too; do not \
             open the lists of `{here}`",
        machine = own.name, right = right.name, here = here.name,
    )
}

fn no_end(own: &Node, word: &str) -> Text {
    if word == "tunnel" {
        return text!(
            ja: "`{machine}` に `tunnel` がありません。この回線のトンネルは端末が終端します",
            en: "`{machine}` has no `tunnel`; machines end the tunnel of this line",
            machine = own.name,
        );
    }
    text!(
        ja: "`{machine}` に `pppoe` がありません。この網へは端末が自分で張るセッションで届きます",
        en: "`{machine}` has no `pppoe`; machines reach this network by sessions of their own",
        machine = own.name,
    )
}

fn end(own: &Node, word: &str) -> Text {
    text!(
        ja: "`{machine}` に `{word} = {{ … }}` を書き、実機にも設定してください。ルータの\
             フィルターは広げないでください",
        en: "write `{word} = {{ … }}` in `machines.{machine}` and set it up on the machine; do not \
             open the lists of a router",
        machine = own.name, word = word,
    )
}

/// The machine itself sends it nowhere, or to another network.
fn turn(own: &Node) -> Text {
    text!(
        ja: "`{machine}` の `gateway`、`routes`、セッションの `to` を、この接続先に向くように直して\
             ください",
        en: "correct `gateway`, `routes` or the `to` of the session of `{machine}` so that it \
             leads to this destination",
        machine = own.name,
    )
}

fn widen(scene: &Scene<'_>, trial: &Trial) -> Text {
    text!(
        ja: "ここで、`{from}` からこの接続先への {ports} だけを許可する行を加えてください",
        en: "add an entry here that lets nothing pass but {ports} from `{from}` to this destination",
        from = scene.name(trial.from), ports = written(trial.ports),
    )
}
