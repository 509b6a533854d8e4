//! F012: a terminal has exactly the routes that it needs.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use diag::{Span, Text, text};
use model::{
    Aspect, Aspects, Effect, Effects, Family, Hop, Node, NodeId, Route, SegmentId, StepKind,
};
use pattern::Property;
use reach::Exploration;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, private};

pub(crate) static RULE: Rule = Rule {
    code: "F012",
    name: "unintended-route",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "端末の経路は、必要な接続先とレセコン等に向かうものだけである",
            en: "the terminals have routes to what they need and to nothing else",
        )
    },
    explain: || {
        text!(
            ja: "資格確認端末は閉じた網で使うものです。使わない IPv4 のデフォルトゲートウェイや、\
                 二つ目のデフォルトルート、よそへ向かう静的経路があると、端末の通信が想定外の出口\
                 から出ます。院内への戻りには、レセコン等のゾーンへの静的経路だけを書いてくださ\
                 い。",
            en: "An eligibility terminal belongs to a closed network. An IPv4 default gateway that \
                 nothing needs, a second default route, or a static route to somewhere else lets \
                 its packets leave where nobody looks. For the way back into the house a static \
                 route to the claims computers' zone is enough.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
    // A next hop that is a router by name has no address where its configuration was not read.
    fears: Effects::of(&[Effect::Route]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let used = Used { scene, routes: OnceCell::new() };
    let terminals = scene.blueprint.parties.all_terminals();
    let requirement = (RULE.requirement)();
    let mut judgements = scene.unwired(&requirement, terminals.iter().copied());
    if !scene.unlisted().is_empty() {
        judgements.extend(scene.untried_destinations().judgement(&requirement));
    }
    judgements.extend(terminals.into_iter().flat_map(|machine| judge(scene, machine, &used)));
    judgements
}

/// Routes that the site's own flows take, found when somebody first asks.
struct Used<'s> {
    scene: &'s Scene<'s>,
    routes: OnceCell<Routes>,
}

impl Used<'_> {
    fn routes(&self) -> &Routes {
        self.routes.get_or_init(|| Routes::of(self.scene))
    }

    fn is_outward(&self, route: (NodeId, usize)) -> bool {
        self.routes().outward.contains(&route)
    }

    fn is_inward(&self, route: (NodeId, usize)) -> bool {
        self.routes().inward.contains(&route)
    }
}

/// Routes by node and place.
struct Routes {
    /// On the way to destinations outside.
    outward: BTreeSet<(NodeId, usize)>,
    /// On the way of services and of answers.
    inward: BTreeSet<(NodeId, usize)>,
}

impl Routes {
    fn of(scene: &Scene<'_>) -> Self {
        let routes = |found: &Exploration| {
            let steps = found.leaves.iter().flat_map(|leaf| found.back(leaf));
            let routes = steps.filter_map(|step| match step.kind {
                StepKind::Routed(route, _) => Some((step.node, route)),
                _ => None,
            });
            routes.collect::<Vec<_>>()
        };
        let mut used = Self { outward: BTreeSet::new(), inward: BTreeSet::new() };
        used.outward.extend(scene.destinations().iter().flat_map(|trial| routes(&trial.found)));
        used.inward.extend(scene.services().iter().flat_map(|trial| routes(&trial.found)));
        used.inward.extend(scene.answered().flat_map(|one| routes(one.found)));
        used
    }
}

fn judge(scene: &Scene<'_>, machine: NodeId, used: &Used<'_>) -> Vec<Judgement> {
    let node = scene.node(machine);
    let mut judgements = Vec::new();
    for family in Family::ALL {
        let defaults = scene.defaults(machine, family);
        if defaults.len() > 1 {
            judgements.push(several(scene, machine, &defaults));
        } else {
            judgements.extend(
                defaults.iter().filter_map(|one| needless(scene, machine, family, *one, used)),
            );
        }
    }
    for (place, route) in node.routes.iter().enumerate() {
        let is_connected = route.hops.iter().any(|hop| matches!(hop.hop, Hop::Interface(_)));
        let key = (machine, place);
        if route.prefix.length() == 0 || is_connected || used.is_outward(key) {
            continue;
        }
        if !leads_home(scene, route) && !used.is_inward(key) {
            judgements.push(elsewhere(node, route));
        } else if leads_outside(scene, route) {
            judgements.push(too_wide(node, route));
        }
    }
    judgements
}

