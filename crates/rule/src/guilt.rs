//! Which line is to blame for what a packet was allowed to do, or was not.

use diag::{Span, Text, text};
use model::{
    InterfaceIndex, Node, NodeId, NodeKind, Origin, Outcome, Point, Rewrite, StageKind, StepKind,
};
use reach::{Announced, Way};

use crate::scene::{Needed, Scene};

/// The places that a judgement points at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Guilt {
    /// The line that decided.
    pub primary: Option<Suspect>,
    /// Other lines that took part, in the order of the way.
    pub others: Vec<Suspect>,
}

/// A line and what it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suspect {
    /// The line; `None` for a default that nothing in the input brings about.
    pub span: Option<Span>,
    /// What it did.
    pub text: Text,
}

/// How sure it is that a suspect is to blame, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    /// It sends the packet to another destination than it had.
    Redirects,
    /// It lets frames around the routers.
    Relays,
    /// A router passes the packet without any list.
    Unfiltered,
    /// An entry that none of the site's own flows needs.
    Needless,
    /// The default of a list.
    Default,
    /// An entry that the site's own flows need too.
    Needed,
    /// Where the machines stand.
    Place,
}

impl Guilt {
    /// One place.
    #[must_use]
    pub fn at(origin: &Origin, text: Text) -> Self {
        Self { primary: Some(Suspect::of(origin, text)), others: Vec::new() }
    }

    /// The line of the primary suspect.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.primary.as_ref().and_then(|suspect| suspect.span)
    }
}

impl Suspect {
    /// The place of `origin`; a remark of the origin is added to `text`.
    #[must_use]
    pub fn of(origin: &Origin, text: Text) -> Self {
        let text = match origin.remark() {
            Some(remark) if text == Text::default() => remark.clone(),
            Some(remark) => text!(
                ja: "{text}（{remark}）",
                en: "{text} ({remark})",
                text = text, remark = *remark,
            ),
            None => text,
        };
        Self { span: origin.span(), text }
    }
}