/// Whether the route leads into a zone of claims computers.
fn leads_home(scene: &Scene<'_>, route: &Route) -> bool {
    let medical = scene.blueprint.parties.medical_segments.iter();
    let mut nets = medical.flat_map(|id| &scene.blueprint.network.segment(*id).nets);
    nets.any(|net| net.family() == route.prefix.family() && net.contains(route.prefix.address()))
}

/// Whether a route that is needed inside also holds addresses of the Internet.
fn leads_outside(scene: &Scene<'_>, route: &Route) -> bool {
    let (family, (first, last)) = (route.prefix.family(), route.prefix.bounds());
    let segments = scene.blueprint.parties.inside_segments.iter();
    let mut zones = segments.flat_map(|id| &scene.blueprint.network.segment(*id).nets);
    let is_inside = zones.any(|net| {
        let (low, high) = net.bounds();
        net.family() == family && low <= first && last <= high
    });
    // A prefix that begins and ends in a block for use inside lies in that block.
    let is_private = [first, last].iter().all(|end| private::is_private(family, *end));
    !is_inside && !is_private
}

fn several(scene: &Scene<'_>, machine: NodeId, defaults: &[(usize, &Route)]) -> Judgement {
    let node = scene.node(machine);
    let family = defaults.first().map_or(Family::V4, |(_, route)| route.prefix.family());
    let stray = scene.stray_default(machine, family);
    let guilty = defaults.iter().find(|(place, _)| Some(*place) == stray).or(defaults.last());
    let Some((place, guilty)) = guilty else { unreachable!("there are several") };
    let headline = text!(
        ja: "`{machine}` に {family} のデフォルトルートが {count} 本あります",
        en: "`{machine}` has {count} {family} default routes",
        machine = node.name, family = guilty.prefix.family().name(), count = defaults.len(),
    );
    let mut guilt = Guilt::at(&guilty.origin, leads(scene, node, guilty));
    for (_, other) in defaults.iter().filter(|(other, _)| other != place) {
        guilt.others.push(Suspect::of(&other.origin, leads(scene, node, other)));
    }
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(guilt)
        .about([node.name.clone()])
        .because(text!(
            ja: "どちらが使われるかはメトリックで決まり、設定や更新で入れ替わります",
            en: "which one is used depends on metrics, which settings and updates change",
        ))
        .advise(advice(scene, machine))
}

fn needless(
    scene: &Scene<'_>,
    machine: NodeId,
    family: Family,
    (place, route): (usize, &Route),
    used: &Used<'_>,
) -> Option<Judgement> {
    let is_learned = route.hops.iter().any(|hop| matches!(hop.hop, Hop::Learned(_)));
    if is_learned || scene.is_session_route(machine, route) || used.is_outward((machine, place)) {
        return None;
    }
    let node = scene.node(machine);
    let name = family.name();
    if let Some((destination, span)) = without_address(scene, machine) {
        let headline = text!(
            ja: "`{machine}` の {family} のデフォルトルートが必要かどうか分かりません",
            en: "whether `{machine}` needs its {family} default route is not known",
            machine = node.name, family = name,
        );
        let reason = text!(
            ja: "接続先 `{destination}` のアドレスが書かれていません",
            en: "destination `{destination}` has no addresses",
            destination = destination,
        );
        let guilt = Guilt::at(&route.origin, leads(scene, node, route));
        return Some(
            Judgement::unknown(headline, reason, Some(span))
                .blame(guilt)
                .about([node.name.clone()])
                .advise(text!(
                    ja: "接続先のアドレス（IPv4 か IPv6 か）を回線事業者等の資料で確認し、\
                         `addresses` に書いてください",
                    en: "look up in the carrier's papers whether it is reached by IPv4 or IPv6 \
                         and write its `addresses`",
                )),
        );
    }
    let headline = text!(
        ja: "`{machine}` に、使わない {family} のデフォルトルートがあります",
        en: "`{machine}` has an {family} default route that nothing it needs takes",
        machine = node.name, family = name,
    );
    Some(
        Judgement::new(Verdict::Refuted(None), headline)
            .blame(Guilt::at(&route.origin, leads(scene, node, route)))
            .about([node.name.clone()])
            .because(text!(
                ja: "登録した接続先のうち、{family} のこの経路を使うものはありません。閉じた網で\
                     使う端末に、ほかへの出口を残すことになります",
                en: "no listed destination is reached by this {family} route; a terminal of a \
                     closed network keeps a way out to elsewhere",
                family = name,
            ))
            .advise(advice(scene, machine)),
    )
}