impl Scene<'_> {
    /// Who let the packet of `way` pass; of equal suspects the first on the way.
    #[must_use]
    pub fn who_permitted(&self, way: &[Way]) -> Guilt {
        Self::choose(self.suspects(way))
    }

    /// Who let the packet of `way` out; of equal suspects the last, which stands nearest to the
    /// outside.
    #[must_use]
    pub fn who_let_out(&self, way: &[Way]) -> Guilt {
        let mut suspects = self.suspects(way);
        let has_entries = suspects
            .iter()
            .any(|(rank, _)| matches!(rank, Rank::Needless | Rank::Default | Rank::Needed));
        if has_entries {
            // Where some list lets it out, a missing list on another interface is not the matter.
            suspects.retain(|(rank, _)| *rank != Rank::Unfiltered);
        }
        suspects.reverse();
        let mut guilt = Self::choose(suspects);
        guilt.others.reverse();
        guilt
    }

    /// Who let the packet of `way` pass because of a session that announces it.
    #[must_use]
    pub fn who_announced(&self, announced: &Announced, way: &[Way]) -> Guilt {
        let Some(trigger) = self.atlas.trigger(announced) else { return self.who_permitted(way) };
        let text = text!(
            ja: "このセッションの間、新しいセッションも通します",
            en: "while its session lives, further sessions pass",
        );
        let mut guilt = Guilt::at(&trigger.origin, text);
        guilt.others = trigger
            .related
            .get(announced.related)
            .map(|related| Suspect::of(&related.origin, Text::default()))
            .into_iter()
            .filter(|one| one.span != guilt.span())
            .collect();
        guilt
    }

    /// Whether a router routed the packet of `way`.
    #[must_use]
    pub fn is_routed(&self, way: &[Way]) -> bool {
        way.iter().any(|step| {
            matches!(step.kind, StepKind::Routed(..) | StepKind::PolicyRouted(_))
                && self.node(step.node).kind == NodeKind::Router
        })
    }

    /// Whether the packet of `way` went around the routers at layer 2.
    #[must_use]
    pub fn is_around(&self, way: &[Way]) -> bool {
        way.iter().any(|step| matches!(step.kind, StepKind::Relayed(..)))
    }

    /// Whether the packet of `way` was sent by the machine `from` into a zone where claims
    /// computers stand.
    #[must_use]
    pub fn stands_among_medical(&self, from: NodeId, way: &[Way]) -> bool {
        let sent = way.iter().find_map(|step| match step.kind {
            StepKind::Sent(interface) if step.node == from => Some(interface),
            _ => None,
        });
        let segment = sent.and_then(|interface| self.node(from).interface(interface).segment);
        let medical = &self.blueprint.parties.medical;
        let among = |node: &NodeId| {
            self.node(*node).interfaces.iter().any(|interface| interface.segment == segment)
        };
        segment.is_some() && !medical.contains(&from) && medical.iter().any(among)
    }

    fn suspects(&self, way: &[Way]) -> Vec<(Rank, Suspect)> {
        let mut suspects = Vec::new();
        for (place, step) in way.iter().enumerate() {
            suspects.extend(self.suspect(way, place, *step, self.needed()));
        }
        if self.is_routed(way) {
            suspects.retain(|(rank, _)| *rank != Rank::Place);
        }
        suspects
    }

    /// Who lost the answer of `back` to the packet of `forth`.
    ///
    /// Where a list discards it that has no reason to let it pass, the list that let the first
    /// packet out on the same interface and remembers no session is to blame.
    #[must_use]
    pub fn who_lost(&self, forth: &[Way], back: &[Way], outcome: Outcome) -> Guilt {
        let discarded = self.who_discarded(back, outcome);
        let (Outcome::Discarded(id), Some(StepKind::Denied(..))) =
            (outcome, back.last().map(|step| step.kind))
        else {
            return discarded;
        };
        let received = back.iter().rev().find_map(|step| match step.kind {
            StepKind::Received(interface) if step.node == id => Some(interface),
            _ => None,
        });
        let Some(forgetful) = received.and_then(|on| self.forgetful(id, on, forth)) else {
            return discarded;
        };
        Guilt { primary: Some(forgetful), others: discarded.primary.into_iter().collect() }
    }

    /// The list of `id` that let the packet of `forth` out on `on` without a session for it.
    fn forgetful(&self, id: NodeId, on: InterfaceIndex, forth: &[Way]) -> Option<Suspect> {
        let node = self.node(id);
        let stages: Vec<&StageKind> = node
            .pipelines
            .iter()
            .filter(|pipeline| pipeline.point == Point::Egress(on))
            .flat_map(|pipeline| &pipeline.stages)
            .map(|stage| &stage.kind)
            .collect();
        let list = stages.iter().find_map(|stage| match stage {
            StageKind::Filter(acl) => {
                let passed = |step: &Way| {
                    step.node == id
                        && matches!(step.kind, StepKind::Permitted(own, _) if own == *acl)
                };
                forth.iter().any(passed).then(|| node.acl(*acl))
            }
            _ => None,
        })?;
        let is_remembered = stages.iter().any(|stage| match stage {
            StageKind::Open(tracker, _) => forth.iter().any(|step| {
                step.node == id && matches!(step.kind, StepKind::Opened(own, _) if own == *tracker)
            }),
            _ => false,
        });
        let span = list.default_origin.span().filter(|_| !is_remembered)?;
        let text = text!(
            ja: "`{list}` は最初のパケットを通しますが、応答のためのセッションを記録しません",
            en: "`{list}` lets the first packet out but remembers no session for the answer",
            list = list.name,
        );
        Some(Suspect { span: Some(span), text })
    }

    /// Who discarded the packet of `way`.
    #[must_use]
    pub fn who_discarded(&self, way: &[Way], outcome: Outcome) -> Guilt {
        let Some(last) = way.last() else { return Guilt::default() };
        let node = self.node(last.node);
        match (outcome, last.kind) {
            (Outcome::Discarded(_), StepKind::Denied(acl, entry)) => {
                let list = node.acl(acl);
                let origin = match entry {
                    Some(entry) => &list.entries[entry].origin,
                    None => &list.default_origin,
                };
                Guilt::at(origin, self.says(node, "discards"))
            }
            (Outcome::Discarded(_), StepKind::Untranslatable(translation, rule)) => {
                let found = node.translation(translation);
                let origin = rule.map_or(&found.origin, |rule| &found.rules[rule].origin);
                Guilt::at(origin, self.says(node, "discards"))
            }
            (Outcome::Discarded(_), StepKind::NotForwarded) => {
                let family = usize::from(self.is_ipv6(way));
                Guilt::at(&node.forwarding[family].1, self.says(node, "does-not-forward"))
            }
            (Outcome::Discarded(_), StepKind::Loop) => {
                Guilt::at(&node.origin, self.says(node, "loop"))
            }
            (Outcome::Discarded(_), _) => match self.dead_end(way) {
                Some(route) => Guilt::at(route, self.says(node, "discards")),
                None => Guilt::at(self.own_line(last.node, way), self.says(node, "no-route")),
            },
            (Outcome::Lost(segment) | Outcome::OnSegment(segment), _) => {
                let origin = self.last_route(way);
                let origin = origin.unwrap_or(&self.blueprint.network.segment(segment).origin);
                let text = text!(
                    ja: "ゾーン `{zone}` に送りますが、応答する機器がありません",
                    en: "sends it to zone `{zone}`, where nobody answers for the next hop",
                    zone = self.zone(segment),
                );
                Guilt::at(origin, text)
            }
            (Outcome::Delivered(outside), _)
                if self.blueprint.parties.outside.contains(&outside) =>
            {
                let text = text!(
                    ja: "この経路で `{outside}` に送られます",
                    en: "this route sends it to `{outside}`",
                    outside = node.name,
                );
                Guilt::at(self.last_route(way).unwrap_or(&node.origin), text)
            }
            (Outcome::Delivered(_), _) => Guilt::at(&node.origin, self.says(node, "takes")),
        }
    }

    /// The route by which the last node discards the packet: one that leads nowhere.
    fn dead_end(&self, way: &[Way]) -> Option<&Origin> {
        let node = way.last()?.node;
        let own = way.iter().rev().take_while(|step| step.node == node);
        let is_routed = own.filter(|step| matches!(step.kind, StepKind::Routed(..))).count() > 0;
        self.last_route(way).filter(|_| is_routed)
    }

    /// Where the last route that was taken on the way is written.
    fn last_route(&self, way: &[Way]) -> Option<&Origin> {
        way.iter().rev().find_map(|step| match step.kind {
            StepKind::Routed(route, hop) => {
                let route = &self.node(step.node).routes[route];
                Some(route.hops.get(hop).map_or(&route.origin, |hop| &hop.origin))
            }
            _ => None,
        })
    }

    fn is_ipv6(&self, way: &[Way]) -> bool {
        let routed = way.iter().rev().find_map(|step| match step.kind {
            StepKind::Routed(route, _) => Some(self.node(step.node).routes[route].prefix),
            _ => None,
        });
        routed.is_some_and(|prefix| prefix.family() == model::Family::V6)
    }

    /// Where the site file speaks of what is wrong with a node's routes: for a machine the
    /// interface concerned, else the node.
    fn own_line(&self, id: NodeId, way: &[Way]) -> &Origin {
        let node = self.node(id);
        if node.kind != NodeKind::Machine {
            return &node.origin;
        }
        let received = way.iter().rev().find_map(|step| match step.kind {
            StepKind::Received(interface) if step.node == id => Some(interface),
            _ => None,
        });
        let first = received.map(|index| node.interface(index)).or(node.interfaces.first());
        first.map_or(&node.origin, |interface| &interface.origin)
    }

    fn says(&self, node: &Node, what: &str) -> Text {
        let node = &node.name;
        match what {
            "discards" => text!(
                ja: "`{node}` がここで破棄します", en: "`{node}` discards it here", node = node,
            ),
            "does-not-forward" => text!(
                ja: "`{node}` は転送しません", en: "`{node}` does not forward it", node = node,
            ),
            "loop" => text!(
                ja: "`{node}` に戻ってきます（ループ）",
                en: "it comes back to `{node}` (a loop)",
                node = node,
            ),
            "no-route" => text!(
                ja: "`{node}` に宛先への経路がありません",
                en: "`{node}` has no route to the destination",
                node = node,
            ),
            _ => text!(ja: "`{node}` が受け取ります", en: "`{node}` takes it", node = node),
        }
    }

    fn choose(mut suspects: Vec<(Rank, Suspect)>) -> Guilt {
        let best = suspects
            .iter()
            .enumerate()
            .min_by_key(|(place, (rank, suspect))| (*rank, suspect.span.is_none(), *place))
            .map(|(place, _)| place);
        let primary = best.map(|best| suspects.remove(best).1);
        let mut others: Vec<Suspect> = Vec::new();
        for (_, suspect) in suspects {
            let is_known = primary.iter().chain(&others).any(|one| one.span == suspect.span);
            if suspect.span.is_some() && !is_known {
                others.push(suspect);
            }
        }
        Guilt { primary, others }
    }

    fn suspect(
        &self,
        way: &[Way],
        place: usize,
        step: Way,
        needed: &Needed,
    ) -> Option<(Rank, Suspect)> {
        let node = self.node(step.node);
        match step.kind {
            StepKind::Translated(translation, Some(rule)) => {
                let rule = &node.translation(translation).rules[rule];
                let redirects = matches!(rule.rewrite, Rewrite::Destination(..));
                redirects.then(|| {
                    let text = text!(
                        ja: "宛先を内部の機器に書き換えます",
                        en: "turns it to a machine inside",
                    );
                    (Rank::Redirects, Suspect::of(&rule.origin, text))
                })
            }
            StepKind::Relayed(relay, ..) => {
                let text = text!(
                    ja: "レイヤー2で通すため、ルータのフィルターは見ません",
                    en: "passes it at layer 2, where no router's filter looks",
                );
                Some((Rank::Relays, Suspect::of(&node.relays[relay].origin, text)))
            }
            StepKind::Permitted(acl, entry) => {
                let list = node.acl(acl);
                let is_needed = needed.contains(&(step.node, step.kind));
                let text = text!(
                    ja: "`{list}` が通します", en: "`{list}` lets it pass", list = list.name,
                );
                Some(match entry {
                    Some(entry) => {
                        let rank = if is_needed { Rank::Needed } else { Rank::Needless };
                        (rank, Suspect::of(&list.entries[entry].origin, text))
                    }
                    None => {
                        let rank = if is_needed { Rank::Needed } else { Rank::Default };
                        (rank, Suspect::of(&list.default_origin, text))
                    }
                })
            }
            StepKind::Received(interface) if node.kind == NodeKind::Router => {
                self.unfiltered(way, place, step.node, interface)
            }
            StepKind::Sent(_) if self.is_passed_on(way, place) => {
                let text = text!(
                    ja: "`{node}` が NIC の間で転送します",
                    en: "`{node}` forwards it between its interfaces",
                    node = node.name,
                );
                let family = usize::from(self.is_ipv6(&way[..place]));
                Some((Rank::Relays, Suspect::of(&node.forwarding[family].1, text)))
            }
            StepKind::Sent(interface) if node.kind == NodeKind::Machine => {
                let origin = &node.interface(interface).origin;
                let text = text!(
                    ja: "`{node}` はここに接続されています",
                    en: "`{node}` stands here",
                    node = node.name,
                );
                Some((Rank::Place, Suspect::of(origin, text)))
            }
            _ => None,
        }
    }

    /// Whether a machine sends here what it received before.
    fn is_passed_on(&self, way: &[Way], place: usize) -> bool {
        let node = way[place].node;
        let received = |step: &Way| step.node == node && matches!(step.kind, StepKind::Received(_));
        self.node(node).kind == NodeKind::Machine && way[..place].iter().any(received)
    }

    /// A router that passes the packet on without asking any list, or that has lists for what it
    /// receives on other interfaces but none for this one.
    fn unfiltered(
        &self,
        way: &[Way],
        place: usize,
        id: NodeId,
        interface: InterfaceIndex,
    ) -> Option<(Rank, Suspect)> {
        let here = way[place + 1..].iter().take_while(|step| step.node == id);
        let steps: Vec<StepKind> = here.map(|step| step.kind).collect();
        let asked =
            steps.iter().any(|kind| matches!(kind, StepKind::Permitted(..) | StepKind::Denied(..)));
        let out = steps.iter().find_map(|kind| match kind {
            StepKind::Sent(out) => Some(*out),
            _ => None,
        })?;
        let is_ipv6 = self.is_ipv6(way);
        let family = if is_ipv6 { model::Family::V6 } else { model::Family::V4 };
        let node = self.node(id);
        if asked && !self.is_left_out(node, interface, family) {
            return None;
        }
        let text = text!(
            ja: "`{node}` の `{interface}` で受けた {family} には、フィルターが適用されていません",
            en: "no list is applied to {family} received on `{interface}` of `{node}`",
            node = node.name,
            interface = node.interface(interface).name,
            family = family.name(),
        );
        let own = node.interface(interface).origin.clone();
        let origin = self
            .address_line(node, interface, is_ipv6)
            .or_else(|| own.span().map(|_| own.clone()))
            .or_else(|| self.address_line(node, out, is_ipv6));
        Some((Rank::Unfiltered, Suspect::of(&origin.unwrap_or(own), text)))
    }

    /// Whether `node` filters what it receives on some interface of `family`, but not on this one.
    fn is_left_out(&self, node: &Node, on: InterfaceIndex, family: model::Family) -> bool {
        let filters = |point: Point| {
            node.stages(point, family).any(|stage| matches!(stage.kind, StageKind::Filter(_)))
        };
        let is_central = filters(Point::Prerouting) || filters(Point::Forward);
        !is_central
            && !filters(Point::Ingress(on))
            && node.interfaces().any(|(index, _)| filters(Point::Ingress(index)))
    }

    fn address_line(
        &self,
        node: &Node,
        interface: InterfaceIndex,
        is_ipv6: bool,
    ) -> Option<Origin> {
        let family = if is_ipv6 { model::Family::V6 } else { model::Family::V4 };
        let addresses = &node.interface(interface).addresses;
        let found = addresses
            .iter()
            .find(|address| address.net.is_some_and(|net| net.family() == family))?;
        found.origin.span().map(|_| found.origin.clone())
    }
}