/// A destination that the machine needs and that is known by name only.
fn without_address(scene: &Scene<'_>, machine: NodeId) -> Option<(String, Span)> {
    let parties = &scene.blueprint.parties;
    let destinations = scene.blueprint.catalogue.destinations.iter();
    destinations
        .filter(|one| match scene.name(one.net) {
            "eligibility-net" => parties.terminals.contains(&machine),
            "claims-net" => parties.claims_terminals.contains(&machine),
            _ => false,
        })
        .find(|one| one.addresses.is_empty())
        .map(|one| (one.name.clone(), one.span))
}

fn too_wide(node: &Node, route: &Route) -> Judgement {
    let headline = text!(
        ja: "`{machine}` の {prefix} への静的経路が広すぎます",
        en: "`{machine}` has a static route to {prefix} that is too wide",
        machine = node.name, prefix = route.prefix,
    );
    let text = text!(
        ja: "院内のゾーンのほかに、インターネットのアドレスも含みます",
        en: "beside zones of the house it holds addresses of the Internet",
    );
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(Guilt::at(&route.origin, text))
        .about([node.name.clone()])
        .advise(text!(
            ja: "実機とサイトファイルで、`to = \"claims-lan\"` のようにゾーンへの経路に\
                 直してください",
            en: "write it as a route to the zone, such as `to = \"claims-lan\"`, on the machine \
                 and in the site file",
        ))
}

fn elsewhere(node: &Node, route: &Route) -> Judgement {
    let headline = text!(
        ja: "`{machine}` に、必要のない {prefix} への静的経路があります",
        en: "`{machine}` has a static route to {prefix} that nothing needs",
        machine = node.name, prefix = route.prefix,
    );
    let text = text!(
        ja: "レセコン等にも、登録した接続先にも向かいません",
        en: "it leads neither to claims computers nor to a listed destination",
    );
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(Guilt::at(&route.origin, text))
        .about([node.name.clone()])
        .advise(text!(
            ja: "実機とサイトファイルから削除するか、必要なら接続先を `[destinations]` に、院内の\
                 通信を `[[service]]` に書いてください",
            en: "remove it from the machine and the site file, or name what it is for under \
                 `[destinations]` or `[[service]]`",
        ))
}

/// Where the route leads, in words.
fn leads(scene: &Scene<'_>, node: &Node, route: &Route) -> Text {
    let on = |index: model::InterfaceIndex| node.interface(index).segment;
    let zone = |segment: Option<SegmentId>| segment.map_or("?", |segment| scene.zone(segment));
    match route.hops.first().map(|hop| hop.hop) {
        Some(Hop::AddressOn(address, index)) => text!(
            ja: "ゾーン `{zone}` の {address} へ送ります",
            en: "it leads to {address} in zone `{zone}`",
            zone = zone(on(index)), address = address,
        ),
        Some(Hop::Learned(index)) => text!(
            ja: "ゾーン `{zone}` の広告から学習します",
            en: "it is learned from advertisements in zone `{zone}`",
            zone = zone(on(index)),
        ),
        _ => text!(ja: "自分で張るセッションへ送ります", en: "it leads into its own session"),
    }
}

/// How to do without the default route.
fn advice(scene: &Scene<'_>, machine: NodeId) -> Text {
    let peers = scene.services().iter().filter(|trial| trial.to == machine);
    let peers = peers.flat_map(|trial| &scene.node(trial.from).interfaces);
    let segments = peers.filter_map(|interface| interface.segment);
    let own: Vec<SegmentId> =
        scene.node(machine).interfaces.iter().filter_map(|one| one.segment).collect();
    let behind: BTreeSet<&str> = segments
        .filter(|segment| !own.contains(segment))
        .map(|segment| scene.zone(segment))
        .collect();
    match behind.first() {
        Some(zone) => text!(
            ja: "デフォルトゲートウェイを消し、院内への戻りは `routes = [{{ to = \"{zone}\", via \
                 = \"…\" }}]` のように静的経路で書いてください",
            en: "remove the default gateway and write the way back into the house as a static \
                 route: `routes = [{{ to = \"{zone}\", via = \"…\" }}]`",
            zone = *zone,
        ),
        None => text!(
            ja: "使わないデフォルトゲートウェイを、実機とサイトファイルから消してください",
            en: "remove the default gateway that is not used, on the machine and in the site file",
        ),
    }
}
